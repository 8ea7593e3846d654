//! Reading `case.toml`, of today's form or an older one.

use super::format1;
use super::record::{CaseRecord, FORMAT, version};
use crate::failure::{file_error, message};
use anyhow::Context;
use serde::Deserialize;
use std::fs;
use std::path::Path;

/// Why the record of a case cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The folder is no case.
    #[error("{0}")]
    NotACase(String),
    /// A newer program wrote it.
    #[error(
        "{path} has form {found}; this program ({}) reads forms up to {FORMAT}: use a newer Coxa",
        version()
    )]
    Newer {
        /// The record.
        path: String,
        /// Its form.
        found: u32,
    },
    /// It cannot be read or is damaged.
    #[error("{0}")]
    Damaged(String),
}

/// Reads `case.toml` of a folder; one of an older form comes as one of this form, with the stages that can still be believed.
///
/// # Errors
/// Any [`RecordError`].
pub fn read_record(folder: &Path) -> Result<CaseRecord, RecordError> {
    let path = folder.join("case.toml");
    if folder.is_file() {
        return Err(RecordError::NotACase(no_folder(folder)));
    }
    if folder.is_dir() && !path.exists() {
        let text = format!("{} is no case: it holds no case.toml", folder.display());
        return Err(RecordError::NotACase(text));
    }
    let damaged = |e: anyhow::Error| RecordError::Damaged(message(&e));
    let text = fs::read_to_string(&path).map_err(|e| damaged(file_error("read", &path, &e)))?;
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let found = toml::from_str::<Format>(&text)
        .with_context(|| format!("{} is no case.toml: it names no format", path.display()))
        .map_err(damaged)?
        .format;
    if found > FORMAT {
        return Err(RecordError::Newer { path: path.display().to_string(), found });
    }
    let read =
        if found == 1 { format1::migrated(folder, &text) } else { toml::from_str(&text).map_err(Into::into) };
    let record: CaseRecord = read
        .with_context(|| format!("{} is damaged; plan the CT anew into another folder", path.display()))
        .map_err(damaged)?;
    if let Some(simulation) = &record.input.simulation {
        let checked = simulation.check();
        checked.with_context(|| format!("{}, [input.simulation]", path.display())).map_err(damaged)?;
    }
    if let Some(loads) = &record.input.loads {
        let checked = loads.check();
        checked.with_context(|| format!("{}, [input.loads]", path.display())).map_err(damaged)?;
    }
    Ok(record)
}

/// What a file is where the folder of a case was wanted.
fn no_folder(file: &Path) -> String {
    let parent = file.parent().map(|p| if p.as_os_str().is_empty() { Path::new(".") } else { p });
    match parent {
        Some(case) if case.join("case.toml").is_file() => {
            format!("{} is a file of a case; give the case's folder: {}", file.display(), case.display())
        }
        _ => format!("{} is a file; give the folder of a case", file.display()),
    }
}
