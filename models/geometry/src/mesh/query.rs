//! Closest points, inside or outside, and rays, on a bounding volume tree.
//!
//! The tree is parry's; coordinates are converted to and from its glam vectors here and nowhere else.

use super::Mesh;
use super::validate::{Defect, check_usable};
use crate::frame::Frame;
use crate::spatial::{Point, Vector};
use parry3d_f64::math::Vector as Glam;
use parry3d_f64::partitioning::BvhNode;
use parry3d_f64::query::{PointQuery, PointQueryWithLocation};
use parry3d_f64::shape::{Segment, TriMesh, Triangle};
use std::marker::PhantomData;

/// A mesh prepared for many queries. Building takes about a second for a million triangles, a query some
/// microseconds. Queries may run on several threads at once.
pub struct MeshQuery<F: Frame> {
    mesh: TriMesh,
    frame: PhantomData<F>,
}

/// Where a ray meets a mesh.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Distance from the ray's origin in millimetres.
    pub distance: f64,
    /// Index of the triangle.
    pub triangle: usize,
}

impl<F: Frame> MeshQuery<F> {
    /// Builds the tree.
    ///
    /// # Errors
    /// The first defect that makes queries meaningless: no triangle, a vertex that is not finite, an index out of
    /// range.
    pub fn new(mesh: &Mesh<F>) -> Result<Self, Defect> {
        check_usable(mesh)?;
        let vertices = mesh.vertices.iter().map(|&p| glam(p)).collect();
        let mesh = TriMesh::new(vertices, mesh.triangles.clone()).map_err(|_| Defect::Empty)?;
        Ok(MeshQuery { mesh, frame: PhantomData })
    }

    /// The closest point of the surface, its triangle, and the distance in millimetres. A query point that is not
    /// finite gives itself, triangle 0 and an infinite distance.
    pub fn closest(&self, point: Point<F>) -> (Point<F>, usize, f64) {
        self.closest_within(point, f64::MAX).unwrap_or((point, 0, f64::INFINITY))
    }

    /// As [`MeshQuery::closest`], but only if the surface is nearer than `max_distance`; the sooner that is known,
    /// the quicker the answer.
    pub fn closest_within(&self, point: Point<F>, max_distance: f64) -> Option<(Point<F>, usize, f64)> {
        let query = glam(point);
        let (triangle, (distance, on_surface)) = self.mesh.bvh().find_best(
            max_distance,
            |node: &BvhNode, _| node.aabb().distance_to_local_point(query, true),
            |triangle, _| {
                let closest = closest_on_triangle(&self.mesh.triangle(triangle), query);
                Some(((closest - query).length(), closest))
            },
        )?;
        Some((Point::new(on_surface.x, on_surface.y, on_surface.z), triangle as usize, distance))
    }

    /// Indices of the triangles whose boxes a plane crosses or touches, in no particular order.
    pub fn near_plane(&self, point: Point<F>, normal: Vector<F>) -> Vec<usize> {
        let (point, normal) = (glam(point), Glam::new(normal.x(), normal.y(), normal.z()));
        let crosses = |node: &BvhNode| {
            let (centre, half) = (node.aabb().center(), node.aabb().half_extents());
            let reach = normal.abs().dot(half);
            // A hair more than the reach, so that rounding loses no triangle in the plane.
            normal.dot(centre - point).abs() <= reach * (1.0 + 1e-9) + 1e-9 * normal.length()
        };
        self.mesh.bvh().leaves(crosses).map(|triangle| triangle as usize).collect()
    }

    /// Whether a point lies inside, by the winding number of the surface around it: exact for watertight meshes
    /// wherever the point is not on the surface itself, even along edges and vertices; cavities whose surface faces
    /// inwards are outside; where solids of one mesh overlap is inside. Meaningless for open meshes.
    pub fn contains(&self, point: Point<F>) -> bool {
        if !self.mesh.local_aabb().contains_local_point(glam(point)) {
            return false;
        }
        // The first direction answers but for the rare ray that runs exactly through an edge.
        DIRECTIONS.iter().find_map(|&direction| self.winding_number(glam(point), direction)).unwrap_or(0) != 0
    }

