//! Sobol' indices: which factor explains how much of the variance of an output.

use crate::bootstrap::Bootstrap;
use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::sample::{is_rounding, largest, power_of_two};
use serde::{Deserialize, Serialize};

/// Outputs at the rows of Saltelli's matrices. A and B are two independent samples of all factors; AB of a factor is A with the column of that
/// factor from B. All have the same number of rows, in the same order; NaN is a missing output.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SaltelliOutputs<'a> {
    /// At the rows of A.
    pub a: &'a [f64],
    /// At the rows of B.
    pub b: &'a [f64],
    /// At the rows of AB of each factor.
    pub ab: &'a [Vec<f64>],
}

/// Indices of one factor, as shares of the variance of the output.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SobolIndices {
    /// First order: what the factor explains alone. By chance it may come out somewhat below 0 or above 1.
    pub first: Estimate,
    /// Total: what it explains alone and together with others, which is what would remain if all others were known.
    pub total: Estimate,
}

/// Sobol' indices of all factors of an output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sobol {
    /// Indices by factor, in the order of AB.
    pub factors: Vec<SobolIndices>,
    /// Variance of the output over the rows of A and B, in its unit squared.
    pub variance: f64,
    /// Rows without a missing output, which count.
    pub n: usize,
    /// Rows with a missing output in any of the matrices, which are left out of all.
    pub left_out: usize,
}

/// First-order indices after Saltelli et al. 2010 (Comput Phys Commun 181:259, table 2, (b)), total ones after Jansen 1999 (Comput Phys
/// Commun 117:35), with percentile intervals from rows drawn again.
///
/// The output is centred first, which does not change what is estimated and keeps a large mean out of the error of the first order. Factors
/// must be independent of each other. Intervals suppose rows drawn at random; of a quasi-random sequence they are too wide. Rows that are left out bias
/// the indices where what is missing depends on the factors. An interval is `None` where too many draws have no variance: an output that differs in
/// a few rows only.
///
/// # Errors
/// Lengths where the lists differ in length; too few without a factor or below two whole rows; too large where an output is infinite or
/// the variance beyond the largest number; constant output where A and B do not vary but for rounding (1e-12 of the outputs); range of a number of draws.
pub fn sobol(
    outputs: SaltelliOutputs<'_>,
    level: Level,
    bootstrap: Bootstrap,
) -> Result<Sobol, StatisticsError> {
    let (rows, left_out) = whole_rows(outputs)?;
    let factors = outputs.ab.len();
    let n = rows.len();
    let all: Vec<f64> = rows.iter().flatten().copied().collect();
    let unit = power_of_two(largest(&all));
    let mean = rows.iter().map(|row| row[0] / unit / 2.0 + row[1] / unit / 2.0).sum::<f64>() / n as f64;
    // In units of about the largest output, so that no square overflows.
    let products: Vec<Vec<f64>> =
        rows.iter().map(|row| products(&row.iter().map(|y| y / unit - mean).collect::<Vec<_>>())).collect();
    let mut sums = vec![0.0; 2 + 3 * factors];
    let mut indices = vec![0.0; 2 * factors];
    let every: Vec<usize> = (0..n).collect();
    let variance = indices_of(&products, &every, &mut sums, &mut indices)
        .filter(|variance| !is_rounding(variance.sqrt(), 1.0))
        .ok_or(StatisticsError::ConstantOutput)?;
    let intervals = bootstrap.intervals(n, 2 * factors, level, |chosen, out| {
        if indices_of(&products, chosen, &mut sums, out).is_none() {
            out.fill(f64::NAN);
        }
    })?;
    let variance = variance * unit * unit;
    if !variance.is_finite() {
        return Err(StatisticsError::TooLarge);
    }
    let estimate =
        |(value, interval): (&f64, &Option<Interval>)| Estimate { value: *value, interval: *interval, n };
    let estimates: Vec<Estimate> = indices.iter().zip(&intervals).map(estimate).collect();
    let factors =
        estimates.chunks_exact(2).map(|both| SobolIndices { first: both[0], total: both[1] }).collect();
    Ok(Sobol { factors, variance, n, left_out })
}

