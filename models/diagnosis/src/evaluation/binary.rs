//! Curves and thresholds of predictions of yes or no.

use super::measure::of_yes;
use crate::manifest::Threshold;
use coxa_learning::{Outcomes, Predictions};
use coxa_statistics::{
    Bootstrap, CurvePoint, DecisionPoint, Forecasts, Level, OperatingPoint, PrecisionRecallPoint,
    ProportionInterval, Ratings, ReliabilityBin, SmoothCalibration, StatisticsError, decision_curve,
    precision_recall, reliability, smooth_calibration,
};
use serde::{Deserialize, Serialize};

/// Bins of the reliability curve; of fewer cases as many as there are.
const BINS: usize = 10;
/// Thresholds of the decision curve, per cent.
const DECISIONS_PERCENT: std::ops::RangeInclusive<u32> = 1..=99;

/// Curves and thresholds of a binary output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BinaryDetail {
    /// ROC curve.
    pub roc: Vec<CurvePoint>,
    /// Precision-recall curve.
    pub precision_recall: Vec<PrecisionRecallPoint>,
    /// Reliability curve by quantiles of the prediction.
    pub reliability: Vec<ReliabilityBin>,
    /// Smooth calibration curve and integrated calibration index.
    pub smooth: SmoothCalibration,
    /// Decision curve.
    pub decision: Vec<DecisionPoint>,
    /// What each named threshold does.
    pub thresholds: Vec<NamedPoint>,
}

/// A named threshold and what it does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NamedPoint {
    /// Its name.
    pub name: String,
    /// What it does.
    pub point: OperatingPoint,
}

/// Curves of predictions, with intervals by patient where `groups` has some twice. Thresholds that ask for a sensitivity are set by these cases, unless `frozen` has their values.
///
/// # Errors
/// Cases of one class alone.
pub fn binary_detail(
    predictions: &Predictions,
    outcomes: &Outcomes,
    groups: &[usize],
    thresholds: &[Threshold],
    frozen: &[(String, f64)],
    bootstrap: Bootstrap,
) -> Result<Option<BinaryDetail>, StatisticsError> {
    let (Predictions::Probabilities(rows), Outcomes::Classes { of, .. }) = (predictions, outcomes) else {
        return Ok(None);
    };
    let level = Level::NINETY_FIVE;
    let (p, yes) = of_yes(rows, of);
    let ratings = Ratings::new(&p, &yes)?;
    let forecasts = Forecasts::new(&p, &yes)?;
    let at: Vec<f64> = DECISIONS_PERCENT.map(|percent| f64::from(percent) / 100.0).collect();
    let own = threshold_values(thresholds, predictions, outcomes)?;
    let values = if frozen.is_empty() { &own } else { frozen };
    let mut named = Vec::new();
    for (name, value) in values {
        let point = ratings.at(*value, ProportionInterval::Wilson, level)?;
        named.push(NamedPoint { name: name.clone(), point });
    }
    Ok(Some(BinaryDetail {
        roc: ratings.curve().points,
        precision_recall: precision_recall(&p, &yes)?.points,
        reliability: reliability(&forecasts, BINS.min(rows.len()), level)?,
        smooth: smooth_calibration(&forecasts),
        decision: decision_curve(&forecasts, &at, Some(groups), Some(bootstrap), level)?,
        thresholds: named,
    }))
}

/// Values of named thresholds: as they are, or the highest at which the predictions find the fraction that is asked for.
///
/// # Errors
/// Cases of one class alone, where a fraction is asked for.
pub fn threshold_values(
    thresholds: &[Threshold],
    predictions: &Predictions,
    outcomes: &Outcomes,
) -> Result<Vec<(String, f64)>, StatisticsError> {
    let (Predictions::Probabilities(rows), Outcomes::Classes { of, .. }) = (predictions, outcomes) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for threshold in thresholds {
        let value = match (threshold.probability, threshold.sensitivity) {
            (Some(value), _) => Some(value),
            (None, Some(sensitivity)) => {
                let (p, yes) = of_yes(rows, of);
                Ratings::new(&p, &yes)?.curve().at_sensitivity(sensitivity)?.threshold
            }
            (None, None) => None,
        };
        found.extend(value.map(|value| (threshold.name.clone(), value)));
    }
    Ok(found)
}
