//! Stages in a case folder: whether one stands, and how one is written.

use super::Case;
use super::done::{Done, EDITED, Stage, version};
use super::format1;
use super::history::Entry;
use super::names::{OLDER, PLANS, REPORT_FILE};
use super::pending::Writing;
use crate::source::{file_hash, value_hash};
use anyhow::Result;
use coxa_geometry::Finding;
use coxa_imaging::Grid;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs;

/// What a stage is made from: hashes by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ingredients(BTreeMap<String, String>);

impl Ingredients {
    /// With a hash or a short word.
    pub fn with(mut self, name: &str, hash: impl Into<String>) -> Self {
        self.0.insert(name.into(), hash.into());
        self
    }

    /// Whether this is what a stage was made from, but for an edit by hand and what is named besides.
    pub(crate) fn is_base_of(&self, done: &Done, besides: &str) -> bool {
        let is_base = |(name, _): &(&String, &String)| *name != EDITED && *name != besides;
        done.from.iter().filter(is_base).eq(self.0.iter().filter(is_base))
    }

    /// With the hash of a value.
    ///
    /// # Errors
    /// A value that is no JSON.
    pub fn with_value(self, name: &str, value: &impl Serialize) -> Result<Self> {
        Ok(self.with(name, value_hash(value)?))
    }

    /// With stages as the case holds them; those that it does not hold are left out.
    pub fn with_stages(mut self, case: &Case, stages: &[Stage]) -> Self {
        for stage in stages {
            if let Some(done) = case.record.stages.get(stage) {
                self.0.insert(stage.name().into(), done.id());
            }
        }
        self
    }
}

/// Whether a stage can be taken from its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It was made from the same, and nobody touched it since.
    Stands,
    /// It was never made.
    Absent,
    /// It was made, but not so; the words say what is different.
    Differs(String),
}

impl Case {
    /// Files of a stage that are there and not as Coxa left them.
    pub fn edited_files(&self, stage: Stage) -> Vec<String> {
        let files = self.done(stage).map(|done| &done.files).into_iter().flatten();
        let is_edited = |(name, hash): &(&String, &String)| {
            file_hash(&self.folder.join(name)).is_ok_and(|found| found != **hash)
        };
        files.filter(is_edited).map(|(name, _)| name.clone()).collect()
    }

    /// Whether a stage can be taken from its files. One of form 1 is taken over here, as made from these ingredients.
    ///
    /// # Errors
    /// Findings that are no JSON.
    pub fn standing(&mut self, stage: Stage, from: &Ingredients) -> Result<Standing> {
        let found = value_hash(&self.findings(stage))?;
        let folder = self.folder.clone();
        let Some(done) = self.record.stages.get_mut(&stage) else { return Ok(Standing::Absent) };
        // What a hand corrected is the hand's, whichever version took it up.
        if done.program != version() && !done.is_edited() {
            let words = format!("version {} of the program made {}", done.program, them(stage));
            return Ok(Standing::Differs(words));
        }
        let marked = &self.record.files;
        let changed_file = done.changed_file(&folder).map(|file| match marked.get(file) {
            Some(hash) if file_hash(&folder.join(file)).is_ok_and(|found| found == *hash) => {
                format!("{file} is marked as out of date")
            }
            _ => format!("{file} was changed or damaged since"),
        });
        if let (Some(_), None) = (done.from.get(format1::TAKEN_OVER), &changed_file) {
            done.from.clone_from(&from.0);
            // Of the others nothing was said apart.
            done.findings = (stage == Stage::Labels).then_some(found);
            return Ok(Standing::Stands);
        }
        let stray =
            stage.main_file().filter(|file| !done.files.contains_key(*file) && folder.join(file).exists());
        let names = from.0.keys().chain(done.from.keys().filter(|name| !from.0.contains_key(*name)));
        let different: Vec<String> = names
            .filter(|name| done.from.get(*name) != from.0.get(*name))
            .map(|name| name.replace('_', " "))
            .collect();
        let said = done.findings.as_ref().is_some_and(|hash| *hash != found);
        Ok(match changed_file {
            _ if !different.is_empty() => Standing::Differs(format!("changed: {}", different.join(", "))),
            Some(words) => Standing::Differs(words),
            None if stray.is_some() => {
                Standing::Differs(format!("{} is not listed in case.toml", stray.unwrap_or_default()))
            }
            None if said => Standing::Differs("findings.json was changed or damaged since".into()),
            None => Standing::Stands,
        })
    }

