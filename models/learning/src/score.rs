//! Losses by which models are compared.

use crate::data::{Outcomes, Predictions};
use crate::error::LearningError;
use serde::{Deserialize, Serialize};

/// Least probability that log loss counts, so that one certain error does not outweigh all else.
const LEAST: f64 = 1e-15;

/// Loss by which hyperparameters are chosen; smaller is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Criterion {
    /// Minus the logarithm of the probability of the true class, which counts as 1e-15 at least.
    LogLoss,
    /// Ranked probability score of ordered classes: sum over all limits between classes of the squared error of the probability of lying below,
    /// divided by the number of limits (Epstein 1969, J Appl Meteorol 8:985).
    RankedProbability,
    /// Squared difference from the number.
    SquaredError,
}

impl Criterion {
    /// The usual one: log loss of classes, squared error of numbers.
    pub fn usual(outcomes: &Outcomes) -> Criterion {
        match outcomes {
            Outcomes::Numbers(_) => Criterion::SquaredError,
            Outcomes::Classes { .. } => Criterion::LogLoss,
        }
    }

    /// Loss of each row.
    ///
    /// # Errors
    /// Lists of different lengths; outcomes of another kind than the criterion's, or than the predictions.
    pub fn losses(self, predictions: &Predictions, outcomes: &Outcomes) -> Result<Vec<f64>, LearningError> {
        let check = |found: usize| {
            let expected = outcomes.rows();
            let lengths = LearningError::Lengths { what: "outcomes and predictions", expected, found };
            if expected == found { Ok(()) } else { Err(lengths) }
        };
        match (self, predictions, outcomes) {
            (Criterion::SquaredError, Predictions::Numbers(found), Outcomes::Numbers(of)) => {
                check(found.len())?;
                Ok(found.iter().zip(of).map(|(found, of)| (found - of).powi(2)).collect())
            }
            (
                Criterion::LogLoss | Criterion::RankedProbability,
                Predictions::Probabilities(rows),
                Outcomes::Classes { count, of },
            ) => {
                check(rows.len())?;
                if let Some(row) = rows.iter().find(|row| row.len() != *count) {
                    let (expected, found) = (*count, row.len());
                    return Err(LearningError::Lengths {
                        what: "classes and probabilities",
                        expected,
                        found,
                    });
                }
                Ok(rows.iter().zip(of).map(|(row, class)| self.of_class(row, *class)).collect())
            }
            (Criterion::SquaredError, ..) => Err(wrong("squared error", "numbers", outcomes)),
            (Criterion::LogLoss, ..) => Err(wrong("log loss", "classes", outcomes)),
            (Criterion::RankedProbability, ..) => Err(wrong("ranked probability", "classes", outcomes)),
        }
    }

    fn of_class(self, row: &[f64], class: usize) -> f64 {
        if self != Criterion::RankedProbability {
            return -row[class].max(LEAST).ln();
        }
        let mut below = 0.0;
        let limits = row.len().saturating_sub(1);
        let error = |k: usize| {
            below += row[k];
            (below - if class <= k { 1.0 } else { 0.0 }).powi(2)
        };
        (0..limits).map(error).sum::<f64>() / limits.max(1) as f64
    }
}

fn wrong(model: &'static str, wants: &'static str, outcomes: &Outcomes) -> LearningError {
    LearningError::Kind { model, wants, found: outcomes.kind() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_those_of_their_definitions() {
        let rows = Predictions::Probabilities(vec![vec![0.2, 0.5, 0.3], vec![1.0, 0.0, 0.0]]);
        let outcomes = Outcomes::Classes { count: 3, of: vec![2, 2] };
        let log = Criterion::LogLoss.losses(&rows, &outcomes).unwrap();
        assert_eq!(log, [-0.3f64.ln(), -1e-15f64.ln()]);
        // (0.2² + 0.7²) / 2, and all wrong.
        let ranked = Criterion::RankedProbability.losses(&rows, &outcomes).unwrap();
        assert!((ranked[0] - 0.265).abs() < 1e-15 && ranked[1] == 1.0, "{ranked:?}");
        let numbers = Outcomes::Numbers(vec![1.0]);
        let squares = Criterion::SquaredError.losses(&Predictions::Numbers(vec![3.0]), &numbers);
        assert_eq!(squares, Ok(vec![4.0]));
        assert!(Criterion::SquaredError.losses(&rows, &outcomes).is_err());
        assert!(Criterion::LogLoss.losses(&rows, &Outcomes::Classes { count: 2, of: vec![0, 1] }).is_err());
        assert!(Criterion::LogLoss.losses(&rows, &Outcomes::Classes { count: 3, of: vec![0] }).is_err());
    }
}
