//! The atlas of muscles about the mean bones of the shape models, and how the bones of a patient carry it.

mod atlas;
mod carry;
mod file;
mod muscle;
mod warp;

pub use atlas::MuscleAtlas;
pub use carry::{CarriedMuscles, carry};
pub use muscle::{AtlasMuscle, CarriedMuscle, Muscle};

/// What is said where the atlas that comes with the program cannot be read.
pub const DAMAGED_ATLAS: &str = "the built-in atlas is damaged: install Coxa again";
