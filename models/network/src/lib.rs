#![doc = include_str!("../README.md")]

mod error;
mod graph;
mod manifest;
mod network;
mod predictions;
mod shipped;
mod vote;
mod windows;

pub use error::NetworkError;
pub use manifest::{Activation, Dropout, GraphFile, InputSpec, Manifest, Normalisation};
pub use network::Network;
pub use predictions::Predictions;
