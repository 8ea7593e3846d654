//! The minimum of a quadratic with an absolute penalty: coordinate descent, finished by an exact solution on the support that it finds.

use nalgebra::{DMatrix, DVector};

/// Sweeps of coordinate descent at most.
const SWEEPS: usize = 2000;
/// Sweeps between attempts to finish exactly.
const BETWEEN: usize = 5;
/// Part of the largest curvature that is added to all, so that columns that follow from others do no harm: of all minima the
/// one with the smallest coefficients is approached.
const RIDGE: f64 = 1e-10;

/// Minimise gradient . d + d' curvature d / 2 + sum of penalty * |at + d| over d.
pub(crate) struct Quadratic<'a> {
    /// Derivative at no step.
    pub(crate) gradient: &'a [f64],
    /// Symmetric, row by row.
    pub(crate) curvature: &'a [f64],
    /// Where the step starts.
    pub(crate) at: &'a [f64],
    /// Absolute penalty on each parameter.
    pub(crate) penalty: &'a [f64],
}

impl Quadratic<'_> {
    /// The step to the minimum.
    pub(crate) fn step(&self) -> Vec<f64> {
        let n = self.at.len();
        let largest = (0..n).fold(0.0, |most: f64, i| most.max(self.curvature[i * n + i]));
        let ridge = (RIDGE * largest).max(f64::MIN_POSITIVE);
        let mut step = vec![0.0; n];
        // Curvature times step.
        let mut change = vec![0.0; n];
        if self.penalty.iter().all(|penalty| *penalty == 0.0)
            && let Some(exact) = self.on_support(&step, ridge)
        {
            return exact;
        }
        for sweep in 1..=SWEEPS {
            let mut moved = 0.0f64;
            for i in 0..n {
                let row = &self.curvature[i * n..(i + 1) * n];
                let own = row[i] + ridge;
                let pull = own * (self.at[i] + step[i]) - self.gradient[i] - change[i];
                let shrunk = (pull.abs() - self.penalty[i]).max(0.0).copysign(pull) / own;
                let by = shrunk - self.at[i] - step[i];
                if by != 0.0 {
                    step[i] += by;
                    change.iter_mut().zip(row).for_each(|(change, curvature)| *change += by * curvature);
                    moved = moved.max(by * by * own);
                }
            }
            if moved == 0.0 {
                break;
            }
            if (sweep % BETWEEN == 0 || moved < 1e-24)
                && let Some(exact) = self.on_support(&step, ridge)
            {
                return exact;
            }
            if moved < 1e-28 {
                break;
            }
        }
        step
    }

    /// The exact minimum if parameters that are zero after `step` stay zero and the others keep their signs.
    fn on_support(&self, step: &[f64], ridge: f64) -> Option<Vec<f64>> {
        let n = self.at.len();
        let place = |i: &usize| self.penalty[*i] == 0.0 || self.at[*i] + step[*i] != 0.0;
        let support: Vec<usize> = (0..n).filter(place).collect();
        let sign = |i: usize| if self.penalty[i] == 0.0 { 0.0 } else { (self.at[i] + step[i]).signum() };
        let mut found: Vec<f64> = self.at.iter().map(|at| -at).collect();
        support.iter().for_each(|&i| found[i] = 0.0);
        let times = |step: &[f64]| -> Vec<f64> {
            self.curvature
                .chunks_exact(n.max(1))
                .map(|row| row.iter().zip(step).map(|(a, b)| a * b).sum())
                .collect()
        };
        let pushed = times(&found);
        let right = support.iter().map(|&i| -self.gradient[i] - self.penalty[i] * sign(i) - pushed[i]);
        let right = DVector::from_iterator(support.len(), right);
        let matrix = DMatrix::from_fn(support.len(), support.len(), |row, column| {
            self.curvature[support[row] * n + support[column]]
        });
        let mut raised = matrix.clone();
        raised.fill_diagonal(0.0);
        raised += DMatrix::from_diagonal(&matrix.diagonal().add_scalar(ridge));
        let factors = raised.cholesky()?;
        let mut solved = factors.solve(&right);
        // Takes out again what the ridge changed in all directions but flat ones.
        solved += factors.solve(&(right - matrix * &solved));
        support.iter().zip(solved.iter()).for_each(|(&i, value)| found[i] = *value);
        let keeps = |&i: &usize| self.penalty[i] == 0.0 || (self.at[i] + found[i]) * sign(i) > 0.0;
        let slope = times(&found);
        let stays = |i: usize| (self.gradient[i] + slope[i]).abs() <= self.penalty[i] * (1.0 + 1e-12);
        let zeros = (0..n).filter(|i| support.binary_search(i).is_err());
        let is_minimum = found.iter().all(|step| step.is_finite())
            && support.iter().all(keeps)
            && zeros.into_iter().all(stays);
        is_minimum.then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_move_of_a_parameter_makes_the_minimum_smaller(
            columns in prop::collection::vec(prop::collection::vec(-1.0..1.0f64, 6), 4),
            gradient in prop::collection::vec(-1.0..1.0f64, 4),
            at in prop::collection::vec(-1.0..1.0f64, 4),
            penalty in 0.0..0.5f64,
        ) {
            let mut curvature: Vec<f64> = Vec::new();
            for a in &columns {
                curvature.extend(columns.iter().map(|b| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>()));
            }
            for i in 0..4 {
                curvature[5 * i] += 0.01;
            }
            let penalties = [0.0, penalty, penalty, penalty];
            let problem =
                Quadratic { gradient: &gradient, curvature: &curvature, at: &at, penalty: &penalties };
            let value = |step: &[f64]| {
                (0..4).map(|i| {
                    let row: f64 = (0..4).map(|j| curvature[4 * i + j] * step[j]).sum();
                    step[i] * (gradient[i] + row / 2.0) + penalties[i] * (at[i] + step[i]).abs()
                }).sum::<f64>()
            };
            let step = problem.step();
            let least = value(&step);
            for i in 0..4 {
                for by in [-1e-3, 1e-3] {
                    let mut other = step.clone();
                    other[i] += by;
                    prop_assert!(value(&other) >= least - 1e-12);
                }
            }
        }
    }

    #[test]
    fn columns_that_are_the_same_divide_what_one_would_have() {
        let problem =
            Quadratic { gradient: &[-1.0, -1.0], curvature: &[1.0; 4], at: &[0.0; 2], penalty: &[0.0; 2] };
        let step = problem.step();
        assert!((step[0] - 0.5).abs() < 1e-6 && (step[1] - 0.5).abs() < 1e-6, "{step:?}");
    }
}
