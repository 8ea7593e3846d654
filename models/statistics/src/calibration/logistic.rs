//! Logistic regression on few columns, and the calibration line that it gives.

use crate::calibration::forecasts::{Forecasts, expit};
use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::student;
use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

/// Most steps of a fit; a dozen are usual.
const STEPS: usize = 100;

/// A coefficient beyond this means that the cases are parted, so that none is best.
const PARTED: f64 = 1e4;

/// What a fit found: coefficients and their covariance.
pub(crate) struct Fit {
    pub(crate) coefficients: DVector<f64>,
    pub(crate) covariance: DMatrix<f64>,
}

/// Maximum likelihood of outcomes from 0 to 1 by Newton's method, columns as they are (give ones for a constant), with an offset for each case; `None`
/// where the columns part the cases or follow from each other.
pub(crate) fn fit(columns: &[Vec<f64>], offset: &[f64], outcomes: &[f64]) -> Option<Fit> {
    let (n, count) = (outcomes.len(), columns.len());
    let mut at = DVector::<f64>::zeros(count);
    let linear = |at: &DVector<f64>, i: usize| -> f64 {
        offset[i] + columns.iter().zip(at).map(|(column, by)| column[i] * by).sum::<f64>()
    };
    // ln(1 + e^x) without overflow.
    let softplus = |x: f64| x.max(0.0) + (-x.abs()).exp().ln_1p();
    let loss = |at: &DVector<f64>| -> f64 {
        (0..n).map(|i| softplus(linear(at, i)) - outcomes[i] * linear(at, i)).sum()
    };
    let mut best = loss(&at);
    for _ in 0..STEPS {
        let mut gradient = DVector::<f64>::zeros(count);
        let mut information = DMatrix::<f64>::zeros(count, count);
        for i in 0..n {
            let p = expit(linear(&at, i));
            for a in 0..count {
                gradient[a] += columns[a][i] * (outcomes[i] - p);
                for b in 0..count {
                    information[(a, b)] += columns[a][i] * columns[b][i] * p * (1.0 - p);
                }
            }
        }
        let inverse = information.cholesky()?.inverse();
        let mut step = &inverse * gradient;
        let length = step.amax();
        let mut next = loss(&(&at + &step));
        // A step that does not improve is halved, but for rounding at the end.
        while next.is_nan() || next > best + 1e-12 * best.abs() {
            step /= 2.0;
            if step.amax() < 1e-14 {
                break;
            }
            next = loss(&(&at + &step));
        }
        at += step;
        best = next;
        if !at.amax().is_finite() || at.amax() > PARTED {
            return None;
        }
        if length < 1e-10 * (1.0 + at.amax()) {
            return Some(Fit { coefficients: at, covariance: inverse });
        }
    }
    None
}

/// How outcomes follow the logit of the predicted probability (Cox 1958, Biometrika 45:562): logit(observed) = intercept + slope · logit(predicted).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalibrationLine {
    /// 1 where probabilities are as extreme as they should be, below 1 where they are too extreme (the mark of overfitting). `None` where the
    /// probabilities part the cases, or all are the same.
    pub slope: Option<Estimate>,
    /// Intercept of that line; to be read with the slope.
    pub intercept: Option<Estimate>,
    /// Calibration-in-the-large: the intercept with the slope held at 1; above 0 where the event happens more often than predicted.
    pub in_the_large: Option<Estimate>,
    /// Events for each that was predicted: fraction with the event over mean probability, with an interval by its logarithm; `None` where
    /// none is predicted.
    pub observed_over_expected: Option<Estimate>,
}

