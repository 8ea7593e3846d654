//! Where the planned hip turns: centre and axes, seen as of a right hip, and the way back to the patient.

use crate::placed::HipAxes;
use coxa_anatomy::HipAnatomy;
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::{Cup, Femur, Frame, Gravity, Patient, RightSide, Stem};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Mesh, Point, Side, Transform, Vector};
use nalgebra::{Rotation3, Vector3};

/// Three axes of a frame.
type Axes = [Vector<RightSide>; 3];

/// Centre and axes of a planned hip.
///
/// The pelvis' frame is the supine functional one ([`Gravity`]) with the planned centre of rotation as its origin; hip angles
/// are zero where the femur's axes are parallel to it. Where the condyles are not in the scan, the femur is completed; where
/// that cannot be, zero is the pose of the leg in the scan.
#[derive(Debug, Clone, Copy)]
pub struct JointFrames {
    side: Side,
    centre: Point<RightSide>,
    pelvis: Axes,
    femur: Axes,
    is_femur_zero_as_scanned: bool,
}

impl JointFrames {
    /// Of a plan on its patient, by where it puts the centre of rotation.
    pub fn new(side: Side, hip_centre_mm: Point<Patient>, anatomy: &HipAnatomy) -> Self {
        let (pelvis, femur) = joint_axes(anatomy, side);
        JointFrames {
            side,
            centre: side.enter(hip_centre_mm),
            pelvis,
            femur,
            is_femur_zero_as_scanned: femur_frame(anatomy, side).is_none(),
        }
    }

    /// Whether hip angles are zero in the pose of the leg in the scan, for want of the condyles.
    pub fn is_femur_zero_as_scanned(&self) -> bool {
        self.is_femur_zero_as_scanned
    }

    /// The cup in the pelvis, its origin in the hip centre; `None` where its frame is degenerate.
    pub(super) fn cup(&self, cup_frame: &Transform<Cup, Patient>) -> Option<Transform<Cup, Gravity>> {
        let axis = |y, z| self.side.enter(cup_frame.apply(Vector::<Cup>::new(0.0, y, z)));
        let (up, out) = (axis(1.0, 0.0), axis(0.0, 1.0));
        let [x, y, z] = self.pelvis;
        let to_pelvis =
            |v: Vector<RightSide>| -> Vector<Gravity> { Vector::new(v.dot(x), v.dot(y), v.dot(z)) };
        Transform::from_axes(Point::origin(), to_pelvis(up.cross(out)), to_pelvis(up))
    }

    /// The hip centre in the pelvis' axes, from the scanner's origin.
    pub(super) fn centre_in_pelvis(&self) -> Vector<Gravity> {
        let (v, [x, y, z]) = (self.centre - Point::origin(), self.pelvis);
        Vector::new(v.dot(x), v.dot(y), v.dot(z))
    }

    /// Where the scanner's origin comes to lie when the femur is reduced with it: from the hip centre, in the femur's axes.
    pub(super) fn femur_step(&self, reduction: &Transform<Patient, Patient>) -> Vector<Femur> {
        let moved = self.side.enter(reduction.apply(Point::<Patient>::origin()));
        let (v, [x, y, z]) = (moved - self.centre, self.femur);
        Vector::new(v.dot(x), v.dot(y), v.dot(z))
    }

    /// The stem in the femur, its origin in the hip centre, from where it lies in the scanned femur; `None` where its frame is
    /// degenerate.
    pub(super) fn stem(
        &self,
        stem_frame: &Transform<Stem, Patient>,
        reduction: &Transform<Patient, Patient>,
    ) -> Option<Transform<Stem, Femur>> {
        let axis = |x, y| self.in_femur(stem_frame.apply(Vector::<Stem>::new(x, y, 0.0)));
        let origin = self.side.enter(reduction.apply(stem_frame.apply(Point::<Stem>::origin())));
        let (v, [x, y, z]) = (origin - self.centre, self.femur);
        let origin = Point::new(v.dot(x), v.dot(y), v.dot(z));
        Transform::from_axes(origin, axis(1.0, 0.0), axis(0.0, 1.0))
    }

    /// A direction of the patient, femur as planned, in the femur.
    pub(super) fn in_femur(&self, v: Vector<Patient>) -> Vector<Femur> {
        let (v, [x, y, z]) = (self.side.enter(v), self.femur);
        Vector::new(v.dot(x), v.dot(y), v.dot(z))
    }

    /// A surface of the patient in the pelvis.
    pub(super) fn on_pelvis(&self, mesh: &Mesh<Patient>) -> Mesh<Gravity> {
        self.seen_from(mesh, self.pelvis)
    }

    /// A surface of the patient, femur as planned, in the femur.
    pub(super) fn on_femur(&self, mesh: &Mesh<Patient>) -> Mesh<Femur> {
        self.seen_from(mesh, self.femur)
    }

    fn seen_from<F: Frame>(&self, mesh: &Mesh<Patient>, [x, y, z]: Axes) -> Mesh<F> {
        let Mesh { vertices, triangles } = self.side.enter(mesh.clone());
        let place = |v: &Point<RightSide>| {
            let d = *v - self.centre;
            Point::new(d.dot(x), d.dot(y), d.dot(z))
        };
        Mesh { vertices: vertices.iter().map(place).collect(), triangles }
    }

    /// A place in the pelvis, in the patient.
    pub fn in_patient(&self, at: Point<Gravity>) -> Point<Patient> {
        let [x, y, z] = self.pelvis;
        self.side.leave(self.centre + x * at.x() + y * at.y() + z * at.z())
    }

