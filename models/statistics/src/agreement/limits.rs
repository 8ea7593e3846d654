//! Limits of agreement of two ways of measuring.

use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::noncentral;
use crate::student;
use serde::{Deserialize, Serialize};

/// The limits within which most differences between two ways of measuring lie (Bland and Altman 1999, Stat Methods Med Res 8:135).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Mean of B less A, with its t interval.
    pub bias: Estimate,
    /// Standard deviation of the differences.
    pub standard_deviation: f64,
    /// Bias less and more than 1.96 standard deviations, each with its interval.
    pub limits: [Estimate; 2],
}

/// Standard deviations to either side of the bias between which 95 % of normal differences lie.
const WITHIN: f64 = 1.96;

/// Limits of agreement of two measurements of the same cases.
///
/// # Errors
/// As [`crate::paired`]; too few where the differences do not vary.
pub fn agreement(a: &[f64], b: &[f64], level: Level) -> Result<Agreement, StatisticsError> {
    let found = crate::paired(a, b, level)?;
    let (n, sd) = (found.difference.n as f64, found.standard_deviation);
    let half =
        student::two_sided(level, n - 1.0) * sd * (1.0 / n + WITHIN * WITHIN / (2.0 * (n - 1.0))).sqrt();
    let limits = [-WITHIN, WITHIN].map(|way| {
        let value = found.difference.value + way * sd;
        Estimate { value, interval: Interval::around(value, half, level), n: found.difference.n }
    });
    if limits.iter().any(|limit: &Estimate| !limit.value.is_finite()) {
        return Err(StatisticsError::TooLarge);
    }
    Ok(Agreement { bias: found.difference, standard_deviation: sd, limits })
}

/// As [`agreement`], with exact intervals of the limits for normal differences, by the noncentral t (Carkeet 2015, Optom Vis Sci 92:e71). Those of [`agreement`] are Bland and
/// Altman's approximation, symmetrical and of few pairs somewhat too narrow: of 20 they hold 92.5 % in place of 95.
///
/// # Errors
/// As [`agreement`].
pub fn exact_agreement(a: &[f64], b: &[f64], level: Level) -> Result<Agreement, StatisticsError> {
    let found = agreement(a, b, level)?;
    let (n, tail) = (found.bias.n as f64, level.error() / 2.0);
    let each = found.standard_deviation / n.sqrt();
    // How far the true limit lies from the bias that was found, at the least and at the most.
    let [near, far] = [1.0 - tail, tail]
        .map(|probability| each * noncentral::exceeded(probability, n - 1.0, WITHIN * n.sqrt()));
    let mut limits = found.limits;
    let bias = found.bias.value;
    limits[0].interval = Interval::new(bias - far, bias - near, level);
    limits[1].interval = Interval::new(bias + near, bias + far, level);
    Ok(Agreement { limits, ..found })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
    }

    #[test]
    fn limits_of_agreement_lie_about_the_bias() {
        let a = [10.0, 12.0, 9.0, 14.0, 11.0, 13.0];
        let b = [10.5, 12.5, 8.0, 15.5, 11.0, 14.0];
        let found = agreement(&a, &b, Level::NINETY_FIVE).unwrap();
        near(found.bias.value, 2.5 / 6.0);
        near(found.limits[1].value - found.limits[0].value, 3.92 * found.standard_deviation);
        let [low, high] = found.limits;
        near(low.interval.unwrap().half_width(), high.interval.unwrap().half_width());
    }

    #[test]
    fn exact_limits_are_those_of_r() {
        let a = [10.0, 12.0, 9.0, 14.0, 11.0, 13.0];
        let b = [10.5, 12.5, 8.0, 15.5, 11.0, 14.0];
        let found = exact_agreement(&a, &b, Level::NINETY_FIVE).unwrap();
        // qt(c(0.025, 0.975), 5, ncp = 1.96 * sqrt(6)) of R 4.2.2.
        let known =
            [[-3.984_898_935_835_51, -0.436_957_515_002_444], [1.270_290_848_335_78, 4.818_232_269_168_85]];
        for (limit, ends) in found.limits.iter().zip(known) {
            crate::made_up::near_ends(limit.interval, ends);
        }
        assert!(exact_agreement(&a, &a, Level::NINETY_FIVE).is_ok());
        assert!(exact_agreement(&a[..1], &b[..1], Level::NINETY_FIVE).is_err());
    }
}
