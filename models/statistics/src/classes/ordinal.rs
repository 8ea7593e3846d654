//! Classes in an order, such as grades: how near predictions come, and how well scores follow.

use crate::classes::unordered::check_classes;
use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::proportion::proportion;
use crate::sample::Moments;
use crate::student;
use serde::{Deserialize, Serialize};

/// How near predicted classes come to the true ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrdinalAgreement {
    /// Fraction of cases that are predicted exactly.
    pub exact: Estimate,
    /// Fraction of cases that are at most so many classes away as was asked for.
    pub within: Estimate,
    /// Mean distance in classes, with its t interval.
    pub distance: Estimate,
}

/// How near predicted classes come, with Wilson's intervals; `apart` is 1 for agreement within one grade. A constant guess of a middle class may come
/// near in most cases: compare with the best one.
///
/// # Errors
/// Lengths that differ; too few without cases.
pub fn ordinal_agreement(
    predicted: &[usize],
    truth: &[usize],
    apart: usize,
    level: Level,
) -> Result<OrdinalAgreement, StatisticsError> {
    StatisticsError::same_length("predicted and true classes", truth.len(), predicted.len())?;
    let distances: Vec<usize> = predicted.iter().zip(truth).map(|(a, b)| a.abs_diff(*b)).collect();
    let within = |most: usize| distances.iter().filter(|distance| **distance <= most).count();
    let as_numbers: Vec<f64> = distances.iter().map(|distance| *distance as f64).collect();
    let n = distances.len();
    Ok(OrdinalAgreement {
        exact: proportion(within(0), n, level)?,
        within: proportion(within(apart), n, level)?,
        distance: Moments::of(&as_numbers)?.estimate(crate::sample::largest(&as_numbers), level),
    })
}

/// Ranked probability score of probabilities by case, then class in order: the mean over cases of the squared differences of cumulative
/// probabilities, summed over the borders between classes (Epstein 1969, J Appl Meteorol 8:985) and divided by their number, so that it goes from
/// 0 (certain and right) to 1; with its t interval. Of two classes it is the Brier score. Probabilities are taken as they are: a sum other than 1
/// by more than 1e-6 is an error.
///
/// # Errors
/// As [`one_versus_rest`](crate::one_versus_rest); range of a probability outside 0 to 1, or of a sum that is not 1.
pub fn ranked_probability_score(
    probabilities: &[Vec<f64>],
    truth: &[usize],
    level: Level,
) -> Result<Estimate, StatisticsError> {
    let (classes, whole) = check_classes(probabilities, truth)?;
    let score = |&i: &usize| {
        for p in &probabilities[i] {
            StatisticsError::fraction("a probability", *p)?;
        }
        let sum: f64 = probabilities[i].iter().sum();
        StatisticsError::within("the sum of the probabilities of a case", 1.0 - 1e-6, 1.0 + 1e-6, sum)?;
        let mut cumulated = 0.0;
        let parts = probabilities[i][..classes - 1].iter().enumerate().map(|(class, p)| {
            cumulated += p;
            (cumulated - f64::from(truth[i] <= class)).powi(2)
        });
        Ok(parts.sum::<f64>() / (classes - 1) as f64)
    };
    let scores = whole.iter().map(score).collect::<Result<Vec<f64>, StatisticsError>>()?;
    Ok(Moments::of(&scores)?.estimate(1.0, level))
}

