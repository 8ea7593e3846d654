//! Before or after the operation.

use serde::{Deserialize, Serialize};

/// Whether the hip is seen as it was scanned or as it will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// As scanned.
    Before,
    /// With the planned implants, the femur resected and reduced.
    #[default]
    Planned,
}
