//! Do two ROC curves have the same area?

use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::roc::ratings::Ratings;
use crate::student;
use serde::{Deserialize, Serialize};

/// Two areas and their difference (DeLong et al. 1988, Biometrics 44:837).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AreaComparison {
    /// Area of A.
    pub a: Estimate,
    /// Area of B.
    pub b: Estimate,
    /// B less A.
    pub difference: Estimate,
    /// The difference in standard errors; `None` where there is no spread to tell it from.
    pub statistic: Option<f64>,
    /// Degrees of freedom of the t distribution of the statistic; `None` where that is normal.
    pub freedom: Option<f64>,
    /// Two-sided p value.
    pub p: Option<f64>,
    /// Cases without a rating (NaN) of A or of B, which are left out.
    pub left_out: usize,
}

/// A standard error below this is rounding: areas go from 0 to 1.
const ROUNDING: f64 = 1e-12;

/// Compares two ratings of the same cases. The interval of the difference is normal.
///
/// # Errors
/// As [`Ratings::new`], of the cases that have both ratings.
pub fn compare_areas(
    a: &[f64],
    b: &[f64],
    diseased: &[bool],
    level: Level,
) -> Result<AreaComparison, StatisticsError> {
    StatisticsError::same_length("ratings and truths", diseased.len(), a.len())?;
    StatisticsError::same_length("ratings and truths", diseased.len(), b.len())?;
    let whole: Vec<usize> = (0..a.len()).filter(|&i| !a[i].is_nan() && !b[i].is_nan()).collect();
    let of = |ratings: &[f64]| whole.iter().map(|&i| ratings[i]).collect::<Vec<f64>>();
    let truth: Vec<bool> = whole.iter().map(|&i| diseased[i]).collect();
    let (one, other) = (Ratings::new(&of(a), &truth)?, Ratings::new(&of(b), &truth)?);
    let (placed_a, placed_b) = (one.placements(), other.placements());
    let variance = placed_a.covariance(&placed_a) + placed_b.covariance(&placed_b)
        - 2.0 * placed_a.covariance(&placed_b);
    let left_out = a.len() - whole.len();
    Ok(comparison(one.estimate(level), other.estimate(level), variance, None, whole.len(), left_out, level))
}

/// Compares the areas of ratings of different patients, by t with the degrees of freedom of Welch, from the variances of placements (as pROC
/// does; for large samples it is the normal test).
pub fn compare_independent_areas(a: &Ratings, b: &Ratings, level: Level) -> AreaComparison {
    let (one, other) = (a.placements(), b.placements());
    let (of_a, of_b) = (one.covariance(&one), other.covariance(&other));
    let count = |ratings: &Ratings| ratings.without().len() + ratings.with().len();
    let (n_a, n_b) = (count(a), count(b));
    let variance = of_a + of_b;
    let parts = of_a * of_a / (n_a as f64 - 1.0) + of_b * of_b / (n_b as f64 - 1.0);
    let freedom = (parts > 0.0).then(|| variance * variance / parts);
    comparison(a.estimate(level), b.estimate(level), variance, freedom, n_a + n_b, 0, level)
}

fn comparison(
    a: Estimate,
    b: Estimate,
    variance: f64,
    freedom: Option<f64>,
    n: usize,
    left_out: usize,
    level: Level,
) -> AreaComparison {
    let value = b.value - a.value;
    let error = variance.max(0.0).sqrt();
    let known = error > ROUNDING;
    let of_level = freedom
        .map_or_else(|| student::normal_two_sided(level), |freedom| student::two_sided(level, freedom));
    let statistic = known.then(|| value / error);
    let p = statistic.map(|statistic| match freedom {
        Some(freedom) => student::p_value(statistic, freedom),
        None => 2.0 * student::normal_below(-statistic.abs()),
    });
    let interval =
        Interval::new((value - of_level * error).max(-1.0), (value + of_level * error).min(1.0), level);
    let difference = Estimate { value, interval: interval.filter(|_| known), n };
    AreaComparison { a, b, difference, statistic, freedom, p, left_out }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{cases, near, near_ends};

    #[test]
    fn correlated_areas_are_compared_as_in_proc() {
        // roc.test(method = "delong", paired = TRUE) of pROC 1.18.0, whose difference is A less B.
        let cases = cases(1, 80);
        let found = compare_areas(&cases.a, &cases.b, &cases.diseased, Level::NINETY_FIVE).unwrap();
        near(found.a.value, 0.746_553_884_711_78);
        near(found.b.value, 0.655_075_187_969_925);
        near(found.statistic.unwrap(), -1.324_102_763_815_467_2);
        near(found.p.unwrap(), 0.185_468_917_813_896_3);
        near_ends(found.difference.interval, [-0.226_887_334_097_198_1, 0.043_929_940_613_488_8]);
        assert_eq!((found.freedom, found.difference.n), (None, 80));
    }

    #[test]
    fn independent_areas_are_compared_as_in_proc() {
        let cases = cases(1, 80);
        let a = Ratings::new(&cases.a[..46], &cases.diseased[..46]).unwrap();
        let b = Ratings::new(&cases.b[46..], &cases.diseased[46..]).unwrap();
        let found = compare_independent_areas(&a, &b, Level::NINETY_FIVE);
        // roc.test(method = "delong", paired = FALSE) of pROC 1.18.0.
        near(found.a.value, 0.700_396_825_396_825);
        near(found.b.value, 0.683_928_571_428_571);
        near(found.statistic.unwrap(), -0.131_143_512_330_031);
        near(found.freedom.unwrap(), 69.539_996_014_185_16);
        near(found.p.unwrap(), 0.896_040_448_721_044);
    }

    #[test]
    fn the_same_ratings_do_not_differ_and_cases_without_one_are_left_out() {
        let cases = cases(3, 30);
        let found = compare_areas(&cases.a, &cases.a, &cases.diseased, Level::NINETY_FIVE).unwrap();
        assert_eq!((found.difference.value, found.statistic, found.p), (0.0, None, None));
        assert_eq!(found.difference.interval, None);
        let mut fewer = cases.b.clone();
        fewer[4] = f64::NAN;
        let found = compare_areas(&cases.a, &fewer, &cases.diseased, Level::NINETY_FIVE).unwrap();
        assert_eq!((found.left_out, found.difference.n), (1, 29));
        assert!(compare_areas(&cases.a, &fewer[1..], &cases.diseased, Level::NINETY_FIVE).is_err());
    }
}
