//! A module is trained on a table.

use super::baselines::Material;
use super::calibrate::recalibrated;
use super::error::TrainError;
use super::protocol::protocol;
use super::trained::{FittedOutput, FoldLog, Trained, TrainedOutput};
use crate::cases::{Cases, encode, outcomes};
use crate::evaluation::{Comparator, PredictorKind, threshold_values};
use crate::manifest::{Baseline, Input, Manifest, Output};
use coxa_learning::{
    Chosen, CrossValidated, EveryClass, LearningError, Predictions, Settings, cross_validate, grouped_folds,
};
use coxa_statistics::StatisticsError;
use std::collections::BTreeMap;

/// Outcomes are shuffled so often.
const SHUFFLES: u64 = 10;

/// Patient of each case as a number, by first appearance.
pub fn patients(cases: &Cases) -> Vec<usize> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    cases
        .patients
        .iter()
        .map(|patient| {
            let next = numbers.len();
            *numbers.entry(patient).or_insert(next)
        })
        .collect()
}

/// Trains each output of a module by nested cross-validation, its baselines in the same folds. `ceiling` has the best possible predictions of virtual cases, by output. `done` is told of each step.
///
/// # Errors
/// Too few patients or cases of a class; what a model or the calibration refuses.
pub fn train(
    cases: &Cases,
    manifest: &Manifest,
    ceiling: &BTreeMap<String, Predictions>,
    done: &(dyn Fn(&str) + Sync),
) -> Result<Trained, TrainError> {
    let outputs = manifest.outputs.iter();
    let outputs = outputs.map(|output| train_output(cases, manifest, output, ceiling.get(&output.id), done));
    Ok(Trained { outputs: outputs.collect::<Result<_, _>>()? })
}

fn train_output(
    cases: &Cases,
    manifest: &Manifest,
    output: &Output,
    ceiling: Option<&Predictions>,
    done: &(dyn Fn(&str) + Sync),
) -> Result<TrainedOutput, TrainError> {
    let learning = |error: LearningError| TrainError::Learning { output: output.id.clone(), error };
    let statistics = |error: StatisticsError| TrainError::Statistics { output: output.id.clone(), error };
    let (known, truth) = outcomes(cases, output);
    let with_truth = cases.at(&known);
    let groups = patients(&with_truth);
    let evaluation = &manifest.evaluation;
    let found = groups.iter().max().map_or(0, |last| last + 1);
    let needed = 2 * evaluation.folds.max(evaluation.inner_folds);
    if found < needed {
        return Err(TrainError::TooFew { output: output.id.clone(), needed, found });
    }
    let ids: Vec<String> =
        manifest.inputs.iter().filter(|i| Input::is_value(i)).map(|i| i.id.clone()).collect();
    let table = encode(&with_truth, manifest, &ids).map_err(learning)?;
    let folds = grouped_folds(evaluation.folds, &truth, &groups, EveryClass::InTraining, evaluation.seed)
        .map_err(learning)?;
    let protocol = protocol(manifest, output);
    let named: Vec<(&str, &Settings)> = manifest
        .candidates
        .iter()
        .flat_map(|candidate| candidate.grid.iter().map(|settings| (candidate.name.as_str(), settings)))
        .collect();
    let candidates: Vec<Settings> = named.iter().map(|(_, settings)| (*settings).clone()).collect();
    let cross = cross_validate(&candidates, &table, &truth, &groups, &folds, &protocol).map_err(learning)?;
    done(&format!("{}: cross-validated", output.id));
    let (predictions, recalibrator) =
        recalibrated(&cross.predictions, &truth, folds.of(), manifest.calibration.method)
            .map_err(statistics)?;
    let material = Material {
        manifest,
        output,
        cases: &with_truth,
        table: &table,
        outcomes: &truth,
        groups: &groups,
        folds: &folds,
        protocol: &protocol,
    };
    let mut trained_baselines = Vec::new();
    for baseline in &evaluation.baselines {
        trained_baselines.extend(material.trained_baseline(baseline).map_err(learning)?);
    }
    let chosen = &cross.whole.choice.settings;
    let shuffled = match evaluation.baselines.contains(&Baseline::Shuffled) {
        true => material.shuffled(chosen, SHUFFLES).map_err(learning)?,
        false => Vec::new(),
    };
    done(&format!("{}: compared with its baselines", output.id));
    let best = ceiling.map(|best| best.rows_at(&known));
    let retrained = material.retrained(chosen, &trained_baselines, best.as_ref());
    done(&format!("{}: refitted on bootstrap resamples", output.id));
    let mut comparators: Vec<Comparator> =
        trained_baselines.into_iter().map(|trained_baseline| trained_baseline.comparator).collect();
    comparators.extend(best.map(best_possible));
    let logs = log(&named, &cross);
    let fitted = FittedOutput {
        output: output.id.clone(),
        candidate: named[cross.whole.choice.candidate].0.to_owned(),
        settings: Some(cross.whole.choice.settings.clone()),
        thresholds: threshold_values(&output.thresholds, &predictions, &truth).map_err(statistics)?,
        model: Some(cross.whole.model),
        recalibrator,
    };
    let folds = folds.of().to_vec();
    Ok(TrainedOutput {
        id: output.id.clone(),
        cases: known,
        outcomes: truth,
        groups,
        folds,
        predictions,
        comparators,
        shuffled,
        retrained,
        log: logs,
        fitted,
    })
}

/// What was chosen in each fold, then on all cases.
fn log(named: &[(&str, &Settings)], cross: &CrossValidated) -> Vec<FoldLog> {
    let one = |fold: Option<usize>, chosen: &Chosen| FoldLog {
        fold,
        candidate: named[chosen.choice.candidate].0.to_owned(),
        settings: chosen.choice.settings.clone(),
        loss: chosen.choice.losses.get(chosen.choice.candidate).copied(),
    };
    let each = cross.each.iter().enumerate().map(|(fold, chosen)| one(Some(fold), chosen));
    each.chain([one(None, &cross.whole)]).collect()
}

/// The ceiling of the cases that have a truth.
fn best_possible(predictions: Predictions) -> Comparator {
    Comparator { name: "best possible".into(), kind: PredictorKind::Ceiling, predictions }
}
