//! The search: many choices of components with few samples, the best of them placed with more, the best of those with most.
//!
//! The choice of components is a finite one, and what speaks for or against it is seen at any sensible placement; the seven
//! numbers of a placement are continuous and interact. So components race against each other in rounds, in each of which the
//! better part goes on with more samples, and every round places its designs anew by CMA-ES (Hansen and Ostermeier 2001, Evol
//! Comput 9:159; crate `cmaes`). All rounds use the same samples from the first on, so that designs are compared under the same
//! errors. Nothing depends on time or threads unless the search is stopped.

use super::assess::{GroupScore, Margins};
use super::choices::{Families, choices};
use super::design::{Design, Placement, Variable};
use super::error::OptimiseError;
use super::sample::Sample;
use super::study::{Prepared, Study};
use crate::placement::rounding::to_step;
use cmaes::{CMAESOptions, DVector};
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};

/// A round of the race.
pub(super) struct Round {
    /// Designs that take part.
    pub(super) designs: usize,
    /// Samples that each placement is tried with.
    pub(super) samples: usize,
    /// Generations of CMA-ES; none only compares.
    pub(super) generations: usize,
    /// First step, in parts of the way in which variables differ.
    pub(super) step: f64,
}

const ROUNDS: [Round; 4] = [
    Round { designs: usize::MAX, samples: 8, generations: 0, step: 0.0 },
    Round { designs: 20, samples: 16, generations: 4, step: 1.0 },
    Round { designs: 5, samples: 48, generations: 9, step: 0.7 },
    Round { designs: 2, samples: 96, generations: 10, step: 0.4 },
];
/// Placements tried in one generation.
const POPULATION: usize = 10;
/// How far a variable must change to make a difference, in its unit: what a step of one is in the search.
const SCALES: [f64; 7] = [2.0, 1.5, 1.5, 4.0, 5.0, 4.0, 2.0];
/// Cost of a placement outside its bounds, for each scale squared; the placement itself is taken at the bound.
const OUT_OF_BOUNDS: f64 = 0.05;

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

/// What a search found.
pub(crate) struct Found {
    /// Best first.
    pub(crate) finalists: Vec<Tried>,
    /// All that were tried in the later rounds.
    pub(crate) tried: Vec<Tried>,
    pub(crate) count: usize,
    /// Whether it was stopped before its end.
    pub(crate) is_stopped: bool,
}

/// How a search runs.
pub(crate) struct Run<'a> {
    pub(crate) seed: u64,
    pub(crate) families: &'a Families,
    /// Variables that keep what the first plan has.
    pub(crate) held: &'a [Variable],
    /// Designs of an earlier search to go on from.
    pub(crate) earlier: &'a [Design],
    /// Asked between generations.
    pub(crate) is_stopped: &'a (dyn Fn() -> bool + Sync),
    pub(crate) progress: &'a (dyn Fn(Progress) + Sync),
}

pub(crate) fn search(
    study: &Study<'_>,
    first: &Design,
    samples: &[Sample],
    run: &Run<'_>,
) -> Result<Found, OptimiseError> {
    let mut designs = vec![first.clone()];
    designs.extend(run.earlier.iter().map(|earlier| {
        // What is held now may not have been held then.
        let held = run.held.iter();
        let placement = held.fold(earlier.placement, |p, &held| p.with(held, first.placement.get(held)));
        Design { placement, ..earlier.clone() }
    }));
    designs.extend(choices(study, first, run.families, run.held)?);
    let mut state = State::new(run);
    let mut standing: Vec<Tried> = Vec::new();
    let mut is_stopped = false;
    for (number, round) in ROUNDS.iter().enumerate() {
        let samples = &samples[..round.samples.min(samples.len())];
        designs.truncate(round.designs);
        let total = designs.len();
        let mut placed: Vec<Tried> = Vec::new();
        for (index, design) in designs.iter().enumerate() {
            // The plan by rule is tried however soon the search is stopped.
            if state.count > 0 && (run.is_stopped)() {
                is_stopped = true;
                break;
            }
            let prepared = study.prepare(design, false)?;
            let best = if round.generations == 0 {
                state.count += 1;
                try_design(study, &prepared, samples)
            } else {
                let seed = run.seed.wrapping_add((number * 1000 + index) as u64);
                state.place(study, &prepared, samples, round, seed)
            };
            state.best = state.best.max(best.success);
            placed.push(best);
            state.report((number as f64 + (index + 1) as f64 / total as f64) / ROUNDS.len() as f64);
        }
        // A round that was stopped before anything was tried leaves the last one standing.
        if !placed.is_empty() {
            standing = placed;
        }
        standing.sort_by(|a, b| b.score.total_cmp(&a.score));
        if is_stopped {
            break;
        }
        designs = varied(&standing, ROUNDS.get(number + 1).map_or(0, |next| next.designs));
    }
    // What was tried in parallel came in any order.
    state
        .tried
        .sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| order(&a.design).cmp(&order(&b.design))));
    Ok(Found { finalists: standing, tried: state.tried, count: state.count, is_stopped })
}

