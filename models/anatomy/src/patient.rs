//! What is known of a patient's hips: surfaces, landmarks, fitted shapes and measurements, each with its
//! spread. Everything is in the patient frame (LPS); what the scan does not show is in [`HipAnatomy::missing`].

use crate::calibration::Calibration;
use crate::completion::{Completion, PelvisCompletion};
use crate::muscle::MuscleMeasure;
use crate::osteoarthritis::{JointSpacePlace, Severity};
use coxa_geometry::side::Mirror;
use coxa_geometry::{Finding, Measurements, Mesh, Point, Side, Transform, Vector, frame};
use nalgebra::Vector3;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use frame::Patient;

/// Femoral heads of adults are no smaller, in mm of diameter: three standard deviations below the mean of small women (41, 2.3).
/// Assumption; children of ten have heads that large, and are not told by them.
pub const LEAST_ADULT_HEAD_MM: f64 = 34.0;

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
}

/// Bone surfaces of one patient.
pub type BoneSurfaces = BTreeMap<Bone, Mesh<Patient>>;

/// Which anatomical point a landmark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LandmarkKind {
    /// Anterior superior iliac spine.
    Asis,
    /// Anterior inferior iliac spine.
    Aiis,
    /// Pubic tubercle.
    PubicTubercle,
    /// Posterior superior iliac spine.
    Psis,
    /// Ischial spine.
    IschialSpine,
    /// Radiographic teardrop: the lowest point of the acetabular fossa's figure in the coronal view.
    Teardrop,
    /// Centre of the femoral head.
    HeadCentre,
    /// Centre of the narrowest section of the femoral neck.
    NeckIsthmus,
    /// Tip of the greater trochanter.
    GreaterTrochanter,
    /// Apex of the lesser trochanter.
    LesserTrochanter,
    /// Medial epicondyle.
    MedialEpicondyle,
    /// Lateral epicondyle.
    LateralEpicondyle,
    /// Most posterior point of the medial condyle.
    MedialPosteriorCondyle,
    /// Most posterior point of the lateral condyle.
    LateralPosteriorCondyle,
    /// Intercondylar notch.
    IntercondylarNotch,
}

impl LandmarkKind {
    /// Whether it goes with the femur where that is moved.
    pub const fn is_of_femur(self) -> bool {
        !matches!(
            self,
            LandmarkKind::Asis
                | LandmarkKind::Aiis
                | LandmarkKind::PubicTubercle
                | LandmarkKind::Psis
                | LandmarkKind::IschialSpine
                | LandmarkKind::Teardrop
        )
    }

    /// Name in files and messages, snake_case.
    pub const fn name(self) -> &'static str {
        match self {
            LandmarkKind::Asis => "asis",
            LandmarkKind::Aiis => "aiis",
            LandmarkKind::PubicTubercle => "pubic_tubercle",
            LandmarkKind::Psis => "psis",
            LandmarkKind::IschialSpine => "ischial_spine",
            LandmarkKind::Teardrop => "teardrop",
            LandmarkKind::HeadCentre => "head_centre",
            LandmarkKind::NeckIsthmus => "neck_isthmus",
            LandmarkKind::GreaterTrochanter => "greater_trochanter",
            LandmarkKind::LesserTrochanter => "lesser_trochanter",
            LandmarkKind::MedialEpicondyle => "medial_epicondyle",
            LandmarkKind::LateralEpicondyle => "lateral_epicondyle",
            LandmarkKind::MedialPosteriorCondyle => "medial_posterior_condyle",
            LandmarkKind::LateralPosteriorCondyle => "lateral_posterior_condyle",
            LandmarkKind::IntercondylarNotch => "intercondylar_notch",
        }
    }
}

/// A landmark with its spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Landmark {
    /// Which point.
    pub kind: LandmarkKind,
    /// Which side.
    pub side: Side,
    /// Where.
    pub position_mm: Point<Patient>,
    /// One standard deviation of the position, per axis.
    pub spread_mm: f64,
    /// How it was found, in one sentence.
    pub method: String,
}

/// Sphere through the articular part of the femoral head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FemoralHead {
    /// Centre.
    pub centre_mm: Point<Patient>,
    /// Radius of the bony head.
    pub radius_mm: f64,
    /// Root mean square distance of the supporting points to the sphere.
    pub residual_mm: f64,
    /// One standard deviation of the centre, per axis.
    pub spread_mm: f64,
}

/// Acetabulum: sphere through the lunate surface, rim and its plane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Acetabulum {
    /// Centre of the sphere.
    pub centre_mm: Point<Patient>,
    /// Radius of the subchondral bone.
    pub radius_mm: f64,
    /// Root mean square distance of the supporting points to the sphere.
    pub residual_mm: f64,
    /// Rim points, in order around the opening axis; empty where the rim could not be traced.
    pub rim_mm: Vec<Point<Patient>>,
    /// Unit normal of the rim plane, pointing out of the socket.
    pub opening: Vector<Patient>,
    /// Root mean square distance of the rim points to their plane.
    pub rim_residual_mm: f64,
}

/// Femoral neck.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Neck {
    /// Centre of the narrowest section.
    pub isthmus_mm: Point<Patient>,
    /// Unit vector along the neck, from the shaft towards the head.
    pub axis: Vector<Patient>,
    /// Radius of the circle with the area of the narrowest section.
    pub isthmus_radius_mm: f64,
}

/// Axis of the proximal femoral shaft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shaft {
    /// A point on the axis, at the level of the lesser trochanter or the highest section used.
    pub point_mm: Point<Patient>,
    /// Unit vector, proximal.
    pub axis: Vector<Patient>,
    /// Length of shaft the axis was fitted to.
    pub seen_mm: f64,
    /// One standard deviation of the axis direction.
    pub spread_deg: f64,
}

/// One cross-section of the femur, normal to the shaft axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CanalSection {
    /// Position along the shaft axis from `Shaft::point_mm`, proximal positive.
    pub level_mm: f64,
    /// Centre of the canal.
    pub centre_mm: Point<Patient>,
    /// Distance from the centre to the endosteal surface, by direction: equal steps of angle, counter-clockwise
    /// about the proximal axis, the first towards the patient's lateral side (right-hip world: -x made normal to
    /// the axis), as [`ring_directions`] gives them. Those of a left hip are of its mirror image.
    pub inner_mm: Vec<f64>,
    /// The same to the periosteal surface.
    pub outer_mm: Vec<f64>,
}

/// The medullary canal, as sections from proximal to distal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Canal {
    /// The sections, proximal first.
    pub sections: Vec<CanalSection>,
}

/// The directions in which [`CanalSection`] gives its radii, for a shaft axis (proximal) in the right-hip world: `count`
/// equal steps counter-clockwise about the axis, the first towards lateral (-x made normal to the axis). `None` where
/// the shaft lies across the patient.
pub fn ring_directions(shaft_axis: Vector<Patient>, count: usize) -> Option<Vec<Vector<Patient>>> {
    let up = shaft_axis.coords().try_normalize(1e-6)?;
    let lateral = -Vector3::x();
    let lateral = (lateral - up * up.dot(&lateral)).try_normalize(1e-6)?;
    let ahead = up.cross(&lateral);
    let direction = |k| {
        let (sine, cosine) = (std::f64::consts::TAU * k as f64 / count as f64).sin_cos();
        Vector::from_coords(lateral * cosine + ahead * sine)
    };
    Some((0..count).map(direction).collect())
}

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

impl Mirror for FemoralHead {
    fn mirror(mut self) -> Self {
        self.centre_mm = self.centre_mm.mirror();
        self
    }
}
