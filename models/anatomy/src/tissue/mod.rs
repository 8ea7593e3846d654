//! What tissue a CT shows: bone density from CT numbers, thickness of the cortex, volume and fat of muscles.

pub mod calibration;
mod calibration_file;
pub mod cortex;
mod histogram;
pub mod muscle;
pub mod on_vertices;

pub use calibration::{Calibration, CalibrationError, CalibrationMethod, Rod};
pub use calibration_file::{CalibrationChoice, CalibrationFileError, GivenRod};
pub(crate) use muscle::MUSCLES;
pub use muscle::{MuscleMeasure, measure_muscles};
pub use on_vertices::{VertexBone, bone_beneath};
