//! Triangle meshes in a named frame.

use crate::frame::Frame;
use crate::spatial::{Moved, Point, Transform, Vector};

/// An indexed triangle mesh, vertices in millimetres, triangles counter-clockwise seen from outside.
///
/// A mesh is plain data and may be open or broken; checks are separate.
#[derive(Debug, Clone, PartialEq)]
pub struct Mesh<F: Frame> {
    /// Vertex positions.
    pub vertices: Vec<Point<F>>,
    /// Vertex indices, three to a triangle.
    pub triangles: Vec<[u32; 3]>,
}

impl<F: Frame> Default for Mesh<F> {
    fn default() -> Self {
        Mesh { vertices: Vec::new(), triangles: Vec::new() }
    }
}

impl<F: Frame> Mesh<F> {
    /// Corner positions of one triangle.
    pub fn corners(&self, triangle: usize) -> [Point<F>; 3] {
        self.triangles[triangle].map(|v| self.vertices[v as usize])
    }

    /// Whether there is no triangle.
    pub fn is_empty(&self) -> bool {
        self.triangles.is_empty()
    }

    /// Enclosed volume in mm³ by the divergence theorem; negative where the mesh is inside out, meaningless
    /// where it is open.
    pub fn signed_volume(&self) -> f64 {
        // Relative to one vertex, so that a mesh far from the origin loses no digits.
        let Some(&apex) = self.vertices.first() else { return 0.0 };
        (0..self.triangles.len())
            .map(|t| {
                let [a, b, c] = self.corners(t).map(|p| p - apex);
                a.dot(b.cross(c)) / 6.0
            })
            .sum()
    }

    /// Surface area in mm².
    pub fn area(&self) -> f64 {
        (0..self.triangles.len())
            .map(|t| {
                let [a, b, c] = self.corners(t);
                (b - a).cross(c - a).norm() / 2.0
            })
            .sum()
    }

    /// Smallest and largest coordinates; `None` without vertices.
    pub fn bounds(&self) -> Option<(Point<F>, Point<F>)> {
        let first = self.vertices.first()?.coords();
        let (low, high) = self
            .vertices
            .iter()
            .fold((first, first), |(low, high), p| (low.inf(&p.coords()), high.sup(&p.coords())));
        Some((Point::from_coords(low), Point::from_coords(high)))
    }

    /// Unit normals per vertex, weighted by triangle area; zero where a vertex has none.
    pub fn vertex_normals(&self) -> Vec<Vector<F>> {
        let mut sums = vec![Vector::new(0.0, 0.0, 0.0); self.vertices.len()];
        for (t, triangle) in self.triangles.iter().enumerate() {
            let [a, b, c] = self.corners(t);
            let normal = (b - a).cross(c - a);
            for &v in triangle {
                sums[v as usize] = sums[v as usize] + normal;
            }
        }
        sums.into_iter().map(|n| n.normalised().unwrap_or(n)).collect()
    }
}

impl<From: Frame, To: Frame> Moved<From, To> for &Mesh<From> {
    type Moved = Mesh<To>;
    fn moved(self, isometry: &nalgebra::Isometry3<f64>) -> Mesh<To> {
        let transform: Transform<From, To> = Transform::from_isometry(*isometry);
        Mesh {
            vertices: self.vertices.iter().map(|&v| transform.apply(v)).collect(),
            triangles: self.triangles.clone(),
        }
    }
}
