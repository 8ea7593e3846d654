//! Half the mean squared error of a standardised outcome.

use super::gram::gram;
use super::loss::Loss;
use crate::design::{Design, dot};

/// Parameters: constant, slopes.
pub(crate) struct Squares<'a> {
    pub(crate) design: &'a Design,
    /// Outcomes with mean 0 and standard deviation 1, or all 0.
    pub(crate) outcomes: &'a [f64],
}

impl Squares<'_> {
    fn residuals(&self, at: &[f64]) -> Vec<f64> {
        let predictor = self.design.predictor(at[0], &at[1..]);
        predictor.iter().zip(self.outcomes).map(|(found, outcome)| found - outcome).collect()
    }
}

impl Loss for Squares<'_> {
    fn start(&self) -> Vec<f64> {
        vec![0.0; self.design.columns.len() + 1]
    }

    fn is_slope(&self, parameter: usize) -> bool {
        parameter > 0
    }

    fn value(&self, at: &[f64]) -> f64 {
        let residuals = self.residuals(at);
        dot(&residuals, &residuals) / (2.0 * self.design.rows as f64)
    }

    fn gradient(&self, at: &[f64]) -> Vec<f64> {
        let residuals = self.residuals(at);
        let mean = residuals.iter().sum::<f64>() / self.design.rows as f64;
        [vec![mean], self.design.means_of_products(&residuals)].concat()
    }

    fn curvature(&self, _: &[f64], of: &[usize]) -> Vec<f64> {
        gram(self.design, &vec![1.0; self.design.rows], of)
    }

    fn reach(&self, _: &[f64]) -> f64 {
        // Squares always have a minimum.
        0.0
    }
}