/// The best designs, but no more than a third of them with the same shell, liner and head or the same stem: what a coarse round
/// thinks of the rest may be wrong.
fn varied(standing: &[Tried], count: usize) -> Vec<Design> {
    let most = (count / 3).max(1);
    let mut chosen: Vec<&Tried> = Vec::new();
    for tried in standing {
        let c = &tried.design.components;
        let alike = |same: &dyn Fn(&Design) -> bool| chosen.iter().filter(|t| same(&t.design)).count();
        let bearing = alike(&|d| {
            d.components.liner == c.liner
                && d.components.head_mm == c.head_mm
                && d.components.cup_size_mm == c.cup_size_mm
        });
        let stem =
            alike(&|d| d.components.stem_family == c.stem_family && d.components.stem_size == c.stem_size);
        if bearing < most && stem < most {
            chosen.push(tried);
        }
    }
    let rest: Vec<&Tried> = standing.iter().filter(|t| !chosen.contains(t)).collect();
    chosen.into_iter().chain(rest).take(count).map(|tried| tried.design.clone()).collect()
}

/// An order of designs that does not depend on how they were found.
fn order(design: &Design) -> String {
    format!("{design:?}")
}

fn try_design(study: &Study<'_>, prepared: &Prepared, samples: &[Sample]) -> Tried {
    let margins = Margins::new(study, prepared, samples);
    let criteria = &study.criteria.list;
    Tried {
        design: prepared.design.clone(),
        score: margins.score(criteria),
        success: margins.success_without(None),
        samples: samples.len(),
        groups: margins.groups(criteria),
    }
}

/// What goes on from round to round.
pub(super) struct State<'a> {
    run: &'a Run<'a>,
    tried: Vec<Tried>,
    count: usize,
    work: f64,
    best: f64,
}

impl<'a> State<'a> {
    pub(super) fn new(run: &'a Run<'a>) -> Self {
        State { run, tried: Vec::new(), count: 0, work: 0.0, best: 0.0 }
    }

    fn report(&mut self, done: f64) {
        self.work = self.work.max(done);
        (self.run.progress)(Progress { done: self.work, tried: self.count, best: self.best });
    }

    /// The best placement of a design's components that CMA-ES finds from where it is.
    pub(super) fn place(
        &mut self,
        study: &Study<'_>,
        prepared: &Prepared,
        samples: &[Sample],
        round: &Round,
        seed: u64,
    ) -> Tried {
        let start = prepared.design.placement;
        let native = study.hip.native_version().degrees();
        let free: Vec<(Variable, f64)> =
            Variable::ALL.into_iter().zip(SCALES).filter(|(v, _)| !self.run.held.contains(v)).collect();
        let all = Mutex::new(vec![try_design(study, prepared, samples)]);
        let cost = |x: &DVector<f64>| {
            let (placement, outside) = placement(&start, &free, x.as_slice(), native);
            let tried = try_design(study, &study.moved(prepared, placement), samples);
            let cost = OUT_OF_BOUNDS * outside - tried.score;
            all.lock().unwrap_or_else(PoisonError::into_inner).push(tried);
            cost
        };
        let options =
            CMAESOptions::new(vec![0.0; free.len()], round.step).population_size(POPULATION).seed(seed);
        // Where every variable is held there is nothing to search, and nothing to build.
        if let Ok(mut search) = options.build(cost) {
            for _ in 0..round.generations {
                if (self.run.is_stopped)() || search.next_parallel().is_some() {
                    break;
                }
            }
        }
        let mut all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
        all.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| order(&a.design).cmp(&order(&b.design))));
        self.count += all.len();
        let best = all.first().cloned();
        self.tried.extend(all);
        best.unwrap_or_else(|| try_design(study, prepared, samples))
    }
}

/// A point of the search as a placement within its bounds, and how far outside it was, squared.
fn placement(
    start: &Placement,
    free: &[(Variable, f64)],
    x: &[f64],
    native_version_deg: f64,
) -> (Placement, f64) {
    let mut outside = 0.0;
    let placement = free.iter().zip(x).fold(*start, |p, (&(variable, scale), step)| {
        let (low, high) = bounds(variable, native_version_deg);
        let wanted = start.get(variable) + step * scale;
        let taken = wanted.clamp(low, high);
        outside += ((wanted - taken) / scale).powi(2);
        // To tenths of a millimetre or degree, less than anyone can carry out.
        p.with(variable, to_step(taken, 10.0))
    });
    (placement, outside)
}

