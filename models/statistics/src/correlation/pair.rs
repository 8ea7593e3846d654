//! Correlation of two measures of the same cases.

use crate::correlation::ranks::{coefficient, dot, ranks, standardised};
use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::student;
use serde::{Deserialize, Serialize};

/// Up to so many cases the p value of Spearman's coefficient is that of all orders; they are 362,880 then.
const ALL_ORDERS: usize = 9;

/// A correlation of two measures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correlation {
    /// The coefficient, -1 to 1. No interval of fewer than four cases, nor of -1 and 1.
    pub estimate: Estimate,
    /// Two-sided p value of no correlation.
    pub p: f64,
    /// Whether the p value is exact: of all orders that the cases could have.
    pub is_exact: bool,
    /// Cases with a missing value (NaN), which are left out.
    pub left_out: usize,
}

/// Pearson's correlation, with Fisher's interval and the t test. Both suppose normal values; an outlier may rule it. `None` where a measure does not vary.
///
/// # Errors
/// Lengths that differ; too few below three whole cases; too large where a value is infinite.
pub fn pearson(x: &[f64], y: &[f64], level: Level) -> Result<Option<Correlation>, StatisticsError> {
    let [x, y] = whole([x, y])?;
    let (Some(one), Some(other)) = (standardised(&x.0), standardised(&y.0)) else { return Ok(None) };
    let value = coefficient(&one, &other);
    let n = one.len();
    let estimate = Estimate { value, interval: fisher(value, n as f64 - 3.0, 1.0, level), n };
    Ok(Some(Correlation { estimate, p: p_value(value, n as f64 - 2.0), is_exact: false, left_out: x.1 }))
}

/// Spearman's rank correlation, ties at their mean rank. The interval is Fisher's with the variance of Bonett and Wright 2000 (Psychometrika 65:23). The p
/// value of up to nine cases is that of all orders, ties included; beyond it is that of t. `None` where a measure does not vary.
///
/// # Errors
/// As [`pearson`].
pub fn spearman(x: &[f64], y: &[f64], level: Level) -> Result<Option<Correlation>, StatisticsError> {
    let [x, y] = whole([x, y])?;
    let ranked = [ranks(&x.0), ranks(&y.0)];
    let (Some(one), Some(other)) = (standardised(&ranked[0]), standardised(&ranked[1])) else {
        return Ok(None);
    };
    let value = coefficient(&one, &other);
    let n = one.len();
    let interval = fisher(value, n as f64 - 3.0, 1.0 + value * value / 2.0, level);
    let is_exact = n <= ALL_ORDERS;
    let p = if is_exact { of_all_orders(&one, other, value) } else { p_value(value, n as f64 - 2.0) };
    Ok(Some(Correlation { estimate: Estimate { value, interval, n }, p, is_exact, left_out: x.1 }))
}

/// Both lists without the cases that miss a value, and how many those are.
fn whole(lists: [&[f64]; 2]) -> Result<[(Vec<f64>, usize); 2], StatisticsError> {
    let [x, y] = lists;
    StatisticsError::same_length("values of two measures", x.len(), y.len())?;
    if x.iter().chain(y).any(|value| value.is_infinite()) {
        return Err(StatisticsError::TooLarge);
    }
    let is_whole = |i: &usize| !x[*i].is_nan() && !y[*i].is_nan();
    let whole: Vec<usize> = (0..x.len()).filter(is_whole).collect();
    StatisticsError::at_least("whole cases", 3, whole.len())?;
    let left_out = x.len() - whole.len();
    Ok(lists.map(|list| (whole.iter().map(|&i| list[i]).collect(), left_out)))
}

/// Fisher's interval on the scale of the inverse hyperbolic tangent, of a variance by degrees of freedom.
pub(crate) fn fisher(value: f64, freedom: f64, variance: f64, level: Level) -> Option<Interval> {
    if freedom < 1.0 || value.abs() >= 1.0 {
        return None;
    }
    let half = student::normal_two_sided(level) * (variance / freedom).sqrt();
    Interval::new((value.atanh() - half).tanh(), (value.atanh() + half).tanh(), level)
}

/// Two-sided p value of t.
pub(crate) fn p_value(value: f64, freedom: f64) -> f64 {
    let rest = 1.0 - value * value;
    if rest <= 0.0 { 0.0 } else { student::p_value(value * (freedom / rest).sqrt(), freedom) }
}

