//! Networks are judged as models of tables are: calibrated, beside their baselines.

use super::baselines::{CasesOfOutput, baselines};
use super::calibrate::recalibrated;
use super::error::TrainError;
use super::trained::{FittedOutput, TrainedOutput};
use crate::cases::Cases;
use crate::evaluation::threshold_values;
use crate::manifest::{Manifest, Output};
use coxa_learning::{Folds, Outcomes, Predictions};
use coxa_statistics::StatisticsError;

/// Name of what predicts, in place of a candidate.
const NETWORK: &str = "network";

/// What networks predict of an output, each case by one that has not seen its patient.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OutOfFold {
    /// Places in the table of the cases that have a truth; what follows is of these.
    pub(crate) places: Vec<usize>,
    /// Their truth.
    pub(crate) outcomes: Outcomes,
    /// Patient of each, as a number.
    pub(crate) groups: Vec<usize>,
    /// Fold in which each is tested.
    pub(crate) folds: Folds,
    /// What the networks say.
    pub(crate) predictions: Predictions,
    /// The same of outcomes that were shuffled before training, where that was asked for.
    pub(crate) shuffled: Option<(Predictions, Outcomes)>,
}

/// Calibrates predictions of networks by those of the other folds, and trains the baselines in the same folds. Networks are not retrained on bootstrap resamples.
///
/// # Errors
/// What a baseline or the calibration refuses.
pub(crate) fn networked(
    cases: &Cases,
    manifest: &Manifest,
    output: &Output,
    found: OutOfFold,
) -> Result<TrainedOutput, TrainError> {
    let learning = |error| TrainError::Learning { output: output.id.clone(), error };
    let statistics = |error: StatisticsError| TrainError::Statistics { output: output.id.clone(), error };
    let OutOfFold { places, outcomes, groups, folds, predictions, shuffled } = found;
    let with_truth = cases.at(&places);
    let (predictions, recalibrator) =
        recalibrated(&predictions, &outcomes, folds.of(), manifest.calibration.method).map_err(statistics)?;
    let with_truth = CasesOfOutput { cases: &with_truth, output, outcomes: &outcomes, groups: &groups };
    let comparators = baselines(manifest, with_truth, &folds).map_err(learning)?;
    let fitted = FittedOutput {
        output: output.id.clone(),
        candidate: NETWORK.to_owned(),
        settings: None,
        model: None,
        recalibrator,
        thresholds: threshold_values(&output.thresholds, &predictions, &outcomes).map_err(statistics)?,
    };
    Ok(TrainedOutput {
        id: output.id.clone(),
        cases: places,
        groups,
        folds: folds.of().to_vec(),
        predictions,
        comparators,
        shuffled: shuffled.into_iter().collect(),
        retrained: Vec::new(),
        log: Vec::new(),
        fitted,
        outcomes,
    })
}
