//! One way in which things may turn out.

use super::hip::Miss;
use super::questions::Stance;

/// One way in which things may turn out: what theatre misses, how the patient differs from the measurements.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sample {
    pub(crate) miss: Miss,
    pub(crate) stance: Stance,
    /// Bone truly reaches so much further out than was measured.
    pub(crate) bone_outside_mm: f64,
    /// Leg length and offset differ by so much more than was measured.
    pub(crate) leg_length_mm: f64,
    pub(crate) offset_mm: f64,
    /// What the socket truly measures more, and the reamer takes more.
    pub(crate) socket_diameter_mm: f64,
}
