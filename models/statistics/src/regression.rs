//! Linear regression on standardised factors.

use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::sample::{Moments, largest};
use crate::student;
use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

/// What of a factor those before it leave open, as a share of its standard deviation, below which it follows from them.
const COLLINEAR: f64 = 1e-7;

/// Share of the outcome's standard deviation below which what a fit leaves is rounding.
const EXACT: f64 = 1e-12;

/// A linear model of an outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Regression {
    /// Standardised coefficient of each factor: standard deviations of the outcome per standard deviation of the factor, the others held.
    /// Without an interval where the fit is exact but for rounding.
    pub coefficients: Vec<Estimate>,
    /// R²: share of the outcome's variance that the model explains, 0 to 1. Well below 1 the coefficients rank factors of a line that is not there.
    pub r_squared: f64,
    /// Rows that count.
    pub n: usize,
    /// Rows with a missing value (NaN) of outcome or factor, which are left out.
    pub left_out: usize,
}

/// Least squares with a constant term. `factors` holds a list for each factor, as long as `outcome`.
///
/// The intervals are those of t with n − factors − 1 degrees of freedom, and take the standard deviations of the sample as given, as is usual; for
/// factors that were drawn, not set, they are somewhat off where R² is high.
///
/// # Errors
/// Lengths where the lists differ in length; too few without a factor or where whole rows do not outnumber factors by two; constant factor, constant
/// output and collinear (what a factor leaves open is below 1e-7 of its standard deviation); too large where a value is infinite.
pub fn regression(
    factors: &[Vec<f64>],
    outcome: &[f64],
    level: Level,
) -> Result<Regression, StatisticsError> {
    let expected = outcome.len();
    if let Some(found) = factors.iter().map(Vec::len).find(|&length| length != expected) {
        return Err(StatisticsError::Lengths { what: "values of factors and outcome", expected, found });
    }
    if factors.is_empty() {
        return Err(StatisticsError::TooFew { what: "factors", needed: 1, found: 0 });
    }
    let is_whole =
        |row: &usize| !outcome[*row].is_nan() && factors.iter().all(|factor| !factor[*row].is_nan());
    let whole: Vec<usize> = (0..expected).filter(is_whole).collect();
    let (n, count) = (whole.len(), factors.len());
    if n < count + 2 {
        return Err(StatisticsError::TooFew { what: "whole rows", needed: count + 2, found: n });
    }
    let y = standardised(outcome, &whole)?.ok_or(StatisticsError::ConstantOutput)?;
    let mut columns = Vec::with_capacity(count);
    for (i, factor) in factors.iter().enumerate() {
        columns.push(standardised(factor, &whole)?.ok_or(StatisticsError::ConstantFactor(i))?);
    }
    let fit = Fit::of(&columns, &y)?;
    let freedom = (n - count - 1) as f64;
    let t = student::two_sided(level, freedom);
    let noise = (fit.unexplained > EXACT * EXACT).then(|| (fit.unexplained / freedom).sqrt());
    let coefficients = (0..count).map(|i| {
        let value = fit.coefficients[i];
        let interval =
            noise.and_then(|noise| Interval::around(value, t * noise * fit.variances[i].sqrt(), level));
        Estimate { value, interval, n }
    });
    Ok(Regression {
        coefficients: coefficients.collect(),
        r_squared: 1.0 - fit.unexplained,
        n,
        left_out: expected - n,
    })
}

/// The chosen values less their mean, with a length of one; `None` where they are all the same but for rounding.
fn standardised(values: &[f64], chosen: &[usize]) -> Result<Option<DVector<f64>>, StatisticsError> {
    let values: Vec<f64> = chosen.iter().map(|&row| values[row]).collect();
    let largest = largest(&values);
    if largest.is_infinite() {
        return Err(StatisticsError::TooLarge);
    }
    let moments = Moments::of(&values)?;
    let root = ((values.len() - 1) as f64).sqrt();
    // Halves: the difference from the mean may be larger than the largest number.
    Ok(moments.spread(largest).map(|spread| {
        let centred = values.iter().map(|value| 2.0 * ((value / 2.0 - moments.mean / 2.0) / spread) / root);
        DVector::from_iterator(values.len(), centred)
    }))
}

