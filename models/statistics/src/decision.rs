//! Decision curves: is it better to act on a prediction than on all patients, or on none?

use crate::bootstrap::Bootstrap;
use crate::calibration::Forecasts;
use crate::error::StatisticsError;
use crate::interval::{Estimate, Level};
use crate::resample::{BootstrapInterval, Resampling, resampled};
use serde::{Deserialize, Serialize};

/// Net benefit at a threshold, in true positives for each patient: the fraction of true positives less that of false positives weighed by the odds of the
/// threshold (Vickers and Elkin 2006, Med Decis Making 26:565). To treat none has 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecisionPoint {
    /// Probability from which on one would act.
    pub threshold: f64,
    /// Net benefit of acting where the prediction reaches the threshold.
    pub model: Estimate,
    /// Net benefit of acting on all.
    pub all: Estimate,
    /// That of the model less the greater of acting on all and on none: above 0 where the model is of use.
    pub over_default: Estimate,
    /// Actions that the model spares of a hundred patients, for no fewer true positives than acting on all; below 0 where it is worse.
    pub avoided_per_hundred: f64,
}

/// The decision curve at thresholds, with bootstrap intervals where asked for: groups, such as patients, are drawn again with all of their rows.
/// `groups` stand for the cases of the forecasts in their order, those left out not counted.
///
/// # Errors
/// Range of a threshold that is not between 0 and 1; as [`resampled`].
pub fn decision_curve(
    forecasts: &Forecasts,
    thresholds: &[f64],
    groups: Option<&[usize]>,
    bootstrap: Option<Bootstrap>,
    level: Level,
) -> Result<Vec<DecisionPoint>, StatisticsError> {
    let tiny = f64::EPSILON;
    for threshold in thresholds {
        StatisticsError::within("a threshold", tiny, 1.0 - tiny, *threshold)?;
    }
    let n = forecasts.probabilities().len();
    let all: Vec<usize> = (0..n).collect();
    let points: Vec<[f64; 3]> =
        thresholds.iter().map(|threshold| benefits(forecasts, &all, *threshold)).collect();
    let intervals = match bootstrap {
        None => vec![None; 3 * thresholds.len()],
        Some(bootstrap) => {
            let how = Resampling { groups, strata: None, interval: BootstrapInterval::Percentile };
            resampled(n, 3 * thresholds.len(), how, bootstrap, level, |rows, out| {
                for (out, threshold) in out.chunks_mut(3).zip(thresholds) {
                    out.copy_from_slice(&benefits(forecasts, rows, *threshold));
                }
            })?
        }
    };
    let made = thresholds.iter().zip(points).zip(intervals.chunks(3));
    let point =
        |((threshold, values), intervals): ((&f64, [f64; 3]), &[Option<crate::interval::Interval>])| {
            let estimate = |i: usize| Estimate { value: values[i], interval: intervals[i], n };
            DecisionPoint {
                threshold: *threshold,
                model: estimate(0),
                all: estimate(1),
                over_default: estimate(2),
                avoided_per_hundred: 100.0 * (values[0] - values[1]) * (1.0 - threshold) / threshold,
            }
        };
    Ok(made.map(point).collect())
}

/// Net benefit of the model, of acting on all, and of the first over the best without it.
fn benefits(forecasts: &Forecasts, rows: &[usize], threshold: f64) -> [f64; 3] {
    let odds = threshold / (1.0 - threshold);
    let (p, happened) = (forecasts.probabilities(), forecasts.happened());
    let (mut right, mut wrong, mut events) = (0u32, 0u32, 0u32);
    for &row in rows {
        let acts = p[row] >= threshold;
        right += u32::from(acts && happened[row]);
        wrong += u32::from(acts && !happened[row]);
        events += u32::from(happened[row]);
    }
    let n = rows.len() as f64;
    let of = |right: u32, wrong: f64| f64::from(right) / n - wrong / n * odds;
    let (model, all) = (of(right, f64::from(wrong)), of(events, n - f64::from(events)));
    [model, all, model - all.max(0.0)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{cases, near};

    fn forecasts() -> Forecasts {
        let cases = cases(1, 80);
        Forecasts::new(&cases.p, &cases.diseased).unwrap()
    }

    #[test]
    fn net_benefits_are_those_of_dcurves() {
        // dca of dcurves 1.1.7 (Python): net benefit of the model and of all, net intervention avoided.
        let expected = [
            (0.1, 0.416666666666667, 0.416666666666667, 0.000000000000000),
            (0.2, 0.359375000000000, 0.343750000000000, 0.062500000000000),
            (0.306, 0.286131123919308, 0.243515850144092, 0.096650326797386),
            (0.4, 0.237500000000000, 0.125000000000000, 0.168750000000000),
            (0.5, 0.100000000000000, -0.050000000000000, 0.150000000000000),
            (0.6, 0.100000000000000, -0.312500000000000, 0.275000000000000),
            (0.75, 0.112500000000000, -1.1, 0.404166666666667),
        ];
        let thresholds = expected.map(|row: (f64, f64, f64, f64)| row.0);
        let found = decision_curve(&forecasts(), &thresholds, None, None, Level::NINETY_FIVE).unwrap();
        for (found, (threshold, model, all, avoided)) in found.iter().zip(expected) {
            assert_eq!(found.threshold, threshold);
            near(found.model.value, model);
            near(found.all.value, all);
            near(found.avoided_per_hundred, 100.0 * avoided);
            near(found.over_default.value, model - all.max(0.0));
        }
    }

    #[test]
    fn intervals_hold_the_value_and_are_wider_of_fewer_groups() {
        let bootstrap = Some(Bootstrap { draws: 1000, seed: 3 });
        let of = |groups: Option<&[usize]>| {
            decision_curve(&forecasts(), &[0.4], groups, bootstrap, Level::NINETY_FIVE).unwrap()[0].clone()
        };
        let single = of(None);
        for estimate in [single.model, single.all, single.over_default] {
            assert!(estimate.interval.unwrap().contains(estimate.value), "{estimate:?}");
        }
        // Patients sorted by outcome: all of a patient's cases have the same.
        let mut rank = 0;
        let groups: Vec<usize> = forecasts()
            .happened()
            .iter()
            .map(|is| {
                rank += 1;
                rank / 20 + 10 * usize::from(*is)
            })
            .collect();
        assert!(
            of(Some(&groups)).all.interval.unwrap().half_width() > single.all.interval.unwrap().half_width()
        );
    }

    #[test]
    fn thresholds_lie_between_0_and_1() {
        for wrong in [0.0, 1.0, f64::NAN, -0.5] {
            assert!(
                decision_curve(&forecasts(), &[wrong], None, None, Level::NINETY_FIVE).is_err(),
                "{wrong}"
            );
        }
        assert_eq!(decision_curve(&forecasts(), &[], None, None, Level::NINETY_FIVE), Ok(vec![]));
    }
}
