//! One sample: mean, standard deviation and quantiles.

use crate::error::StatisticsError;
use crate::interval::{Estimate, Level};
use crate::sample::{Moments, Sample, largest};
use serde::{Deserialize, Serialize};

/// What is said of one sample, in the unit of its values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Mean with its t interval.
    pub mean: Estimate,
    /// With divisor n − 1; `None` of one value.
    pub standard_deviation: Option<f64>,
    /// Least value.
    pub least: f64,
    /// Lower quartile.
    pub lower_quartile: f64,
    /// Median.
    pub median: f64,
    /// Upper quartile.
    pub upper_quartile: f64,
    /// Greatest value.
    pub greatest: f64,
    /// Missing values (NaN), which are left out.
    pub left_out: usize,
}

/// Summary of values; missing ones (NaN) are left out and counted.
///
/// The interval of the mean is Student's: exact for normal values, near enough for others from some thirty on.
///
/// # Errors
/// Too few where no value is there; too large where one is infinite.
pub fn summary(values: &[f64], level: Level) -> Result<Summary, StatisticsError> {
    let sample = Sample::of(values)?.with_at_least(1, "values")?;
    let moments = Moments::of(&sample.values)?;
    let sorted = sorted(&sample.values);
    Ok(Summary {
        mean: moments.estimate(largest(&sample.values), level),
        standard_deviation: moments.standard_deviation,
        least: of_sorted(&sorted, 0.0),
        lower_quartile: of_sorted(&sorted, 0.25),
        median: of_sorted(&sorted, 0.5),
        upper_quartile: of_sorted(&sorted, 0.75),
        greatest: of_sorted(&sorted, 1.0),
        left_out: sample.left_out,
    })
}

/// Mean of values with its t interval; missing ones (NaN) are left out.
///
/// # Errors
/// As of [`summary`].
pub fn mean(values: &[f64], level: Level) -> Result<Estimate, StatisticsError> {
    let sample = Sample::of(values)?.with_at_least(1, "values")?;
    Ok(Moments::of(&sample.values)?.estimate(largest(&sample.values), level))
}

/// The value below which a share of values lies, from 0 (the least) to 1 (the greatest), between neighbours in a straight line:
/// type 7 of Hyndman and Fan 1996 (Am Stat 50:361), the one that R and NumPy take. Missing values (NaN) are left out.
///
/// # Errors
/// Range of a share outside 0 to 1; otherwise as of [`summary`].
pub fn quantile(values: &[f64], share: f64) -> Result<f64, StatisticsError> {
    if !(0.0..=1.0).contains(&share) {
        return Err(StatisticsError::Range { what: "a share", least: 0.0, most: 1.0, found: share });
    }
    let sample = Sample::of(values)?.with_at_least(1, "values")?;
    Ok(of_sorted(&sorted(&sample.values), share))
}

/// The median of values; missing ones (NaN) are left out.
///
/// # Errors
/// As of [`summary`].
pub fn median(values: &[f64]) -> Result<f64, StatisticsError> {
    quantile(values, 0.5)
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// Quantile of type 7 of values in order, at least one, and a share from 0 to 1.
pub(crate) fn of_sorted(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = sorted[place.floor() as usize];
    let above = sorted[place.ceil() as usize];
    // Both parts apart: the difference of two large numbers may be none.
    if below == above { below } else { (1.0 - place.fract()) * below + place.fract() * above }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_type_7() {
        let values = [10.0, 1.0, 3.0, 2.0, 4.0];
        let found = [0.1, 0.25, 0.5, 0.9].map(|share| quantile(&values, share).unwrap());
        // numpy.quantile
        for (found, expected) in found.into_iter().zip([1.4, 2.0, 3.0, 7.6]) {
            assert!((found - expected).abs() < 1e-14, "{found} instead of {expected}");
        }
        assert_eq!(median(&[4.0, f64::NAN, 1.0]), Ok(2.5));
        for wrong in [-0.1, 1.1, f64::NAN] {
            assert!(matches!(quantile(&values, wrong), Err(StatisticsError::Range { .. })), "{wrong}");
        }
        assert_eq!(median(&[-f64::MAX, f64::MAX]), Ok(0.0));
    }

    #[test]
    fn a_mean_has_student_s_interval() {
        // Of the eight values the standard deviation is sqrt(32/7), and t of 7 degrees of freedom is 2.364624.
        let found = summary(&[2.0, 4.0, 4.0, f64::NAN, 4.0, 5.0, 5.0, 7.0, 9.0], Level::NINETY_FIVE).unwrap();
        assert_eq!((found.mean.value, found.mean.n, found.left_out), (5.0, 8, 1));
        let half = 2.364624251592784 * (32.0f64 / 7.0 / 8.0).sqrt();
        assert!((found.mean.interval.unwrap().half_width() - half).abs() < 1e-10);
        assert!((found.standard_deviation.unwrap().powi(2) - 32.0 / 7.0).abs() < 1e-14);
        let places = (found.least, found.lower_quartile, found.median, found.upper_quartile, found.greatest);
        assert_eq!(places, (2.0, 4.0, 4.5, 5.5, 9.0));
        assert_eq!(mean(&[1.0, 2.0, 6.0], Level::NINETY_FIVE).unwrap().value, 3.0);
    }

    #[test]
    fn one_value_is_its_own_summary_and_none_is_an_error() {
        let one = summary(&[7.0], Level::NINETY_FIVE).unwrap();
        assert_eq!((one.mean.value, one.mean.interval, one.standard_deviation), (7.0, None, None));
        assert_eq!((one.least, one.median, one.greatest), (7.0, 7.0, 7.0));
        for none in [&[][..], &[f64::NAN]] {
            let found = summary(none, Level::NINETY_FIVE);
            assert!(matches!(found, Err(StatisticsError::TooFew { needed: 1, found: 0, .. })), "{found:?}");
        }
        assert_eq!(mean(&[f64::INFINITY], Level::NINETY_FIVE), Err(StatisticsError::TooLarge));
    }
}
