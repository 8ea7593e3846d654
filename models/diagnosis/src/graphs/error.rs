//! Why the networks of a module cannot be used.

use coxa_network::NetworkError;
use thiserror::Error;

/// Why the networks of a module cannot be used.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum GraphError {
    /// A file cannot be read or run.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// A graph is not what the manifest says.
    #[error("{file}: {what}")]
    Form {
        /// Name of the file.
        file: String,
        /// What does not fit.
        what: String,
    },
    /// An explanation that the module does not allow.
    #[error("{0}")]
    Explain(String),
}
