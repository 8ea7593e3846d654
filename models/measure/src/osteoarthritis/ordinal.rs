//! Ordered grades from measurements: the proportional-odds model (McCullagh 1980 J R Stat Soc B 42:109).
//!
//! P(grade <= k | x) = 1 / (1 + exp(x b - a_k)) with a_0 < a_1 < ..., fitted by Fisher scoring with a ridge on b, x standardised.

use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

/// Rounds of Fisher scoring.
const ROUNDS: usize = 60;
/// Least probability that is computed with.
const LEAST: f64 = 1e-9;

/// A fitted model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ordinal {
    /// Mean of each measure.
    pub means: Vec<f64>,
    /// Spread of each measure, by which it is divided.
    pub scales: Vec<f64>,
    /// Of the standardised measures, on the scale of log odds; positive where more means a higher grade.
    pub slopes: Vec<f64>,
    /// Between the grades, rising.
    pub thresholds: Vec<f64>,
}

/// Why none was fitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrdinalError {
    /// Numbers of rows differ, or there are none.
    #[error("each row needs a grade and as many measures as the others")]
    Shape,
    /// A number is not finite.
    #[error("a measure is not a finite number")]
    NotFinite,
    /// Only one grade.
    #[error("there is only one grade; a trend needs at least two")]
    OneGrade,
}

impl Ordinal {
    /// Fits grades 0 to `grades - 1` to rows of measures, with a ridge on the slopes (0.1 holds them where grades separate
    /// perfectly).
    ///
    /// # Errors
    /// Any [`OrdinalError`].
    pub fn fit(rows: &[Vec<f64>], of: &[usize], grades: usize, ridge: f64) -> Result<Ordinal, OrdinalError> {
        let width = rows.first().map(Vec::len).ok_or(OrdinalError::Shape)?;
        if rows.len() != of.len() || rows.iter().any(|r| r.len() != width) || of.iter().any(|&g| g >= grades)
        {
            return Err(OrdinalError::Shape);
        }
        if rows.iter().flatten().any(|v| !v.is_finite()) {
            return Err(OrdinalError::NotFinite);
        }
        let count = rows.len() as f64;
        if of.iter().all(|g| g == &of[0]) || grades < 2 {
            return Err(OrdinalError::OneGrade);
        }
        let mean = |j: usize| rows.iter().map(|r| r[j]).sum::<f64>() / count;
        let means: Vec<f64> = (0..width).map(mean).collect();
        let scale = |j: usize| {
            let square: f64 = rows.iter().map(|r| (r[j] - means[j]).powi(2)).sum();
            let sd = (square / count).sqrt();
            if sd > 1e-12 { sd } else { 1.0 }
        };
        let scales: Vec<f64> = (0..width).map(scale).collect();
        // Start from how often each grade is, half a case added so that none is impossible.
        let total = count + 0.5 * grades as f64;
        let mut below = 0.0;
        let thresholds: Vec<f64> = (0..grades - 1)
            .map(|k| {
                below += (of.iter().filter(|&&g| g == k).count() as f64 + 0.5) / total;
                (below / (1.0 - below)).ln()
            })
            .collect();
        let mut model = Ordinal { means, scales, slopes: vec![0.0; width], thresholds };
        let x: Vec<Vec<f64>> = rows.iter().map(|r| model.standardised(r)).collect();
        let mut best = model.penalised(&x, of, ridge);
        for _ in 0..ROUNDS {
            let Some(step) = model.scoring_step(&x, of, ridge) else { break };
            let mut part = 1.0;
            let moved = loop {
                let next = model.stepped(&step, part);
                let is_ordered = next.thresholds.windows(2).all(|w| w[1] - w[0] > 1e-6);
                let value = if is_ordered { next.penalised(&x, of, ridge) } else { f64::NEG_INFINITY };
                if value > best {
                    let gain = value - best;
                    (model, best) = (next, value);
                    break gain > 1e-10;
                }
                part /= 2.0;
                if part < 1e-6 {
                    break false;
                }
            };
            if !moved {
                break;
            }
        }
        Ok(model)
    }

    /// Probabilities of the grades, given the measures and one standard deviation of the error of each: an unsure score is spread over the
    /// grades by the logistic approximation of MacKay 1992 (Neural Comput 4:720).
    pub fn probabilities(&self, measures: &[f64], spreads: &[f64]) -> Vec<f64> {
        let score = self.score(&self.standardised(measures));
        let variance: f64 = self
            .slopes
            .iter()
            .zip(&self.scales)
            .zip(spreads)
            .map(|((slope, scale), spread)| (slope * spread / scale).powi(2))
            .sum();
        let soften = 1.0 / (1.0 + std::f64::consts::PI / 8.0 * variance).sqrt();
        self.shares(score, soften)
    }

    fn standardised(&self, measures: &[f64]) -> Vec<f64> {
        measures.iter().zip(&self.means).zip(&self.scales).map(|((v, m), s)| (v - m) / s).collect()
    }

    fn score(&self, x: &[f64]) -> f64 {
        x.iter().zip(&self.slopes).map(|(x, b)| x * b).sum()
    }

    fn shares(&self, score: f64, soften: f64) -> Vec<f64> {
        let below = self.thresholds.iter().map(|a| logistic(soften * (a - score))).chain([1.0]);
        let mut last = 0.0;
        below
            .map(|b| {
                let share = (b - last).max(0.0);
                last = b;
                share
            })
            .collect()
    }

