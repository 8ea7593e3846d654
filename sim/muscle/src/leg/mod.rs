//! The leg that ships: a right leg with its pelvis and muscles, and the places on its bones by which it is made another person's.
//!
//! Names of bodies, coordinates and muscles are those of OpenSim's gait2392, so that its motions and tables fit. `sim/muscle/data/leg` says
//! where every number comes from. The other leg and the trunk are not part of it: what they do to the hip reaches it through the
//! ground's reaction.

mod file;
mod landmarks;
mod scale;
mod warp;

pub use landmarks::{Landmark, Landmarks};
pub use scale::{ScaleError, Scaled, scaled};

use super::model::Model;
use std::sync::LazyLock;

static LEG: LazyLock<file::Leg> =
    // The file is part of the program; a test reads it.
    LazyLock::new(|| file::read(include_str!("../../data/leg/leg.toml")).expect("built-in leg.toml"));

/// The right leg of an adult.
pub fn generic() -> &'static Model {
    &LEG.model
}

/// Places on its bones.
pub fn generic_landmarks() -> &'static Landmarks {
    &LEG.landmarks
}

/// Mass of the whole person whose leg it is, kg.
pub fn generic_mass_kg() -> f64 {
    LEG.person_mass_kg
}

/// The anatomical name of a muscle, of which the model may have several parts.
pub fn anatomical_name(muscle: &str) -> Option<&'static str> {
    LEG.anatomical.get(muscle).map(String::as_str)
}

#[cfg(test)]
mod tests;
