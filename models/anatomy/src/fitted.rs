//! Shapes fitted to the bones of a hip: head, acetabulum, neck, shaft, canal. What is told both of the patient and of a hip seen as
//! a right one has its frame as a parameter.

use coxa_geometry::frame::{Frame, Patient, RightSide};
use coxa_geometry::side::{Crossing, Side, World};
use coxa_geometry::{Point, Vector};
use nalgebra::Vector3;
use serde::{Deserialize, Serialize};

/// Femoral heads of adults are no smaller, in mm of diameter: three standard deviations below the mean of small women (41, 2.3).
/// Assumption; children of ten have heads that large, and are not told by them.
pub const LEAST_ADULT_HEAD_MM: f64 = 34.0;

/// Sphere through the articular part of the femoral head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct FemoralHead<F: Frame = Patient> {
    /// Centre.
    pub centre_mm: Point<F>,
    /// Radius of the bony head.
    pub radius_mm: f64,
    /// Root mean square distance of the supporting points to the sphere.
    pub residual_mm: f64,
    /// One standard deviation of the centre, per axis.
    pub spread_mm: f64,
}

impl<W: World> Crossing for FemoralHead<W> {
    type World = W;
    type Across = FemoralHead<W::Other>;

    fn crossed(self, side: Side) -> FemoralHead<W::Other> {
        let FemoralHead { centre_mm, radius_mm, residual_mm, spread_mm } = self;
        FemoralHead { centre_mm: centre_mm.crossed(side), radius_mm, residual_mm, spread_mm }
    }
}

/// Acetabulum: sphere through the lunate surface, rim and its plane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Acetabulum<F: Frame = Patient> {
    /// Centre of the sphere.
    pub centre_mm: Point<F>,
    /// Radius of the subchondral bone.
    pub radius_mm: f64,
    /// Root mean square distance of the supporting points to the sphere.
    pub residual_mm: f64,
    /// Rim points, in order around the opening axis; empty where the rim could not be traced.
    pub rim_mm: Vec<Point<F>>,
    /// Unit normal of the rim plane, pointing out of the socket.
    pub opening: Vector<F>,
    /// Root mean square distance of the rim points to their plane.
    pub rim_residual_mm: f64,
}

impl<W: World> Crossing for Acetabulum<W> {
    type World = W;
    type Across = Acetabulum<W::Other>;

    fn crossed(self, side: Side) -> Acetabulum<W::Other> {
        let Acetabulum { centre_mm, radius_mm, residual_mm, rim_mm, opening, rim_residual_mm } = self;
        let (centre_mm, rim_mm, opening) =
            (centre_mm.crossed(side), rim_mm.crossed(side), opening.crossed(side));
        Acetabulum { centre_mm, radius_mm, residual_mm, rim_mm, opening, rim_residual_mm }
    }
}

/// Femoral neck.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Neck<F: Frame = Patient> {
    /// Centre of the narrowest section.
    pub isthmus_mm: Point<F>,
    /// Unit vector along the neck, from the shaft towards the head.
    pub axis: Vector<F>,
    /// Radius of the circle with the area of the narrowest section.
    pub isthmus_radius_mm: f64,
}

impl<W: World> Crossing for Neck<W> {
    type World = W;
    type Across = Neck<W::Other>;

    fn crossed(self, side: Side) -> Neck<W::Other> {
        let Neck { isthmus_mm, axis, isthmus_radius_mm } = self;
        Neck { isthmus_mm: isthmus_mm.crossed(side), axis: axis.crossed(side), isthmus_radius_mm }
    }
}

/// Axis of the proximal femoral shaft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Shaft<F: Frame = Patient> {
    /// A point on the axis, at the level of the lesser trochanter or the highest section used.
    pub point_mm: Point<F>,
    /// Unit vector, proximal.
    pub axis: Vector<F>,
    /// Length of shaft the axis was fitted to.
    pub seen_mm: f64,
    /// One standard deviation of the axis direction.
    pub spread_deg: f64,
}

impl<W: World> Crossing for Shaft<W> {
    type World = W;
    type Across = Shaft<W::Other>;

    fn crossed(self, side: Side) -> Shaft<W::Other> {
        let Shaft { point_mm, axis, seen_mm, spread_deg } = self;
        Shaft { point_mm: point_mm.crossed(side), axis: axis.crossed(side), seen_mm, spread_deg }
    }
}

/// One cross-section of the femur, normal to the shaft axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CanalSection {
    /// Position along the shaft axis from `Shaft::point_mm`, proximal positive.
    pub level_mm: f64,
    /// Centre of the canal.
    pub centre_mm: Point<Patient>,
    /// Distance from the centre to the endosteal surface, by direction: equal steps of angle, counter-clockwise
    /// about the proximal axis, the first towards the patient's lateral side (seen as a right hip: -x made normal to
    /// the axis), as [`ring_directions`] gives them. Those of a left hip are of its mirror image.
    pub inner_mm: Vec<f64>,
    /// The same to the periosteal surface.
    pub outer_mm: Vec<f64>,
}

/// The medullary canal, as sections from proximal to distal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Canal {
    /// The sections, proximal first.
    pub sections: Vec<CanalSection>,
}

/// The directions in which [`CanalSection`] gives its radii, for a shaft axis (proximal) seen as a right one: `count`
/// equal steps counter-clockwise about the axis, the first towards lateral (-x made normal to the axis). `None` where
/// the shaft axis runs across the patient, not along the leg.
pub fn ring_directions(shaft_axis: Vector<RightSide>, count: usize) -> Option<Vec<Vector<RightSide>>> {
    let up = shaft_axis.coords().try_normalize(1e-6)?;
    let lateral = -Vector3::x();
    let lateral = (lateral - up * up.dot(&lateral)).try_normalize(1e-6)?;
    let ahead = up.cross(&lateral);
    let direction = |k| {
        let (sine, cosine) = (std::f64::consts::TAU * k as f64 / count as f64).sin_cos();
        Vector::from_coords(lateral * cosine + ahead * sine)
    };
    Some((0..count).map(direction).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_a_left_hip_enter_as_mirror_images_and_leave_as_they_were() {
        let point = |x: f64| Point::<Patient>::new(x, -20.0, 800.0);
        let axis = Vector::<Patient>::new(0.6, 0.0, 0.8);
        let head = FemoralHead { centre_mm: point(90.0), radius_mm: 24.0, residual_mm: 0.1, spread_mm: 0.2 };
        let neck = Neck { isthmus_mm: point(110.0), axis, isthmus_radius_mm: 15.0 };
        let shaft = Shaft { point_mm: point(120.0), axis, seen_mm: 90.0, spread_deg: 0.5 };
        let socket = Acetabulum {
            centre_mm: point(91.0),
            radius_mm: 25.0,
            residual_mm: 0.3,
            rim_mm: vec![point(100.0), point(80.0)],
            opening: axis,
            rim_residual_mm: 1.0,
        };
        let seen = Side::Left.enter(socket.clone());
        assert_eq!((seen.rim_mm[0].x(), seen.opening.x(), seen.radius_mm), (-100.0, -0.6, 25.0));
        assert_eq!(Side::Left.enter(neck.clone()).axis, Vector::new(-0.6, 0.0, 0.8));
        for side in Side::BOTH {
            assert_eq!(side.leave(side.enter(head.clone())), head);
            assert_eq!(side.leave(side.enter(neck.clone())), neck);
            assert_eq!(side.leave(side.enter(shaft.clone())), shaft);
            assert_eq!(side.leave(side.enter(socket.clone())), socket);
        }
    }
}
