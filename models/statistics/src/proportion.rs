//! Proportions.

use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::student;
use serde::{Deserialize, Serialize};

/// Proportion of patients of whom something is true, with Wilson's score interval (Wilson 1927, J Am Stat Assoc 22:209).
///
/// It lies within 0 to 1 and is of use for none and for all: of 0 in 20 it goes from 0 to 0.16. It holds at its level on the average over
/// proportions; near 0 and 1 and for few patients a single one may be some percent off.
///
/// # Errors
/// Too few of no patients; range where more are counted than there are.
pub fn proportion(count: usize, n: usize, level: Level) -> Result<Estimate, StatisticsError> {
    if n == 0 {
        return Err(StatisticsError::TooFew { what: "patients", needed: 1, found: 0 });
    }
    if count > n {
        let (most, found) = (n as f64, count as f64);
        return Err(StatisticsError::Range { what: "a count of patients", least: 0.0, most, found });
    }
    let value = count as f64 / n as f64;
    Ok(Estimate { value, interval: wilson(value, n as f64, level), n })
}

/// How the interval of a proportion is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProportionInterval {
    /// Wilson's score interval, as [`proportion`]: right on the average.
    #[default]
    Wilson,
    /// The exact one (Clopper and Pearson 1934, Biometrika 26:404): never below its level, mostly above it.
    ClopperPearson,
}

impl ProportionInterval {
    /// A count among at least one, not above it.
    pub(crate) fn estimate(self, count: usize, n: usize, level: Level) -> Estimate {
        let (value, all) = (count as f64 / n as f64, n as f64);
        let interval = match self {
            ProportionInterval::Wilson => wilson(value, all, level),
            ProportionInterval::ClopperPearson => clopper_pearson(count as f64, all, level),
        };
        Estimate { value, interval, n }
    }
}

/// As [`proportion`], with an interval of the kind asked for.
///
/// # Errors
/// As [`proportion`].
pub fn proportion_with(
    count: usize,
    n: usize,
    kind: ProportionInterval,
    level: Level,
) -> Result<Estimate, StatisticsError> {
    // What it refuses is refused here.
    proportion(count, n, level)?;
    Ok(kind.estimate(count, n, level))
}

/// By quantiles of F, which are those of beta.
fn clopper_pearson(count: f64, n: f64, level: Level) -> Option<Interval> {
    let tail = level.error() / 2.0;
    // The lower end for a count: the fraction at which as many or more are that rare.
    let lower = |count: f64| {
        let f = student::f_quantile(tail, 2.0 * (n - count + 1.0), 2.0 * count);
        if count == 0.0 { 0.0 } else { count / (count + (n - count + 1.0) * f) }
    };
    Interval::new(lower(count), 1.0 - lower(n - count), level)
}

/// Wilson's interval of a share from 0 to 1 among n, which need not be whole.
pub(crate) fn wilson(share: f64, n: f64, level: Level) -> Option<Interval> {
    let z2 = student::normal_two_sided(level).powi(2);
    let centre = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = (z2 * share * (1.0 - share) / n + z2 * z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n);
    // At 0 and 1 the ends are those, which rounding may miss.
    let low = if share == 0.0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if share == 1.0 { 1.0 } else { (centre + half).min(1.0) };
    Interval::new(low, high, level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_newcombe() {
        // Newcombe 1998 (Stat Med 17:857), table I, method 3.
        let known = [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ];
        for (count, n, low, high) in known {
            let found = proportion(count, n, Level::NINETY_FIVE).unwrap();
            assert_eq!((found.value, found.n), (count as f64 / n as f64, n));
            let interval = found.interval.unwrap();
            assert!(
                (interval.low - low).abs() < 5.1e-5 && (interval.high - high).abs() < 5.1e-5,
                "{found:?}"
            );
        }
    }

    #[test]
    fn none_and_all_are_mirror_images() {
        let none = proportion(0, 7, Level::NINETY_FIVE).unwrap().interval.unwrap();
        let all = proportion(7, 7, Level::NINETY_FIVE).unwrap().interval.unwrap();
        assert_eq!((none.low, all.high), (0.0, 1.0));
        assert!((none.high + all.low - 1.0).abs() < 1e-15);
    }

    #[test]
    fn exact_intervals_are_those_of_r() {
        // binom.test of R 4.2.2.
        for (count, n, low, high) in [
            (0, 7, 0.0, 0.409_616_397_225_003),
            (7, 7, 0.590_383_602_774_997, 1.0),
            (3, 20, 0.032_070_937_185_463_7, 0.378_926_826_545_314),
        ] {
            let found = proportion_with(count, n, ProportionInterval::ClopperPearson, Level::NINETY_FIVE);
            let interval = found.unwrap().interval.unwrap();
            assert!(
                (interval.low - low).abs() < 1e-12 && (interval.high - high).abs() < 1e-12,
                "{interval:?}"
            );
        }
        let wilson = proportion_with(3, 20, ProportionInterval::Wilson, Level::NINETY_FIVE);
        assert_eq!(wilson, proportion(3, 20, Level::NINETY_FIVE));
    }

    #[test]
    fn more_than_all_and_of_none_are_errors() {
        let found = proportion(8, 7, Level::NINETY_FIVE);
        assert!(matches!(found, Err(StatisticsError::Range { most: 7.0, found: 8.0, .. })), "{found:?}");
        assert!(matches!(proportion(0, 0, Level::NINETY_FIVE), Err(StatisticsError::TooFew { .. })));
    }
}
