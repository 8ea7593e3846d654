//! The networks of a module are trained, judged and kept.

use super::error::WorkflowError;
use super::prepare::Prepared;
use super::train::keep;
use crate::cases::Column;
use crate::graphs::{GraphInput, Graphs};
use crate::images::{image_input, tensors};
use crate::manifest::{Activation, GraphCovariates, GraphFile, Manifest, Module, Output, Scale};
use crate::networks::{
    Answers, FoldAssignment, Job, NetworkOptions, OutcomeFolds, Plan, Python, RecipeError, WorkFolder,
    answered, assign_folds, covariate_ids, folds_at, out_of_fold, recipe_sha256,
};
use crate::run::{ModuleRun, Results, RunKind, RunSettings};
use crate::training::{OutOfFold, TrainError, networked, patients};
use coxa_imaging::image::files_of;
use coxa_learning::Predictions;
use coxa_panel::sha256;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The graph of a fold is compared with PyTorch on so many cases.
const COMPARED_CASES: usize = 4;
/// A probability, or a number in parts of its range, may differ by this much between PyTorch and the program.
const TOLERANCE: f64 = 1e-3;
/// Note on calibration and thresholds.
const SINGLE_FOLDS: &str = "Calibration and thresholds are fitted to the networks of single folds, which are evaluated here; new cases get the mean of all networks, whose calibration may differ";
/// Note on intervals.
const NARROW_INTERVALS: &str = "Intervals come from resampling patients only. Networks are not retrained for each resample, so the intervals are too narrow: for models of tables, where it was measured, such 95 % intervals covered the truth in 81 to 92 %";

/// Where networks are trained, and of what.
#[derive(Debug, Clone, Copy)]
pub struct NetworkTraining<'a> {
    /// Folder of the run; the training works within it, and goes on there after an interrupt.
    pub folder: &'a Path,
    /// Folder of the images that the table names.
    pub images: &'a Path,
    /// The Python that trains.
    pub python: &'a Python,
    /// How.
    pub options: NetworkOptions,
}

/// What a program is told while networks are trained.
pub struct NetworkProgress<'a> {
    /// Each image as it is prepared, by its number.
    pub image: &'a mut dyn FnMut(usize),
    /// How much of the training is done, from 0 to 1, and in words.
    pub training: &'a dyn Fn(f64, &str),
}

/// Trains the networks of a module on cases, one for each fold, judges them on the cases of that fold, and gives what a run keeps; its graphs are among the files. A training that was
/// interrupted in the same folder goes on from its last epoch.
///
/// # Errors
/// Too few patients or cases of a class; images that cannot be used, by row; a folder with another training; what the recipe, a baseline or the calibration refuses.
pub fn train_networks(
    module: &Module,
    prepared: &Prepared,
    training: &NetworkTraining<'_>,
    version: &str,
    progress: &mut NetworkProgress<'_>,
) -> Result<ModuleRun, WorkflowError> {
    let manifest = &module.manifest;
    let assignment = assign_folds(&prepared.cases, manifest)?;
    let hashes = [
        sha256(module.text.as_bytes()),
        prepared.table_sha256.clone(),
        images_sha256(&assignment, manifest, training.images),
        recipe_sha256(),
    ];
    let plan = Plan::new(manifest, &assignment, training.options, hashes)?;
    let folder = WorkFolder::open(training.folder, &plan)?;
    if !folder.has_images() {
        folder.put_images(|take| {
            let mut one = |case: usize, image| {
                take(case, image);
                (progress.image)(case);
            };
            tensors(&assignment.cases, manifest, training.images, &mut one).map_err(WorkflowError::from)
        })?;
    }
    training.python.train(&folder, &plan, training.options.threads, progress.training)?;
    let of = |jobs: Vec<&'_ Job>| -> Result<Vec<(Job, Answers)>, RecipeError> {
        jobs.into_iter().map(|job| Ok((job.clone(), answered(&folder, &plan, job)?))).collect()
    };
    let (jobs, shuffled_jobs) = plan.jobs();
    let (found, shuffled) = (of(jobs)?, of(shuffled_jobs)?);
    let graphs = graphs(manifest, &folder, &found)?;
    verify_exports(manifest, &folder, &plan, &graphs, &found)?;
    let mut kept = begun(module, prepared, &graphs, &found, training, version);
    for (at, output) in manifest.outputs.iter().enumerate() {
        let predicted = predicted(at, output, &assignment, &found, &shuffled)?;
        let judged = networked(&assignment.cases, manifest, output, predicted)?;
        // From here on cases are places in the whole table.
        let cases = judged.cases.iter().map(|&place| assignment.used[place]).collect();
        keep(&mut kept, manifest, prepared, output, crate::training::TrainedOutput { cases, ..judged })?;
    }
    for (graph, _) in graphs.iter().zip(&found) {
        kept.files.push((graph.file.clone(), folder.read(&graph.file)?));
    }
    Ok(kept)
}