    /// Signed count of the surfaces that a ray crosses; `None` where the ray meets an edge or vertex exactly.
    fn winding_number(&self, origin: Glam, direction: Glam) -> Option<i32> {
        let ray = ShearedRay::new(origin, direction, &self.mesh);
        self.mesh.bvh().leaves(|node| ray.may_hit(node, f64::INFINITY)).try_fold(0, |winding, triangle| {
            match ray.cross(&self.mesh.triangle(triangle)) {
                Crossing::None => Some(winding),
                Crossing::Leaving(distance) => Some(winding + i32::from(distance > 0.0)),
                Crossing::Entering(distance) => Some(winding - i32::from(distance > 0.0)),
                Crossing::OnEdge(_) => None,
            }
        })
    }

    /// The first triangle that a ray meets, from either side, no further than `max_distance` millimetres from its
    /// origin. The direction need not have unit length; a zero or non-finite one meets nothing. A ray through an
    /// edge or vertex of a closed mesh never slips through.
    pub fn ray(&self, origin: Point<F>, direction: Vector<F>, max_distance: f64) -> Option<Hit> {
        let direction = direction.normalised()?;
        let direction = Glam::new(direction.x(), direction.y(), direction.z());
        if !origin.is_finite() || max_distance.is_nan() {
            return None;
        }
        let ray = ShearedRay::new(glam(origin), direction, &self.mesh);
        // The tree compares with "less than"; the limit itself is to count.
        let limit = max_distance.min(f64::MAX).next_up().min(f64::MAX);
        let (triangle, distance) = self.mesh.bvh().find_best(
            limit,
            |node, best| ray.entry(node, best).unwrap_or(f64::MAX),
            |triangle, _| match ray.cross(&self.mesh.triangle(triangle)) {
                Crossing::Leaving(d) | Crossing::Entering(d) | Crossing::OnEdge(d) if d >= 0.0 => Some(d),
                _ => None,
            },
        )?;
        Some(Hit { distance, triangle: triangle as usize })
    }
}

fn glam<F: Frame>(point: Point<F>) -> Glam {
    Glam::new(point.x(), point.y(), point.z())
}

fn closest_on_triangle(triangle: &Triangle, point: Glam) -> Glam {
    let closest = triangle.project_local_point_and_get_location(point, false).0.point;
    if closest.is_finite() {
        return closest;
    }
    // Without area there are no barycentric coordinates; the sides still have their closest points.
    triangle
        .edges()
        .iter()
        .map(|edge: &Segment| edge.project_local_point(point, false).point)
        .chain(triangle.vertices().iter().copied())
        .filter(|p| p.is_finite())
        .min_by(|p, q| (*p - point).length_squared().total_cmp(&(*q - point).length_squared()))
        .unwrap_or(triangle.a)
}

/// Directions without symmetry, so that a ray from a voxel-aligned point meets no voxel-aligned edge.
const DIRECTIONS: [Glam; 8] = [
    Glam::new(0.8398127, 0.3819661, 0.3859737),
    Glam::new(-0.2718281, 0.8871231, 0.3729193),
    Glam::new(0.4142135, -0.5772156, 0.7037451),
    Glam::new(0.1234876, 0.2876543, -0.9497519),
    Glam::new(-0.7320508, -0.4357791, -0.5233711),
    Glam::new(0.5615528, -0.7912878, -0.2415229),
    Glam::new(-0.3166247, 0.4494897, 0.8353313),
    Glam::new(0.9149903, -0.1713729, -0.3653281),
];

/// A ray in the coordinates of Woop, Benthin and Wald 2013 (J Comput Graph Tech 2:65): axes permuted so that the
/// direction's largest component is last, and sheared so that the ray runs along it. Two triangles that share an
/// edge evaluate it with the same numbers, so a ray cannot slip between them.
struct ShearedRay {
    origin: Glam,
    inverse: Glam,
    axes: [usize; 3],
    shear: Glam,
    /// Length along the ray per unit of the last axis.
    stretch: f64,
    /// What rounding may move a sheared point by; boxes are widened by it, so that none is missed that a triangle
    /// in it would count for.
    slack: f64,
}

enum Crossing {
    None,
    /// Out of the solid: the ray runs with the triangle's normal.
    Leaving(f64),
    /// Into the solid.
    Entering(f64),
    /// Through an edge or a vertex, exactly; or within the plane of a triangle without sheared area.
    OnEdge(f64),
}

