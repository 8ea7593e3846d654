//! What a run knows of the questions of checklists, in sentences.

use super::checklist::KnownAnswers;
use super::rows::with_interval;
use crate::cases::MISSING_NOTE;
use crate::evaluation::{DRAWS, Evaluated, PredictorKind};
use crate::manifest::{CalibrationMethod, Manifest, Missing, Scale, Value};
use crate::run::{ModuleRun, RunKind};
use crate::training::RETRAINED;

/// Answers by name.
pub(super) fn known(manifest: &Manifest, kept: &ModuleRun) -> KnownAnswers {
    let mut known = KnownAnswers::from([
        ("title", format!("{}.", manifest.title)),
        ("question", manifest.question.clone()),
        ("intended_use", format!("Intended use: {}.", manifest.intended_use)),
        ("data", data(kept)),
        ("predictors", predictors(manifest)),
        ("outcome", outcome(manifest)),
        ("sample", sample(kept)),
        ("missing", missing(manifest, kept)),
        ("preparation", preparation(manifest, kept.settings.kind)),
        ("fails_on", format!("Known to fail on: {}.", manifest.card.fails_on.join("; "))),
        ("software", format!("Coxa {}, open source.", kept.settings.program_version)),
        (
            "seed",
            format!("All random choices follow from the seed {} of the manifest.", manifest.evaluation.seed),
        ),
    ]);
    if manifest.association.is_none() {
        known.extend(judged(manifest, kept));
        if kept.settings.kind.is_training() {
            known.extend(trained(manifest, kept));
        }
    }
    known
}

/// How it was judged, and what came of it.
fn judged(manifest: &Manifest, kept: &ModuleRun) -> KnownAnswers {
    let kind = kept.settings.kind;
    let mut known = KnownAnswers::from([
        ("validation", validation(manifest, kept)),
        ("measures", measures(&kept.results.outputs)),
        ("intervals", intervals(manifest, kind)),
        ("output", output(manifest, kept)),
        ("performance", performance(&kept.results.outputs)),
    ]);
    // Those that were evaluated: an evaluation may ask for others than the manifest.
    let parts = kept.results.outputs.first().map_or(&[][..], |one| &one.subgroups);
    if !parts.is_empty() {
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        known.insert("subgroups", format!("Performance in subgroups: {}.", names.join(", ")));
    }
    known
}

/// How it was trained.
fn trained(manifest: &Manifest, kept: &ModuleRun) -> KnownAnswers {
    let is_network = manifest.network.is_some();
    let availability = match is_network {
        true => "The networks are the ONNX files of the run, and `coxa diagnose run` predicts with them.",
        false => "The model stands in model.json of the run, and `coxa diagnose run` predicts with it.",
    };
    let explanation = match is_network {
        true => "Class activation maps and occlusion; they were not validated.",
        false => "Exact Shapley values of the model; they were not validated.",
    };
    let imbalance = "Classes are neither weighted nor resampled; folds hold them in equal parts.";
    KnownAnswers::from([
        ("models", models(manifest, kept)),
        ("calibration", calibration(manifest)),
        ("imbalance", imbalance.into()),
        ("availability", availability.into()),
        ("explanation", explanation.into()),
    ])
}

fn data(kept: &ModuleRun) -> String {
    match kept.settings.is_example {
        true => "Virtual cases, drawn from the law in the module's virtual.toml.".into(),
        false => String::new(),
    }
}

fn predictors(manifest: &Manifest) -> String {
    let of = |input: &crate::manifest::Input| match &input.value {
        Value::Number(numeric) | Value::Feature(_, numeric) | Value::Muscle(_, numeric)
            if !numeric.unit.is_empty() =>
        {
            format!("{} ({})", input.title, numeric.unit)
        }
        Value::Classes(classes) | Value::Ordered(classes) => {
            format!("{} ({})", input.title, classes.join(", "))
        }
        _ => input.title.clone(),
    };
    let all: Vec<String> = manifest.inputs.iter().filter(|input| input.is_value()).map(of).collect();
    format!("{}.", all.join("; "))
}

