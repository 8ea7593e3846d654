//! The mean negative log-likelihood of several classes, each with coefficients of its own.
//!
//! As in glmnet, no class is a reference: the penalty decides between coefficients that differ by a constant over classes, and without a
//! penalty they sum to zero.

use super::gram::gram;
use super::loss::Loss;
use super::sigmoid::softmax;
use crate::design::Design;

/// Parameters: of each class in turn constant and slopes.
pub(crate) struct Multinomial<'a> {
    pub(crate) design: &'a Design,
    /// How many classes there are; each has a row.
    pub(crate) count: usize,
    /// Class of each row.
    pub(crate) classes: &'a [usize],
}

impl Multinomial<'_> {
    /// Parameters of a class.
    fn each(&self) -> usize {
        self.design.columns.len() + 1
    }

    /// Scores of all rows for each class.
    fn scores(&self, at: &[f64]) -> Vec<Vec<f64>> {
        at.chunks_exact(self.each()).map(|of| self.design.predictor(of[0], &of[1..])).collect()
    }

    /// Probabilities of all rows for each class.
    fn probabilities(&self, at: &[f64]) -> Vec<Vec<f64>> {
        let mut scores = self.scores(at);
        for row in 0..self.design.rows {
            let of: Vec<f64> = scores.iter().map(|class| class[row]).collect();
            for (class, probability) in scores.iter_mut().zip(softmax(&of)) {
                class[row] = probability;
            }
        }
        scores
    }
}

impl Loss for Multinomial<'_> {
    fn start(&self) -> Vec<f64> {
        let mut counts = vec![0.0; self.count];
        self.classes.iter().for_each(|class| counts[*class] += 1.0);
        let logs: Vec<f64> = counts.iter().map(|count: &f64| count.ln()).collect();
        let mean = logs.iter().sum::<f64>() / self.count as f64;
        let mut start = vec![0.0; self.count * self.each()];
        for (class, log) in logs.iter().enumerate() {
            start[class * self.each()] = log - mean;
        }
        start
    }

    fn is_slope(&self, parameter: usize) -> bool {
        !parameter.is_multiple_of(self.each())
    }

    fn value(&self, at: &[f64]) -> f64 {
        let scores = self.scores(at);
        let one = |(row, class): (usize, &usize)| {
            let most = scores.iter().map(|of| of[row]).fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = scores.iter().map(|of| (of[row] - most).exp()).sum();
            most + sum.ln() - scores[*class][row]
        };
        self.classes.iter().enumerate().map(one).sum::<f64>() / self.design.rows as f64
    }

    fn gradient(&self, at: &[f64]) -> Vec<f64> {
        let mut found = Vec::with_capacity(at.len());
        let all = self.probabilities(at);
        for (class, own) in all.iter().enumerate() {
            let one = |(row, of): (usize, &usize)| match *of == class {
                // One less the own probability, from the others, which keep their digits.
                true => {
                    -all.iter().enumerate().filter(|(k, _)| *k != class).map(|(_, of)| of[row]).sum::<f64>()
                }
                false => own[row],
            };
            let residuals: Vec<f64> = self.classes.iter().enumerate().map(one).collect();
            found.push(residuals.iter().sum::<f64>() / self.design.rows as f64);
            found.extend(self.design.means_of_products(&residuals));
        }
        found
    }

    fn curvature(&self, at: &[f64], of: &[usize]) -> Vec<f64> {
        let each = self.each();
        let probabilities = self.probabilities(at);
        let n = of.len();
        let mut found = vec![0.0; n * n];
        // Places in `of` of each class.
        let places: Vec<Vec<usize>> = (0..self.count)
            .map(|class| (0..n).filter(|&place| of[place] / each == class).collect())
            .collect();
        for (one, ours) in places.iter().enumerate() {
            for (other, theirs) in places.iter().enumerate().skip(one) {
                let weight = |row: usize| {
                    let (p, q) = (probabilities[one][row], probabilities[other][row]);
                    if one == other { p * (1.0 - p) } else { -p * q }
                };
                let weights: Vec<f64> = (0..self.design.rows).map(weight).collect();
                let mut both: Vec<usize> = ours.iter().chain(theirs).map(|&place| of[place] % each).collect();
                both.sort_unstable();
                both.dedup();
                let products = gram(self.design, &weights, &both);
                let at = |place: usize| {
                    both.binary_search(&(of[place] % each)).expect("it is one of both classes' columns")
                };
                for &i in ours {
                    for &j in theirs {
                        let product = products[at(i) * both.len() + at(j)];
                        found[i * n + j] = product;
                        found[j * n + i] = product;
                    }
                }
            }
        }
        found
    }

    fn reach(&self, step: &[f64]) -> f64 {
        let each = step.chunks_exact(self.each()).map(|of| self.design.reach(of[0], &of[1..]));
        each.fold(0.0, f64::max)
    }
}
