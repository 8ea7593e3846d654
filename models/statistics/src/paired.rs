//! The same patients at two levels of a factor.

use crate::effect_size;
use crate::error::StatisticsError;
use crate::interval::{Estimate, Level};
use crate::proportion::wilson;
use crate::sample::{Moments, is_rounding};
use crate::student;
use serde::{Deserialize, Serialize};

/// What is said of the differences B − A of the same patients.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Paired {
    /// Mean of B − A with its t interval, in the unit of the values; `n` is the number of pairs.
    pub difference: Estimate,
    /// Standard deviation of B − A (divisor n − 1), in the unit of the values.
    pub standard_deviation: f64,
    /// Cohen's d of the differences (dz: mean over standard deviation of B − A) with Hedges' correction; `None` of two pairs, and
    /// where the differences do not vary.
    pub effect_size: Option<Estimate>,
    /// Two-sided p value of the paired t test; `None` where the differences do not vary.
    pub p: Option<f64>,
    /// Probability that B exceeds A in a patient, ties counting half: 0.5 where neither is favoured.
    pub exceeds: Estimate,
    /// Pairs of which one value or both are missing (NaN), which are left out.
    pub left_out: usize,
}

/// Compares the same patients at two levels: the values of A and B stand in the same order.
///
/// - **Difference**: Student's interval and test, exact for normal differences. Differences that are all the same but for rounding
///   (1e-12 of the values) have neither: no chance is left to tell an effect from.
/// - **Effect size**: d is multiplied by Hedges' 1 − 3 / (4 (n − 1) − 1) (Hedges 1981, J Educ Stat 6:107). Its interval is the exact one of normal
///   differences, by inversion of the noncentral t (Cumming and Finch 2001, Educ Psychol Meas 61:532), and leaves out 0 where that of the difference does.
///   It is not symmetric around g, and its ends are not multiplied, since they are not biased.
/// - **Exceeding**: the share of pairs with B above A and half of those that tie but for rounding, with Wilson's interval at the effective number
///   n p (1 − p) / (p (1 − p) − t/4), since a tie varies less than two pairs that differ. The share of ties t is taken as ties / (n + z²), somewhat low,
///   or samples in which nearly all tie would have intervals of nearly no width. Without ties it is Wilson's interval; with many it is wide.
///
/// # Errors
/// Lengths where the lists differ in length; too few below two whole pairs; too large where a value is infinite.
pub fn paired(a: &[f64], b: &[f64], level: Level) -> Result<Paired, StatisticsError> {
    if a.len() != b.len() {
        return Err(StatisticsError::Lengths {
            what: "values of patients",
            expected: a.len(),
            found: b.len(),
        });
    }
    let whole: Vec<(f64, f64)> =
        a.iter().copied().zip(b.iter().copied()).filter(|(a, b)| !a.is_nan() && !b.is_nan()).collect();
    let n = whole.len();
    if n < 2 {
        return Err(StatisticsError::TooFew { what: "pairs", needed: 2, found: n });
    }
    let differences: Vec<f64> = whole.iter().map(|(a, b)| b - a).collect();
    if differences.iter().any(|difference| !difference.is_finite()) {
        return Err(StatisticsError::TooLarge);
    }
    let largest = whole.iter().fold(0.0f64, |most, (a, b)| most.max(a.abs()).max(b.abs()));
    let moments = Moments::of(&differences)?;
    let spread = moments.spread(largest);
    let standardised = spread.map(|spread| moments.mean / spread);
    Ok(Paired {
        difference: moments.estimate(largest, level),
        standard_deviation: moments.standard_deviation.unwrap_or(0.0),
        effect_size: standardised.and_then(|d| {
            let count = n as f64;
            effect_size::corrected(d, 1.0 / count.sqrt(), count - 1.0, n, level)
        }),
        p: standardised.map(|d| student::p_value(d * (n as f64).sqrt(), (n - 1) as f64)),
        exceeds: exceeds(&whole, level),
        left_out: a.len() - n,
    })
}

