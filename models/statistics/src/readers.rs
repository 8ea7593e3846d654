//! Several readers of the same cases with several methods: does a method change how well readers find disease?
//!
//! The model is that of Obuchowski and Rockette 1995 (Commun Stat Simul 24:285) with the degrees of freedom of Hillis 2007 (Stat Med 26:596); over
//! jackknife covariances it gives what Dorfman, Berbaum and Metz 1992 compute from pseudovalues (Hillis et al. 2005, Stat Med 24:1579).

use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::roc::{Placements, Ratings, mean};
use crate::student;
use serde::{Deserialize, Serialize};

/// How covariances of areas are estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Covariances {
    /// From areas without each case in turn.
    Jackknife,
    /// From placements (DeLong et al. 1988).
    DeLong,
}

/// Whom the answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inference {
    /// Other readers of other cases.
    RandomReadersRandomCases,
    /// These readers of other cases.
    FixedReadersRandomCases,
    /// Other readers of these cases.
    RandomReadersFixedCases,
}

/// Variance and covariances of areas: of one; of one reader with two methods; of two readers with one method; of two readers with two.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Components {
    /// Of one area.
    pub var: f64,
    /// The same reader, two methods.
    pub cov1: f64,
    /// Two readers, the same method.
    pub cov2: f64,
    /// Two readers, two methods.
    pub cov3: f64,
}

/// The test that all methods are alike, and the difference of each pair of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MethodTest {
    /// Whom it is for.
    pub inference: Inference,
    /// F statistic.
    pub f: f64,
    /// Degrees of freedom of its numerator.
    pub df1: f64,
    /// Of its denominator; infinite where it is known.
    pub df2: f64,
    /// Probability of so large an F where all methods are alike.
    pub p: f64,
    /// Area of the second method less that of the first, for each pair of methods by their places.
    pub differences: Vec<(usize, usize, Estimate)>,
}

/// A fully crossed study: every reader rated every case with every method.
#[derive(Debug, Clone, PartialEq)]
pub struct ReaderStudy {
    /// By method, then reader.
    placements: Vec<Vec<Placements>>,
    cases: usize,
}

impl ReaderStudy {
    /// Of ratings by method, then reader, then case; all of the same cases.
    ///
    /// # Errors
    /// Too few below two methods or readers; lengths that differ; as [`Ratings::new`].
    pub fn new(ratings: &[Vec<Vec<f64>>], diseased: &[bool]) -> Result<ReaderStudy, StatisticsError> {
        let readers = ratings.first().map_or(0, Vec::len);
        for (what, found) in [("methods", ratings.len()), ("readers", readers)] {
            if found < 2 {
                return Err(StatisticsError::TooFew { what, needed: 2, found });
            }
        }
        if let Some(other) = ratings.iter().find(|of| of.len() != readers) {
            let (expected, found) = (readers, other.len());
            return Err(StatisticsError::Lengths { what: "readers of the methods", expected, found });
        }
        let of = |ratings: &Vec<f64>| Ok(Ratings::new(ratings, diseased)?.placements());
        let of_method = |readers: &Vec<Vec<f64>>| readers.iter().map(of).collect::<Result<Vec<_>, _>>();
        let placements = ratings.iter().map(of_method).collect::<Result<_, StatisticsError>>()?;
        Ok(ReaderStudy { placements, cases: diseased.len() })
    }

    /// Areas by method, then reader.
    pub fn areas(&self) -> Vec<Vec<f64>> {
        self.placements.iter().map(|readers| readers.iter().map(Placements::area).collect()).collect()
    }

    /// Variance and covariances, each the mean over all pairs of its kind.
    pub fn components(&self, by: Covariances) -> Components {
        let covariance = self.covariances(by);
        let (methods, readers) = (self.placements.len(), self.placements[0].len());
        let all = (0..methods * readers).flat_map(|a| (0..methods * readers).map(move |b| (a, b)));
        let (mut sums, mut counts) = ([0.0; 4], [0u32; 4]);
        for (a, b) in all {
            let is_same = [a / readers == b / readers, a % readers == b % readers];
            let kind = match is_same {
                [true, true] => 0,
                [false, true] => 1,
                [true, false] => 2,
                [false, false] => 3,
            };
            sums[kind] += covariance(a, b);
            counts[kind] += 1;
        }
        let [var, cov1, cov2, cov3] = [0, 1, 2, 3].map(|kind| sums[kind] / f64::from(counts[kind]));
        Components { var, cov1, cov2, cov3 }
    }

