//! How many patients a comparison needs.

use crate::error::StatisticsError;
use crate::interval::Level;
use crate::noncentral;
use crate::student;
use serde::{Deserialize, Serialize};
use statrs::function::erf::erfc_inv;
use statrs::function::gamma::checked_gamma_ur;
use std::f64::consts::SQRT_2;

/// Power of the two-sided paired t test at the error 1 − level: how often it claims a difference of an effect size (mean difference over standard
/// deviation of differences, dz) in so many pairs, differences being normal.
///
/// From the noncentral t by numerical integration; errors are below 1e-10 for effects up to 500, below 1e-3 for any.
///
/// # Errors
/// Too few below two pairs; too large where the effect size is not finite.
pub fn power(effect_size: f64, pairs: usize, level: Level) -> Result<f64, StatisticsError> {
    if pairs < 2 {
        return Err(StatisticsError::TooFew { what: "pairs", needed: 2, found: pairs });
    }
    if !effect_size.is_finite() {
        return Err(StatisticsError::TooLarge);
    }
    let freedom = (pairs - 1) as f64;
    let critical = student::two_sided(level, freedom);
    Ok(noncentral::beyond(critical, freedom, effect_size.abs() * (pairs as f64).sqrt()))
}

/// The number of pairs that a wanted power needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PairsNeeded {
    /// So many are the fewest.
    Pairs(usize),
    /// More than so many, the most that was asked for.
    MoreThan(usize),
}

/// The fewest pairs, two or more and at most a ceiling, of which the paired t test has the wanted [`power`] for an effect size.
///
/// # Errors
/// Range of a power that is not from 0 to below 1, which no number of pairs reaches; too few where the ceiling is below two; too large where the effect size is not finite.
pub fn pairs_needed(
    effect_size: f64,
    wanted: f64,
    level: Level,
    ceiling: usize,
) -> Result<PairsNeeded, StatisticsError> {
    const MOST: f64 = 1.0 - f64::EPSILON / 2.0;
    if !(0.0..=MOST).contains(&wanted) {
        return Err(StatisticsError::Range { what: "a power", least: 0.0, most: MOST, found: wanted });
    }
    // Power grows with the number of pairs: `few` are too few, `enough` may be.
    let (mut few, mut enough) = (1, ceiling.min(2));
    while power(effect_size, enough, level)? < wanted {
        if enough == ceiling {
            return Ok(PairsNeeded::MoreThan(ceiling));
        }
        few = enough;
        enough = enough.saturating_mul(2).min(ceiling);
    }
    while enough - few > 1 {
        let middle = few + (enough - few) / 2;
        if power(effect_size, middle, level)? < wanted {
            few = middle;
        } else {
            enough = middle;
        }
    }
    Ok(PairsNeeded::Pairs(enough))
}

/// Half of the width of the t interval of a mean, or of a mean difference, of n values (pairs) with a standard deviation, in its unit. In a
/// sample the standard deviation is another, so that half of the intervals or so are wider.
///
/// # Errors
/// Too few below two values; range of a negative standard deviation or NaN; too large of an infinite one.
pub fn half_width(standard_deviation: f64, n: usize, level: Level) -> Result<f64, StatisticsError> {
    check_spread(standard_deviation, n)?;
    let half = student::two_sided(level, (n - 1) as f64) * (standard_deviation / (n as f64).sqrt());
    if half.is_finite() { Ok(half) } else { Err(StatisticsError::TooLarge) }
}

