//! How a change of a case is carried out: whole or not at all, whatever happens in between, and without loss of what is not Coxa's.
//!
//! 1. New files are written to `.partial/` and synced.
//! 2. `case.toml` names them as pending, with the hashes of what they replace.
//! 3. They are renamed to their places, and what goes is removed. A file that is neither the old nor the new one is somebody else's and
//!    is moved to `kept/`.
//! 4. `history.jsonl` has a line of it, and `case.toml` the new state.
//!
//! A run that ends in between is completed by whoever opens the case next, from step 3 on; before, nothing has happened.

use super::Case;
use super::disk;
use super::history::{self, Entry, read_history};
use super::interrupt::CHANGING;
use super::names::{FINDINGS_FILE, KEPT, PARTIAL, RECORD_FILE, kept_name, refuse_linked_folder};
use super::pending::Pending;
use super::record::CaseRecord;
use crate::failure::file_error;
use crate::source::{file_hash, hash_if_there, text_hash};
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

impl Case {
    /// Carries out a change whose files lie in `.partial/`.
    pub(super) fn commit(&mut self, pending: Pending) -> Result<()> {
        let _changing = CHANGING.lock();
        let partial = self.folder.join(PARTIAL);
        let staged: Vec<PathBuf> = pending.files.keys().map(|name| partial.join(name)).collect();
        disk::sync(&staged)?;
        sync_folders_of(&staged, &partial)?;
        // Where nothing is renamed or removed, nothing can be half done.
        let is_of_files = !pending.is_of_record_alone();
        self.record.pending = Some(pending);
        if is_of_files {
            let (text, _) = self.record_text()?;
            self.write_record(&text)?;
        }
        self.complete(false)
    }

    /// Completes a change that a run left behind when it was ended.
    pub(super) fn complete_pending(&mut self) -> Result<()> {
        let _changing = CHANGING.lock();
        self.complete(true)
    }

    /// Keeps a copy of a `case.toml` that a person edited: what it says is believed, and its words are written anew.
    pub(super) fn keep_edited_record(&mut self) -> Result<()> {
        let history = read_history(&self.folder)?;
        if let Some(hash) = self.record_on_disk.clone().filter(|hash| history.is_edited(hash))
            && let Some(kept) = self.copy_record(&hash)?
        {
            self.notes
                .push(format!("{RECORD_FILE} was edited: it is used as it stands; a copy is kept as {kept}"));
        }
        Ok(())
    }

    /// Copies `case.toml`, which has this hash, to `kept/`; `None` where it is there already.
    fn copy_record(&self, hash: &str) -> Result<Option<String>> {
        let path = self.folder.join(RECORD_FILE);
        let kept = kept_name(&self.folder, RECORD_FILE, hash)?;
        if self.folder.join(&kept).exists() {
            return Ok(None);
        }
        let words = fs::read(&path).map_err(|e| file_error("read", &path, &e))?;
        self.put_at_once(&kept, &words)?;
        Ok(Some(kept))
    }

    /// Renames, removes, and says so. Of a run that was ended nothing is believed unseen.
    fn complete(&mut self, is_resumed: bool) -> Result<()> {
        let is_staged = |staged: &Path, hash: &String| match is_resumed {
            true => !staged.is_symlink() && file_hash(staged).is_ok_and(|found| found == *hash),
            false => staged.is_file(),
        };
        let Some(mut pending) = self.record.pending.clone() else { return Ok(()) };
        let mut entry = std::mem::take(&mut pending.entry);
        let mut touched = Vec::new();
        let mut lost = BTreeSet::new();
        for (name, hash) in &pending.files {
            let (staged, target) = (self.folder.join(PARTIAL).join(name), self.folder.join(name));
            let found = hash_if_there(&target)?;
            if is_staged(&staged, hash) {
                let is_ours = |found: &String| found == hash || pending.before.get(name) == Some(found);
                if found.is_some_and(|found| !is_ours(&found)) {
                    entry.kept.insert(name.clone(), self.keep(name)?);
                }
                disk::make_folder(target.parent().unwrap_or(&self.folder))?;
                disk::rename(&staged, &target)?;
                touched.push(target);
            } else if found.as_ref() != Some(hash) {
                lost.insert(name.clone());
            }
        }
        for (name, hash) in pending.removed() {
            let target = self.folder.join(name);
            match hash_if_there(&target)? {
                Some(found) if found == *hash => {
                    disk::remove(&target)?;
                    entry.removed.insert(name.clone(), found);
                    touched.push(target);
                }
                Some(_) => drop(entry.kept.insert(name.clone(), self.keep(name)?)),
                None => {}
            }
        }
        sync_folders_of(&touched, &self.folder)?;
        leave_out(&mut pending, &lost);
        self.settle(pending);
        let (text, hash) = self.record_text()?;
        if self.record_on_disk.as_ref() != Some(&hash) {
            if !(is_resumed && self.is_last_line(&entry)) {
                entry.record = Some(hash);
                history::append(&self.folder, &entry)?;
            }
            self.write_record(&text)?;
        }
        Ok(())
    }