/// Outputs by row (A, B, AB of each factor) without rows that miss one, and how many those are.
fn whole_rows(outputs: SaltelliOutputs<'_>) -> Result<(Vec<Vec<f64>>, usize), StatisticsError> {
    let expected = outputs.a.len();
    let others = [outputs.b.len()].into_iter().chain(outputs.ab.iter().map(Vec::len));
    if let Some(found) = others.into_iter().find(|&length| length != expected) {
        return Err(StatisticsError::Lengths { what: "outputs of the matrices", expected, found });
    }
    if outputs.ab.is_empty() {
        return Err(StatisticsError::TooFew { what: "factors", needed: 1, found: 0 });
    }
    let rows: Vec<Vec<f64>> = (0..expected)
        .map(|row| {
            [outputs.a[row], outputs.b[row]].into_iter().chain(outputs.ab.iter().map(|ab| ab[row])).collect()
        })
        .filter(|row: &Vec<f64>| row.iter().all(|output| !output.is_nan()))
        .collect();
    if rows.iter().flatten().any(|output| output.is_infinite()) {
        return Err(StatisticsError::TooLarge);
    }
    if rows.len() < 2 {
        return Err(StatisticsError::TooFew { what: "rows", needed: 2, found: rows.len() });
    }
    let left_out = expected - rows.len();
    Ok((rows, left_out))
}

/// What the indices are sums of, from the centred outputs of a row: a + b and a² + b²; by factor, with d = ab − a, also d, b d and d².
fn products(row: &[f64]) -> Vec<f64> {
    let (a, b) = (row[0], row[1]);
    let by_factor = row[2..].iter().flat_map(|ab| {
        let d = ab - a;
        [d, b * d, d * d]
    });
    [a + b, a * a + b * b].into_iter().chain(by_factor).collect()
}

/// What of a mean square its difference from a squared mean must be: less is rounding of the sums.
const OF_SQUARES: f64 = 1e-12;

