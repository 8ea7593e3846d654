//! Writing and reading the folder of a run.

use super::form::{ModuleRun, Results, RunSettings};
use crate::training::{FittedOutput, FoldLog};
use coxa_imaging::atomic;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::Path;
use thiserror::Error;

/// Form of the folder that this program writes and reads.
const FORMAT: u32 = 1;
/// No file of a run is larger.
const MOST_BYTES: u64 = 1 << 31;

const MANIFEST: &str = "module.toml";
const SETTINGS: &str = "settings.json";
const MODELS: &str = "model.json";
const RESULTS: &str = "evaluation.json";
const LOG: &str = "log.csv";

/// Why a run could not be written or read.
#[derive(Debug, Error)]
pub enum RunError {
    /// The folder is there.
    #[error("the folder exists already; name another, or remove it")]
    Exists,
    /// The folder is there, but no run.
    #[error("the folder holds no run that `coxa diagnose train` or `evaluate` finished")]
    NoRun,
    /// A file could not be written or read.
    #[error("{file}: {error}")]
    File {
        /// Name within the folder.
        file: String,
        /// The reason.
        error: std::io::Error,
    },
    /// A file is of another form.
    #[error("{file} is not what `coxa diagnose train` writes: {reason}")]
    Form {
        /// Name within the folder.
        file: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The folder was written by a newer program.
    #[error("the run is of form {0}, and this program reads {FORMAT}")]
    Newer(u32),
}

/// Writes a run into a folder that is not there yet: whole, or not at all.
///
/// # Errors
/// A folder that exists, or a disk that does not take it.
pub fn write(folder: &Path, kept: &ModuleRun) -> Result<(), RunError> {
    if folder.exists() {
        return Err(RunError::Exists);
    }
    let failed = |file: &str| {
        let file = file.to_owned();
        move |error| RunError::File { file, error }
    };
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(failed("the folder"))?;
    let staged =
        tempfile::Builder::new().prefix(".coxa-run-").tempdir_in(parent).map_err(failed("the folder"))?;
    let put = |name: &str, bytes: &[u8]| {
        let path = staged.path().join(name);
        if let Some(within) = path.parent() {
            std::fs::create_dir_all(within).map_err(failed(name))?;
        }
        std::fs::write(path, bytes).map_err(failed(name))
    };
    put(MANIFEST, kept.manifest.as_bytes())?;
    put(SETTINGS, &json(&kept.settings))?;
    if !kept.models.is_empty() {
        put(MODELS, &json(&kept.models))?;
    }
    if !kept.log.is_empty() {
        put(LOG, &log(&kept.log))?;
    }
    put(RESULTS, &json(&kept.results))?;
    for (name, bytes) in &kept.files {
        put(name, bytes)?;
    }
    let path = staged.keep();
    std::fs::rename(&path, folder).map_err(|error| {
        let _ = std::fs::remove_dir_all(&path);
        RunError::File { file: "the folder".into(), error }
    })
}

/// Whether a folder holds a run that is complete.
pub fn is_complete(folder: &Path) -> bool {
    folder.join(SETTINGS).is_file()
}

/// Writes a run into the folder in which it was trained, beside what lies there. The file that says that it is complete comes last.
///
/// # Errors
/// A run that is complete, or a disk that does not take it.
pub fn complete(folder: &Path, kept: &ModuleRun) -> Result<(), RunError> {
    if is_complete(folder) {
        return Err(RunError::Exists);
    }
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        let within = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        let written = within.and_then(|()| atomic::write(&path, bytes));
        written.map_err(|error| RunError::File { file: name.to_owned(), error })
    };
    for (name, bytes) in &kept.files {
        put(name, bytes)?;
    }
    put(MANIFEST, kept.manifest.as_bytes())?;
    put(MODELS, &json(&kept.models))?;
    put(RESULTS, &json(&kept.results))?;
    put(SETTINGS, &json(&kept.settings))
}

fn json(value: &impl Serialize) -> Vec<u8> {
    // Structures without maps of other keys than text always serialise.
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// A line for each choice.
fn log(all: &[(String, Vec<FoldLog>)]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let _ = writer.write_record([
        "output",
        "fold",
        "model",
        "settings",
        "inner_loss",
        "inner_loss_standard_error",
    ]);
    for (output, logs) in all {
        for one in logs {
            let fold = one.fold.map_or("all cases".to_owned(), |fold| fold.to_string());
            let settings = serde_json::to_string(&one.settings).unwrap_or_default();
            let loss = |of: fn(&coxa_learning::FoldLoss) -> f64| {
                one.loss.as_ref().map(|loss| of(loss).to_string()).unwrap_or_default()
            };
            let (mean, error) = (loss(|loss| loss.mean), loss(|loss| loss.standard_error));
            let _ = writer.write_record([output, &fold, &one.candidate, &settings, &mean, &error]);
        }
    }
    writer.into_inner().unwrap_or_default()
}

/// Reads a run; its log and further files are left where they are.
///
/// # Errors
/// A folder without the files of a run, of another form, or of a newer program.
pub fn read(folder: &Path) -> Result<ModuleRun, RunError> {
    if !is_complete(folder) {
        return Err(RunError::NoRun);
    }
    let settings: RunSettings = parse(SETTINGS, &bytes(folder, SETTINGS)?)?;
    if settings.format > FORMAT {
        return Err(RunError::Newer(settings.format));
    }
    let results: Results = parse(RESULTS, &bytes(folder, RESULTS)?)?;
    let models: Vec<FittedOutput> = match results.outputs.is_empty() || !settings.kind.is_training() {
        true => Vec::new(),
        false => parse(MODELS, &bytes(folder, MODELS)?)?,
    };
    let manifest = String::from_utf8(bytes(folder, MANIFEST)?)
        .map_err(|_| RunError::Form { file: MANIFEST, reason: "it is no UTF-8".into() })?;
    Ok(ModuleRun { manifest, settings, models, log: Vec::new(), results, files: Vec::new() })
}

fn bytes(folder: &Path, name: &'static str) -> Result<Vec<u8>, RunError> {
    let failed = |error| RunError::File { file: name.into(), error };
    let path = folder.join(name);
    let size = std::fs::metadata(&path).map_err(failed)?.len();
    if size > MOST_BYTES {
        return Err(RunError::Form { file: name, reason: "it has more than 2 GiB".into() });
    }
    std::fs::read(&path).map_err(failed)
}

fn parse<T: DeserializeOwned>(file: &'static str, bytes: &[u8]) -> Result<T, RunError> {
    serde_json::from_slice(bytes).map_err(|error| RunError::Form { file, reason: error.to_string() })
}
