//! Plans that a case had: each is kept in `plans/` in its own words, and can be taken up again.

use super::done::{Done, Stage, version};
use super::history::{Entry, read_history};
use super::names::{PLAN_FILE, PLANS};
use super::{Case, disk};
use crate::bounded::read_text;
use crate::source::text_hash;
use crate::trail::now;
use anyhow::{Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A plan is a page.
const MOST_BYTES: u64 = 1 << 20;

/// A plan that was taken up again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierPlan {
    /// When it became the plan of the case.
    pub time: String,
    /// By which command.
    pub command: String,
    /// Where the plan lies, in the case, that it takes the place of.
    pub instead_of: String,
}

impl Case {
    /// Writes the plan of the stage that was begun, and keeps its words among the plans that the case had.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn put_plan(&mut self, text: &str) -> Result<()> {
        self.keep_words(text)?;
        self.put(PLAN_FILE, text.as_bytes())
    }

    /// The same as [`keep_words`], with the stage that is being written.
    fn keep_words(&mut self, text: &str) -> Result<String> {
        if let Some(name) = words_of(&self.folder, &text_hash(text)).0 {
            return Ok(name);
        }
        let name = name_for(text);
        self.put(&name, text.as_bytes())?;
        Ok(name)
    }

    /// The plan that was last carried out, in its author's words; `None` where there is none, or its copy is gone or was changed.
    pub(crate) fn carried_out(&self) -> Option<String> {
        let hash = self.done(Stage::Plan)?.files.get(PLAN_FILE)?;
        words_of(&self.folder, hash).1
    }

    /// Takes up the plan before the present one, or the plan that was carried out last where it was edited since. The other one stays
    /// in `plans/`.
    ///
    /// # Errors
    /// No earlier plan, or one whose words are gone; whatever the system refuses.
    pub fn undo_plan(&mut self) -> Result<EarlierPlan> {
        let folder = self.folder.display();
        let present = std::fs::read_to_string(self.folder.join(PLAN_FILE)).ok();
        let history = read_history(&self.folder)?;
        let mut earlier = had(&history.entries);
        let last = earlier.last().and_then(|entry| entry.files.get(PLAN_FILE));
        if present.as_ref().is_some_and(|text| last == Some(&text_hash(text))) {
            earlier.pop();
        }
        if earlier.is_empty() {
            bail!(
                "{folder} holds no earlier plan: there is nothing to undo. Any plan in {folder}/{PLANS} can be used again: coxa plan --from {folder}/{PLANS}/NAME.toml"
            );
        }
        // Plans whose words are gone or were changed do not bar the way to those before.
        let mut found = None;
        while let (None, Some(entry)) = (&found, earlier.last()) {
            let text = entry.files.get(PLAN_FILE).and_then(|hash| words_of(&self.folder, hash).1);
            if text.is_none() {
                self.notes.push(format!(
                    "the plan of {} in {PLANS}/ is missing or was changed, and is skipped",
                    entry.time.replace(char::is_control, "?")
                ));
                earlier.pop();
            }
            found = text;
        }
        let (Some(text), Some(entry)) = (found, earlier.last()) else {
            bail!("{folder}/{PLANS} holds no unchanged earlier plan: nothing is undone");
        };
        let from = entry.from.clone();
        let undone = EarlierPlan {
            time: entry.time.clone(),
            command: entry.command.clone(),
            instead_of: String::new(),
        };
        self.begin(Stage::Plan);
        let instead_of = match &present {
            Some(words) => {
                self.writing.kept_elsewhere.insert(PLAN_FILE.into(), text_hash(words));
                self.keep_words(words)?
            }
            None => String::new(),
        };
        self.put_plan(&text)?;
        let done = Done { program: version(), findings: None, from, files: BTreeMap::new() };
        self.finish_as(Stage::Plan, done, true)?;
        Ok(EarlierPlan { instead_of, ..undone })
    }
}

/// Keeps the words of a plan among the plans of a case that is [held](super::hold), unless they are there; returns their place.
///
/// # Errors
/// Whatever the system refuses.
pub fn keep_words(folder: &Path, text: &str) -> Result<String> {
    if let Some(name) = words_of(folder, &text_hash(text)).0 {
        return Ok(name);
    }
    let name = name_for(text);
    let path = folder.join(&name);
    disk::make_folder(&folder.join(PLANS))?;
    disk::write(&path, text.as_bytes())?;
    disk::sync(&[path])?;
    disk::sync_folder(&folder.join(PLANS))?;
    disk::sync_folder(folder)?;
    Ok(name)
}

/// What does not hold of the plans of a case: those that were changed, and those of the history that are gone.
pub(crate) fn plans_wrong(folder: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    let entries = std::fs::read_dir(folder.join(PLANS)).into_iter().flatten().flatten();
    let mut there: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    // Others are the user's own.
    there.retain(|name| name.contains("Z-") && name.ends_with(".toml"));
    there.sort();
    let shown = |name: &str| folder.join(PLANS).join(name).display().to_string();
    for name in &there {
        let start = name.strip_suffix(".toml").and_then(|name| name.rsplit_once('-')).map(|(_, start)| start);
        let is_whole = start.is_some_and(|start| {
            read_text(&folder.join(PLANS).join(name), MOST_BYTES)
                .is_ok_and(|text| text_hash(&text).starts_with(start))
        });
        if !is_whole {
            wrong.push(format!("{} was changed since Coxa kept it: coxa undo skips it", shown(name)));
        }
    }
    let kept = read_history(folder).unwrap_or_default().entries;
    let names: BTreeSet<&str> = kept
        .iter()
        .flat_map(|entry| entry.files.keys())
        .filter_map(|name| name.strip_prefix(PLANS)?.strip_prefix('/'))
        .collect();
    let gone = names.into_iter().filter(|name| !there.iter().any(|there| there == name));
    wrong.extend(gone.map(|name| format!("{} is missing: coxa undo cannot go back to it", shown(name))));
    wrong
}

/// `plans/TIME-HASH.toml`; without colons, which not every file system takes.
fn name_for(text: &str) -> String {
    let time = now().replace([':', '-'], "");
    format!("{PLANS}/{time}-{}.toml", &text_hash(text)[..8])
}

/// Plans that a case had, without those that were undone: the last is the present one, unless a person edited that.
fn had(entries: &[Entry]) -> Vec<&Entry> {
    let mut plans: Vec<&Entry> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.stage == Some(Stage::Plan)) {
        let Some(hash) = entry.files.get(PLAN_FILE) else { continue };
        let is_of = |plan: &&Entry| plan.files.get(PLAN_FILE) == Some(hash);
        match (entry.is_undo, plans.iter().rposition(is_of)) {
            (true, Some(place)) => plans.truncate(place + 1),
            // The same plan carried out again is no other plan.
            (false, Some(place)) if place + 1 == plans.len() => {}
            _ => plans.push(entry),
        }
    }
    plans
}

/// The words of a plan with this hash, and their place in the case.
fn words_of(folder: &Path, hash: &str) -> (Option<String>, Option<String>) {
    let entries = std::fs::read_dir(folder.join(PLANS)).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    // The history may be anybody's words.
    let start = hash.get(..8).unwrap_or(hash);
    for name in names.into_iter().filter(|name| name.ends_with(&format!("-{start}.toml"))) {
        let name = format!("{PLANS}/{name}");
        if let Ok(text) = read_text(&folder.join(&name), MOST_BYTES)
            && text_hash(&text) == hash
        {
            return (Some(name), Some(text));
        }
    }
    (None, None)
}
