#![doc = include_str!("../README.md")]

mod data;
mod error;
mod shapley;

pub use data::{Outcomes, Predictions, Table};
pub use error::LearningError;
pub use shapley::Shapley;
