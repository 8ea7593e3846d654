#![doc = include_str!("../README.md")]

pub mod association;
pub mod cases;
pub mod derived;
pub mod evaluation;
pub mod manifest;
pub mod report;
pub mod run;
pub mod training;
pub mod virtual_cases;
mod workflow;

pub use workflow::{
    Applied, Asking, Judged, Prepared, WorkflowError, apply, external, prepare, train_module,
};
