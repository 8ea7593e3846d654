#![doc = include_str!("../README.md")]

pub mod association;
pub mod cases;
pub mod derived;
pub mod evaluation;
pub mod graphs;
pub mod images;
pub mod manifest;
pub mod networks;
pub mod panels;
pub mod report;
pub mod run;
pub mod training;
pub mod virtual_cases;
mod workflow;

pub use workflow::{
    Applied, Explained, ExternalInput, ImagePrediction, Judged, NetworkProgress, NetworkTraining, Prepared,
    TableOptions, WorkflowError, apply, clear_training, evaluation_run, external, predict_images, prepare,
    train_module, train_networks,
};
