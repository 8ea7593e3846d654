//! Measures of predictions, by the kind of what is predicted.

use crate::manifest::{Output, Scale};
use coxa_learning::{Outcomes, Predictions};
use coxa_statistics::{
    Forecasts, KappaWeights, Level, Ratings, brier, calibration_line, kappa, one_versus_rest, pearson,
    precision_recall, ranked_probability_score, top_k_accuracy,
};
use serde::{Deserialize, Serialize};

/// Which way a measure is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// The more, the better.
    More,
    /// The less, the better.
    Less,
    /// The nearer to 1, the better.
    NearOne,
    /// The nearer to 0, the better.
    NearZero,
}

/// A measure of predictions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Area under the empirical ROC curve.
    Area,
    /// Average precision.
    AveragePrecision,
    /// Mean squared error of a probability.
    Brier,
    /// Slope of the logistic calibration line.
    CalibrationSlope,
    /// Log odds of the outcome beyond those predicted.
    CalibrationInTheLarge,
    /// Mean of minus the logarithm of the probability of what happened.
    LogLoss,
    /// Fraction of cases whose class is the most probable one.
    TopOne,
    /// Fraction of cases whose class is among the three most probable.
    TopThree,
    /// Mean of the areas of each class against the others.
    MacroArea,
    /// Fraction of cases called at most one class away.
    WithinOne,
    /// Fraction of cases called exactly.
    Exact,
    /// Kappa of called and true class, quadratic weights.
    WeightedKappa,
    /// Ranked probability score.
    RankedProbability,
    /// Pearson's correlation of predicted and true number.
    Pearson,
    /// Mean absolute error.
    AbsoluteError,
    /// Part of the variance that is predicted.
    Explained,
    /// Mean of predicted less true number.
    Bias,
}

impl Measure {
    /// Title in tables.
    pub fn title(self) -> &'static str {
        match self {
            Measure::Area => "Area under the ROC curve",
            Measure::AveragePrecision => "Average precision",
            Measure::Brier => "Brier score",
            Measure::CalibrationSlope => "Calibration slope",
            Measure::CalibrationInTheLarge => "Calibration in the large",
            Measure::LogLoss => "Log loss",
            Measure::TopOne => "Most probable class is right",
            Measure::TopThree => "Among the three most probable",
            Measure::MacroArea => "Area under the ROC curve, mean over classes",
            Measure::WithinOne => "Within one class",
            Measure::Exact => "Exact class",
            Measure::WeightedKappa => "Kappa, quadratic weights",
            Measure::RankedProbability => "Ranked probability score",
            Measure::Pearson => "Pearson's r",
            Measure::AbsoluteError => "Mean absolute error",
            Measure::Explained => "Variance explained",
            Measure::Bias => "Bias",
        }
    }

    /// Least and most that it can be.
    pub(super) fn range(self) -> [f64; 2] {
        match self {
            Measure::LogLoss | Measure::AbsoluteError => [0.0, f64::MAX],
            Measure::WeightedKappa | Measure::Pearson => [-1.0, 1.0],
            Measure::CalibrationSlope | Measure::CalibrationInTheLarge | Measure::Bias => {
                [f64::MIN, f64::MAX]
            }
            Measure::Explained => [f64::MIN, 1.0],
            _ => [0.0, 1.0],
        }
    }

    /// Which way it is better.
    pub fn better(self) -> Better {
        match self {
            Measure::Brier | Measure::LogLoss | Measure::RankedProbability | Measure::AbsoluteError => {
                Better::Less
            }
            Measure::CalibrationSlope => Better::NearOne,
            Measure::CalibrationInTheLarge | Measure::Bias => Better::NearZero,
            _ => Better::More,
        }
    }
}

/// Measures of an output, the one that it is judged by first.
pub fn measures_of(output: &Output) -> &'static [Measure] {
    match &output.scale {
        Scale::Number(_) => &[Measure::AbsoluteError, Measure::Pearson, Measure::Explained, Measure::Bias],
        Scale::Flag | Scale::AtLeast(..) => &[
            Measure::Area,
            Measure::AveragePrecision,
            Measure::Brier,
            Measure::LogLoss,
            Measure::CalibrationSlope,
            Measure::CalibrationInTheLarge,
        ],
        Scale::Classes(classes) if classes.len() > 3 => {
            &[Measure::TopOne, Measure::TopThree, Measure::MacroArea, Measure::LogLoss]
        }
        Scale::Classes(_) => &[Measure::TopOne, Measure::MacroArea, Measure::LogLoss],
        Scale::Ordered(_) => {
            &[Measure::RankedProbability, Measure::WithinOne, Measure::Exact, Measure::WeightedKappa]
        }
    }
}

/// The class that probabilities call: of ordered classes their median, which errs least in classes; else the most probable, the first among equals.
pub fn called(probabilities: &[f64], is_ordered: bool) -> usize {
    let last = probabilities.len().saturating_sub(1);
    if is_ordered {
        let mut sum = 0.0;
        let half = probabilities.iter().sum::<f64>() / 2.0;
        let mut reaches = |p: &f64| {
            sum += p;
            sum >= half
        };
        return probabilities.iter().position(&mut reaches).unwrap_or(last);
    }
    (0..probabilities.len()).rev().max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b])).unwrap_or(0)
}

/// The probability of yes of each case, and whether it was.
pub(crate) fn of_yes(probabilities: &[Vec<f64>], truth: &[usize]) -> (Vec<f64>, Vec<bool>) {
    let cases = probabilities.iter().zip(truth);
    cases.map(|(p, class)| (p.get(1).copied().unwrap_or(f64::NAN), *class == 1)).unzip()
}

