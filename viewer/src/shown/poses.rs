//! Where the bodies of a hip are that move, against where their surfaces were made.

use coxa_geometry::Transform;
use coxa_geometry::frame::Patient;
use coxa_planner::Planned;
use coxa_planner::placement::Sketch;

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
}

/// A motion of the patient frame for each body, from where its surface was made to where it is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Poses {
    cup: Transform<Patient, Patient>,
    stem: Transform<Patient, Patient>,
    femur: Transform<Patient, Patient>,
}

impl Default for Poses {
    /// Everything where it was made.
    fn default() -> Self {
        let still = Transform::identity();
        Poses { cup: still, stem: still, femur: still }
    }
}

impl Poses {
    /// From the plan whose surfaces are shown to the one that is sketched: while a component is dragged its surface moves at once
    /// and is made anew later.
    pub fn between(shown: &Planned, sketch: &Sketch) -> Self {
        Poses {
            cup: shown.cup_frame.inverse().then(&sketch.cup_frame),
            stem: shown
                .stem_frame
                .then(&shown.reduction)
                .inverse()
                .then(&sketch.stem_frame.then(&sketch.reduction)),
            femur: shown.reduction.inverse().then(&sketch.reduction),
        }
    }

    /// Stem, head and femur carried further by a motion of the hip.
    #[must_use]
    pub fn swung(self, hip: &Transform<Patient, Patient>) -> Self {
        Poses { cup: self.cup, stem: self.stem.then(hip), femur: self.femur.then(hip) }
    }

    /// Of one body.
    pub fn of(&self, body: Body) -> Transform<Patient, Patient> {
        match body {
            Body::Fixed => Transform::identity(),
            Body::Cup => self.cup,
            Body::Stem => self.stem,
            Body::Femur => self.femur,
        }
    }
}
