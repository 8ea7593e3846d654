//! With what error a plan is carried out: by how much cup, stem, leg and reamer miss what was planned.
//!
//! An error model gives a normal distribution for each of eleven independent deviations; every number has a source and says
//! whether it was read there, derived from what was, or is still to be verified. Where a source gives a mean absolute error a
//! with spread s, the standard deviation about the target is sqrt(a^2 + s^2), bias and scatter together. Four models come with the
//! program:
//!
//! | model | what guides the surgeon |
//! |---|---|
//! | `freehand` | a three-dimensional plan and mechanical guides |
//! | `navigated` | navigation from CT; imageless navigation is less sure of anteversion |
//! | `robot` | a robotic arm with CT plan for the cup; the stem as navigated |
//! | `none` | everything is carried out as planned, for comparison |
//!
//! [`Deviations::draw`] takes samples of all that may differ: this error, what was measured wrongly, and the patient's postures.

mod draw;
mod file;

pub use draw::{Deviation, Deviations, MeasurementError, MeasurementSpread};
pub use file::{ErrorModelError, FORMAT};

use coxa_activity::Mark;
use serde::{Deserialize, Serialize};

/// One normally distributed deviation, in the unit of its field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorTerm {
    /// Standard deviation about the mean.
    pub sd: f64,
    /// Systematic deviation; zero where nothing is known of any.
    pub mean: f64,
    /// How well both are known.
    pub mark: Mark,
    /// Where they come from.
    pub source: String,
}

/// Deviations of what is done from what was planned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorModel {
    /// The model that this is; `NAME, changed` after a change to one, or the name that its author gave it.
    pub name: String,
    /// Radiographic inclination of the cup, supine functional plane.
    pub cup_inclination_deg: ErrorTerm,
    /// Radiographic anteversion of the cup, supine functional plane.
    pub cup_anteversion_deg: ErrorTerm,
    /// Centre of the cup, medial positive.
    pub cup_centre_medial_mm: ErrorTerm,
    /// Centre of the cup, superior positive.
    pub cup_centre_superior_mm: ErrorTerm,
    /// Centre of the cup, anterior positive.
    pub cup_centre_anterior_mm: ErrorTerm,
    /// Version of the stem about its axis, anterior positive.
    pub stem_version_deg: ErrorTerm,
    /// Stem in the plane of its neck, varus positive.
    pub stem_varus_deg: ErrorTerm,
    /// Stem across its neck, tip posterior positive.
    pub stem_flexion_deg: ErrorTerm,
    /// Stem along its axis, deeper positive.
    pub stem_depth_mm: ErrorTerm,
    /// What theatre adds to leg length beyond cup centre and stem depth, longer positive.
    pub leg_length_mm: ErrorTerm,
    /// Diameter reamed, and so the shell that fits.
    pub reamed_diameter_mm: ErrorTerm,
}

/// Number of terms.
const TERMS: usize = 11;

impl ErrorModel {
    /// The names of the models that come with the program.
    pub const fn presets() -> [&'static str; 4] {
        ["freehand", "navigated", "robot", "none"]
    }

    /// All terms with the names of their fields, in one order.
    pub fn terms(&self) -> [(&'static str, &ErrorTerm); TERMS] {
        [
            ("cup_inclination_deg", &self.cup_inclination_deg),
            ("cup_anteversion_deg", &self.cup_anteversion_deg),
            ("cup_centre_medial_mm", &self.cup_centre_medial_mm),
            ("cup_centre_superior_mm", &self.cup_centre_superior_mm),
            ("cup_centre_anterior_mm", &self.cup_centre_anterior_mm),
            ("stem_version_deg", &self.stem_version_deg),
            ("stem_varus_deg", &self.stem_varus_deg),
            ("stem_flexion_deg", &self.stem_flexion_deg),
            ("stem_depth_mm", &self.stem_depth_mm),
            ("leg_length_mm", &self.leg_length_mm),
            ("reamed_diameter_mm", &self.reamed_diameter_mm),
        ]
    }
}

#[cfg(test)]
mod tests;