/// Part of all orders of one measure whose correlation is as far from 0.
fn of_all_orders(x: &[f64], mut y: Vec<f64>, value: f64) -> f64 {
    let n = y.len();
    let wanted = value.abs() - 1e-9;
    let (mut as_far, mut all) = (0u32, 0u32);
    let mut count = |y: &[f64]| {
        all += 1;
        as_far += u32::from(dot(x, y).abs() >= wanted);
    };
    count(&y);
    // Heap's algorithm, without recursion.
    let mut counters = vec![0; n];
    let mut i = 1;
    while i < n {
        if counters[i] < i {
            y.swap(if i % 2 == 0 { 0 } else { counters[i] }, i);
            count(&y);
            counters[i] += 1;
            i = 1;
        } else {
            counters[i] = 0;
            i += 1;
        }
    }
    f64::from(as_far) / f64::from(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{cases, near, near_ends};

    const LEVEL: Level = Level::NINETY_FIVE;

    #[test]
    fn coefficients_are_those_of_r_and_scipy() {
        let cases = cases(1, 80);
        let found = pearson(&cases.a, &cases.p, LEVEL).unwrap().unwrap();
        // pearsonr and its interval of scipy 1.17.1; cor.test of R 4.2.2 has the same.
        near(found.estimate.value, 0.773757384252200);
        near(found.p / 3.959178343984745e-17, 1.0);
        near_ends(found.estimate.interval, [0.667524749171431, 0.849117822116110]);
        let found = spearman(&cases.a, &cases.b, LEVEL).unwrap().unwrap();
        // spearmanr of scipy 1.17.1; the interval by numpy.
        near(found.estimate.value, 0.369645426278165);
        near(found.p, 7.393971616433054e-04);
        near_ends(found.estimate.interval, [0.155868951378983, 0.550344066738680]);
        assert!(!found.is_exact);
    }

    #[test]
    fn small_p_values_are_those_of_all_orders() {
        // All permutations by itertools; the last is that of R's cor.test(exact = TRUE) too.
        let known: [(&[f64], &[f64], f64, f64); 4] = [
            (
                &[3.0, 4.0, 6.0, 3.0, 5.0, 6.0, 7.0],
                &[0.194, 0.44, 0.306, 0.402, 0.541, 0.571, 0.822],
                0.691023319080643,
                0.095238095238095,
            ),
            (
                &[4.0, 4.0, 6.0, 5.0, 7.0, 3.0, 4.0, 3.0],
                &[11.0, 4.0, 9.0, 12.0, 11.0, 15.0, 15.0, 13.0],
                -0.540466506324089,
                0.175000000000000,
            ),
            (
                &[0.194, 0.44, 0.306, 0.402, 0.541, 0.571, 0.822, 0.355, 0.382],
                &[4.0, 4.0, 8.0, 6.0, 1.0, 5.0, 6.0, 3.0, 6.0],
                -0.059587957153112,
                0.886243386243386,
            ),
            (&[1.0, 2.0, 3.0, 4.0, 5.0], &[2.0, 1.0, 3.0, 5.0, 4.0], 0.800000000000000, 0.133333333333333),
        ];
        for (x, y, value, p) in known {
            let found = spearman(x, y, LEVEL).unwrap().unwrap();
            near(found.estimate.value, value);
            near(found.p, p);
            assert!(found.is_exact);
        }
    }

    #[test]
    fn what_is_missing_or_does_not_vary_is_said() {
        let x = [1.0, 2.0, f64::NAN, 4.0, 3.0];
        let y = [1.0, 3.0, 2.0, 4.0, f64::NAN];
        let found = spearman(&x, &y, LEVEL).unwrap().unwrap();
        assert_eq!((found.estimate.value, found.estimate.n, found.left_out), (1.0, 3, 2));
        assert_eq!(found.estimate.interval, None);
        assert_eq!(pearson(&[1.0; 4], &[1.0, 2.0, 3.0, 4.0], LEVEL), Ok(None));
        assert_eq!(spearman(&[1.0, 2.0, 3.0], &[5.0; 3], LEVEL), Ok(None));
        assert!(spearman(&x[..2], &y[..2], LEVEL).is_err());
        assert!(pearson(&x, &y[1..], LEVEL).is_err());
        assert_eq!(pearson(&[1.0, f64::INFINITY, 2.0], &[1.0; 3], LEVEL), Err(StatisticsError::TooLarge));
    }
}
