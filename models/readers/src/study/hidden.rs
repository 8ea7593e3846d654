//! What no reader and no page gets: truths, and the names that cases have at home.

use crate::mark::Mark;
use serde::{Deserialize, Serialize};

/// What is hidden of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HiddenCase {
    /// Its pseudonym in the study.
    pub id: String,
    /// Its name in the table that the study was made from.
    pub case: String,
    /// The patient's name there.
    pub patient: String,
    /// 0 or 1, or the name of a class.
    pub truth: String,
    /// What the module alone rates it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// True marks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}
