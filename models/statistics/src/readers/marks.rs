//! Marks of readers on images (free-response ROC): lesions found and rated, and marks where there is none.

use crate::error::StatisticsError;
use crate::readers::figures::{FigureStudy, shape};
use serde::{Deserialize, Serialize};

/// What a reader marked on a case.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Marks {
    /// Rating of each lesion of the case, `None` where it is not marked; empty of a case without disease. The lesions of a case stand in the same order for all readers.
    pub lesions: Vec<Option<f64>>,
    /// Ratings of marks where there is no lesion.
    pub others: Vec<f64>,
}

/// Figure of merit of marks (Chakraborty and Berbaum 2004, Med Phys 31:2313; Chakraborty and Zhai 2016, Radiology 280:816). All are the chance that something of a diseased case is
/// rated above the highest mark of a case without disease, ties half; what is not marked is below all marks and ties with itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkFigure {
    /// A lesion, all lesions alike (area under the AFROC, the figure of JAFROC): a case with many counts more.
    Lesions,
    /// A lesion, those of a case sharing its weight (area under the weighted AFROC).
    WeightedLesions,
    /// The highest mark of a diseased case, wherever it is (area under the inferred ROC).
    HighestRating,
}

/// Marks of a fully crossed study.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkStudy {
    /// By method, reader and case.
    marks: Vec<Vec<Vec<Marks>>>,
}

impl MarkStudy {
    /// Of marks by method, then reader, then case.
    ///
    /// # Errors
    /// Lengths where readers, cases or the lesions of a case differ in number; too few without a method or reader, or below two cases with lesions or
    /// without; too large where a rating is no finite number.
    pub fn new(marks: Vec<Vec<Vec<Marks>>>) -> Result<MarkStudy, StatisticsError> {
        shape(&marks)?;
        let first: Vec<usize> = marks[0][0].iter().map(|case| case.lesions.len()).collect();
        for cases in marks.iter().flatten() {
            for (case, lesions) in cases.iter().zip(&first) {
                StatisticsError::same_length("lesions of a case", *lesions, case.lesions.len())?;
                let ratings = case.lesions.iter().flatten().chain(&case.others);
                if ratings.into_iter().any(|rating| !rating.is_finite()) {
                    return Err(StatisticsError::TooLarge);
                }
            }
        }
        let diseased = first.iter().filter(|lesions| **lesions > 0).count();
        StatisticsError::at_least("cases with lesions", 2, diseased)?;
        StatisticsError::at_least("cases without lesions", 2, first.len() - diseased)?;
        Ok(MarkStudy { marks })
    }

    /// The figures of all methods and readers, to be tested as any others.
    ///
    /// # Errors
    /// As [`FigureStudy::new`].
    pub fn figures(&self, of: MarkFigure) -> Result<FigureStudy, StatisticsError> {
        let each: Vec<Vec<(f64, Vec<f64>)>> = self
            .marks
            .iter()
            .map(|readers| readers.iter().map(|cases| figure(cases, of)).collect())
            .collect();
        let figures = each.iter().map(|readers| readers.iter().map(|one| one.0).collect()).collect();
        let without =
            each.into_iter().map(|readers| readers.into_iter().map(|one| one.1).collect()).collect();
        FigureStudy::checked(figures, without)
    }
}

