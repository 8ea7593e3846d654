//! The atlas of muscles about the mean bones of the shape models, and the strands of the thigh for which it has no surface.

mod atlas;
mod carry;
pub mod thigh;
mod thigh_carrier;
mod thigh_table;
mod warp;

pub use atlas::{AtlasMuscle, MuscleAtlas};
pub use carry::{CarriedMuscles, carry};
pub use thigh_carrier::ThighCarrier;
pub use thigh_table::NAMES as STRAND_NAMES;
