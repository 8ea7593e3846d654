//! The case folder: what a person can read, edit and hand on.
//!
//! `case.toml` lists the stages that are done, each with the hashes of what it was made from and of what it left. A stage is kept whole or
//! not at all (`commit.rs`); a run that was ended goes on behind the last. Only files with a known hash are replaced or removed.

use crate::failure::{file_error, message};
use crate::request::Request;
use crate::source::text_hash;
use anyhow::{Result, bail};
use coxa_geometry::{Finding, Side};
use coxa_planner::SimulationOptions;
use interrupt::{remove_partial, set_closed, set_open};
use names::{LOCK_FILE, PARTIAL, RECORD_FILE};
use pending::Writing;
use read_record::read_as_it_is;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

mod commit;
mod disk;
mod done;
mod format1;
mod history;
mod interrupt;
mod lock;
mod modules;
mod names;
mod patient;
mod pending;
mod plans;
mod ranges;
mod read;
mod read_record;
mod record;
mod results;
mod stage;
mod write;

pub use disk::sync_folder;
pub(crate) use done::EDITED;
pub use done::{Done, Stage, version};
pub use history::{Entry, History, read_history};
pub use interrupt::abandon_open;
pub use lock::{Lock, hold, holder};
pub use names::{LABELS_FILE, PLAN_FILE, is_inside, kept_name, refuse_linked_folder};
pub(crate) use names::{MODULES, is_own_file, is_own_folder};
pub use patient::KnownPatient;
pub(crate) use plans::plans_wrong;
pub use plans::{EarlierPlan, keep_words};
pub use read::{
    read_anatomy, read_bones, read_findings, read_labels, read_loads, read_optimisation, read_simulation,
    read_trust, read_uncertainty, read_values,
};
pub use read_record::{RecordError, read_record};
pub use record::{CaseRecord, ChangedFile, FORMAT, Older};
pub use results::ResultFolder;
pub use stage::{Ingredients, Standing};

/// An open case folder.
pub struct Case {
    folder: PathBuf,
    record: CaseRecord,
    /// Hash of `case.toml` as it is.
    record_on_disk: Option<String>,
    findings: BTreeMap<String, Vec<Finding>>,
    /// The change that is being made.
    writing: Writing,
    /// Whether findings changed since they were written.
    is_unsaid: bool,
    notes: Vec<String>,
    /// Results that were asked for by a command of their own, as the case held them when it was opened.
    had: Vec<(Stage, &'static str)>,
    _lock: Lock,
}

impl Case {
    /// The record of a case that a folder holds already, `None` of one that is empty or not there: before anything is computed for it.
    ///
    /// # Errors
    /// A folder that [`Case::create`] would refuse whatever was to be put there.
    pub fn check_folder(folder: &Path) -> Result<Option<CaseRecord>> {
        if folder.join(RECORD_FILE).exists() {
            return Ok(Some(read_record(folder)?));
        }
        if folder.is_file() {
            bail!("{} is a file; name a folder for the case with -o", folder.display());
        }
        if folder.exists() {
            let mut entries = fs::read_dir(folder).map_err(|e| file_error("open", folder, &e))?;
            let is_ours = |name: &std::ffi::OsStr| name == PARTIAL || name == LOCK_FILE;
            if entries.any(|e| e.is_ok_and(|e| !is_ours(&e.file_name()))) {
                bail!(
                    "{} is not empty and holds no case.toml; choose another folder with -o",
                    folder.display()
                );
            }
        }
        Ok(None)
    }

    /// Opens a folder for writing: makes it, or takes up a case made from the same input. Refuses a folder that
    /// holds something else, another patient's case, one of the other hip, or a case of a newer program.
    ///
    /// # Errors
    /// See above, another program that has the case at work, and whatever the system refuses.
    pub fn create(folder: &Path, input: Request) -> Result<Self> {
        Case::check_folder(folder)?;
        let lock = take(folder)?;
        if Case::check_folder(folder)?.is_none() {
            let record = CaseRecord {
                format: FORMAT,
                program_version: version(),
                grid: None,
                older_form: None,
                patient: KnownPatient::of(&input.identity),
                files: BTreeMap::new(),
                stages: BTreeMap::new(),
                input,
                pending: None,
            };
            return Case::with(folder, record, lock);
        }
        let mut record = read_as_it_is(folder)?;
        if input.ct.blake3 != record.input.ct.blake3 {
            let is_same = record.patient.as_ref().and_then(|patient| patient.is_of(&input.identity));
            return Err(another_ct(folder, is_same));
        }
        let mut notes = Vec::new();
        match record.patient.as_ref().map(|patient| patient.is_of(&input.identity)) {
            None => record.patient = KnownPatient::of(&input.identity),
            Some(Some(false)) => notes.push(
                "the CT is that of this case, but its files now name a different patient from the one named when the case was made; check whose CT it is".into(),
            ),
            Some(_) => {}
        }
        if let (Some(side), Some(asked)) = (record.input.side, input.side)
            && side != asked
        {
            return Err(another_side(folder, side, asked));
        }
        let was = std::mem::replace(&mut record.input, input);
        if record.input.side.is_some() {
            // Planned again, it is asked the same of the plan as before, unless that is said.
            let new = &mut record.input;
            if new.simulation.as_ref().is_none_or(|asked| *asked == SimulationOptions::default()) {
                new.simulation = was.simulation.clone().or(new.simulation.take());
            }
            new.motion = new.motion.take().or(was.motion.clone());
            new.loads = new.loads.take().or(was.loads.clone());
        }
        if record.input.side.is_none() {
            // Only the bones are made anew: what was asked of the plan still holds.
            let Request { side, options, simulation, loads, motion, implants, calibration, .. } = was;
            let new = &mut record.input;
            (new.side, new.options, new.simulation, new.loads) = (side, options, simulation, loads);
            (new.motion, new.implants, new.calibration) = (motion, implants, calibration);
        }
        let mut case = Case::with(folder, record, lock)?;
        case.notes.extend(notes);
        Ok(case)
    }