/// Writes the first-order and the total index of each factor in turn from the rows chosen, and returns their variance; `None` where
/// they have none.
fn indices_of(products: &[Vec<f64>], chosen: &[usize], sums: &mut [f64], out: &mut [f64]) -> Option<f64> {
    sums.fill(0.0);
    for &row in chosen {
        for (sum, product) in sums.iter_mut().zip(&products[row]) {
            *sum += product;
        }
    }
    let n = chosen.len() as f64;
    let mean = sums[0] / (2.0 * n);
    let square = sums[1] / (2.0 * n);
    let variance = square - mean * mean;
    if variance <= OF_SQUARES * square {
        return None;
    }
    for (factor, both) in sums[2..].chunks_exact(3).zip(out.chunks_exact_mut(2)) {
        both[0] = (factor[1] - mean * factor[0]) / n / variance;
        both[1] = factor[2] / (2.0 * n) / variance;
    }
    Some(variance)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: Bootstrap = Bootstrap { draws: 200, seed: 5 };

    fn indices(a: &[f64], b: &[f64], ab: &[Vec<f64>]) -> Result<Sobol, StatisticsError> {
        sobol(SaltelliOutputs { a, b, ab }, Level::NINETY_FIVE, DRAWS)
    }

    /// Indices of a function of two factors that are -1 or 1, every row of A with every row of B: exact, no sample.
    fn of_all_rows(f: fn(f64, f64) -> f64) -> Sobol {
        let levels = [(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)];
        let (mut a, mut b, mut ab) = (Vec::new(), Vec::new(), [Vec::new(), Vec::new()]);
        for (in_a, in_b) in levels.iter().flat_map(|a| levels.iter().map(move |b| (a, b))) {
            a.push(f(in_a.0, in_a.1));
            b.push(f(in_b.0, in_b.1));
            ab[0].push(f(in_b.0, in_a.1));
            ab[1].push(f(in_a.0, in_b.1));
        }
        indices(&a, &b, &ab).unwrap()
    }

    #[test]
    fn a_sum_has_its_parts_whatever_its_mean() {
        // Variances 1 and 4 of 5.
        let found = of_all_rows(|x, y| 1000.0 + x + 2.0 * y);
        assert!((found.variance - 5.0).abs() < 1e-9 && found.n == 16 && found.left_out == 0);
        for (factor, share) in found.factors.iter().zip([0.2, 0.8]) {
            assert!((factor.first.value - share).abs() < 1e-12, "{factor:?}");
            assert!((factor.total.value - share).abs() < 1e-12, "{factor:?}");
            assert!(factor.first.interval.is_some_and(|interval| interval.contains(share)));
        }
    }

    #[test]
    fn an_interaction_counts_in_the_total_alone() {
        for factor in of_all_rows(|x, y| x * y).factors {
            assert!(
                factor.first.value.abs() < 1e-12 && (factor.total.value - 1.0).abs() < 1e-12,
                "{factor:?}"
            );
        }
    }

    #[test]
    fn a_large_mean_changes_nothing() {
        let outputs = |mean: f64| {
            let at = |step: f64| (0..40).map(|i| mean + (step * f64::from(i)).sin()).collect::<Vec<f64>>();
            indices(&at(1.0), &at(2.3), &[at(1.1), at(2.2)]).unwrap()
        };
        for (plain, shifted) in outputs(0.0).factors.iter().zip(&outputs(2.0f64.powi(26)).factors) {
            for (plain, shifted) in [(plain.first, shifted.first), (plain.total, shifted.total)] {
                assert!((plain.value - shifted.value).abs() < 1e-6, "{plain:?} {shifted:?}");
                let (plain, shifted) = (plain.interval.unwrap(), shifted.interval.unwrap());
                assert!((plain.low - shifted.low).abs() < 1e-6 && (plain.high - shifted.high).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn indices_of_a_draw_are_those_of_its_rows_alone() {
        let rows = [[1.0, 2.0, 1.5], [2.0, 5.0, 2.0], [4.0, 1.0, 3.0], [3.0, 0.0, 1.0]];
        let products: Vec<Vec<f64>> = rows.iter().map(|row| products(row)).collect();
        let (mut sums, mut drawn) = ([0.0; 5], [0.0; 2]);
        let chosen = [0, 0, 2, 3, 2];
        indices_of(&products, &chosen, &mut sums, &mut drawn).unwrap();
        let column = |i: usize| chosen.map(|row| rows[row][i]).to_vec();
        let alone = indices(&column(0), &column(1), &[column(2)]).unwrap().factors[0];
        assert!((alone.first.value - drawn[0]).abs() < 1e-12, "{alone:?} {drawn:?}");
        assert!((alone.total.value - drawn[1]).abs() < 1e-12, "{alone:?} {drawn:?}");
    }

    #[test]
    fn a_row_that_misses_an_output_is_left_out_of_all() {
        let (a, b, ab) = ([1.0, 2.0, 4.0, 3.0], [2.0, 5.0, 1.0, 0.0], [vec![1.5, 2.0, 3.0, 1.0]]);
        let with = |values: &[f64], more: [f64; 2]| [values, &more].concat();
        let whole = indices(&a, &b, &ab).unwrap();
        let missing = [with(&ab[0], [9.0, f64::NAN])];
        let found = indices(&with(&a, [f64::NAN, 1.0]), &with(&b, [7.0, 1.0]), &missing).unwrap();
        assert_eq!(found, Sobol { left_out: 2, ..whole });
    }

    #[test]
    fn outputs_without_variance_or_rows_are_errors() {
        let constant = [0.1 + 0.2, 0.3, 0.3];
        assert_eq!(indices(&constant, &constant, &[constant.to_vec()]), Err(StatisticsError::ConstantOutput));
        assert_eq!(indices(&[0.0; 2], &[0.0; 2], &[vec![0.0; 2]]), Err(StatisticsError::ConstantOutput));
        let none = indices(&[], &[], &[vec![]]);
        assert!(matches!(none, Err(StatisticsError::TooFew { what: "rows", .. })), "{none:?}");
        let short = indices(&[1.0, 2.0], &[1.0, 2.0], &[vec![1.0]]);
        assert!(matches!(short, Err(StatisticsError::Lengths { expected: 2, found: 1, .. })), "{short:?}");
        let factorless = indices(&[1.0, 2.0], &[1.0, 2.0], &[]);
        assert!(matches!(factorless, Err(StatisticsError::TooFew { what: "factors", .. })), "{factorless:?}");
        let infinite = indices(&[1.0, f64::INFINITY], &[1.0, 2.0], &[vec![1.0, 2.0]]);
        assert_eq!(infinite, Err(StatisticsError::TooLarge));
    }

    #[test]
    fn an_output_that_differs_in_one_row_has_no_interval() {
        let mut a = [0.0; 20];
        a[7] = 1.0;
        let found = indices(&a, &[0.0; 20], &[vec![0.0; 20]]).unwrap();
        assert_eq!(found.factors[0].total.interval, None);
        assert!(found.factors[0].total.value.is_finite());
    }
}
