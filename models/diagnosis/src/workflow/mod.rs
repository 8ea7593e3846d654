//! The whole way of a module: from a table to a trained and judged model, and from a model to predictions.

mod apply;
mod error;
mod external;
mod predict_images;
mod prepare;
mod train;
mod train_network;

pub use apply::{Applied, apply};
pub use error::WorkflowError;
pub use external::{ExternalInput, Judged, evaluation_run, external};
pub use predict_images::{Explained, ImagePrediction, predict_images};
pub use prepare::{Prepared, TableOptions, prepare};
pub use train::train_module;
pub use train_network::{NetworkProgress, NetworkTraining, clear_training, train_networks};