/// The upper one-sided confidence limit of a standard deviation (divisor n − 1) that was found in n normal values, in its unit:
/// it times sqrt((n − 1) / χ²), with the χ² that is exceeded with the probability of the level.
///
/// Half of all pilots find too small a spread, and studies planned with it too seldom have the power that was wanted. With the limit at 80 % they have it
/// four times out of five (Browne 1995, Stat Med 14:1933).
///
/// # Errors
/// Too few below two values; range of a negative standard deviation or NaN; too large where the limit is infinite.
pub fn standard_deviation_at_most(
    standard_deviation: f64,
    n: usize,
    level: Level,
) -> Result<f64, StatisticsError> {
    check_spread(standard_deviation, n)?;
    let freedom = (n - 1) as f64;
    let most = standard_deviation * (freedom / chi_squared_exceeded(level.share(), freedom)).sqrt();
    if most.is_finite() { Ok(most) } else { Err(StatisticsError::TooLarge) }
}

/// The χ² that is exceeded with a probability, to nine digits, of many degrees of freedom to six: the incomplete gamma function of statrs takes ever longer
/// with them. Its quantile is a search that may not end.
fn chi_squared_exceeded(probability: f64, freedom: f64) -> f64 {
    /// Degrees of freedom from which the approximation takes over.
    const MANY: f64 = 10_000.0;
    if freedom > MANY {
        // Wilson and Hilferty 1931, Proc Natl Acad Sci 17:684.
        let part = 2.0 / (9.0 * freedom);
        let z = SQRT_2 * erfc_inv(2.0 * probability);
        return freedom * (1.0 - part + z * part.sqrt()).powi(3);
    }
    let exceeds = |value: f64| checked_gamma_ur(freedom / 2.0, value / 2.0).unwrap_or(1.0) > probability;
    let (mut low, mut high) = (0.0, freedom);
    while exceeds(high) {
        (low, high) = (high, 2.0 * high);
    }
    // The tail falls all the way, so that halving ends at the last digit.
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return high;
        }
        if exceeds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// # Errors