impl ShearedRay {
    fn new(origin: Glam, direction: Glam, mesh: &TriMesh) -> Self {
        let d = direction.to_array();
        let last = (0..3).max_by(|&i, &j| d[i].abs().total_cmp(&d[j].abs())).unwrap_or(2);
        // A cyclic permutation keeps handedness for either sign of the direction, because the signed
        // distance below carries the sign.
        let axes = [(last + 1) % 3, (last + 2) % 3, last];
        let shear = Glam::new(d[axes[0]] / d[last], d[axes[1]] / d[last], 1.0 / d[last]);
        let bounds = mesh.local_aabb();
        let reach = (bounds.mins.abs()).max(bounds.maxs.abs()).max(origin.abs()).max_element();
        ShearedRay {
            origin,
            inverse: direction.recip(),
            axes,
            shear,
            stretch: direction.length() / d[last],
            slack: 16.0 * f64::EPSILON * reach,
        }
    }

    fn cross(&self, triangle: &Triangle) -> Crossing {
        let [a, b, c] = [triangle.a, triangle.b, triangle.c].map(|p| self.sheared(p));
        let edge = |p: Glam, q: Glam| p.x * q.y - p.y * q.x;
        let (u, v, w) = (edge(c, b), edge(a, c), edge(b, a));
        let (any_negative, any_positive) = (u < 0.0 || v < 0.0 || w < 0.0, u > 0.0 || v > 0.0 || w > 0.0);
        if any_negative && any_positive {
            return Crossing::None;
        }
        let area = u + v + w;
        if area == 0.0 {
            // Seen edge-on: a closed surface is crossed through the neighbours.
            return Crossing::None;
        }
        let distance = self.stretch * (u * a.z + v * b.z + w * c.z) / area;
        if u == 0.0 || v == 0.0 || w == 0.0 {
            Crossing::OnEdge(distance)
        } else if (area < 0.0) == (self.stretch > 0.0) {
            Crossing::Leaving(distance)
        } else {
            Crossing::Entering(distance)
        }
    }

    fn sheared(&self, point: Glam) -> Glam {
        let p = (point - self.origin).to_array();
        let along = p[self.axes[2]];
        Glam::new(p[self.axes[0]] - self.shear.x * along, p[self.axes[1]] - self.shear.y * along, along)
    }

    /// Distance at which the ray enters a node's box (zero from inside), if it does within `limit`.
    fn entry(&self, node: &BvhNode, limit: f64) -> Option<f64> {
        let (mut near, mut far) = (0.0f64, limit);
        let (low, high) = (node.mins().to_array(), node.maxs().to_array());
        let (origin, inverse) = (self.origin.to_array(), self.inverse.to_array());
        for i in 0..3 {
            let (low, high) = (low[i] - self.slack - origin[i], high[i] + self.slack - origin[i]);
            if inverse[i].is_infinite() {
                if low > 0.0 || high < 0.0 {
                    return None;
                }
                continue;
            }
            let (t0, t1) = (low * inverse[i], high * inverse[i]);
            near = near.max(t0.min(t1));
            far = far.min(t0.max(t1));
        }
        (near <= far).then_some(near)
    }

