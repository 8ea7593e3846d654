//! Proximal Newton steps on an active set: the minimum of a loss with an elastic-net penalty.
//!
//! Each step minimises the quadratic that touches the loss, with the penalty as it is (Lee, Sun and Saunders 2014, SIAM J Optim
//! 24:1420), over the parameters that are not zero or whose gradient exceeds the penalty; all others stay zero, which the
//! conditions of optimality then confirm. glmnet's objective is the same; its own steps are coordinate descent throughout.

use super::loss::{Ending, Loss, Weights};
use super::quadratic::Quadratic;

/// Steps at most; a smooth problem takes about five.
const STEPS: usize = 200;
/// Largest violation of the conditions of optimality at the end, with standardised columns.
const TOLERANCE: f64 = 1e-9;
/// Change of a predictor by one more Newton step beyond which there is no minimum: near one, steps vanish quadratically; towards
/// infinity each adds about 1.
const ENDLESS: f64 = 0.1;

/// Where a fit ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Minimum {
    pub(crate) at: Vec<f64>,
    pub(crate) ending: Ending,
}

/// Minimises from parameters that have a finite loss.
pub(crate) fn minimise(loss: &impl Loss, weights: Weights, start: Vec<f64>) -> Minimum {
    let problem = Problem { loss, weights };
    let mut at = start;
    let mut value = problem.value(&at);
    for _ in 0..STEPS {
        let gradient = problem.gradient(&at);
        let violation: Vec<f64> = (0..at.len()).map(|i| problem.violation(i, at[i], gradient[i])).collect();
        let worst = violation.iter().fold(0.0, |most: f64, one| most.max(*one));
        let active: Vec<usize> =
            (0..at.len()).filter(|&i| at[i] != 0.0 || violation[i] > 0.0 || !loss.is_slope(i)).collect();
        if worst <= TOLERANCE {
            let ending = problem.ending(&at, &gradient, &active);
            return Minimum { at, ending };
        }
        let step = problem.newton(&at, &gradient, &active);
        let Some((next, lower)) = problem.search(&at, value, &gradient, &step) else {
            // Rounding hides what is left to gain.
            let ending = if worst <= 1e-6 { Ending::Converged } else { Ending::Stopped };
            return Minimum { at, ending };
        };
        (at, value) = (next, lower);
    }
    Minimum { at, ending: Ending::Stopped }
}

struct Problem<'a, L> {
    loss: &'a L,
    weights: Weights,
}

