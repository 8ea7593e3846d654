//! `coxa diagnose run`: a module predicts.

use super::attention::{self, Shown};
use super::predictor::Predictor;
use super::subject::{Cases, Subject};
use super::{module, subject};
use crate::cli::diagnose::{Explained as Asked, RunArgs};
use anyhow::{Result, bail};
use coxa_case::failure::file_error;
use coxa_case::folder::ResultFolder;
use coxa_case::progress::Progress;
use coxa_diagnosis::cases::Cases as Table;
use coxa_diagnosis::manifest::{ExplainMethod, Input, Manifest, Output};
use coxa_diagnosis::panels::{CaseResult, Predicted, panel};
use coxa_diagnosis::run::predictions_csv;
use coxa_diagnosis::{Applied, Explained, WorkflowError};
use coxa_panel::{Panel, Picture};
use coxa_planner::panels::is_own;
use std::path::Path;

/// Note on the mean of the networks of several folds.
const SINGLE_FOLDS: &str =
    "Calibration and thresholds were set on the networks of single folds; their mean is predicted.";

/// Predictions, and where networks looked.
struct Outcome {
    applied: Vec<Applied>,
    shown: Vec<Shown>,
    /// Of a single case the pictures themselves, for its panel.
    pictures: Vec<Picture>,
}

/// Runs the command.
pub(super) fn run(args: &RunArgs, progress: &dyn Progress) -> Result<()> {
    let module = Predictor::named(&args.module)?;
    if !module.has_weights() {
        bail!(
            "{} has no weights: train it (coxa diagnose train) and give the folder of that run",
            args.module
        );
    }
    let mut subject = Subject::at(&args.input)?;
    match (&args.output, &subject) {
        (Some(output), _) if output.exists() => {
            bail!("{} exists already; name another folder, or remove it", output.display());
        }
        (None, Subject::Table | Subject::Image) => {
            bail!("name a folder for the predictions with -o; only a case folder keeps them itself");
        }
        (_, Subject::Case(_)) if is_own(&module.manifest.name) => {
            bail!(
                "{} is the name of what Coxa measures itself: give the module another",
                module.manifest.name
            );
        }
        _ => {}
    }
    let cases = subject.cases(&module.manifest, args, progress)?;
    let outcome = outcome(&module, &cases, args, progress).map_err(|error| match (&error, &subject) {
        (WorkflowError::Table(_), Subject::Image | Subject::Case(_)) => {
            subject::one_case(&args.input, &error)
        }
        _ => module::in_module_or(&module.folder, &args.input, error),
    })?;
    let table = &cases.prepared.cases;
    if let Some(output) = &args.output {
        write(output, &module.manifest, table, &outcome)?;
        let count = table.len();
        let word = if count == 1 { "case" } else { "cases" };
        say!("{}: {count} {word} predicted, written to {}", module.manifest.title, output.display());
    }
    if table.len() == 1 {
        let panel = panel_of(&module, table, outcome);
        for row in &panel.table.rows {
            say!("  {}: {}", row.name, row.cells.join(", "));
        }
        if let Subject::Case(case) = &mut subject {
            let place = case.put_panel(&panel)?;
            say!("{}: written to {}", module.manifest.title, place.display());
        }
    }
    say!("Research only: {} evidence.", module.manifest.evidence.tag());
    Ok(())
}

fn outcome(
    module: &Predictor,
    cases: &Cases,
    args: &RunArgs,
    progress: &dyn Progress,
) -> Result<Outcome, WorkflowError> {
    let method = args.explain.map(method);
    let (table, count) = (&cases.prepared.cases, cases.prepared.cases.len());
    let (mut shown, mut pictures) = (Vec::new(), Vec::new());
    let mut explained = |explained: Explained| {
        if let Some(method) = method {
            let row = table.lines[explained.case];
            for (id, picture) in attention::pictures(&module.manifest, &explained, method) {
                // Many pictures as they are would not fit into memory.
                shown.push(attention::shown(format!("row-{row}.{id}.png"), &picture));
                if count == 1 {
                    pictures.push(picture);
                }
            }
        }
    };
    let applied = module.predict(&cases.prepared, &cases.images, method, &mut explained, progress)?;
    Ok(Outcome { applied, shown, pictures })
}

