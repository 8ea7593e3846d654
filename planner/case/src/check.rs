//! Whether a case holds what it says: every hash, every range, what rests on what. Nothing is written.

use crate::failure::message;
use crate::folder::{
    self, CaseRecord, LABELS_FILE, Older, PLAN_FILE, Stage, holder, read_history, read_record,
};
use crate::input;
use crate::source::file_hash;
use crate::stages::GivenPlan;
use anyhow::{Result, bail};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Mesh, mesh};
use coxa_panel::FOLDER;
use coxa_planner::panels::stored;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What was looked at and what does not hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckUp {
    /// Form of the case folder, as it lies on the disk.
    pub form: u32,
    /// Version of the program that wrote it last.
    pub program: String,
    /// Files of the case that were looked at.
    pub files: usize,
    /// Stages with what they rest on, in their order.
    pub stages: Vec<StageLine>,
    /// What does not hold, a line each: the file, what is wrong, what to do.
    pub wrong: Vec<String>,
    /// Results that are older than what they are made from, with the command that brings each up to it; nothing is wrong with them.
    pub older: Vec<String>,
    /// Files in the folder that are not Coxa's; it leaves them alone.
    pub others: Vec<String>,
}

/// A stage and what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageLine {
    /// The stage.
    pub stage: Stage,
    /// Version of the program that made it.
    pub program: String,
    /// What it was made from, by name.
    pub from: Vec<String>,
    /// Its files.
    pub files: usize,
}

/// Looks a case through.
///
/// # Errors
/// What is no case, or one that another program has at work.
pub fn check(folder: &Path) -> Result<CheckUp> {
    let record = read_record(folder)?;
    if let Some(holder) = holder(folder) {
        bail!("{} is in use by {holder}; run this command again when that has finished", folder.display());
    }
    let mut names: BTreeMap<&String, Option<Stage>> = record.files.keys().map(|name| (name, None)).collect();
    for (stage, done) in &record.stages {
        names.extend(done.files.keys().map(|name| (name, Some(*stage))));
    }
    let looked_at = names.iter().filter_map(|(name, stage)| wrong_with(folder, &record, name, *stage));
    let mut wrong: Vec<String> = looked_at.collect();
    wrong.extend(unfinished(folder));
    wrong.extend(record_wrong(folder, &record)?);
    wrong.extend(folder::plans_wrong(folder));
    wrong.extend(modules_wrong(folder));
    let stages = record.stages.iter().map(|(stage, done)| StageLine {
        stage: *stage,
        program: done.program.clone(),
        from: done.from.keys().cloned().collect(),
        files: done.files.len(),
    });
    Ok(CheckUp {
        form: record.older_form.unwrap_or(record.format),
        program: record.program_version.clone(),
        files: names.len(),
        stages: stages.collect(),
        wrong,
        older: record.older(folder).iter().map(|older: &Older| older.in_words(folder)).collect(),
        others: others(folder, &record),
    })
}

/// What is wrong with one file.
fn wrong_with(folder: &Path, record: &CaseRecord, name: &str, stage: Option<Stage>) -> Option<String> {
    let path = folder.join(name);
    let shown = path.display();
    let command = stage.unwrap_or(Stage::Report).command(folder);
    let does = if stage == Some(Stage::Plan) { "restores it" } else { "rebuilds it" };
    let remedy = format!("coxa {command} {does}");
    let found = match file_hash(&path) {
        Ok(found) => found,
        Err(_) if !path.exists() => return Some(format!("{shown} is missing: {remedy}")),
        Err(error) => return Some(message(&error)),
    };
    // What its numbers say is looked at whoever wrote it.
    let unusable = usable(folder, record, name).err().map(|error| message(&error));
    if record.known_hash(name) == Some(&found) {
        return unusable.map(|why| format!("{shown} cannot be used: {why}"));
    }
    let does = match (stage, unusable) {
        (_, Some(why)) => format!("cannot be used: {why}"),
        (Some(Stage::Plan), None) => format!("was edited: run coxa plan --from {shown} to use it"),
        (Some(Stage::Labels), None) => format!("was edited: run coxa report {} to use it", folder.display()),
        _ => format!("was changed since Coxa wrote it: {remedy}"),
    };
    Some(format!("{shown} {does}"))
}

