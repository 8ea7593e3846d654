//! The mean negative log-likelihood of two classes.

use super::gram::gram;
use super::loss::Loss;
use super::sigmoid::{sigmoid, softplus};
use crate::design::Design;

/// Parameters: constant, slopes, of the log-odds of class 1.
pub(crate) struct Binomial<'a> {
    pub(crate) design: &'a Design,
    /// Class of each row, 0 or 1; both have a row.
    pub(crate) classes: &'a [usize],
}

impl Binomial<'_> {
    fn predictor(&self, at: &[f64]) -> Vec<f64> {
        self.design.predictor(at[0], &at[1..])
    }
}

impl Loss for Binomial<'_> {
    fn start(&self) -> Vec<f64> {
        let diseased = self.classes.iter().filter(|class| **class == 1).count() as f64;
        let mut start = vec![0.0; self.design.columns.len() + 1];
        start[0] = (diseased / (self.classes.len() as f64 - diseased)).ln();
        start
    }

    fn is_slope(&self, parameter: usize) -> bool {
        parameter > 0
    }

    fn value(&self, at: &[f64]) -> f64 {
        let predictor = self.predictor(at);
        let one = |(score, class): (&f64, &usize)| softplus(if *class == 1 { -score } else { *score });
        predictor.iter().zip(self.classes).map(one).sum::<f64>() / self.design.rows as f64
    }

    fn gradient(&self, at: &[f64]) -> Vec<f64> {
        let predictor = self.predictor(at);
        // From the side of the class, where small probabilities keep their digits.
        let one = |(score, class): (&f64, &usize)| {
            if *class == 1 { -sigmoid(-score) } else { sigmoid(*score) }
        };
        let residuals: Vec<f64> = predictor.iter().zip(self.classes).map(one).collect();
        let mean = residuals.iter().sum::<f64>() / self.design.rows as f64;
        [vec![mean], self.design.means_of_products(&residuals)].concat()
    }

    fn curvature(&self, at: &[f64], of: &[usize]) -> Vec<f64> {
        let weights: Vec<f64> =
            self.predictor(at).iter().map(|score| sigmoid(*score) * sigmoid(-score)).collect();
        gram(self.design, &weights, of)
    }

    fn reach(&self, step: &[f64]) -> f64 {
        self.design.reach(step[0], &step[1..])
    }
}
