//! Values without the missing ones, their mean and spread, and the t interval of a mean.

use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::student;

/// A spread below this share of the largest value is rounding. Results of a simulation carry errors of some thousand roundings.
const ROUNDING: f64 = 1e-12;

/// Whether a spread of values as large as these is no more than rounding.
pub(crate) fn is_rounding(spread: f64, largest: f64) -> bool {
    spread <= ROUNDING * largest
}

/// The largest size among values; 0 of none.
pub(crate) fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most: f64, value| most.max(value.abs()))
}

/// Values that are there, and how many were missing (NaN).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sample {
    pub(crate) values: Vec<f64>,
    pub(crate) left_out: usize,
}

impl Sample {
    /// Leaves out what is missing.
    ///
    /// # Errors
    /// Too large where a value is infinite.
    pub(crate) fn of(values: &[f64]) -> Result<Self, StatisticsError> {
        let present: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        if present.iter().any(|value| value.is_infinite()) {
            return Err(StatisticsError::TooLarge);
        }
        let left_out = values.len() - present.len();
        Ok(Sample { values: present, left_out })
    }

    /// An error where there are fewer values than needed.
    pub(crate) fn with_at_least(self, needed: usize, what: &'static str) -> Result<Self, StatisticsError> {
        let found = self.values.len();
        if found < needed { Err(StatisticsError::TooFew { what, needed, found }) } else { Ok(self) }
    }
}

/// Mean and standard deviation of finite values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Moments {
    pub(crate) n: usize,
    pub(crate) mean: f64,
    /// With divisor n − 1; `None` of one value.
    pub(crate) standard_deviation: Option<f64>,
}

impl Moments {
    /// # Errors
    /// Too few of no values; too large where the spread is beyond the largest number.
    pub(crate) fn of(values: &[f64]) -> Result<Self, StatisticsError> {
        let n = values.len();
        if n == 0 {
            return Err(StatisticsError::TooFew { what: "values", needed: 1, found: 0 });
        }
        // By a power of two, which rounds nothing: neither sums nor squares may overflow or vanish.
        let scale = power_of_two(largest(values));
        let count = n as f64;
        let rough = values.iter().map(|value| value / scale).sum::<f64>() / count;
        // What rounding left of the first mean.
        let mean = rough + values.iter().map(|value| value / scale - rough).sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value / scale - mean).powi(2)).sum();
        let standard_deviation = (n > 1).then(|| scale * (squares / (count - 1.0)).sqrt());
        let finite = (scale * mean).is_finite() && standard_deviation.is_none_or(f64::is_finite);
        let moments = Moments { n, mean: scale * mean, standard_deviation };
        if finite { Ok(moments) } else { Err(StatisticsError::TooLarge) }
    }

    /// Standard deviation where there is one beyond rounding of values as large as these.
    pub(crate) fn spread(&self, largest: f64) -> Option<f64> {
        self.standard_deviation.filter(|spread| !is_rounding(*spread, largest))
    }

    /// The mean with its t interval; largest is that of the values from which those here were computed.
    pub(crate) fn estimate(&self, largest: f64, level: Level) -> Estimate {
        let interval = self.spread(largest).and_then(|spread| {
            let t = student::two_sided(level, (self.n - 1) as f64);
            Interval::around(self.mean, t * spread / (self.n as f64).sqrt(), level)
        });
        Estimate { value: self.mean, interval, n: self.n }
    }
}

/// The power of two at or below a size; the least normal number for less.
pub(crate) fn power_of_two(size: f64) -> f64 {
    const EXPONENT: u64 = 0x7ff0_0000_0000_0000;
    f64::from_bits(size.to_bits() & EXPONENT).max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_power_of_two_is_at_or_below() {
        for (size, power) in [(1.0, 1.0), (3.9, 2.0), (0.3, 0.25), (0.0, f64::MIN_POSITIVE)] {
            assert_eq!(power_of_two(size), power);
        }
        assert!(power_of_two(f64::MAX).is_finite());
    }

    #[test]
    fn moments_do_not_depend_on_the_unit() {
        let values = [1.0, 2.0, 4.0, 9.0];
        let plain = Moments::of(&values).unwrap();
        assert_eq!(plain.mean, 4.0);
        assert!((plain.standard_deviation.unwrap().powi(2) - 38.0 / 3.0).abs() < 1e-13);
        for unit in [2.0f64.powi(-1000), 2.0f64.powi(1000)] {
            let scaled = Moments::of(&values.map(|value| value * unit)).unwrap();
            assert_eq!(scaled.mean, 4.0 * unit);
            assert_eq!(scaled.standard_deviation, plain.standard_deviation.map(|spread| spread * unit));
        }
        // A large common part takes nothing from the spread.
        let shifted = Moments::of(&values.map(|value| value + 1e9)).unwrap();
        assert!((shifted.standard_deviation.unwrap() - plain.standard_deviation.unwrap()).abs() < 1e-6);
    }

    #[test]
    fn a_mean_of_many_has_all_its_digits() {
        // Their plain sum is off by 2e-12 of itself.
        assert!((Moments::of(&[0.1; 100_000]).unwrap().mean - 0.1).abs() < 1e-16);
    }

    #[test]
    fn one_value_and_equal_values_have_no_interval() {
        let one = Moments::of(&[3.0]).unwrap();
        assert_eq!(one.standard_deviation, None);
        assert_eq!(one.estimate(3.0, Level::NINETY_FIVE), Estimate { value: 3.0, interval: None, n: 1 });
        let equal = [0.1 + 0.2, 0.3, 0.3];
        assert_eq!(Moments::of(&equal).unwrap().estimate(largest(&equal), Level::NINETY_FIVE).interval, None);
        assert_eq!(Moments::of(&[0.0; 4]).unwrap().estimate(0.0, Level::NINETY_FIVE).interval, None);
    }

    #[test]
    fn missing_values_are_counted_and_infinite_ones_refused() {
        let sample = Sample::of(&[1.0, f64::NAN, 2.0]).unwrap();
        assert_eq!(sample, Sample { values: vec![1.0, 2.0], left_out: 1 });
        assert_eq!(Sample::of(&[1.0, f64::NEG_INFINITY]), Err(StatisticsError::TooLarge));
        assert!(sample.with_at_least(3, "values").is_err());
        assert_eq!(Moments::of(&[f64::MAX, -f64::MAX, f64::MAX]), Err(StatisticsError::TooLarge));
        assert!(Moments::of(&[f64::MAX; 3]).is_ok());
    }
}