/// The figure of one reader, and those without each case in turn.
fn figure(cases: &[Marks], of: MarkFigure) -> (f64, Vec<f64>) {
    let highest = |case: &Marks| case.others.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let healthy: Vec<f64> = cases.iter().filter(|case| case.lesions.is_empty()).map(highest).collect();
    // Of each diseased case: ratings and the weight of each.
    let rated = |case: &Marks| -> (Vec<f64>, f64) {
        let ratings = case.lesions.iter().map(|rating| rating.unwrap_or(f64::NEG_INFINITY));
        match of {
            MarkFigure::Lesions => (ratings.collect(), 1.0),
            MarkFigure::WeightedLesions => (ratings.collect(), 1.0 / case.lesions.len() as f64),
            MarkFigure::HighestRating => (vec![ratings.fold(highest(case), f64::max)], 1.0),
        }
    };
    let wins = |lesion: f64, other: f64| if lesion > other { 1.0 } else { f64::from(lesion == other) / 2.0 };
    // Weighted wins of each case, of a diseased one over all others and the other way round, and the weight of a diseased one.
    let diseased: Vec<&Marks> = cases.iter().filter(|case| !case.lesions.is_empty()).collect();
    let rated: Vec<(Vec<f64>, f64)> = diseased.into_iter().map(rated).collect();
    let against = |other: f64| -> f64 {
        let of_case = |(ratings, weight): &(Vec<f64>, f64)| {
            weight * ratings.iter().map(|rating| wins(*rating, other)).sum::<f64>()
        };
        rated.iter().map(of_case).sum()
    };
    let of_healthy: Vec<f64> = healthy.iter().map(|other| against(*other)).collect();
    let of_diseased: Vec<f64> = rated
        .iter()
        .map(|(ratings, weight)| {
            let each =
                ratings.iter().map(|rating| healthy.iter().map(|other| wins(*rating, *other)).sum::<f64>());
            weight * each.sum::<f64>()
        })
        .collect();
    let weights: Vec<f64> = rated.iter().map(|(ratings, weight)| weight * ratings.len() as f64).collect();
    let (all, weight, count) =
        (of_healthy.iter().sum::<f64>(), weights.iter().sum::<f64>(), healthy.len() as f64);
    let (mut next_healthy, mut next_diseased) = (of_healthy.iter(), of_diseased.iter().zip(&weights));
    let without = cases.iter().map(|case| {
        let left = match case.lesions.is_empty() {
            true => next_healthy.next().map(|own| (all - own) / (weight * (count - 1.0))),
            false => next_diseased.next().map(|(own, of)| (all - own) / ((weight - of) * count)),
        };
        left.unwrap_or(f64::NAN)
    });
    (all / (weight * count), without.collect())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::interval::Level;
    use crate::made_up::{Numbers, near};
    use crate::readers::inference::Inference;

    /// Two methods, three readers, 40 cases of which some have up to three lesions.
    pub(crate) fn made() -> Vec<Vec<Vec<Marks>>> {
        let mut numbers = Numbers::of(41);
        let lesions: Vec<usize> =
            (0..40).map(|_| (8.0 * numbers.next()) as usize).map(|n| n.saturating_sub(4)).collect();
        (0..2)
            .map(|i| {
                (0..3)
                    .map(|j| {
                        lesions
                            .iter()
                            .map(|count| {
                                let mut marks = Marks::default();
                                for _ in 0..*count {
                                    let [found, rating] = [numbers.next(), numbers.next()];
                                    let seen = found < 0.6 + 0.1 * f64::from(i) + 0.05 * f64::from(j);
                                    marks.lesions.push(seen.then(|| (3.0 + 7.0 * rating).round()));
                                }
                                for _ in 0..(3.0 * numbers.next()) as usize {
                                    marks.others.push((8.0 * numbers.next()).round());
                                }
                                marks
                            })
                            .collect()
                    })
                    .collect()
            })
            .collect()
    }

    #[test]
    fn figures_and_their_test_are_those_of_numpy() {
        let study = MarkStudy::new(made()).unwrap();
        // Every pair counted anew without each case by numpy 2.4.6: figures, F and degrees of freedom of random readers and cases.
        for (of, figures, f, df2) in [
            (
                MarkFigure::Lesions,
                [
                    0.4788461538462,
                    0.6192307692308,
                    0.7410256410256,
                    0.6269230769231,
                    0.6493589743590,
                    0.6166666666667,
                ],
                0.0517753758778,
                2.0000000000000,
            ),
            (
                MarkFigure::WeightedLesions,
                [
                    0.5100000000000,
                    0.6420833333333,
                    0.7325000000000,
                    0.6393750000000,
                    0.6402083333333,
                    0.6625000000000,
                ],
                0.1073144755360,
                2.0000000000000,
            ),
            (
                MarkFigure::HighestRating,
                [
                    0.6775000000000,
                    0.8787500000000,
                    0.8862500000000,
                    0.8700000000000,
                    0.7875000000000,
                    0.8312500000000,
                ],
                0.0292176544965,
                2.0944105425244,
            ),
        ] {
            let found = study.figures(of).unwrap();
            for (found, expected) in found.figures().iter().flatten().zip(figures) {
                near(*found, expected);
            }
            let test = found.test(Inference::RandomReadersRandomCases, Level::NINETY_FIVE).unwrap();
            near(test.f, f);
            near(test.df2, df2);
        }
    }

    #[test]
    fn the_highest_rating_is_the_area_of_one_rating_a_case() {
        let case = |diseased: bool, rating: f64| Marks {
            lesions: if diseased { vec![Some(rating)] } else { vec![] },
            others: if diseased { vec![] } else { vec![rating] },
        };
        let made = crate::made_up::cases(1, 40);
        let cases: Vec<Marks> = made.diseased.iter().zip(&made.a).map(|(is, a)| case(*is, *a)).collect();
        let study = MarkStudy::new(vec![vec![cases]]).unwrap();
        let area = crate::roc::Ratings::new(&made.a, &made.diseased).unwrap().area();
        for of in [MarkFigure::Lesions, MarkFigure::WeightedLesions, MarkFigure::HighestRating] {
            near(study.figures(of).unwrap().figures()[0][0], area);
        }
    }

    #[test]
    fn readers_who_mark_nothing_are_as_good_as_chance_and_lesions_are_the_same_for_all() {
        let lesion = Marks { lesions: vec![None], others: vec![] };
        let cases = vec![lesion.clone(), lesion.clone(), Marks::default(), Marks::default()];
        let study = MarkStudy::new(vec![vec![cases.clone()]]).unwrap();
        assert_eq!(study.figures(MarkFigure::WeightedLesions).unwrap().figures(), [[0.5]]);
        let mut other = cases.clone();
        other[0].lesions.push(Some(1.0));
        let wrong = MarkStudy::new(vec![vec![cases.clone(), other]]);
        assert!(matches!(wrong, Err(StatisticsError::Lengths { what: "lesions of a case", .. })));
        assert!(MarkStudy::new(vec![vec![cases[..2].to_vec()]]).is_err());
        let infinite = Marks { lesions: vec![], others: vec![f64::INFINITY] };
        assert!(
            MarkStudy::new(vec![vec![vec![lesion.clone(), lesion, infinite.clone(), infinite]]]).is_err()
        );
    }
}
