//! What goes wrong with cases and edits, and what to do.

use coxa_planner::adjust::AdjustError;
use coxa_planner::implants::CatalogueError;
use std::io;
use std::path::{Path, PathBuf};

/// Why a case cannot be opened for planning.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder is none of a case.
    #[error("{0}")]
    NotACase(String),
    /// A newer program wrote it.
    #[error("{0}")]
    Newer(String),
    /// A stage is missing.
    #[error("{0}")]
    Incomplete(String),
    /// A stage was made from something else than the case holds now, or by a program that kept no record of that.
    #[error("{0}")]
    Older(String),
    /// A file is damaged.
    #[error("{0}")]
    Damaged(String),
    /// The user's own implants are gone or changed.
    #[error("the implants of this case cannot be used: {0}; restore them, or plan with others: coxa plan --from {plan} --implants FOLDER", plan = .1.display())]
    Implants(String, PathBuf),
    /// `plan.toml` cannot be carried out.
    #[error("{path} cannot be carried out: {message}; correct that line, or remove the file and plan again")]
    Plan {
        /// The document.
        path: String,
        /// What is wrong, with its line.
        message: String,
    },
}

/// Why an edit is not carried out. The plan stands as it was.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EditError {
    /// A component cannot be moved so.
    #[error(transparent)]
    Adjust(#[from] AdjustError),
    /// A part that the catalogue does not have.
    #[error("{0}")]
    Part(String),
    /// What would come out is no plan.
    #[error("{0}")]
    NoPlan(String),
    /// What was asked for is not there.
    #[error("{0}")]
    NotThere(String),
}

impl From<CatalogueError> for EditError {
    fn from(error: CatalogueError) -> Self {
        EditError::Part(error.to_string())
    }
}

/// Why something was not written. Nothing is lost: it stands in the session as before.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Somebody else changed the plan since it was read.
    #[error(
        "{} was changed by somebody else since it was opened: reload it or overwrite it", .path.display()
    )]
    ChangedOnDisk {
        /// The plan.
        path: PathBuf,
    },
    /// The plan was removed since it was read.
    #[error("{} was removed by somebody else since it was opened: save again to recreate it", .path.display())]
    Gone {
        /// The plan.
        path: PathBuf,
    },
    /// The folder cannot be written.
    #[error("cannot write {}: it is read-only for you; save a copy elsewhere, or ask for write permission", .path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// A copy would take the place of something else.
    #[error("{} already exists: choose another file name for the copy", .path.display())]
    IsThere {
        /// The file.
        path: PathBuf,
    },
    /// The system refuses.
    #[error("{message}")]
    Failed {
        /// Which file, what is wrong, what to do.
        message: String,
    },
}

impl SaveError {
    pub(super) fn of(action: &str, path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                SaveError::ReadOnly { path: path.to_owned() }
            }
            _ => {
                SaveError::Failed { message: coxa_case::failure::file_error(action, path, error).to_string() }
            }
        }
    }
}

impl Notice {
    /// Whether it tells what a look at the disk finds, anew each time.
    pub const fn is_of_disk(&self) -> bool {
        match self {
            Notice::PlanChangedOnDisk
            | Notice::PlanGone
            | Notice::CaseChangedOnDisk { .. }
            | Notice::Unreadable { .. } => true,
            Notice::Recoverable { .. }
            | Notice::NotRecovered { .. }
            | Notice::NotKept { .. }
            | Notice::OpenElsewhere
            | Notice::ReadOnly { .. } => false,
        }
    }
}

/// What the user should know about the case that is open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Notice {
    /// A session ended before it was saved.
    #[error(
        "an earlier session ended with unsaved edits or notes in {}{}: restore or discard them",
        if *.edits == 1 { "a plan".to_owned() } else { format!("{edits} plans") },
        if *.is_of_this_plan { "" } else { ", made to a plan.toml that somebody else has changed since" }
    )]
    Recoverable {
        /// How many variants.
        edits: usize,
        /// Whether they were made from `plan.toml` as it is now.
        is_of_this_plan: bool,
    },
    /// The side file of an earlier session cannot be used.
    #[error(
        "the unsaved edits of an earlier session cannot be used; their file was renamed to {name}: {message}"
    )]
    NotRecovered {
        /// Where it is now.
        name: String,
        /// Why.
        message: String,
    },
    /// `plan.toml` is not what it was.
    #[error("plan.toml was changed by somebody else since it was opened: reload it or overwrite it")]
    PlanChangedOnDisk,
    /// `plan.toml` is not there any more.
    #[error("plan.toml was removed since it was opened: save again to recreate it")]
    PlanGone,
    /// The bones or the anatomy are not what they were.
    #[error(
        "{name} was changed since the case was opened: save the plan and open the case again, from the list of cases"
    )]
    CaseChangedOnDisk {
        /// The file.
        name: String,
    },
    /// Something cannot be read any more.
    #[error("{message}")]
    Unreadable {
        /// Which and why.
        message: String,
    },
    /// Edits cannot be kept in the case.
    #[error("edits are in memory only until you save them: {message}")]
    NotKept {
        /// Why.
        message: String,
    },
    /// Another session has the case.
    #[error("this case is also open in another window: edits here are not autosaved")]
    OpenElsewhere,
    /// Edits are kept elsewhere, for the case cannot be written.
    #[error("the case cannot be written or its disk is full: edits are autosaved to {}; save a copy elsewhere", .path.display())]
    ReadOnly {
        /// Where edits are kept.
        path: PathBuf,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_not_be_written_says_what_to_do() {
        for kind in [io::ErrorKind::PermissionDenied, io::ErrorKind::ReadOnlyFilesystem] {
            let error = SaveError::of("write", Path::new("case/plan.toml"), &kind.into());
            assert!(matches!(&error, SaveError::ReadOnly { .. }), "{error}");
            assert!(
                error.to_string().contains("case/plan.toml") && error.to_string().contains("save a copy")
            );
        }
        let full = SaveError::of("write", Path::new("plan.toml"), &io::ErrorKind::StorageFull.into());
        assert!(matches!(&full, SaveError::Failed { message } if message.contains("plan.toml")), "{full}");
    }
}
