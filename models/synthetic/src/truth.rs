//! What is known of a virtual patient by construction.

use super::blood::Blood;
use super::composition::Composition;
use super::couch::Couch;
use super::flesh::NoMuscles;
use super::hip_truth::HipTruth;
use super::person::Person;
use super::vessels::Vessel;
use coxa_geometry::{Angle, Side};
use serde::{Deserialize, Serialize};

/// What is known of a virtual patient by construction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// People whose bones the shapes were drawn from, by their places in the template's source.
    #[serde(default)]
    pub people: Vec<u32>,
    /// Right hip.
    pub right: HipTruth,
    /// Left hip.
    pub left: HipTruth,
    /// Posterior tilt of the anterior pelvic plane against the coronal plane of the scan.
    pub posterior_tilt_deg: Angle,
    /// Who the patient is.
    pub person: Person,
    /// How much muscle and fat the patient has.
    pub composition: Composition,
    /// Sides on which the muscles of the hip are missing, and why.
    pub no_muscles: Vec<NoMuscles>,
    /// What contrast agent has made of the blood.
    pub blood: Blood,
    /// The great vessels; none on a side without muscles, by which their courses go.
    pub vessels: Vec<Vessel>,
    /// The table of the CT scanner.
    pub couch: Couch,
}

impl Truth {
    /// One side.
    pub fn side(&self, side: Side) -> &HipTruth {
        match side {
            Side::Right => &self.right,
            Side::Left => &self.left,
        }
    }
}
