//! Probabilities calibrated by predictions of other folds.

use crate::evaluation::of_yes;
use crate::manifest::CalibrationMethod;
use coxa_learning::{Outcomes, Predictions};
use coxa_statistics::{
    Forecasts, Recalibrator, StatisticsError, fit_class_temperature, fit_isotonic, fit_platt,
};

/// Calibrates predictions of cross-validation: each fold by a recalibrator that was fitted to the predictions of the others. Gives them, and the recalibrator of
/// all. Numbers, and probabilities without a method, stay as they are.
///
/// # Errors
/// Too few cases for the method, of all or without a fold.
pub fn recalibrated(
    predictions: &Predictions,
    outcomes: &Outcomes,
    folds: &[usize],
    method: CalibrationMethod,
) -> Result<(Predictions, Option<Recalibrator>), StatisticsError> {
    let (Predictions::Probabilities(rows), Outcomes::Classes { of, .. }) = (predictions, outcomes) else {
        return Ok((predictions.clone(), None));
    };
    if method == CalibrationMethod::None {
        return Ok((predictions.clone(), None));
    }
    let all: Vec<usize> = (0..rows.len()).collect();
    let mut calibrated = rows.clone();
    for fold in 0..folds.iter().max().map_or(0, |last| last + 1) {
        let others: Vec<usize> = all.iter().copied().filter(|&row| folds[row] != fold).collect();
        let Some(by) = fitted(rows, of, &others, method)? else { continue };
        for row in all.iter().copied().filter(|&row| folds[row] == fold) {
            calibrated[row] = apply(&by, &rows[row]);
        }
    }
    Ok((Predictions::Probabilities(calibrated), fitted(rows, of, &all, method)?))
}

fn fitted(
    rows: &[Vec<f64>],
    truth: &[usize],
    cases: &[usize],
    method: CalibrationMethod,
) -> Result<Option<Recalibrator>, StatisticsError> {
    let chosen: Vec<Vec<f64>> = cases.iter().map(|&case| rows[case].clone()).collect();
    let classes: Vec<usize> = cases.iter().map(|&case| truth[case]).collect();
    let forecasts = || {
        let (p, yes) = of_yes(&chosen, &classes);
        Forecasts::new(&p, &yes)
    };
    Ok(match method {
        CalibrationMethod::None => None,
        CalibrationMethod::Temperature => Some(fit_class_temperature(&chosen, &classes)?),
        CalibrationMethod::Platt => Some(fit_platt(&forecasts()?)?),
        CalibrationMethod::Isotonic => Some(fit_isotonic(&forecasts()?)?),
    })
}

/// Predictions of a model with its calibration.
pub fn calibrated(by: Option<&Recalibrator>, predictions: Predictions) -> Predictions {
    match (by, predictions) {
        (Some(by), Predictions::Probabilities(rows)) => {
            Predictions::Probabilities(rows.iter().map(|row| apply(by, row)).collect())
        }
        (_, predictions) => predictions,
    }
}

/// Probabilities of a case, calibrated.
fn apply(by: &Recalibrator, row: &[f64]) -> Vec<f64> {
    match (by, row) {
        (Recalibrator::Temperature { .. }, _) => by.apply_to_classes(row),
        (_, [_, yes]) => {
            let yes = by.apply(*yes);
            vec![1.0 - yes, yes]
        }
        _ => by.apply_to_classes(row),
    }
}
