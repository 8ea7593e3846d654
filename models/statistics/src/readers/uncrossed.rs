//! Studies in which not every reader reads every case with every method.

use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::readers::figures::shape;
use crate::student;
use serde::{Deserialize, Serialize};

/// Ratings of any design: a rating that a reader did not give is missing (NaN).
#[derive(Debug, Clone, PartialEq)]
pub struct UncrossedStudy {
    /// By method, then reader.
    readings: Vec<Vec<Readings>>,
    cases: usize,
}

/// Ratings of one reader by one method, of cases without and with disease.
#[derive(Debug, Clone, PartialEq)]
struct Readings {
    without: Vec<f64>,
    with: Vec<f64>,
}

/// An area, or a difference of two, over all readings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UncrossedEstimate {
    /// Area or difference; `n` is the number of cases. Without an interval where the variance comes out below 0, as an unbiased one may.
    pub estimate: Estimate,
    /// Estimated variance for other readers and other cases; unbiased, so that it may be below 0.
    pub variance: f64,
    /// Degrees of freedom; `None` where the variance is not above 0.
    pub df: Option<f64>,
    /// Two-sided p value of a difference of 0, or of an area of 0.5; `None` where the variance is not above 0.
    pub p: Option<f64>,
}

/// Means of products of two comparisons (a reader, a case without disease, one with), and the coefficients with which they make a variance.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Moments {
    numerators: [f64; 8],
    denominators: [f64; 8],
    /// Of products that may share anything, with the biases of that.
    biased: [f64; 8],
}

/// Degrees of freedom above which the normal distribution is taken, as the program iMRMC does.
const MANY: f64 = 50.0;

impl UncrossedStudy {
    /// Of ratings by method, then reader, then case; NaN where a reader did not read a case.
    ///
    /// # Errors
    /// Lengths that differ; too few below two cases of either kind or two readers; too large where a rating is infinite; no figure where no
    /// reader read a case of each kind with a method.
    pub fn new(ratings: &[Vec<Vec<f64>>], diseased: &[bool]) -> Result<UncrossedStudy, StatisticsError> {
        let [_, readers, cases] = shape(ratings)?;
        StatisticsError::same_length("ratings and truths", diseased.len(), cases)?;
        StatisticsError::at_least("readers", 2, readers)?;
        let with = diseased.iter().filter(|is| **is).count();
        StatisticsError::at_least("cases with disease", 2, with)?;
        StatisticsError::at_least("cases without disease", 2, cases - with)?;
        if ratings.iter().flatten().flatten().any(|rating| rating.is_infinite()) {
            return Err(StatisticsError::TooLarge);
        }
        let of = |ratings: &Vec<f64>| {
            let kind = |kind: bool| {
                ratings
                    .iter()
                    .zip(diseased)
                    .filter(|(_, is)| **is == kind)
                    .map(|(rating, _)| *rating)
                    .collect()
            };
            Readings { without: kind(false), with: kind(true) }
        };
        let readings: Vec<Vec<Readings>> =
            ratings.iter().map(|readers| readers.iter().map(of).collect()).collect();
        let is_read = |list: &[f64]| list.iter().any(|rating| !rating.is_nan());
        for (method, readers) in readings.iter().enumerate() {
            if !readers.iter().any(|of| is_read(&of.without) && is_read(&of.with)) {
                return Err(StatisticsError::NoFigure { method, reader: 0 });
            }
        }
        Ok(UncrossedStudy { readings, cases })
    }

    /// The area of a method: of all comparisons of a diseased case with another by one reader, how many are in order, ties half. A reader who read more
    /// counts more. Variance, degrees of freedom and interval as [`UncrossedStudy::difference`].
    ///
    /// # Errors
    /// Range of a method that is none.
    pub fn single(&self, method: usize, level: Level) -> Result<UncrossedEstimate, StatisticsError> {
        let moments = self.moments(method, method)?;
        let [df, least] = [moments.freedoms(), moments.freedoms()];
        let shared = moments.components();
        Ok(self.estimate(self.area(method), 0.5, moments.variance(), (shared, df, least), level))
    }

