//! A bone surface made ready for landmark search: cleaned, with normals, areas and cut faces.

use super::cut;
use coxa_geometry::frame::RightSide;
use coxa_geometry::mesh::components;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Mesh, Point, Vector};
use nalgebra::{Point3, Vector3};

/// A bone of a hip seen as a right one: its largest connected piece.
pub struct Shape {
    /// The surface.
    pub mesh: Mesh<RightSide>,
    /// The surface prepared for closest points and rays.
    pub query: MeshQuery<RightSide>,
    /// Bare vertex positions.
    pub points: Vec<Point3<f64>>,
    /// Unit outward normal of each vertex, zero where there is none.
    pub normals: Vec<Vector3<f64>>,
    /// A third of the area of the triangles around each vertex, in mm².
    pub areas: Vec<f64>,
    /// Whether a vertex lies on or beside a face where the scan, not the bone, ends.
    pub cut: Vec<bool>,
    /// Positional resolution: the larger of the typical edge and the voxel size, in mm.
    pub resolution_mm: f64,
}

/// Fewer triangles than this show no bone.
const MIN_TRIANGLES: usize = 200;

impl Shape {
    /// Cleans a surface; `None` where too little of it is usable. `is_at_edge` tells where the image ends, where there is
    /// an image; `voxel_mm` is its voxel size, zero where unknown.
    pub fn new(
        mesh: &Mesh<RightSide>,
        voxel_mm: f64,
        is_at_edge: &dyn Fn(Point<RightSide>) -> bool,
    ) -> Option<Self> {
        let mut shape = Shape::whole(largest_piece(mesh)?)?;
        shape.resolution_mm = shape.resolution_mm.max(voxel_mm);
        shape.cut = cut::cut_vertices(&shape.mesh, &shape.points, shape.resolution_mm, is_at_edge);
        Some(shape)
    }

    /// A whole bone whose surface is known to be clean and to face outwards.
    pub fn whole(mesh: Mesh<RightSide>) -> Option<Self> {
        let points: Vec<Point3<f64>> = mesh.vertices.iter().map(|v| v.coords()).collect();
        let normals = mesh.vertex_normals().into_iter().map(Vector::coords).collect();
        let mut areas = vec![0.0; points.len()];
        let mut edges = Vec::with_capacity(mesh.triangles.len());
        for triangle in &mesh.triangles {
            let [a, b, c] = triangle.map(|v| points[v as usize]);
            let third = (b - a).cross(&(c - a)).norm() / 6.0;
            for &v in triangle {
                areas[v as usize] += third;
            }
            edges.push((b - a).norm());
        }
        if edges.is_empty() {
            return None;
        }
        let middle = edges.len() / 2;
        let resolution_mm = *edges.select_nth_unstable_by(middle, f64::total_cmp).1;
        let query = MeshQuery::new(&mesh).ok()?;
        let cut = vec![false; points.len()];
        Some(Shape { mesh, query, points, normals, areas, cut, resolution_mm })
    }

    /// Indices of the vertices in a region.
    pub fn select(&self, inside: impl Fn(&Point3<f64>) -> bool) -> Vec<usize> {
        (0..self.points.len()).filter(|&i| inside(&self.points[i])).collect()
    }

    /// Whether a point is within `reach_mm` of a cut face.
    pub fn is_near_cut(&self, point: &Point3<f64>, reach_mm: f64) -> bool {
        self.points.iter().zip(&self.cut).any(|(p, &cut)| cut && (p - point).norm() < reach_mm)
    }
}

/// The largest piece by area, without unusable triangles, facing outwards.
fn largest_piece(mesh: &Mesh<RightSide>) -> Option<Mesh<RightSide>> {
    let finite = |v: &u32| mesh.vertices.get(*v as usize).is_some_and(|p| p.is_finite());
    let triangles: Vec<[u32; 3]> = mesh
        .triangles
        .iter()
        .filter(|t| t.iter().all(finite) && t[0] != t[1] && t[1] != t[2] && t[2] != t[0])
        .copied()
        .collect();
    let usable = Mesh { vertices: mesh.vertices.clone(), triangles };
    let mut piece = components(&usable).into_iter().max_by(|a, b| a.area().total_cmp(&b.area()))?;
    if piece.triangles.len() < MIN_TRIANGLES {
        return None;
    }
    if piece.signed_volume() < 0.0 {
        for triangle in &mut piece.triangles {
            triangle.swap(1, 2);
        }
    }
    (piece.area() > 0.0).then_some(piece)
}