/// Concordance of scores with classes in order: of all pairs of cases of different classes, how often the one of the higher class has the higher
/// score, ties half. Somers' D is twice that less 1 (Somers 1962, Am Sociol Rev 27:799); of two classes it is the area under the ROC curve. The
/// interval is normal, with the jackknife's variance over cases. Cases with a missing score (NaN) are left out. The time it takes grows with the square of the cases.
///
/// # Errors
/// Lengths that differ; too few below three cases or below two classes; too large where a score is infinite.
pub fn concordance(scores: &[f64], truth: &[usize], level: Level) -> Result<Estimate, StatisticsError> {
    StatisticsError::same_length("scores and classes", truth.len(), scores.len())?;
    if scores.iter().any(|score| score.is_infinite()) {
        return Err(StatisticsError::TooLarge);
    }
    let cases: Vec<(f64, usize)> =
        scores.iter().copied().zip(truth.iter().copied()).filter(|(score, _)| !score.is_nan()).collect();
    let n = cases.len();
    StatisticsError::at_least("cases", 3, n)?;
    // Of each case: pairs with those of other classes, and how many are in order.
    let of_case = |&(score, class): &(f64, usize)| {
        let mut found = (0.0, 0.0);
        for (other, of) in cases.iter().filter(|(_, of)| *of != class) {
            let (low, high) = if *of > class { (score, *other) } else { (*other, score) };
            found.0 += 1.0;
            found.1 += if high > low { 1.0 } else { f64::from(high == low) / 2.0 };
        }
        found
    };
    let each: Vec<(f64, f64)> = cases.iter().map(of_case).collect();
    // Every pair stands twice.
    let pairs = each.iter().map(|case| case.0).sum::<f64>() / 2.0;
    let right = each.iter().map(|case| case.1).sum::<f64>() / 2.0;
    if pairs == 0.0 {
        return Err(StatisticsError::TooFew { what: "classes", needed: 2, found: 1 });
    }
    let value = right / pairs;
    let without: Vec<f64> = each.iter().map(|case| (right - case.1) / (pairs - case.0)).collect();
    let mean = without.iter().sum::<f64>() / n as f64;
    let squares: f64 = without.iter().map(|other| (other - mean).powi(2)).sum();
    let half = student::normal_two_sided(level) * ((n - 1) as f64 / n as f64 * squares).sqrt();
    let interval = Interval::new((value - half).max(0.0), (value + half).min(1.0), level);
    Ok(Estimate { value, interval: interval.filter(|_| half > 1e-12), n })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{Numbers, cases, near};
    use crate::roc::Ratings;

    fn made() -> (Vec<Vec<f64>>, Vec<usize>) {
        let mut numbers = Numbers::of(9);
        (0..40)
            .map(|_| {
                let class = (5.0 * numbers.next()) as usize;
                let raw: Vec<f64> =
                    (0..5).map(|j: usize| numbers.next() + 2.0 - 0.5 * j.abs_diff(class) as f64).collect();
                let sum: f64 = raw.iter().sum();
                (raw.iter().map(|x| x / sum).collect(), class)
            })
            .unzip()
    }

    #[test]
    fn scores_are_those_of_scipy_and_numpy() {
        let (probabilities, truth) = made();
        near(
            ranked_probability_score(&probabilities, &truth, Level::NINETY_FIVE).unwrap().value,
            0.123036101813111,
        );
        let mean_class = |row: &Vec<f64>| {
            let mean: f64 = row.iter().enumerate().map(|(class, p)| class as f64 * p).sum();
            (10.0 * mean).round() / 10.0
        };
        let means: Vec<f64> = probabilities.iter().map(mean_class).collect();
        let found = concordance(&means, &truth, Level::NINETY_FIVE).unwrap();
        // somersd(truth, score) of scipy 1.17.1; the interval by numpy from pairs counted anew without each case, cut at 1.
        near(2.0 * found.value - 1.0, 0.974358974358974);
        crate::made_up::near_ends(found.interval, [0.973336940461043, 1.0]);
    }

    #[test]
    fn of_two_classes_they_are_brier_s_score_and_the_area() {
        let cases = cases(1, 80);
        let truth: Vec<usize> = cases.diseased.iter().map(|is| usize::from(*is)).collect();
        let both: Vec<Vec<f64>> = cases.p.iter().map(|p| vec![1.0 - p, *p]).collect();
        let brier: f64 = cases.p.iter().zip(&truth).map(|(p, y)| (p - *y as f64).powi(2)).sum::<f64>() / 80.0;
        near(ranked_probability_score(&both, &truth, Level::NINETY_FIVE).unwrap().value, brier);
        let area = Ratings::new(&cases.p, &cases.diseased).unwrap().area();
        near(concordance(&cases.p, &truth, Level::NINETY_FIVE).unwrap().value, area);
    }

    #[test]
    fn neighbours_count_within_one() {
        let found = ordinal_agreement(&[0, 1, 2, 4], &[0, 2, 4, 4], 1, Level::NINETY_FIVE).unwrap();
        assert_eq!((found.exact.value, found.within.value, found.distance.value), (0.5, 0.75, 0.75));
        assert!(ordinal_agreement(&[], &[], 1, Level::NINETY_FIVE).is_err());
        assert!(ordinal_agreement(&[1], &[], 1, Level::NINETY_FIVE).is_err());
    }

    #[test]
    fn probabilities_that_are_none_are_refused() {
        for wrong in [vec![0.5, 0.6], vec![-0.1, 1.1], vec![0.5, 0.4]] {
            assert!(ranked_probability_score(&[wrong], &[1], Level::NINETY_FIVE).is_err());
        }
        let one_class = concordance(&[1.0, 2.0, 3.0], &[1, 1, 1], Level::NINETY_FIVE);
        assert!(matches!(one_class, Err(StatisticsError::TooFew { what: "classes", .. })), "{one_class:?}");
    }
}
