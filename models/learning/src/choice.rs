//! Choice of hyperparameters by grouped cross-validation.

use crate::data::{Outcomes, Table};
use crate::draws::mixed;
use crate::error::LearningError;
use crate::folds::{EveryClass, Folds, grouped_folds};
use crate::model::{Settings, belong_together, fit_together};
use crate::score::Criterion;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// How hyperparameters are chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Protocol {
    /// Folds in which candidates are compared; none are made where there is one candidate.
    pub inner_folds: usize,
    /// Loss by which they are compared; without it log loss of classes and squared error of numbers.
    pub criterion: Option<Criterion>,
    /// Takes the first candidate whose loss is within one standard error of the least, instead of the least: simpler models, where candidates are
    /// listed from the simplest on.
    pub one_standard_error: bool,
    /// Seed of folds and fits.
    pub seed: u64,
}

impl Default for Protocol {
    fn default() -> Protocol {
        Protocol { inner_folds: 5, criterion: None, one_standard_error: false, seed: 0 }
    }
}

/// Candidate that was chosen, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Its place in the list.
    pub candidate: usize,
    /// Its settings.
    pub settings: Settings,
    /// Loss of each candidate; none where there was no choice.
    pub losses: Vec<FoldLoss>,
}

/// Loss of a candidate over the inner folds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FoldLoss {
    /// Mean over rows.
    pub mean: f64,
    /// Standard error of the mean, from the spread between folds, as glmnet has it.
    pub standard_error: f64,
}

/// Chooses among candidates by folds of the rows given; no other row is looked at.
///
/// # Errors
/// No candidate; what [`grouped_folds`] and [`fit`](crate::fit) refuse.
pub fn choose(
    candidates: &[Settings],
    table: &Table,
    outcomes: &Outcomes,
    groups: &[usize],
    protocol: &Protocol,
) -> Result<Choice, LearningError> {
    outcomes.check(table)?;
    match candidates {
        [] => return Err(LearningError::TooFew { what: "candidates", needed: 1, found: 0 }),
        [only] => return Ok(Choice { candidate: 0, settings: only.clone(), losses: Vec::new() }),
        _ => {}
    }
    let seed = mixed(protocol.seed, &[0]);
    let folds = grouped_folds(protocol.inner_folds, outcomes, groups, EveryClass::InTraining, seed)?;
    let losses = losses(candidates, table, outcomes, &folds, protocol)?;
    let least = |a: &usize, b: &usize| losses[*a].mean.total_cmp(&losses[*b].mean);
    let best = (0..losses.len()).min_by(least).expect("there are two candidates at least");
    let limit =
        losses[best].mean + if protocol.one_standard_error { losses[best].standard_error } else { 0.0 };
    let candidate = (0..losses.len()).find(|&one| losses[one].mean <= limit).unwrap_or(best);
    Ok(Choice { candidate, settings: candidates[candidate].clone(), losses })
}

/// Losses of all candidates over folds.
fn losses(
    candidates: &[Settings],
    table: &Table,
    outcomes: &Outcomes,
    folds: &Folds,
    protocol: &Protocol,
) -> Result<Vec<FoldLoss>, LearningError> {
    let criterion = protocol.criterion.unwrap_or(Criterion::usual(outcomes));
    let paths = paths(candidates);
    let jobs: Vec<(usize, &Vec<usize>)> =
        (0..folds.count()).flat_map(|fold| paths.iter().map(move |path| (fold, path))).collect();
    let one = |(fold, path): &(usize, &Vec<usize>)| -> Result<Vec<f64>, LearningError> {
        let (training, test) = (folds.training(*fold), folds.test(*fold));
        let settings: Vec<&Settings> = path.iter().map(|&place| &candidates[place]).collect();
        let seed = mixed(protocol.seed, &[1, *fold as u64, path[0] as u64]);
        let models = fit_together(&settings, &table.rows_at(&training), &outcomes.rows_at(&training), seed)?;
        let (table, outcomes) = (table.rows_at(&test), outcomes.rows_at(&test));
        let mean = |losses: Vec<f64>| losses.iter().sum::<f64>() / losses.len().max(1) as f64;
        models.iter().map(|model| Ok(mean(criterion.losses(&model.predict(&table)?, &outcomes)?))).collect()
    };
    // Collected in order before any sum, so that the number of threads changes nothing.
    let found: Vec<Result<Vec<f64>, LearningError>> = jobs.par_iter().map(one).collect();
    let mut of_fold = vec![vec![0.0; folds.count()]; candidates.len()];
    for ((fold, path), losses) in jobs.iter().zip(found) {
        for (place, loss) in path.iter().zip(losses?) {
            of_fold[*place][*fold] = loss;
        }
    }
    let sizes: Vec<f64> = (0..folds.count()).map(|fold| folds.test(fold).len() as f64).collect();
    Ok(of_fold.iter().map(|losses| summary(losses, &sizes)).collect())
}

/// Candidates that are fitted one from the other, by their places; the others alone.
fn paths(candidates: &[Settings]) -> Vec<Vec<usize>> {
    let mut paths: Vec<Vec<usize>> = Vec::new();
    for (place, settings) in candidates.iter().enumerate() {
        match paths.iter_mut().find(|path| belong_together(&candidates[path[0]], settings)) {
            Some(path) => path.push(place),
            None => paths.push(vec![place]),
        }
    }
    paths
}

fn summary(losses: &[f64], sizes: &[f64]) -> FoldLoss {
    let all: f64 = sizes.iter().sum();
    let mean = losses.iter().zip(sizes).map(|(loss, size)| loss * size).sum::<f64>() / all;
    let square = losses.iter().zip(sizes).map(|(loss, size)| (loss - mean).powi(2) * size).sum::<f64>() / all;
    FoldLoss { mean, standard_error: (square / (losses.len() as f64 - 1.0)).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linear::RegressionSettings;

    #[test]
    fn the_standard_error_is_that_of_fold_means() {
        // Equal folds: spread 1 of 1, 2, 3 over sqrt(3).
        let found = summary(&[1.0, 2.0, 3.0], &[4.0; 3]);
        assert!((found.mean - 2.0).abs() < 1e-15 && (found.standard_error - 1.0 / 3f64.sqrt()).abs() < 1e-15);
        let found = summary(&[1.0, 4.0], &[2.0, 1.0]);
        assert!((found.mean - 2.0).abs() < 1e-15 && (found.standard_error - 2f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn candidates_of_one_alpha_are_a_path_wherever_they_stand() {
        let settings = |alpha, lambda| {
            Settings::Logistic(RegressionSettings { alpha, lambda, ..RegressionSettings::default() })
        };
        let constant = Settings::Constant(crate::ConstantSettings {});
        let candidates =
            [settings(1.0, 1.0), settings(0.5, 1.0), constant.clone(), settings(1.0, 0.1), constant];
        assert_eq!(paths(&candidates), [vec![0, 3], vec![1], vec![2], vec![4]]);
    }
}
