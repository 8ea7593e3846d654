//! One job: a patient's hip, planned, changed as the levels say, simulated as far as what is kept needs it.

mod block;
mod changed;

pub use block::{Block, Outcome, Row, run_block};

use crate::hip::CohortHip;
use crate::output::{Output, Results};
use crate::study::Study;
use crate::variable::Settings;
use changed::changed;
use coxa_geometry::{Quantity, Severity};
use coxa_planner::implants::Catalogue;
use coxa_planner::loads::{self, LoadOptions};
use coxa_planner::placement::{PreparedHip, Refusal};
use coxa_planner::simulate::simulate;
use coxa_planner::{Plan, SimulationOptions, Sketch};

/// What has to be made for what is kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Need {
    /// Columns.
    pub outputs: Vec<Output>,
    /// Motions, or activities, which are simulated together.
    simulation: Option<Vec<String>>,
    /// Loads of these activities.
    loads: Option<Vec<String>>,
    /// Whether loads are also wanted of the hip as scanned.
    before_after: bool,
    samples: usize,
    series: bool,
}

impl Need {
    /// Of a study.
    ///
    /// # Errors
    /// A name that nothing has.
    pub fn of(study: &Study) -> Result<Need, crate::study::StudyError> {
        let outputs = study.outputs()?;
        let mut need =
            Need { samples: study.simulate.load_samples, series: study.simulate.series, ..Need::default() };
        let add = |list: &mut Option<Vec<String>>, name: Option<&String>| {
            let list = list.get_or_insert_default();
            list.extend(name.filter(|name| !list.contains(name)).cloned());
        };
        for output in &outputs {
            match output {
                Output::Plan(Quantity::JumpingDistance) => add(&mut need.simulation, None),
                Output::Plan(_) | Output::Patient(_) | Output::Cautions => {}
                Output::Motion(_) => add(&mut need.simulation, None),
                Output::Activity(name, _) => add(&mut need.simulation, Some(name)),
                Output::AbductorReserve => add(&mut need.loads, None),
                Output::Load(name, of) => {
                    add(&mut need.loads, Some(name));
                    need.before_after |= *of == crate::output::OfLoad::PeakChange;
                }
            }
        }
        if need.simulation.is_some() {
            for name in &study.simulate.activities {
                add(&mut need.simulation, Some(name));
            }
        }
        need.outputs = outputs;
        Ok(need)
    }
}

/// What a job gave: one value for each output, or why there are none.
pub(crate) struct Job<'a> {
    pub(crate) need: &'a Need,
    pub(crate) hip: &'a CohortHip,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) settings: &'a Settings,
    /// Number of the job, by which its error is drawn together with the seed of the study.
    pub(crate) number: u64,
    pub(crate) error_seed: u64,
}

impl Job<'_> {
    /// Carries the job out on a hip that is prepared, from the plan by rule.
    pub(crate) fn run(&self, prepared: &PreparedHip<'_>, by_rule: &Plan) -> Outcome {
        let plan =
            match changed(by_rule, &self.settings.plan, &self.hip.anatomy, self.catalogue, self.error_seed) {
                Ok(plan) => plan,
                Err(why) => return Outcome::Refused(why),
            };
        let is_simulated = self.need.simulation.is_some() || self.need.loads.is_some();
        if !is_simulated {
            return match prepared.sketch(&plan, self.catalogue) {
                Ok(sketch) => self.of_sketch(&sketch),
                Err(refusal) => Outcome::Refused(reason(&refusal)),
            };
        }
        let planned = match prepared.realise(&plan, self.catalogue) {
            Ok(planned) => planned,
            Err(refusal) => return Outcome::Refused(reason(&refusal)),
        };
        let simulation =
            match self.simulation().map(|options| simulate(&planned, &self.hip.anatomy, &options, &|_| {})) {
                Some(Err(error)) => return Outcome::Refused(error.to_string()),
                Some(Ok(simulated)) => Some(simulated.results),
                None => None,
            };
        let loads =
            match self.loads().map(|options| loads::simulate(&planned, &self.hip.anatomy, &options, None)) {
                Some(Err(error)) => return Outcome::Refused(error.to_string()),
                Some(Ok(loads)) => Some(loads),
                None => None,
            };
        let results = Results {
            sketch: Some(&planned.sketch),
            simulation: simulation.as_ref(),
            loads: loads.as_ref(),
            ..self.of_patient()
        };
        self.done(&results)
    }

    /// A plan that cannot be carried out has its numbers, but is refused all the same.
    fn of_sketch(&self, sketch: &Sketch) -> Outcome {
        if let Some(refusal) = sketch.findings.iter().find(|finding| finding.severity == Severity::Refusal) {
            return Outcome::Refused(refusal.message.clone());
        }
        self.done(&Results { sketch: Some(sketch), ..self.of_patient() })
    }

    fn of_patient(&self) -> Results<'_> {
        let side = self.hip.side();
        Results { anatomy: Some(&self.hip.anatomy), side, sketch: None, simulation: None, loads: None }
    }

    fn done(&self, results: &Results<'_>) -> Outcome {
        let values = self.need.outputs.iter().map(|output| results.value(output)).collect();
        let series = if self.need.series { results.series(self.number) } else { Vec::new() };
        Outcome::Done { values, series }
    }

    fn simulation(&self) -> Option<SimulationOptions> {
        let activities = self.need.simulation.clone()?;
        let settings = self.settings;
        Some(SimulationOptions {
            posture: settings.posture,
            pelvic_tilt_deg: settings.pelvic_tilt_deg.map(coxa_geometry::Angle::from_degrees),
            spine: settings.spine,
            // None would be all.
            activities: if activities.is_empty() { vec!["one_leg_stance".into()] } else { activities },
            map: false,
        })
    }

    fn loads(&self) -> Option<LoadOptions> {
        let activities = self.need.loads.clone()?;
        let strengths = &self.settings.strengths;
        Some(LoadOptions {
            activities: if activities.is_empty() { vec!["one_leg_stance".into()] } else { activities },
            before_after: self.need.before_after,
            body_mass_kg: self.settings.body_mass_kg.or(self.hip.person.weight_kg),
            strength: strengths.iter().map(|(name, ratio)| ((*name).to_owned(), *ratio)).collect(),
            samples: self.need.samples,
            seed: self.error_seed,
        })
    }
}

pub(crate) fn reason(refusal: &Refusal) -> String {
    let first = refusal.findings.iter().find(|finding| finding.severity == Severity::Refusal);
    first.or(refusal.findings.first()).map_or_else(|| "no reason was given".into(), |f| f.message.clone())
}