    /// The angles of the hip after a motion of the femur from where it is planned; its translation does not count.
    pub fn angles(&self, motion: &Transform<Patient, Patient>) -> HipAngles {
        let turned = |axis: Vector<RightSide>| {
            let v = self.side.enter(motion.apply(self.side.leave(axis)));
            Vector3::from(self.pelvis.map(|own| own.dot(v)))
        };
        HipAngles::from_rotation(&Rotation3::from_basis_unchecked(&self.femur.map(turned)))
    }

    /// How femur, stem and head move from where they are planned to a position of the hip.
    pub fn position(&self, angles: HipAngles) -> Transform<Patient, Patient> {
        let rotation = angles.rotation();
        let [px, py, pz] = self.pelvis;
        // A direction of the femur as planned goes by the femur's axes, the rotation and the pelvis' axes.
        let turned = |v: Vector<Patient>| {
            let in_femur = self.in_femur(v).coords();
            let in_pelvis = rotation * in_femur;
            self.side.leave(px * in_pelvis.x + py * in_pelvis.y + pz * in_pelvis.z)
        };
        let centre = self.side.leave(self.centre);
        let (x, y) = (turned(Vector::new(1.0, 0.0, 0.0)), turned(Vector::new(0.0, 1.0, 0.0)));
        let z = x.cross(y);
        let origin = centre - x * centre.x() - y * centre.y() - z * centre.z();
        Transform::from_axes(origin, x, y).unwrap_or_else(Transform::identity)
    }
}

/// The femur's frame as seen, else as completed.
fn femur_frame(anatomy: &HipAnatomy, side: Side) -> Option<Transform<Femur, Patient>> {
    let hip = anatomy.side(side);
    hip.femur_frame.or(hip.completion.as_ref().map(|completion| completion.femur_frame))
}

/// Axes of the pelvis (supine functional) and of the femur, seen as of a right hip; where the condyles are neither in the scan nor
/// completed, the femur's are those of the pelvis.
pub(crate) fn joint_axes(anatomy: &HipAnatomy, side: Side) -> (Axes, Axes) {
    let functional = HipAxes::new(anatomy, side);
    let pelvis = [functional.anterior, functional.superior, functional.lateral];
    let femur = femur_frame(anatomy, side).map(|frame| {
        let axis = |x, y| side.enter(frame.apply(Vector::<Femur>::new(x, y, 0.0)));
        let (anterior, proximal) = (axis(1.0, 0.0), axis(0.0, 1.0));
        [anterior, proximal, anterior.cross(proximal)]
    });
    (pelvis, femur.unwrap_or(pelvis))
}

/// The cup's angles against gravity when the pelvis is tilted backwards by `posterior_tilt` from where it lay supine.
pub(super) fn cup_in_posture(cup: &Transform<Cup, Gravity>, posterior_tilt: Angle) -> Radiographic<Gravity> {
    axis_in_posture(cup.apply(Vector::<Cup>::new(0.0, 0.0, 1.0)), posterior_tilt)
}

/// As [`cup_in_posture`], from the cup's axis out of its opening.
pub(crate) fn axis_in_posture(axis: Vector<Gravity>, posterior_tilt: Angle) -> Radiographic<Gravity> {
    let tilt = HipAngles::new(posterior_tilt, Angle::ZERO, Angle::ZERO).rotation();
    Radiographic::from_axis(Vector::from_coords(tilt * axis.coords()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::PlanOptions;
    use crate::placement::synthetic::Case;

    #[test]
    fn the_femur_turns_about_the_planned_centre_and_its_knee_goes_where_the_angles_say() {
        for case in [Case::right(), Case::right().mirrored()] {
            let planned = case.plan(PlanOptions::default());
            let frames = JointFrames::new(planned.plan.side, planned.pose.hip_centre, &case.anatomy);
            let centre = planned.pose.hip_centre;
            // LPS: anterior is -y, towards the other leg is +x for a right hip and -x for a left one.
            let medial = if planned.plan.side == Side::Right { 1.0 } else { -1.0 };
            let knee = centre + Vector::new(0.0, 0.0, -400.0);
            let moved = |f, a, r| frames.position(HipAngles::from_degrees(f, a, r)).apply(knee) - centre;
            assert!(
                frames.position(HipAngles::from_degrees(70.0, -20.0, 10.0)).apply(centre).distance(centre)
                    < 1e-9
            );
            assert!(moved(0.0, 0.0, 0.0).z() < -399.9);
            let bent = HipAngles::from_degrees(70.0, -20.0, 10.0);
            assert!(frames.angles(&frames.position(bent)).angle_to(bent).degrees() < 1e-5);
            assert!((moved(90.0, 0.0, 0.0).y() + 400.0).abs() < 1e-9);
            assert!((moved(0.0, 90.0, 0.0).x() - medial * 400.0).abs() < 1e-9);
            let toes =
                frames.position(HipAngles::from_degrees(0.0, 0.0, 90.0)).apply(Vector::new(0.0, -1.0, 0.0));
            assert!((toes.x() - medial).abs() < 1e-12, "internal rotation turns the toes to the other leg");
        }
    }

    #[test]
    fn a_cup_turns_forwards_with_a_pelvis_that_tilts_backwards() {
        let case = Case::right();
        let planned = case.plan(PlanOptions::default());
        let cup = JointFrames::new(planned.plan.side, planned.pose.hip_centre, &case.anatomy)
            .cup(&planned.pose.cup_frame)
            .unwrap();
        let supine = cup_in_posture(&cup, Angle::ZERO);
        assert!((supine.inclination.degrees() - 40.0).abs() < 1e-9);
        let sitting = cup_in_posture(&cup, Angle::from_degrees(20.0));
        // reference values of 40/15 tilted by 20 degrees
        assert!((sitting.inclination.degrees() - 45.6575).abs() < 1e-3);
        assert!((sitting.anteversion.degrees() - 29.7546).abs() < 1e-3);
    }
}
