//! The case folder: what a person can read, edit and hand on.
//!
//! Every file is written to `.partial/` inside the folder and then renamed, so that a file in a case is whole or
//! absent. `case.toml` lists the stages that are done, each with the hashes of what it was made from and of what it left; a run
//! that was interrupted goes on behind them.

use crate::failure::{file_error, message};
use crate::request::Request;
use crate::source::{file_hash, text_hash};
use anyhow::{Context, Result, bail};
use coxa_geometry::Finding;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

mod format1;
mod read;
mod read_record;
mod record;
mod results;
mod stage;

pub use read::{
    read_anatomy, read_bones, read_findings, read_labels, read_loads, read_optimisation, read_simulation,
    read_trust, read_uncertainty,
};
pub use read_record::{RecordError, read_record};
pub use record::{CaseRecord, Done, FORMAT, Older, Stage, version};
pub use results::ResultFolder;
pub use stage::{Ingredients, Standing};

const PARTIAL: &str = ".partial";

// The folders whose half-written files an interrupt has to remove.
static OPEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// An open case folder.
pub struct Case {
    folder: PathBuf,
    record: CaseRecord,
    findings: BTreeMap<String, Vec<Finding>>,
    /// The stage that is being written: its files so far, and those that it had before.
    writing: BTreeMap<String, String>,
    before: Vec<String>,
    /// Whether findings changed since they were written.
    is_unsaid: bool,
    notes: Vec<String>,
}

impl Case {
    /// The record of a case that a folder holds already, `None` of one that is empty or not there: before anything is computed for it.
    ///
    /// # Errors
    /// A folder that [`Case::create`] would refuse whatever was to be put there.
    pub fn check_folder(folder: &Path) -> Result<Option<CaseRecord>> {
        if folder.join("case.toml").exists() {
            return Ok(Some(read_record(folder)?));
        }
        if folder.is_file() {
            bail!("{} is a file; name a folder for the case with -o", folder.display());
        }
        if folder.exists() {
            let mut entries = fs::read_dir(folder).map_err(|e| file_error("open", folder, &e))?;
            if entries.any(|e| e.is_ok_and(|e| e.file_name() != PARTIAL)) {
                bail!(
                    "{} is not empty and holds no case.toml; choose another folder with -o",
                    folder.display()
                );
            }
        }
        Ok(None)
    }

    /// Opens a folder for writing: makes it, or takes up a case made from the same input. Refuses a folder that
    /// holds something else, another patient's case, or a case of a newer program.
    ///
    /// # Errors
    /// See above, and whatever the system refuses.
    pub fn create(folder: &Path, input: Request) -> Result<Self> {
        let mut record = CaseRecord {
            format: FORMAT,
            program_version: version(),
            grid: None,
            is_of_form_1: false,
            stages: BTreeMap::new(),
            input,
        };
        let mut notes = Vec::new();
        if let Some(old) = Case::check_folder(folder)? {
            if old.input.ct.blake3 != record.input.ct.blake3 {
                return Err(another_ct(folder));
            }
            notes.extend(old.migration());
            if record.input.side.is_none() {
                // Only the bones are made anew: what was asked of the plan still holds.
                let Request { side, options, simulation, loads, motion, implants, calibration, .. } =
                    old.input;
                record.input = Request {
                    side,
                    options,
                    simulation,
                    loads,
                    motion,
                    implants,
                    calibration,
                    ..record.input
                };
            }
            (record.stages, record.grid) = (old.stages, old.grid);
        }
        Case::with(folder, record, notes)
    }

    /// Opens a case that is there, to go on with what was asked of it.
    ///
    /// # Errors
    /// What is no case, and whatever the system refuses.
    pub fn open(folder: &Path) -> Result<Self> {
        let mut record = read_record(folder)?;
        let notes = record.migration().into_iter().collect();
        record.program_version = version();
        Case::with(folder, record, notes)
    }

    fn with(folder: &Path, record: CaseRecord, mut notes: Vec<String>) -> Result<Self> {
        // Findings of stages that are not run again stay. Where they cannot be read, the stages that had any are made anew.
        let findings = match record.stages.is_empty() {
            true => BTreeMap::new(),
            false => read_findings(folder).unwrap_or_else(|error| {
                notes.push(message(&error));
                BTreeMap::new()
            }),
        };
        set_open(folder);
        let case = Case {
            folder: folder.to_owned(),
            record,
            findings,
            writing: BTreeMap::new(),
            before: Vec::new(),
            is_unsaid: false,
            notes,
        };
        let action = if folder.exists() { "write into" } else { "create" };
        fs::create_dir_all(folder.join(PARTIAL)).map_err(|e| file_error(action, folder, &e))?;
        Ok(case)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the case was made from and what was asked.
    pub fn request(&self) -> &Request {
        &self.record.input
    }

    /// What is asked from now on; it is kept with the next stage that is made.
    pub fn request_mut(&mut self) -> &mut Request {
        &mut self.record.input
    }

    /// The record as it stands.
    pub fn record(&self) -> &CaseRecord {
        &self.record
    }

    /// What the user should know of the case, once.
    pub fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// What a stage was made from and what it left.
    pub fn done(&self, stage: Stage) -> Option<&Done> {
        self.record.stages.get(&stage)
    }

    /// What a stage found.
    pub fn findings(&self, stage: Stage) -> &[Finding] {
        self.findings.get(stage.findings_name()).map(Vec::as_slice).unwrap_or_default()
    }

    /// Writes a file of the stage that was begun. `name` is relative to the folder and may name a subfolder.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn put(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.write(name, bytes)?;
        self.writing.insert(name.into(), blake3::hash(bytes).to_hex().to_string());
        Ok(())
    }