    /// Logarithm of the likelihood less the ridge.
    fn penalised(&self, x: &[Vec<f64>], of: &[usize], ridge: f64) -> f64 {
        let fit: f64 =
            x.iter().zip(of).map(|(x, &g)| self.shares(self.score(x), 1.0)[g].max(LEAST).ln()).sum();
        fit - 0.5 * ridge * self.slopes.iter().map(|b| b * b).sum::<f64>()
    }

    /// Expected information solved for the gradient; thresholds first.
    fn scoring_step(&self, x: &[Vec<f64>], of: &[usize], ridge: f64) -> Option<DVector<f64>> {
        let (cuts, width) = (self.thresholds.len(), self.slopes.len());
        let size = cuts + width;
        let (mut information, mut gradient) = (DMatrix::zeros(size, size), DVector::zeros(size));
        for (x, &grade) in x.iter().zip(of) {
            let score = self.score(x);
            let shares = self.shares(score, 1.0);
            // Density of the logistic distribution at each threshold, none at either end.
            let density: Vec<f64> = self
                .thresholds
                .iter()
                .map(|a| {
                    let p = logistic(a - score);
                    p * (1.0 - p)
                })
                .collect();
            for (k, &share) in shares.iter().enumerate() {
                let mut slope = DVector::zeros(size);
                let (upper, lower) = (density.get(k), k.checked_sub(1).and_then(|k| density.get(k)));
                if let Some(d) = upper {
                    slope[k] += d;
                }
                if let Some(d) = lower {
                    slope[k - 1] -= d;
                }
                let by_score = lower.unwrap_or(&0.0) - upper.unwrap_or(&0.0);
                for (j, x) in x.iter().enumerate() {
                    slope[cuts + j] = by_score * x;
                }
                let share = share.max(LEAST);
                information.ger(1.0 / share, &slope, &slope, 1.0);
                if k == grade {
                    gradient.axpy(1.0 / share, &slope, 1.0);
                }
            }
        }
        for j in 0..width {
            information[(cuts + j, cuts + j)] += ridge;
            gradient[cuts + j] -= ridge * self.slopes[j];
        }
        for d in 0..size {
            information[(d, d)] += 1e-9;
        }
        Some(information.cholesky()?.solve(&gradient))
    }

    fn stepped(&self, step: &DVector<f64>, part: f64) -> Ordinal {
        let cuts = self.thresholds.len();
        let mut next = self.clone();
        next.thresholds.iter_mut().enumerate().for_each(|(k, a)| *a += part * step[k]);
        next.slopes.iter_mut().enumerate().for_each(|(j, b)| *b += part * step[cuts + j]);
        next
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// Grades drawn from a known model of one measure.
    fn drawn(count: usize, slope: f64, seed: u64) -> (Vec<Vec<f64>>, Vec<usize>) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        (0..count)
            .map(|_| {
                let x = 4.0 * rng.random::<f64>() - 2.0;
                let u: f64 = rng.random();
                let score = slope * x + (u / (1.0 - u)).ln();
                let grade = [-1.0, 1.0].iter().filter(|a| score > **a).count();
                (vec![10.0 + 3.0 * x], grade)
            })
            .unzip()
    }

    #[test]
    fn a_known_model_is_recovered() {
        let (rows, grades) = drawn(4000, 1.5, 7);
        let model = Ordinal::fit(&rows, &grades, 3, 0.0).unwrap();
        let slope = model.slopes[0] / model.scales[0] * 3.0;
        assert!((slope - 1.5).abs() < 0.1, "{slope}");
        let centre = (model.thresholds[1] - model.thresholds[0]) / 2.0;
        assert!((centre - 1.0).abs() < 0.1, "{centre}");
    }

    #[test]
    fn an_unsure_measure_gives_unsure_grades() {
        let (rows, grades) = drawn(400, 2.0, 3);
        let model = Ordinal::fit(&rows, &grades, 3, 0.1).unwrap();
        let (sure, unsure) = (model.probabilities(&[16.0], &[0.0]), model.probabilities(&[16.0], &[6.0]));
        assert!(sure[2] > 0.8 && unsure[2] < sure[2] - 0.1);
        assert!(((sure.iter().sum::<f64>()) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_fitted_is_refused() {
        assert_eq!(Ordinal::fit(&[], &[], 3, 0.1), Err(OrdinalError::Shape));
        assert_eq!(Ordinal::fit(&[vec![1.0], vec![2.0]], &[1, 1], 3, 0.1), Err(OrdinalError::OneGrade));
        assert_eq!(Ordinal::fit(&[vec![f64::NAN], vec![2.0]], &[0, 1], 3, 0.1), Err(OrdinalError::NotFinite));
        assert_eq!(Ordinal::fit(&[vec![1.0], vec![2.0]], &[0, 7], 3, 0.1), Err(OrdinalError::Shape));
    }

    proptest! {
        #[test]
        fn probabilities_are_ordered_and_sum_to_one(seed in 0..500_u64, slope in -3.0..3.0_f64, at in -50.0..50.0_f64) {
            let (rows, grades) = drawn(60, slope, seed);
            prop_assume!(grades.iter().any(|g| *g != grades[0]));
            let model = Ordinal::fit(&rows, &grades, 3, 0.1).unwrap();
            let shares = model.probabilities(&[at], &[1.0]);
            prop_assert!(shares.iter().all(|p| (0.0..=1.0).contains(p)));
            prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!(model.thresholds.windows(2).all(|w| w[0] < w[1]));
        }
    }
}
