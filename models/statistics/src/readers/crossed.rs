//! Several readers of the same cases with several methods: does a method change how well readers find disease?
//!
//! The model is that of Obuchowski and Rockette 1995 (Commun Stat Simul 24:285) with the degrees of freedom of Hillis 2007 (Stat Med 26:596); over
//! jackknife covariances it gives what Dorfman, Berbaum and Metz 1992 compute from pseudovalues (Hillis et al. 2005, Stat Med 24:1579).

use crate::error::StatisticsError;
use crate::interval::Level;
use crate::readers::inference::{Components, Inference, MethodTest, method_test};
use crate::roc::{Placements, Ratings, mean};
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
        let (methods, readers) = (self.placements.len(), self.placements[0].len());
        Components::pooled(methods, readers, self.covariances(by))
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
        method_test(&self.areas(), self.components(by), self.cases, inference, level)
    }
}

/// Areas without each case, less their mean.
fn centred(placements: &Placements) -> Vec<f64> {
    let without = placements.without_each();
    let middle = mean(&without);
    without.into_iter().map(|area| area - middle).collect()
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
