//! Triangle meshes in a named frame.

mod components;
pub mod file;
pub mod ply;
pub mod query;
pub mod section;
pub mod stl;
pub mod triangle;
pub mod validate;
pub mod winding;

pub use components::components;

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
    /// An axis-aligned box between two corners, facing outwards where the first is the lower one.
    pub fn cuboid(low: [f64; 3], high: [f64; 3]) -> Self {
        let vertices = (0..8)
            .map(|i: usize| {
                let coordinate = |axis: usize| if i >> axis & 1 == 1 { high[axis] } else { low[axis] };
                Point::new(coordinate(0), coordinate(1), coordinate(2))
            })
            .collect();
        let quads = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
        let triangles = quads.iter().flat_map(|&[a, b, c, d]| [[a, b, c], [a, c, d]]).collect();
        Mesh { vertices, triangles }
    }

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

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::frame::Pelvis;

    /// An axis-aligned cube about the origin.
    pub(crate) fn cube(side: f64) -> Mesh<Pelvis> {
        Mesh::cuboid([-side / 2.0; 3], [side / 2.0; 3])
    }

    /// A sphere about the origin of `rings` by `2 rings` quadrilaterals.
    pub(crate) fn sphere(radius: f64, rings: u32) -> Mesh<Pelvis> {
        let around = 2 * rings;
        let mut vertices = vec![Point::new(0.0, 0.0, radius)];
        for i in 1..rings {
            let polar = std::f64::consts::PI * f64::from(i) / f64::from(rings);
            for j in 0..around {
                let azimuth = std::f64::consts::TAU * f64::from(j) / f64::from(around);
                vertices.push(Point::new(
                    radius * polar.sin() * azimuth.cos(),
                    radius * polar.sin() * azimuth.sin(),
                    radius * polar.cos(),
                ));
            }
        }
        let south = vertices.len() as u32;
        vertices.push(Point::new(0.0, 0.0, -radius));
        let at = |ring: u32, j: u32| 1 + (ring - 1) * around + j % around;
        let mut triangles = Vec::new();
        for j in 0..around {
            triangles.push([0, at(1, j), at(1, j + 1)]);
            for i in 1..rings - 1 {
                triangles.push([at(i, j), at(i + 1, j), at(i + 1, j + 1)]);
                triangles.push([at(i, j), at(i + 1, j + 1), at(i, j + 1)]);
            }
            triangles.push([south, at(rings - 1, j + 1), at(rings - 1, j)]);
        }
        Mesh { vertices, triangles }
    }

    /// Both meshes in one, the second moved.
    pub(crate) fn joined(a: &Mesh<Pelvis>, b: &Mesh<Pelvis>, step: Vector<Pelvis>) -> Mesh<Pelvis> {
        let first = a.vertices.len() as u32;
        let mut mesh = a.clone();
        mesh.vertices.extend(b.vertices.iter().map(|&v| v + step));
        mesh.triangles.extend(b.triangles.iter().map(|t| t.map(|v| v + first)));
        mesh
    }

    #[test]
    fn volume_area_and_bounds_of_simple_solids() {
        let cube = cube(3.0);
        assert!((cube.signed_volume() - 27.0).abs() < 1e-12);
        assert!((cube.area() - 54.0).abs() < 1e-12);
        assert_eq!(cube.bounds(), Some((Point::new(-1.5, -1.5, -1.5), Point::new(1.5, 1.5, 1.5))));
        let sphere = sphere(10.0, 100);
        let exact = 4.0 / 3.0 * std::f64::consts::PI * 1000.0;
        assert!((sphere.signed_volume() / exact - 1.0).abs() < 1e-3);
        for (vertex, normal) in sphere.vertices.iter().zip(sphere.vertex_normals()) {
            assert!(normal.dot(*vertex - Point::origin()) > 0.99 * 10.0);
        }
    }
}
