//! The shortest way from point to point around a surface.
//!
//! | surface | way | side |
//! |---|---|---|
//! | cylinder | helix | the shorter; with a half given, the one that does not cross the half plane from the axis through the other half |
//! | sphere | great circle | the shorter; with a half given that not both ends lie in, the longer where its straight parts point to it |
//! | ellipsoid | geodesic | the shortest; with a half given, the shortest whose middle lies in it |
//! | torus | geodesic | through the hole |
//!
//! The shorter of two ways is a continuous function of the ends, and so is the length of a path that takes it, although its direction may
//! change at once where both are of one length. Around a cylinder with a half the length is continuous as long as no end crosses the half
//! plane; no rule without memory does better, since each turn about the axis adds to the length. Around spheres and ellipsoids with a half
//! a jump remains where a way around the allowed half is left for the straight line past the other one, as in OpenSim.
//!
//! With a half given OpenSim also leads a path around cylinders that it does not meet where both ends lie in the other half, once around, and
//! through the hole of a torus that it passes at any distance. Neither is done here. Around ellipsoids it takes a curve in a plane that the
//! method of the path (`hybrid`, `midpoint`, `axial`) chooses, which is up to millimetres longer than the geodesic; with a half given the
//! plane is turned only as far as it must, so that there lengths are not comparable.
//!
//! Where a point lies within a surface, the path does not mind it, as in OpenSim.

mod circle;
pub(super) mod cylinder;
mod detour;
mod ellipsoid;
mod geodesic;
mod sphere;
#[cfg(test)]
mod tests;
mod torus;

use super::model::{Quadrant, WrapShape};
pub(super) use detour::Detour;
use nalgebra::{Point3, Vector3};

/// The way around a surface between two points in its frame; `None` where the straight line is free, or a point lies within it.
pub(super) fn around(
    shape: &WrapShape,
    quadrant: Option<Quadrant>,
    from: &Point3<f64>,
    to: &Point3<f64>,
) -> Option<Detour> {
    match *shape {
        WrapShape::Cylinder { radius, length } => cylinder::around(radius, length, quadrant, from, to),
        WrapShape::Sphere { radius } => sphere::sphere(radius, quadrant, from, to),
        WrapShape::Ellipsoid { radii } => ellipsoid::around(&radii, quadrant, from, to),
        WrapShape::Torus { inner_radius, outer_radius } => {
            torus::around(inner_radius, outer_radius, quadrant, from, to)
        }
    }
}

/// A direction of length one, or none.
pub(super) fn direction(from: &Point3<f64>, to: &Point3<f64>) -> Vector3<f64> {
    (to - from).try_normalize(1e-12).unwrap_or_else(Vector3::zeros)
}

impl Quadrant {
    fn sign(self) -> f64 {
        if self.is_positive { 1.0 } else { -1.0 }
    }

    /// Whether a longer way goes over the half that it names, as OpenSim has it of spheres: not both ends lie in it already, and the straight
    /// parts together point to it.
    fn sends_over(self, ends: [&Vector3<f64>; 2], touches: [&Vector3<f64>; 2]) -> bool {
        let pull = touches[0] - ends[0] + (touches[1] - ends[1]);
        !(self.has(ends[0]) && self.has(ends[1])) && self.has(&pull)
    }

    /// Whether a place lies in the half that it names.
    fn has(self, at: &Vector3<f64>) -> bool {
        at.get(self.axis).is_some_and(|along| self.sign() * along >= 0.0)
    }
}
