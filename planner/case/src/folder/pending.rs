//! What is being written, as the record keeps it until all of it is done.

use super::done::{Done, Stage};
use super::history::Entry;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A change of a case that is under way: its new files lie in `.partial/`, whole and on the disk. Whoever opens the case completes it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pending {
    /// Stages that go with their files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Stage>,
    /// Files that come, by their paths in the case, with their hashes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    /// Hashes that Coxa knows of files which these replace, and of files that go.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub before: BTreeMap<String, String>,
    /// Which of the files that come belong to no stage.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub of_no_stage: BTreeMap<String, String>,
    /// Its line in the history.
    #[serde(default)]
    pub entry: Entry,
    /// The stage that is done then.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub done: BTreeMap<Stage, Done>,
}

impl Pending {
    /// Files that go.
    pub(super) fn removed(&self) -> impl Iterator<Item = (&String, &String)> {
        self.before.iter().filter(|(name, _)| !self.files.contains_key(*name))
    }

    /// Whether nothing but the record changes.
    pub(super) fn is_of_record_alone(&self) -> bool {
        self.files.is_empty() && self.before.is_empty()
    }
}

/// The change that is being made.
#[derive(Default)]
pub(super) struct Writing {
    /// Files so far, with their hashes.
    pub(super) files: BTreeMap<String, String>,
    /// Hashes of files of a person's that these replace, whose words are kept elsewhere.
    pub(super) kept_elsewhere: BTreeMap<String, String>,
    /// Stages that go with it.
    pub(super) gone: Vec<Stage>,
    /// Whether a stage was begun.
    pub(super) is_begun: bool,
}