/// Removes from a run that is complete what it does not need any more: the copy of the images, and the checkpoints.
pub fn clear_training(run: &Path) {
    WorkFolder::clear(run);
}

/// Hash of the images' files: it tells other images of the same names from those that a training began with. What cannot be read is told of when it is opened.
fn images_sha256(assignment: &FoldAssignment, manifest: &Manifest, folder: &Path) -> String {
    let column = image_input(manifest).and_then(|(input, _)| assignment.cases.inputs.get(&input.id));
    let Some(Column::Paths(paths)) = column else { return sha256(&[]) };
    let content =
        |file: PathBuf| std::fs::read(file).map(|bytes| sha256(&bytes)).unwrap_or_default().into_bytes();
    let of = |path: &Option<String>| -> Vec<u8> {
        let files = path.as_ref().and_then(|path| files_of(&folder.join(path)).ok()).unwrap_or_default();
        // A case without a file counts as one too.
        files.into_iter().flat_map(content).chain([0]).collect()
    };
    sha256(&paths.iter().flat_map(of).collect::<Vec<u8>>())
}

/// Predictions of one output, and of its shuffled truth.
fn predicted(
    at: usize,
    output: &Output,
    assignment: &FoldAssignment,
    found: &[(Job, Answers)],
    shuffled: &[(Job, Answers)],
) -> Result<OutOfFold, TrainError> {
    let learning = |error| TrainError::Learning { output: output.id.clone(), error };
    let of = |part: &OutcomeFolds, answers: &[(Job, Answers)]| -> Predictions {
        out_of_fold(output, answers, assignment.cases.len()).rows_at(&part.known[at].0)
    };
    let (places, outcomes) = &assignment.truth.known[at];
    Ok(OutOfFold {
        places: places.clone(),
        outcomes: outcomes.clone(),
        groups: places.iter().map(|&place| assignment.groups[place]).collect(),
        folds: folds_at(&assignment.truth.folds, places).map_err(learning)?,
        predictions: of(&assignment.truth, found),
        shuffled: assignment.shuffled.as_ref().map(|part| (of(part, shuffled), part.known[at].1.clone())),
    })
}

/// The `[[graph]]` entries of the networks.
fn graphs(
    manifest: &Manifest,
    folder: &WorkFolder,
    found: &[(Job, Answers)],
) -> Result<Vec<GraphFile>, RecipeError> {
    let ids = covariate_ids(manifest);
    let named = |prefix: &str| {
        let outputs = manifest.outputs.iter();
        outputs.map(|output| (output.id.clone(), format!("{prefix}_{}", output.id))).collect()
    };
    let one = |(job, _): &(Job, Answers)| {
        let file = format!("{}.onnx", job.name);
        Ok(GraphFile {
            sha256: sha256(&folder.read(&file)?),
            file,
            image: "image".into(),
            covariates: (!ids.is_empty())
                .then(|| GraphCovariates { name: "covariates".into(), ids: ids.clone() }),
            outputs: named("output"),
            activation: Activation::Logits,
            maps: named("maps"),
        })
    };
    found.iter().map(one).collect()
}