    /// Covariance of two areas by their places: method times readers plus reader.
    fn covariances(&self, by: Covariances) -> impl Fn(usize, usize) -> f64 {
        let flat: Vec<Placements> = self.placements.iter().flatten().cloned().collect();
        let count = self.cases as f64;
        let without: Vec<Vec<f64>> = match by {
            Covariances::DeLong => Vec::new(),
            Covariances::Jackknife => flat.iter().map(centred).collect(),
        };
        move |a, b| match by {
            Covariances::DeLong => flat[a].covariance(&flat[b]),
            Covariances::Jackknife => {
                let sum: f64 = without[a].iter().zip(&without[b]).map(|(a, b)| a * b).sum();
                (count - 1.0) / count * sum
            }
        }
    }

    /// Whether methods differ, and by how much.
    pub fn test(&self, by: Covariances, inference: Inference, level: Level) -> MethodTest {
        let areas = self.areas();
        let (t, r) = (areas.len() as f64, areas[0].len() as f64);
        let squares = Squares::of(&areas);
        let Components { var, cov1, cov2, cov3 } = self.components(by);
        let both = (t - 1.0) * (r - 1.0);
        let shared = (r * (cov2 - cov3)).max(0.0);
        let (error, df2) = match inference {
            Inference::RandomReadersRandomCases => {
                let error = squares.of_both + shared;
                (error, error * error / (squares.of_both * squares.of_both / both))
            }
            Inference::FixedReadersRandomCases => {
                (var - cov1 + ((r - 1.0) * (cov2 - cov3)).max(0.0), f64::INFINITY)
            }
            Inference::RandomReadersFixedCases => (squares.of_both, both),
        };
        // Methods that are alike in every reader differ in nothing, also where there is no spread to tell it from.
        let f = if squares.of_methods > 0.0 { squares.of_methods / error } else { 0.0 };
        let means: Vec<f64> = areas.iter().map(|readers| mean(readers)).collect();
        let t_of_level = match df2.is_finite() {
            true => student::two_sided(level, df2),
            false => student::normal_two_sided(level),
        };
        let half = t_of_level * (2.0 / r * error).sqrt();
        let pairs = (0..means.len()).flat_map(|a| (a + 1..means.len()).map(move |b| (a, b)));
        let differences = pairs.map(|(a, b)| {
            let value = means[b] - means[a];
            (a, b, Estimate { value, interval: Interval::around(value, half, level), n: self.cases })
        });
        let (df1, differences) = (t - 1.0, differences.collect());
        MethodTest { inference, f, df1, df2, p: student::f_tail(f, df1, df2), differences }
    }
}

/// Areas without each case, less their mean.
fn centred(placements: &Placements) -> Vec<f64> {
    let without = placements.without_each();
    let middle = mean(&without);
    without.into_iter().map(|area| area - middle).collect()
}

/// Mean squares of methods, and of methods and readers together.
struct Squares {
    of_methods: f64,
    of_both: f64,
}

