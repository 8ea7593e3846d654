//! The search: components are compared with few samples, the best of them placed with more, the best of those polished with most.
//!
//! The choice of components is a finite one, and what speaks for or against a bearing hardly depends on the stem: bearings are
//! compared with the stem of the plan by rule, stems with its bearing, and the best of both crossed. The seven numbers of a
//! placement are continuous and interact; they are placed by CMA-ES ([`super::placing`]) and polished by a compass search
//! ([`super::polish`]) until no step of one millimetre or degree helps. The components of the plan by rule go all the way, whatever
//! is thought of them. All designs are compared by the same samples, under the same errors, less what they must gain
//! ([`super::charge`]). Nothing depends on time or threads unless the search is stopped.

use super::choices::{choices, crossed};
use super::design::Design;
use super::error::OptimiseError;
use super::sample::Sample;
use super::study::{Prepared, Study};
use super::tried::{Run, State, Tried, sort, try_design};
use rayon::prelude::*;

/// Samples by which components are compared.
const COMPARING: usize = 16;
/// Of each kind of choice, so many are crossed.
const CROSSED: usize = 4;
/// Designs that are compared at a time: between them the search may be stopped.
const TOGETHER: usize = 8;
/// Designs that are placed, beside the components of the plan by rule.
const PLACED: usize = 2;
/// Samples by which they are.
pub(super) const PLACING: usize = 32;
/// Designs that are polished, beside the components of the plan by rule.
const POLISHED: usize = 1;
/// Samples by which they are.
pub(super) const POLISHING: usize = 96;

/// What a search found.
pub(crate) struct Found {
    /// The components of the plan by rule, then others, best first.
    pub(crate) finalists: Vec<Tried>,
    /// All that were tried in the later rounds.
    pub(crate) tried: Vec<Tried>,
    pub(crate) count: usize,
    /// Whether it was stopped before its end.
    pub(crate) is_stopped: bool,
}

/// Searches from the plan by rule; `samples` are those of the polish, of which earlier rounds use the first.
pub(crate) fn search(study: &Study<'_>, samples: &[Sample], run: &Run<'_>) -> Result<Found, OptimiseError> {
    let mut state = State::new(run);
    let choices = choices(study, &run.freedom)?;
    let own = vec![study.first().design.clone()];
    let total = 1 + run.earlier.len() + choices.bearings.len() + choices.stems.len() + CROSSED * CROSSED;
    let comparing = first(samples, COMPARING);
    let mut standing = state.compare(study, own, comparing, total)?;
    let bearings = state.compare(study, choices.bearings, comparing, total)?;
    let stems = state.compare(study, choices.stems, comparing, total)?;
    let pairs = bearings.iter().take(CROSSED).flat_map(|bearing| {
        stems.iter().take(CROSSED).filter_map(|stem| crossed(study, &bearing.design, &stem.design))
    });
    let pairs = state.compare(study, pairs.collect(), comparing, total)?;
    let earlier = state.compare(study, earlier(study, run), comparing, total)?;
    standing.extend([bearings, stems, pairs, earlier].into_iter().flatten());

    let placed = own_and_best(study, standing, PLACED);
    let placed = state.advance(study, placed, [COMPARED, PLACED_DONE], |state, design, index| {
        state.place(study, design, first(samples, PLACING), run.seed.wrapping_add(index as u64))
    })?;
    let polished = own_and_best(study, placed, POLISHED);
    let finalists = state.advance(study, polished, [PLACED_DONE, 1.0], |state, design, _| {
        state.polish(study, design, samples)
    })?;
    // What was tried in parallel came in any order.
    sort(&mut state.tried);
    Ok(Found { finalists, tried: state.tried, count: state.count, is_stopped: state.was_stopped })
}

/// The first of the samples.
fn first(samples: &[Sample], count: usize) -> &[Sample] {
    &samples[..count.min(samples.len())]
}

/// Designs of an earlier search. What is held now may not have been held then.
fn earlier(study: &Study<'_>, run: &Run<'_>) -> Vec<Design> {
    let first = &study.first().design;
    let held = |earlier: &Design| {
        let held = run.freedom.held.iter();
        held.fold(earlier.placement, |p, &held| p.with(held, first.placement.get(held)))
    };
    let is_free = |earlier: &&Design| {
        run.freedom.kept.iter().all(|part| part.is_same(&earlier.components, &first.components))
    };
    run.earlier
        .iter()
        .filter(is_free)
        .map(|earlier| Design { placement: held(earlier), ..earlier.clone() })
        .collect()
}

/// The best design with the components of the plan by rule, then so many of the others, best first, each with components of its
/// own.
fn own_and_best(study: &Study<'_>, mut standing: Vec<Tried>, count: usize) -> Vec<Tried> {
    sort(&mut standing);
    let own = &study.first().design.components;
    let (mut kept, mut others) = (Vec::new(), Vec::<Tried>::new());
    for tried in standing {
        let c = &tried.design.components;
        if c == own {
            if kept.is_empty() {
                kept.push(tried);
            }
        } else if others.len() < count && others.iter().all(|other| other.design.components != *c) {
            others.push(tried);
        }
    }
    kept.extend(others);
    kept
}

/// Parts of the work.
const COMPARED: f64 = 0.15;
const PLACED_DONE: f64 = 0.6;

impl State<'_> {
    /// Designs where they are, best first. The plan by rule is tried however soon the search is stopped.
    fn compare(
        &mut self,
        study: &Study<'_>,
        designs: Vec<Design>,
        samples: &[Sample],
        total: usize,
    ) -> Result<Vec<Tried>, OptimiseError> {
        let mut all = Vec::new();
        for some in designs.chunks(TOGETHER) {
            if self.count > 0 && self.is_stopped() {
                break;
            }
            let tried: Result<Vec<Tried>, OptimiseError> = some
                .par_iter()
                .map(|design| Ok(try_design(study, &study.prepare(design, false)?, samples)))
                .collect();
            for tried in tried? {
                self.count += 1;
                self.report(COMPARED * (self.count as f64 / total.max(1) as f64).min(1.0), tried.success);
                all.push(tried);
            }
        }
        sort(&mut all);
        Ok(all)
    }

    /// Designs that each go one round further; those whose turn does not come before the search is stopped stay as they are.
    fn advance(
        &mut self,
        study: &Study<'_>,
        designs: Vec<Tried>,
        done: [f64; 2],
        further: impl Fn(&mut Self, &Prepared, usize) -> Tried,
    ) -> Result<Vec<Tried>, OptimiseError> {
        let [from, to] = done;
        let total = designs.len() as f64;
        let mut advanced = Vec::new();
        for (index, tried) in designs.into_iter().enumerate() {
            if self.is_stopped() {
                advanced.push(tried);
                continue;
            }
            let best = further(self, &study.prepare(&tried.design, false)?, index);
            self.report(from + (to - from) * (index + 1) as f64 / total, best.success);
            advanced.push(best);
        }
        Ok(advanced)
    }
}