fn outcome(manifest: &Manifest) -> String {
    let of = |output: &crate::manifest::Output| match &output.scale {
        Scale::AtLeast(limit, numeric) => {
            format!("{}: {} of at least {limit} {}", output.title, output.column, numeric.unit)
        }
        Scale::Classes(classes) | Scale::Ordered(classes) => {
            format!("{} ({})", output.title, classes.join(", "))
        }
        Scale::Number(numeric) => format!("{} ({})", output.title, numeric.unit),
        Scale::Flag => output.title.clone(),
    };
    let all: Vec<String> = manifest.outputs.iter().map(of).collect();
    if all.is_empty() { String::new() } else { format!("{}.", all.join("; ")) }
}

fn sample(kept: &ModuleRun) -> String {
    let of = |one: &Evaluated| {
        let classes = one.classes.iter().zip(&one.counts).map(|(class, count)| format!("{class} {count}"));
        let classes: Vec<String> = classes.collect();
        let classes = if classes.is_empty() { String::new() } else { format!(": {}", classes.join(", ")) };
        format!(" {} has a truth in {} cases of {} patients{classes}.", one.title, one.cases, one.patients)
    };
    let all: String = kept.results.outputs.iter().map(of).collect();
    format!("{} cases of {} patients.{all}", kept.settings.cases, kept.settings.patients)
}

fn missing(manifest: &Manifest, kept: &ModuleRun) -> String {
    let filled: Vec<&str> = manifest
        .inputs
        .iter()
        .filter(|input| input.is_value() && input.missing == Missing::Indicator)
        .map(|input| input.title.as_str())
        .collect();
    let notes: Vec<&String> = kept.settings.notes.iter().filter(|note| note.contains(MISSING_NOTE)).collect();
    let notes: String = notes.iter().map(|note| format!(" {note}.")).collect();
    if !kept.settings.kind.is_training() {
        return notes.trim_start().to_owned();
    }
    let rule = match (filled.is_empty(), manifest.association.is_some()) {
        (true, _) => "A case without one of its values is refused.".to_owned(),
        (_, true) => "Each comparison takes the cases that have both values.".to_owned(),
        (false, false) => format!(
            "Missing values of {} become the median of the training cases, and a column says where; a case without another value is refused.",
            filled.join(", ")
        ),
    };
    rule + &notes
}

fn intervals(manifest: &Manifest, kind: RunKind) -> String {
    let drawn = format!("95 % percentile intervals from {DRAWS} bootstrap resamples of patients");
    if !kind.is_training() {
        return format!("{drawn}.");
    }
    match manifest.network {
        Some(_) => {
            format!("{drawn}; networks are not retrained on the resamples, so the intervals are too narrow.")
        }
        None => format!(
            "{drawn}, widened by the ratio of standard deviations when all models are refitted on {RETRAINED} resamples, where it is above 1."
        ),
    }
}

fn preparation(manifest: &Manifest, kind: RunKind) -> String {
    let ranges = "Every cell is checked against the kind, range and classes of the manifest; a table with a mistake is refused.";
    if !kind.is_training() {
        return ranges.into();
    }
    if manifest.network.is_some() {
        return format!(
            "{ranges} Images pass the steps of the manifest; images, numbers beside them and numbers to be predicted are standardised by the training cases alone."
        );
    }
    match manifest.candidates.is_empty() {
        true => ranges.into(),
        false => format!(
            "{ranges} Regressions take standardised columns, trees take numbers as they are; classes without order become a column each. All of it is learnt in the training folds alone."
        ),
    }
}

fn validation(manifest: &Manifest, kept: &ModuleRun) -> String {
    let evaluation = &manifest.evaluation;
    if let RunKind::Evaluation { external, .. } = kept.settings.kind {
        let cases =
            if external { "cases of another site or period than those of the training" } else { "cases" };
        let has = |kind: PredictorKind| {
            kept.results
                .outputs
                .iter()
                .flat_map(|one| &one.predictors)
                .any(|predictor| predictor.kind == kind)
        };
        let baselines = match has(PredictorKind::Baseline) {
            true => format!(
                " Baselines are fitted to the evaluated cases by cross-validation ({} folds grouped by patient), which favours them.",
                evaluation.folds
            ),
            false => String::new(),
        };
        return format!("Predictions of a fixed model, evaluated on {cases}.{baselines}");
    }
    if manifest.network.is_some() {
        return format!(
            "Cross-validation, {} folds; all cases with the same {} are in one fold. Hyperparameters are fixed in the manifest; each case is predicted by a network trained without its {}.",
            evaluation.folds, evaluation.group, evaluation.group
        );
    }
    format!(
        "Nested cross-validation, {} outer and {} inner folds; all cases with the same {} are in one fold. Hyperparameters are selected in the inner folds; each case is predicted by models trained without its {}.",
        evaluation.folds, evaluation.inner_folds, evaluation.group, evaluation.group
    )
}

