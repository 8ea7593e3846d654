//! Models of tables: nested cross-validation by patient, calibration, and what the module must be better than.

mod baselines;
mod calibrate;
mod error;
mod networked;
mod protocol;
mod retrain;
mod train;
mod trained;

pub(crate) use baselines::{CasesOfOutput, baselines};
pub use calibrate::{calibrated, recalibrated};
pub use error::TrainError;
pub(crate) use networked::{OutOfFold, networked};
pub(crate) use retrain::RETRAINED;
pub use train::{patients, train};
pub use trained::{FittedOutput, FoldLog, Trained, TrainedOutput};
