//! Where components lie in a hip.

use super::axes::{HipAxes, VersionReference};
use super::components::Components;
use crate::plan::{CupPlan, Plan, StemPlan};
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::{Cup, Frame, Gravity, Patient, RightSide, Stem};
use coxa_geometry::side::KeptAxes;
use coxa_geometry::{Angle, Point, Side, Transform, Vector};

/// Where the components of a hip lie: seen as of a right hip while it is computed, in the patient once it is planned
/// ([`Pose::of_side`]).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pose<F: Frame = Patient> {
    /// Centre of the shell's sphere.
    pub cup_centre: Point<F>,
    /// The cup against gravity, supine.
    pub cup_angles: Radiographic<Gravity>,
    /// Out of the opening of the cup, a unit vector.
    pub cup_axis: Vector<F>,
    /// The cup: the origin is the centre of rotation, Y as superior as the cup allows.
    pub cup_frame: Transform<Cup, F>,
    /// Centre of rotation of the reduced hip: that of the bore.
    pub hip_centre: Point<F>,
    /// The stem, femur as scanned: X in the direction of the neck, Y proximal.
    pub stem_frame: Transform<Stem, F>,
    /// Centre of the head, femur as scanned.
    pub head_centre: Point<F>,
    /// Step of the operated femur, stem and head from the scan to the reduced hip.
    pub reduction: Vector<F>,
}

/// Why components have no place.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PoseError {
    /// A number that is none, or a direction without one.
    #[error("the plan's {0} is not finite or has no direction")]
    Degenerate(&'static str),
    /// The version refers to what is not in the scan.
    #[error("the version refers to {}, but {}", .0.words(), unseen(*.0))]
    Unseen(VersionReference),
    /// The version refers to something else.
    #[error("unknown version reference '{0}'")]
    Reference(String),
}

fn unseen(reference: VersionReference) -> &'static str {
    match reference {
        VersionReference::PosteriorCondylarLine => {
            "the condyles are not in the scan: use native_neck or table"
        }
        VersionReference::NativeNeck | VersionReference::Table => {
            "the landmarks for it are not in the scan: use table"
        }
    }
}

/// Where a stem lies, seen as of a right hip.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StemPlace {
    /// On the stem axis, in the plane of the resection.
    pub(crate) origin: Point<RightSide>,
    /// Proximal, a unit vector.
    pub(crate) axis: Vector<RightSide>,
    /// Version of the neck.
    pub(crate) version: Angle,
    /// What it is measured against.
    pub(crate) reference: VersionReference,
}

impl Pose<RightSide> {
    /// Of a plan.
    ///
    /// # Errors
    /// Any [`PoseError`].
    pub fn of_plan(plan: &Plan, components: &Components, axes: &HipAxes) -> Result<Self, PoseError> {
        let angles = cup_angles(&plan.cup);
        let stem_frame = axes.stem_place(&plan.stem)?.frame(axes)?;
        let pose = Pose::new(components, axes, axes.side.enter(plan.cup.centre_mm), angles, stem_frame)?;
        if !pose.hip_centre.is_finite() {
            return Err(PoseError::Degenerate("cup position"));
        }
        Ok(pose)
    }

    /// Of a shell with its centre and angles, and a stem in its frame.
    ///
    /// # Errors
    /// A cup without direction.
    pub(crate) fn new(
        components: &Components,
        axes: &HipAxes,
        cup_centre: Point<RightSide>,
        cup_angles: Radiographic<Gravity>,
        stem_frame: Transform<Stem, RightSide>,
    ) -> Result<Self, PoseError> {
        let cup_axis = axes
            .direction_of(cup_angles.axis())
            .normalised()
            .ok_or(PoseError::Degenerate("cup orientation"))?;
        let hip_centre = cup_centre + cup_axis * components.liner.offset_mm;
        // X of the cup frame follows from Y, anterior on a right hip.
        let up = axes.superior - cup_axis * cup_axis.dot(axes.superior);
        let cup_frame = Transform::from_axes(hip_centre, up.cross(cup_axis), up)
            .ok_or(PoseError::Degenerate("cup position"))?;
        let head_centre = stem_frame.apply(components.neck.head_centre(components.head_offset_mm));
        Ok(Pose {
            cup_centre,
            cup_angles,
            cup_axis,
            cup_frame,
            hip_centre,
            stem_frame,
            head_centre,
            reduction: hip_centre - head_centre,
        })
    }

    /// On a side of the patient.
    #[must_use]
    pub fn of_side(&self, side: Side) -> Pose<Patient> {
        Pose {
            cup_centre: side.leave(self.cup_centre),
            cup_angles: self.cup_angles,
            cup_axis: side.leave(self.cup_axis),
            cup_frame: side.leave_frame(&self.cup_frame, KeptAxes::YZ),
            hip_centre: side.leave(self.hip_centre),
            stem_frame: side.leave_frame(&self.stem_frame, KeptAxes::XY),
            head_centre: side.leave(self.head_centre),
            reduction: side.leave(self.reduction),
        }
    }
}

impl<F: Frame> Pose<F> {
    /// Motion of the operated femur, stem and head from the scan to the reduced hip.
    pub fn reduced(&self) -> Transform<F, F> {
        Transform::from_isometry(nalgebra::Translation3::from(self.reduction.coords()).into())
    }

    /// Proximal along the stem.
    pub(crate) fn stem_axis(&self) -> Vector<F> {
        self.stem_frame.apply(Vector::new(0.0, 1.0, 0.0))
    }
}

/// The angles of a plan's cup.
pub(crate) fn cup_angles(cup: &CupPlan) -> Radiographic<Gravity> {
    Radiographic::new(cup.inclination_deg, cup.anteversion_deg)
}

impl StemPlace {
    /// The frame of the stem.
    ///
    /// # Errors
    /// A place that is none.
    pub(crate) fn frame(&self, axes: &HipAxes) -> Result<Transform<Stem, RightSide>, PoseError> {
        let neck = axes.neck_direction(self.axis, self.reference, self.version);
        Transform::from_axes(self.origin, neck, self.axis)
            .filter(|_| self.origin.is_finite())
            .ok_or(PoseError::Degenerate("stem position"))
    }
}

impl HipAxes {
    /// Where a plan has its stem.
    ///
    /// # Errors
    /// Any [`PoseError`] of a stem.
    pub(crate) fn stem_place(&self, stem: &StemPlan) -> Result<StemPlace, PoseError> {
        let reference = VersionReference::named(&stem.version_reference)
            .ok_or_else(|| PoseError::Reference(stem.version_reference.chars().take(40).collect()))?;
        self.of_reference(reference).ok_or(PoseError::Unseen(reference))?;
        let axis = self.side.enter(stem.axis).normalised().ok_or(PoseError::Degenerate("stem axis"))?;
        let origin = self.side.enter(stem.origin_mm);
        Ok(StemPlace { origin, axis, version: stem.version_deg, reference })
    }

    /// The stem of a plan in the patient, femur as scanned: X in the direction of the neck, Y proximal; `None` where it has no
    /// axis or its version no reference that is seen.
    pub fn stem_frame(&self, stem: &StemPlan) -> Option<Transform<Stem, Patient>> {
        let frame = self.stem_place(stem).and_then(|place| place.frame(self)).ok()?;
        Some(self.side.leave_frame(&frame, KeptAxes::XY))
    }

    /// The way the cup of a plan opens: a unit vector in the patient frame.
    pub fn cup_axis(&self, cup: &CupPlan) -> Vector<Patient> {
        self.side.leave(self.direction_of(cup_angles(cup).axis()))
    }
}
