//! What tissue a CT shows: bone density from CT numbers, thickness of the cortex, volume and fat of muscles.

pub mod calibration;
pub mod cortex;
mod histogram;
pub mod muscle;

pub use calibration::{Calibration, CalibrationError, CalibrationMethod, Rod};
pub use muscle::{MuscleMeasure, measure_muscles};
