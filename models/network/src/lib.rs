//! Networks that a user brings: an ONNX export of a segmentation network with a manifest that says how to feed it.
//!
//! 1. [`Manifest`] says orientation, voxel size, window, normalisation and what the classes mean.
//! 2. The CT is brought to the network's grid; windows slide over it (`windows`), each through every graph (`graph`).
//! 3. Back on the CT's grid, each voxel takes the structure that most of its neighbours on the network's grid vote for,
//!    weighted by nearness and probability (`vote`).
//!
//! The engine is tract, in pure Rust: slower than ONNX Runtime, but the same everywhere and without anything to install.

mod error;
mod graph;
mod manifest;
mod network;
mod shares;
mod shipped;
mod vote;
mod windows;

pub use error::NetworkError;
pub use manifest::{Activation, Dropout, GraphFile, InputSpec, Manifest, Normalisation};
pub use network::Network;
pub use shares::Shares;
