//! Linear, logistic, multinomial and proportional-odds regression as fitted models.

use super::loss::Ending;
use super::sigmoid::{sigmoid, softmax};
use crate::data::{Predictions, Table};
use crate::error::LearningError;
use crate::prepare::Prepare;
use crate::shapley::Shapley;
use serde::{Deserialize, Serialize};

/// Kind of a regression, by what its scores mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// The score is the number.
    Linear,
    /// The score is the log-odds of class 1 of two.
    Logistic,
    /// A score a class; probabilities are their softmax.
    Multinomial,
    /// One score; logit P(class <= k) is threshold k less the score.
    Ordinal {
        /// Thresholds in ascending order, for a score that is zero at the means of the columns.
        thresholds: Vec<f64>,
    },
}

/// A fitted regression. What is read is checked, so that no file makes a prediction panic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RegressionFile")]
pub struct Regression {
    pub(crate) family: Family,
    pub(crate) prepare: Prepare,
    pub(crate) scores: Vec<Score>,
    pub(crate) lambda: f64,
    pub(crate) ending: Ending,
}

/// A regression as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegressionFile {
    family: Family,
    prepare: Prepare,
    scores: Vec<Score>,
    lambda: f64,
    ending: Ending,
}

impl TryFrom<RegressionFile> for Regression {
    type Error = LearningError;

    fn try_from(file: RegressionFile) -> Result<Regression, LearningError> {
        let RegressionFile { family, prepare, scores, lambda, ending } = file;
        if matches!(family, Family::Multinomial) != (scores.len() > 1) || scores.is_empty() {
            return Err(LearningError::Damaged("it has another number of scores than its kind"));
        }
        if scores.iter().any(|score| score.slopes.len() != prepare.columns().len()) {
            return Err(LearningError::Damaged("its slopes and columns differ in number"));
        }
        if let Family::Ordinal { thresholds } = &family
            && (thresholds.is_empty() || !thresholds.is_sorted())
        {
            return Err(LearningError::Damaged("its thresholds do not ascend"));
        }
        Ok(Regression { family, prepare, scores, lambda, ending })
    }
}

/// A score as a sum over prepared columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Score {
    /// Score at the means of the training rows.
    pub(crate) base: f64,
    /// Slope of each prepared column.
    pub(crate) slopes: Vec<f64>,
}

/// Coefficients in the units of the table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coefficients {
    /// Score where all columns are zero; zero for proportional odds, whose thresholds hold it.
    pub intercept: f64,
    /// Name of each column, or of its indicator of missing values, with the change of the score for each unit.
    pub slopes: Vec<(String, f64)>,
}

impl Regression {
    /// Kind of the regression.
    pub fn family(&self) -> &Family {
        &self.family
    }

    /// Steps before the fit, as learnt.
    pub fn prepare(&self) -> &Prepare {
        &self.prepare
    }

    /// How the fit ended. Look at it: classes that are separated have no finite estimate without a penalty.
    pub fn ending(&self) -> Ending {
        self.ending
    }

    /// Strength of the penalty as it was used.
    pub fn lambda(&self) -> f64 {
        self.lambda
    }

    /// Coefficients of each score in the units of the table. Columns that were left out are not among them. The intercepts of several classes,
    /// which matter but for their mean, have mean zero, as in glmnet.
    pub fn coefficients(&self) -> Vec<Coefficients> {
        let names = self.prepare.prepared_names();
        let is_ordinal = matches!(self.family, Family::Ordinal { .. });
        let of = |score: &Score| {
            let slopes = score.slopes.iter().zip(self.prepare.columns());
            let slopes = slopes.map(|(slope, column)| slope / column.spread);
            let intercept = if is_ordinal { 0.0 } else { score.base - self.shift(score) };
            Coefficients { intercept, slopes: names.iter().cloned().zip(slopes).collect() }
        };
        let mut found: Vec<Coefficients> = self.scores.iter().map(of).collect();
        if self.family == Family::Multinomial {
            let mean = found.iter().map(|score| score.intercept).sum::<f64>() / found.len() as f64;
            found.iter_mut().for_each(|score| score.intercept -= mean);
        }
        found
    }

