//! `history.jsonl`: what was done to a case, a line each, appended and never rewritten.

use super::disk;
use super::done::{Stage, version};
use super::names::HISTORY_FILE;
use crate::bounded::read_bytes;
use crate::trail::{invocation, now};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// Ten thousand plans.
const MOST_BYTES: u64 = 256 << 20;

/// One change of a case.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Entry {
    /// When it was done, in UTC.
    pub time: String,
    /// The command line, without paths and identifiers.
    pub command: String,
    /// Its process, which tells two runs of a command apart.
    pub process: u32,
    /// Version of the program.
    pub program: String,
    /// Who ran it, where they said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The stage that was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Whether an earlier plan was taken up again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_undo: bool,
    /// Hashes of what it was made from, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub from: BTreeMap<String, String>,
    /// Hashes of the files that it left.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    /// Files of Coxa's that went, with the hashes that they had.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub removed: BTreeMap<String, String>,
    /// Hash of `case.toml` as it was written then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// Files of somebody else's that stood in the way, and where they are kept.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kept: BTreeMap<String, String>,
}

impl Entry {
    /// One of this process, now.
    pub(super) fn of_this_run() -> Self {
        let said = invocation();
        Entry {
            time: now(),
            command: said.command.clone(),
            process: std::process::id(),
            program: version(),
            user: said.user.clone(),
            ..Entry::default()
        }
    }
}

impl fmt::Display for Entry {
    /// In one line: time, command, what was done.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match (self.stage, self.is_undo) {
            (Some(_), true) => "previous plan restored".to_owned(),
            (Some(stage), false) => stage.to_string(),
            (None, _) if self.files.is_empty() => "options".to_owned(),
            (None, _) => {
                format!("{} marked as out of date", self.files.keys().cloned().collect::<Vec<_>>().join(", "))
            }
        };
        let user = self.user.as_ref().map(|user| format!(" by {user}")).unwrap_or_default();
        let mut line = format!("{} {}{user}: {what}", self.time, self.command);
        for (name, kept) in &self.kept {
            line.push_str(&format!("; {name} kept as {kept}"));
        }
        // Whatever wrote the file, a terminal gets one line.
        f.write_str(&line.replace(char::is_control, "?"))
    }
}

/// The history of a case; lines that are none, as a power cut leaves them, are counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// What was done, in order.
    pub entries: Vec<Entry>,
    /// Lines that cannot be read.
    pub damaged: usize,
}

impl History {
    /// Whether a `case.toml` of this hash is not as Coxa left it. The last line may be of a record that a run was ended over: the one before
    /// stands then.
    pub(crate) fn is_edited(&self, record: &str) -> bool {
        let written = self.entries.iter().rev().filter_map(|entry| entry.record.as_deref()).take(2);
        let mut written = written.peekable();
        written.peek().is_some() && !written.any(|hash| hash == record)
    }
}

/// Reads the history of a case; an empty one where there is none.
///
/// # Errors
/// A file that cannot be read.
pub fn read_history(folder: &Path) -> Result<History> {
    let path = folder.join(HISTORY_FILE);
    if !path.exists() {
        return Ok(History::default());
    }
    // A line may be torn within a letter.
    let bytes = read_bytes(&path, MOST_BYTES)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut history = History::default();
    for line in text.lines().filter(|line| !line.trim_matches('\0').trim().is_empty()) {
        match serde_json::from_str(line) {
            Ok(entry) => history.entries.push(entry),
            Err(_) => history.damaged += 1,
        }
    }
    Ok(history)
}

/// Appends a line, which the disk has when this returns.
pub(super) fn append(folder: &Path, entry: &Entry) -> Result<()> {
    let path = folder.join(HISTORY_FILE);
    let line = serde_json::to_string(entry).context("a line of the history cannot be written as JSON")?;
    // A line that a power cut left half-written stays by itself.
    let start = if ends_in_a_line(&path) { "" } else { "\n" };
    disk::append(&path, format!("{start}{line}\n").as_bytes())
}

/// Whether the last line of a file is whole.
fn ends_in_a_line(path: &Path) -> bool {
    use std::io::{Read, Seek, SeekFrom};
    let Ok(mut file) = std::fs::File::open(path) else { return true };
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(-1)).is_ok() {
        let _ = file.read_exact(&mut last);
    }
    last == [b'\n']
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_appended_and_a_torn_one_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read_history(folder.path()).unwrap(), History::default());
        let entry = |command: &str| Entry { command: command.into(), ..Entry::of_this_run() };
        append(folder.path(), &entry("first")).unwrap();
        let path = folder.path().join(HISTORY_FILE);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}{{\"time\": \"20")).unwrap();
        append(folder.path(), &entry("second")).unwrap();
        let history = read_history(folder.path()).unwrap();
        let commands: Vec<&str> = history.entries.iter().map(|entry| entry.command.as_str()).collect();
        assert_eq!((commands, history.damaged), (vec!["first", "second"], 1));
        assert!(history.entries[0].time.ends_with('Z'));
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend(b"{\"user\": \"J\xc3");
        std::fs::write(&path, bytes).unwrap();
        let history = read_history(folder.path()).unwrap();
        assert_eq!((history.entries.len(), history.damaged), (2, 2));
    }
}
