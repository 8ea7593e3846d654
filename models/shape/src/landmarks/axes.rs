//! Anatomical directions of the pelvis, in bare vectors of one frame.

use coxa_geometry::frame::{Frame, Patient, RightSide};
use coxa_geometry::{Point, Side, Vector};
use nalgebra::Vector3;
use std::marker::PhantomData;

/// Right-handed unit axes: anterior x superior = right (or, seen from one hip, lateral).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axes<F: Frame> {
    /// To the front.
    pub anterior: Vector3<f64>,
    /// Towards the head.
    pub superior: Vector3<f64>,
    /// The patient's right; seen from one hip, lateral.
    pub lateral: Vector3<f64>,
    frame: PhantomData<F>,
}

impl<F: Frame> Axes<F> {
    /// From directions at right angles. The caller answers for their frame.
    pub const fn new(anterior: Vector3<f64>, superior: Vector3<f64>, lateral: Vector3<f64>) -> Self {
        Axes { anterior, superior, lateral, frame: PhantomData }
    }

    /// Components (anterior, superior, lateral) of a point as seen from an origin.
    pub fn components(&self, point: Point<F>, origin: Point<F>) -> [f64; 3] {
        let d = (point - origin).coords();
        [d.dot(&self.anterior), d.dot(&self.superior), d.dot(&self.lateral)]
    }
}

impl Axes<Patient> {
    /// The scanner's axes of a patient frame (LPS).
    pub fn of_patient() -> Self {
        Axes::new(-Vector3::y(), Vector3::z(), -Vector3::x())
    }

    /// From the direction to the right and one roughly superior.
    pub fn from_right_and_superior(right: Vector3<f64>, superior: Vector3<f64>) -> Option<Self> {
        let lateral = right.try_normalize(1e-9)?;
        let superior = (superior - lateral * lateral.dot(&superior)).try_normalize(1e-9)?;
        Some(Axes::new(superior.cross(&lateral), superior, lateral))
    }

    /// The same axes seen from one hip, as if it were a right one.
    pub fn seen_from(self, side: Side) -> Axes<RightSide> {
        let [anterior, superior, right] = [self.anterior, self.superior, self.lateral]
            .map(|axis| side.enter(Vector::<Patient>::from_coords(axis)).coords());
        let lateral = if side == Side::Right { right } else { -right };
        Axes::new(anterior, superior, lateral)
    }
}
