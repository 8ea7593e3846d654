//! How much a finding weighs.

use serde::{Deserialize, Serialize};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// To be looked at before the plan is used.
    Caution,
    /// The input or the plan cannot bear this; the program exits with code 1.
    Refusal,
}
