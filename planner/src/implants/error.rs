//! What is not in the catalogue, and what is wrong with a part.

use serde::Serialize;
use std::fmt;
use std::path::PathBuf;

/// Something that is not in the catalogue, or a catalogue that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A name or size that no part has.
    #[error("unknown {what} '{name}': available are {known}")]
    Unknown {
        /// What was looked for.
        what: &'static str,
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// A stem family has no neck that goes with a head.
    #[error("stem family '{family}' has no neck for a head of {head_mm} mm")]
    NoNeck {
        /// The family.
        family: String,
        /// Diameter of the head.
        head_mm: f64,
    },
    /// A folder or file could not be read.
    #[error("cannot read {}", .path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A user's part has problems.
    #[error("{} cannot be used: {}", .path.display(), list(.problems))]
    BadPart {
        /// The part's TOML.
        path: PathBuf,
        /// All of them.
        problems: Vec<Problem>,
    },
    /// A size of a stem does not go with the others of its family.
    #[error("{}: the neck differs from the other sizes of '{family}': {difference}; give it the same neck, or another family", .path.display())]
    OtherNeck {
        /// The later file.
        path: PathBuf,
        /// The family.
        family: String,
        /// What differs.
        difference: String,
    },
    /// Two parts have the same name.
    #[error("{}: {what} '{name}' exists already; give it another name", .path.display())]
    Duplicate {
        /// The later file.
        path: PathBuf,
        /// What.
        what: &'static str,
        /// Its name.
        name: String,
    },
}

/// One thing that is wrong with a user's part, in a sentence that says what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable snake_case code, such as `units` or `not_watertight`.
    pub code: &'static str,
    /// The sentence.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Items with commas between them.
pub(crate) fn list<T: fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|i| i.to_string()).collect::<Vec<_>>().join(", ")
}