    /// Opens a case that is there, to go on with what was asked of it.
    ///
    /// # Errors
    /// What is no case, another program that has it at work, and whatever the system refuses.
    pub fn open(folder: &Path) -> Result<Self> {
        read_record(folder)?;
        let lock = take(folder)?;
        let record = read_as_it_is(folder)?;
        Case::with(folder, record, lock)
    }

    fn with(folder: &Path, record: CaseRecord, lock: Lock) -> Result<Self> {
        let mut case = Case {
            folder: folder.to_owned(),
            record_on_disk: fs::read_to_string(folder.join(RECORD_FILE)).ok().map(|text| text_hash(&text)),
            notes: record.migration().into_iter().collect(),
            record,
            findings: BTreeMap::new(),
            writing: Writing::default(),
            is_unsaid: false,
            had: Vec::new(),
            _lock: lock,
        };
        case.had = case.asked_for();
        set_open(folder);
        let partial = folder.join(PARTIAL);
        disk::make_folder(&partial)?;
        match case.record.pending {
            Some(_) => case.complete_pending()?,
            None => case.keep_edited_record()?,
        }
        // What else an earlier run was ended over is of no use.
        let _ = fs::remove_dir_all(&partial);
        disk::make_folder(&partial)?;
        case.record.program_version = version();
        // Findings of stages that are not run again stay. Where they cannot be read, the stages that had any are made anew.
        if !case.record.stages.is_empty() {
            case.findings = read_findings(folder).unwrap_or_else(|error| {
                case.notes.push(message(&error));
                BTreeMap::new()
            });
            // Where a hand changed its words alone no stage is made anew, and they are written again all the same.
            case.is_unsaid = case.record.refuse_changed_findings(folder).is_err();
        }
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

    /// Says once, of each result that was asked for by a command of its own, that it went with what it was made from.
    pub fn say_gone(&mut self) {
        let now = self.asked_for();
        for (stage, file) in std::mem::replace(&mut self.had, now.clone()) {
            if !now.contains(&(stage, file)) {
                let command = stage.command(&self.folder);
                self.notes.push(format!(
                    "{file}: removed, because its source data changed; coxa {command} rebuilds it"
                ));
            }
        }
    }

    fn asked_for(&self) -> Vec<(Stage, &'static str)> {
        let results = [
            (Stage::Optimisation, "optimise.json"),
            (Stage::RangeOfMotion, "rom_map.nii.gz"),
            (Stage::Loads, "loads.json"),
            (Stage::Evaluation, "evaluation.json"),
        ];
        let is_there = |(stage, file): &(Stage, &str)| {
            self.record.stages.get(stage).is_some_and(|done| done.files.contains_key(*file))
        };
        results.into_iter().filter(is_there).collect()
    }

    /// What a stage was made from and what it left.
    pub fn done(&self, stage: Stage) -> Option<&Done> {
        self.record.stages.get(&stage)
    }

    /// What a stage found.
    pub fn findings(&self, stage: Stage) -> &[Finding] {
        self.findings.get(stage.findings_name()).map(Vec::as_slice).unwrap_or_default()
    }
}

impl Drop for Case {
    fn drop(&mut self) {
        // What a change that failed half-way left is completed by the next run.
        if self.record.pending.is_none() || !is_unfinished(&self.folder) {
            remove_partial(&self.folder);
        }
        set_closed(&self.folder);
    }
}

/// Opens the lock of a folder, which is made where it is not there.
fn take(folder: &Path) -> Result<Lock> {
    let action = if folder.exists() { "write into" } else { "create" };
    let is_new = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
    let new: Vec<&Path> = folder.ancestors().take_while(is_new).collect();
    fs::create_dir_all(folder).map_err(|e| file_error(action, folder, &e))?;
    for parent in new.iter().filter_map(|path| path.parent()) {
        disk::sync_folder(if parent.as_os_str().is_empty() { Path::new(".") } else { parent })?;
    }
    lock::refuse_links(folder)?;
    Lock::take(folder)
}

/// Whether a run was ended in the middle of a change, which whoever opens the case next completes.
pub fn is_unfinished(folder: &Path) -> bool {
    read_as_it_is(folder).is_ok_and(|record| record.pending.is_some())
}

/// Says that a case is of the other hip.
pub fn another_side(folder: &Path, side: Side, asked: Side) -> anyhow::Error {
    anyhow::anyhow!(
        "{} is the case of a {side} hip; plan the {asked} hip in a case of its own: name another folder with -o",
        folder.display()
    )
}

/// Says that a folder holds the case of another CT, and whether that is known to be of the same patient.
pub fn another_ct(folder: &Path, is_same_patient: Option<bool>) -> anyhow::Error {
    let whose = match is_same_patient {
        Some(true) => "another CT of the same patient",
        Some(false) => "another CT, of another patient",
        None => "another CT",
    };
    anyhow::anyhow!(
        "{} holds a case made from {whose}; choose another folder with -o, or remove it",
        folder.display()
    )
}

#[cfg(test)]
mod durability;
#[cfg(test)]
mod foreign;
#[cfg(test)]
mod tests;
