//! Why a panel cannot be written or read.

use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a panel cannot be written or read.
#[derive(Debug, Error)]
pub enum PanelError {
    /// A file or folder that the system refuses.
    #[error("cannot {action} {}: {}", path.display(), reason(error))]
    File {
        /// What was to be done: `read`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file that holds no panel, or not the one that its place says.
    #[error("{} cannot be used: {what}; run the module again, or remove its folder", path.display())]
    Damaged {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A link or a file where Coxa keeps a folder or a file of its own.
    #[error("{} is {what}; Coxa follows no link out of a case and replaces nothing that is not its own: move it away", path.display())]
    InTheWay {
        /// What is there.
        path: PathBuf,
        /// What it is: `a link`.
        what: &'static str,
    },
    /// A panel that no case can hold.
    #[error("the panel of {module:?} cannot be kept: {what}")]
    Unfit {
        /// Name of the module.
        module: String,
        /// What is wrong with it.
        what: String,
    },
}

/// What the system says, without the number of its error.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied; change who may use it".into(),
        io::ErrorKind::StorageFull => "the disk is full; make room and run the command again".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".into(),
        kind => kind.to_string(),
    }
}

/// An error of the system as one of a path.
pub(crate) fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PanelError + use<> {
    let path = path.to_owned();
    move |error| PanelError::File { action, path, error }
}

/// A file that holds no panel.
pub(crate) fn damaged(path: &Path, what: impl Into<String>) -> PanelError {
    PanelError::Damaged { path: path.to_owned(), what: what.into() }
}