/// What a variable may be for a hip.
pub(crate) fn bounds(variable: Variable, native_version_deg: f64) -> (f64, f64) {
    let (low, high) = variable.bounds();
    match variable {
        Variable::StemVersion => (low + native_version_deg, high + native_version_deg),
        _ => (low, high),
    }
}

/// Undominated designs that are kept.
const MOST_UNDOMINATED: usize = 24;

/// Of the designs that were tried with enough samples to be compared, those of which none is better in every group; where these
/// are many, the ones that differ most.
pub(crate) fn undominated(tried: &[Tried]) -> Vec<Tried> {
    let enough = ROUNDS[2].samples;
    let all: Vec<&Tried> = tried.iter().filter(|t| t.samples >= enough).collect();
    let mut front: Vec<&Tried> = Vec::new();
    for &one in &all {
        let is_new = !front.iter().any(|kept| places(kept) == places(one));
        if is_new && !all.iter().any(|other| dominates(other, one)) {
            front.push(one);
        }
    }
    let mut kept: Vec<&Tried> = front.first().copied().into_iter().collect();
    while kept.len() < MOST_UNDOMINATED.min(front.len()) {
        let apart = |one: &Tried| kept.iter().map(|other| distance(one, other)).fold(f64::INFINITY, f64::min);
        let furthest =
            front.iter().copied().map(|one| (one, apart(one))).reduce(|a, b| if b.1 > a.1 { b } else { a });
        match furthest {
            Some((one, apart)) if apart > 0.0 => kept.push(one),
            _ => break,
        }
    }
    kept.into_iter().cloned().collect()
}

fn places(tried: &Tried) -> Vec<f64> {
    tried.groups.iter().map(|group| group.desirability).collect()
}

fn dominates(a: &Tried, b: &Tried) -> bool {
    let pairs = || a.groups.iter().zip(&b.groups).map(|(a, b)| (a.desirability, b.desirability));
    pairs().all(|(a, b)| a >= b) && pairs().any(|(a, b)| a > b)
}

fn distance(a: &Tried, b: &Tried) -> f64 {
    places(a).iter().zip(places(b)).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimise::criteria::Group;
    use crate::placed::ComponentNames;
    use coxa_geometry::Angle;

    fn tried(desirabilities: [f64; 2]) -> Tried {
        let components = ComponentNames {
            cup_family: "a".into(),
            cup_size_mm: 52.0,
            liner: "flush".into(),
            lip_direction_deg: None,
            head_mm: 32.0,
            head_offset_mm: 0.0,
            stem_family: "b".into(),
            stem_size: 1,
            neck_shaft_deg: Angle::from_degrees(135.0),
            neck_offset: "standard".into(),
        };
        let placement = ZERO;
        let groups = [Group::Fixation, Group::Motion].into_iter().zip(desirabilities);
        let groups = groups.map(|(group, desirability)| GroupScore { group, desirability }).collect();
        Tried { design: Design { components, placement }, score: 0.0, success: 0.0, samples: 128, groups }
    }

    const ZERO: Placement = Placement {
        cup_medial_mm: 0.0,
        cup_superior_mm: 0.0,
        cup_anterior_mm: 0.0,
        inclination_deg: 40.0,
        anteversion_deg: 15.0,
        stem_version_deg: 0.0,
        stem_height_mm: 0.0,
    };

    #[test]
    fn what_is_worse_in_everything_is_not_kept() {
        let all =
            [tried([0.9, 0.2]), tried([0.5, 0.5]), tried([0.4, 0.4]), tried([0.2, 0.9]), tried([0.5, 0.5])];
        let kept: Vec<Vec<f64>> = undominated(&all).iter().map(places).collect();
        assert_eq!(kept, [vec![0.9, 0.2], vec![0.2, 0.9], vec![0.5, 0.5]]);
    }

    fn all() -> Vec<(Variable, f64)> {
        Variable::ALL.into_iter().zip(SCALES).collect()
    }

    #[test]
    fn a_placement_stays_within_bounds_and_says_how_far_it_wanted_out() {
        let (inside, cost) = placement(&ZERO, &all(), &[0.5, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0], 12.0);
        assert_eq!((inside.cup_medial_mm, inside.inclination_deg), (1.0, 44.0));
        // 12 degrees of native version make -3 to 27 of the bounds.
        assert_eq!(cost, 0.0);
        let (outside, cost) = placement(&ZERO, &all(), &[10.0, 0.0, 0.0, 0.0, 0.0, -2.0, 0.0], 12.0);
        assert_eq!((outside.cup_medial_mm, outside.stem_version_deg), (6.0, -3.0));
        assert!((cost - (49.0 + 25.0 / 16.0)).abs() < 1e-12);
    }
}