    /// The area of one method less that of another. The variance is the unbiased one of U-statistics (Gallas 2006, Acad Radiol 13:353; Gallas et al. 2009,
    /// Commun Stat Theory Methods 38:2586), which holds for every design, with the degrees of freedom of the program iMRMC: a Satterthwaite sum of
    /// the components of readers and of both kinds of cases, not below the least of theirs, rounded down, and the normal distribution above 50.
    ///
    /// # Errors
    /// Range of a method that is none.
    pub fn difference(
        &self,
        from: usize,
        to: usize,
        level: Level,
    ) -> Result<UncrossedEstimate, StatisticsError> {
        let (a, b) = (self.moments(from, from)?, self.moments(to, to)?);
        let both = self.moments(from, to)?;
        let variance = a.variance() + b.variance() - 2.0 * both.variance();
        let (of_a, of_b, of_both) = (a.components(), b.components(), both.components());
        let shared = std::array::from_fn(|i| of_a[i] + of_b[i] - 2.0 * of_both[i]);
        let value = self.area(to) - self.area(from);
        Ok(self.estimate(value, 0.0, variance, (shared, a.freedoms(), b.freedoms()), level))
    }

    fn estimate(
        &self,
        value: f64,
        by_chance: f64,
        variance: f64,
        (shared, one, other): ([f64; 3], [f64; 3], [f64; 3]),
        level: Level,
    ) -> UncrossedEstimate {
        let freedoms: [f64; 3] = std::array::from_fn(|i| one[i].min(other[i]));
        let least = freedoms.iter().copied().fold(f64::INFINITY, f64::min);
        let sum: f64 = shared.iter().zip(freedoms).map(|(part, df)| part * part / df.powi(3)).sum();
        let known = variance > 0.0 && least >= 1.0;
        let df = known.then(|| (variance * variance / sum).max(least));
        let error = variance.max(0.0).sqrt();
        let t = (value - by_chance) / error;
        let tested = df.map(|df| match df > MANY {
            true => (student::normal_two_sided(level), 2.0 * student::normal_below(-t.abs())),
            false => (student::two_sided(level, df.floor()), student::p_value(t, df.floor())),
        });
        let interval = tested.and_then(|(by, _)| Interval::around(value, by * error, level));
        let estimate = Estimate { value, interval, n: self.cases };
        UncrossedEstimate { estimate, variance, df, p: tested.map(|(_, p)| p) }
    }

    fn area(&self, method: usize) -> f64 {
        let (mut right, mut all) = (0.0, 0.0);
        for reader in &self.readings[method] {
            let sums = Sums::of(reader);
            right += sums.right;
            all += sums.all;
        }
        right / all
    }

    /// # Errors
    /// Range of a method that is none.
    fn moments(&self, one: usize, other: usize) -> Result<Moments, StatisticsError> {
        for method in [one, other] {
            StatisticsError::within("a method", 0.0, self.readings.len() as f64 - 1.0, method as f64)?;
        }
        let [a, b] =
            [one, other].map(|method| self.readings[method].iter().map(Sums::of).collect::<Vec<_>>());
        // Products that share a reader, and all: any cases, the same with disease, the same without, any.
        let (mut numerators, mut denominators) = ([0.0; 8], [0.0; 8]);
        for (i, a) in a.iter().enumerate() {
            for (j, b) in b.iter().enumerate() {
                let (right, all) = a.products(b);
                for k in 0..4 {
                    numerators[4 + k] += right[k];
                    denominators[4 + k] += all[k];
                    if i == j {
                        numerators[k] += right[k];
                        denominators[k] += all[k];
                    }
                }
            }
        }
        let biased = std::array::from_fn(|k| part(numerators[k], denominators[k]));
        Ok(Moments { numerators: unbiased(numerators), denominators: unbiased(denominators), biased })
    }
}

