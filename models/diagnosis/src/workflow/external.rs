//! Predictions are judged on cases that they were not made from.

use super::error::WorkflowError;
use super::prepare::Prepared;
use crate::cases::{Problem, Problems, outcomes};
use crate::evaluation::{Evaluated, EvaluationInput, evaluate, subgroups};
use crate::manifest::{Manifest, Output};
use crate::run::PredictedTable;
use crate::training::{TrainError, patients};
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

/// Judges predictions of an output against the truth of a table.
///
/// # Errors
/// A case without a prediction, a patient that the model was trained on, each with its row; fewer than two patients or classes.
pub fn external(
    manifest: &Manifest,
    prepared: &Prepared,
    judged: &ExternalInput<'_>,
) -> Result<Evaluated, WorkflowError> {
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
    Ok(evaluate(&asked, &[]).map_err(statistics)?)
}
