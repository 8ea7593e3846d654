//! What is computed of a plan, from what is quick to what is slow.

use super::shared::Shared;
use crate::session::answers::Problem;
use crate::session::data::CaseData;
use coxa_geometry::Severity;
use coxa_planner::optimise::criteria::Criteria;
use coxa_planner::optimise::error_model::ErrorModel;
use coxa_planner::optimise::postures::Spinopelvic;
use coxa_planner::optimise::{Families, OptimiseOptions, Study};
use coxa_planner::placement::PreparedHip;
use coxa_planner::simulate::{LiveError, LiveJoint};
use coxa_planner::{Plan, Planned};
use std::sync::Arc;
use std::time::Duration;

/// Without a change for so long, what is slow is computed too.
const REST: Duration = Duration::from_millis(250);
/// Without a change for so long, the map of orientations is.
const LONG_REST: Duration = Duration::from_millis(1000);
/// Samples of the map where the case was not optimised.
const MAP_SAMPLES: usize = 200;

/// Works until the session is over.
pub(super) fn work(shared: &Shared, data: &CaseData) {
    let input = match data.planning() {
        Ok(input) => input,
        Err(text) => return shared.problem(shared.asked(), Problem::Case(text)),
    };
    let hip = match PreparedHip::new(input) {
        Ok(hip) => hip,
        Err(refusal) => return shared.problem(shared.asked(), Problem::Refused(refusal.findings)),
    };
    let mut joint = LiveJoint::new();
    while let Some((of, plan, is_map_wanted)) = shared.next() {
        if one(shared, data, &hip, &mut joint, of, &plan, is_map_wanted) {
            shared.finish(of, is_map_wanted);
        }
    }
}

/// Answers about one plan. Whether nothing is left to do for it.
fn one(
    shared: &Shared,
    data: &CaseData,
    hip: &PreparedHip<'_>,
    joint: &mut LiveJoint,
    of: u64,
    plan: &Plan,
    is_map_wanted: bool,
) -> bool {
    let catalogue = data.catalogue();
    let sketch = match hip.sketch(plan, catalogue) {
        Ok(sketch) => Arc::new(sketch),
        Err(refusal) => {
            shared.problem(of, Problem::Refused(refusal.findings));
            return false;
        }
    };
    let own = sketch.clone();
    if !shared.put(of, |found| found.sketch.0 = Some((of, own))) {
        return false;
    }
    let refusals: Vec<_> =
        sketch.findings.iter().filter(|f| f.severity == Severity::Refusal).cloned().collect();
    if !refusals.is_empty() {
        shared.problem(of, Problem::Refused(refusals));
        return false;
    }
    let joint = match joint.joint(hip, &sketch, catalogue) {
        Ok(joint) => joint,
        Err(LiveError::Refused(refusal)) => {
            shared.problem(of, Problem::Refused(refusal.findings));
            return false;
        }
        Err(LiveError::Simulate(error)) => {
            shared.problem(of, Problem::Plan(format!("motion of this plan cannot be simulated: {error}")));
            return false;
        }
    };
    let options = data.simulation_options();
    let (posture, tilt) = (options.posture, options.tilt());
    let limits = Arc::new(joint.required_limits(posture, tilt));
    if !shared.put(of, |found| found.required_limits.0 = Some((of, limits))) || !shared.rests(of, REST) {
        return false;
    }
    let planned = match hip.realise(plan, catalogue) {
        Ok(planned) => Arc::new(planned),
        Err(refusal) => {
            shared.problem(of, Problem::Refused(refusal.findings));
            return false;
        }
    };
    let own = planned.clone();
    if !shared.put(of, |found| found.planned.0 = Some((of, own))) {
        return false;
    }
    let limits = Arc::new(joint.limits(posture, tilt));
    if !shared.put(of, |found| found.limits.0 = Some((of, limits))) {
        return false;
    }
    if !is_map_wanted {
        return true;
    }
    shared.rests(of, LONG_REST) && map(shared, data, hip, &planned, of)
}

/// The map of orientations about a plan; whether it is there or cannot be.
fn map(shared: &Shared, data: &CaseData, hip: &PreparedHip<'_>, planned: &Planned, of: u64) -> bool {
    let (criteria, options) = match data.optimisation() {
        Ok(Some(found)) => (found.criteria.clone(), found.options.clone()),
        _ => match usual_options() {
            Some(options) => (Criteria::default(), options),
            None => return true,
        },
    };
    let is_stopped = || shared.asked() != of;
    let found = Study::new(hip, planned, data.catalogue(), criteria, &options.postures)
        .and_then(|study| study.own_orientation_map(&options, &is_stopped));
    match found {
        Ok(Some(map)) => shared.put(of, |found| found.orientation_map.0 = Some((of, Arc::new(map)))),
        Ok(None) => false,
        Err(error) => {
            let text = format!("the map of cup orientations cannot be made: {error}");
            shared.put(of, |found| found.orientation_problem = Some((of, text)))
        }
    }
}

/// What an optimisation is asked where nothing else is said, with fewer samples.
fn usual_options() -> Option<OptimiseOptions> {
    Some(OptimiseOptions {
        error_model: ErrorModel::preset("freehand").ok()?,
        postures: Spinopelvic::default(),
        families: Families::default(),
        held: Vec::new(),
        kept: Vec::new(),
        demographics: None,
        seed: 1,
        samples: MAP_SAMPLES,
    })
}
