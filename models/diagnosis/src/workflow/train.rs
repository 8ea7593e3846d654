//! A module is trained, judged and kept.

use super::error::WorkflowError;
use super::prepare::Prepared;
use crate::association::associate;
use crate::cases::encode;
use crate::evaluation::{EvaluationInput, evaluate, subgroups};
use crate::manifest::{Manifest, Module, Output};
use crate::run::{ModuleRun, Results, RunKind, RunSettings, predictions_csv};
use crate::training::{TrainError, TrainedOutput, patients, train};
use coxa_learning::Predictions;
use coxa_panel::sha256;
use std::collections::BTreeMap;

/// Trains a module on cases, judges it by cross-validation, and gives what a run keeps. Of a module that compares, it compares. `ceiling` has the best possible predictions of virtual
/// cases, and says by being there that they are virtual. `done` is told of each step.
///
/// # Errors
/// Too few patients or cases of a class; what a model, the calibration or a statistic refuses.
pub fn train_module(
    module: &Module,
    prepared: &Prepared,
    ceiling: Option<&BTreeMap<String, Predictions>>,
    version: &str,
    done: &(dyn Fn(&str) + Sync),
) -> Result<ModuleRun, WorkflowError> {
    let manifest = &module.manifest;
    let cases = &prepared.cases;
    let settings = RunSettings {
        format: 1,
        program_version: version.to_owned(),
        module: manifest.name.clone(),
        manifest_sha256: sha256(module.text.as_bytes()),
        table_sha256: prepared.table_sha256.clone(),
        is_example: ceiling.is_some(),
        cases: cases.len(),
        patients: patients(cases).iter().max().map_or(0, |last| last + 1),
        notes: cases.notes.clone(),
        kind: RunKind::Training,
    };
    let mut kept = ModuleRun {
        manifest: module.text.clone(),
        settings,
        models: Vec::new(),
        log: Vec::new(),
        results: Results::default(),
        files: Vec::new(),
    };
    if manifest.association.is_some() {
        kept.results.association = Some(associate(cases, manifest)?);
        return Ok(kept);
    }
    let none = BTreeMap::new();
    let trained = train(cases, manifest, ceiling.unwrap_or(&none), done)?;
    for (output, of) in manifest.outputs.iter().zip(trained.outputs) {
        keep(&mut kept, manifest, prepared, output, of)?;
        done(&format!("{}: evaluated", output.id));
    }
    Ok(kept)
}

/// Judges one output and takes it into the run.
pub(super) fn keep(
    kept: &mut ModuleRun,
    manifest: &Manifest,
    prepared: &Prepared,
    output: &Output,
    of: TrainedOutput,
) -> Result<(), WorkflowError> {
    let cases = prepared.cases.at(&of.cases);
    let parts = subgroups(&cases, manifest);
    let asked = EvaluationInput {
        output,
        predictions: &of.predictions,
        outcomes: &of.outcomes,
        groups: &of.groups,
        parts: &parts,
        frozen: &of.fitted.thresholds,
        shuffled: &of.shuffled,
        retrained: &of.retrained,
        seed: manifest.evaluation.seed,
    };
    let statistics = |error| TrainError::Statistics { output: output.id.clone(), error };
    kept.results.outputs.push(evaluate(&asked, &of.comparators).map_err(statistics)?);
    let all: Vec<usize> = (0..cases.len()).collect();
    let csv = predictions_csv(&cases, &all, output, Some(&of.outcomes), &of.predictions, Some(&of.folds));
    kept.files.push((format!("predictions/{}.csv", output.id), csv));
    if let Some(model) = &of.fitted.model {
        let shapley = model.shapley(&encode(&cases, manifest, &value_ids(manifest))?)?;
        // Of several raw outputs the sum says how much a column moves any of them.
        let mut sums = vec![0.0; shapley.columns().len()];
        for raw in 0..shapley.outputs() {
            sums.iter_mut().zip(shapley.importance(raw)).for_each(|(sum, value)| *sum += value);
        }
        let sums = shapley.columns().iter().cloned().zip(sums).collect();
        kept.results.importance.push((output.id.clone(), sums));
        kept.log.push((output.id.clone(), of.log));
    }
    kept.models.push(of.fitted);
    Ok(())
}

/// Ids of the inputs that models take.
pub(super) fn value_ids(manifest: &Manifest) -> Vec<String> {
    manifest.inputs.iter().filter(|input| input.is_value()).map(|input| input.id.clone()).collect()
}
