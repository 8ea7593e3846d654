//! Where the bodies of a hip are that move, against where their surfaces were made.

use coxa_geometry::frame::Patient;
use coxa_geometry::{Transform, Vector};
use coxa_planner::Planned;
use coxa_planner::Sketch;

/// What a part moves with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// The pelvis, the other femur and all that stays where it was scanned.
    Fixed,
    /// Shell, liner and screws.
    Cup,
    /// The stem and the head on it.
    Stem,
    /// The operated femur, resected and reduced.
    Femur,
    /// The operated femur as scanned.
    ScannedFemur,
}

/// A motion of the patient frame for each body, from where its surface was made to where it is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Poses {
    cup: Transform<Patient, Patient>,
    stem: Transform<Patient, Patient>,
    femur: Transform<Patient, Patient>,
    scanned_femur: Transform<Patient, Patient>,
}

impl Default for Poses {
    /// Everything where it was made.
    fn default() -> Self {
        let still = Transform::identity();
        Poses { cup: still, stem: still, femur: still, scanned_femur: still }
    }
}

impl Poses {
    /// From the plan whose surfaces are shown to the one that is sketched: while a component is dragged its surface moves at once
    /// and is made anew later.
    pub fn between(shown: &Planned, sketch: &Sketch) -> Self {
        Poses {
            cup: shown.pose.cup_frame.inverse().then(&sketch.pose.cup_frame),
            stem: shown
                .pose
                .stem_frame
                .then(&shown.pose.reduced())
                .inverse()
                .then(&sketch.pose.stem_frame.then(&sketch.pose.reduced())),
            femur: shown.pose.reduced().inverse().then(&sketch.pose.reduced()),
            ..Poses::default()
        }
    }

    /// Stem, head and femur carried further by a motion of the hip.
    #[must_use]
    pub fn swung(self, hip: &Transform<Patient, Patient>) -> Self {
        Poses { stem: self.stem.then(hip), femur: self.femur.then(hip), ..self }
    }

    /// With all of the femur's side drawn away from the pelvis, so that one sees into the joint.
    #[must_use]
    pub fn parted(self, by: Vector<Patient>) -> Self {
        let away = Transform::from_isometry(nalgebra::Translation3::new(by.x(), by.y(), by.z()).into());
        Poses { scanned_femur: self.scanned_femur.then(&away), ..self.swung(&away) }
    }

    /// Of one body.
    pub fn of(&self, body: Body) -> Transform<Patient, Patient> {
        match body {
            Body::Fixed => Transform::identity(),
            Body::Cup => self.cup,
            Body::Stem => self.stem,
            Body::Femur => self.femur,
            Body::ScannedFemur => self.scanned_femur,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Point;

    #[test]
    fn a_joint_drawn_apart_moves_the_side_of_the_femur_alone() {
        let turn = nalgebra::UnitQuaternion::from_axis_angle(&nalgebra::Vector3::x_axis(), 1.0);
        let hip = Transform::from_isometry(nalgebra::Isometry3::from_parts(Default::default(), turn));
        let by = Vector::new(3.0, -4.0, 5.0);
        let (swung, parted) = (Poses::default().swung(&hip), Poses::default().swung(&hip).parted(by));
        let place = Point::new(10.0, 20.0, 30.0);
        for body in [Body::Fixed, Body::Cup, Body::Stem, Body::Femur, Body::ScannedFemur] {
            let expected = match body {
                Body::Fixed | Body::Cup => Vector::new(0.0, 0.0, 0.0),
                _ => by,
            };
            let moved = parted.of(body).apply(place) - swung.of(body).apply(place);
            assert!((moved - expected).norm() < 1e-9, "{body:?}");
        }
    }
}
