//! Ratings of cases with and without disease: the empirical area under the ROC curve, and how unsure it is.

use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::student;

/// Ratings, higher for more disease, of cases without and with disease.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratings {
    without: Vec<f64>,
    with: Vec<f64>,
}

/// What each case adds to an area: the part of the other cases that it is on the right side of, ties half (DeLong et al. 1988, Biometrics 44:837).
#[derive(Debug, Clone, PartialEq)]
pub struct Placements {
    /// Of each case without disease: the part of the diseased rated above it.
    pub without: Vec<f64>,
    /// Of each case with disease: the part of those without rated below it.
    pub with: Vec<f64>,
}

impl Ratings {
    /// Of cases in any order.
    ///
    /// # Errors
    /// Lengths that differ; too few below two cases of either kind; too large where a rating is no finite number.
    pub fn new(ratings: &[f64], diseased: &[bool]) -> Result<Ratings, StatisticsError> {
        let (expected, found) = (ratings.len(), diseased.len());
        if expected != found {
            return Err(StatisticsError::Lengths { what: "ratings and truths", expected, found });
        }
        if ratings.iter().any(|rating| !rating.is_finite()) {
            return Err(StatisticsError::TooLarge);
        }
        let of = |kind: bool| -> Vec<f64> {
            ratings.iter().zip(diseased).filter(|(_, is)| **is == kind).map(|(rating, _)| *rating).collect()
        };
        let (without, with) = (of(false), of(true));
        for (list, what) in [(&without, "cases without disease"), (&with, "cases with disease")] {
            if list.len() < 2 {
                return Err(StatisticsError::TooFew { what, needed: 2, found: list.len() });
            }
        }
        Ok(Ratings { without, with })
    }

    /// Ratings of the cases without disease.
    pub(crate) fn without(&self) -> &[f64] {
        &self.without
    }

    /// Ratings of the cases with disease.
    pub(crate) fn with(&self) -> &[f64] {
        &self.with
    }

    /// The area under the empirical ROC curve: how often a diseased case is rated above one without disease, ties half.
    pub fn area(&self) -> f64 {
        let mut without = self.without.clone();
        without.sort_unstable_by(f64::total_cmp);
        let sum: f64 = self.with.iter().map(|rating| below(&without, *rating)).sum();
        sum / self.with.len() as f64
    }

    /// The placements of all cases, in their order within each kind.
    pub fn placements(&self) -> Placements {
        let (mut without, mut with) = (self.without.clone(), self.with.clone());
        without.sort_by(f64::total_cmp);
        with.sort_by(f64::total_cmp);
        Placements {
            without: self.without.iter().map(|rating| 1.0 - below(&with, *rating)).collect(),
            with: self.with.iter().map(|rating| below(&without, *rating)).collect(),
        }
    }

    /// The area with its standard error and interval after DeLong et al. 1988. An area of 0 or 1 has no interval: no case is on the wrong side
    /// to learn a spread from.
    pub fn estimate(&self, level: Level) -> Estimate {
        let placements = self.placements();
        let value = placements.area();
        let half = student::normal_two_sided(level) * placements.covariance(&placements).sqrt();
        let cut = Interval::new((value - half).max(0.0), (value + half).min(1.0), level);
        Estimate { value, interval: cut.filter(|_| half > 0.0), n: self.without.len() + self.with.len() }
    }
}

impl Placements {
    /// The area.
    pub fn area(&self) -> f64 {
        mean(&self.with)
    }

    /// The covariance of two areas over the same cases; of one with itself its variance.
    pub fn covariance(&self, other: &Placements) -> f64 {
        let of = |a: &[f64], b: &[f64]| {
            let (mean_a, mean_b) = (mean(a), mean(b));
            let sum: f64 = a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).sum();
            sum / (a.len() as f64 - 1.0) / a.len() as f64
        };
        of(&self.without, &other.without) + of(&self.with, &other.with)
    }

    /// The area without each case in turn, those without disease first.
    pub(crate) fn without_each(&self) -> Vec<f64> {
        let area = self.area();
        let of = |list: &[f64]| {
            let n = list.len() as f64;
            list.iter().map(move |placement| (n * area - placement) / (n - 1.0)).collect::<Vec<_>>()
        };
        [of(&self.without), of(&self.with)].concat()
    }
}

/// Part of sorted values below one, those that tie half.
fn below(sorted: &[f64], value: f64) -> f64 {
    let less = sorted.partition_point(|other| *other < value);
    let not_more = sorted.partition_point(|other| *other <= value);
    (less + not_more) as f64 / (2.0 * sorted.len() as f64)
}

/// Mean of one value at least.
pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    // Hanley and McNeil 1982, Radiology 143:29, table 1: 109 CT readings on five grades.
    fn hanley() -> Ratings {
        let counts = [(false, [33, 6, 6, 11, 2]), (true, [3, 2, 2, 11, 33])];
        let mut ratings = Vec::new();
        let mut diseased = Vec::new();
        for (is, counts) in counts {
            for (grade, count) in counts.into_iter().enumerate() {
                ratings.extend(std::iter::repeat_n(grade as f64 + 1.0, count));
                diseased.extend(std::iter::repeat_n(is, count));
            }
        }
        Ratings::new(&ratings, &diseased).unwrap()
    }

    #[test]
    fn the_area_of_hanley_and_mcneil_is_theirs() {
        let found = hanley().estimate(Level::NINETY_FIVE);
        // Their 0.893; the rest by numpy.
        assert!((found.value - 0.893_171_061_528_06).abs() < 1e-12, "{found:?}");
        let interval = found.interval.unwrap();
        let ends = [interval.low - 0.832_952_327_658_17, interval.high - 0.953_389_795_397_95];
        assert!(ends.iter().all(|off| off.abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn areas_without_a_case_are_those_of_the_others() {
        let ratings = hanley();
        let without = ratings.placements().without_each();
        for place in [0, 40, 57] {
            let mut fewer = ratings.clone();
            fewer.without.remove(place);
            assert!((without[place] - fewer.area()).abs() < 1e-14);
        }
        let mut fewer = ratings.clone();
        fewer.with.remove(7);
        assert!((without[58 + 7] - fewer.area()).abs() < 1e-14);
    }

    #[test]
    fn ratings_that_part_the_cases_have_no_interval_and_turned_round_the_other_area() {
        let parted = Ratings::new(&[1.0, 2.0, 3.0, 4.0], &[false, false, true, true]).unwrap();
        let found = parted.estimate(Level::NINETY_FIVE);
        assert_eq!((found.value, found.interval), (1.0, None));
        let turned = Ratings::new(&[-1.0, -2.0, -3.0, -4.0], &[false, false, true, true]).unwrap();
        assert_eq!(turned.area(), 0.0);
        let same = Ratings::new(&[2.0; 5], &[false, true, true, false, true]).unwrap();
        assert_eq!(same.area(), 0.5);
        assert!(matches!(
            Ratings::new(&[1.0, 2.0, 3.0], &[false, true, true]),
            Err(StatisticsError::TooFew { found: 1, .. })
        ));
    }
}
