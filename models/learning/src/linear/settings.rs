//! Settings of the regressions.

use crate::error::LearningError;
use crate::prepare::PrepareSettings;
use serde::{Deserialize, Serialize};

/// Settings of a regression. The default has no penalty.
///
/// The penalty is glmnet's: `lambda * (alpha * sum |b| + (1 - alpha) / 2 * sum b²)` over the slopes `b` of predictors with standard
/// deviation 1 (divided by n), added to the loss as a mean over rows: half the squared error, or the negative log-likelihood. As in glmnet, the
/// outcome of a linear regression is standardised as well: `lambda` is in its units, and the squared part is divided by its standard deviation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RegressionSettings {
    /// 1 for the lasso, 0 for ridge.
    pub alpha: f64,
    /// Strength of the penalty.
    pub lambda: f64,
    /// Strength as a part of the smallest one at which all slopes are zero (with an `alpha` of at least 0.001, as in glmnet); then `lambda` is not looked at.
    /// Each fit finds its own from its training rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lambda_of_max: Option<f64>,
    /// Steps before the fit.
    pub prepare: PrepareSettings,
}

impl Default for RegressionSettings {
    fn default() -> RegressionSettings {
        RegressionSettings {
            alpha: 1.0,
            lambda: 0.0,
            lambda_of_max: None,
            prepare: PrepareSettings::default(),
        }
    }
}

impl RegressionSettings {
    /// That they make sense.
    ///
    /// # Errors
    /// [`LearningError::Setting`] of the first that does not.
    pub(crate) fn check(&self) -> Result<(), LearningError> {
        let of_max = self.lambda_of_max.unwrap_or(0.0);
        for (what, found, most) in
            [("alpha", self.alpha, 1.0), ("lambda", self.lambda, 1e12), ("lambda_of_max", of_max, 1e6)]
        {
            if !(0.0..=most).contains(&found) {
                return Err(LearningError::Setting { what, least: 0.0, most, found });
            }
        }
        Ok(())
    }

    /// The penalty, where `largest` is the largest slope of the loss at no slopes.
    pub(crate) fn lambda(&self, largest: f64) -> f64 {
        match self.lambda_of_max {
            Some(part) => part * largest / self.alpha.max(1e-3),
            None => self.lambda,
        }
    }
}
