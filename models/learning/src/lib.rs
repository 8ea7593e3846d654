#![doc = include_str!("../README.md")]

mod baseline;
mod choice;
mod cross_validation;
mod data;
mod design;
mod draws;
mod error;
mod folds;
mod grid;
mod linear;
mod model;
mod prepare;
mod score;
mod shapley;
pub mod trees;

pub use baseline::{Carried, CarryForward, CarryForwardSettings, Constant, ConstantSettings};
pub use choice::{Choice, FoldLoss, Protocol, choose};
pub use cross_validation::{Chosen, CrossValidated, cross_validate};
pub use data::{Outcomes, Predictions, Table};
pub use draws::shuffled_outcomes;
pub use error::LearningError;
pub use folds::{EveryClass, Folds, grouped_folds, leave_one_group_out, refuse_leak, repeated_folds};
pub use grid::{Grid, elastic_net};
pub use linear::{Coefficients, Ending, Family, Regression, RegressionSettings, Target, regression};
pub use model::{Model, Settings, SubsetSettings, fit};
pub use prepare::{Missing, Prepare, PrepareSettings};
pub use score::Criterion;
pub use shapley::Shapley;
