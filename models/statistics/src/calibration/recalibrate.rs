//! Maps that put probabilities right.

use crate::calibration::forecasts::{Forecasts, expit, logit};
use crate::calibration::isotonic::{between, isotonic};
use crate::calibration::logistic::fitted;
use crate::error::StatisticsError;
use serde::{Deserialize, Serialize};

/// Least cases of an isotonic map: below it follows chance (Niculescu-Mizil and Caruana 2005, ICML, figure 4).
const ISOTONIC_LEAST: usize = 1000;

/// Steps of the search for a temperature; a dozen are usual.
const STEPS: usize = 100;

/// Inverse temperatures beyond these say that scores part the cases, or do not follow them.
const COLDEST: f64 = 1e4;
const HOTTEST: f64 = 1e-4;

/// A fitted map of probabilities. Fit it on cases that the model was not trained on, and judge it on others again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum Recalibrator {
    /// Logits over a temperature: above 1 it makes probabilities less extreme. Order and most probable class stay.
    Temperature {
        /// What logits are divided by.
        temperature: f64,
    },
    /// A line on the logit.
    Platt {
        /// What logits are multiplied by.
        slope: f64,
        /// What is added.
        intercept: f64,
    },
    /// Straight lines between knots that never fall.
    Isotonic {
        /// Probabilities of the knots, in order.
        probabilities: Vec<f64>,
        /// What they become.
        fractions: Vec<f64>,
    },
    /// logit = a ln p − b ln(1 − p) + c, with a and b at least 0.
    Beta {
        /// Of ln p.
        a: f64,
        /// Of −ln(1 − p).
        b: f64,
        /// Constant.
        c: f64,
    },
}

impl Recalibrator {
    /// The recalibrated probability; NaN of NaN.
    pub fn apply(&self, p: f64) -> f64 {
        match self {
            _ if p.is_nan() => f64::NAN,
            Recalibrator::Temperature { temperature } => expit(logit(p) / temperature),
            Recalibrator::Platt { slope, intercept } => expit(slope * logit(p) + intercept),
            Recalibrator::Isotonic { probabilities, fractions } => between(probabilities, fractions, p),
            Recalibrator::Beta { a, b, c } => {
                let [ln_p, ln_q] = logarithms(p);
                expit(a * ln_p - b * ln_q + c)
            }
        }
    }

    /// Recalibrated probabilities of all classes of a case, of which the sum is 1: by a temperature on their logarithms; by any other map each
    /// against the others and divided by their sum (equal where all become 0).
    pub fn apply_to_classes(&self, probabilities: &[f64]) -> Vec<f64> {
        let raw: Vec<f64> = match self {
            Recalibrator::Temperature { temperature } => {
                let logs: Vec<f64> = probabilities.iter().map(|p| logarithms(*p)[0] / temperature).collect();
                let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                logs.iter().map(|log| (log - most).exp()).collect()
            }
            _ => probabilities.iter().map(|p| self.apply(*p)).collect(),
        };
        let sum: f64 = raw.iter().sum();
        let count = raw.len() as f64;
        raw.into_iter().map(|p| if sum == 0.0 { 1.0 / count } else { p / sum }).collect()
    }
}

/// ln p and ln(1 − p), of probabilities at most 1e-6 from 0 and 1.
fn logarithms(p: f64) -> [f64; 2] {
    let logit = logit(p);
    [-(-logit).exp().ln_1p(), -logit.exp().ln_1p()]
}

/// The temperature of maximum likelihood (Guo et al. 2017, ICML). The default: one number, which few cases determine.
///
/// # Errors
/// [`StatisticsError::Parted`] where probabilities part the cases; range where the event does not become more frequent with its probability.
pub fn fit_temperature(forecasts: &Forecasts) -> Result<Recalibrator, StatisticsError> {
    let rows: Vec<[f64; 2]> = forecasts.logits().into_iter().map(|logit| [0.0, logit]).collect();
    let truth: Vec<usize> = forecasts.happened().iter().map(|is| usize::from(*is)).collect();
    temperature(&rows, &truth)
}

/// As [`fit_temperature`], of probabilities of several classes by case.
///
/// # Errors
/// As [`fit_temperature`]; as [`one_versus_rest`](crate::one_versus_rest); range of a probability outside 0 to 1.
pub fn fit_class_temperature(
    probabilities: &[Vec<f64>],
    truth: &[usize],
) -> Result<Recalibrator, StatisticsError> {
    let (_, whole) = crate::classes::check_classes(probabilities, truth)?;
    let logs = |&i: &usize| {
        let log = |p: &f64| StatisticsError::fraction("a probability", *p).map(|p| logarithms(p)[0]);
        probabilities[i].iter().map(log).collect::<Result<Vec<f64>, _>>()
    };
    let rows = whole.iter().map(logs).collect::<Result<Vec<_>, _>>()?;
    temperature(&rows, &whole.iter().map(|&i| truth[i]).collect::<Vec<_>>())
}

