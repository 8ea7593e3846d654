//! Label maps: which structure each voxel belongs to.

use crate::Volume;
use serde::{Deserialize, Serialize};

/// One structure of a label map; `labels.json` is a list of these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// The voxel value; 0 is background and never listed.
    pub id: u8,
    /// snake_case name as TotalSegmentator's: `hip_right`, `femur_left`, `sacrum`, ...
    pub name: String,
    /// SNOMED CT code, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snomed: Option<String>,
    /// Colour for pictures, red, green, blue.
    pub colour: [u8; 3],
}

/// A multi-label map: every voxel has one structure or 0 for none.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelMap {
    /// Label ids on the grid of the CT they were made from.
    pub volume: Volume<u8>,
    /// The structures, ids unique, in ascending order.
    pub table: Vec<Label>,
}

impl LabelMap {
    /// The id of a structure by name; `None` where the table does not list it.
    pub fn id(&self, name: &str) -> Option<u8> {
        self.table.iter().find(|label| label.name == name).map(|label| label.id)
    }
}
