//! Errors: which file, where in it, what is wrong, and what to do.

use coxa_imaging::image::ImageError;
use std::path::{Path, PathBuf};

/// Why something of a reader study cannot be done. Messages name no patient and nothing of what is hidden from readers.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadersError {
    /// The operating system refused.
    #[error("{}: {reason}", path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// In words, without codes.
        reason: String,
    },
    /// A cell of a table is not what its column asks for.
    #[error("{file}: row {row}, column {column}: {reason}")]
    Cell {
        /// File name.
        file: String,
        /// Row as a spreadsheet counts: the header is row 1.
        row: usize,
        /// Column by its name.
        column: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A table is wrong as a whole.
    #[error("{file}: {reason}")]
    File {
        /// File name.
        file: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The study asks for what cannot be done.
    #[error("{0}")]
    Study(String),
    /// Statistics that these ratings do not give.
    #[error("{what}: {source}")]
    Statistics {
        /// What was to be computed.
        what: String,
        /// Why it cannot be.
        source: coxa_statistics::StatisticsError,
    },
}

impl ReadersError {
    /// An error of the system about a path.
    pub(crate) fn io(path: &Path, error: &std::io::Error) -> ReadersError {
        use std::io::ErrorKind;
        let reason = match error.kind() {
            ErrorKind::NotFound => "no such file or folder".to_owned(),
            ErrorKind::PermissionDenied => "no permission".to_owned(),
            ErrorKind::AlreadyExists => "it exists already".to_owned(),
            ErrorKind::StorageFull => "the disk is full".to_owned(),
            kind => kind.to_string(),
        };
        ReadersError::Io { path: path.to_owned(), reason }
    }

    /// An error of a file by its name.
    pub(crate) fn file(path: &Path, reason: impl Into<String>) -> ReadersError {
        ReadersError::File { file: name_of(path), reason: reason.into() }
    }
}

impl From<ImageError> for ReadersError {
    fn from(error: ImageError) -> ReadersError {
        match error {
            ImageError::Io { path, source } => ReadersError::io(&path, &source),
            ImageError::Unusable { file, reason } => ReadersError::File { file, reason },
        }
    }
}

/// The name of a file without its folders.
pub(crate) fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
