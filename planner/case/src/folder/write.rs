//! Files of a stage that is being made: they lie in `.partial/` until it is finished.

use super::history::Entry;
use super::names::{FINDINGS_FILE, PARTIAL, PLAN_FILE};
use super::pending::{Pending, Writing};
use super::{Case, disk};
use crate::failure::message;
use crate::source::{file_hash, hash_if_there, text_hash};
use anyhow::{Context, Result, anyhow, bail};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

impl Case {
    /// Writes a file of the stage that was begun. `name` is relative to the folder and may name a subfolder.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn put(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.stage_file(name, |path| disk::write(path, bytes))?;
        self.writing.files.insert(name.into(), blake3::hash(bytes).to_hex().to_string());
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
        self.stage_file(name, |path| disk::write_with(path, write))?;
        let hash = file_hash(&self.folder.join(PARTIAL).join(name))?;
        self.writing.files.insert(name.into(), hash);
        Ok(())
    }

    /// Makes a file in `.partial/`.
    fn stage_file(&self, name: &str, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let (staged, target) = (self.folder.join(PARTIAL).join(name), self.folder.join(name));
        disk::make_folder(staged.parent().context("a file of the case needs a name")?)?;
        // The user knows the file by its own name only.
        write(&staged).map_err(|e| {
            let shown = |path: &Path| path.display().to_string();
            anyhow!(message(&e).replace(&shown(&staged), &shown(&target)))
        })
    }

    /// What is pending of the change that is being made, with findings where they changed; `files` belong to no stage.
    pub(super) fn pending(&mut self, mut of_no_stage: BTreeMap<String, String>) -> Result<Pending> {
        if std::mem::take(&mut self.is_unsaid) {
            let text = json_text(FINDINGS_FILE, &self.findings)?;
            self.stage_file(FINDINGS_FILE, |path| disk::write(path, text.as_bytes()))?;
            of_no_stage.insert(FINDINGS_FILE.into(), text_hash(&text));
        }
        let Writing { mut files, gone, kept_elsewhere, .. } = std::mem::take(&mut self.writing);
        let entry = Entry { files: files.clone(), ..Entry::of_this_run() };
        files.extend(of_no_stage.clone());
        let known = |name: &String| Some((name.clone(), self.record.known_hash(name)?.clone()));
        let mut before: BTreeMap<String, String> = files.keys().filter_map(known).collect();
        for stage in &gone {
            before.extend(self.record.stages.get(stage).iter().flat_map(|done| done.files.clone()));
        }
        // A report that says that it is older goes too.
        let marked: Vec<(String, String)> = before.keys().filter_map(known).collect();
        before.extend(marked);
        before.extend(kept_elsewhere);
        Ok(Pending { gone, files, before, of_no_stage, entry, done: BTreeMap::new() })
    }

    /// Refuses to overwrite a `plan.toml` that the user edited since it was written, unless by that very plan.
    ///
    /// # Errors
    /// One that was edited, with what to do.
    pub fn refuse_to_lose_edits(&self, given: Option<&str>) -> Result<()> {
        let path = self.folder.join(PLAN_FILE);
        let Some(found) = hash_if_there(&path)? else { return Ok(()) };
        if given.map(text_hash).as_ref() == Some(&found) || self.record.known_hash(PLAN_FILE) == Some(&found)
        {
            return Ok(());
        }
        bail!(
            "{0} was edited since Coxa wrote it: use it with `coxa plan --from {0}`, or remove it for a new plan",
            path.display()
        )
    }
}

fn json_text(name: &str, value: &impl Serialize) -> Result<String> {
    let mut text =
        serde_json::to_string_pretty(value).with_context(|| format!("{name} cannot be written as JSON"))?;
    text.push('\n');
    Ok(text)
}