/// Compares each graph, as the program runs it, with what PyTorch predicted for some of its test cases.
fn verify_exports(
    manifest: &Manifest,
    folder: &WorkFolder,
    plan: &Plan,
    graphs: &[GraphFile],
    found: &[(Job, Answers)],
) -> Result<(), WorkflowError> {
    for (graph, pair) in graphs.iter().zip(found) {
        let alone = Manifest { graphs: vec![graph.clone()], ..manifest.clone() };
        let cases: Vec<usize> = pair.0.test.iter().copied().take(COMPARED_CASES).collect();
        let images = cases.iter().map(|&case| folder.image(case)).collect::<Result<Vec<_>, _>>()?;
        let numbers: Vec<[Vec<f32>; 1]> = cases.iter().map(|&case| [plan.numbers(case)]).collect();
        let inputs: Vec<GraphInput<'_>> =
            images.iter().zip(&numbers).map(|(image, covariates)| GraphInput { image, covariates }).collect();
        let ours = Graphs::load(folder.path(), &alone)?.predict(&inputs)?;
        for (output, ours) in manifest.outputs.iter().zip(&ours) {
            let theirs = out_of_fold(output, std::slice::from_ref(pair), plan.shape()[0]).rows_at(&cases);
            let difference = difference(output, ours, &theirs);
            if difference.is_nan() || difference > TOLERANCE {
                return Err(RecipeError::Graph { file: graph.file.clone(), difference }.into());
            }
        }
    }
    Ok(())
}

/// Largest difference of probabilities, or of numbers in parts of their range.
fn difference(output: &Output, a: &Predictions, b: &Predictions) -> f64 {
    match (a, b) {
        (Predictions::Numbers(a), Predictions::Numbers(b)) => {
            let width = match &output.scale {
                Scale::Number(numeric) => numeric.range[1] - numeric.range[0],
                _ => f64::NAN,
            };
            a.iter().zip(b).map(|(a, b)| (a - b).abs() / width).fold(0.0, f64::max)
        }
        (Predictions::Probabilities(a), Predictions::Probabilities(b)) => {
            let all = a.iter().flatten().zip(b.iter().flatten());
            all.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
        }
        _ => f64::NAN,
    }
}

/// A run before its outputs are judged.
fn begun(
    module: &Module,
    prepared: &Prepared,
    graphs: &[GraphFile],
    found: &[(Job, Answers)],
    training: &NetworkTraining<'_>,
    version: &str,
) -> ModuleRun {
    let cases = &prepared.cases;
    let manifest = format!(
        "{}\n# Networks that coxa diagnose train made, one for each fold; a prediction is their mean.\n{}",
        module.text.trim_end_matches('\n').to_owned() + "\n",
        entries(graphs)
    );
    let mut notes = cases.notes.clone();
    if let Some((_, first)) = found.first() {
        let threads = training.options.threads;
        let threads = if threads == 1 { "1 thread".to_owned() } else { format!("{threads} threads") };
        notes.push(format!(
            "Networks were trained by PyTorch {} on {} ({threads})",
            first.torch, first.device
        ));
    }
    if let Some(steps) = training.options.steps {
        notes.push(format!("Each network was stopped after {steps} steps at most"));
    }
    notes.push(SINGLE_FOLDS.to_owned());
    notes.push(NARROW_INTERVALS.to_owned());
    ModuleRun {
        settings: RunSettings {
            format: 1,
            program_version: version.to_owned(),
            module: module.manifest.name.clone(),
            manifest_sha256: sha256(manifest.as_bytes()),
            table_sha256: prepared.table_sha256.clone(),
            is_example: false,
            cases: cases.len(),
            patients: patients(cases).iter().max().map_or(0, |last| last + 1),
            notes,
            kind: RunKind::Training,
        },
        manifest,
        models: Vec::new(),
        log: Vec::new(),
        results: Results::default(),
        files: Vec::new(),
    }
}

/// Graphs as they stand in a manifest.
fn entries(graphs: &[GraphFile]) -> String {
    #[derive(Serialize)]
    struct Entries<'a> {
        graph: &'a [GraphFile],
    }
    // Structures without maps of other keys than text always serialise.
    toml::to_string(&Entries { graph: graphs }).unwrap_or_default()
}
