//! The points of a ROC curve, parts of its area, and thresholds chosen from it.

use crate::error::StatisticsError;
use crate::roc::ratings::Ratings;
use serde::{Deserialize, Serialize};

/// What a threshold does: cases rated at it or above are called diseased.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Threshold, in the unit of the ratings; `None` calls no case diseased.
    pub threshold: Option<f64>,
    /// Fraction of the diseased that are called so.
    pub sensitivity: f64,
    /// Fraction of the others that are not.
    pub specificity: f64,
}

/// The empirical ROC curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RocCurve {
    /// From the point that calls no case diseased to the one that calls all so: one for each different rating and one more. Between
    /// them the curve is straight.
    pub points: Vec<CurvePoint>,
}

/// What calls no case diseased: the first point of every curve.
const NONE: CurvePoint = CurvePoint { threshold: None, sensitivity: 0.0, specificity: 1.0 };

/// Stretch of a ROC curve over which an area is taken, from and to a fraction in any order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartialArea {
    /// Sensitivity over a range of specificity.
    Specificity(f64, f64),
    /// Specificity over a range of sensitivity.
    Sensitivity(f64, f64),
}

impl Ratings {
    /// The empirical ROC curve.
    pub fn curve(&self) -> RocCurve {
        let (mut without, mut with) = (self.without().to_vec(), self.with().to_vec());
        without.sort_by(f64::total_cmp);
        with.sort_by(f64::total_cmp);
        let mut thresholds = [without.as_slice(), with.as_slice()].concat();
        thresholds.sort_by(|one, other| other.total_cmp(one));
        thresholds.dedup();
        let below = |sorted: &[f64], threshold: f64| {
            sorted.partition_point(|rating| *rating < threshold) as f64 / sorted.len() as f64
        };
        let others = thresholds.into_iter().map(|threshold| CurvePoint {
            threshold: Some(threshold),
            sensitivity: 1.0 - below(&with, threshold),
            specificity: below(&without, threshold),
        });
        RocCurve { points: std::iter::once(NONE).chain(others).collect() }
    }
}

impl RocCurve {
    /// The threshold with the greatest sum of sensitivity and specificity (Youden 1950, Cancer 3:32); of several the one with the highest
    /// specificity.
    pub fn youden(&self) -> CurvePoint {
        let sum = |point: &CurvePoint| point.sensitivity + point.specificity;
        // A sum that is larger by rounding alone is not larger.
        self.points
            .iter()
            .fold(NONE, |best, point| if sum(point) > sum(&best) + 1e-12 { *point } else { best })
    }

    /// The highest threshold with at least this sensitivity.
    ///
    /// # Errors
    /// Range of a fraction outside 0 to 1.
    pub fn at_sensitivity(&self, least: f64) -> Result<CurvePoint, StatisticsError> {
        let least = StatisticsError::fraction("a sensitivity", least)?;
        let found = self.points.iter().find(|point| point.sensitivity >= least - 1e-12);
        Ok(*found.or(self.points.last()).unwrap_or(&NONE))
    }

    /// The lowest threshold with at least this specificity.
    ///
    /// # Errors
    /// Range of a fraction outside 0 to 1.
    pub fn at_specificity(&self, least: f64) -> Result<CurvePoint, StatisticsError> {
        let least = StatisticsError::fraction("a specificity", least)?;
        let found = self.points.iter().rev().find(|point| point.specificity >= least - 1e-12);
        Ok(*found.unwrap_or(&NONE))
    }

    /// The area under the curve over a stretch of it, by straight lines between points: at most the width of the stretch.
    ///
    /// # Errors
    /// Range of a fraction outside 0 to 1, or of a stretch without width.
    pub fn partial_area(&self, over: PartialArea) -> Result<f64, StatisticsError> {
        let (what, (from, to)) = match over {
            PartialArea::Specificity(one, other) => ("a specificity", (one.min(other), one.max(other))),
            PartialArea::Sensitivity(one, other) => ("a sensitivity", (one.min(other), one.max(other))),
        };
        let (from, to) = (StatisticsError::fraction(what, from)?, StatisticsError::fraction(what, to)?);
        if to <= from {
            return Err(StatisticsError::Range {
                what: "the width of a stretch",
                least: 1e-12,
                most: 1.0,
                found: 0.0,
            });
        }
        let place = |point: &CurvePoint| match over {
            PartialArea::Specificity(..) => (point.specificity, point.sensitivity),
            PartialArea::Sensitivity(..) => (point.sensitivity, point.specificity),
        };
        let pieces = self.points.windows(2).map(|pair| {
            let (mut one, mut other) = (place(&pair[0]), place(&pair[1]));
            if one.0 > other.0 {
                (one, other) = (other, one);
            }
            let width = other.0 - one.0;
            let (low, high) = (one.0.max(from), other.0.min(to));
            if high <= low {
                return 0.0;
            }
            let at = |x: f64| one.1 + (other.1 - one.1) * (x - one.0) / width;
            (high - low) * (at(low) + at(high)) / 2.0
        });
        Ok(pieces.sum())
    }

