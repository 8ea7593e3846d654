//! Bone density from CT numbers, and how a user says what it is calibrated by.

mod density;
mod file;
mod histogram;

pub use density::{Calibration, CalibrationError, CalibrationMethod, Rod};
pub use file::{CalibrationChoice, CalibrationFileError, GivenRod};
