//! Precision over recall.

use crate::error::StatisticsError;
use crate::roc::ratings::Ratings;
use serde::{Deserialize, Serialize};

/// What a threshold does: cases rated at it or above are called diseased.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PrecisionRecallPoint {
    /// Threshold, in the unit of the ratings; `None` calls no case diseased.
    pub threshold: Option<f64>,
    /// Fraction of the diseased that are called so (sensitivity).
    pub recall: f64,
    /// Fraction of those called diseased that are (positive predictive value); 1 where none is called so.
    pub precision: f64,
}

/// The precision-recall curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PrecisionRecall {
    /// From the point that calls no case diseased to the one that calls all so: one for each different rating and one more.
    pub points: Vec<PrecisionRecallPoint>,
    /// Average precision: the precision of each point weighed by the recall that it adds, without interpolation (as scikit-learn; straight
    /// lines between points, which cannot be reached by mixing thresholds, would promise too much).
    pub average_precision: f64,
    /// Fraction of diseased cases, which is the average precision of ratings that are of no use. It depends on the cases: average precisions
    /// of different prevalences do not compare.
    pub prevalence: f64,
}

/// The precision-recall curve of ratings.
///
/// # Errors
/// As [`Ratings::new`].
pub fn precision_recall(ratings: &[f64], diseased: &[bool]) -> Result<PrecisionRecall, StatisticsError> {
    Ok(of(&Ratings::new(ratings, diseased)?))
}

fn of(ratings: &Ratings) -> PrecisionRecall {
    let (with, without) = (ratings.with().len() as f64, ratings.without().len() as f64);
    let points = ratings.curve().points.into_iter().map(|point| {
        let (tp, fp) = (point.sensitivity * with, (1.0 - point.specificity) * without);
        // Rounding: counts are whole.
        let (tp, fp) = (tp.round(), fp.round());
        let precision = if tp + fp > 0.0 { tp / (tp + fp) } else { 1.0 };
        PrecisionRecallPoint { threshold: point.threshold, recall: tp / with, precision }
    });
    let points: Vec<PrecisionRecallPoint> = points.collect();
    let average_precision =
        points.windows(2).map(|pair| (pair[1].recall - pair[0].recall) * pair[1].precision).sum();
    PrecisionRecall { points, average_precision, prevalence: with / (with + without) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{cases, near};

    #[test]
    fn the_average_precision_is_that_of_scikit_learn() {
        let cases = cases(1, 80);
        // average_precision_score and precision_recall_curve of scikit-learn 1.9.1.
        for (ratings, average, fifth) in [
            (&cases.a, 0.707784115031742, 0.574074074074074),
            (&cases.b, 0.603994891768518, 0.578947368421053),
            (&cases.p, 0.785907810994695, 1.000000000000000),
        ] {
            let found = precision_recall(ratings, &cases.diseased).unwrap();
            near(found.average_precision, average);
            near(found.points[5].precision, fifth);
        }
    }

    #[test]
    fn ties_stand_in_one_point_and_the_order_of_cases_is_of_no_matter() {
        let found = precision_recall(&[1.0; 5], &[true, false, false, true, false]).unwrap();
        assert_eq!((found.points.len(), found.average_precision, found.prevalence), (2, 0.4, 0.4));
        let turned = precision_recall(&[1.0; 5], &[false, false, true, false, true]).unwrap();
        assert_eq!(found, turned);
        assert!(precision_recall(&[1.0, f64::NAN], &[true, false]).is_err());
    }
}
