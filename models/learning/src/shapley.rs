//! What each column added to a prediction: Shapley values of trees and of linear models.

use crate::error::LearningError;
use serde::Serialize;

/// Shapley values on the raw scale of a model: log-odds of classes, the number itself of a regression, votes of a forest.
///
/// Of each row and output, base plus the contributions of all columns is the raw prediction.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shapley {
    columns: Vec<String>,
    base: Vec<f64>,
    rows: usize,
    /// Row after row, within it output after output, within it column after column.
    contributions: Vec<f64>,
}

impl Shapley {
    /// From the base of each output and the contributions row by row, within a row output by output, within an output column by column.
    ///
    /// # Errors
    /// [`LearningError::Lengths`] where the contributions are not `rows` x outputs x columns.
    pub fn new(
        columns: Vec<String>,
        base: Vec<f64>,
        rows: usize,
        contributions: Vec<f64>,
    ) -> Result<Shapley, LearningError> {
        let expected = rows * base.len() * columns.len();
        if contributions.len() != expected {
            let found = contributions.len();
            return Err(LearningError::Lengths { what: "contributions", expected, found });
        }
        Ok(Shapley { columns, base, rows, contributions })
    }

    /// Names of the columns, in the order in which the model was fitted.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Raw prediction of each output before any column is known.
    pub fn base(&self) -> &[f64] {
        &self.base
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of outputs.
    pub fn outputs(&self) -> usize {
        self.base.len()
    }

    /// Contribution of each column to an output of a row, in the order of [`Shapley::columns`].
    ///
    /// # Panics
    /// Beyond the last row or output.
    pub fn of(&self, row: usize, output: usize) -> &[f64] {
        assert!(row < self.rows && output < self.outputs(), "row {row} and output {output} are explained");
        let from = (row * self.outputs() + output) * self.columns.len();
        &self.contributions[from..from + self.columns.len()]
    }

    /// Base and contributions of a row together: its raw prediction.
    ///
    /// # Panics
    /// Beyond the last row or output.
    pub fn total(&self, row: usize, output: usize) -> f64 {
        self.base[output] + self.of(row, output).iter().sum::<f64>()
    }

    /// Mean absolute contribution of each column to an output: its importance over these rows; 0 without rows.
    ///
    /// # Panics
    /// Beyond the last output.
    pub fn importance(&self, output: usize) -> Vec<f64> {
        let mut sums = vec![0.0; self.columns.len()];
        for row in 0..self.rows {
            for (sum, contribution) in sums.iter_mut().zip(self.of(row, output)) {
                *sum += contribution.abs();
            }
        }
        sums.iter().map(|sum| sum / self.rows.max(1) as f64).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contributions_are_found_by_row_and_output() {
        let columns = vec!["age".to_owned(), "sex".to_owned(), "ais".to_owned()];
        let contributions: Vec<f64> = (0..12).map(f64::from).collect();
        let found = Shapley::new(columns.clone(), vec![0.5, -0.5], 2, contributions).unwrap();
        assert_eq!((found.rows(), found.outputs(), found.columns()), (2, 2, &columns[..]));
        assert_eq!(found.of(1, 0), [6.0, 7.0, 8.0]);
        assert_eq!(found.total(1, 1), 9.0 + 10.0 + 11.0 - 0.5);
        assert_eq!(found.importance(1), [6.0, 7.0, 8.0]);
        let short = Shapley::new(columns, vec![0.5], 2, vec![0.0; 5]);
        assert_eq!(short, Err(LearningError::Lengths { what: "contributions", expected: 6, found: 5 }));
    }
}