    /// [`RocCurve::partial_area`] carried to the scale of a whole area: 0.5 for ratings that are of no use and 1 for perfect ones (McClish
    /// 1989, Med Decis Making 9:190). Below the diagonal it may be less than 0.5.
    ///
    /// # Errors
    /// As [`RocCurve::partial_area`].
    pub fn standardised_partial_area(&self, over: PartialArea) -> Result<f64, StatisticsError> {
        let area = self.partial_area(over)?;
        let (PartialArea::Specificity(from, to) | PartialArea::Sensitivity(from, to)) = over;
        let width = (to - from).abs();
        // Below the diagonal over this stretch.
        let by_chance = width * (1.0 - from / 2.0 - to / 2.0);
        Ok((1.0 + (area - by_chance) / (width - by_chance)) / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{cases, near};

    fn curve() -> RocCurve {
        let cases = cases(1, 80);
        Ratings::new(&cases.b, &cases.diseased).unwrap().curve()
    }

    #[test]
    fn areas_of_stretches_are_those_of_proc() {
        // auc(..., partial.auc, partial.auc.focus, partial.auc.correct) of pROC 1.18.0.
        for (over, plain, standardised) in [
            (PartialArea::Specificity(1.0, 0.8), 0.037_568_922_305_764_4, 0.548_802_561_960_457),
            (PartialArea::Specificity(0.9, 0.35), 0.307_999_164_578_112, 0.647_998_784_840_89),
            (PartialArea::Sensitivity(1.0, 0.8), 0.059_511_278_195_488_7, 0.609_753_550_543_024),
            (PartialArea::Sensitivity(0.33, 0.71), 0.248_258_792_815_372, 0.666_646_742_953_876),
        ] {
            near(curve().partial_area(over).unwrap(), plain);
            near(curve().standardised_partial_area(over).unwrap(), standardised);
        }
        let whole = curve().partial_area(PartialArea::Specificity(0.0, 1.0)).unwrap();
        let cases = cases(1, 80);
        near(whole, Ratings::new(&cases.b, &cases.diseased).unwrap().area());
    }

    #[test]
    fn thresholds_are_those_of_proc() {
        let youden = curve().youden();
        // coords(..., "best") of pROC 1.18.0, whose threshold lies between two ratings.
        near(youden.sensitivity, 0.710_526_315_789_474);
        near(youden.specificity, 0.595_238_095_238_095);
        assert_eq!(youden.threshold, Some(10.0));
        let found = curve().at_sensitivity(0.9).unwrap();
        assert!(found.sensitivity >= 0.9 && found.threshold.is_some(), "{found:?}");
        let next = curve().points.into_iter().take_while(|point| *point != found).last().unwrap();
        assert!(next.sensitivity < 0.9, "{next:?}");
        let found = curve().at_specificity(1.0).unwrap();
        assert_eq!(found.specificity, 1.0);
        assert!(curve().at_specificity(1.1).is_err());
    }

    #[test]
    fn a_curve_without_points_calls_no_case_diseased() {
        let empty = RocCurve { points: vec![] };
        assert_eq!(
            (empty.youden(), empty.at_sensitivity(0.5), empty.at_specificity(0.5)),
            (NONE, Ok(NONE), Ok(NONE))
        );
        assert_eq!(empty.partial_area(PartialArea::Specificity(0.0, 1.0)), Ok(0.0));
    }

    #[test]
    fn a_curve_goes_from_corner_to_corner_and_refuses_what_is_no_stretch() {
        let points = curve().points;
        let ends = [points[0], points[points.len() - 1]].map(|point| (point.sensitivity, point.specificity));
        assert_eq!(ends, [(0.0, 1.0), (1.0, 0.0)]);
        assert!(points.windows(2).all(|pair| {
            pair[0].sensitivity <= pair[1].sensitivity && pair[0].specificity >= pair[1].specificity
        }));
        for (from, to) in [(0.4, 0.4), (0.5, 1.5), (f64::NAN, 1.0), (f64::NAN, f64::NAN)] {
            assert!(curve().partial_area(PartialArea::Specificity(from, to)).is_err(), "{from} {to}");
        }
    }
}
