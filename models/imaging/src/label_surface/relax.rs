//! Smoothing of a closed mesh that was drawn around voxels.

use coxa_geometry::{Mesh, frame};
use nalgebra::{Point3, Vector3};
use rayon::prelude::*;

/// The neighbours of every vertex of a closed mesh.
pub(super) struct Neighbours {
    first: Vec<u32>,
    list: Vec<u32>,
}

impl Neighbours {
    /// In a closed, consistently oriented mesh every edge is walked once each way, so the vertex that follows in
    /// each triangle gives every neighbour exactly once.
    pub(super) fn new(vertices: usize, triangles: &[[u32; 3]]) -> Self {
        let mut first = vec![0_u32; vertices + 1];
        for &v in triangles.as_flattened() {
            first[v as usize + 1] += 1;
        }
        for v in 0..vertices {
            first[v + 1] += first[v];
        }
        let mut next = first.clone();
        let mut list = vec![0; 3 * triangles.len()];
        for &[a, b, c] in triangles {
            for (from, to) in [(a, b), (b, c), (c, a)] {
                list[next[from as usize] as usize] = to;
                next[from as usize] += 1;
            }
        }
        Neighbours { first, list }
    }

    pub(super) fn of(&self, vertex: usize) -> &[u32] {
        &self.list[self.first[vertex] as usize..self.first[vertex + 1] as usize]
    }
}

/// One pair of smoothing steps, forth and back, leaves wavelengths above this pass-band (in units of the umbrella
/// operator's eigenvalue, 0 to 2) as they are: about ten voxels.
const PASS_BAND: f64 = 0.06;

/// Step of the forward half; the backward half follows from the pass-band.
const FORWARD: f64 = 0.6;

/// Smooths by Taubin's method (1995, SIGGRAPH, 351), each vertex within `reach` of its start along every axis.
///
/// The bound keeps thin plates from collapsing and corners from being eaten: the surface stays between the centres
/// of the voxels on its two sides, as in constrained elastic surface nets (Gibson 1998, MICCAI, 888).
pub(super) fn smooth(places: &mut Vec<Point3<f64>>, neighbours: &Neighbours, pairs: usize, reach: f64) {
    let start = places.clone();
    let mut moved = places.clone();
    let backward = 1.0 / (PASS_BAND - 1.0 / FORWARD);
    let bound = Vector3::repeat(reach);
    for step in std::iter::repeat_n([FORWARD, backward], pairs).flatten() {
        moved.par_iter_mut().enumerate().with_min_len(4096).for_each(|(v, to)| {
            let here = places[v];
            let around = neighbours.of(v);
            let sum: Vector3<f64> = around.iter().map(|&n| places[n as usize] - here).sum();
            let target = here + sum * (step / around.len().max(1) as f64);
            *to = start[v] + (target - start[v]).sup(&-bound).inf(&bound);
        });
        std::mem::swap(places, &mut moved);
    }
}

/// Area-weighted unit normals.
pub(super) fn normals(places: &[Point3<f64>], triangles: &[[u32; 3]]) -> Vec<Vector3<f64>> {
    let mut sums = vec![Vector3::zeros(); places.len()];
    for triangle in triangles {
        let [a, b, c] = triangle.map(|v| places[v as usize]);
        let normal = (b - a).cross(&(c - a));
        for &v in triangle {
            sums[v as usize] += normal;
        }
    }
    sums.into_iter().map(|n| n.try_normalize(0.0).unwrap_or_default()).collect()
}

/// Enclosed volume and area.
fn volume_and_area(places: &[Point3<f64>], triangles: &[[u32; 3]]) -> (f64, f64) {
    let Some(&apex) = places.first() else { return (0.0, 0.0) };
    triangles.iter().fold((0.0, 0.0), |(volume, area), triangle| {
        let [a, b, c] = triangle.map(|v| places[v as usize] - apex);
        (volume + a.dot(&b.cross(&c)) / 6.0, area + (b - a).cross(&(c - a)).norm() / 2.0)
    })
}

/// Moves the whole surface along its normals until it encloses `volume`.
pub(super) fn restore_volume(places: &mut [Point3<f64>], triangles: &[[u32; 3]], volume: f64) {
    // The offset of the first round is right to first order in it; the others take up the curvature.
    for _ in 0..4 {
        let (enclosed, area) = volume_and_area(places, triangles);
        let offset = (volume - enclosed) / area;
        if !offset.is_finite() || offset.abs() > 1.0 {
            return;
        }
        let normals = normals(places, triangles);
        for (place, normal) in places.iter_mut().zip(&normals) {
            *place += normal * offset;
        }
    }
}

/// The mesh in the patient frame, of places that were voxel indices.
pub(super) fn to_patient(
    grid: &crate::Grid,
    places: &[Point3<f64>],
    mut triangles: Vec<[u32; 3]>,
) -> Mesh<frame::Patient> {
    if grid.step.determinant() < 0.0 {
        for triangle in &mut triangles {
            triangle.swap(1, 2);
        }
    }
    let vertices = places.iter().map(|&p| grid.to_patient(coxa_geometry::Point::from_coords(p))).collect();
    Mesh { vertices, triangles }
}
