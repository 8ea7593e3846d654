//! `coxa diagnose run`: a module predicts.

use super::attention::{self, Shown};
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
use coxa_diagnosis::run::{TrainingRun, is_complete, predictions_csv};
use coxa_diagnosis::{Applied, Explained, Looking, WorkflowError, apply, look};
use coxa_panel::{Panel, Picture};
use std::path::{Path, PathBuf};

/// Said where networks of several folds are averaged.
const SINGLE: &str =
    "Calibration and thresholds were set on the networks of single folds; their mean is predicted.";

/// A module that can predict.
struct Ready {
    manifest: Manifest,
    /// The manifest as it is written.
    text: String,
    folder: PathBuf,
    /// The run in which it was trained, where that was one of this program.
    kept: Option<TrainingRun>,
}

/// Predictions, and where networks looked.
#[derive(Default)]
struct Said {
    applied: Vec<Applied>,
    shown: Vec<Shown>,
    /// Of a single case the pictures themselves, for its panel.
    pictures: Vec<Picture>,
}

/// Runs the command.
pub(super) fn run(args: &RunArgs, progress: &dyn Progress) -> Result<()> {
    let ready = ready(&args.module)?;
    let mut subject = Subject::at(&args.input)?;
    match (&args.output, &subject) {
        (Some(output), _) if output.exists() => {
            bail!("{} exists already; name another folder, or remove it", output.display());
        }
        (None, Subject::Table | Subject::Image) => {
            bail!("name a folder for the predictions with -o; only a case folder keeps them itself");
        }
        _ => {}
    }
    let cases = subject.cases(&ready.manifest, args, progress)?;
    let said = said(&ready, &cases, args, progress).map_err(|error| match (&error, &subject) {
        (WorkflowError::Table(_), Subject::Image | Subject::Case(_)) => {
            subject::one_case(&args.input, &error)
        }
        _ => module::in_module_or(&ready.folder, &args.input, error),
    })?;
    let table = &cases.prepared.cases;
    if let Some(output) = &args.output {
        write(output, &ready.manifest, table, &said)?;
        let count = table.len();
        let word = if count == 1 { "case" } else { "cases" };
        say!("{}: {count} {word} predicted, written to {}", ready.manifest.title, output.display());
    }
    if table.len() == 1 {
        let panel = panel_of(&ready, table, said);
        for row in &panel.table.rows {
            say!("  {}: {}", row.name, row.cells.join(", "));
        }
        if let Subject::Case(case) = &mut subject {
            let place = case.put_panel(&panel)?;
            say!("{}: written to {}", ready.manifest.title, place.display());
        }
    }
    say!("Research only: {} evidence.", ready.manifest.evidence.tag());
    Ok(())
}

/// A run of `train`, or the folder of a module with graphs.
fn ready(name: &str) -> Result<Ready> {
    let folder = Path::new(name);
    let (manifest, text, kept) = if is_complete(folder) {
        let (manifest, kept) = module::trained(folder)?;
        (manifest, kept.manifest.clone(), Some(kept))
    } else {
        let named = module::named(name)?;
        if named.manifest.graphs.is_empty() && !named.manifest.outputs.is_empty() {
            bail!("{name} has no weights: train it (coxa diagnose train) and give the folder of that run");
        }
        module::filled_in(folder, &named.text)?;
        (named.manifest, named.text, None)
    };
    if manifest.outputs.is_empty() {
        bail!("{} compares, and predicts nothing", manifest.name);
    }
    Ok(Ready { manifest, text, folder: folder.to_owned(), kept })
}

