//! Stages in a case folder: whether one stands, and how one is written.

use super::format1;
use super::record::{Done, Stage};
use super::{Case, version};
use crate::source::value_hash;
use anyhow::{Context, Result};
use coxa_geometry::Finding;
use coxa_imaging::Grid;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs;

/// How the line begins that says that a report is older than its case.
const OLDER: &str = "<p><strong>";

/// What a stage is made from: hashes by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ingredients(BTreeMap<String, String>);

impl Ingredients {
    /// With a hash or a short word.
    pub fn with(mut self, name: &str, hash: impl Into<String>) -> Self {
        self.0.insert(name.into(), hash.into());
        self
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
    /// Whether a stage can be taken from its files. One of form 1 is taken over here, as made from these ingredients.
    ///
    /// # Errors
    /// Findings that are no JSON.
    pub fn standing(&mut self, stage: Stage, from: &Ingredients) -> Result<Standing> {
        let found = value_hash(&self.findings(stage))?;
        let folder = self.folder.clone();
        let Some(done) = self.record.stages.get_mut(&stage) else { return Ok(Standing::Absent) };
        if done.program != version() {
            let words = format!("version {} of the program made {}", done.program, them(stage));
            return Ok(Standing::Differs(words));
        }
        let changed_file =
            done.changed_file(&folder).map(|file| format!("{file} was changed or damaged since"));
        if let (Some(_), None) = (done.from.get(format1::TAKEN_OVER), &changed_file) {
            done.from.clone_from(&from.0);
            // Of the others nothing was said apart.
            done.findings = (stage == Stage::Labels).then_some(found);
            return Ok(Standing::Stands);
        }
        let names = from.0.keys().chain(done.from.keys().filter(|name| !from.0.contains_key(*name)));
        let different: Vec<String> = names
            .filter(|name| done.from.get(*name) != from.0.get(*name))
            .map(|name| name.replace('_', " "))
            .collect();
        let said = done.findings.as_ref().is_some_and(|hash| *hash != found);
        Ok(match changed_file {
            _ if !different.is_empty() => Standing::Differs(format!("other {}", different.join(", "))),
            Some(words) => Standing::Differs(words),
            None if said => Standing::Differs("findings.json was changed or damaged since".into()),
            None => Standing::Stands,
        })
    }

    /// Forgets a stage, before the first of its files is overwritten: a run that ends in between must not leave files of
    /// one origin under the record of another, nor files in a folder that is no case yet.
    ///
    /// # Errors
    /// A record that cannot be written.
    pub fn begin(&mut self, stage: Stage) -> Result<()> {
        let known = self.record.stages.remove(&stage);
        self.writing.clear();
        self.before = known.as_ref().map(|done| done.files.keys().cloned().collect()).unwrap_or_default();
        if known.is_some() || !self.folder.join("case.toml").exists() { self.save_record() } else { Ok(()) }
    }

    /// Records that the stage that was begun is done from these ingredients, and removes files that it had before and has no more.
    ///
    /// # Errors
    /// What cannot be written or removed.
    pub fn finish(&mut self, stage: Stage, from: Ingredients, findings: Option<&[Finding]>) -> Result<()> {
        let files = std::mem::take(&mut self.writing);
        for name in std::mem::take(&mut self.before) {
            if !files.contains_key(&name) {
                self.remove(&name)?;
            }
        }
        let found = findings.map(|list| value_hash(&list)).transpose()?;
        if let Some(list) = findings {
            self.set_findings(stage, Some(list));
        }
        let done = Done { program: version(), findings: found, from: from.0, files };
        self.record.stages.insert(stage, done);
        self.save_record()
    }

    /// Forgets a stage with all its files and findings.
    ///
    /// # Errors
    /// What cannot be written or removed.
    pub fn discard(&mut self, stage: Stage) -> Result<()> {
        let Some(done) = self.record.stages.remove(&stage) else { return Ok(()) };
        if done.findings.is_some() {
            self.set_findings(stage, None);
        }
        self.save_record()?;
        done.files.keys().try_for_each(|name| self.remove(name))
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
        if std::mem::take(&mut self.is_unsaid) {
            self.write_json("findings.json", &self.findings)?;
        }
        let text = toml::to_string(&self.record).context("case.toml cannot be written as TOML")?;
        self.write("case.toml", text.as_bytes())
    }

    /// Tells who reads the report in a line that it is older than a file of the case.
    ///
    /// # Errors
    /// A report that cannot be read or written.
    pub fn mark_report(&self, than: &str) -> Result<()> {
        let path = self.folder.join("report.html");
        let Ok(page) = fs::read_to_string(&path) else { return Ok(()) };
        let Some((head, body)) = page.split_once("<body>\n").filter(|(_, body)| !body.starts_with(OLDER))
        else {
            return Ok(());
        };
        let line = format!("{OLDER}This report is older than {than}: run coxa report.</strong></p>\n");
        self.write("report.html", format!("{head}<body>\n{line}{body}").as_bytes())
    }
}

/// How one speaks of what a stage left.
fn them(stage: Stage) -> &'static str {
    match stage {
        Stage::Labels | Stage::Surfaces | Stage::Loads | Stage::Gallery | Stage::Contacts => "them",
        _ => "it",
    }
}
