//! A trained model predicts.

use super::error::WorkflowError;
use super::prepare::Prepared;
use super::train::value_ids;
use crate::cases::encode;
use crate::manifest::Manifest;
use crate::run::ModuleRun;
use crate::training::calibrated;
use coxa_learning::{Predictions, Shapley};

/// Predictions of one output.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    /// Id of the output.
    pub output: String,
    /// The predictions, calibrated.
    pub predictions: Predictions,
    /// Shapley values on the raw scale of the model, where they were asked for.
    pub shapley: Option<Shapley>,
}

/// Predicts each output of cases by the models of a run.
///
/// # Errors
/// A run without a model of an output; a value missing where the model refuses it.
pub fn apply(
    manifest: &Manifest,
    kept: &ModuleRun,
    prepared: &Prepared,
    explain: bool,
) -> Result<Vec<Applied>, WorkflowError> {
    let table = encode(&prepared.cases, manifest, &value_ids(manifest))?;
    let mut all = Vec::new();
    for output in &manifest.outputs {
        let fitted = kept.models.iter().find(|model| model.output == output.id);
        let fitted = fitted.ok_or_else(|| WorkflowError::NoModel(output.id.clone()))?;
        let model = fitted.model.as_ref().ok_or_else(|| WorkflowError::NoModel(output.id.clone()))?;
        let predictions = calibrated(fitted.recalibrator.as_ref(), model.predict(&table)?);
        let shapley = if explain { Some(model.shapley(&table)?) } else { None };
        all.push(Applied { output: output.id.clone(), predictions, shapley });
    }
    Ok(all)
}
