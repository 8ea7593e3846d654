//! The hip as the optimiser sees it: where a design, carried out with some error, puts cup, stem and femur.
//!
//! The hip is seen as a right one. The pelvis is looked at along its functional axes (anterior, superior, lateral) from
//! the centre of the native acetabulum, the femur along the axes of its own frame from the native head centre. With H and h the
//! planned centres of rotation and of the head from there, and R the position of the hip, a point x of the femur comes to
//! H + R (x - h).

use super::design::{Design, Placement};
use crate::implants::{Catalogue, StemFamily, StemSize};
use crate::placed::{ComponentError, ComponentNames, Components, Pose, StemPlace, VersionReference};
use crate::placement::hip::RightHip;
use crate::placement::restore::{Line, nominal_origin};
use crate::placement::rounding::{rounded, to_step};
use crate::plan::{CupPlan, HeadPlan, LinerPlan, Plan, ScrewPlan, StemPlan};
use crate::simulate::joint_axes;
use coxa_anatomy::HipAnatomy;
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::{Femur, Frame, Gravity, Patient, RightSide, Stem};
use coxa_geometry::{Angle, Mesh, Point, Transform, Vector};
use nalgebra::{Matrix3, Rotation3, Vector3};
use std::sync::Arc;

/// One hip with a plan to start from.
pub(crate) struct StudyHip {
    pub(crate) bones: Arc<RightHip>,
    /// Functional axes of the pelvis and axes of the femur.
    pelvis: [Vector<RightSide>; 3],
    femur: [Vector<RightSide>; 3],
    /// The line of the stem.
    stem: StemPlace,
    first: Plan,
    hip_bone: Mesh<Gravity>,
}

/// By how much a plan is missed in theatre. Lengths are millimetres.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Miss {
    pub(crate) inclination: Angle,
    pub(crate) anteversion: Angle,
    /// Medial, superior and anterior.
    pub(crate) cup_centre_mm: [f64; 3],
    pub(crate) stem_version: Angle,
    /// Varus and flexion as among the numbers of a plan: tip lateral, tip posterior positive.
    pub(crate) stem_varus: Angle,
    pub(crate) stem_flexion: Angle,
    pub(crate) stem_height_mm: f64,
}

/// Where everything is: the pose of the components, and what moves about the joint along the axes of pelvis and femur.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placed {
    /// Of the components.
    pub(crate) pose: Pose<RightSide>,
    /// Cup in pelvis, Y as superior as the cup allows.
    pub(crate) cup: Rotation3<f64>,
    /// Stem in femur.
    pub(crate) stem: Rotation3<f64>,
    /// The neck's axis from the head centre down, in the femur.
    pub(crate) neck: Vector3<f64>,
    /// Centre of rotation in the pelvis, from the native acetabulum.
    pub(crate) hip_centre: Vector3<f64>,
    /// Head centre in the femur, from the native one.
    pub(crate) head: Vector3<f64>,
}

impl StudyHip {
    /// `None` where the plan's stem has no axis or its version no reference that there is.
    pub(crate) fn new(
        bones: Arc<RightHip>,
        hip_bone: &Mesh<Patient>,
        anatomy: &HipAnatomy,
        first: &Plan,
    ) -> Option<Self> {
        let side = first.side;
        let (pelvis, femur) = joint_axes(anatomy, side);
        let stem = bones.axes.stem_place(&first.stem).ok()?;
        let hip_bone = seen_from(&side.enter(hip_bone.clone()), bones.socket.centre_mm, &pelvis);
        Some(StudyHip { hip_bone, bones, pelvis, femur, stem, first: first.clone() })
    }

    /// The plan that everything started from, as a design.
    pub(crate) fn first(&self, catalogue: &Catalogue) -> Result<Design, ComponentError> {
        self.design(&self.first, catalogue)
    }

