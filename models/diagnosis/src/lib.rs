#![doc = include_str!("../README.md")]

pub mod association;
pub mod cases;
pub mod derived;
pub mod evaluation;
pub mod graphs;
pub mod images;
pub mod manifest;
pub mod report;
pub mod run;
pub mod training;
pub mod virtual_cases;
mod workflow;

pub use workflow::{
    Applied, ExternalInput, Prepared, TableOptions, WorkflowError, apply, external, prepare, train_module,
};
