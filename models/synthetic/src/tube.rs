//! A vessel as balls along its course.

use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side};

/// One vessel in the patient.
#[derive(Debug, Clone)]
pub(super) struct Tube {
    pub(super) name: &'static str,
    pub(super) side: Side,
    pub(super) label: u8,
    pub(super) blood_hu: f64,
    /// Middle and outer radius.
    pub(super) course: Vec<(Point<Patient>, f64)>,
}
