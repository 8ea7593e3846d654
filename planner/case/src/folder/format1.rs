//! Cases of form 1, whose record kept no hashes of what most stages left.
//!
//! Labels, what the optimiser found and the words of the plan are taken over, for they are dear; everything else is made anew from them.

use super::done::{Done, Stage};
use super::names::FINDINGS_FILE;
use super::record::{CaseRecord, FORMAT};
use crate::request::Request;
use crate::source::file_hash;
use anyhow::Result;
use coxa_anatomy::Bone;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What tells stages that were taken over from those of this form: they are believed until something that they rest on is made anew.
pub(crate) const TAKEN_OVER: &str = "form_1";

/// What segmentation leaves beside surfaces.
const LABEL_FILES: [&str; 4] = ["labels.nii.gz", "labels.json", "uncertainty.nii.gz", "muscles.json"];
/// What the optimiser leaves.
const OPTIMISATION_FILES: [&str; 2] = ["optimise.json", "plan_by_rule.toml"];

/// `case.toml` of form 1.
#[derive(Deserialize)]
struct Record {
    program_version: String,
    #[serde(default)]
    stages: BTreeMap<String, String>,
    input: Request,
}

/// A record of form 1 in this form, with the stages whose files are still what it says.
pub(super) fn migrated(folder: &Path, text: &str) -> Result<CaseRecord> {
    let old: Record = toml::from_str(text)?;
    let mut stages = BTreeMap::new();
    let mut take_over = |stage, files: &[&str], word: &str| -> Result<()> {
        let there = files.iter().filter(|name| folder.join(name).is_file());
        let hashes: Result<BTreeMap<String, String>> =
            there.map(|name| Ok(((*name).to_owned(), file_hash(&folder.join(name))?))).collect();
        let from = BTreeMap::from([(TAKEN_OVER.to_owned(), word.to_owned())]);
        stages.insert(
            stage,
            Done { program: old.program_version.clone(), findings: None, from, files: hashes? },
        );
        Ok(())
    };
    // Its key was what made the labels, and the hash of their file as it was left.
    let labels = old.stages.get("labels").and_then(|key| key.rsplit_once(' '));
    let path = folder.join("labels.nii.gz");
    if let Some((origin, hash)) = labels
        && path.is_file()
        && file_hash(&path)? == hash
    {
        take_over(Stage::Labels, &LABEL_FILES, origin)?;
        if folder.join(OPTIMISATION_FILES[0]).is_file() {
            take_over(Stage::Optimisation, &OPTIMISATION_FILES, "")?;
        }
    }
    if let Some(hash) = old.stages.get("plan") {
        // Who wrote it is not known: it is kept to as one of a person's.
        let files = BTreeMap::from([("plan.toml".to_owned(), hash.clone())]);
        let from = BTreeMap::from([("given".to_owned(), hash.clone())]);
        stages
            .insert(Stage::Plan, Done { program: old.program_version.clone(), findings: None, from, files });
    }
    let files = derived(folder)?;
    let program_version = old.program_version;
    Ok(CaseRecord {
        format: FORMAT,
        program_version,
        grid: None,
        older_form: Some(1),
        patient: None,
        files,
        stages,
        input: old.input,
        pending: None,
    })
}

/// Results that are made anew from labels and plan, by the names that Coxa gave them: they may be replaced.
fn derived(folder: &Path) -> Result<BTreeMap<String, String>> {
    const RESULTS: [&str; 7] = [
        FINDINGS_FILE,
        "anatomy.json",
        "rom.json",
        "rom_map.nii.gz",
        "loads.json",
        "evaluation.json",
        "pictures/gallery.json",
    ];
    let mut names: Vec<String> = RESULTS.map(String::from).into();
    let is_ours = |name: &str| {
        let stem = name.strip_suffix(".ply").unwrap_or_default();
        let is_bone = Bone::ALL.iter().any(|bone| bone.name() == stem.trim_start_matches("planned_"));
        is_bone || stem.starts_with("implant_") || name.ends_with(".png")
    };
    for within in ["surfaces", "pictures"] {
        let entries = std::fs::read_dir(folder.join(within)).into_iter().flatten().flatten();
        let found = entries.filter_map(|entry| entry.file_name().into_string().ok());
        names.extend(found.filter(|name| is_ours(name)).map(|name| format!("{within}/{name}")));
    }
    let there = names.into_iter().filter(|name| folder.join(name).is_file());
    there.map(|name| Ok((name.clone(), file_hash(&folder.join(name))?))).collect()
}