    /// A plan with the same stem axis and version reference, as a design.
    pub(crate) fn design(&self, plan: &Plan, catalogue: &Catalogue) -> Result<Design, ComponentError> {
        let side = plan.side;
        let names = ComponentNames::from(plan);
        let components = Components::new(&names, &[], catalogue)?;
        let shift = side.enter(plan.cup.centre_mm) - self.bones.socket.centre_mm;
        let usual =
            nominal_origin(&self.bones, &components.stem, &components.size, self.line(plan.stem.version_deg));
        Ok(Design {
            components: names,
            placement: Placement {
                cup_medial_mm: shift.dot(self.bones.medial()),
                cup_superior_mm: shift.dot(self.bones.axes.superior),
                cup_anterior_mm: shift.dot(self.bones.axes.anterior),
                inclination_deg: plan.cup.inclination_deg.degrees(),
                anteversion_deg: plan.cup.anteversion_deg.degrees(),
                stem_version_deg: plan.stem.version_deg.degrees(),
                stem_height_mm: (side.enter(plan.stem.origin_mm) - usual).dot(self.stem.axis),
            },
        })
    }

    /// A design as a plan document holds it.
    pub(crate) fn plan(&self, design: &Design, catalogue: &Catalogue) -> Result<Plan, ComponentError> {
        let Design { components, placement } = design;
        let parts = Components::new(components, &[], catalogue)?;
        let side = self.first.side;
        let version = Angle::from_degrees(to_step(placement.stem_version_deg, 10.0));
        let origin = self.stem_origin(&parts, placement.stem_height_mm, version);
        let angle = |degrees: f64| Angle::from_degrees(to_step(degrees, 10.0));
        Ok(Plan {
            cup: CupPlan {
                family: components.cup_family.clone(),
                size_mm: components.cup_size_mm,
                centre_mm: side.leave(rounded(self.cup_centre(placement, [0.0; 3]))),
                inclination_deg: angle(placement.inclination_deg),
                anteversion_deg: angle(placement.anteversion_deg),
                // Screws belong to the holes of a shell.
                screws: self.screws_for(components),
            },
            liner: LinerPlan {
                kind: components.liner.clone(),
                lip_direction_deg: components.lip_direction_deg,
            },
            head: HeadPlan { diameter_mm: components.head_mm, offset_mm: components.head_offset_mm },
            stem: StemPlan {
                family: components.stem_family.clone(),
                size: components.stem_size,
                neck_shaft_deg: components.neck_shaft_deg,
                offset: components.neck_offset.clone(),
                origin_mm: side.leave(rounded(origin)),
                version_deg: version,
                ..self.first.stem.clone()
            },
            ..self.first.clone()
        })
    }

    /// The first plan's screws, where its shell stays.
    fn screws_for(&self, components: &ComponentNames) -> Vec<ScrewPlan> {
        let first = &self.first.cup;
        let is_same = (&first.family, first.size_mm) == (&components.cup_family, components.cup_size_mm);
        if is_same { first.screws.clone() } else { Vec::new() }
    }

    /// Where a design comes to lie that is missed by so much; `None` for what has no direction.
    pub(crate) fn place(&self, parts: &Components, placement: &Placement, miss: &Miss) -> Option<Placed> {
        let cup_angles = Radiographic::<Gravity>::new(
            Angle::from_degrees(placement.inclination_deg) + miss.inclination,
            Angle::from_degrees(placement.anteversion_deg) + miss.anteversion,
        );
        let cup_centre = self.cup_centre(placement, miss.cup_centre_mm);
        let version = Angle::from_degrees(placement.stem_version_deg) + miss.stem_version;
        let origin = self.stem_origin(parts, placement.stem_height_mm + miss.stem_height_mm, version);
        let stem = StemPlace { origin, version, ..self.stem };
        // The tip goes laterally by varus about Z and backwards by flexion about X.
        let tilted =
            nalgebra::UnitQuaternion::from_axis_angle(&Vector3::z_axis(), -miss.stem_varus.radians())
                * nalgebra::UnitQuaternion::from_axis_angle(&Vector3::x_axis(), miss.stem_flexion.radians());
        let tilted: Transform<Stem, Stem> = Transform::from_isometry(nalgebra::Isometry3::from_parts(
            nalgebra::Translation3::identity(),
            tilted,
        ));
        let stem_frame = tilted.then(&stem.frame(&self.bones.axes).ok()?);
        let pose = Pose::new(parts, &self.bones.axes, cup_centre, cup_angles, stem_frame).ok()?;
        let up = self.bones.axes.superior - pose.cup_axis * pose.cup_axis.dot(self.bones.axes.superior);
        let (up, out) = (self.in_pelvis(up.normalised()?), self.in_pelvis(pose.cup_axis));
        let stem_axis = |x, y, z| self.in_femur(stem_frame.apply(Vector::<Stem>::new(x, y, z)));
        let stem = [stem_axis(1.0, 0.0, 0.0), stem_axis(0.0, 1.0, 0.0), stem_axis(0.0, 0.0, 1.0)];
        Some(Placed {
            pose,
            cup: Rotation3::from_matrix_unchecked(Matrix3::from_columns(&[up.cross(&out), up, out])),
            stem: Rotation3::from_matrix_unchecked(Matrix3::from_columns(&stem)),
            neck: -self.in_femur(stem_frame.apply(parts.neck.axis)),
            hip_centre: self.in_pelvis(pose.hip_centre - self.bones.socket.centre_mm),
            head: self.in_femur(pose.head_centre - self.bones.head.centre_mm),
        })
    }

