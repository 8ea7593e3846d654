//! A plan beside others, as the side file keeps it.

use serde::{Deserialize, Serialize};

/// More plans side by side than anybody compares; also what bounds the side file.
pub(super) const MOST_VARIANTS: usize = 32;

/// A plan beside others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// What the user calls it.
    pub name: String,
    /// What the user notes of it.
    #[serde(default)]
    pub notes: String,
    /// Its `plan.toml`.
    pub document: String,
}
