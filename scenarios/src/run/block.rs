//! A block: rows of the design on one patient. Stages that its rows share are made once.

use super::job::{Job, reason};
use super::need::Need;
use super::optimised::optimised;
use super::outcome::{Block, Outcome, Row};
use crate::cohort::Patients;
use crate::design::hash;
use crate::hip::{CohortHip, Person, RefusedScan};
use crate::study::{Choice, Study, StudyError};
use crate::variable::{Planning, Settings, Value};
use coxa_geometry::Side;
use coxa_planner::implants::Catalogue;
use coxa_planner::loads::LoadOptions;
use coxa_planner::placement::PreparedHip;
use coxa_planner::{Plan, SimulationOptions};
use rayon::prelude::*;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A row with what its levels set.
struct Asked {
    row: u64,
    levels: Vec<Value>,
    settings: Settings,
}

/// Runs rows of the design on one patient. What cannot be done of a row is its outcome; never panics for it.
///
/// # Errors
/// A study that was not checked.
pub fn run_block(
    study: &Study,
    need: &Need,
    patients: &Patients,
    catalogue: &Catalogue,
    member: usize,
    rows: Range<u64>,
) -> Result<Block, StudyError> {
    let mut left = rows.map(|row| asked(study, row)).collect::<Result<Vec<_>, _>>()?;
    let patient = patients.member(member);
    let run = Run { study, need, catalogue, member };
    let mut done = Vec::new();
    while let Some(first) = left.first().map(|asked| asked.settings.patient.clone()) {
        let (same, others): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|asked| asked.settings.patient == first);
        left = others;
        let failed = |error: anyhow::Error| match error.downcast::<RefusedScan>() {
            Ok(refused) => Outcome::Refused(refused.to_string()),
            Err(error) => Outcome::Failed(coxa_case::failure::message(&error)),
        };
        match caught(|| patients.hip(&patient, &first).map_err(failed)) {
            Ok(hip) => done.extend(run.on(&hip, same)),
            Err(outcome) => done.extend(run.all(Person::default(), same, &outcome)),
        }
    }
    done.sort_by_key(|row| row.job);
    Ok(Block { patient: patient.name(), rows: done })
}

fn asked(study: &Study, row: u64) -> Result<Asked, StudyError> {
    let choices = study.row(row)?;
    let mut settings = Settings::default();
    for Choice { set, .. } in &choices {
        set.iter().try_for_each(|(variable, value)| settings.set(*variable, value))?;
    }
    Ok(Asked { row, levels: choices.into_iter().map(|choice| choice.value).collect(), settings })
}

struct Run<'a> {
    study: &'a Study,
    need: &'a Need,
    catalogue: &'a Catalogue,
    member: usize,
}

impl Run<'_> {
    fn row(&self, person: Person, asked: &Asked, outcome: Outcome) -> Row {
        let job = self.member as u64 * self.study.row_count() + asked.row;
        Row { job, person, levels: asked.levels.clone(), outcome }
    }

    fn all(&self, person: Person, asked: Vec<Asked>, outcome: &Outcome) -> Vec<Row> {
        asked.iter().map(|asked| self.row(person, asked, outcome.clone())).collect()
    }

    /// Rows on one hip: those that aim at the same are placed once.
    fn on(&self, hip: &CohortHip, mut left: Vec<Asked>) -> Vec<Row> {
        let mut done = Vec::new();
        while let Some(first) = left.first().map(|asked| asked.settings.clone()) {
            let (same, others): (Vec<_>, Vec<_>) =
                left.into_iter().partition(|asked| asked.settings.is_planned_alike(&first));
            left = others;
            match caught(|| placed(hip, &first, self.catalogue, self.error_seed())) {
                Ok((prepared, plan)) => {
                    let run =
                        |asked: &Asked| self.row(hip.person, asked, self.job(hip, &prepared, &plan, asked));
                    done.extend(same.par_iter().map(run).collect::<Vec<_>>());
                }
                Err(outcome) => done.extend(self.all(hip.person, same, &outcome)),
            }
        }
        done
    }

    fn error_seed(&self) -> u64 {
        hash(self.study.seed, self.member as u64)
    }

    fn job(&self, hip: &CohortHip, prepared: &PreparedHip<'_>, plan: &Plan, asked: &Asked) -> Outcome {
        caught(|| Ok(self.of(hip, asked).run(prepared, plan))).unwrap_or_else(|failed| failed)
    }

    fn of<'b>(&'b self, hip: &'b CohortHip, asked: &'b Asked) -> Job<'b> {
        Job {
            need: self.need,
            hip,
            catalogue: self.catalogue,
            settings: &asked.settings,
            number: self.member as u64 * self.study.row_count() + asked.row,
            error_seed: self.error_seed(),
        }
    }
}

/// A hip that is prepared, with the plan that the levels of its jobs change.
fn placed<'a>(
    hip: &'a CohortHip,
    settings: &Settings,
    catalogue: &Catalogue,
    seed: u64,
) -> Result<(PreparedHip<'a>, Plan), Outcome> {
    let refused = |refusal| Outcome::Refused(reason(&refusal));
    let prepared = PreparedHip::new(hip.planning(settings.options.clone())).map_err(refused)?;
    let by_rule = prepared.place(catalogue).map_err(refused)?;
    let plan = match settings.planning {
        Planning::Rule => by_rule.sketch.plan,
        Planning::Optimiser => {
            optimised(&prepared, &by_rule, catalogue, settings, seed).map_err(Outcome::Refused)?
        }
    };
    Ok((prepared, plan))
}

/// A job by itself, with its plan.
pub struct PlannedJob {
    /// What its levels say.
    pub settings: Settings,
    /// The side that is planned.
    pub side: Side,
    /// The plan.
    pub plan: Plan,
    /// Its motions, where any are followed.
    pub simulation: Option<SimulationOptions>,
    /// Its loads, where any are computed.
    pub loads: Option<LoadOptions>,
}

/// The plan of one job: a row of the design on one patient.
///
/// # Errors
/// A job without a plan, with the reason.
pub fn plan_of_job(
    study: &Study,
    need: &Need,
    patients: &Patients,
    catalogue: &Catalogue,
    member: usize,
    row: u64,
) -> anyhow::Result<PlannedJob> {
    let asked = asked(study, row)?;
    let hip = patients.hip(&patients.member(member), &asked.settings.patient)?;
    let run = Run { study, need, catalogue, member };
    let found = caught(|| {
        let (prepared, by_rule) = placed(&hip, &asked.settings, catalogue, run.error_seed())?;
        let job = run.of(&hip, &asked);
        let plan = job.plan(&by_rule).map_err(Outcome::Refused)?;
        // What cannot be carried out is told before a case is made of it.
        prepared.realise(&plan, catalogue).map_err(|refusal| Outcome::Refused(reason(&refusal)))?;
        Ok((plan, job.simulation(), job.loads()))
    });
    let side = hip.side();
    match found {
        Ok((plan, simulation, loads)) => {
            Ok(PlannedJob { settings: asked.settings, side, plan, simulation, loads })
        }
        Err(Outcome::Refused(why) | Outcome::Failed(why)) => anyhow::bail!("the job has no plan: {why}"),
        Err(Outcome::Done { .. }) => anyhow::bail!("the job has no plan"),
    }
}

/// A defect of ours costs its job alone.
fn caught<T>(work: impl FnOnce() -> Result<T, Outcome>) -> Result<T, Outcome> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(Outcome::Failed(format!("a defect of Coxa: {}", text.unwrap_or_else(|| "it stopped".into()))))
    })
}