    /// The hip bone along the pelvis' axes, from the native acetabulum.
    pub(crate) fn hip_bone(&self) -> &Mesh<Gravity> {
        &self.hip_bone
    }

    /// A surface, femur as scanned, along the femur's axes from the native head centre.
    pub(crate) fn femur_of(&self, mesh: &Mesh<RightSide>) -> Mesh<Femur> {
        seen_from(mesh, self.bones.head.centre_mm, &self.femur)
    }

    /// The stem's version against a reference.
    pub(crate) fn version(&self, placed: &Placed, reference: VersionReference) -> Option<Angle> {
        let neck = placed.pose.stem_frame.apply(Vector::new(1.0, 0.0, 0.0));
        self.bones.axes.version_of(neck, placed.pose.stem_axis(), reference)
    }

    /// The native head's version about the stem axis in the reference of plans.
    pub(crate) fn native_version(&self) -> Angle {
        let StemPlace { origin, axis, reference, .. } = self.stem;
        self.bones.head_version(origin, axis, reference).unwrap_or_default()
    }

    /// Where a stem stands at the usual height with the native head's version.
    pub(crate) fn usual_stem(
        &self,
        stem: &StemFamily,
        size: &StemSize,
    ) -> Option<Transform<Stem, RightSide>> {
        let line = self.line(self.native_version());
        Transform::from_axes(nominal_origin(&self.bones, stem, size, line), line.medial, line.axis)
    }

    fn line(&self, version: Angle) -> Line {
        let StemPlace { origin, axis, reference, .. } = self.stem;
        Line { on_axis: origin, axis, medial: self.bones.axes.neck_direction(axis, reference, version) }
    }

    fn stem_origin(&self, parts: &Components, height_mm: f64, version: Angle) -> Point<RightSide> {
        nominal_origin(&self.bones, &parts.stem, &parts.size, self.line(version)) + self.stem.axis * height_mm
    }

    fn cup_centre(&self, placement: &Placement, [medial, superior, anterior]: [f64; 3]) -> Point<RightSide> {
        self.bones.socket.centre_mm
            + self.bones.medial() * (placement.cup_medial_mm + medial)
            + self.bones.axes.superior * (placement.cup_superior_mm + superior)
            + self.bones.axes.anterior * (placement.cup_anterior_mm + anterior)
    }

    /// A direction along the pelvis' axes.
    pub(crate) fn in_pelvis(&self, v: Vector<RightSide>) -> Vector3<f64> {
        along(v, &self.pelvis)
    }

    fn in_femur(&self, v: Vector<RightSide>) -> Vector3<f64> {
        along(v, &self.femur)
    }
}

fn along(v: Vector<RightSide>, axes: &[Vector<RightSide>; 3]) -> Vector3<f64> {
    Vector3::new(v.dot(axes[0]), v.dot(axes[1]), v.dot(axes[2]))
}

fn seen_from<F: Frame>(
    mesh: &Mesh<RightSide>,
    origin: Point<RightSide>,
    axes: &[Vector<RightSide>; 3],
) -> Mesh<F> {
    let place = |v: &Point<RightSide>| Point::from_coords(along(*v - origin, axes).into());
    Mesh { vertices: mesh.vertices.iter().map(place).collect(), triangles: mesh.triangles.clone() }
}
