//! Proportions.

use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::student;

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
    fn more_than_all_and_of_none_are_errors() {
        let found = proportion(8, 7, Level::NINETY_FIVE);
        assert!(matches!(found, Err(StatisticsError::Range { most: 7.0, found: 8.0, .. })), "{found:?}");
        assert!(matches!(proportion(0, 0, Level::NINETY_FIVE), Err(StatisticsError::TooFew { .. })));
    }
}
