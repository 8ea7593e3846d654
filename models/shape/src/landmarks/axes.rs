//! Anatomical directions of the pelvis, in bare vectors.

use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side, Vector};
use nalgebra::{Point3, Vector3};

/// Right-handed unit axes: anterior x superior = right (or, seen from one hip, lateral).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axes {
    /// To the front.
    pub anterior: Vector3<f64>,
    /// Towards the head.
    pub superior: Vector3<f64>,
    /// The patient's right; in the right-hip world, lateral.
    pub lateral: Vector3<f64>,
}

impl Axes {
    /// The scanner's axes of a patient frame (LPS).
    pub fn of_patient() -> Self {
        Axes { anterior: -Vector3::y(), superior: Vector3::z(), lateral: -Vector3::x() }
    }

    /// From the direction to the right and one roughly superior.
    pub fn from_right_and_superior(right: Vector3<f64>, superior: Vector3<f64>) -> Option<Self> {
        let lateral = right.try_normalize(1e-9)?;
        let superior = (superior - lateral * lateral.dot(&superior)).try_normalize(1e-9)?;
        Some(Axes { anterior: superior.cross(&lateral), superior, lateral })
    }

    /// The same axes seen from one hip, in the right-hip world.
    pub fn seen_from(self, side: Side) -> Self {
        let [anterior, superior, right] =
            [self.anterior, self.superior, self.lateral].map(|axis| vector_to_side(side, axis));
        let lateral = if side == Side::Right { right } else { -right };
        Axes { anterior, superior, lateral }
    }

    /// Components (anterior, superior, lateral) of a point as seen from an origin.
    pub fn components(&self, point: &Point3<f64>, origin: &Point3<f64>) -> [f64; 3] {
        let d = point - origin;
        [d.dot(&self.anterior), d.dot(&self.superior), d.dot(&self.lateral)]
    }
}

/// Takes a point between the patient frame and the right-hip world of a side; its own inverse.
pub fn point_to_side(side: Side, p: Point3<f64>) -> Point3<f64> {
    side.to_right(Point::<Patient>::from_coords(p)).coords()
}

/// Takes a direction between the patient frame and the right-hip world of a side; its own inverse.
pub fn vector_to_side(side: Side, v: Vector3<f64>) -> Vector3<f64> {
    side.to_right(Vector::<Patient>::from_coords(v)).coords()
}
