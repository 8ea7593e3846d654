//! Predictions are judged on cases that they were not made from.

use super::error::WorkflowError;
use super::prepare::Prepared;
use crate::cases::{Problem, Problems, outcomes};
use crate::evaluation::{Comparator, Evaluated, EvaluationInput, evaluate, subgroups};
use crate::manifest::{Manifest, Output};
use crate::run::{ModuleRun, PredictedTable, Results, RunKind, RunSettings, predictions_csv};
use crate::training::{CasesOfOutput, TrainError, baselines, patients};
use coxa_learning::{EveryClass, grouped_folds};
use coxa_panel::sha256;
use std::collections::{BTreeMap, BTreeSet};

/// What is judged of one output.
#[derive(Debug, Clone, Copy)]
pub struct ExternalInput<'a> {
    /// The output.
    pub output: &'a Output,
    /// Its predictions by patient and study.
    pub predicted: &'a PredictedTable,
    /// Values of thresholds that were set before.
    pub frozen: &'a [(String, f64)],
    /// Patients that the model was trained on: none of them may be judged.
    pub seen: &'a BTreeSet<String>,
}

/// How good the predictions of an output are.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The figures, beside those of baselines that were fitted to these very cases, each case predicted by those fitted to other patients.
    pub evaluated: Evaluated,
    /// Why no baseline stands beside them, where none does.
    pub without_baselines: Option<String>,
    /// The predictions with their truth, as a table.
    pub predictions_csv: Vec<u8>,
}

/// Judges predictions of an output against the truth of a table.
///
/// # Errors
/// A case without a prediction, a patient that the model was trained on, each with its row; fewer than two patients or classes.
pub fn external(
    manifest: &Manifest,
    prepared: &Prepared,
    judged: &ExternalInput<'_>,
) -> Result<Judged, WorkflowError> {
    let (known, truth) = outcomes(&prepared.cases, judged.output);
    let cases = prepared.cases.at(&known);
    let places: BTreeMap<(&str, &str), usize> = judged
        .predicted
        .keys
        .iter()
        .enumerate()
        .map(|(place, (patient, study))| ((patient.as_str(), study.as_str()), place))
        .collect();
    let mut problems = Vec::new();
    let mut rows = Vec::new();
    for case in 0..cases.len() {
        let key = (cases.patients[case].as_str(), cases.studies[case].as_str());
        if judged.seen.contains(key.0) {
            problems.push(Problem::row(cases.lines[case], "the model was trained on this patient"));
        }
        match places.get(&key).or_else(|| places.get(&(key.0, ""))) {
            Some(&place) => rows.push(place),
            None => problems
                .push(Problem::row(cases.lines[case], "there is no prediction for this patient and study")),
        }
    }
    if !problems.is_empty() {
        return Err(Problems(problems).into());
    }
    let predictions = judged.predicted.predictions.rows_at(&rows);
    let groups = patients(&cases);
    let parts = subgroups(&cases, manifest);
    let asked = EvaluationInput {
        output: judged.output,
        predictions: &predictions,
        outcomes: &truth,
        groups: &groups,
        parts: &parts,
        frozen: judged.frozen,
        shuffled: &[],
        retrained: &[],
        seed: manifest.evaluation.seed,
    };
    let statistics = |error| TrainError::Statistics { output: judged.output.id.clone(), error };
    let of = CasesOfOutput { cases: &cases, output: judged.output, outcomes: &truth, groups: &groups };
    let (comparators, without_baselines) = match local_baselines(manifest, of) {
        Ok(comparators) => (comparators, None),
        Err(why) => (Vec::new(), Some(format!("No baselines for {}: {why}", judged.output.id))),
    };
    let evaluated = evaluate(&asked, &comparators).map_err(statistics)?;
    let all: Vec<usize> = (0..cases.len()).collect();
    let predictions_csv = predictions_csv(&cases, &all, judged.output, Some(&truth), &predictions, None);
    Ok(Judged { evaluated, without_baselines, predictions_csv })
}

/// What an evaluation keeps; `text` is the manifest as it is written.
pub fn evaluation_run(
    manifest: &Manifest,
    text: &str,
    prepared: &Prepared,
    judged: &[Judged],
    kind: RunKind,
    version: &str,
) -> ModuleRun {
    let cases = &prepared.cases;
    let mut notes = cases.notes.clone();
    notes.extend(judged.iter().filter_map(|judged| judged.without_baselines.clone()));
    let file = |judged: &Judged| {
        (format!("predictions/{}.csv", judged.evaluated.output), judged.predictions_csv.clone())
    };
    let outputs: Vec<Evaluated> = judged.iter().map(|judged| judged.evaluated.clone()).collect();
    ModuleRun {
        settings: RunSettings {
            format: 1,
            program_version: version.to_owned(),
            module: manifest.name.clone(),
            manifest_sha256: sha256(text.as_bytes()),
            table_sha256: prepared.table_sha256.clone(),
            is_example: false,
            cases: cases.len(),
            patients: patients(cases).iter().max().map_or(0, |last| last + 1),
            notes,
            kind,
        },
        manifest: text.to_owned(),
        models: Vec::new(),
        log: Vec::new(),
        results: Results { outputs, ..Results::default() },
        files: judged.iter().map(file).collect(),
    }
}

/// Baselines in the folds of the manifest, or why these cases are too few for them.
fn local_baselines(manifest: &Manifest, of: CasesOfOutput<'_>) -> Result<Vec<Comparator>, String> {
    let evaluation = &manifest.evaluation;
    let count = of.groups.iter().max().map_or(0, |last| last + 1);
    let needed = 2 * evaluation.folds.max(evaluation.inner_folds);
    if count < needed {
        return Err(format!("they need at least {needed} patients with a truth, and there are {count}"));
    }
    let folds =
        grouped_folds(evaluation.folds, of.outcomes, of.groups, EveryClass::InTraining, evaluation.seed);
    folds.and_then(|folds| baselines(manifest, of, &folds)).map_err(|error| error.to_string())
}