/// The probability that B exceeds A from at least one whole pair.
fn exceeds(pairs: &[(f64, f64)], level: Level) -> Estimate {
    let n = pairs.len() as f64;
    let is_tie = |(a, b): &&(f64, f64)| is_rounding((b - a).abs(), a.abs().max(b.abs()));
    let ties = pairs.iter().filter(is_tie).count() as f64;
    let above = pairs.iter().filter(|pair| pair.1 > pair.0 && !is_tie(pair)).count() as f64;
    let value = (above + ties / 2.0) / n;
    let z = student::normal_two_sided(level);
    let alone = value * (1.0 - value);
    // Positive wherever there are ties; without, at 0 and 1, it would be 0/0.
    let effective = if ties == 0.0 { n } else { n * alone / (alone - ties / (n + z * z) / 4.0) };
    Estimate { value, interval: wilson(value, effective, level), n: pairs.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Extra hours of sleep of ten patients with two drugs (Student 1908, Biometrika 6:1).
    const ONE: [f64; 10] = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    const OTHER: [f64; 10] = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
    }

    #[test]
    fn student_s_patients_sleep_longer_with_the_other_drug() {
        let found = paired(&ONE, &OTHER, Level::NINETY_FIVE).unwrap();
        // t.test(paired = TRUE) of R and scipy.stats.ttest_rel: t = 4.0621.
        let interval = found.difference.interval.unwrap();
        near(found.difference.value, 1.58);
        near(interval.low, 0.7001142367230175);
        near(interval.high, 2.459885763276983);
        near(found.standard_deviation, 1.2299954832798732);
        near(found.p.unwrap(), 0.002832890197384273);
        // d = 4.0621 / sqrt(10) = 1.2846, times 1 - 3/35.
        let d = 4.062127683382037 / 10.0f64.sqrt();
        let effect = found.effect_size.unwrap();
        near(effect.value, d * 32.0 / 35.0);
        // Roots of scipy.stats.nct.
        near(effect.interval.unwrap().low, 0.41462775638046);
        near(effect.interval.unwrap().high, 2.1180165139816);
        assert_eq!((found.difference.n, effect.n, found.exceeds.n, found.left_out), (10, 10, 10, 0));
    }

    #[test]
    fn a_tie_counts_half() {
        // Nine of ten sleep longer, one as long: 0.95. One tie less z² of weight: n = 10 * 0.0475 / (0.0475 - 0.25 / 13.8415).
        let found = paired(&ONE, &OTHER, Level::NINETY_FIVE).unwrap().exceeds;
        near(found.value, 0.95);
        let z2 = 1.959963984540054f64.powi(2);
        let n = 0.475 / (0.0475 - 0.25 / (10.0 + z2));
        let interval = found.interval.unwrap();
        let ends = wilson(0.95, n, Level::NINETY_FIVE).unwrap();
        near(interval.low, ends.low);
        near(interval.high, ends.high);
        // The other way round everything is mirrored.
        let back = paired(&OTHER, &ONE, Level::NINETY_FIVE).unwrap();
        near(back.exceeds.value, 0.05);
        near(back.exceeds.interval.unwrap().high, 1.0 - interval.low);
        near(back.difference.value, -1.58);
    }

    #[test]
    fn pairs_with_a_missing_value_are_left_out() {
        let with = |values: &[f64], more: [f64; 3]| [values, &more].concat();
        let (a, b) = (with(&ONE, [f64::NAN, 1.0, f64::NAN]), with(&OTHER, [1.0, f64::NAN, f64::NAN]));
        let found = paired(&a, &b, Level::NINETY_FIVE).unwrap();
        let whole = paired(&ONE, &OTHER, Level::NINETY_FIVE).unwrap();
        assert_eq!(found, Paired { left_out: 3, ..whole });
    }

    #[test]
    fn differences_without_spread_have_no_test() {
        let a = [0.1, 0.2, 0.3, 0.7];
        let found = paired(&a, &a.map(|value| value + 0.1), Level::NINETY_FIVE).unwrap();
        near(found.difference.value, 0.1);
        assert_eq!((found.difference.interval, found.p, found.effect_size), (None, None, None));
        // All four exceed: Wilson's interval of 4 in 4.
        assert_eq!(found.exceeds.interval, wilson(1.0, 4.0, Level::NINETY_FIVE));
    }

    #[test]
    fn nothing_but_ties_leaves_a_width() {
        let found = paired(&ONE, &ONE, Level::NINETY_FIVE).unwrap();
        assert_eq!((found.difference.value, found.standard_deviation, found.p), (0.0, 0.0, None));
        let interval = found.exceeds.interval.unwrap();
        assert_eq!(found.exceeds.value, 0.5);
        // Narrower than of five in ten, and not a point: ten patients may well not show the one in ten of whom it exceeds.
        assert!(interval.low > 0.3 && interval.high < 0.7 && interval.half_width() > 0.1, "{interval:?}");
        // What differs in the last digit ties too.
        let rounded = paired(&[0.3, 0.7], &[0.1 + 0.2, 0.7], Level::NINETY_FIVE).unwrap();
        assert_eq!((rounded.exceeds.value, rounded.difference.interval), (0.5, None));
    }

    #[test]
    fn what_cannot_be_compared_is_an_error() {
        let compare = |a: &[f64], b: &[f64]| paired(a, b, Level::NINETY_FIVE).unwrap_err();
        assert!(matches!(compare(&[1.0], &[]), StatisticsError::Lengths { expected: 1, found: 0, .. }));
        assert!(matches!(compare(&[], &[]), StatisticsError::TooFew { needed: 2, found: 0, .. }));
        assert!(matches!(compare(&[1.0, f64::NAN], &[1.0, 2.0]), StatisticsError::TooFew { found: 1, .. }));
        assert_eq!(compare(&[1.0, f64::INFINITY], &[1.0, 2.0]), StatisticsError::TooLarge);
        assert_eq!(compare(&[1.0, -f64::MAX], &[1.0, f64::MAX]), StatisticsError::TooLarge);
    }

    #[test]
    fn two_pairs_have_a_test_and_no_effect_size() {
        let found = paired(&[0.0, 0.0], &[1.0, 3.0], Level::NINETY_FIVE).unwrap();
        // t = 2 at one degree of freedom: p = 1 - 2 atan(2) / π.
        near(found.p.unwrap(), 1.0 - 2.0 * 2.0f64.atan() / std::f64::consts::PI);
        assert_eq!(found.effect_size, None);
    }
}
