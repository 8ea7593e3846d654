//! One of several classes: areas of each against the others, and how often the truth is among the first.

use crate::error::StatisticsError;
use crate::interval::{Estimate, Level};
use crate::proportion::wilson;
use crate::roc::Ratings;
use serde::{Deserialize, Serialize};

/// Areas under the ROC curve of each class against all others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassAreas {
    /// By class, with the interval of DeLong; `None` of a class that has not two cases, or of which all are.
    pub areas: Vec<Option<Estimate>>,
    /// Mean of the areas; `None` where one is missing.
    pub macro_average: Option<f64>,
    /// Mean of the areas weighed by cases of each class; `None` where one is missing.
    pub weighted_average: Option<f64>,
    /// Cases with a missing score (NaN), which are left out.
    pub left_out: usize,
}

/// Number of classes and places of the cases without a missing score (NaN).
///
/// # Errors
/// Lengths; range of a class that is none of the scores; too few below two classes or without cases; too large where a score is infinite.
pub(crate) fn check_classes(
    scores: &[Vec<f64>],
    truth: &[usize],
) -> Result<(usize, Vec<usize>), StatisticsError> {
    StatisticsError::same_length("scores and classes of the cases", truth.len(), scores.len())?;
    StatisticsError::at_least("cases", 1, truth.len())?;
    let classes = scores[0].len();
    StatisticsError::at_least("classes", 2, classes)?;
    for (row, class) in scores.iter().zip(truth) {
        StatisticsError::same_length("scores of the classes", classes, row.len())?;
        StatisticsError::within("a class", 0.0, (classes - 1) as f64, *class as f64)?;
        if row.iter().any(|score| score.is_infinite()) {
            return Err(StatisticsError::TooLarge);
        }
    }
    let whole = (0..truth.len()).filter(|&i| scores[i].iter().all(|score| !score.is_nan()));
    let whole: Vec<usize> = whole.collect();
    StatisticsError::at_least("cases", 1, whole.len())?;
    Ok((classes, whole))
}

/// Areas of each class against the others, from scores (such as probabilities) by case, then class.
///
/// # Errors
/// Lengths where rows or lists differ in length; range of a class that no score stands for; too few below two classes or without a
/// whole case; too large where a score is infinite.
pub fn one_versus_rest(
    scores: &[Vec<f64>],
    truth: &[usize],
    level: Level,
) -> Result<ClassAreas, StatisticsError> {
    let (classes, whole) = check_classes(scores, truth)?;
    let count = |class: usize| whole.iter().filter(|&&i| truth[i] == class).count();
    let area = |class: usize| {
        let ratings: Vec<f64> = whole.iter().map(|&i| scores[i][class]).collect();
        let is_class: Vec<bool> = whole.iter().map(|&i| truth[i] == class).collect();
        Ratings::new(&ratings, &is_class).ok().map(|ratings| ratings.estimate(level))
    };
    let areas: Vec<Option<Estimate>> = (0..classes).map(area).collect();
    let average = |weight: &dyn Fn(usize) -> f64| {
        let all: f64 = (0..classes).map(weight).sum();
        let sum = areas.iter().enumerate().map(|(i, area)| area.map(|area| weight(i) * area.value));
        sum.sum::<Option<f64>>().map(|sum| sum / all)
    };
    Ok(ClassAreas {
        macro_average: average(&|_| 1.0),
        weighted_average: average(&|class| count(class) as f64),
        left_out: truth.len() - whole.len(),
        areas,
    })
}

/// Fraction of cases whose class is among those with the `k` highest scores, with Wilson's interval. Classes that tie for the last places
/// count by the chance of being drawn for one, so that a constant score is right in k of all classes.
///
/// # Errors
/// As [`one_versus_rest`]; range of a `k` that is 0 or above the number of classes.
pub fn top_k_accuracy(
    scores: &[Vec<f64>],
    truth: &[usize],
    k: usize,
    level: Level,
) -> Result<Estimate, StatisticsError> {
    let (classes, whole) = check_classes(scores, truth)?;
    StatisticsError::within("the number of classes that count", 1.0, classes as f64, k as f64)?;
    let right = whole.iter().map(|&i| {
        let own = scores[i][truth[i]];
        let above = scores[i].iter().filter(|score| **score > own).count();
        let tied = scores[i].iter().filter(|score| **score == own).count();
        (k.saturating_sub(above) as f64 / tied as f64).min(1.0)
    });
    let n = whole.len();
    let value = (right.sum::<f64>() / n as f64).min(1.0);
    Ok(Estimate { value, interval: wilson(value, n as f64, level), n })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{Numbers, near};

    /// Probabilities of four classes of 60 cases.
    fn made() -> (Vec<Vec<f64>>, Vec<usize>) {
        let mut numbers = Numbers::of(7);
        (0..60)
            .map(|_| {
                let class = (4.0 * numbers.next()) as usize;
                let raw: Vec<f64> = (0..4).map(|j| numbers.next() + 0.5 * f64::from(j == class)).collect();
                let sum: f64 = raw.iter().sum();
                (raw.iter().map(|x| x / sum).collect(), class)
            })
            .unzip()
    }

    #[test]
    fn areas_and_accuracies_are_those_of_scikit_learn() {
        let (scores, truth) = made();
        let found = one_versus_rest(&scores, &truth, Level::NINETY_FIVE).unwrap();
        // roc_auc_score(multi_class = "ovr", average = "macro" and "weighted"), top_k_accuracy_score of scikit-learn 1.9.1.
        for (found, expected) in found.areas.iter().zip([
            0.956521739130435,
            0.906666666666667,
            0.915184678522572,
            0.93944099378882,
        ]) {
            near(found.unwrap().value, expected);
        }
        near(found.macro_average.unwrap(), 0.929453519527123);
        near(found.weighted_average.unwrap(), 0.928360296595888);
        for (k, expected) in [(1, 0.750000000000000), (2, 0.933333333333333), (3, 1.000000000000000)] {
            near(top_k_accuracy(&scores, &truth, k, Level::NINETY_FIVE).unwrap().value, expected);
        }
    }

    #[test]
    fn ties_count_by_chance_and_a_class_without_cases_has_no_area() {
        let scores = vec![vec![0.25; 4]; 5];
        let found = top_k_accuracy(&scores, &[0, 1, 2, 0, 2], 3, Level::NINETY_FIVE).unwrap();
        near(found.value, 0.75);
        let areas = one_versus_rest(&scores, &[0, 1, 2, 0, 2], Level::NINETY_FIVE).unwrap();
        assert_eq!((areas.areas[0].unwrap().value, areas.areas[3], areas.macro_average), (0.5, None, None));
    }

    #[test]
    fn what_does_not_fit_together_is_an_error() {
        let level = Level::NINETY_FIVE;
        for (scores, truth, k) in [
            (vec![vec![0.5, 0.5]], vec![2], 1),
            (vec![vec![0.5, 0.5]], vec![1], 0),
            (vec![vec![0.5, 0.5]], vec![1], 3),
            (vec![vec![0.5, 0.5], vec![1.0]], vec![1, 0], 1),
            (vec![vec![1.0]], vec![0], 1),
            (vec![], vec![], 1),
            (vec![vec![f64::NAN, 0.5]], vec![0], 1),
            (vec![vec![f64::INFINITY, 0.5]], vec![0], 1),
        ] {
            assert!(top_k_accuracy(&scores, &truth, k, level).is_err(), "{scores:?} {truth:?} {k}");
        }
    }
}
