#![doc = include_str!("../README.md")]

mod error;
mod graph;
mod manifest;
mod named_graph;
mod network;
mod predictions;
mod session;
mod shipped;
mod vote;
mod windows;

pub use error::NetworkError;
pub use manifest::{Activation, Dropout, GraphFile, InputSpec, Manifest, Normalisation};
pub use named_graph::{NamedGraph, NamedTensor, Port};
pub use network::Network;
pub use predictions::Predictions;
