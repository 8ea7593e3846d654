//! Do predicted probabilities mean what they say, and how are they put right?

mod brier;
mod forecasts;
mod isotonic;
mod loess;
mod logistic;
mod recalibrate;
mod reliability;
mod smooth;

pub use brier::{Brier, brier};
pub use forecasts::Forecasts;
pub use logistic::{CalibrationLine, calibration_line};
pub use recalibrate::{
    Recalibrator, fit_beta, fit_class_temperature, fit_isotonic, fit_platt, fit_temperature,
};
pub use reliability::{ReliabilityBin, reliability};
pub use smooth::{SmoothCalibration, smooth_calibration};
