//! The case folder: what a person can read, edit and hand on.
//!
//! Every file is written to `.partial/` inside the folder and then renamed, so that a file in a case is whole or
//! absent. `case.toml` lists the stages that are done; a run that was interrupted goes on behind them.

use crate::failure::{file_error, message};
use anyhow::{Context, Result, bail};
use coxa_geometry::Finding;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

mod files;
mod read;
mod record;
mod results;

pub use files::{KeptLabels, Results, read_optimisation};
pub use read::{
    read_anatomy, read_bones, read_findings, read_labels, read_loads, read_simulation, read_uncertainty,
};
pub use record::{CaseInput, CaseRecord, FORMAT, MotionSources, RecordError, Source, read_record};
pub use results::ResultFolder;

const PARTIAL: &str = ".partial";

/// The stage whose key is the hash of `plan.toml` as it was written.
const PLAN: &str = "plan";

/// An open case folder.
pub struct Case {
    folder: PathBuf,
    record: CaseRecord,
    findings: BTreeMap<String, Vec<Finding>>,
}

// The folders whose half-written files an interrupt has to remove.
static OPEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

impl Case {
    /// Opens a folder for writing: makes it, or takes up a case made from the same input. Refuses a folder that
    /// holds something else, another patient's case, or a case of a newer program.
    pub fn create(folder: &Path, input: CaseInput) -> Result<Self> {
        let mut record =
            CaseRecord { format: FORMAT, program_version: version(), stages: BTreeMap::new(), input };
        if folder.join("case.toml").exists() {
            let old = read_record(folder)?;
            if old.input.ct.blake3 != record.input.ct.blake3 {
                bail!(
                    "{} holds a case made from another CT; choose another folder with -o, or remove it",
                    folder.display()
                );
            }
            if record.input.side.is_none() {
                // Only the bones are made anew: what was asked of the plan still holds.
                let CaseInput { side, options, simulation, loads, motion, implants, calibration, .. } =
                    old.input;
                record.input = CaseInput {
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
            // What another version made is made again; whether the user edited the plan since is not forgotten.
            let same_version = old.program_version == record.program_version;
            record.stages = old.stages;
            record.stages.retain(|stage, _| same_version || stage == PLAN);
        } else if folder.is_file() {
            bail!("{} is a file; name a folder for the case with -o", folder.display());
        } else if folder.exists() {
            let mut entries = fs::read_dir(folder).map_err(|e| file_error("open", folder, &e))?;
            if entries.any(|e| e.is_ok_and(|e| e.file_name() != PARTIAL)) {
                bail!(
                    "{} is not empty and holds no case.toml; choose another folder with -o",
                    folder.display()
                );
            }
        }
        // Findings of stages that are not run again stay.
        let findings = fs::read_to_string(folder.join("findings.json"))
            .ok()
            .filter(|_| !record.stages.is_empty())
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let partial = folder.join(PARTIAL);
        set_open(folder);
        let action = if folder.exists() { "write into" } else { "create" };
        fs::create_dir_all(&partial).map_err(|e| file_error(action, folder, &e))?;
        Ok(Case { folder: folder.to_owned(), record, findings })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Forgets a stage, before the first of its files is overwritten: a run that ends in between must not leave files of
    /// one origin under the record of another, nor files in a folder that is no case yet.
    pub fn set_undone(&mut self, stage: &str) -> Result<()> {
        let known = self.record.stages.remove(stage).is_some();
        if known || !self.folder.join("case.toml").exists() { self.save_record() } else { Ok(()) }
    }

    /// Whether a stage is done from exactly these ingredients.
    pub fn is_done(&self, stage: &str, key: &str) -> bool {
        self.record.stages.get(stage).is_some_and(|done| done == key)
    }

    /// Whether a stage was done, from whatever ingredients.
    pub fn is_known(&self, stage: &str) -> bool {
        self.record.stages.contains_key(stage)
    }

    /// Records that a stage is done, and writes `case.toml`.
    pub fn set_done(&mut self, stage: &str, key: &str) -> Result<()> {
        self.record.stages.insert(stage.into(), key.into());
        self.save_record()
    }

    fn save_record(&self) -> Result<()> {
        let text = toml::to_string(&self.record).context("case.toml cannot be written as TOML")?;
        self.write("case.toml", text.as_bytes())
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
        if given == Some(text.as_str()) || self.is_done(PLAN, &text_hash(&text)) {
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

/// What tells one text from another.
pub fn text_hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

/// Version of this program.
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(hash: &str) -> CaseInput {
        CaseInput::of_ct(Source { path: None, blake3: hash.into() })
    }

    #[test]
    fn a_failed_write_leaves_nothing_and_an_empty_case_leaves_no_folder() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("case");
        let case = Case::create(&folder, input("a")).unwrap();
        let failed = case.write_with("plan.toml", |path| {
            fs::write(path, "half").unwrap();
            bail!("disk full")
        });
        assert!(failed.is_err());
        assert!(!folder.join("plan.toml").exists());
        drop(case);
        assert!(!folder.exists());
    }

    #[test]
    fn a_case_goes_on_where_it_stopped_but_only_from_the_same_input() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("case");
        let mut case = Case::create(&folder, input("a")).unwrap();
        case.write("labels.json", b"[]").unwrap();
        case.set_done("labels", "key").unwrap();
        drop(case);
        let again = Case::create(&folder, input("a")).unwrap();
        assert!(again.is_done("labels", "key"));
        assert!(!again.is_done("labels", "other options"));
        drop(again);
        assert!(folder.join("labels.json").exists());
        let other = Case::create(&folder, input("b")).err().unwrap().to_string();
        assert!(other.contains("another CT"), "{other}");
    }

    #[test]
    fn foreign_folders_and_newer_cases_are_refused() {
        let parent = tempfile::tempdir().unwrap();
        fs::write(parent.path().join("holiday.jpg"), b"x").unwrap();
        assert!(Case::create(parent.path(), input("a")).is_err());
        assert!(parent.path().join("holiday.jpg").exists());
        let newer = tempfile::tempdir().unwrap();
        fs::write(newer.path().join("case.toml"), "format = 99\n").unwrap();
        let error = Case::create(newer.path(), input("a")).err().unwrap().to_string();
        assert!(error.contains("99"), "{error}");
    }
}