fn models(manifest: &Manifest, kept: &ModuleRun) -> String {
    if let Some(network) = &manifest.network {
        return format!(
            "A residual network of {} blocks and {} channels at first, global average pooling and linear heads, trained by AdamW with a cosine schedule; one for each fold, new cases get the mean of all.",
            network.blocks, network.width
        );
    }
    let names: Vec<String> = manifest
        .candidates
        .iter()
        .map(|candidate| format!("{} ({} settings)", candidate.name, candidate.grid.len()))
        .collect();
    let chosen: Vec<String> =
        kept.models.iter().map(|model| format!("{} for {}", model.candidate, model.output)).collect();
    format!("Candidates: {}. Chosen on all cases: {}.", names.join(", "), chosen.join(", "))
}

fn measures(outputs: &[Evaluated]) -> String {
    let mut titles: Vec<&str> = Vec::new();
    for value in outputs.iter().flat_map(|one| one.predictors.first()).flat_map(|first| &first.measures) {
        if !titles.contains(&value.measure.title()) {
            titles.push(value.measure.title());
        }
    }
    format!("{}.", titles.join(", "))
}

fn calibration(manifest: &Manifest) -> String {
    match manifest.calibration.method {
        CalibrationMethod::None => "Probabilities are not recalibrated.",
        CalibrationMethod::Temperature => {
            "Probabilities are calibrated by a temperature, fitted for each fold to the predictions of the others."
        }
        CalibrationMethod::Platt => {
            "Probabilities are calibrated by Platt's logistic, fitted for each fold to the predictions of the others."
        }
        CalibrationMethod::Isotonic => {
            "Probabilities are calibrated by isotonic regression, fitted for each fold to the predictions of the others."
        }
    }
    .into()
}

fn output(manifest: &Manifest, kept: &ModuleRun) -> String {
    let outputs = &kept.results.outputs;
    let is_frozen = matches!(kept.settings.kind, RunKind::Evaluation { frozen_thresholds: true, .. });
    let mut said = String::new();
    for output in &manifest.outputs {
        said += match &output.scale {
            Scale::Number(_) => "A number. ",
            _ => "A probability for each class. ",
        };
        let found = outputs.iter().find(|one| one.output == output.id).and_then(|one| one.binary.as_ref());
        for point in found.into_iter().flat_map(|found| &found.thresholds) {
            let Some(threshold) = output.thresholds.iter().find(|threshold| threshold.name == point.name)
            else {
                continue;
            };
            let how = match threshold.sensitivity {
                Some(_) if is_frozen => "set in the training".into(),
                Some(sensitivity) => format!("set by these cases for a sensitivity of {sensitivity}"),
                None => "set beforehand".into(),
            };
            let p = &point.point;
            said += &format!(
                "Threshold {:?} at {:.3}, {how}: {} true positives, {} false negatives, {} false positives, {} true negatives. ",
                threshold.name,
                p.threshold,
                p.true_positives,
                p.false_negatives,
                p.false_positives,
                p.true_negatives
            );
        }
    }
    said.trim_end().to_owned()
}

fn performance(outputs: &[Evaluated]) -> String {
    let of = |one: &Evaluated| {
        let values = one.predictors.first().into_iter().flat_map(|first| &first.measures);
        let values = values.map(|value| {
            format!("{} {}", value.measure.title(), with_interval(value.value, value.interval.as_ref()))
        });
        format!("{}: {}.", one.title, values.collect::<Vec<_>>().join("; "))
    };
    outputs.iter().map(of).collect::<Vec<_>>().join(" ")
}