/// Calibration slope and intercept with Wald intervals of maximum likelihood. Probabilities closer than 1e-6 to 0 or 1 are taken as that far from it.
pub fn calibration_line(forecasts: &Forecasts, level: Level) -> CalibrationLine {
    let n = forecasts.n();
    let (logits, outcomes) = (forecasts.logits(), forecasts.outcomes().collect::<Vec<f64>>());
    let (ones, none) = (vec![1.0; n], vec![0.0; n]);
    let z = student::normal_two_sided(level);
    let estimate = |fit: &Fit, place: usize| {
        let (value, half) = (fit.coefficients[place], z * fit.covariance[(place, place)].sqrt());
        Estimate { value, interval: Interval::around(value, half, level), n }
    };
    let large = fit(std::slice::from_ref(&ones), &logits, &outcomes);
    let both = fit(&[ones, logits], &none, &outcomes);
    let (observed, events) = (forecasts.prevalence(), forecasts.prevalence() * n as f64);
    let ratio = observed * n as f64 / forecasts.probabilities().iter().sum::<f64>();
    let half = z * ((1.0 - observed) / events).sqrt();
    let of_ratio = Interval::new(ratio * (-half).exp(), ratio * half.exp(), level);
    CalibrationLine {
        slope: both.as_ref().map(|fit| estimate(fit, 1)),
        intercept: both.as_ref().map(|fit| estimate(fit, 0)),
        in_the_large: large.as_ref().map(|fit| estimate(fit, 0)),
        observed_over_expected: ratio.is_finite().then_some(Estimate { value: ratio, interval: of_ratio, n }),
    }
}

/// The fit of outcomes to columns, or that there is none.
///
/// # Errors
/// [`StatisticsError::Parted`].
pub(crate) fn fitted(
    columns: &[Vec<f64>],
    offset: &[f64],
    outcomes: &[f64],
) -> Result<DVector<f64>, StatisticsError> {
    fit(columns, offset, outcomes).map(|fit| fit.coefficients).ok_or(StatisticsError::Parted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{cases, near, near_ends};

    #[test]
    fn the_line_is_that_of_r_s_glm() {
        let cases = cases(1, 80);
        let found = calibration_line(&Forecasts::new(&cases.p, &cases.diseased).unwrap(), Level::NINETY_FIVE);
        // glm(y ~ logit(p)) and glm(y ~ 1, offset = logit(p)) of R 4.2.2 with confint.default; rms::val.prob 6.5-0 has the same slope and intercept.
        for (found, value, low, high) in [
            (found.slope, 1.37239753770426, 0.661359716361109, 2.083435359047403),
            (found.intercept, -0.337447469084413, -0.859024575207821, 0.184129637038994),
            (found.in_the_large, -0.262051518680619, -0.736787248150112, 0.212684210788873),
        ] {
            near(found.unwrap().value, value);
            near_ends(found.unwrap().interval, [low, high]);
        }
        near(found.observed_over_expected.unwrap().value, 0.894833513869919);
    }

    #[test]
    fn parted_cases_have_no_slope_and_yet_a_level() {
        let p = [0.1, 0.2, 0.3, 0.7, 0.8, 0.9];
        let forecasts = Forecasts::new(&p, &[false, false, false, true, true, true]).unwrap();
        let found = calibration_line(&forecasts, Level::NINETY_FIVE);
        assert_eq!((found.slope, found.intercept), (None, None));
        near(found.in_the_large.unwrap().value, 0.0);
        let same = Forecasts::new(&[0.25; 8], &[true, false, false, false, true, true, false, true]).unwrap();
        let found = calibration_line(&same, Level::NINETY_FIVE);
        assert_eq!(found.slope, None);
        near(found.in_the_large.unwrap().value, 3.0f64.ln());
        near(found.observed_over_expected.unwrap().value, 2.0);
    }

    #[test]
    fn certain_probabilities_are_taken_as_nearly_so() {
        let forecasts =
            Forecasts::new(&[0.0, 1.0, 0.0, 1.0, 0.5], &[true, false, false, true, true]).unwrap();
        let found = calibration_line(&forecasts, Level::NINETY_FIVE);
        assert!(found.slope.is_none_or(|slope| slope.value.is_finite()), "{found:?}");
        let never = Forecasts::new(&[0.0; 4], &[true, false, false, true]).unwrap();
        assert_eq!(calibration_line(&never, Level::NINETY_FIVE).observed_over_expected, None);
    }
}