/// A fraction; 0 of nothing.
fn part(of: f64, all: f64) -> f64 {
    if all > 0.0 { of / all } else { 0.0 }
}

/// From sums over pairs that may share more than they say to sums over pairs that share just that.
fn unbiased(sums: [f64; 8]) -> [f64; 8] {
    let cases = |s: &[f64]| [s[0], s[1] - s[0], s[2] - s[0], s[3] - s[1] - s[2] + s[0]];
    let (same, any) = (cases(&sums[..4]), cases(&sums[4..]));
    std::array::from_fn(|k| if k < 4 { same[k] } else { any[k - 4] - same[k - 4] })
}

impl Moments {
    fn total(&self) -> f64 {
        self.denominators.iter().sum()
    }

    /// Coefficients of the eight means, those of the last less one.
    fn coefficients(&self) -> [f64; 8] {
        let total = self.total();
        std::array::from_fn(|k| self.denominators[k] / total - f64::from(k == 7))
    }

    fn variance(&self) -> f64 {
        let means: [f64; 8] = std::array::from_fn(|k| part(self.numerators[k], self.denominators[k]));
        self.coefficients().iter().zip(means).map(|(by, mean)| by * mean).sum()
    }

    /// Biased components of cases without disease, with it, and of readers.
    fn components(&self) -> [f64; 3] {
        [6, 5, 3].map(|k| self.biased[k] - self.biased[7])
    }

    /// Degrees of freedom of the same: effective numbers less one.
    fn freedoms(&self) -> [f64; 3] {
        let by = self.coefficients();
        let sum = |places: [usize; 4]| places.iter().map(|k| by[*k]).sum::<f64>();
        [[0, 2, 4, 6], [0, 1, 4, 5], [0, 1, 2, 3]].map(|places| (1.0 / sum(places) - 1.0).round())
    }
}

/// Comparisons of one reader by one method: which are right, and which there are.
struct Sums {
    /// By case without disease, then with; NaN where one is not read.
    right_by: Vec<Vec<f64>>,
    by_without: [Vec<f64>; 2],
    by_with: [Vec<f64>; 2],
    right: f64,
    all: f64,
}

impl Sums {
    fn of(readings: &Readings) -> Sums {
        let compare = |without: f64, with: f64| match (with - without).partial_cmp(&0.0) {
            None => f64::NAN,
            Some(order) => f64::from(order as i8 + 1) / 2.0,
        };
        let right_by: Vec<Vec<f64>> = readings
            .without
            .iter()
            .map(|a| readings.with.iter().map(|b| compare(*a, *b)).collect())
            .collect();
        let mut by_without = [vec![0.0; readings.without.len()], vec![0.0; readings.without.len()]];
        let mut by_with = [vec![0.0; readings.with.len()], vec![0.0; readings.with.len()]];
        for (i, row) in right_by.iter().enumerate() {
            for (j, right) in row.iter().enumerate().filter(|(_, right)| !right.is_nan()) {
                by_without[0][i] += right;
                by_without[1][i] += 1.0;
                by_with[0][j] += right;
                by_with[1][j] += 1.0;
            }
        }
        let [right, all] = [0, 1].map(|k: usize| by_without[k].iter().sum());
        Sums { right_by, by_without, by_with, right, all }
    }

