//! The main path, from a CT to a report. Each arrow of the architecture is one stage here; a stage that stands is not made again.

use crate::stages::{DrawScenes, GivenPlan, OptimiseRequest, Stages};
use anyhow::Result;
use coxa_anatomy::HipAnatomy;
use coxa_geometry::{Finding, Side};
use coxa_planner::loads::Loads;
use coxa_planner::optimise::Optimisation;
use coxa_planner::{Planned, Simulated};
use std::sync::Arc;

/// Where the plan of a case comes from.
pub enum PlanFrom {
    /// Placement by rule.
    Rule,
    /// A person, in their own words.
    Given(Box<GivenPlan>),
    /// The case as it stands.
    Case,
    /// The optimiser, from the plan by rule.
    Optimiser(Box<OptimiseRequest>),
}

/// What came out; `planned` is `None` where a finding refuses.
pub struct Outcome {
    /// Side that was to be planned.
    pub side: Side,
    /// Landmarks, frames and measurements.
    pub anatomy: Arc<HipAnatomy>,
    /// The plan with its geometry and numbers.
    pub planned: Option<Arc<Planned>>,
    /// Its simulation.
    pub simulation: Option<Arc<Simulated>>,
    /// Its loads, where they were asked for and could be simulated.
    pub loads: Option<Arc<Loads>>,
    /// What the optimiser found.
    pub optimisation: Option<Arc<Optimisation>>,
    /// Findings of all stages, worst first.
    pub findings: Vec<Finding>,
}

/// CT to labels to surfaces to anatomy to plan to simulation to report.
///
/// # Errors
/// What cannot be read, made or written; a plan that a person edited and that would be lost.
pub fn run(stages: &mut Stages<'_>, plan: PlanFrom, scenes: DrawScenes) -> Result<Outcome> {
    stages.make_labels()?;
    stages.make_surfaces()?;
    stages.make_anatomy()?;
    match plan {
        PlanFrom::Rule => stages.place()?,
        PlanFrom::Given(given) => stages.take_plan(&given)?,
        PlanFrom::Case => stages.keep_plan()?,
        PlanFrom::Optimiser(asked) => stages.optimise(*asked)?,
    }
    stages.make_planned()?;
    stages.make_motion()?;
    stages.make_loads()?;
    stages.make_report(scenes)?;
    stages.keep_request()?;
    stages.outcome()
}
