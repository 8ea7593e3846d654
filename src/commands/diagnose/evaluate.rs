//! `coxa diagnose evaluate`: predictions against the truth of other cases.

use super::{module, summary};
use crate::cli::diagnose::EvaluateArgs;
use anyhow::{Result, anyhow, bail};
use coxa_case::progress::Progress;
use coxa_diagnosis::cases::{Encoding, Sheet, Truth};
use coxa_diagnosis::evaluation::Evaluated;
use coxa_diagnosis::manifest::{Manifest, Output};
use coxa_diagnosis::run::{PredictedTable, TrainingRun, is_complete, read_predictions};
use coxa_diagnosis::{Applied, ExternalInput, Looking, Prepared, WorkflowError, apply, external, look};
use std::collections::BTreeSet;
use std::path::Path;

/// Runs the command.
pub(super) fn run(args: &EvaluateArgs, progress: &dyn Progress) -> Result<()> {
    let folder = Path::new(&args.module);
    let (mut manifest, kept) = match is_complete(folder) {
        true => {
            let (manifest, kept) = module::trained(folder)?;
            (manifest, Some(kept))
        }
        false => (module::named(&args.module)?.manifest, None),
    };
    if !args.subgroup.is_empty() {
        manifest.evaluation.subgroups.clone_from(&args.subgroup);
        manifest.check().map_err(|error| anyhow!("--subgroup: {error}"))?;
    }
    let prepared = module::cases(&manifest, &args.table, &args.reading, Truth::Wanted, progress)?;
    let found = match (&args.predictions, &kept) {
        (Some(path), _) => vec![given(args, path, &manifest, kept.as_ref(), &prepared)?],
        (None, kept) if kept.is_some() || !manifest.graphs.is_empty() => {
            let applied = applied(args, folder, &manifest, kept.as_ref(), &prepared, progress)
                .map_err(|error| module::in_module_or(folder, &args.table, error))?;
            by_model(args, folder, &manifest, kept.as_ref(), &prepared, applied)?
        }
        (None, _) => bail!("{} has no model: give --predictions, or the folder of a run", args.module),
    };
    if args.json {
        say!("{}", serde_json::to_string_pretty(&found)?);
        return Ok(());
    }
    say!("{}{}", manifest.title, if args.external { ", external cases" } else { "" });
    for evaluated in &found {
        say!();
        summary::print(evaluated);
        for named in evaluated.binary.iter().flat_map(|binary| &binary.thresholds) {
            let p = &named.point;
            say!(
                "  threshold {} at {:.3}: sensitivity {:.3}, specificity {:.3} ({} found, {} missed, {} false alarms, {} rightly none)",
                named.name,
                p.threshold,
                p.sensitivity.value,
                p.specificity.value,
                p.true_positives,
                p.false_negatives,
                p.false_positives,
                p.true_negatives
            );
        }
    }
    Ok(())
}

/// Predictions of another program.
fn given(
    args: &EvaluateArgs,
    path: &Path,
    manifest: &Manifest,
    kept: Option<&TrainingRun>,
    prepared: &Prepared,
) -> Result<Evaluated> {
    let output = match (&args.of, &manifest.outputs[..]) {
        (None, [output]) => output,
        (None, _) => bail!("the module has several outputs: name one with --of"),
        (Some(id), outputs) => outputs
            .iter()
            .find(|output| output.id == *id)
            .ok_or_else(|| anyhow!("--of {id} names no output of the module"))?,
    };
    let predicted = read_predictions(&module::read_bytes(path)?, output);
    let predicted = predicted.map_err(|error| module::in_file(path, &error))?;
    judge(args, manifest, output, &predicted, thresholds(kept, output), &BTreeSet::new(), prepared)
}

/// What the models of a run say of the cases, or the networks of a run or a module.
fn applied(
    args: &EvaluateArgs,
    folder: &Path,
    manifest: &Manifest,
    kept: Option<&TrainingRun>,
    prepared: &Prepared,
    progress: &dyn Progress,
) -> Result<Vec<Applied>, WorkflowError> {
    match kept {
        Some(kept) if manifest.graphs.is_empty() => apply(manifest, kept, prepared, false),
        _ => {
            let images = module::images_of(&args.table, &args.reading);
            let fitted = kept.map_or(&[][..], |kept| &kept.models);
            let looking = Looking { manifest, folder, images: &images, fitted, explain: None };
            let (running, count) = (progress.begin("looking at images"), prepared.cases.len());
            let mut done = |case: usize| {
                running.tell((case + 1) as f64 / count as f64, &format!("{} of {count}", case + 1));
            };
            look(&looking, prepared, &mut |_| {}, &mut done)
        }
    }
}

/// Predictions of a module's own models.
fn by_model(
    args: &EvaluateArgs,
    folder: &Path,
    manifest: &Manifest,
    kept: Option<&TrainingRun>,
    prepared: &Prepared,
    applied: Vec<Applied>,
) -> Result<Vec<Evaluated>> {
    let keys = prepared.cases.patients.iter().cloned().zip(prepared.cases.studies.iter().cloned());
    let keys: Vec<(String, String)> = keys.collect();
    let mut found = Vec::new();
    for (output, of) in manifest.outputs.iter().zip(applied) {
        // Whom a network was trained on that came without its run nobody knows.
        let seen = if kept.is_some() { seen(folder, output)? } else { BTreeSet::new() };
        let predicted = PredictedTable { keys: keys.clone(), predictions: of.predictions };
        found.push(judge(args, manifest, output, &predicted, thresholds(kept, output), &seen, prepared)?);
    }
    Ok(found)
}

fn judge(
    args: &EvaluateArgs,
    manifest: &Manifest,
    output: &Output,
    predicted: &PredictedTable,
    frozen: &[(String, f64)],
    seen: &BTreeSet<String>,
    prepared: &Prepared,
) -> Result<Evaluated> {
    let judged = ExternalInput { output, predicted, frozen, seen };
    external(manifest, prepared, &judged).map_err(|error| module::in_file(&args.table, &error))
}

fn thresholds<'a>(kept: Option<&'a TrainingRun>, output: &Output) -> &'a [(String, f64)] {
    let model = kept.and_then(|kept| kept.models.iter().find(|model| model.output == output.id));
    model.map(|model| &model.thresholds[..]).unwrap_or_default()
}

/// Patients that the run was trained on, by its table of predictions.
fn seen(folder: &Path, output: &Output) -> Result<BTreeSet<String>> {
    let path = folder.join(format!("predictions/{}.csv", output.id));
    let sheet = Sheet::read(&module::read_bytes(&path)?, Encoding::Unicode);
    let sheet = sheet.map_err(|error| module::in_file(&path, &error))?;
    let place =
        sheet.place("patient").ok_or_else(|| anyhow!("{}: it has no column patient", path.display()))?;
    Ok(sheet.rows.iter().map(|row| row.cells[place].clone()).collect())
}
