//! What training gives.

use crate::evaluation::{Comparator, Retrained};
use coxa_learning::{FoldLoss, Model, Outcomes, Predictions, Settings};
use coxa_statistics::Recalibrator;
use serde::{Deserialize, Serialize};

/// A module trained on a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// By output of the manifest.
    pub outputs: Vec<TrainedOutput>,
}

/// One output.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainedOutput {
    /// Id of the output.
    pub id: String,
    /// Places in the table of the cases that have a truth; what follows is of these.
    pub cases: Vec<usize>,
    /// Their truth.
    pub outcomes: Outcomes,
    /// Patient of each, as a number.
    pub groups: Vec<usize>,
    /// Fold in which each is tested.
    pub folds: Vec<usize>,
    /// Calibrated prediction of each by models that have not seen its patient.
    pub predictions: Predictions,
    /// Baselines, and the ceiling of virtual cases.
    pub comparators: Vec<Comparator>,
    /// Shuffled outcomes and what the settings chosen on all cases predict of them; empty where that is not asked for.
    pub shuffled: Vec<(Predictions, Outcomes)>,
    /// Predictions of bootstrap resamples of patients, all models refitted.
    pub retrained: Vec<Retrained>,
    /// Choices in each fold, then of all cases.
    pub log: Vec<FoldLog>,
    /// The model of all cases.
    pub fitted: FittedOutput,
}

/// A model with its calibration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedOutput {
    /// Id of the output.
    pub output: String,
    /// Name of the candidate; `network` where graphs predict.
    pub candidate: String,
    /// Its settings, of a model of a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<Settings>,
    /// The model; none where graphs predict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Model>,
    /// Calibration of its probabilities.
    pub recalibrator: Option<Recalibrator>,
    /// Values of named thresholds, of a binary output.
    pub thresholds: Vec<(String, f64)>,
}

/// What was chosen in a fold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoldLog {
    /// Fold, from 0; `None` of all cases.
    pub fold: Option<usize>,
    /// Name of the candidate.
    pub candidate: String,
    /// Its settings.
    pub settings: Settings,
    /// Its loss over the inner folds; `None` where there was no choice.
    pub loss: Option<FoldLoss>,
}