/// As in a manifest.
fn method(asked: Asked) -> ExplainMethod {
    match asked {
        Asked::Cam => ExplainMethod::Cam,
        Asked::Occlusion => ExplainMethod::Occlusion,
        Asked::Shapley => ExplainMethod::Shapley,
    }
}

/// Writes predictions and pictures into a new folder.
fn write(folder: &Path, manifest: &Manifest, table: &Table, outcome: &Outcome) -> Result<()> {
    let results = ResultFolder::create(folder)?;
    let put = |name: String, bytes: &[u8]| {
        results
            .put(&name, |path| std::fs::write(path, bytes).map_err(|error| file_error("write", path, &error)))
    };
    let all: Vec<usize> = (0..table.len()).collect();
    for (output, of) in manifest.outputs.iter().zip(&outcome.applied) {
        let csv = predictions_csv(table, &all, output, None, &of.predictions, None);
        put(format!("{}.csv", output.id), &csv)?;
        if let Some(csv) = contributions(table, of) {
            put(format!("{}.shapley.csv", output.id), &csv)?;
        }
    }
    if !outcome.shown.is_empty() {
        put("explained.csv".into(), &attention::captions(&outcome.shown)?)?;
    }
    for shown in &outcome.shown {
        put(shown.file.clone(), &shown.png)?;
    }
    Ok(())
}

/// What is said of the only case.
fn panel_of<'a>(module: &'a Predictor, table: &Table, outcome: Outcome) -> Panel {
    let method = match module.manifest.graphs.len() {
        0 => "a model of the table",
        1 => "one network",
        _ => "the mean of several networks",
    };
    let thresholds = |output: &Output| match &module.run {
        Some(_) => module.thresholds(output).to_vec(),
        // Those that ask for a sensitivity are set in training alone.
        None => {
            let named = output.thresholds.iter();
            named.filter_map(|threshold| Some((threshold.name.clone(), threshold.probability?))).collect()
        }
    };
    let result = |(output, of): (&'a Output, &Applied)| {
        let predicted = Predicted::of(&of.predictions, 0)?;
        Some(CaseResult { output, predicted, thresholds: thresholds(output), method: method.into() })
    };
    let outputs = module.manifest.outputs.iter().zip(&outcome.applied);
    let results: Vec<CaseResult<'_>> = outputs.filter_map(result).collect();
    let mut notes: Vec<String> = table.notes.clone();
    notes.extend(missing(module, table));
    if module.manifest.graphs.len() > 1 && module.run.is_some() {
        notes.push(SINGLE_FOLDS.into());
    }
    panel(&module.manifest, &module.text, &results, &notes, outcome.pictures)
}

/// What is not known of the only case, of what the module takes.
fn missing(module: &Predictor, table: &Table) -> Vec<String> {
    let manifest = &module.manifest;
    let beside = manifest.graphs.iter().filter_map(|graph| graph.covariates.as_ref());
    let beside: Vec<&String> = beside.flat_map(|covariates| &covariates.ids).collect();
    let is_taken = |input: &&Input| manifest.graphs.is_empty() || beside.contains(&&input.id);
    // What a network of another program makes of it only its author knows.
    let what = match module.run.is_some() {
        true => "it was imputed from the training cases",
        false => "the network receives NaN",
    };
    let is_missing = |input: &&Input| {
        input.is_value() && table.inputs.get(&input.id).is_some_and(|column| column.missing().contains(&true))
    };
    let of = manifest.inputs.iter().filter(is_taken).filter(is_missing);
    of.map(|input| format!("{} is missing; {what}.", input.title)).collect()
}

/// What each column added to each raw output of each case.
fn contributions(cases: &Table, of: &Applied) -> Option<Vec<u8>> {
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
