//! One side of the joint as a tree of triangles.

use super::ContactError;
use coxa_geometry::frame::Frame;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::mesh::triangle::{Corners, closest_point};
use coxa_geometry::mesh::{components, validate};
use coxa_geometry::{Mesh, Point};
use nalgebra::{Matrix3, Point3, UnitQuaternion, Vector3};
use parry3d_f64::bounding_volume::Aabb;
use parry3d_f64::math::Vector as Glam;
use parry3d_f64::partitioning::{Bvh, BvhBuildStrategy, BvhNode};

/// A named surface of one side.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a, F: Frame> {
    /// Name used in results, such as `femur`.
    pub name: &'a str,
    /// The surface, origin of its frame at the hip centre.
    pub mesh: &'a Mesh<F>,
}

/// A part's name and, where it is watertight, what tells inside from outside.
pub(super) struct Solid<F: Frame> {
    pub(super) name: String,
    pub(super) inside: Option<MeshQuery<F>>,
    /// One point of every connected piece.
    pub(super) samples: Vec<Point<F>>,
}

/// All triangles of one side that can ever meet the other side.
pub(super) struct Body<F: Frame> {
    pub(super) solids: Vec<Solid<F>>,
    /// Corners, and the part they belong to.
    pub(super) triangles: Vec<(Corners, usize)>,
    pub(super) tree: Bvh,
}

impl<F: Frame> Body<F> {
    pub(super) fn new(parts: &[Part<'_, F>]) -> Result<Self, ContactError> {
        let mut solids = Vec::with_capacity(parts.len());
        let mut triangles = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let name = part.name.to_owned();
            let query = MeshQuery::new(part.mesh)
                .map_err(|defect| ContactError::Unusable { part: name.clone(), defect })?;
            solids.push(Solid {
                name,
                inside: validate::is_watertight(part.mesh).then_some(query),
                samples: components(part.mesh)
                    .iter()
                    .filter_map(|piece| piece.vertices.first().copied())
                    .collect(),
            });
            let corners = |t| part.mesh.corners(t).map(Point::coords);
            triangles.extend((0..part.mesh.triangles.len()).map(|t| (corners(t), index)));
        }
        Ok(Body { solids, triangles, tree: Bvh::new() })
    }

    /// Smallest and largest distance of any triangle from the hip centre.
    pub(super) fn reach(&self) -> (f64, f64) {
        self.triangles
            .iter()
            .map(|(corners, _)| distances_from_centre(corners))
            .fold((f64::INFINITY, 0.0), |(least, most), (near, far)| (least.min(near), most.max(far)))
    }

    /// Drops what lies wholly nearer or further than this from the hip centre, and builds the tree. Turning about
    /// the hip centre keeps a point's distance from it, so two points meet only if theirs are equal.
    pub(super) fn crop(&mut self, near: f64, far: f64) {
        self.triangles.retain(|(corners, _)| {
            let (least, most) = distances_from_centre(corners);
            most >= near && least <= far
        });
        let boxes = self.triangles.iter().map(|([a, b, c], _)| {
            let (low, high) = (a.inf(b).inf(c), a.sup(b).sup(c));
            Aabb::new(Glam::new(low.x, low.y, low.z), Glam::new(high.x, high.y, high.z))
        });
        self.tree = Bvh::from_iter(BvhBuildStrategy::Binned, boxes.enumerate());
    }
}

/// Largest distance of a triangle from an axis through the hip centre.
pub(super) fn lever(corners: &Corners, axis: &Vector3<f64>) -> f64 {
    corners.iter().map(|p| p.coords.cross(axis).norm_squared()).fold(0.0, f64::max).sqrt()
}

/// A bound on the distance of anything in a node's box from an axis through the hip centre.
pub(super) fn box_lever(node: &BvhNode, axis: &Vector3<f64>) -> f64 {
    let (low, high) = (node.mins(), node.maxs());
    let (centre, half) = ((low + high) * 0.5, (high - low) * 0.5);
    Vector3::new(centre.x, centre.y, centre.z).cross(axis).norm() + half.length()
}

fn distances_from_centre(corners: &Corners) -> (f64, f64) {
    let centre = Point3::origin();
    let far = corners.iter().map(|p| p.coords.norm()).fold(0.0, f64::max);
    // The closest point is on the triangle up to rounding; the margin makes the bound safe.
    ((closest_point(&centre, corners).coords.norm() - 1e-9).max(0.0), far + 1e-9)
}

/// A rotation of the moving side, ready for boxes and corners.
pub(super) struct Pose {
    rotation: Matrix3<f64>,
    magnitude: Matrix3<f64>,
}

impl Pose {
    pub(super) fn new(rotation: UnitQuaternion<f64>) -> Self {
        let rotation = rotation.to_rotation_matrix().into_inner();
        // The floor keeps cross products of nearly parallel box axes from deciding by rounding.
        Pose { rotation, magnitude: rotation.map(|c| c.abs() + 1e-12) }
    }

    pub(super) fn corners(&self, corners: &Corners) -> Corners {
        corners.map(|p| Point3::from(self.rotation * p.coords))
    }

    /// Whether the box of a fixed node, grown by `margin` on all sides, and the rotated box of a moving node
    /// overlap, by the fifteen separating axes (Gottschalk, Lin and Manocha 1996, SIGGRAPH). Boxes nearer than the
    /// margin always do.
    pub(super) fn boxes_overlap(&self, fixed: &BvhNode, moving: &BvhNode, margin: f64) -> bool {
        let centre = |node: &BvhNode| {
            let c = (node.mins() + node.maxs()) * 0.5;
            Vector3::new(c.x, c.y, c.z)
        };
        let half = |node: &BvhNode| {
            let h = (node.maxs() - node.mins()) * 0.5;
            Vector3::new(h.x, h.y, h.z)
        };
        let (r, m) = (&self.rotation, &self.magnitude);
        let (a, b) = (half(fixed).add_scalar(margin), half(moving));
        let t = r * centre(moving) - centre(fixed);
        let spread = m * b;
        if (0..3).any(|i| t[i].abs() > a[i] + spread[i]) {
            return false;
        }
        if (0..3).any(|j| r.column(j).dot(&t).abs() > b[j] + m.column(j).dot(&a)) {
            return false;
        }
        for i in 0..3 {
            let (i1, i2) = ((i + 1) % 3, (i + 2) % 3);
            for j in 0..3 {
                let (j1, j2) = ((j + 1) % 3, (j + 2) % 3);
                let reach = a[i1] * m[(i2, j)] + a[i2] * m[(i1, j)] + b[j1] * m[(i, j2)] + b[j2] * m[(i, j1)];
                if (t[i2] * r[(i1, j)] - t[i1] * r[(i2, j)]).abs() > reach {
                    return false;
                }
            }
        }
        true
    }
}
