//! The surface that a model is fitted to, ready for closest points, with its cut ends known.

use super::scoring::spread_evenly;
use crate::landmarks::shape::Shape;
use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Mesh, Point};
use nalgebra::{Point3, Vector3};

/// A surface in the right-hip world.
pub(super) struct Target<'a> {
    shape: &'a Shape,
    /// Normal of each triangle, zero where it has none.
    triangle_normals: Vec<Vector3<f64>>,
}

/// A place on a surface.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) point: Point3<f64>,
    /// Unit outward normal.
    pub(super) normal: Vector3<f64>,
}

impl<'a> Target<'a> {
    pub(super) fn new(shape: &'a Shape) -> Target<'a> {
        Target { triangle_normals: triangle_normals(&shape.mesh), shape }
    }

    pub(super) fn shape(&self) -> &Shape {
        self.shape
    }

    /// About `count` places spread evenly over the surface but for its cut ends.
    pub(super) fn places(&self, count: usize) -> Vec<Place> {
        let own = |i: usize| if self.shape.cut[i] { 0.0 } else { self.shape.areas[i] };
        let areas: Vec<f64> = (0..self.shape.points.len()).map(own).collect();
        spread_evenly(&areas, count)
            .into_iter()
            .map(|i| Place { point: self.shape.points[i], normal: self.shape.normals[i] })
            .filter(|p| p.normal.norm() > 0.5)
            .collect()
    }

    /// Area in mm² but for cut ends.
    pub(super) fn area(&self) -> f64 {
        self.shape.areas.iter().zip(&self.shape.cut).filter(|(_, cut)| !**cut).map(|(a, _)| a).sum()
    }

    /// Normal of the surface at its point closest to one.
    pub(super) fn normal_at(&self, point: Point3<f64>) -> Vector3<f64> {
        self.triangle_normals[self.shape.query.closest(Point::from_coords(point)).1]
    }

    /// The closest place to a point within a distance, unless it lies on a cut end or faces away from `normal`.
    pub(super) fn closest(&self, point: Point3<f64>, normal: Vector3<f64>, within: f64) -> Option<Place> {
        let (on, triangle, _) = self.shape.query.closest_within(Point::from_coords(point), within)?;
        let is_cut = self.shape.mesh.triangles[triangle].iter().any(|&v| self.shape.cut[v as usize]);
        let facing = self.triangle_normals[triangle];
        (!is_cut && facing.dot(&normal) > COMPATIBLE).then(|| Place { point: on.coords(), normal: facing })
    }
}

/// Normals that belong together agree to within 53 degrees.
pub(super) const COMPATIBLE: f64 = 0.6;

/// A model's surface in one pose and shape.
pub(super) struct Posed {
    pub(super) mesh: Mesh<Patient>,
    pub(super) normals: Vec<Vector3<f64>>,
    query: MeshQuery<Patient>,
    triangle_normals: Vec<Vector3<f64>>,
}

/// A point of a triangle: its vertices and their shares.
#[derive(Debug, Clone, Copy)]
pub(super) struct OnTriangle {
    pub(super) vertices: [usize; 3],
    pub(super) shares: [f64; 3],
    pub(super) point: Point3<f64>,
    pub(super) normal: Vector3<f64>,
}

impl Posed {
    pub(super) fn new(mesh: Mesh<Patient>) -> Option<Posed> {
        let query = MeshQuery::new(&mesh).ok()?;
        let normals = mesh.vertex_normals().into_iter().map(|n| n.coords()).collect();
        let triangle_normals = triangle_normals(&mesh);
        Some(Posed { mesh, normals, query, triangle_normals })
    }

    /// The closest point of the surface within a distance, unless it faces away from `normal`.
    pub(super) fn closest(
        &self,
        point: Point3<f64>,
        normal: Vector3<f64>,
        within: f64,
    ) -> Option<OnTriangle> {
        let (on, triangle, _) = self.query.closest_within(Point::from_coords(point), within)?;
        let facing = self.triangle_normals[triangle];
        if facing.dot(&normal) <= COMPATIBLE {
            return None;
        }
        let vertices = self.mesh.triangles[triangle].map(|v| v as usize);
        let corners = vertices.map(|v| self.mesh.vertices[v].coords());
        let shares = barycentric(&on.coords(), &corners);
        Some(OnTriangle { vertices, shares, point: on.coords(), normal: facing })
    }
}

/// Shares of the corners in a point of their triangle; equal ones where the triangle has no area.
pub(super) fn barycentric(p: &Point3<f64>, [a, b, c]: &[Point3<f64>; 3]) -> [f64; 3] {
    let normal = (b - a).cross(&(c - a));
    let doubled = normal.norm_squared();
    if doubled < 1e-18 {
        return [1.0 / 3.0; 3];
    }
    let share = |q: &Point3<f64>, r: &Point3<f64>| (q - p).cross(&(r - p)).dot(&normal) / doubled;
    let (u, v) = (share(b, c), share(c, a));
    [u, v, 1.0 - u - v]
}

fn triangle_normals(mesh: &Mesh<Patient>) -> Vec<Vector3<f64>> {
    (0..mesh.triangles.len())
        .map(|t| {
            let [a, b, c] = mesh.corners(t);
            (b - a).cross(c - a).normalised().map_or_else(Vector3::zeros, |n| n.coords())
        })
        .collect()
}
