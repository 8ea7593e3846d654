//! Inverse kinematics: the coordinates of a model that bring its markers nearest to those that were measured.
//!
//! Of each frame the weighted mean of the squared distances of markers, in metres, and the weighted squares of what coordinates miss of their tasks, in radians and metres, are made least
//! together, as OpenSim's `InverseKinematicsTool` does. Coordinates that follow others do so exactly, locked ones stay, clamped ones stay within their range.

mod error;
mod goals;
mod plausible;
mod solver;
#[cfg(test)]
pub(crate) mod tests;
mod track;

pub use error::TrackingError;
pub use goals::Goals;
pub use solver::{Miss, Solver};
pub use track::{Tracked, average, objective, track};