impl Squares {
    fn of(areas: &[Vec<f64>]) -> Squares {
        let (t, r) = (areas.len() as f64, areas[0].len() as f64);
        let of_method: Vec<f64> = areas.iter().map(|readers| mean(readers)).collect();
        let of_reader: Vec<f64> =
            (0..areas[0].len()).map(|reader| areas.iter().map(|of| of[reader]).sum::<f64>() / t).collect();
        let all = mean(&of_method);
        let methods: f64 = of_method.iter().map(|mean| (mean - all).powi(2)).sum();
        let both = areas.iter().zip(&of_method).flat_map(|(readers, method)| {
            readers.iter().zip(&of_reader).map(move |(area, reader)| (area - method - reader + all).powi(2))
        });
        Squares { of_methods: r * methods / (t - 1.0), of_both: both.sum::<f64>() / ((t - 1.0) * (r - 1.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITHOUT: usize = 12;
    const CASES: usize = 21;

    /// Ratings by a rule, from 1 to 5: the second method rates more of the diseased higher.
    fn study() -> ReaderStudy {
        let rating = |i: i64, j: i64, k: i64| {
            let is_diseased = k >= WITHOUT as i64;
            let noise = (7 * k + 3 * j + 5 * i + k * k % (3 + j)) % 5 / 2;
            let gain = i64::from(is_diseased && i == 1 && k % 3 != 0);
            let value = 1 + 2 * i64::from(is_diseased) + noise + gain - i64::from((k + j) % 4 == 0);
            value.clamp(1, 5) as f64
        };
        let of_reader = |i, j| (0..CASES as i64).map(|k| rating(i, j, k)).collect::<Vec<f64>>();
        let ratings: Vec<Vec<Vec<f64>>> = (0..2).map(|i| (0..3).map(|j| of_reader(i, j)).collect()).collect();
        let diseased: Vec<bool> = (0..CASES).map(|case| case >= WITHOUT).collect();
        ReaderStudy::new(&ratings, &diseased).unwrap()
    }

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-11 * expected.abs().max(1.0), "{found} instead of {expected}");
    }

    #[test]
    fn areas_and_covariances_are_those_of_numpy() {
        let study = study();
        let expected =
            [[0.976_851_851_852, 0.962_962_962_963, 0.870_370_370_37], [1.0, 1.0, 0.935_185_185_185]];
        for (found, expected) in study.areas().iter().flatten().zip(expected.iter().flatten()) {
            assert!((found - expected).abs() < 1e-11);
        }
        let Components { var, cov1, cov2, cov3 } = study.components(Covariances::Jackknife);
        near(var, 0.001_525_666_547_192_572_7);
        near(cov1, 0.001_005_487_352_244_859_2);
        near(cov2, -7.156_483_760_632_9e-5);
        near(cov3, -8.620_624_501_657_031e-5);
        // DeLong's are smaller by the parts of one case, of the order of 1/n.
        let delong = study.components(Covariances::DeLong);
        assert!((delong.var / var - 1.0).abs() < 0.15 && delong.var < var, "{delong:?}");
    }

    #[test]
    fn tests_are_those_of_scipy() {
        let study = study();
        let of = |inference| study.test(Covariances::Jackknife, inference, Level::NINETY_FIVE);
        let both = of(Inference::RandomReadersRandomCases);
        near(both.f, 9.681_792_924_615_708);
        near(both.df2, 2.856_882_469_152_861_6);
        near(both.p, 0.056_381_941_638_271_79);
        let [(0, 1, difference)] = both.differences.as_slice() else { panic!("{:?}", both.differences) };
        near(difference.value, 0.041_666_666_666_666_74);
        near(difference.interval.unwrap().half_width(), 0.043_849_501_512_320_5);
        let fixed = of(Inference::FixedReadersRandomCases);
        near(fixed.f, 4.739_484_478_217_715);
        near(fixed.p, 0.029_477_903_229_918_372);
        near(fixed.differences[0].2.interval.unwrap().half_width(), 0.037_512_093_019_543_79);
        let cases = of(Inference::RandomReadersFixedCases);
        near(cases.f, 11.571_428_571_428_577);
        near(cases.p, 0.076_619_483_123_361_3);
    }

    #[test]
    fn readers_who_are_all_right_do_not_differ() {
        let right = vec![vec![1.0, 2.0, 3.0, 4.0]; 2];
        let study = ReaderStudy::new(&[right.clone(), right], &[false, false, true, true]).unwrap();
        for by in [Covariances::Jackknife, Covariances::DeLong] {
            for inference in [
                Inference::RandomReadersRandomCases,
                Inference::FixedReadersRandomCases,
                Inference::RandomReadersFixedCases,
            ] {
                let found = study.test(by, inference, Level::NINETY_FIVE);
                assert_eq!((found.f, found.p), (0.0, 1.0), "{found:?}");
            }
        }
    }

    #[test]
    fn what_is_not_crossed_is_an_error() {
        let one = vec![1.0, 2.0, 3.0, 4.0];
        let truth = [false, true, false, true];
        let few = ReaderStudy::new(&[vec![one.clone(), one.clone()]], &truth);
        assert!(matches!(few, Err(StatisticsError::TooFew { what: "methods", .. })));
        let uneven = ReaderStudy::new(&[vec![one.clone(), one.clone()], vec![one]], &truth);
        assert!(matches!(uneven, Err(StatisticsError::Lengths { expected: 2, found: 1, .. })));
    }
}
