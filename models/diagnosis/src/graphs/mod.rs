//! Networks of a module: loaded and held against the manifest, run on the images of cases, explained.

mod draft;
mod error;
mod explain;
mod load;
mod predict;

pub use draft::{FILL_IN, draft};
pub use error::GraphError;
pub use explain::{Attention, attention};
pub use load::Graphs;
pub use predict::GraphInput;
pub(crate) use predict::to_prediction;