    /// Writes a file of the stage that was begun, as JSON.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn put_json(&mut self, name: &str, value: &impl Serialize) -> Result<()> {
        self.put(name, json_text(name, value)?.as_bytes())
    }

    /// Writes a file of the stage that was begun through a function that is given a path to write to.
    ///
    /// # Errors
    /// What the function says, with the name of the file in the case.
    pub fn put_with(&mut self, name: &str, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let mut hash = String::new();
        self.write_with(name, |path| {
            write(path)?;
            hash = file_hash(path)?;
            Ok(())
        })?;
        self.writing.insert(name.into(), hash);
        Ok(())
    }

    /// Writes a file that belongs to no stage, as JSON.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn write_json(&self, name: &str, value: &impl Serialize) -> Result<()> {
        self.write(name, json_text(name, value)?.as_bytes())
    }

    /// Writes a file of the case, whole or not at all. `name` is relative to the folder and may name a subfolder.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.write_with(name, |path| {
            fs::write(path, bytes).map_err(|e| file_error("write", &self.folder.join(name), &e))
        })
    }

    /// Writes a file through a function that is given a path to write to.
    pub fn write_with(&self, name: &str, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let target = self.folder.join(name);
        let base = Path::new(name).file_name().context("a file of the case needs a name")?;
        let partial = self.folder.join(PARTIAL).join(base);
        // The user knows the file by its own name only.
        write(&partial).map_err(|e| {
            let shown = |path: &Path| path.display().to_string();
            anyhow::anyhow!(message(&e).replace(&shown(&partial), &shown(&target)))
        })?;
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(|e| file_error("create", parent, &e))?;
        }
        fs::rename(&partial, &target).map_err(|e| file_error("write", &target, &e))
    }

    /// Refuses to overwrite a `plan.toml` that the user edited since it was written, unless by that very plan.
    pub fn refuse_to_lose_edits(&self, given: Option<&str>) -> Result<()> {
        let path = self.folder.join("plan.toml");
        let Ok(text) = fs::read_to_string(&path) else { return Ok(()) };
        let done = self.done(Stage::Plan).and_then(|done| done.files.get("plan.toml"));
        if given == Some(text.as_str()) || done == Some(&text_hash(&text)) {
            return Ok(());
        }
        bail!(
            "{0} was edited since Coxa wrote it: carry it out with `coxa plan --from {0}`, or remove it to place anew",
            path.display()
        )
    }

    /// Removes files of a subfolder that an earlier run wrote and this one did not, such as implants of a hip now refused.
    pub fn keep_only(&self, subfolder: &str, is_current: impl Fn(&str) -> bool) -> Result<()> {
        let path = self.folder.join(subfolder);
        let Ok(entries) = fs::read_dir(&path) else { return Ok(()) };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if !is_current(&name) {
                self.remove(&format!("{subfolder}/{name}"))?;
            }
        }
        Ok(())
    }

    /// Removes a file that an earlier run wrote and this one does not, such as the plan of a hip now refused.
    pub fn remove(&self, name: &str) -> Result<()> {
        let path = self.folder.join(name);
        match fs::remove_file(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(file_error("remove", &path, &e)),
            _ => Ok(()),
        }
    }
}

impl Drop for Case {
    fn drop(&mut self) {
        remove_partial(&self.folder);
        set_closed(&self.folder);
    }
}

/// Removes what is half-written in every open folder, before the program is ended from outside. Finished stages stay and are
/// taken up again. Whether there was an open folder.
pub fn abandon_open() -> bool {
    let Ok(open) = OPEN.lock() else { return false };
    open.iter().for_each(|folder| remove_partial(folder));
    !open.is_empty()
}

fn set_open(folder: &Path) {
    if let Ok(mut open) = OPEN.lock() {
        open.push(folder.to_owned());
    }
}

fn set_closed(folder: &Path) {
    if let Ok(mut open) = OPEN.lock()
        && let Some(index) = open.iter().position(|one| one == folder)
    {
        open.swap_remove(index);
    }
}

/// Removes half-written files, and the folder itself if nothing else is in it.
fn remove_partial(folder: &Path) {
    // Nothing can be done about a failure here, and a stale `.partial` does no harm: the next run reuses it.
    let _ = fs::remove_dir_all(folder.join(PARTIAL));
    let _ = fs::remove_dir(folder);
}

/// Says that a folder holds the case of another CT.
pub fn another_ct(folder: &Path) -> anyhow::Error {
    anyhow::anyhow!(
        "{} holds a case made from another CT; choose another folder with -o, or remove it",
        folder.display()
    )
}

fn json_text(name: &str, value: &impl Serialize) -> Result<String> {
    let mut text =
        serde_json::to_string_pretty(value).with_context(|| format!("{name} cannot be written as JSON"))?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests;
