//! A model made a person's by factors along the axes of its bodies, as OpenSim's Scale Tool does it.

mod body;
mod factors;
mod model;
mod place;
#[cfg(test)]
mod tests;

pub use factors::{Factors, ScalingError, factors};
pub use model::scaled;
pub use place::{Placed, place};
