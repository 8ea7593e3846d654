//! Why an image cannot be opened.

use std::path::{Path, PathBuf};

/// Why an image cannot be opened. Messages hold nothing of what stands in the file.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is no image, or not one that can be read.
    #[error("{file}: {reason}")]
    Unusable {
        /// Name of the file or folder.
        file: String,
        /// What is wrong.
        reason: String,
    },
}

impl ImageError {
    /// An error of the system about a path.
    pub(super) fn io(path: &Path, source: std::io::Error) -> ImageError {
        ImageError::Io { path: path.to_owned(), source }
    }

    /// What is wrong with a file or folder.
    pub(super) fn unusable(path: &Path, reason: impl Into<String>) -> ImageError {
        ImageError::Unusable { file: name_of(path), reason: reason.into() }
    }
}

/// The name of a file without its folders.
pub(super) fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
