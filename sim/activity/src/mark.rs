//! Where the numbers of an activity come from.

use serde::{Deserialize, Serialize};

/// Where a number comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Read in the source that the activity names, or in an abstract or restatement of it.
    Found,
    /// Computed from numbers that were found.
    Derived,
    /// Known or assumed, and to be verified.
    Unverified,
}

/// Number of an activity's hip angles and pelvic tilts by where they come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Read in the source.
    pub found: usize,
    /// Computed from numbers that were found.
    pub derived: usize,
    /// Known or assumed, and to be verified.
    pub unverified: usize,
}

impl Evidence {
    /// Counts numbers of one mark.
    pub(crate) fn add(&mut self, mark: Mark, count: usize) {
        match mark {
            Mark::Found => self.found += count,
            Mark::Derived => self.derived += count,
            Mark::Unverified => self.unverified += count,
        }
    }
}
