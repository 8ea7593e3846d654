#![doc = include_str!("../README.md")]

mod data;
mod error;

pub use data::{Outcomes, Predictions, Table};
pub use error::LearningError;