    /// Sums of products with another reader's: over the same pair of cases, over pairs that share the one with disease, the one without, over all;
    /// of what is right and of what there is.
    fn products(&self, other: &Sums) -> ([f64; 4], [f64; 4]) {
        let (mut right, mut all) = (0.0, 0.0);
        for (a, b) in self.right_by.iter().flatten().zip(other.right_by.iter().flatten()) {
            if !a.is_nan() && !b.is_nan() {
                right += a * b;
                all += 1.0;
            }
        }
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let shared = |k: usize| {
            [dot(&self.by_with[k], &other.by_with[k]), dot(&self.by_without[k], &other.by_without[k])]
        };
        let ([with, without], [all_with, all_without]) = (shared(0), shared(1));
        ([right, with, without, self.right * other.right], [all, all_with, all_without, self.all * other.all])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{Numbers, near, near_ends};

    /// Two methods, four readers, 24 cases; a fifth to a third of the readings missing, by rule where `is_split`: each reader reads half of the cases.
    fn made(is_split: bool) -> (Vec<Vec<Vec<f64>>>, Vec<bool>) {
        let mut numbers = Numbers::of(51);
        let diseased: Vec<bool> = (0..24).map(|k| k % 2 == 0).collect();
        let hard: Vec<f64> = (0..24).map(|_| numbers.next()).collect();
        let mut rating = |i: usize, j: usize, k: usize| {
            let [noise, read] = [numbers.next(), numbers.next()];
            let value = (5.0 * (f64::from(diseased[k]) * (0.5 + 0.3 * i as f64) + hard[k] + noise)).round();
            let is_read = if is_split { (k / 12) == j % 2 } else { read > 0.25 };
            if is_read { value } else { f64::NAN }
        };
        let ratings =
            (0..2).map(|i| (0..4).map(|j| (0..24).map(|k| rating(i, j, k)).collect()).collect()).collect();
        (ratings, diseased)
    }

    #[test]
    fn variances_are_those_of_all_pairs_of_comparisons() {
        // By numpy 2.4.6 from every pair of comparisons: difference, its variance, that of the first method, degrees of freedom, interval.
        for (is_split, value, variance, of_first, df, ends) in [
            (
                false,
                0.1563452660918,
                0.0146294298076,
                0.0054405433437,
                5.0480035610141,
                [-0.1545722103805, 0.4672627425641],
            ),
            (
                true,
                0.2222222222222,
                0.0033847206313,
                0.0062296409651,
                3.0000000000000,
                [0.0370727411300, 0.4073717033145],
            ),
        ] {
            let (ratings, diseased) = made(is_split);
            let study = UncrossedStudy::new(&ratings, &diseased).unwrap();
            let found = study.difference(0, 1, Level::NINETY_FIVE).unwrap();
            near(found.estimate.value, value);
            near(found.variance / variance, 1.0);
            near(study.single(0, Level::NINETY_FIVE).unwrap().variance / of_first, 1.0);
            near(found.df.unwrap(), df);
            near_ends(found.estimate.interval, ends);
        }
    }

    #[test]
    fn of_a_crossed_study_the_area_is_the_mean_of_readers() {
        let (mut ratings, diseased) = made(false);
        ratings.iter_mut().flatten().flatten().for_each(|rating| {
            if rating.is_nan() {
                *rating = 3.0;
            }
        });
        let study = UncrossedStudy::new(&ratings, &diseased).unwrap();
        let areas = crate::readers::figures::FigureStudy::areas(&ratings, &diseased).unwrap();
        let mean = areas.figures()[1].iter().sum::<f64>() / 4.0;
        near(study.single(1, Level::NINETY_FIVE).unwrap().estimate.value, mean);
        let same = UncrossedStudy::new(&[ratings[0].clone(), ratings[0].clone()], &diseased).unwrap();
        let none = same.difference(0, 1, Level::NINETY_FIVE).unwrap();
        assert_eq!((none.estimate.value, none.estimate.interval, none.p), (0.0, None, None));
    }

    #[test]
    fn a_method_that_nobody_used_has_no_figure() {
        let (mut ratings, diseased) = made(true);
        assert!(
            UncrossedStudy::new(&ratings, &diseased).unwrap().difference(0, 2, Level::NINETY_FIVE).is_err()
        );
        ratings[1].iter_mut().flatten().for_each(|rating| *rating = f64::NAN);
        let found = UncrossedStudy::new(&ratings, &diseased);
        assert_eq!(found, Err(StatisticsError::NoFigure { method: 1, reader: 0 }));
    }
}
