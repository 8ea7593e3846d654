//! What follows from a plan.

use crate::placed::{Components, Pose};
use crate::plan::Plan;
use coxa_anatomy::BoneSurfaces;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Angle, Finding, Measurements, Mesh};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How sure that is from which motion is computed: one standard deviation of each, taken as independent.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct MotionSpread {
    /// Of a bone's surface along its normal.
    pub bone_surface_mm: f64,
    /// Of the pelvis' zero, about its anterior and about its superior axis each. Its tilt is the patient's, as scanned.
    pub pelvis_deg: Angle,
    /// Of the femur's zero about its long axis.
    pub femur_rotation_deg: Angle,
    /// Of the femur's zero in flexion and in adduction each.
    pub femur_lean_deg: Angle,
}

/// A plan with the geometry and the numbers that follow from it.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The document.
    pub plan: Plan,
    /// What is implanted.
    pub components: Components,
    /// Where, on the patient's own side: the planned head centre comes to the planned cup centre without rotation.
    pub pose: Pose,
    /// Implant surfaces in place, femur reduced: `shell`, `liner`, `head`, `stem`, and `screw_1`
    /// for a screw in the first hole.
    pub implants: BTreeMap<String, Mesh<Patient>>,
    /// Bones as they will be: the femur resected and reduced, the rest as scanned.
    pub bones: BoneSurfaces,
    /// Planned numbers.
    pub results: Measurements,
    /// How sure that is from which motion is computed.
    pub motion_spread: MotionSpread,
    /// What the user must know.
    pub findings: Vec<Finding>,
}
