//! Where the components of a design lie best: CMA-ES (Hansen and Ostermeier 2001, Evol Comput 9:159; crate `cmaes`) over the numbers of
//! a placement, from where it is.

use super::design::{Placement, Variable};
use super::sample::Sample;
use super::study::{Prepared, Study};
use super::tried::{State, Tried, bounds, sort, try_design};
use crate::placement::rounding::to_step;
use cmaes::{CMAESOptions, DVector};
use std::sync::{Mutex, PoisonError};

/// Placements tried in one generation.
const POPULATION: usize = 10;
/// Generations of one search.
const GENERATIONS: usize = 10;
/// First step, in parts of the way in which variables differ.
const STEP: f64 = 1.0;
/// How far a variable must change to make a difference, in its unit: what a step of one is in the search.
const SCALES: [f64; 7] = [2.0, 1.5, 1.5, 4.0, 5.0, 4.0, 2.0];
/// Cost of a placement outside its bounds, for each scale squared; the placement itself is taken at the bound.
const OUT_OF_BOUNDS: f64 = 0.05;

impl State<'_> {
    /// The best placement of a design's components that CMA-ES finds from where it is.
    pub(super) fn place(
        &mut self,
        study: &Study<'_>,
        prepared: &Prepared,
        samples: &[Sample],
        seed: u64,
    ) -> Tried {
        let start = prepared.design.placement;
        let native = study.hip.native_version().degrees();
        let held = self.run.freedom.held;
        let free: Vec<(Variable, f64)> =
            Variable::ALL.into_iter().zip(SCALES).filter(|(v, _)| !held.contains(v)).collect();
        let all = Mutex::new(vec![try_design(study, prepared, samples)]);
        let cost = |x: &DVector<f64>| {
            let (placement, outside) = placement(&start, &free, x.as_slice(), native);
            let tried = try_design(study, &study.moved(prepared, placement), samples);
            let cost = OUT_OF_BOUNDS * outside - tried.score;
            all.lock().unwrap_or_else(PoisonError::into_inner).push(tried);
            cost
        };
        let options = CMAESOptions::new(vec![0.0; free.len()], STEP).population_size(POPULATION).seed(seed);
        // Where every variable is held there is nothing to search, and nothing to build.
        if let Ok(mut search) = options.build(cost) {
            for _ in 0..GENERATIONS {
                if self.is_stopped() || search.next_parallel().is_some() {
                    break;
                }
            }
        }
        let mut all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
        sort(&mut all);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<(Variable, f64)> {
        Variable::ALL.into_iter().zip(SCALES).collect()
    }

    #[test]
    fn a_placement_stays_within_bounds_and_says_how_far_it_wanted_out() {
        let (inside, cost) = placement(&Placement::USUAL, &all(), &[0.5, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0], 12.0);
        assert_eq!((inside.cup_medial_mm, inside.inclination_deg), (1.0, 44.0));
        // 12 degrees of native version make -3 to 27 of the bounds.
        assert_eq!(cost, 0.0);
        let (outside, cost) =
            placement(&Placement::USUAL, &all(), &[10.0, 0.0, 0.0, 0.0, 0.0, -2.0, 0.0], 12.0);
        assert_eq!((outside.cup_medial_mm, outside.stem_version_deg), (6.0, -3.0));
        assert!((cost - (49.0 + 25.0 / 16.0)).abs() < 1e-12);
    }
}