impl<L: Loss> Problem<'_, L> {
    fn penalty(&self, i: usize) -> Weights {
        match self.loss.is_slope(i) {
            true => self.weights,
            false => Weights { absolute: 0.0, squared: 0.0 },
        }
    }

    fn absolute(&self, at: &[f64]) -> f64 {
        at.iter().enumerate().map(|(i, at)| self.penalty(i).absolute * at.abs()).sum()
    }

    fn value(&self, at: &[f64]) -> f64 {
        let squared: f64 = at.iter().enumerate().map(|(i, at)| self.penalty(i).squared * at * at / 2.0).sum();
        self.loss.value(at) + squared + self.absolute(at)
    }

    /// Of the loss and the squared penalty.
    fn gradient(&self, at: &[f64]) -> Vec<f64> {
        let gradient = self.loss.gradient(at);
        gradient.iter().enumerate().map(|(i, one)| one + self.penalty(i).squared * at[i]).collect()
    }

    /// By how much a parameter misses the condition of optimality.
    fn violation(&self, i: usize, at: f64, gradient: f64) -> f64 {
        let absolute = self.penalty(i).absolute;
        match at == 0.0 {
            true => (gradient.abs() - absolute).max(0.0),
            false => (gradient + absolute * at.signum()).abs(),
        }
    }

    fn newton(&self, at: &[f64], gradient: &[f64], active: &[usize]) -> Vec<f64> {
        let mut curvature = self.loss.curvature(at, active);
        for (place, &i) in active.iter().enumerate() {
            curvature[place * (active.len() + 1)] += self.penalty(i).squared;
        }
        let of = |values: &[f64]| -> Vec<f64> { active.iter().map(|&i| values[i]).collect() };
        let penalty: Vec<f64> = active.iter().map(|&i| self.penalty(i).absolute).collect();
        let (gradient, from) = (of(gradient), of(at));
        let problem = Quadratic { gradient: &gradient, curvature: &curvature, at: &from, penalty: &penalty };
        let mut step = vec![0.0; at.len()];
        for (&i, by) in active.iter().zip(problem.step()) {
            step[i] = by;
        }
        step
    }

    /// Along a step as far as it lowers the sum enough (Armijo), and the sum there.
    fn search(&self, at: &[f64], value: f64, gradient: &[f64], step: &[f64]) -> Option<(Vec<f64>, f64)> {
        let along: f64 = gradient.iter().zip(step).map(|(a, b)| a * b).sum();
        let whole: Vec<f64> = at.iter().zip(step).map(|(at, by)| at + by).collect();
        let promised = along + self.absolute(&whole) - self.absolute(at);
        if !promised.is_finite() || promised >= 0.0 {
            return None;
        }
        let mut part = 1.0;
        for _ in 0..50 {
            let next: Vec<f64> = at
                .iter()
                .zip(step)
                .zip(&whole)
                // A whole step ends on zero exactly where it is meant to.
                .map(|((at, by), whole)| if part == 1.0 { *whole } else { at + part * by })
                .collect();
            let found = self.value(&next);
            if found <= value + 1e-4 * part * promised {
                return Some((next, found));
            }
            // Where the gain is below rounding, a step that lowers the gradient is taken for what it is.
            if part == 1.0 && promised.abs() < 1e-12 * (1.0 + value.abs()) && self.is_better(at, &next) {
                return Some((next, found));
            }
            part /= 2.0;
        }
        None
    }

    fn is_better(&self, at: &[f64], next: &[f64]) -> bool {
        let worst = |at: &[f64]| {
            let gradient = self.gradient(at);
            (0..at.len()).fold(0.0, |most: f64, i| most.max(self.violation(i, at[i], gradient[i])))
        };
        worst(next) < 0.5 * worst(at)
    }

    /// Whether there is a minimum here. A penalty always makes one.
    fn ending(&self, at: &[f64], gradient: &[f64], active: &[usize]) -> Ending {
        let is_penalised = self.weights.absolute > 0.0 || self.weights.squared > 0.0;
        if is_penalised || self.loss.reach(&self.newton(at, gradient, active)) < ENDLESS {
            return Ending::Converged;
        }
        Ending::Separated
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Design;
    use crate::linear::binomial::Binomial;
    use crate::linear::cumulative::Cumulative;
    use crate::linear::multinomial::Multinomial;
    use crate::linear::squares::Squares;

    fn design() -> Design {
        let value =
            |row: usize, column: usize| ((row * 7 + column * 5 + row * row * column) % 11) as f64 / 4.0 - 1.2;
        Design {
            rows: 12,
            columns: (1..4).map(|column| (0..12).map(|row| value(row, column)).collect()).collect(),
        }
    }

    const CLASSES: [usize; 12] = [0, 2, 1, 3, 0, 1, 2, 2, 3, 1, 0, 3];

    /// Derivatives are those of differences, at the start and elsewhere.
    fn check(loss: &impl Loss) {
        let start = loss.start();
        let n = start.len();
        let moved = |i: usize, at: f64| at + 0.1 * ((i * 5) % 7) as f64 / 7.0;
        let elsewhere: Vec<f64> = start.iter().enumerate().map(|(i, at)| moved(i, *at)).collect();
        let all: Vec<usize> = (0..n).collect();
        // Names in any order and number.
        let some: Vec<usize> = (0..n).rev().step_by(2).collect();
        for at in [start, elsewhere] {
            let (gradient, curvature) = (loss.gradient(&at), loss.curvature(&at, &all));
            let step = 1e-5;
            for i in 0..n {
                let beside = |by: f64| {
                    let mut beside = at.clone();
                    beside[i] += by;
                    beside
                };
                let slope = (loss.value(&beside(step)) - loss.value(&beside(-step))) / (2.0 * step);
                assert!((slope - gradient[i]).abs() < 1e-8, "{i}: {slope} {}", gradient[i]);
                let (above, below) = (loss.gradient(&beside(step)), loss.gradient(&beside(-step)));
                for j in 0..n {
                    let bend = (above[j] - below[j]) / (2.0 * step);
                    assert!(
                        (bend - curvature[i * n + j]).abs() < 1e-8,
                        "{i} {j}: {bend} {}",
                        curvature[i * n + j]
                    );
                }
            }
            let part = loss.curvature(&at, &some);
            for (a, i) in some.iter().enumerate() {
                for (b, j) in some.iter().enumerate() {
                    assert!((part[a * some.len() + b] - curvature[i * n + j]).abs() < 1e-15);
                }
            }
        }
    }

    #[test]
    fn derivatives_of_all_losses_are_those_of_differences() {
        let design = &design();
        let outcomes: Vec<f64> = CLASSES.iter().map(|class| *class as f64 - 1.5).collect();
        check(&Squares { design, outcomes: &outcomes });
        check(&Binomial { design, classes: &CLASSES.map(|class| class % 2) });
        check(&Multinomial { design, count: 4, classes: &CLASSES });
        check(&Cumulative { design, count: 4, classes: &CLASSES });
    }

    #[test]
    fn the_start_is_the_minimum_without_slopes_and_penalised_fits_meet_the_conditions_of_optimality() {
        let design = &design();
        let loss = Cumulative { design, count: 4, classes: &CLASSES };
        let gradient = loss.gradient(&loss.start());
        assert!(gradient[..3].iter().all(|slope| slope.abs() < 1e-15), "{gradient:?}");
        let weights = Weights { absolute: 0.1, squared: 0.03 };
        let found = minimise(&loss, weights, loss.start());
        assert_eq!(found.ending, Ending::Converged);
        for (i, (slope, at)) in loss.gradient(&found.at).iter().zip(&found.at).enumerate() {
            match (loss.is_slope(i), *at == 0.0) {
                (false, _) => assert!(slope.abs() < 1e-9),
                (true, true) => assert!(slope.abs() <= 0.1),
                (true, false) => assert!((slope + 0.03 * at + 0.1 * at.signum()).abs() < 1e-9),
            }
        }
        assert!(found.at[3..].contains(&0.0) && found.at[3..].iter().any(|at| *at != 0.0), "{found:?}");
    }
}
