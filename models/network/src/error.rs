//! Why a network cannot be used.

/// Why a network cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NetworkError {
    /// The operating system refused.
    #[error("cannot read {file}: {reason}")]
    Io {
        /// File name.
        file: String,
        /// What the system said.
        reason: String,
    },
    /// The manifest is not what it should be.
    #[error("{file} is not a usable network manifest: {reason}")]
    Manifest {
        /// File name.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// The weights are not those that the manifest was written for.
    #[error("{file} is not the file named in the manifest: its SHA-256 is {found}, expected {expected}")]
    Hash {
        /// File name.
        file: String,
        /// What the manifest says.
        expected: String,
        /// What the file has.
        found: String,
    },
    /// The graph cannot be run.
    #[error("{file}: {reason}")]
    Graph {
        /// File name.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// The CT is too large for windows of this size.
    #[error(
        "the network would need {needed_gb:.1} GB for one layer of its windows over this CT; use one with larger voxels, \
         fewer classes or shallower windows"
    )]
    Memory {
        /// What it would need.
        needed_gb: f64,
    },
}
