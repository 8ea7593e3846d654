//! The shortest way from point to point around a surface.

mod circle;
mod cylinder;
mod sphere;

use super::model::{Quadrant, WrapShape};
use cylinder::cylinder;
use nalgebra::{Point3, Vector3};
use sphere::sphere;

/// A way around a surface, in its own frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::muscle) struct Detour {
    /// Where the way meets the surface and leaves it.
    pub(in crate::muscle) touches: [Point3<f64>; 2],
    /// Length between these on the surface.
    pub(in crate::muscle) on_surface: f64,
}

impl Detour {
    /// Length of the whole way.
    pub(in crate::muscle) fn length(&self, from: &Point3<f64>, to: &Point3<f64>) -> f64 {
        (self.touches[0] - from).norm() + self.on_surface + (to - self.touches[1]).norm()
    }
}

/// The way around a surface between two points in its frame; `None` where the straight line is free, or a point lies within it.
pub(in crate::muscle) fn around(
    shape: &WrapShape,
    quadrant: Option<Quadrant>,
    from: &Point3<f64>,
    to: &Point3<f64>,
) -> Option<Detour> {
    match shape {
        WrapShape::Cylinder { radius, length } => cylinder(*radius, *length, quadrant, from, to),
        WrapShape::Sphere { radius } => sphere(*radius, quadrant, from, to),
        // Refused when the paths of a model are made.
        WrapShape::Ellipsoid { .. } | WrapShape::Torus { .. } => None,
    }
}

/// A direction of length one, or none.
pub(in crate::muscle) fn direction(from: &Point3<f64>, to: &Point3<f64>) -> Vector3<f64> {
    (to - from).try_normalize(1e-12).unwrap_or_else(Vector3::zeros)
}
