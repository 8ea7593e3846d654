//! Statistical shape models of bones: built from examples, fitted to what a scan shows, sampled.
//!
//! A model is a normal distribution of all vertices of one template surface at once: a mean, orthonormal modes with their
//! variances, and noise that the modes leave ([`ShapeModel`]). It is made of right bones; left ones are mirrored on
//! the way in and out. Few examples leave much unseen: a kernel whose amplitude and reach are
//! estimated from what each example shows beyond the others extends the model ([`ShapeModel::extended`]).

pub mod build;
mod extended;
pub mod file;
pub mod fit;
mod generalised_procrustes;
pub mod kernel;
mod left_out;
pub mod metrics;
pub mod model;
pub mod npy;
mod pieces;
mod provenance;
mod register;
pub mod regression;
mod scoring;
pub mod shipped;
mod start;
mod target;
#[cfg(test)]
mod tests;

pub use build::{BuildError, build};
pub use fit::{Fit, FitError, FitOptions, Sighting, fit, fit_pieces, fit_pieces_prepared, fit_prepared};
pub use generalised_procrustes::rigid_fit;
pub use kernel::{Kernel, KernelTerm};
pub use model::ShapeModel;
pub use pieces::Pieces;
pub use provenance::{Metrics, Provenance, Source};
pub use register::{Registered, register};
pub use regression::Observation;
pub use scoring::{SurfaceDistance, surface_distance};
