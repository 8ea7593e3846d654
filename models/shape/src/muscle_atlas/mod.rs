//! The atlas of muscles about the mean bones of the shape models, and how the bones of a patient carry it.

mod atlas;
mod carry;
mod file;
mod warp;

pub use atlas::{AtlasMuscle, MuscleAtlas};
pub use carry::{CarriedMuscle, CarriedMuscles, carry};
