//! The jobs of a study, to choose a patient and its plan from: what the list holds, which rows are in it and in which order, and how the case
//! of a row is made.

mod choice;
mod job;
mod list;
mod table;

pub use choice::{Choice, Key, Order};
pub use job::JobOfStudy;
pub use list::StudyList;
pub use table::{Cell, Column, Content, Table, Tone};

use coxa_scenario::store::Store;
use std::path::Path;

/// Whether a folder holds the results of a study. A folder that does may still be damaged: whoever opens it learns why.
pub fn is_study(folder: &Path) -> bool {
    Store::is_at(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_study_is_known_by_its_file() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_study(folder.path()));
        std::fs::write(folder.path().join("scenario.json"), "").unwrap();
        assert!(is_study(folder.path()) && !is_study(&folder.path().join("missing")));
    }
}