    /// Begins to write a stage. What there is of it stands until the new one is finished.
    pub fn begin(&mut self, stage: Stage) {
        self.writing = Writing { is_begun: true, gone: vec![stage], ..Writing::default() };
    }

    /// Puts the stage that was begun in the place of what there was of it: its files come, those that it has no more go, and `case.toml`
    /// says what it was made from, all of it or nothing.
    ///
    /// # Errors
    /// What cannot be written or removed.
    pub fn finish(&mut self, stage: Stage, from: Ingredients, findings: Option<&[Finding]>) -> Result<()> {
        let found = findings.map(|list| value_hash(&list)).transpose()?;
        if let Some(list) = findings {
            self.set_findings(stage, Some(list));
        }
        let done = Done { program: version(), findings: found, from: from.0, files: BTreeMap::new() };
        self.finish_as(stage, done, false)
    }

    /// The same with all that is said of it but its files.
    pub(super) fn finish_as(&mut self, stage: Stage, mut done: Done, is_undo: bool) -> Result<()> {
        let mut files = self.writing.files.clone();
        // Plans of the past are no stage's: they stay when it goes.
        files.retain(|name, _| !name.starts_with(&format!("{PLANS}/")));
        let mut pending = self.pending(BTreeMap::new())?;
        done.files.clone_from(&files);
        pending.entry =
            Entry { stage: Some(stage), is_undo, from: done.from.clone(), files, ..pending.entry };
        pending.done.insert(stage, done);
        self.commit(pending)
    }

    /// Forgets a stage with all its files and findings; with the stage that was begun, where one was.
    ///
    /// # Errors
    /// What cannot be written or removed.
    pub fn discard(&mut self, stage: Stage) -> Result<()> {
        let Some(done) = self.record.stages.get(&stage) else { return Ok(()) };
        if done.findings.is_some() {
            self.set_findings(stage, None);
        }
        self.writing.gone.push(stage);
        match self.writing.is_begun {
            true => Ok(()),
            false => self.save_record(),
        }
    }

    /// Sets what `findings.json` holds of a stage; it is written with the record.
    pub fn set_findings(&mut self, stage: Stage, findings: Option<&[Finding]>) {
        let name = stage.findings_name();
        self.is_unsaid |= match findings {
            Some(list) => self.findings.insert(name.into(), list.to_vec()).as_deref() != Some(list),
            None => self.findings.remove(name).is_some(),
        };
    }

    /// Takes up the CT: where its voxels lie and what reading it had to say. Nothing is written before a stage is made of it.
    pub(crate) fn set_scan(&mut self, from: Ingredients, grid: &Grid, notes: &[Finding]) -> Result<()> {
        self.record.grid = Some(grid.clone());
        self.set_findings(Stage::Ct, Some(notes));
        let done = Done {
            program: version(),
            findings: Some(value_hash(&notes)?),
            from: from.0,
            files: BTreeMap::new(),
        };
        self.record.stages.insert(Stage::Ct, done);
        Ok(())
    }

    /// Writes `case.toml`, and `findings.json` where it changed.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn save_record(&mut self) -> Result<()> {
        let pending = self.pending(BTreeMap::new())?;
        self.commit(pending)
    }

    /// Tells who reads the report in a line that it is older than a file of the case.
    ///
    /// # Errors
    /// A report that cannot be read or written.
    pub fn mark_report(&mut self, than: &str) -> Result<()> {
        let path = self.folder.join(REPORT_FILE);
        // One that a person changed is theirs.
        if self.record.known_hash(REPORT_FILE) != file_hash(&path).ok().as_ref() {
            return Ok(());
        }
        let Ok(page) = fs::read_to_string(&path) else { return Ok(()) };
        let Some((head, body)) = page.split_once("<body>\n").filter(|(_, body)| !body.starts_with(OLDER))
        else {
            return Ok(());
        };
        let line = format!("{OLDER} {than}: run coxa report.</strong></p>\n");
        self.put(REPORT_FILE, format!("{head}<body>\n{line}{body}").as_bytes())?;
        let pending = self.pending(self.writing.files.clone())?;
        self.commit(pending)
    }
}

/// How one speaks of what a stage left.
fn them(stage: Stage) -> &'static str {
    match stage {
        Stage::Labels | Stage::Surfaces | Stage::Loads | Stage::Gallery | Stage::Contacts => "them",
        _ => "it",
    }
}