fn said(
    ready: &Ready,
    cases: &Cases,
    args: &RunArgs,
    progress: &dyn Progress,
) -> Result<Said, WorkflowError> {
    let manifest = &ready.manifest;
    if manifest.graphs.is_empty() {
        let Some(kept) = &ready.kept else { return Ok(Said::default()) };
        if !matches!(args.explain, None | Some(Asked::Shapley)) {
            return Err(WorkflowError::Explain("the module has no network: take --explain shapley"));
        }
        let applied = apply(manifest, kept, &cases.prepared, args.explain.is_some())?;
        return Ok(Said { applied, ..Said::default() });
    }
    let method = match args.explain {
        None => None,
        Some(Asked::Cam) => Some(ExplainMethod::Cam),
        Some(Asked::Occlusion) => Some(ExplainMethod::Occlusion),
        Some(Asked::Shapley) => {
            return Err(WorkflowError::Explain("the module is a network: take --explain cam or occlusion"));
        }
    };
    let fitted = ready.kept.as_ref().map_or(&[][..], |kept| &kept.models);
    let looking = Looking { manifest, folder: &ready.folder, images: &cases.images, fitted, explain: method };
    let running = progress.begin("looking at images");
    let (table, count) = (&cases.prepared.cases, cases.prepared.cases.len());
    let mut said = Said::default();
    let mut explained = |explained: Explained| {
        if let Some(method) = method {
            let row = table.lines[explained.case];
            for (id, picture) in attention::pictures(manifest, &explained, method) {
                // Many pictures as they are would not fit into memory.
                said.shown.push(attention::shown(format!("row-{row}.{id}.png"), &picture));
                if count == 1 {
                    said.pictures.push(picture);
                }
            }
        }
    };
    let mut done = |case: usize| {
        let part = (case + 1) as f64 / count as f64;
        running.tell(part, &format!("{} of {count}", case + 1));
    };
    let applied = look(&looking, &cases.prepared, &mut explained, &mut done)?;
    said.applied = applied;
    Ok(said)
}

/// Writes predictions and pictures into a new folder.
fn write(folder: &Path, manifest: &Manifest, table: &Table, said: &Said) -> Result<()> {
    let results = ResultFolder::create(folder)?;
    let put = |name: String, bytes: &[u8]| {
        results
            .put(&name, |path| std::fs::write(path, bytes).map_err(|error| file_error("write", path, &error)))
    };
    let all: Vec<usize> = (0..table.len()).collect();
    for (output, of) in manifest.outputs.iter().zip(&said.applied) {
        let csv = predictions_csv(table, &all, output, None, &of.predictions, None);
        put(format!("{}.csv", output.id), &csv)?;
        if let Some(csv) = contributions(table, of) {
            put(format!("{}.shapley.csv", output.id), &csv)?;
        }
    }
    if !said.shown.is_empty() {
        put("explained.csv".into(), &attention::captions(&said.shown)?)?;
    }
    for shown in &said.shown {
        put(shown.file.clone(), &shown.png)?;
    }
    Ok(())
}

/// What is said of the only case.
fn panel_of<'a>(ready: &'a Ready, table: &Table, said: Said) -> Panel {
    let method = match ready.manifest.graphs.len() {
        0 => "a model of the table",
        1 => "one network",
        _ => "the mean of several networks",
    };
    let models = ready.kept.as_ref().map_or(&[][..], |kept| &kept.models);
    let thresholds = |output: &Output| match models.iter().find(|model| model.output == output.id) {
        Some(fitted) => fitted.thresholds.clone(),
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
    let outputs = ready.manifest.outputs.iter().zip(&said.applied);
    let results: Vec<CaseResult<'_>> = outputs.filter_map(result).collect();
    let mut notes: Vec<String> = table.notes.clone();
    notes.extend(missing(ready, table));
    if ready.manifest.graphs.len() > 1 && ready.kept.is_some() {
        notes.push(SINGLE.into());
    }
    panel(&ready.manifest, &ready.text, &results, &notes, said.pictures)
}

/// What is not known of the only case, of what the module takes.
fn missing(ready: &Ready, table: &Table) -> Vec<String> {
    let manifest = &ready.manifest;
    let beside = manifest.graphs.iter().filter_map(|graph| graph.covariates.as_ref());
    let beside: Vec<&String> = beside.flat_map(|covariates| &covariates.ids).collect();
    let is_taken = |input: &&Input| manifest.graphs.is_empty() || beside.contains(&&input.id);
    // What a network of another program makes of it only its author knows.
    let what = match ready.kept.is_some() {
        true => "what is usual in the training cases stands in",
        false => "the network is told so",
    };
    let is_missing = |input: &&Input| {
        input.is_value() && table.inputs.get(&input.id).is_some_and(|column| column.missing().contains(&true))
    };
    let of = manifest.inputs.iter().filter(is_taken).filter(is_missing);
    of.map(|input| format!("{} is not known; {what}.", input.title)).collect()
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