/// Too few below two values; range of a negative standard deviation or NaN.
fn check_spread(standard_deviation: f64, n: usize) -> Result<(), StatisticsError> {
    if n < 2 {
        return Err(StatisticsError::TooFew { what: "values", needed: 2, found: n });
    }
    if standard_deviation.is_nan() || standard_deviation < 0.0 {
        let (most, found) = (f64::MAX, standard_deviation);
        return Err(StatisticsError::Range { what: "a standard deviation", least: 0.0, most, found });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needed(effect_size: f64, wanted: f64) -> PairsNeeded {
        pairs_needed(effect_size, wanted, Level::NINETY_FIVE, 100_000).unwrap()
    }

    #[test]
    fn as_many_pairs_are_needed_as_published() {
        // G*Power 3 and TTestPower of statsmodels 0.14 (33.4, 198.2, 14.3, 44.0, 5.7, 1301.4).
        assert_eq!(needed(0.5, 0.8), PairsNeeded::Pairs(34));
        assert_eq!(needed(0.2, 0.8), PairsNeeded::Pairs(199));
        assert_eq!(needed(0.8, 0.8), PairsNeeded::Pairs(15));
        assert_eq!(needed(0.5, 0.9), PairsNeeded::Pairs(44));
        assert_eq!(needed(1.5, 0.8), PairsNeeded::Pairs(6));
        assert_eq!(needed(0.1, 0.95), PairsNeeded::Pairs(1302));
        assert_eq!(needed(-0.5, 0.8), PairsNeeded::Pairs(34));
    }

    #[test]
    fn a_ceiling_is_reported() {
        let within = |ceiling| pairs_needed(0.5, 0.8, Level::NINETY_FIVE, ceiling);
        assert_eq!(within(33), Ok(PairsNeeded::MoreThan(33)));
        assert_eq!(within(34), Ok(PairsNeeded::Pairs(34)));
        assert_eq!(within(2), Ok(PairsNeeded::MoreThan(2)));
        assert!(matches!(within(1), Err(StatisticsError::TooFew { needed: 2, found: 1, .. })));
        assert_eq!(needed(0.0, 0.8), PairsNeeded::MoreThan(100_000));
        assert_eq!(needed(1e6, 0.99), PairsNeeded::Pairs(2));
        let endless = pairs_needed(1e-12, 0.8, Level::NINETY_FIVE, usize::MAX);
        assert_eq!(endless, Ok(PairsNeeded::MoreThan(usize::MAX)));
    }

    #[test]
    fn power_grows_with_pairs_from_the_error_on() {
        let of = |effect, n| power(effect, n, Level::NINETY_FIVE).unwrap();
        for effect in [0.0, 0.01, 0.5, 3.0] {
            let all: Vec<f64> = (2..60).map(|n| of(effect, n)).collect();
            assert!(all.windows(2).all(|pair| pair[1] > pair[0] - 1e-12), "{effect}: {all:?}");
            assert!(all[0] > 0.05 - 1e-12, "{effect}: {}", all[0]);
        }
        assert!((of(0.0, 12) - 0.05).abs() < 1e-12);
        assert_eq!(of(f64::MAX, 12), 1.0);
    }

    #[test]
    fn wrong_questions_are_errors() {
        let level = Level::NINETY_FIVE;
        assert!(matches!(power(0.5, 1, level), Err(StatisticsError::TooFew { .. })));
        assert_eq!(power(f64::NAN, 10, level), Err(StatisticsError::TooLarge));
        for wrong in [-0.1, 1.0, 80.0, f64::NAN] {
            assert!(
                matches!(pairs_needed(0.5, wrong, level, 100), Err(StatisticsError::Range { .. })),
                "{wrong}"
            );
        }
        for wrong in [-1.0, f64::NAN] {
            assert!(matches!(half_width(wrong, 10, level), Err(StatisticsError::Range { .. })), "{wrong}");
        }
        assert_eq!(half_width(f64::INFINITY, 10, level), Err(StatisticsError::TooLarge));
        assert!(matches!(half_width(1.0, 1, level), Err(StatisticsError::TooFew { .. })));
    }

    #[test]
    fn the_limit_of_a_standard_deviation_is_that_of_tables() {
        // scipy.stats.chi2.ppf (1.17): n, level, limit of 1.
        let known = [
            (3, 0.8, 2.1169364935502),
            (10, 0.8, 2.5867708889459 / 2.0),
            (20, 0.8, 1.1769727057611),
            (5, 0.95, 2.3723556914098),
            (2, 0.3, 0.96484734102248),
            (2, 0.999, 797.88435191712),
            (10_001, 0.999, 1.022290313174),
            (10_002, 0.999, 1.0222891763926),
            (50_000, 0.8, 1.0026740804989),
        ];
        for (n, level, expected) in known {
            let found = standard_deviation_at_most(1.0, n, Level::new(level).unwrap()).unwrap();
            let allowed = if n > 10_001 { 1e-6 } else { 1e-9 };
            assert!((found / expected - 1.0).abs() < allowed, "{n} {level}: {found} instead of {expected}");
        }
        let eighty = Level::new(0.8).unwrap();
        assert_eq!(standard_deviation_at_most(0.0, 5, eighty), Ok(0.0));
        assert!(
            standard_deviation_at_most(2.0, usize::MAX, eighty).is_ok_and(|most| (2.0..2.1).contains(&most))
        );
        assert!(matches!(standard_deviation_at_most(1.0, 1, eighty), Err(StatisticsError::TooFew { .. })));
        assert!(matches!(standard_deviation_at_most(-1.0, 9, eighty), Err(StatisticsError::Range { .. })));
        assert_eq!(standard_deviation_at_most(f64::INFINITY, 9, eighty), Err(StatisticsError::TooLarge));
    }

    #[test]
    fn a_half_width_is_t_standard_errors() {
        let found = half_width(2.0, 10, Level::NINETY_FIVE).unwrap();
        assert!((found - 2.262157162798205 * 2.0 / 10.0f64.sqrt()).abs() < 1e-10);
        assert_eq!(half_width(0.0, 10, Level::NINETY_FIVE), Ok(0.0));
    }
}