impl Measure {
    /// Its value over some cases; NaN where these cases do not determine it.
    pub(super) fn of(self, predictions: &Predictions, outcomes: &Outcomes, rows: &[usize]) -> f64 {
        match (predictions, outcomes) {
            (Predictions::Numbers(predicted), Outcomes::Numbers(truth)) => {
                let at = |all: &[f64]| rows.iter().map(|&row| all[row]).collect::<Vec<f64>>();
                self.of_numbers(&at(predicted), &at(truth))
            }
            (Predictions::Probabilities(predicted), Outcomes::Classes { count, of }) => {
                let probabilities: Vec<Vec<f64>> = rows.iter().map(|&row| predicted[row].clone()).collect();
                let truth: Vec<usize> = rows.iter().map(|&row| of[row]).collect();
                self.of_classes(&probabilities, &truth, *count).unwrap_or(f64::NAN)
            }
            _ => f64::NAN,
        }
    }

    fn of_numbers(self, predicted: &[f64], truth: &[f64]) -> f64 {
        let count = truth.len() as f64;
        let pairs = || predicted.iter().zip(truth).map(|(p, t)| p - t);
        match self {
            Measure::AbsoluteError => pairs().map(f64::abs).sum::<f64>() / count,
            Measure::Bias => pairs().sum::<f64>() / count,
            Measure::Explained => {
                let mean = truth.iter().sum::<f64>() / count;
                let spread: f64 = truth.iter().map(|t| (t - mean).powi(2)).sum();
                1.0 - pairs().map(|error| error * error).sum::<f64>() / spread
            }
            Measure::Pearson => match pearson(predicted, truth, Level::NINETY_FIVE) {
                Ok(Some(found)) => found.estimate.value,
                _ => f64::NAN,
            },
            _ => f64::NAN,
        }
    }

    fn of_classes(self, probabilities: &[Vec<f64>], truth: &[usize], count: usize) -> Option<f64> {
        let level = Level::NINETY_FIVE;
        let of_yes = || of_yes(probabilities, truth);
        let forecasts = || {
            let (p, yes) = of_yes();
            Forecasts::new(&p, &yes).ok()
        };
        let fraction = |right: &dyn Fn(usize, usize) -> bool| {
            let rights = probabilities.iter().zip(truth).filter(|(p, class)| right(called(p, true), **class));
            rights.count() as f64 / truth.len() as f64
        };
        match self {
            Measure::Area => {
                let (p, yes) = of_yes();
                Ratings::new(&p, &yes).ok().map(|ratings| ratings.area())
            }
            Measure::AveragePrecision => {
                let (p, yes) = of_yes();
                precision_recall(&p, &yes).ok().map(|curve| curve.average_precision)
            }
            Measure::Brier => brier(&forecasts()?, 10, level).ok().map(|found| found.score.value),
            Measure::CalibrationSlope => Some(calibration_line(&forecasts()?, level).slope?.value),
            Measure::CalibrationInTheLarge => {
                Some(calibration_line(&forecasts()?, level).in_the_large?.value)
            }
            Measure::LogLoss => {
                let sum: f64 =
                    probabilities.iter().zip(truth).map(|(p, class)| -p[*class].max(1e-15).ln()).sum();
                Some(sum / truth.len() as f64)
            }
            Measure::TopOne => top_k_accuracy(probabilities, truth, 1, level).ok().map(|found| found.value),
            Measure::TopThree => top_k_accuracy(probabilities, truth, 3, level).ok().map(|found| found.value),
            Measure::MacroArea => one_versus_rest(probabilities, truth, level).ok()?.macro_average,
            Measure::WithinOne => Some(fraction(&|called, class| called.abs_diff(class) <= 1)),
            Measure::Exact => Some(fraction(&|called, class| called == class)),
            Measure::WeightedKappa => {
                let said: Vec<usize> = probabilities.iter().map(|p| called(p, true)).collect();
                Some(kappa(&said, truth, count, KappaWeights::Quadratic, level).ok()??.value)
            }
            Measure::RankedProbability => {
                ranked_probability_score(probabilities, truth, level).ok().map(|found| found.value)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordered_classes_are_called_by_their_median_and_others_by_the_most_probable() {
        let spread = [0.4, 0.05, 0.15, 0.2, 0.2];
        assert_eq!((called(&spread, true), called(&spread, false)), (2, 0));
        assert_eq!((called(&[0.5, 0.5], true), called(&[0.5, 0.5], false)), (0, 0));
        assert_eq!(called(&[], false), 0);
    }

    #[test]
    fn measures_of_perfect_and_of_useless_predictions_are_known() {
        let outcomes = Outcomes::Classes { count: 3, of: vec![0, 1, 2, 0, 1, 2] };
        let sure = |class: usize| (0..3).map(|one| f64::from(u8::from(one == class))).collect::<Vec<f64>>();
        let right = Predictions::Probabilities([0, 1, 2, 0, 1, 2].map(sure).into());
        let none = Predictions::Probabilities(vec![vec![1.0 / 3.0; 3]; 6]);
        let rows: Vec<usize> = (0..6).collect();
        let of = |measure: Measure, predictions| measure.of(predictions, &outcomes, &rows);
        for (measure, best, useless) in [
            (Measure::TopOne, 1.0, 1.0 / 3.0),
            (Measure::MacroArea, 1.0, 0.5),
            (Measure::LogLoss, 0.0, 3f64.ln()),
            (Measure::WithinOne, 1.0, 1.0),
            (Measure::Exact, 1.0, 1.0 / 3.0),
            (Measure::WeightedKappa, 1.0, 0.0),
        ] {
            assert!((of(measure, &right) - best).abs() < 1e-12, "{measure:?} {}", of(measure, &right));
            assert!((of(measure, &none) - useless).abs() < 1e-12, "{measure:?} {}", of(measure, &none));
        }
    }
}
