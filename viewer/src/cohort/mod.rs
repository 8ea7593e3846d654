//! The cases of a folder, each with what its small files say: enough to choose one by, without bones, labels or CT.
//!
//! Whatever else lies in the folder is counted and left alone. A case that cannot be read is in the list too, with what is wrong
//! and what to do.

mod entry;

pub use entry::{CaseEntry, Reached, Summary};

use coxa_case::failure::{file_error, message};
use entry::{Catalogues, name_of};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// Folders that are looked into at most; nobody chooses from more by eye.
pub const MOST_CASES: usize = 5000;

/// The cases of a folder by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Cohort {
    /// The folder.
    pub folder: PathBuf,
    /// Its cases.
    pub entries: Vec<CaseEntry>,
    /// How much else there is: files, and folders that hold no case.
    pub others: usize,
    /// How many folders were not looked into, because there are more than [`MOST_CASES`].
    pub left_out: usize,
}

/// A folder whose cases cannot be listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CohortError(String);

impl Cohort {
    /// Reads what there is to say of each case in a folder.
    ///
    /// # Errors
    /// A folder that cannot be listed. A case that cannot be read is no error: it is in the list with the reason.
    pub fn read(folder: &Path) -> Result<Self, CohortError> {
        let failed = |e: &std::io::Error| CohortError(message(&file_error("list", folder, e)));
        let mut found: Vec<PathBuf> = Vec::new();
        let mut others = 0;
        for entry in std::fs::read_dir(folder).map_err(|e| failed(&e))? {
            // What vanished since, or cannot be looked at, is nothing that could be chosen.
            match entry.map(|entry| entry.path()) {
                Ok(path) if path.join("case.toml").symlink_metadata().is_ok() => found.push(path),
                _ => others += 1,
            }
        }
        found.sort_by_cached_key(|path| sort_key(&name_of(path)));
        let left_out = found.len().saturating_sub(MOST_CASES);
        found.truncate(MOST_CASES);
        let catalogues = Catalogues::default();
        let entries = found.par_iter().map(|path| CaseEntry::read(path, &catalogues)).collect();
        Ok(Cohort { folder: folder.to_owned(), entries, others, left_out })
    }

    /// Where a case has its siblings: the folder that it lies in.
    pub fn folder_of(case: &Path) -> PathBuf {
        let absolute = std::path::absolute(case).unwrap_or_else(|_| case.to_owned());
        absolute.parent().map_or(absolute.clone(), Path::to_owned)
    }

    /// The first case that can be opened.
    pub fn first_readable(&self) -> Option<&CaseEntry> {
        self.entries.iter().find(|entry| entry.content.is_ok())
    }
}

/// Orders `case 2` before `case 10`: numbers count by value, letters without their case.
fn sort_key(name: &str) -> Vec<(u8, u128, String)> {
    let mut key: Vec<(u8, u128, String)> = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let is_number = rest.starts_with(|c: char| c.is_ascii_digit());
        let end = rest.find(|c: char| c.is_ascii_digit() != is_number).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        match part.parse::<u128>().ok().filter(|_| is_number) {
            Some(number) => key.push((1, number, String::new())),
            None => key.push((2, 0, part.to_lowercase())),
        }
        rest = after;
    }
    // Names that differ in case or leading zeros alone still have one order.
    key.push((0, 0, name.to_owned()));
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_order_in_which_people_count() {
        let mut names = ["case 10", "Case 2", "case 2", "a", "case", "case 2b", "10", "9"];
        names.sort_by_cached_key(|name| sort_key(name));
        assert_eq!(names, ["9", "10", "a", "case", "Case 2", "case 2", "case 2b", "case 10"]);
    }

    #[test]
    fn a_folder_that_is_none_is_said_and_one_without_cases_is_empty() {
        let folder = tempfile::tempdir().unwrap();
        let missing = Cohort::read(&folder.path().join("missing")).unwrap_err();
        assert!(missing.to_string().contains("missing"), "{missing}");
        std::fs::write(folder.path().join("notes.txt"), "").unwrap();
        let empty = Cohort::read(folder.path()).unwrap();
        assert!(empty.entries.is_empty() && empty.others == 1 && empty.first_readable().is_none());
        assert_eq!(Cohort::folder_of(&folder.path().join("case")), folder.path());
    }
}
