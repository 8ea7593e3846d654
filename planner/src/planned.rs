//! What follows from a plan.

use crate::placed::{Components, Pose};
use crate::plan::Plan;
use coxa_anatomy::BoneSurfaces;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Angle, Finding, Measurements, Mesh};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

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

/// A plan in its place with its numbers, without surfaces: [`Planned`] as far as it is known at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Sketch {
    /// The document.
    pub plan: Plan,
    /// What is implanted.
    pub components: Components,
    /// Where, on the patient's own side: the planned head centre comes to the planned cup centre without rotation.
    pub pose: Pose,
    /// Planned numbers.
    pub results: Measurements,
    /// How sure that is from which motion is computed.
    pub motion_spread: MotionSpread,
    /// What the user must know; where one of them refuses, the plan cannot be carried out.
    pub findings: Vec<Finding>,
}

/// A plan with the geometry and the numbers that follow from it. It reads as its sketch, which it adds surfaces to.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Plan, places, numbers and findings.
    pub sketch: Sketch,
    /// Implant surfaces in place, femur reduced: `shell`, `liner`, `head`, `stem`, and `screw_1`
    /// for a screw in the first hole.
    pub implants: BTreeMap<String, Mesh<Patient>>,
    /// Bones as they will be: the femur resected and reduced, the rest as scanned.
    pub bones: BoneSurfaces,
}

impl Deref for Planned {
    type Target = Sketch;

    fn deref(&self) -> &Sketch {
        &self.sketch
    }
}

impl DerefMut for Planned {
    fn deref_mut(&mut self) -> &mut Sketch {
        &mut self.sketch
    }
}
