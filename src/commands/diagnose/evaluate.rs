//! `coxa diagnose evaluate`: predictions against the truth of other cases.

use super::predictor::Predictor;
use super::{module, summary};
use crate::cli::diagnose::EvaluateArgs;
use anyhow::{Result, anyhow, bail};
use coxa_case::folder::version;
use coxa_case::progress::Progress;
use coxa_diagnosis::cases::{Encoding, Sheet, Truth};
use coxa_diagnosis::evaluation::PredictorKind;
use coxa_diagnosis::manifest::Output;
use coxa_diagnosis::run::{self, PredictedTable, RunKind, read_predictions};
use coxa_diagnosis::{ExternalInput, Judged, Prepared, evaluation_run, external};
use std::collections::BTreeSet;
use std::path::Path;

/// Runs the command.
pub(super) fn run(args: &EvaluateArgs, progress: &dyn Progress) -> Result<()> {
    if let Some(output) = args.output.as_ref().filter(|output| output.exists()) {
        bail!("{} exists already; name another folder, or remove it", output.display());
    }
    let mut module = Predictor::named(&args.module)?;
    if !args.subgroup.is_empty() {
        module.manifest.evaluation.subgroups.clone_from(&args.subgroup);
        module.manifest.check().map_err(|error| anyhow!("--subgroup: {error}"))?;
    }
    let prepared = module::cases(&module.manifest, &args.table, &args.reading, Truth::Wanted, progress)?;
    let judged = match &args.predictions {
        Some(path) => vec![given(args, path, &module, &prepared)?],
        None if module.has_weights() => own(args, &module, &prepared, progress)?,
        None => bail!("{} has no model: give --predictions, or the folder of a run", args.module),
    };
    if let Some(folder) = &args.output {
        let frozen_thresholds = module.run.is_some();
        let kind = RunKind::Evaluation { external: args.external, frozen_thresholds };
        let kept = evaluation_run(&module.manifest, &module.text, &prepared, &judged, kind, &version());
        run::write(folder, &kept).map_err(|error| module::in_file(folder, &error))?;
    }
    if args.json {
        let all: Vec<_> = judged.iter().map(|judged| &judged.evaluated).collect();
        judged
            .iter()
            .filter_map(|judged| judged.without_baselines.as_ref())
            .for_each(|why| eprintln!("note: {why}"));
        say!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    print(args, &module, &judged);
    Ok(())
}

fn print(args: &EvaluateArgs, module: &Predictor, judged: &[Judged]) {
    say!("{}{}", module.manifest.title, if args.external { ", external cases" } else { "" });
    for Judged { evaluated, without_baselines, .. } in judged {
        say!();
        summary::print(evaluated);
        summary::print_thresholds(evaluated);
        let has_baselines = evaluated.predictors.iter().any(|one| one.kind == PredictorKind::Baseline);
        if let Some(why) = without_baselines {
            say!("  {why}");
        } else if has_baselines {
            say!(
                "  Baselines are fitted to these cases, each predicted from other patients, which favours them."
            );
        }
    }
    if let Some(folder) = &args.output {
        say!("\nWritten to {}; create the report with: coxa diagnose report {0}", folder.display());
    }
}

/// Predictions of another program.
fn given(args: &EvaluateArgs, path: &Path, module: &Predictor, prepared: &Prepared) -> Result<Judged> {
    let output = match (&args.of, &module.manifest.outputs[..]) {
        (None, [output]) => output,
        (None, _) => bail!("the module has several outputs: name one with --of"),
        (Some(id), outputs) => outputs
            .iter()
            .find(|output| output.id == *id)
            .ok_or_else(|| anyhow!("--of {id} names no output of the module"))?,
    };
    let predicted = read_predictions(&module::read_bytes(path)?, output);
    let predicted = predicted.map_err(|error| module::in_file(path, &error))?;
    judge(args, module, output, &predicted, &trained_on(module)?, prepared)
}

/// Predictions of the module's own models.
fn own(
    args: &EvaluateArgs,
    module: &Predictor,
    prepared: &Prepared,
    progress: &dyn Progress,
) -> Result<Vec<Judged>> {
    let images = module::images_of(&args.table, &args.reading);
    let applied = module
        .predict(prepared, &images, None, &mut |_| {}, progress)
        .map_err(|error| module::in_module_or(&module.folder, &args.table, error))?;
    let keys = prepared.cases.patients.iter().cloned().zip(prepared.cases.studies.iter().cloned());
    let keys: Vec<(String, String)> = keys.collect();
    let trained_on = trained_on(module)?;
    let mut judged = Vec::new();
    for (output, of) in module.manifest.outputs.iter().zip(applied) {
        let predicted = PredictedTable { keys: keys.clone(), predictions: of.predictions };
        judged.push(judge(args, module, output, &predicted, &trained_on, prepared)?);
    }
    Ok(judged)
}

fn judge(
    args: &EvaluateArgs,
    module: &Predictor,
    output: &Output,
    predicted: &PredictedTable,
    trained_on: &BTreeSet<String>,
    prepared: &Prepared,
) -> Result<Judged> {
    let asked = ExternalInput { output, predicted, frozen: module.thresholds(output), seen: trained_on };
    external(&module.manifest, prepared, &asked).map_err(|error| module::in_file(&args.table, &error))
}

/// Patients that the module was trained on for any of its outputs, by its run's tables of predictions; none of networks that came without a run, of which nobody knows it.
fn trained_on(module: &Predictor) -> Result<BTreeSet<String>> {
    let mut patients = BTreeSet::new();
    if module.run.is_none() {
        return Ok(patients);
    }
    for output in &module.manifest.outputs {
        let path = module.folder.join(format!("predictions/{}.csv", output.id));
        let sheet = Sheet::read(&module::read_bytes(&path)?, Encoding::Unicode);
        let sheet = sheet.map_err(|error| module::in_file(&path, &error))?;
        let place = sheet.place("patient");
        let place = place.ok_or_else(|| anyhow!("{}: it has no column patient", path.display()))?;
        patients.extend(sheet.rows.iter().map(|row| row.cells[place].clone()));
    }
    Ok(patients)
}
