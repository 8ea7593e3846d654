//! What is computed of a plan, from what is quick to what is slow.

use super::shared::Shared;
use crate::session::answers::Problem;
use crate::session::data::CaseData;
use coxa_geometry::Severity;
use coxa_planner::optimise::criteria::Criteria;
use coxa_planner::optimise::error_model::ErrorModel;
use coxa_planner::optimise::postures::Spinopelvic;
use coxa_planner::optimise::{Families, OptimiseOptions, PartPrice, Study};
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
    let mut by_rule = ByRule::Unknown;
    while let Some((of, plan, is_map_wanted)) = shared.next() {
        if one(shared, data, &hip, (&mut joint, &mut by_rule), of, &plan, is_map_wanted) {
            shared.finish(of, is_map_wanted);
        }
    }
}

/// The plan by rule, which prices are told from.
enum ByRule<'a> {
    Unknown,
    Known(Box<Study<'a>>),
    /// No rule plans this hip, or the criteria cannot be asked of that plan, which the map of orientations says.
    None,
}

impl<'a> ByRule<'a> {
    /// Finds it, which takes a moment.
    fn find(&mut self, data: &'a CaseData, hip: &PreparedHip<'_>) {
        let found = || {
            let (criteria, options) = asked_of(data)?;
            let planned = hip.place(data.catalogue()).ok()?;
            Study::new(hip, &planned, data.catalogue(), criteria, &options.postures).ok()
        };
        *self = found().map_or(ByRule::None, |study| ByRule::Known(Box::new(study)));
    }

    fn prices(&self, plan: &Plan) -> Option<Vec<PartPrice>> {
        match self {
            ByRule::Known(study) => study.prices_of(plan).ok(),
            ByRule::Unknown | ByRule::None => None,
        }
    }
}

/// Answers about one plan. Whether nothing is left to do for it.
fn one<'a>(
    shared: &Shared,
    data: &'a CaseData,
    hip: &PreparedHip<'_>,
    (joint, by_rule): (&mut LiveJoint, &mut ByRule<'a>),
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
    let prices = by_rule.prices(plan);
    let put = shared.put(of, |found| {
        found.required_limits.0 = Some((of, limits));
        found.prices.0 = prices.map(|prices| (of, Arc::new(prices))).or_else(|| found.prices.0.take());
    });
    if !put || !shared.rests(of, REST) {
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
    if matches!(by_rule, ByRule::Unknown) {
        by_rule.find(data, hip);
        if let Some(prices) = by_rule.prices(plan)
            && !shared.put(of, |found| found.prices.0 = Some((of, Arc::new(prices))))
        {
            return false;
        }
    }
    if !is_map_wanted {
        return true;
    }
    shared.rests(of, LONG_REST) && map(shared, data, hip, &planned, of)
}

/// The map of orientations about a plan; whether it is there or cannot be.
fn map(shared: &Shared, data: &CaseData, hip: &PreparedHip<'_>, planned: &Planned, of: u64) -> bool {
    let Some((criteria, options)) = asked_of(data) else { return true };
    let is_stopped = || shared.asked() != of;
    let found = Study::new(hip, planned, data.catalogue(), criteria, &options.postures)
        .and_then(|study| study.own_orientation_map(&options, &is_stopped));
    match found {
        Ok(Some(map)) => shared.put(of, |found| found.orientation_map.0 = Some((of, Arc::new(map)))),
        Ok(None) => false,
        Err(error) => {
            let text = format!("the map of cup orientations cannot be computed: {error}");
            shared.put(of, |found| found.orientation_problem = Some((of, text)))
        }
    }
}

/// Criteria and options of the case's optimisation, or the usual ones.
fn asked_of(data: &CaseData) -> Option<(Criteria, OptimiseOptions)> {
    match data.optimisation() {
        Ok(Some(found)) => Some((found.criteria.clone(), found.options.clone())),
        _ => Some((Criteria::default(), usual_options()?)),
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
