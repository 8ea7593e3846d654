//! Reading `case.toml`, of today's form or an older one.

use super::done::version;
use super::format1;
use super::names::{FINDINGS_FILE, is_inside, refuse_linked_folder};
use super::record::{CaseRecord, FORMAT};
use crate::bounded::read_text;
use crate::failure::message;
use crate::source::file_hash;
use anyhow::{Context, bail};
use serde::Deserialize;
use std::path::Path;

/// No case has a longer record: a hundred times one with every stage.
const MOST_BYTES: u64 = 4 << 20;

/// Why the record of a case cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The folder is no case.
    #[error("{0}")]
    NotACase(String),
    /// A newer program wrote it.
    #[error(
        "{path} has format {found}; this program ({}) reads formats up to {FORMAT}: use a newer Coxa",
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

/// Reads `case.toml` of a folder; one of an older form comes as one of this form, with the stages that can still be believed. Stages
/// whose files are being written are left out.
///
/// # Errors
/// Any [`RecordError`].
pub fn read_record(folder: &Path) -> Result<CaseRecord, RecordError> {
    let mut record = read_as_it_is(folder)?;
    if let Some(pending) = record.pending.take() {
        let unsure = pending.gone.iter().chain(pending.done.keys());
        unsure.for_each(|stage| drop(record.stages.remove(stage)));
        pending.of_no_stage.keys().for_each(|name| drop(record.files.remove(name)));
    }
    Ok(record)
}

/// The record with what is pending.
pub(super) fn read_as_it_is(folder: &Path) -> Result<CaseRecord, RecordError> {
    let path = folder.join("case.toml");
    if folder.is_file() {
        return Err(RecordError::NotACase(no_folder(folder)));
    }
    if folder.is_dir() && !path.exists() {
        let text = format!("{} is not a case: it holds no case.toml", folder.display());
        return Err(RecordError::NotACase(text));
    }
    let damaged = |e: anyhow::Error| RecordError::Damaged(message(&e));
    let text = read_text(&path, MOST_BYTES).map_err(damaged)?;
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let found = toml::from_str::<Format>(&text)
        .with_context(|| format!("{} is not a valid case.toml: it gives no format", path.display()))
        .map_err(damaged)?
        .format;
    if found > FORMAT {
        return Err(RecordError::Newer { path: path.display().to_string(), found });
    }
    let read =
        if found == 1 { format1::migrated(folder, &text) } else { toml::from_str(&text).map_err(Into::into) };
    let mut record: CaseRecord = read
        .and_then(|record| names_only_its_own(folder, record))
        .with_context(|| format!("{} is damaged; plan the CT again into another folder", path.display()))
        .map_err(damaged)?;
    if (2..FORMAT).contains(&found) {
        (record.older_form, record.format) = (Some(found), FORMAT);
        record.files.extend(of_no_stage(folder));
    }
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

/// Files of no stage, of which older forms kept no hashes. What findings say is held against the hashes of their stages.
fn of_no_stage(folder: &Path) -> Option<(String, String)> {
    file_hash(&folder.join(FINDINGS_FILE)).ok().map(|hash| (FINDINGS_FILE.to_owned(), hash))
}

/// Refuses a record that names files outside the folder: those of a case are written, and removed, by these names.
fn names_only_its_own(folder: &Path, record: CaseRecord) -> anyhow::Result<CaseRecord> {
    let of_stages = record.stages.values().flat_map(|done| done.files.keys());
    let pending = record.pending.iter().flat_map(|pending| {
        let of_stages = pending.done.values().flat_map(|done| done.files.keys());
        pending.files.keys().chain(pending.before.keys()).chain(of_stages)
    });
    for name in of_stages.chain(record.files.keys()).chain(pending) {
        if !is_inside(name) {
            bail!("it names {name:?}, which does not lie in the case");
        }
        refuse_linked_folder(folder, name)?;
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
