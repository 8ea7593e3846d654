//! The surface that a model is fitted to, ready for closest points, with its cut ends known.

use super::pieces::Pieces;
use super::scoring::spread_evenly;
use crate::landmarks::shape::Shape;
use coxa_geometry::frame::RightSide;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Mesh, Point};
use nalgebra::{Point3, Vector3};

/// A surface of a bone seen as a right one.
pub(super) struct Target<'a> {
    /// Piece of the model that it shows.
    pub(super) piece: usize,
    shape: &'a Shape,
    /// Normal of each triangle, zero where it has none.
    triangle_normals: Vec<Vector3<f64>>,
}

/// A place on a surface.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Piece of the model.
    pub(super) piece: usize,
    pub(super) point: Point3<f64>,
    /// Unit outward normal.
    pub(super) normal: Vector3<f64>,
}

impl<'a> Target<'a> {
    pub(super) fn new(piece: usize, shape: &'a Shape) -> Target<'a> {
        Target { piece, triangle_normals: triangle_normals(&shape.mesh), shape }
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
            .map(|i| Place { piece: self.piece, point: self.shape.points[i], normal: self.shape.normals[i] })
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
        (!is_cut && facing.dot(&normal) > COMPATIBLE).then(|| Place {
            piece: self.piece,
            point: on.coords(),
            normal: facing,
        })
    }
}

/// About `count` places spread evenly over all targets but for their cut ends.
pub(super) fn places(targets: &[Target<'_>], count: usize) -> Vec<Place> {
    let total: f64 = targets.iter().map(Target::area).sum();
    let share = |t: &Target<'_>| (count as f64 * t.area() / total.max(f64::MIN_POSITIVE)).round() as usize;
    targets.iter().flat_map(|t| t.places(share(t))).collect()
}

/// Normals that belong together agree to within 53 degrees.
pub(super) const COMPATIBLE: f64 = 0.6;

/// A model's surface in one pose and shape.
pub(super) struct Posed<'a> {
    pub(super) mesh: Mesh<RightSide>,
    pub(super) normals: Vec<Vector3<f64>>,
    pieces: &'a Pieces,
    /// Of each piece.
    queries: Vec<MeshQuery<RightSide>>,
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

impl<'a> Posed<'a> {
    pub(super) fn new(mesh: Mesh<RightSide>, pieces: &'a Pieces) -> Option<Self> {
        let query = |piece: usize| {
            let triangles = pieces.triangles(piece).iter().map(|&t| mesh.triangles[t]).collect();
            MeshQuery::new(&Mesh { vertices: mesh.vertices.clone(), triangles }).ok()
        };
        let queries = (0..pieces.count()).map(query).collect::<Option<Vec<_>>>()?;
        let normals = mesh.vertex_normals().into_iter().map(|n| n.coords()).collect();
        let triangle_normals = triangle_normals(&mesh);
        (!queries.is_empty()).then_some(Posed { mesh, normals, pieces, queries, triangle_normals })
    }

    /// The closest point of a piece, the normal there and the distance.
    pub(super) fn nearest(&self, piece: usize, point: Point3<f64>) -> (Point3<f64>, Vector3<f64>, f64) {
        let Some(query) = self.queries.get(piece) else { return (point, Vector3::zeros(), f64::INFINITY) };
        let (on, triangle, distance) = query.closest(Point::from_coords(point));
        (on.coords(), self.triangle_normals[self.pieces.triangles(piece)[triangle]], distance)
    }

    /// The closest point of a piece within a distance, unless it faces away from `normal`.
    pub(super) fn closest(
        &self,
        piece: usize,
        point: Point3<f64>,
        normal: Vector3<f64>,
        within: f64,
    ) -> Option<OnTriangle> {
        let query = self.queries.get(piece)?;
        let (on, triangle, _) = query.closest_within(Point::from_coords(point), within)?;
        let triangle = self.pieces.triangles(piece)[triangle];
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

fn triangle_normals(mesh: &Mesh<RightSide>) -> Vec<Vector3<f64>> {
    (0..mesh.triangles.len())
        .map(|t| {
            let [a, b, c] = mesh.corners(t);
            (b - a).cross(c - a).normalised().map_or_else(Vector3::zeros, |n| n.coords())
        })
        .collect()
}
