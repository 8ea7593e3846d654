//! Why a model cannot be read.

/// Why a model cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OsimError {
    /// No XML.
    #[error("not XML: {0}")]
    Xml(String),
    /// An element.
    #[error("line {line}, {path}: {why}")]
    At {
        /// Elements from the outermost on, with their names.
        path: String,
        /// Line in the file.
        line: u32,
        /// What is wrong.
        why: String,
    },
}