/// Least squares of columns and an outcome of length one.
struct Fit {
    coefficients: DVector<f64>,
    /// Of the coefficients where the noise of an outcome is one: the diagonal of (XᵀX)⁻¹.
    variances: Vec<f64>,
    /// Sum of squares that remains of one, 0 to 1.
    unexplained: f64,
}

impl Fit {
    fn of(columns: &[DVector<f64>], y: &DVector<f64>) -> Result<Self, StatisticsError> {
        let x = DMatrix::from_columns(columns);
        let qr = x.clone().qr();
        let r = qr.r();
        // Columns of length one: the diagonal is what those before leave of each.
        if let Some(column) = (0..columns.len()).find(|&i| r[(i, i)].abs() < COLLINEAR) {
            return Err(StatisticsError::Collinear(column));
        }
        let solve = |of: &DMatrix<f64>| r.solve_upper_triangular(of);
        let projected = qr.q().tr_mul(y);
        let inverse = solve(&DMatrix::identity(columns.len(), columns.len()));
        let solution = r.solve_upper_triangular(&projected);
        // Solvable where no element of the diagonal is zero, which was seen above.
        let (Some(coefficients), Some(inverse)) = (solution, inverse) else {
            return Err(StatisticsError::Collinear(columns.len() - 1));
        };
        let unexplained = (y - &x * &coefficients).norm_squared().min(1.0);
        let variances = inverse.row_iter().map(|row| row.norm_squared()).collect();
        Ok(Fit { coefficients, variances, unexplained })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Employment from prices, product, unemployed, armed forces, population and year (Longley 1967, J Am Stat Assoc 62:819), whose factors
    /// all but follow from each other.
    const LONGLEY: [[f64; 7]; 16] = [
        [60323.0, 83.0, 234289.0, 2356.0, 1590.0, 107608.0, 1947.0],
        [61122.0, 88.5, 259426.0, 2325.0, 1456.0, 108632.0, 1948.0],
        [60171.0, 88.2, 258054.0, 3682.0, 1616.0, 109773.0, 1949.0],
        [61187.0, 89.5, 284599.0, 3351.0, 1650.0, 110929.0, 1950.0],
        [63221.0, 96.2, 328975.0, 2099.0, 3099.0, 112075.0, 1951.0],
        [63639.0, 98.1, 346999.0, 1932.0, 3594.0, 113270.0, 1952.0],
        [64989.0, 99.0, 365385.0, 1870.0, 3547.0, 115094.0, 1953.0],
        [63761.0, 100.0, 363112.0, 3578.0, 3350.0, 116219.0, 1954.0],
        [66019.0, 101.2, 397469.0, 2904.0, 3048.0, 117388.0, 1955.0],
        [67857.0, 104.6, 419180.0, 2822.0, 2857.0, 118734.0, 1956.0],
        [68169.0, 108.4, 442769.0, 2936.0, 2798.0, 120445.0, 1957.0],
        [66513.0, 110.8, 444546.0, 4681.0, 2637.0, 121950.0, 1958.0],
        [68655.0, 112.6, 482704.0, 3813.0, 2552.0, 123366.0, 1959.0],
        [69564.0, 114.2, 502601.0, 3931.0, 2514.0, 125368.0, 1960.0],
        [69331.0, 115.7, 518173.0, 4806.0, 2572.0, 127852.0, 1961.0],
        [70551.0, 116.9, 554894.0, 4007.0, 2827.0, 130081.0, 1962.0],
    ];
    /// Coefficients and their standard errors as certified (NIST Statistical Reference Datasets, Longley).
    const CERTIFIED: [(f64, f64); 6] = [
        (15.0618722713733, 84.9149257747669),
        (-0.0358191792925910, 0.0334910077722432),
        (-2.02022980381683, 0.488399681651699),
        (-1.03322686717359, 0.214274163161675),
        (-0.0511041056535807, 0.226073200069370),
        (1829.15146461355, 455.478499142212),
    ];

    fn column(i: usize) -> Vec<f64> {
        LONGLEY.iter().map(|row| row[i]).collect()
    }

    #[test]
    fn coefficients_and_errors_are_those_that_nist_certifies() {
        let factors: Vec<Vec<f64>> = (1..7).map(column).collect();
        let found = regression(&factors, &column(0), Level::NINETY_FIVE).unwrap();
        assert!((found.r_squared - 0.995479004577296).abs() < 1e-12, "{}", found.r_squared);
        let spread = |values: &[f64]| Moments::of(values).unwrap().standard_deviation.unwrap();
        let t = student::two_sided(Level::NINETY_FIVE, 9.0);
        for ((estimate, factor), (coefficient, error)) in
            found.coefficients.iter().zip(&factors).zip(CERTIFIED)
        {
            let unit = spread(&column(0)) / spread(factor);
            assert!((estimate.value * unit / coefficient - 1.0).abs() < 1e-9, "{estimate:?} {coefficient}");
            let half = estimate.interval.unwrap().half_width();
            assert!((half * unit / t / error - 1.0).abs() < 1e-9, "{estimate:?} {error}");
        }
    }

    #[test]
    fn one_factor_has_the_correlation_as_its_coefficient() {
        let x = vec![1.0, 2.0, 3.0, f64::NAN, 4.0, 5.0];
        let found = regression(&[x], &[2.0, 1.0, 4.0, 9.0, 3.0, 5.0], Level::NINETY_FIVE).unwrap();
        // r = 0.8, its t interval has the standard error sqrt((1 - r²) / 3).
        assert!((found.coefficients[0].value - 0.8).abs() < 1e-14 && (found.r_squared - 0.64).abs() < 1e-14);
        let half = 3.182446305284263 * (0.36f64 / 3.0).sqrt();
        assert!((found.coefficients[0].interval.unwrap().half_width() - half).abs() < 1e-10);
        assert_eq!((found.n, found.left_out), (5, 1));
    }

    #[test]
    fn an_exact_fit_has_no_intervals() {
        let factors = [vec![1.0, 2.0, 3.0, 5.0, 9.0], vec![2.0, 0.0, 1.0, -1.0, 4.0]];
        let outcome: Vec<f64> = (0..5).map(|i| 7.0 + 0.3 * factors[0][i] - 1.1 * factors[1][i]).collect();
        let found = regression(&factors, &outcome, Level::NINETY_FIVE).unwrap();
        assert!((found.r_squared - 1.0).abs() < 1e-15);
        assert!(found.coefficients.iter().all(|estimate| estimate.interval.is_none()));
    }

    #[test]
    fn factors_that_follow_from_others_are_named() {
        let one = vec![1.0, 2.0, 4.0, 8.0, 3.0, 7.0];
        let other = vec![0.5, -1.0, 2.0, 0.0, 1.0, 5.0];
        let sum: Vec<f64> = one.iter().zip(&other).map(|(one, other)| 0.1 + one / 3.0 - other).collect();
        let y = [1.0, 5.0, 2.0, 4.0, 4.0, 0.0];
        let fit = |factors: &[Vec<f64>]| regression(factors, &y, Level::NINETY_FIVE);
        assert_eq!(fit(&[one.clone(), other.clone(), sum]), Err(StatisticsError::Collinear(2)));
        assert_eq!(fit(&[one.clone(), one.clone()]), Err(StatisticsError::Collinear(1)));
        assert_eq!(fit(&[one.clone(), vec![3.0; 6]]), Err(StatisticsError::ConstantFactor(1)));
        assert!(fit(&[one, other]).is_ok());
    }

    #[test]
    fn what_cannot_be_fitted_is_an_error() {
        let fit = |factors: &[Vec<f64>], y: &[f64]| regression(factors, y, Level::NINETY_FIVE).unwrap_err();
        let x = vec![1.0, 2.0, 4.0];
        assert!(matches!(fit(&[], &[1.0, 2.0]), StatisticsError::TooFew { what: "factors", .. }));
        assert!(matches!(
            fit(&[vec![1.0, 2.0]], &[1.0, 2.0]),
            StatisticsError::TooFew { needed: 3, found: 2, .. }
        ));
        assert!(matches!(fit(std::slice::from_ref(&x), &[1.0]), StatisticsError::Lengths { .. }));
        assert_eq!(fit(std::slice::from_ref(&x), &[2.0; 3]), StatisticsError::ConstantOutput);
        assert_eq!(fit(&[x], &[1.0, 2.0, f64::INFINITY]), StatisticsError::TooLarge);
    }
}
