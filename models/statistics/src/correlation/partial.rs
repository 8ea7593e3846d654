//! Rank correlation with covariates held.

use crate::correlation::pair::{Correlation, fisher, p_value};
use crate::correlation::ranks::{coefficient, dot, ranks, standardised};
use crate::error::StatisticsError;
use crate::interval::{Estimate, Level};

/// What of a column those before it leave open, as a fraction of its length, below which it follows from them.
const COLLINEAR: f64 = 1e-7;

/// Spearman's correlation of what covariates leave of two measures: of the residuals of ranks on the ranks of the covariates. With none it is
/// [`spearman`](crate::spearman), whose p value of few cases is exact where this one is that of t. The interval is Fisher's with the variance of Bonett and
/// Wright, and one degree of freedom less for each covariate. A class among the covariates is given as one column of 0 and 1 for each level but one.
/// `None` where the covariates leave nothing of a measure.
///
/// # Errors
/// Lengths that differ; too few below four whole cases more than covariates; constant factor and collinear, of covariates; too large where a
/// value is infinite.
pub fn partial_spearman(
    x: &[f64],
    y: &[f64],
    covariates: &[Vec<f64>],
    level: Level,
) -> Result<Option<Correlation>, StatisticsError> {
    let columns: Vec<&[f64]> = [x, y].into_iter().chain(covariates.iter().map(Vec::as_slice)).collect();
    let whole = whole_rows(&columns)?;
    let (n, count) = (whole.len(), covariates.len());
    StatisticsError::at_least("whole cases", count + 4, n)?;
    let ranked = |column: &[f64]| ranks(&whole.iter().map(|&i| column[i]).collect::<Vec<f64>>());
    let given: Vec<Vec<f64>> = covariates.iter().map(|column| ranked(column)).collect();
    let basis = basis(&given)?;
    let (Some(one), Some(other)) = (rest(&ranked(x), &basis), rest(&ranked(y), &basis)) else {
        return Ok(None);
    };
    let value = coefficient(&one, &other);
    let freedom = (n - count) as f64;
    let interval = fisher(value, freedom - 3.0, 1.0 + value * value / 2.0, level);
    let estimate = Estimate { value, interval, n };
    Ok(Some(Correlation {
        estimate,
        p: p_value(value, freedom - 2.0),
        is_exact: false,
        left_out: x.len() - n,
    }))
}

/// Rows without a missing value.
///
/// # Errors
/// Lengths that differ; too large where a value is infinite.
pub(crate) fn whole_rows(columns: &[&[f64]]) -> Result<Vec<usize>, StatisticsError> {
    let length = columns.first().map_or(0, |column| column.len());
    for column in columns {
        StatisticsError::same_length("values of the measures", length, column.len())?;
        if column.iter().any(|value| value.is_infinite()) {
            return Err(StatisticsError::TooLarge);
        }
    }
    Ok((0..length).filter(|&i| columns.iter().all(|column| !column[i].is_nan())).collect())
}

/// Columns of length one, each at right angles to the others and to a constant, that say what these say.
///
/// # Errors
/// Constant factor; collinear.
pub(crate) fn basis(columns: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, StatisticsError> {
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(columns.len());
    for (i, column) in columns.iter().enumerate() {
        let own = standardised(column).ok_or(StatisticsError::ConstantFactor(i))?;
        let left = without(&own, &basis);
        let length = dot(&left, &left).sqrt();
        if length < COLLINEAR {
            return Err(StatisticsError::Collinear(i));
        }
        basis.push(left.into_iter().map(|value| value / length).collect());
    }
    Ok(basis)
}

/// What columns leave of another, with a length of one; `None` where that is rounding.
pub(crate) fn rest(column: &[f64], basis: &[Vec<f64>]) -> Option<Vec<f64>> {
    let left = without(&standardised(column)?, basis);
    let length = dot(&left, &left).sqrt();
    (length > COLLINEAR).then(|| left.into_iter().map(|value| value / length).collect())
}

/// Twice, for what rounding leaves of the first time.
fn without(column: &[f64], basis: &[Vec<f64>]) -> Vec<f64> {
    let mut left = column.to_vec();
    for direction in basis.iter().chain(basis) {
        let part = dot(&left, direction);
        left.iter_mut().zip(direction).for_each(|(value, along)| *value -= part * along);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{cases, near, near_ends};

    const LEVEL: Level = Level::NINETY_FIVE;

    #[test]
    fn partial_coefficients_are_those_of_numpy() {
        let cases = cases(1, 80);
        let covariates = [cases.p.clone(), cases.diseased.iter().map(|is| f64::from(*is)).collect()];
        let found = partial_spearman(&cases.a, &cases.b, &covariates, LEVEL).unwrap().unwrap();
        // From the inverse of the matrix of rank correlations, by numpy 2.4.6.
        near(found.estimate.value, 0.029385591995449);
        near(found.p, 0.798420674087615);
        near_ends(found.estimate.interval, [-0.194463496701917, 0.250325510421015]);
    }

    #[test]
    fn without_covariates_it_is_spearman_s() {
        let cases = cases(1, 80);
        let one = partial_spearman(&cases.a, &cases.b, &[], LEVEL).unwrap();
        let other = crate::spearman(&cases.a, &cases.b, LEVEL).unwrap();
        near(one.unwrap().estimate.value, other.unwrap().estimate.value);
    }

    #[test]
    fn covariates_that_say_all_or_nothing_are_told() {
        let cases = cases(1, 20);
        let of = |covariates: &[Vec<f64>]| partial_spearman(&cases.a, &cases.b, covariates, LEVEL);
        assert_eq!(of(std::slice::from_ref(&cases.a)), Ok(None));
        assert_eq!(of(&[vec![1.0; 20]]), Err(StatisticsError::ConstantFactor(0)));
        assert_eq!(of(&[cases.p.clone(), cases.p.clone()]), Err(StatisticsError::Collinear(1)));
        assert!(matches!(of(&[vec![1.0; 3]]), Err(StatisticsError::Lengths { .. })));
        let mut missing = cases.p.clone();
        missing[3] = f64::NAN;
        assert_eq!(of(&[missing]).unwrap().unwrap().left_out, 1);
        let few = partial_spearman(&cases.a[..4], &cases.b[..4], &[cases.p[..4].to_vec()], LEVEL);
        assert!(matches!(few, Err(StatisticsError::TooFew { needed: 5, .. })));
    }
}
