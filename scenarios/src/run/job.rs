//! One job: a patient's hip, planned, changed as the levels say, simulated as far as what is kept needs it.

use super::changed::changed;
use super::need::Need;
use super::optimised::success;
use super::outcome::Outcome;
use crate::hip::CohortHip;
use crate::output::Results;
use crate::variable::Settings;
use coxa_geometry::{Angle, Severity};
use coxa_planner::implants::Catalogue;
use coxa_planner::loads::{self, LoadOptions};
use coxa_planner::placement::{PreparedHip, Refusal};
use coxa_planner::simulate::{PlannedJoint, SimulateError, simulate};
use coxa_planner::{Plan, Planned, SimulationOptions, Sketch};

/// A job, ready to be carried out.
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
        let plan = match self.plan(by_rule) {
            Ok(plan) => plan,
            Err(why) => return Outcome::Refused(why),
        };
        let is_simulated = self.need.simulation.is_some() || self.need.loads.is_some() || self.need.success;
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
        let motion = self.simulation();
        if let Some(Err(error)) = motion.as_ref().map(SimulationOptions::check) {
            return Outcome::Refused(error.to_string());
        }
        let jumping_distance_mm = match motion.as_ref().filter(|_| self.need.jumping_distance) {
            Some(options) => match self.jumping_distance(&planned, options) {
                Ok(distance) => Some(distance),
                Err(error) => return Outcome::Refused(error.to_string()),
            },
            None => None,
        };
        let simulation = match motion.map(|options| simulate(&planned, &self.hip.anatomy, &options, &|_| {}))
        {
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
        let success =
            match self.need.success.then(|| success(prepared, &planned, self.catalogue, self.settings)) {
                Some(Err(why)) => return Outcome::Refused(why),
                Some(Ok(success)) => Some(success),
                None => None,
            };
        let results = Results {
            success,
            sketch: Some(&planned.sketch),
            simulation: simulation.as_ref(),
            loads: loads.as_ref(),
            jumping_distance_mm,
            ..self.of_patient()
        };
        self.done(&results)
    }

    /// The plan with the changes that the levels ask for.
    pub(crate) fn plan(&self, by_rule: &Plan) -> Result<Plan, String> {
        changed(by_rule, &self.settings.plan, &self.hip.anatomy, self.catalogue, self.error_seed)
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
        Results {
            anatomy: Some(&self.hip.anatomy),
            side,
            sketch: None,
            simulation: None,
            loads: None,
            jumping_distance_mm: None,
            success: None,
        }
    }

    fn done(&self, results: &Results<'_>) -> Outcome {
        let values = self.need.outputs.iter().map(|output| results.value(output)).collect();
        let series = if self.need.series { results.series(self.number) } else { Vec::new() };
        Outcome::Done { values, series }
    }

    /// Standing, as the quantity is defined, whatever posture motions are followed in.
    fn jumping_distance(&self, planned: &Planned, options: &SimulationOptions) -> Result<f64, SimulateError> {
        PlannedJoint::new(planned, &self.hip.anatomy)?.jumping_distance_mm(options.tilts().standing)
    }

    pub(crate) fn simulation(&self) -> Option<SimulationOptions> {
        let activities = self.need.simulation.clone()?;
        let settings = self.settings;
        Some(SimulationOptions {
            posture: settings.posture,
            pelvic_tilt_deg: settings.pelvic_tilt_deg.map(Angle::from_degrees),
            spine: settings.spine,
            // None would be all.
            activities: if activities.is_empty() { vec!["one_leg_stance".into()] } else { activities },
            map: false,
        })
    }

    pub(crate) fn loads(&self) -> Option<LoadOptions> {
        let activities = self.need.loads.clone()?;
        let strengths = &self.settings.strengths;
        Some(LoadOptions {
            activities: if activities.is_empty() { vec!["one_leg_stance".into()] } else { activities },
            before_after: self.need.before_after,
            body_mass_kg: self.settings.body_mass_kg.or(self.hip.person.weight_kg),
            strength: strengths.iter().map(|(name, ratio)| ((*name).to_owned(), *ratio)).collect(),
            samples: 0,
            seed: self.error_seed,
        })
    }
}

pub(crate) fn reason(refusal: &Refusal) -> String {
    let first = refusal.findings.iter().find(|finding| finding.severity == Severity::Refusal);
    first.or(refusal.findings.first()).map_or_else(|| "no reason was given".into(), |f| f.message.clone())
}