    fn may_hit(&self, node: &BvhNode, limit: f64) -> bool {
        self.entry(node, limit).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Pelvis;
    use crate::mesh::tests::{cube, joined, sphere};
    use proptest::prelude::*;

    fn point() -> impl Strategy<Value = Point<Pelvis>> {
        let c = || -15.0..15.0f64;
        (c(), c(), c()).prop_map(|(x, y, z)| Point::new(x, y, z))
    }

    /// Points of a grid that holds vertices, edge and face points of the cube.
    fn lattice_point() -> impl Strategy<Value = Point<Pelvis>> {
        let c = || (-8..=8i32).prop_map(|i| f64::from(i) / 4.0);
        (c(), c(), c()).prop_map(|(x, y, z)| Point::new(x, y, z))
    }

    #[test]
    fn refuses_what_cannot_be_queried() {
        assert_eq!(MeshQuery::new(&Mesh::<Pelvis>::default()).err(), Some(Defect::Empty));
        let mut mesh = cube(1.0);
        mesh.triangles[2] = [0, 1, 8];
        assert!(matches!(MeshQuery::new(&mesh), Err(Defect::IndexOutOfRange { triangle: 2, .. })));
    }

    #[test]
    fn odd_queries_have_defined_answers() {
        let query = MeshQuery::new(&cube(2.0)).unwrap();
        let nowhere = Point::new(f64::NAN, 0.0, 0.0);
        assert_eq!(query.closest(nowhere).2, f64::INFINITY);
        assert!(!query.contains(nowhere));
        let x = Vector::new(1.0, 0.0, 0.0);
        assert_eq!(query.ray(nowhere, x, 10.0), None);
        assert_eq!(query.ray(Point::origin(), Vector::new(0.0, 0.0, 0.0), 10.0), None);
        assert_eq!(query.ray(Point::origin(), x, 0.9), None);
        assert_eq!(query.ray(Point::origin(), x, 1.0).map(|h| h.distance), Some(1.0));
        assert_eq!(query.closest_within(Point::new(3.0, 0.0, 0.0), 1.9), None);
    }

    #[test]
    fn a_ray_through_a_corner_or_edge_hits() {
        let query = MeshQuery::new(&cube(2.0)).unwrap();
        for direction in [[1.0, 1.0, 1.0], [1.0, 1.0, 0.0], [-1.0, 0.0, 1.0], [0.0, -1.0, -1.0]] {
            let [x, y, z] = direction;
            let hit = query.ray(Point::origin(), Vector::new(x, y, z), f64::INFINITY).unwrap();
            assert!((hit.distance - Vector::<Pelvis>::new(x, y, z).norm()).abs() < 1e-12);
        }
    }

    #[test]
    fn a_cavity_is_outside_and_an_overlap_inside() {
        let mut cavity = cube(1.0);
        for triangle in &mut cavity.triangles {
            triangle.swap(1, 2);
        }
        let hollow = MeshQuery::new(&joined(&cube(2.0), &cavity, Vector::new(0.0, 0.0, 0.0))).unwrap();
        assert!(!hollow.contains(Point::origin()));
        assert!(hollow.contains(Point::new(0.75, 0.0, 0.0)));
        let overlap = MeshQuery::new(&joined(&cube(2.0), &cube(2.0), Vector::new(1.0, 0.0, 0.0))).unwrap();
        assert!(overlap.contains(Point::new(0.5, 0.0, 0.0)));
    }

    #[test]
    fn triangles_without_area_do_no_harm() {
        let mut mesh = cube(2.0);
        mesh.triangles.extend([[0, 0, 0], [0, 0, 1], [0, 7, 0]]);
        let query = MeshQuery::new(&mesh).unwrap();
        let (closest, _, distance) = query.closest(Point::new(-1.5, -1.25, -1.25));
        assert_eq!(closest, Point::new(-1.0, -1.0, -1.0));
        assert!((distance - 0.375f64.sqrt()).abs() < 1e-12);
        assert!(query.contains(Point::new(0.5, 0.25, 0.0)));
    }

    proptest! {
        #[test]
        fn cube_queries_match_the_closed_form(p in point(), lattice in lattice_point()) {
            let query = MeshQuery::new(&cube(2.0)).unwrap();
            for p in [p, lattice] {
                let c = p.coords();
                let outside = c.coords.map(|x| (x.abs() - 1.0).max(0.0)).norm();
                let deepest = c.coords.amax();
                let expected = if outside > 0.0 { outside } else { 1.0 - deepest };
                let (closest, triangle, distance) = query.closest(p);
                prop_assert!((distance - expected).abs() < 1e-12);
                prop_assert!((closest.distance(p) - distance).abs() < 1e-12);
                prop_assert!(triangle < 12);
                if deepest != 1.0 {
                    prop_assert_eq!(query.contains(p), deepest < 1.0);
                }
            }
        }

        #[test]
        fn sphere_queries_match_the_sphere(p in point(), d in point()) {
            let (radius, rings) = (10.0, 24);
            let query = MeshQuery::new(&sphere(radius, rings)).unwrap();
            // The inscribed polyhedron lies within the sagitta of its largest quadrilateral.
            let sagitta = radius * (1.0 - (std::f64::consts::PI / f64::from(rings)).cos());
            let r = (p - Point::origin()).norm();
            prop_assert!((query.closest(p).2 - (r - radius).abs()).abs() < sagitta);
            if (r - radius).abs() > sagitta {
                prop_assert_eq!(query.contains(p), r < radius);
            }
            let direction = (d - Point::origin()).normalised();
            prop_assume!(direction.is_some());
            let from_centre = query.ray(Point::origin(), direction.unwrap(), f64::INFINITY).unwrap();
            prop_assert!((from_centre.distance - radius).abs() < sagitta);
        }
    }
}
