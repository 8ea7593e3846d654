//! The bones of the main path.

use coxa_geometry::frame::Patient;
use coxa_geometry::{Mesh, Side};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The bones of the main path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bone {
    /// Right hip bone (os coxae).
    HipRight,
    /// Left hip bone.
    HipLeft,
    /// Right femur.
    FemurRight,
    /// Left femur.
    FemurLeft,
    /// Sacrum.
    Sacrum,
}

impl Bone {
    /// All bones of the main path.
    pub const ALL: [Bone; 5] =
        [Bone::HipRight, Bone::HipLeft, Bone::FemurRight, Bone::FemurLeft, Bone::Sacrum];

    /// The hip bone of a side.
    pub const fn hip(side: Side) -> Self {
        match side {
            Side::Right => Bone::HipRight,
            Side::Left => Bone::HipLeft,
        }
    }

    /// The femur of a side.
    pub const fn femur(side: Side) -> Self {
        match side {
            Side::Right => Bone::FemurRight,
            Side::Left => Bone::FemurLeft,
        }
    }

    /// Name in label maps and files.
    pub const fn name(self) -> &'static str {
        match self {
            Bone::HipRight => "hip_right",
            Bone::HipLeft => "hip_left",
            Bone::FemurRight => "femur_right",
            Bone::FemurLeft => "femur_left",
            Bone::Sacrum => "sacrum",
        }
    }

    /// What it is called in a sentence.
    pub const fn title(self) -> &'static str {
        match self {
            Bone::HipRight => "right hip bone",
            Bone::HipLeft => "left hip bone",
            Bone::FemurRight => "right femur",
            Bone::FemurLeft => "left femur",
            Bone::Sacrum => "sacrum",
        }
    }
}

/// Bone surfaces of one patient.
pub type BoneSurfaces = BTreeMap<Bone, Mesh<Patient>>;
