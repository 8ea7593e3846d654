//! The anatomical axes of one hip, along which its components are placed and moved.

use coxa_anatomy::{HipAnatomy, HipSide, LandmarkKind};
use coxa_geometry::frame::{AnteriorPelvicPlane, Gravity, Patient, RightSide};
use coxa_geometry::side::KeptAxes;
use coxa_geometry::{Angle, Point, Side, Transform, Vector};

/// What the version of a stem is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionReference {
    /// The line of the posterior condyles.
    PosteriorCondylarLine,
    /// The native neck, as the direction from the axis of the shaft to the femoral head.
    NativeNeck,
    /// The coronal plane of the scan.
    Table,
}

impl VersionReference {
    /// All, in the order of their worth.
    pub const ALL: [VersionReference; 3] =
        [VersionReference::PosteriorCondylarLine, VersionReference::NativeNeck, VersionReference::Table];

    /// Its name in plans.
    pub const fn name(self) -> &'static str {
        match self {
            VersionReference::PosteriorCondylarLine => "posterior_condylar_line",
            VersionReference::NativeNeck => "native_neck",
            VersionReference::Table => "table",
        }
    }

    /// That of a name in plans.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reference| reference.name() == name)
    }

    /// In words, for a person.
    pub const fn words(self) -> &'static str {
        match self {
            VersionReference::PosteriorCondylarLine => "the posterior condylar line",
            VersionReference::NativeNeck => "the native neck",
            VersionReference::Table => "the coronal plane of the scan",
        }
    }
}

/// The anatomical axes of one hip, seen as a right one: those of the supine functional pelvis, and what the
/// version of a stem refers to.
#[derive(Debug, Clone, PartialEq)]
pub struct HipAxes {
    pub(crate) side: Side,
    pub(crate) anterior: Vector<RightSide>,
    pub(crate) superior: Vector<RightSide>,
    pub(crate) lateral: Vector<RightSide>,
    /// Whether these are the scanner's axes for want of better.
    pub(crate) of_table: bool,
    /// That of the scan, else the completed one.
    pub(crate) anterior_plane: Option<Transform<AnteriorPelvicPlane, RightSide>>,
    /// From the lateral to the medial posterior condyle, where they are seen.
    pub(crate) condyles: Option<Vector<RightSide>>,
    /// From the axis of the shaft to the femoral head; along the neck where no shaft is known.
    pub(crate) native: Option<Vector<RightSide>>,
}

impl HipAxes {
    /// Of a patient's hip.
    pub fn new(anatomy: &HipAnatomy, side: Side) -> Self {
        let functional = anatomy.pelvis.functional.map(|t| side.enter_frame(&t, KeptAxes::XY));
        let axes = functional.unwrap_or_else(table_axes);
        let condyle = |kind| anatomy.landmark(kind, side).map(|l| side.enter(l.position_mm));
        let medial = condyle(LandmarkKind::MedialPosteriorCondyle);
        let plane = anatomy.pelvis.known_anterior_plane();
        HipAxes {
            side,
            anterior: axes.apply(Vector::new(1.0, 0.0, 0.0)),
            superior: axes.apply(Vector::new(0.0, 1.0, 0.0)),
            lateral: axes.apply(Vector::new(0.0, 0.0, 1.0)),
            of_table: functional.is_none(),
            anterior_plane: plane.map(|plane| side.enter_frame(&plane, KeptAxes::XY)),
            condyles: medial.zip(condyle(LandmarkKind::LateralPosteriorCondyle)).map(|(m, l)| m - l),
            native: native_direction(anatomy.side(side)).map(|direction| side.enter(direction)),
        }
    }

    /// Those of the pelvis in the patient frame: medial, superior and anterior.
    pub fn of_pelvis(&self) -> [Vector<Patient>; 3] {
        [self.medial(), self.superior, self.anterior].map(|axis| self.side.leave(axis))
    }

    /// Medial, the opposite of lateral.
    pub(crate) fn medial(&self) -> Vector<RightSide> {
        -self.lateral
    }

    /// A direction of the functional frame.
    pub(crate) fn direction_of(&self, v: Vector<Gravity>) -> Vector<RightSide> {
        self.anterior * v.x() + self.superior * v.y() + self.lateral * v.z()
    }

    /// Medial direction of a reference; `None` where it is not seen.
    pub(crate) fn of_reference(&self, reference: VersionReference) -> Option<Vector<RightSide>> {
        match reference {
            VersionReference::PosteriorCondylarLine => self.condyles,
            VersionReference::NativeNeck => self.native,
            VersionReference::Table => Some(self.medial()),
        }
    }

    /// The same normal to a stem axis.
    fn across(&self, axis: Vector<RightSide>, reference: VersionReference) -> Option<Vector<RightSide>> {
        let medial = self.of_reference(reference)?;
        (medial - axis * axis.dot(medial)).normalised()
    }

    /// Angle of a direction about a stem axis against a reference, positive anteriorly.
    pub(crate) fn version_of(
        &self,
        direction: Vector<RightSide>,
        axis: Vector<RightSide>,
        reference: VersionReference,
    ) -> Option<Angle> {
        let medial = self.across(axis.normalised()?, reference)?;
        version_against(direction, axis, medial)
    }

    /// The direction of a version; of the table's medial where the reference is not seen.
    pub(crate) fn neck_direction(
        &self,
        axis: Vector<RightSide>,
        reference: VersionReference,
        version: Angle,
    ) -> Vector<RightSide> {
        let axis = axis.normalised().unwrap_or(self.superior);
        let medial = self
            .across(axis, reference)
            .or_else(|| self.across(axis, VersionReference::Table))
            .unwrap_or(self.medial());
        medial * version.cos() + medial.cross(axis) * version.sin()
    }
}

/// From the axis of the shaft, seen or completed, to the femoral head.
fn native_direction(hip: &HipSide) -> Option<Vector<Patient>> {
    let shaft = hip.shaft.as_ref().or_else(|| Some(&hip.completion.as_ref()?.shaft));
    match (shaft, &hip.head) {
        (Some(shaft), Some(head)) => Some(head.centre_mm - shaft.point_mm),
        _ => hip.neck.as_ref().map(|neck| neck.axis),
    }
}

/// Angle of a direction about a stem axis against a medial direction, positive anteriorly.
pub(crate) fn version_against(
    direction: Vector<RightSide>,
    axis: Vector<RightSide>,
    medial: Vector<RightSide>,
) -> Option<Angle> {
    let axis = axis.normalised()?;
    let medial = (medial - axis * axis.dot(medial)).normalised()?;
    let ahead = medial.cross(axis);
    Some(Angle::from_radians(direction.dot(ahead).atan2(direction.dot(medial))))
}

/// The scanner's axes as a functional frame.
fn table_axes() -> Transform<Gravity, RightSide> {
    Transform::from_axes(Point::origin(), Vector::new(0.0, -1.0, 0.0), Vector::new(0.0, 0.0, 1.0))
        .unwrap_or_else(Transform::identity)
}