/// Newton's method on the inverse temperature, in which the loss is convex.
fn temperature<R: AsRef<[f64]>>(rows: &[R], truth: &[usize]) -> Result<Recalibrator, StatisticsError> {
    let mut inverse: f64 = 1.0;
    for _ in 0..STEPS {
        let (mut slope, mut curvature) = (0.0, 0.0);
        for (row, class) in rows.iter().zip(truth) {
            let row = row.as_ref();
            let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let weights = || row.iter().map(|z| (inverse * (z - most)).exp());
            let sum: f64 = weights().sum();
            let mean = row.iter().zip(weights()).map(|(z, w)| z * w).sum::<f64>() / sum;
            slope += mean - row[*class];
            curvature += row.iter().zip(weights()).map(|(z, w)| (z - mean).powi(2) * w).sum::<f64>() / sum;
        }
        if curvature <= 1e-12 * rows.len() as f64 {
            return Err(StatisticsError::Parted);
        }
        // Far from the best place a full step may go astray.
        let next = (inverse - slope / curvature).clamp(inverse / 4.0, inverse * 4.0);
        if next < HOTTEST {
            let (least, most) = (HOTTEST, COLDEST);
            return Err(StatisticsError::Range {
                what: "the inverse of a temperature",
                least,
                most,
                found: next,
            });
        }
        if next > COLDEST {
            return Err(StatisticsError::Parted);
        }
        if (next - inverse).abs() < 1e-12 * inverse {
            return Ok(Recalibrator::Temperature { temperature: 1.0 / next });
        }
        inverse = next;
    }
    Err(StatisticsError::Parted)
}

/// Platt's line of maximum likelihood on the logit, with outcomes drawn in as he does: (n + 1) / (n + 2) of n cases with the event and 1 / (n + 2) of
/// n without (Platt 1999, in Advances in Large Margin Classifiers). So parted cases have a line too.
///
/// # Errors
/// [`StatisticsError::Parted`] where all probabilities are the same.
pub fn fit_platt(forecasts: &Forecasts) -> Result<Recalibrator, StatisticsError> {
    let n = forecasts.n();
    let events = forecasts.happened().iter().filter(|is| **is).count() as f64;
    let drawn_in =
        |is: &bool| if *is { (events + 1.0) / (events + 2.0) } else { 1.0 / (n as f64 - events + 2.0) };
    let targets: Vec<f64> = forecasts.happened().iter().map(drawn_in).collect();
    let found = fitted(&[forecasts.logits(), vec![1.0; n]], &vec![0.0; n], &targets)?;
    Ok(Recalibrator::Platt { slope: found[0], intercept: found[1] })
}

/// The isotonic map of least squares; beyond the probabilities that were seen it stays at the last.
///
/// # Errors
/// [`StatisticsError::Isotonic`] below a thousand cases.
pub fn fit_isotonic(forecasts: &Forecasts) -> Result<Recalibrator, StatisticsError> {
    let found = forecasts.n();
    if found < ISOTONIC_LEAST {
        return Err(StatisticsError::Isotonic { needed: ISOTONIC_LEAST, found });
    }
    let cases: Vec<(f64, f64)> =
        forecasts.probabilities().iter().copied().zip(forecasts.outcomes()).collect();
    let (probabilities, fractions) = isotonic(&cases);
    Ok(Recalibrator::Isotonic { probabilities, fractions })
}

