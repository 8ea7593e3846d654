//! Limits of agreement of two ways of measuring.

use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
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
    Ok(Agreement { bias: found.difference, standard_deviation: sd, limits })
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
}
