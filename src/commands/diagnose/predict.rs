//! `coxa diagnose run`: a trained module predicts.

use super::module;
use crate::cli::diagnose::RunArgs;
use anyhow::{Result, bail};
use coxa_case::failure::file_error;
use coxa_case::progress::Progress;
use coxa_diagnosis::cases::{Cases, Truth};
use coxa_diagnosis::manifest::Manifest;
use coxa_diagnosis::run::{predictions_csv, read};
use coxa_diagnosis::{Applied, apply};
use coxa_imaging::atomic;
use std::path::Path;

/// Runs the command.
pub(super) fn run(args: &RunArgs, progress: &dyn Progress) -> Result<()> {
    let kept = read(&args.trained).map_err(|error| module::in_file(&args.trained, &error))?;
    let manifest = Manifest::from_toml(&kept.manifest)
        .map_err(|error| module::in_file(&args.trained.join("module.toml"), &error))?;
    if manifest.outputs.is_empty() {
        bail!("{} compares, and predicts nothing", manifest.name);
    }
    if args.output.exists() {
        bail!("{} exists already; name another folder, or remove it", args.output.display());
    }
    let prepared = module::cases(&manifest, &args.input, &args.table, Truth::Unasked, progress)?;
    let applied = apply(&manifest, &kept, &prepared, args.explain.is_some())
        .map_err(|error| module::in_file(&args.input, &error))?;
    std::fs::create_dir_all(&args.output).map_err(|error| file_error("make", &args.output, &error))?;
    let all: Vec<usize> = (0..prepared.cases.len()).collect();
    for (output, of) in manifest.outputs.iter().zip(&applied) {
        let csv = predictions_csv(&prepared.cases, &all, output, None, &of.predictions, None);
        put(&args.output.join(format!("{}.csv", output.id)), &csv)?;
        if let Some(csv) = contributions(&prepared.cases, of) {
            put(&args.output.join(format!("{}.shapley.csv", output.id)), &csv)?;
        }
    }
    let cases = if all.len() == 1 { "case" } else { "cases" };
    say!("{}: {} {cases} predicted, written to {}", manifest.title, all.len(), args.output.display());
    say!("Research only: {} evidence.", manifest.evidence.tag());
    Ok(())
}

fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    atomic::write(path, bytes).map_err(|error| file_error("write", path, &error))
}

/// What each column added to each raw output of each case.
fn contributions(cases: &Cases, of: &Applied) -> Option<Vec<u8>> {
    let shapley = of.shapley.as_ref()?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    let columns = shapley.columns().iter().cloned();
    let header = ["patient", "study", "raw_output", "base"].map(str::to_owned).into_iter().chain(columns);
    writer.write_record(header).ok()?;
    for case in 0..shapley.rows() {
        for raw in 0..shapley.outputs() {
            let start = [
                cases.patients[case].clone(),
                cases.studies[case].clone(),
                raw.to_string(),
                shapley.base()[raw].to_string(),
            ];
            let cells = start.into_iter().chain(shapley.of(case, raw).iter().map(f64::to_string));
            writer.write_record(cells).ok()?;
        }
    }
    writer.into_inner().ok()
}
