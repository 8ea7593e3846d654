//! The stages of a case, and what one that is done left.

use crate::source::file_hash;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// Under which name a stage keeps the hash of files that a person edited.
pub(crate) const EDITED: &str = "edited";

/// Version of this program.
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}

/// The stages of a case, each from those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The CT as read: its grid and what reading had to say.
    Ct,
    /// `labels.nii.gz` and its like.
    Labels,
    /// Bones in `surfaces/`.
    Surfaces,
    /// `anatomy.json`.
    Anatomy,
    /// What the optimiser found, `optimise.json`.
    Optimisation,
    /// `plan.toml` as Coxa wrote it or carried it out.
    Plan,
    /// The plan carried out: implants and cut bones in `surfaces/`.
    Planned,
    /// `rom.json`.
    RangeOfMotion,
    /// `loads.json`.
    Loads,
    /// What was achieved against what was planned, `evaluation.json`.
    Evaluation,
    /// Pictures of the report of bones and implants.
    Gallery,
    /// Pictures of the report of what stops each motion.
    Contacts,
    /// `report.html`.
    Report,
}

impl Stage {
    /// The command, without the program, that makes the files of the stage anew.
    pub(crate) fn command(self, folder: &Path) -> String {
        let folder = folder.display();
        match self {
            Stage::Optimisation => format!("optimise {folder}"),
            Stage::Evaluation => format!("evaluate {folder} ACHIEVED"),
            Stage::RangeOfMotion => format!("rom {folder}"),
            Stage::Loads => format!("load {folder}"),
            Stage::Plan => format!("undo {folder}"),
            _ => format!("report {folder}"),
        }
    }

    /// The file without which the stage tells of nothing; none of those that may come without.
    pub(crate) const fn main_file(self) -> Option<&'static str> {
        match self {
            Stage::Anatomy => Some("anatomy.json"),
            Stage::RangeOfMotion => Some("rom.json"),
            Stage::Loads => Some("loads.json"),
            Stage::Optimisation => Some("optimise.json"),
            Stage::Evaluation => Some("evaluation.json"),
            _ => None,
        }
    }

    /// All of them, each after those that it is made from.
    pub const ALL: [Stage; 13] = [
        Stage::Ct,
        Stage::Labels,
        Stage::Surfaces,
        Stage::Anatomy,
        Stage::Optimisation,
        Stage::Plan,
        Stage::Planned,
        Stage::RangeOfMotion,
        Stage::Loads,
        Stage::Evaluation,
        Stage::Gallery,
        Stage::Contacts,
        Stage::Report,
    ];

    /// Its name in `case.toml`.
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Ct => "ct",
            Stage::Labels => "labels",
            Stage::Surfaces => "surfaces",
            Stage::Anatomy => "anatomy",
            Stage::Optimisation => "optimisation",
            Stage::Plan => "plan",
            Stage::Planned => "planned",
            Stage::RangeOfMotion => "range_of_motion",
            Stage::Loads => "loads",
            Stage::Evaluation => "evaluation",
            Stage::Gallery => "gallery",
            Stage::Contacts => "contacts",
            Stage::Report => "report",
        }
    }

    /// Under which name `findings.json` holds what it had to say. A plan that is refused is never carried out.
    pub(crate) const fn findings_name(self) -> &'static str {
        match self {
            Stage::Ct => "input",
            Stage::Labels => "bones",
            Stage::Planned => "plan",
            other => other.name(),
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stage::Ct => "the CT",
            Stage::Labels => "labels",
            Stage::Surfaces => "surfaces",
            Stage::Anatomy => "anatomy",
            Stage::Optimisation => "the optimisation",
            Stage::Plan => "the plan",
            Stage::Planned => "the planned hip",
            Stage::RangeOfMotion => "the range of motion",
            Stage::Loads => "loads",
            Stage::Evaluation => "the evaluation",
            Stage::Gallery => "pictures",
            Stage::Contacts => "pictures of contacts",
            Stage::Report => "the report",
        })
    }
}

/// What a stage was made from and what it left.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Done {
    /// Version of the program that made it.
    pub program: String,
    /// Hash of what was found on the way, in `findings.json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findings: Option<String>,
    /// What it was made from, by name: hashes of stages, of files of the user's and of options.
    #[serde(default)]
    pub from: BTreeMap<String, String>,
    /// The files that it left, by their paths in the case, with their hashes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
}

impl Done {
    /// What tells it from the same stage made from something else: a hash of all that it holds.
    pub fn id(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut add = |text: &str| {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        };
        add(&self.program);
        add(self.findings.as_deref().unwrap_or_default());
        for (name, hash) in self.from.iter().chain(&self.files) {
            add(name);
            add(hash);
        }
        hasher.finalize().to_hex().to_string()
    }

    /// Whether it was taken up from files that a person edited.
    pub fn is_edited(&self) -> bool {
        self.from.contains_key(EDITED)
    }

    /// The first of its files that is not what it left.
    pub(crate) fn changed_file(&self, folder: &Path) -> Option<&str> {
        let is_same = |(name, hash): &(&String, &String)| {
            file_hash(&folder.join(name)).is_ok_and(|found| found == **hash)
        };
        self.files.iter().find(|file| !is_same(file)).map(|(name, _)| name.as_str())
    }
}
