//! Nested cross-validation by groups.
//!
//! Imputation, scaling, the strength of a penalty and the choice of hyperparameters are all functions of the training rows of a fold alone: its
//! test rows are cut off before anything is computed, and only [`Model::predict`](crate::Model::predict) sees them.

use crate::choice::{Choice, Protocol, choose};
use crate::data::{Outcomes, Predictions, Table};
use crate::draws::mixed;
use crate::error::LearningError;
use crate::folds::{EveryClass, Folds, refuse_leak};
use crate::model::{Model, Settings, fit};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Result of a nested cross-validation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CrossValidated {
    /// Prediction of each row by the model of the fold in which it is tested.
    pub predictions: Predictions,
    /// The folds.
    pub folds: Folds,
    /// Model of each fold, and how its settings were chosen.
    pub each: Vec<Chosen>,
    /// Model of all rows, chosen among the candidates in the same way. The predictions above estimate how well it does.
    pub whole: Chosen,
}

/// A model, and how its settings were chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    /// How its settings were chosen.
    pub choice: Choice,
    /// The model.
    pub model: Model,
}

/// Cross-validates the choice among candidates and the fit of the one that is chosen.
///
/// Each fold chooses anew, by inner folds of its training rows; groups are parted neither by outer nor by inner folds. The result is the same on
/// any number of threads.
///
/// # Errors
/// A group that the folds part; a class that the training rows of a fold lack; no candidate; what [`fit`] refuses.
pub fn cross_validate(
    candidates: &[Settings],
    table: &Table,
    outcomes: &Outcomes,
    groups: &[usize],
    folds: &Folds,
    protocol: &Protocol,
) -> Result<CrossValidated, LearningError> {
    outcomes.check(table)?;
    folds.check_classes(outcomes, groups, EveryClass::InTraining)?;
    refuse_leak(groups, folds)?;
    let fold = |fold: usize| {
        let training = folds.training(fold);
        let test = table.rows_at(&folds.test(fold));
        let chosen = chosen(candidates, table, outcomes, groups, &training, protocol, fold as u64 + 1)?;
        let predictions = chosen.model.predict(&test)?;
        Ok((chosen, predictions))
    };
    let all: Vec<usize> = (0..table.rows()).collect();
    let (whole, found) = rayon::join(
        || chosen(candidates, table, outcomes, groups, &all, protocol, 0),
        || (0..folds.count()).into_par_iter().map(fold).collect::<Vec<Result<_, LearningError>>>(),
    );
    let mut each = Vec::with_capacity(folds.count());
    let mut rows: Vec<(usize, Predicted)> = Vec::with_capacity(table.rows());
    for (fold, found) in found.into_iter().enumerate() {
        let (chosen, predictions) = found?;
        each.push(chosen);
        rows.extend(folds.test(fold).into_iter().zip(one_by_one(predictions)));
    }
    rows.sort_by_key(|(row, _)| *row);
    let predictions = together(rows.into_iter().map(|(_, one)| one).collect());
    Ok(CrossValidated { predictions, folds: folds.clone(), each, whole: whole? })
}

/// The choice among candidates and its fit, of some rows alone.
fn chosen(
    candidates: &[Settings],
    table: &Table,
    outcomes: &Outcomes,
    groups: &[usize],
    rows: &[usize],
    protocol: &Protocol,
    place: u64,
) -> Result<Chosen, LearningError> {
    let (table, outcomes) = (table.rows_at(rows), outcomes.rows_at(rows));
    let groups: Vec<usize> = rows.iter().map(|&row| groups[row]).collect();
    let protocol = Protocol { seed: mixed(protocol.seed, &[place]), ..protocol.clone() };
    let choice = choose(candidates, &table, &outcomes, &groups, &protocol)?;
    let model = fit(&choice.settings, &table, &outcomes, mixed(protocol.seed, &[2]))?;
    Ok(Chosen { choice, model })
}

/// Prediction of one row.
enum Predicted {
    Number(f64),
    Probabilities(Vec<f64>),
}

fn one_by_one(predictions: Predictions) -> Vec<Predicted> {
    match predictions {
        Predictions::Numbers(values) => values.into_iter().map(Predicted::Number).collect(),
        Predictions::Probabilities(rows) => rows.into_iter().map(Predicted::Probabilities).collect(),
    }
}

fn together(rows: Vec<Predicted>) -> Predictions {
    let mut numbers = Vec::new();
    let mut probabilities = Vec::new();
    for row in rows {
        match row {
            Predicted::Number(value) => numbers.push(value),
            Predicted::Probabilities(row) => probabilities.push(row),
        }
    }
    // All models of one kind of outcomes predict alike.
    if numbers.is_empty() { Predictions::Probabilities(probabilities) } else { Predictions::Numbers(numbers) }
}
