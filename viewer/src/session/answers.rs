//! What a plan comes to, as far as it is known.

use coxa_geometry::Finding;
use coxa_planner::Planned;
use coxa_planner::Sketch;
use coxa_planner::optimise::{OrientationMap, PartPrice};
use coxa_planner::simulate::MotionLimit;
use std::sync::Arc;

/// The last answer there is, and whether the plan has changed since.
#[derive(Debug)]
pub struct Answer<T> {
    /// `None` until there is a first one.
    pub value: Option<Arc<T>>,
    /// Whether it is of an earlier plan, or not there yet.
    pub is_stale: bool,
}

impl<T> Clone for Answer<T> {
    fn clone(&self) -> Self {
        Answer { value: self.value.clone(), is_stale: self.is_stale }
    }
}

impl<T> Default for Answer<T> {
    fn default() -> Self {
        Answer { value: None, is_stale: true }
    }
}

impl<T> Answer<T> {
    /// The answer to the plan as it stands.
    pub fn fresh(&self) -> Option<&T> {
        self.value.as_deref().filter(|_| !self.is_stale)
    }
}

/// All answers, in the order in which they come.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// Where components are, numbers and findings; at once.
    pub sketch: Answer<Sketch>,
    /// How far motions go of which something is required, without spreads; while dragging.
    pub required_limits: Answer<Vec<MotionLimit>>,
    /// What the plan costs over the plan by rule, part by part; while dragging, once that plan is known.
    pub prices: Answer<Vec<PartPrice>>,
    /// How far all motions go, with spreads, when nothing has changed for a moment.
    pub limits: Answer<Vec<MotionLimit>>,
    /// Surfaces of implants and bones as planned, when nothing has changed for a moment.
    pub planned: Answer<Planned>,
    /// How likely every orientation of the cup is to succeed, when nothing has changed for longer.
    pub orientation_map: Answer<OrientationMap>,
    /// Why there is no such map of the plan as it stands.
    pub orientation_problem: Option<String>,
    /// Why the plan as it stands has no further answers.
    pub problem: Option<Problem>,
}

/// Why there are no answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    /// Findings that refuse the plan as it stands: move the component back.
    Refused(Vec<Finding>),
    /// This plan has none, though nothing refuses it.
    Plan(String),
    /// What the case holds cannot be used.
    Case(String),
}
