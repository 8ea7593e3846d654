//! The main path, from a CT to a report. Each arrow of the architecture is one stage here; a stage that stands is not made again.

use crate::stages::{DrawScenes, GivenPlan, OptimiseRequest, Outcome, Stages};
use anyhow::Result;

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

/// CT to labels to surfaces to anatomy to plan to simulation to report.
///
/// # Errors
/// What cannot be read, made or written; a plan that a person edited and that would be lost.
///
/// # Examples
/// The [crate's page](crate) opens a case and asks for one stage.
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
