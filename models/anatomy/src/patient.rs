//! What is known of a patient's hips: surfaces, landmarks, fitted shapes and measurements, each with its
//! spread. Everything is in the patient frame (LPS); what the scan does not show is in [`HipAnatomy::missing`].

use crate::calibration::Calibration;
use crate::completion::{Completion, PelvisCompletion};
use crate::fitted::{Acetabulum, Canal, FemoralHead, Neck, Shaft};
use crate::landmark::{Landmark, LandmarkKind};
use crate::muscle::MuscleMeasure;
use crate::osteoarthritis::{JointSpacePlace, Severity};
use crate::vessel::VesselCourse;
use coxa_geometry::frame::{self, Patient};
use coxa_geometry::{Finding, Measurements, Side, Transform};
use serde::{Deserialize, Serialize};

/// One hip.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct HipSide {
    /// Femoral head.
    pub head: Option<FemoralHead>,
    /// Acetabulum.
    pub acetabulum: Option<Acetabulum>,
    /// Femoral neck.
    pub neck: Option<Neck>,
    /// Shaft axis.
    pub shaft: Option<Shaft>,
    /// Medullary canal; needs the CT, so it stays empty where only surfaces are known.
    pub canal: Option<Canal>,
    /// Femur frame (ISB); needs the epicondyles.
    pub femur_frame: Option<Transform<frame::Femur, Patient>>,
    /// Pelvis frame (ISB) with its origin at this side's head centre.
    pub pelvis_frame: Option<Transform<frame::Pelvis, Patient>>,
    /// Joint space over the loaded part of the socket; empty where it is not seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joint_space: Vec<JointSpacePlace>,
    /// Grades of osteoarthritis and subluxation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// What a shape model says of a femur that is cut off above its condyles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion: Option<Completion>,
}

/// Frames of the pelvis as a whole.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Pelvis {
    /// Anterior pelvic plane, origin halfway between the ASIS.
    pub anterior_plane: Option<Transform<frame::AnteriorPelvicPlane, Patient>>,
    /// Supine functional frame: the table's axes after removing obliquity and axial rotation by the ASIS or
    /// teardrop line; origin halfway between the head centres, or the ASIS.
    pub functional: Option<Transform<frame::Gravity, Patient>>,
    /// What a shape model says of an anterior pelvic plane whose landmarks are not all in the scan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion: Option<PelvisCompletion>,
}

impl Pelvis {
    /// The anterior pelvic plane of the scan, else the completed one.
    pub fn known_anterior_plane(&self) -> Option<Transform<frame::AnteriorPelvicPlane, Patient>> {
        self.anterior_plane.or(self.completion.as_ref().map(|completion| completion.anterior_plane))
    }
}

/// Something the scan does not show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Missing {
    /// What, snake_case, with its side: `epicondyles_right`.
    pub what: String,
    /// Why.
    pub why: String,
}

/// All that is known of a patient's hips.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct HipAnatomy {
    /// Landmarks, at most one of a kind and side.
    pub landmarks: Vec<Landmark>,
    /// Right hip.
    pub right: HipSide,
    /// Left hip.
    pub left: HipSide,
    /// Frames of the pelvis.
    pub pelvis: Pelvis,
    /// Measurements, such as `neck_shaft_angle_right`, `leg_length_difference`.
    pub measurements: Measurements,
    /// Labelled muscles; needs the CT.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub muscles: Vec<MuscleMeasure>,
    /// Courses of vessels beside the hips and of the sciatic nerves; needs the CT.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vessels: Vec<VesselCourse>,
    /// What densities were computed with; needs the CT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<Calibration>,
    /// What the scan does not show.
    pub missing: Vec<Missing>,
    /// What the user must know.
    pub findings: Vec<Finding>,
}

impl HipAnatomy {
    /// One side.
    pub fn side(&self, side: Side) -> &HipSide {
        match side {
            Side::Right => &self.right,
            Side::Left => &self.left,
        }
    }

    /// One side, to be filled.
    pub fn side_mut(&mut self, side: Side) -> &mut HipSide {
        match side {
            Side::Right => &mut self.right,
            Side::Left => &mut self.left,
        }
    }

    /// A landmark by kind and side.
    pub fn landmark(&self, kind: LandmarkKind, side: Side) -> Option<&Landmark> {
        self.landmarks.iter().find(|l| l.kind == kind && l.side == side)
    }
}
