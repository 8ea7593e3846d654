//! Two groups of different patients.

use crate::effect_size;
use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::sample::{Moments, Sample, is_rounding, largest};
use crate::student;
use serde::{Deserialize, Serialize};

/// What is said of the difference B − A of two groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unpaired {
    /// Mean of B less that of A, with Welch's interval, in the unit of the values; `n` is the number of patients of both groups.
    pub difference: Estimate,
    /// Degrees of freedom (Welch-Satterthwaite); `None` where neither group varies.
    pub degrees_of_freedom: Option<f64>,
    /// Hedges' g: the difference over the standard deviation within groups, corrected; `None` where neither group varies.
    pub effect_size: Option<Estimate>,
    /// Two-sided p value of Welch's test; `None` where neither group varies.
    pub p: Option<f64>,
    /// Patients of A and of B.
    pub n: [usize; 2],
    /// Missing values (NaN) of A and of B, which are left out.
    pub left_out: [usize; 2],
}

/// Compares groups of different patients, whose spreads may differ (Welch 1947, Biometrika 34:28).
///
/// Groups that are each all the same but for rounding (1e-12 of the values) have a difference without an interval. The effect size is the
/// difference over the pooled standard deviation, with Hedges' correction and the exact interval by inversion of the noncentral t (Cumming and Finch 2001,
/// Educ Psychol Meas 61:532), for which the spreads should be alike. It agrees with Student's test of pooled spreads, and so not always with Welch's.
///
/// # Errors
/// Too few below two values of a group; too large where a value is infinite.
pub fn unpaired(a: &[f64], b: &[f64], level: Level) -> Result<Unpaired, StatisticsError> {
    let [a, b] =
        [Sample::of(a)?, Sample::of(b)?].map(|sample| sample.with_at_least(2, "patients of a group"));
    let (a, b) = (a?, b?);
    let n = [a.values.len(), b.values.len()];
    let counts = n.map(|n| n as f64);
    let [in_a, in_b] = [Moments::of(&a.values)?, Moments::of(&b.values)?];
    let difference = in_b.mean - in_a.mean;
    if !difference.is_finite() {
        return Err(StatisticsError::TooLarge);
    }
    let spreads = [in_a, in_b].map(|group| group.standard_deviation.unwrap_or(0.0));
    let varies = !is_rounding(spreads[0].max(spreads[1]), largest(&a.values).max(largest(&b.values)));
    let welch = varies.then(|| Welch::of(spreads, counts));
    let both = n[0] + n[1];
    let value = Estimate {
        value: difference,
        interval: welch.as_ref().and_then(|welch| {
            let t = student::two_sided(level, welch.freedom);
            Interval::around(difference, t * welch.error, level)
        }),
        n: both,
    };
    Ok(Unpaired {
        difference: value,
        degrees_of_freedom: welch.as_ref().map(|welch| welch.freedom),
        effect_size: varies.then(|| pooled(spreads, counts)).and_then(|within| {
            let d = difference / within;
            let unit = (1.0 / counts[0] + 1.0 / counts[1]).sqrt();
            effect_size::corrected(d, unit, (both - 2) as f64, both, level)
        }),
        p: welch.map(|welch| student::p_value(difference / welch.error, welch.freedom)),
        n,
        left_out: [a.left_out, b.left_out],
    })
}

/// Standard error of the difference and its degrees of freedom.
struct Welch {
    error: f64,
    freedom: f64,
}

impl Welch {
    /// From spreads of which one at least is positive, and numbers of two or more.
    fn of(spreads: [f64; 2], counts: [f64; 2]) -> Self {
        // As parts of the greater, so that no square overflows.
        let errors = [0, 1].map(|i| spreads[i] / counts[i].sqrt());
        let greatest = errors[0].max(errors[1]);
        let parts = errors.map(|error| (error / greatest).powi(2));
        let freedom = (parts[0] + parts[1]).powi(2)
            / (parts[0].powi(2) / (counts[0] - 1.0) + parts[1].powi(2) / (counts[1] - 1.0));
        Welch { error: errors[0].hypot(errors[1]), freedom }
    }
}

/// Standard deviation within groups.
fn pooled(spreads: [f64; 2], counts: [f64; 2]) -> f64 {
    let whole = counts[0] + counts[1] - 2.0;
    let part = |i: usize| ((counts[i] - 1.0) / whole).sqrt() * spreads[i];
    part(0).hypot(part(1))
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
    fn welch_s_test_is_that_of_r() {
        // t.test of R and scipy.stats.ttest_ind(equal_var=False).
        let found = unpaired(&ONE, &OTHER, Level::NINETY_FIVE).unwrap();
        near(found.difference.value, 1.58);
        near(found.difference.interval.unwrap().low, -0.20548323071171137);
        near(found.difference.interval.unwrap().high, 3.3654832307117104);
        near(found.degrees_of_freedom.unwrap(), 17.776473516178488);
        near(found.p.unwrap(), 0.0793941401873583);
        let effect = found.effect_size.unwrap();
        near(effect.value, 0.8321810813495395 * (1.0 - 3.0 / 71.0));
        // Roots of scipy.stats.nct.
        near(effect.interval.unwrap().low, -0.095450398211415);
        near(effect.interval.unwrap().high, 1.7388168991067);
    }

    #[test]
    fn groups_may_differ_in_size_and_miss_values() {
        let a = [20.1, 22.3, f64::NAN, 19.8, 25.0];
        let b = [30.2, 28.1, 35.5, 29.9, 31.0, 27.7, 40.1];
        let found = unpaired(&a, &b, Level::NINETY_FIVE).unwrap();
        near(found.difference.interval.unwrap().low, 5.293231352187827);
        near(found.difference.interval.unwrap().high, 14.678197219240733);
        near(found.degrees_of_freedom.unwrap(), 8.99956765208299);
        near(found.p.unwrap(), 0.0009551009499604863);
        assert_eq!((found.n, found.left_out, found.difference.n), ([4, 7], [1, 0], 11));
    }

    #[test]
    fn one_group_may_be_without_spread_and_not_both() {
        let one = unpaired(&[1.0, 1.0, 1.0], &[2.0, 3.0, 4.0], Level::NINETY_FIVE).unwrap();
        near(one.degrees_of_freedom.unwrap(), 2.0);
        let both = unpaired(&[1.0; 3], &[2.0; 3], Level::NINETY_FIVE).unwrap();
        assert_eq!((both.difference.value, both.difference.interval, both.p), (1.0, None, None));
        assert_eq!((both.effect_size, both.degrees_of_freedom), (None, None));
    }

    #[test]
    fn what_cannot_be_compared_is_an_error() {
        let compare = |a: &[f64], b: &[f64]| unpaired(a, b, Level::NINETY_FIVE).unwrap_err();
        assert!(matches!(compare(&[1.0], &[1.0, 2.0]), StatisticsError::TooFew { needed: 2, found: 1, .. }));
        assert!(matches!(compare(&[1.0, 2.0], &[]), StatisticsError::TooFew { found: 0, .. }));
        assert_eq!(compare(&[f64::INFINITY, 2.0], &[1.0, 2.0]), StatisticsError::TooLarge);
        assert_eq!(compare(&[-f64::MAX; 2], &[f64::MAX; 2]), StatisticsError::TooLarge);
    }
}