    /// Thresholds of proportional odds in the units of [`Regression::coefficients`]; none of other kinds.
    pub fn thresholds(&self) -> Vec<f64> {
        match &self.family {
            Family::Ordinal { thresholds } => {
                let shift: f64 = self.scores.iter().map(|score| self.shift(score)).sum();
                thresholds.iter().map(|threshold| threshold + shift).collect()
            }
            _ => Vec::new(),
        }
    }

    /// How much the means of the columns add to a score.
    fn shift(&self, score: &Score) -> f64 {
        let columns = self.prepare.columns().iter().zip(&score.slopes);
        columns.map(|(column, slope)| slope / column.spread * column.centre).sum()
    }

    /// Scores of each row.
    ///
    /// # Errors
    /// A column that the table lacks; a missing value where they are refused; values too large.
    pub fn scores(&self, table: &Table) -> Result<Vec<Vec<f64>>, LearningError> {
        let design = self.prepare.apply(table)?;
        let of: Vec<Vec<f64>> =
            self.scores.iter().map(|score| design.predictor(score.base, &score.slopes)).collect();
        let rows: Vec<Vec<f64>> =
            (0..design.rows).map(|row| of.iter().map(|score| score[row]).collect()).collect();
        match rows.iter().position(|row| row.iter().any(|score| !score.is_finite())) {
            Some(row) => Err(LearningError::TooLarge { row }),
            None => Ok(rows),
        }
    }

    /// Predictions of rows, known or new.
    ///
    /// # Errors
    /// As of [`Regression::scores`].
    pub fn predict(&self, table: &Table) -> Result<Predictions, LearningError> {
        let scores = self.scores(table)?;
        if self.family == Family::Linear {
            return Ok(Predictions::Numbers(scores.into_iter().map(|row| row[0]).collect()));
        }
        Ok(Predictions::Probabilities(scores.iter().map(|row| self.family.probabilities(row)).collect()))
    }

    /// Exact Shapley values on the scale of the scores, against the means of the training rows: slope times distance from the mean, which is
    /// the interventional value of a linear score. A missing value counts for its column.
    ///
    /// # Errors
    /// As of [`Regression::scores`].
    pub fn shapley(&self, table: &Table) -> Result<Shapley, LearningError> {
        self.scores(table)?;
        let design = self.prepare.apply(table)?;
        let columns = self.prepare.names().len();
        let mut contributions = vec![0.0; design.rows * self.scores.len() * columns];
        for (row, of_row) in contributions.chunks_exact_mut((self.scores.len() * columns).max(1)).enumerate()
        {
            for (score, of_score) in self.scores.iter().zip(of_row.chunks_exact_mut(columns.max(1))) {
                for ((column, values), slope) in
                    self.prepare.columns().iter().zip(&design.columns).zip(&score.slopes)
                {
                    of_score[column.of] += slope * values[row];
                }
            }
        }
        let base = self.scores.iter().map(|score| score.base).collect();
        Shapley::new(self.prepare.names().to_vec(), base, design.rows, contributions)
    }
}

impl Family {
    /// Probabilities of the classes from the scores of a row; of a number its score.
    fn probabilities(&self, scores: &[f64]) -> Vec<f64> {
        match self {
            Family::Linear => scores.to_vec(),
            Family::Logistic => vec![sigmoid(-scores[0]), sigmoid(scores[0])],
            Family::Multinomial => softmax(scores),
            Family::Ordinal { thresholds } => {
                let class = |k: usize| {
                    // sigmoid(a) - sigmoid(b) without cancellation.
                    let (upper, lower) = (thresholds.get(k), k.checked_sub(1).map(|k| thresholds[k]));
                    match (upper.map(|end| end - scores[0]), lower.map(|end| end - scores[0])) {
                        (Some(upper), None) => sigmoid(upper),
                        (None, Some(lower)) => sigmoid(-lower),
                        (Some(upper), Some(lower)) => {
                            sigmoid(upper) * sigmoid(-lower) * -(lower - upper).exp_m1()
                        }
                        (None, None) => 1.0,
                    }
                };
                (0..=thresholds.len()).map(class).collect()
            }
        }
    }
}