/// Whether a file can be read and its numbers can be what they say.
fn usable(folder: &Path, record: &CaseRecord, name: &str) -> Result<()> {
    let path = folder.join(name);
    match name {
        "anatomy.json" => folder::read_anatomy(folder).map(drop),
        "findings.json" => folder::read_findings(folder).map(drop),
        "muscles.json" => folder::read_trust(folder).map(drop),
        "rom.json" => folder::read_simulation(folder).map(drop),
        "loads.json" => folder::read_loads(folder).map(drop),
        "optimise.json" => folder::read_optimisation(folder).map(drop),
        "uncertainty.nii.gz" => folder::read_uncertainty(folder).map(drop),
        LABELS_FILE => folder::read_labels(folder).map(drop),
        PLAN_FILE | "plan_by_rule.toml" => {
            let (catalogue, _) = input::catalogue(None, record.input.implants.as_ref())?;
            Ok(GivenPlan::read(&path, &catalogue, record.input.side).map(drop)?)
        }
        _ if name.ends_with(".ply") => Ok(mesh::file::read::<Patient>(&path).map(drop::<Mesh<Patient>>)?),
        _ if name.ends_with(".json") => folder::read_values(folder, name).map(drop),
        _ => Ok(()),
    }
}

/// What is wrong with the panels of modules.
fn modules_wrong(folder: &Path) -> Vec<String> {
    let found = stored(folder);
    let changed = found.panels.iter().filter_map(|stored| {
        let place = folder.join(FOLDER).join(&stored.panel.module);
        stored.caution.as_ref().map(|_| {
            format!("{} was changed since the module wrote it: run the module again", place.display())
        })
    });
    changed.chain(found.problems.iter().cloned()).collect()
}

/// A change that was not completed.
fn unfinished(folder: &Path) -> Option<String> {
    folder::is_unfinished(folder).then(|| {
        format!(
            "{0} holds an unfinished change of an interrupted run: coxa report {0} completes it",
            folder.display()
        )
    })
}

/// Whether `case.toml` is as Coxa left it, by the last line of the history.
fn record_wrong(folder: &Path, record: &CaseRecord) -> Result<Vec<String>> {
    let history = read_history(folder)?;
    let mut wrong = Vec::new();
    if history.damaged > 0 {
        wrong.push(format!(
            "{}: number of lines that cannot be read: {}; the others are used",
            folder.join("history.jsonl").display(),
            history.damaged
        ));
    }
    if history.entries.is_empty() && !record.stages.is_empty() && record.older_form.is_none() {
        wrong.push(format!(
            "{} is missing: earlier steps are not known, and coxa undo cannot go back",
            folder.join("history.jsonl").display()
        ));
    }
    let path = folder.join("case.toml");
    if !folder::is_unfinished(folder) && history.is_edited(&file_hash(&path)?) {
        wrong.push(format!(
            "{} does not match the last lines of history.jsonl: one of the two was changed. Coxa uses the files \
             and options in case.toml as they stand",
            path.display()
        ));
    }
    Ok(wrong)
}

/// Files that the record does not name, three folders deep.
fn others(folder: &Path, record: &CaseRecord) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![(String::new(), 0)];
    while let Some((within, depth)) = folders.pop() {
        let entries = std::fs::read_dir(folder.join(&within)).into_iter().flatten().flatten();
        for entry in entries {
            let Ok(own) = entry.file_name().into_string() else { continue };
            let name = if within.is_empty() { own } else { format!("{within}/{own}") };
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if depth < 3 && !folder::is_own_folder(&name) {
                    folders.push((name, depth + 1));
                }
            } else if record.known_hash(&name).is_none() && !folder::is_own_file(&name) {
                found.push(name);
            }
        }
    }
    found.sort();
    found
}