    /// Whether the history ends with a line: the run that wrote it was ended before it wrote the record.
    fn is_last_line(&self, entry: &Entry) -> bool {
        let told = |line: &Entry| (line.time.clone(), line.process, line.stage, line.files.clone());
        let history = read_history(&self.folder).unwrap_or_default();
        history.entries.last().is_some_and(|last| told(last) == told(entry))
    }

    /// The record after a change.
    fn settle(&mut self, pending: Pending) {
        let CaseRecord { stages, files, .. } = &mut self.record;
        for stage in pending.gone.iter().chain(pending.done.keys()) {
            for name in stages.remove(stage).iter().flat_map(|done| done.files.keys()) {
                files.remove(name);
            }
        }
        for name in pending.done.values().flat_map(|done| done.files.keys()) {
            files.remove(name);
        }
        stages.extend(pending.done);
        files.extend(pending.of_no_stage);
        self.record.pending = None;
    }

    /// The words of `case.toml`, with their hash.
    fn record_text(&self) -> Result<(String, String)> {
        let text = toml::to_string(&self.record).context("case.toml cannot be written as TOML")?;
        let hash = text_hash(&text);
        Ok((text, hash))
    }

    /// Writes `case.toml`.
    fn write_record(&mut self, text: &str) -> Result<()> {
        // Somebody may have edited it while a stage was made.
        let found = hash_if_there(&self.folder.join(RECORD_FILE))?;
        if let Some(hash) = found.filter(|found| Some(found) != self.record_on_disk.as_ref())
            && let Some(kept) = self.copy_record(&hash)?
        {
            self.notes.push(format!(
                "{RECORD_FILE} was edited while this command ran: the edit is not used, but kept as {kept}"
            ));
        }
        if let Some(form) = self.record.older_form.take() {
            let old = fs::read(self.folder.join(RECORD_FILE));
            let old = old.map_err(|e| file_error("read", &self.folder.join(RECORD_FILE), &e))?;
            let plain = format!("{KEPT}/case_form_{form}.toml");
            let is_free = hash_if_there(&self.folder.join(&plain))?.is_none();
            let hash = blake3::hash(&old).to_hex();
            let numbered = kept_name(&self.folder, &format!("case_form_{form}.toml"), &hash)?;
            self.put_at_once(if is_free { &plain } else { &numbered }, &old)?;
        }
        self.put_at_once(RECORD_FILE, text.as_bytes())?;
        self.record_on_disk = Some(text_hash(text));
        Ok(())
    }

    /// Writes one file, which the disk has when this returns.
    fn put_at_once(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let (staged, target) = (self.folder.join(PARTIAL).join(RECORD_FILE), self.folder.join(name));
        // What lies there from a run that was ended, or is a link, is not written into.
        disk::remove(&staged)?;
        disk::write(&staged, bytes)?;
        disk::sync(std::slice::from_ref(&staged))?;
        disk::make_folder(target.parent().unwrap_or(&self.folder))?;
        disk::rename(&staged, &target)?;
        sync_folders_of(&[target], &self.folder)
    }

    /// Moves a file that is not Coxa's, or was changed since, to `kept/`; returns where it lies then.
    fn keep(&mut self, name: &str) -> Result<String> {
        let target = self.folder.join(name);
        let kept = kept_name(&self.folder, name, &file_hash(&target)?)?;
        refuse_linked_folder(&self.folder, &kept)?;
        let to = self.folder.join(&kept);
        disk::make_folder(to.parent().unwrap_or(&self.folder))?;
        disk::rename(&target, &to)?;
        sync_folders_of(&[to], &self.folder)?;
        let whose = match self.record.known_hash(name) {
            Some(_) => "was changed since Coxa wrote it",
            None => "was not written by Coxa",
        };
        self.notes.push(format!("{name} {whose}: it is kept as {kept}"));
        Ok(kept)
    }
}

/// Leaves out of a change what a power cut took: the stage is as it was before, and what came of it all the same is still Coxa's.
fn leave_out(pending: &mut Pending, lost: &BTreeSet<String>) {
    if lost.is_empty() {
        return;
    }
    pending.of_no_stage.retain(|name, _| !lost.contains(name));
    for (stage, done) in std::mem::take(&mut pending.done) {
        let is_whole = !done.files.keys().any(|name| lost.contains(name));
        if is_whole && !(lost.contains(FINDINGS_FILE) && done.findings.is_some()) {
            pending.done.insert(stage, done);
            continue;
        }
        pending.gone.retain(|gone| *gone != stage);
        pending.of_no_stage.extend(done.files.into_iter().filter(|(name, _)| !lost.contains(name)));
    }
}

/// Syncs the folders of files, and those above them down from `root`.
fn sync_folders_of(files: &[PathBuf], root: &Path) -> Result<()> {
    let all: BTreeSet<&Path> = files
        .iter()
        .flat_map(|file| file.ancestors().skip(1).take_while(|folder| folder.starts_with(root)))
        .collect();
    all.into_iter().try_for_each(disk::sync_folder)
}