/// The beta map of maximum likelihood (Kull et al. 2017, Electron J Stat 11:5052). A coefficient that comes out below 0 is set to 0 and the others are
/// fitted again, as there.
///
/// # Errors
/// [`StatisticsError::Parted`] where probabilities part the cases or have fewer than three values.
pub fn fit_beta(forecasts: &Forecasts) -> Result<Recalibrator, StatisticsError> {
    let n = forecasts.n();
    let outcomes: Vec<f64> = forecasts.outcomes().collect();
    let logs: Vec<[f64; 2]> = forecasts.probabilities().iter().map(|p| logarithms(*p)).collect();
    let of_p: Vec<f64> = logs.iter().map(|both| both[0]).collect();
    let of_rest: Vec<f64> = logs.iter().map(|both| -both[1]).collect();
    let (ones, none) = (vec![1.0; n], vec![0.0; n]);
    let found = fitted(&[of_p.clone(), of_rest.clone(), ones.clone()], &none, &outcomes)?;
    let (mut a, mut b, mut c) = (found[0], found[1], found[2]);
    if a < 0.0 {
        let found = fitted(&[of_rest, ones], &none, &outcomes)?;
        (a, b, c) = (0.0, found[0].max(0.0), found[1]);
    } else if b < 0.0 {
        let found = fitted(&[of_p, ones], &none, &outcomes)?;
        (a, b, c) = (found[0].max(0.0), 0.0, found[1]);
    }
    Ok(Recalibrator::Beta { a, b, c })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{cases, near};

    fn forecasts(n: usize) -> Forecasts {
        let cases = cases(1, n);
        Forecasts::new(&cases.p, &cases.diseased).unwrap()
    }

    #[test]
    fn maps_are_those_of_peers() {
        let forecasts = forecasts(80);
        let Recalibrator::Temperature { temperature } = fit_temperature(&forecasts).unwrap() else {
            panic!()
        };
        // brentq of scipy 1.17.1 on the slope of the loss.
        near(temperature, 0.787502234269660);
        let Recalibrator::Platt { slope, intercept } = fit_platt(&forecasts).unwrap() else { panic!() };
        // GLM of statsmodels 0.15.0 on the drawn-in outcomes.
        near(slope, 1.271605886668456);
        near(intercept, -0.316109805525741);
        let Recalibrator::Beta { a, b, c } = fit_beta(&forecasts).unwrap() else { panic!() };
        // GLM of statsmodels 0.15.0.
        near(a, 0.815261860589656);
        near(b, 1.881387302821014);
        near(c, -1.139470375436399);
    }

    #[test]
    fn isotonic_maps_are_those_of_scikit_learn_and_want_a_thousand_cases() {
        assert_eq!(fit_isotonic(&forecasts(80)), Err(StatisticsError::Isotonic { needed: 1000, found: 80 }));
        let map = fit_isotonic(&forecasts(1200)).unwrap();
        // IsotonicRegression(out_of_bounds = "clip") of scikit-learn 1.9.1, of 1,200 cases.
        for (p, expected) in [
            (0.01, 0.000000000000000),
            (0.1, 0.062500000000000),
            (0.25, 0.172413793103448),
            (0.333, 0.178571428571429),
            (0.5, 0.447368421052632),
            (0.617, 0.689655172413793),
            (0.8, 0.861111111111111),
            (0.93, 1.000000000000000),
            (0.99, 1.000000000000000),
        ] {
            near(map.apply(p), expected);
        }
    }

    #[test]
    fn temperatures_of_classes_are_those_of_two_and_keep_the_order() {
        let forecasts = forecasts(80);
        let rows: Vec<Vec<f64>> = forecasts.probabilities().iter().map(|p| vec![1.0 - p, *p]).collect();
        let truth: Vec<usize> = forecasts.happened().iter().map(|is| usize::from(*is)).collect();
        let (one, other) =
            (fit_temperature(&forecasts).unwrap(), fit_class_temperature(&rows, &truth).unwrap());
        near(one.apply(0.2), other.apply(0.2));
        near(one.apply_to_classes(&[0.8, 0.2])[1], one.apply(0.2));
        let three = one.apply_to_classes(&[0.1, 0.6, 0.3]);
        assert!(three[1] > three[2] && three[2] > three[0]);
        near(three.iter().sum(), 1.0);
    }

    #[test]
    fn maps_are_written_and_read_back() {
        let map = Recalibrator::Temperature { temperature: 1.5 };
        let text = serde_json::to_string(&map).unwrap();
        assert_eq!(text, r#"{"method":"temperature","temperature":1.5}"#);
        assert_eq!(serde_json::from_str::<Recalibrator>(&text).unwrap(), map);
        let map = fit_isotonic(&forecasts(1000)).unwrap();
        let text = serde_json::to_string(&map).unwrap();
        assert_eq!(serde_json::from_str::<Recalibrator>(&text).unwrap(), map);
    }

    #[test]
    fn probabilities_that_part_the_cases_or_say_nothing_have_no_temperature() {
        let happened = [false, false, true, true];
        let parted = Forecasts::new(&[0.1, 0.2, 0.8, 0.9], &happened).unwrap();
        assert_eq!(fit_temperature(&parted), Err(StatisticsError::Parted));
        assert!(fit_platt(&parted).is_ok());
        let turned = Forecasts::new(&[0.9, 0.8, 0.2, 0.1], &happened).unwrap();
        assert!(matches!(fit_temperature(&turned), Err(StatisticsError::Range { .. })));
        let same = Forecasts::new(&[0.3; 4], &happened).unwrap();
        assert_eq!(fit_platt(&same), Err(StatisticsError::Parted));
        assert_eq!(fit_beta(&same), Err(StatisticsError::Parted));
        for p in [0.0, 1.0, f64::NAN] {
            let found = fit_platt(&parted).unwrap().apply(p);
            assert!(found.is_nan() == p.is_nan());
        }
    }
}
