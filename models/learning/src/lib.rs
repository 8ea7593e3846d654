#![doc = include_str!("../README.md")]

mod baseline;
mod data;
mod design;
mod draws;
mod error;
mod folds;
mod linear;
mod prepare;
mod score;
mod shapley;
pub mod trees;

pub use baseline::{Carried, CarryForward, CarryForwardSettings, Constant, ConstantSettings};
pub use data::{Outcomes, Predictions, Table};
pub use draws::shuffled_outcomes;
pub use error::LearningError;
pub use folds::{EveryClass, Folds, grouped_folds, leave_one_group_out, refuse_leak, repeated_folds};
pub use linear::{Coefficients, Ending, Family, Regression, RegressionSettings, Target, regression};
pub use prepare::{Missing, Prepare, PrepareSettings};
pub use score::Criterion;
pub use shapley::Shapley;
