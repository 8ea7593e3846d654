//! Designs that were tried, and what goes on from one round of a search to the next.

use super::assess::{GroupScore, Margins};
use super::choices::Freedom;
use super::design::{Design, Placement, Variable};
use super::sample::Sample;
use super::study::{Prepared, Study};
use crate::placed::Components;
use crate::placement::reasons::CENTRE_SAID_MM;
use serde::{Deserialize, Serialize};

/// What a number that the plan by rule brings within its limit costs a design that leaves it outside, and as much again where it lies
/// as far outside as the ideal inside: a recommendation is to raise no finding of its own.
const NEW_FINDING: f64 = 0.2;

/// A design that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    /// The design.
    pub design: Design,
    /// What the search raises; comparable only for the same samples.
    pub score: f64,
    /// Part of the samples in which all criteria hold.
    pub success: f64,
    /// Samples it was tried with.
    pub samples: usize,
    /// Mean desirability of the groups of criteria.
    pub groups: Vec<GroupScore>,
}

/// Where a search stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Part of the work that is done, 0 to 1.
    pub done: f64,
    /// Designs tried.
    pub tried: usize,
    /// Success of the best one among its samples.
    pub best: f64,
}

/// How a search runs.
pub(crate) struct Run<'a> {
    pub(crate) seed: u64,
    pub(crate) freedom: Freedom<'a>,
    /// Designs of an earlier search to go on from.
    pub(crate) earlier: &'a [Design],
    /// Asked between generations.
    pub(crate) is_stopped: &'a (dyn Fn() -> bool + Sync),
    pub(crate) progress: &'a (dyn Fn(Progress) + Sync),
}

/// What goes on from round to round.
pub(super) struct State<'a> {
    pub(super) run: &'a Run<'a>,
    pub(super) tried: Vec<Tried>,
    pub(super) count: usize,
    best: f64,
    /// Whether it was stopped before its end.
    pub(super) was_stopped: bool,
}

impl<'a> State<'a> {
    pub(super) fn new(run: &'a Run<'a>) -> Self {
        State { run, tried: Vec::new(), count: 0, best: 0.0, was_stopped: false }
    }

    /// Whether somebody stops the search now; that it was is kept.
    pub(super) fn is_stopped(&mut self) -> bool {
        self.was_stopped |= (self.run.is_stopped)();
        self.was_stopped
    }

    pub(super) fn report(&mut self, done: f64, best: f64) {
        self.best = self.best.max(best);
        (self.run.progress)(Progress { done, tried: self.count, best: self.best });
    }
}

/// Best first; equals in an order that does not depend on how they were found.
pub(super) fn sort(tried: &mut [Tried]) {
    tried.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then_with(|| format!("{:?}", a.design).cmp(&format!("{:?}", b.design)))
    });
}

/// A design by some samples.
pub(super) fn try_design(study: &Study<'_>, prepared: &Prepared, samples: &[Sample]) -> Tried {
    let margins = Margins::new(study, prepared, samples);
    let criteria = &study.criteria.list;
    Tried {
        design: prepared.design.clone(),
        score: margins.score(criteria) - study.charge(prepared) / 100.0 - new_findings(study, prepared),
        success: margins.success_without(&[]),
        samples: samples.len(),
        groups: margins.groups(criteria),
    }
}

/// What a design pays for limits that it breaks when it is carried out exactly, and the plan by rule does not.
fn new_findings(study: &Study<'_>, prepared: &Prepared) -> f64 {
    let pairs = study.exact_margins(prepared).into_iter().zip(&study.first().margins);
    pairs
        .filter_map(|(margin, first)| Some((margin?, (*first)?)))
        .filter(|(margin, first)| *margin < 0.0 && *first >= 0.0)
        .map(|(margin, _)| NEW_FINDING * (1.0 - margin.max(-1.0)))
        .sum::<f64>()
        + centre_moved(study, prepared)
}

/// The same for a hip centre that leaves where the plan by rule restores it.
fn centre_moved(study: &Study<'_>, prepared: &Prepared) -> f64 {
    let beyond = |parts: &Components, placement: &Placement| {
        let [medial, superior, _] = study.centre_shift(parts, placement);
        medial.abs().max(superior.abs()) - CENTRE_SAID_MM
    };
    let first = study.first();
    let beyond_mm = beyond(&prepared.parts, &prepared.design.placement);
    if beyond_mm <= 0.0 || beyond(&first.parts, &first.design.placement) > 0.0 {
        return 0.0;
    }
    NEW_FINDING * (1.0 + beyond_mm.min(1.0))
}

/// What a variable may be for a hip.
pub(crate) fn bounds(variable: Variable, native_version_deg: f64) -> (f64, f64) {
    let (low, high) = variable.bounds();
    match variable {
        Variable::StemVersion => (low + native_version_deg, high + native_version_deg),
        _ => (low, high),
    }
}
