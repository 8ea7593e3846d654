//! Models of tables: nested cross-validation by patient, calibration, and what the module must be better than.

mod calibrate;
mod error;
mod retrain;
mod rivals;
mod train;
mod trained;

pub use calibrate::{calibrated, recalibrated};
pub use error::TrainError;
pub use train::{patients, train};
pub use trained::{FittedOutput, FoldLog, Trained, TrainedOutput};
