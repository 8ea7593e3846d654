//! Where the scan, not the bone, ends: open edges, flat caps, and vertices at the end of the image.
//!
//! A landmark on such a face is an accident of the scan's extent and must not be reported.

use coxa_geometry::frame::RightSide;
use coxa_geometry::{Mesh, Point};
use nalgebra::{Point3, Vector3};
use std::collections::HashMap;

/// A cap is flat to this depth, or to half the resolution where that is more.
const CAP_DEPTH_MM: f64 = 0.4;

/// Normals of a cap's triangles agree to this angle.
const CAP_ANGLE_DEG: f64 = 6.0;

/// Around a cap the surface turns away at once; bone that is merely flat curves away gradually. The part turned by up
/// to this angle must be smaller than the cap.
const ROUNDING_DEG: f64 = 45.0;

/// Least area of a cap. The supporting plane of a sphere touches 2 pi r² (1 - cos 6°) = 20 mm² of it for a femoral
/// head of 24 mm radius; the section of a femoral shaft has 300 mm² of cortex.
const CAP_AREA_MM2: f64 = 120.0;

/// Marks the vertices on or beside cut faces.
pub(super) fn cut_vertices(
    mesh: &Mesh<RightSide>,
    points: &[Point3<f64>],
    resolution_mm: f64,
    is_at_edge: &dyn Fn(Point<RightSide>) -> bool,
) -> Vec<bool> {
    let mut cut: Vec<bool> = mesh.vertices.iter().map(|&v| is_at_edge(v)).collect();
    for v in open_edge_vertices(mesh) {
        cut[v] = true;
    }
    for (normal, height) in caps(mesh, points, resolution_mm) {
        let depth = 1.5 * resolution_mm.max(2.0 * CAP_DEPTH_MM);
        for (marked, p) in cut.iter_mut().zip(points) {
            *marked |= normal.dot(&p.coords) > height - depth;
        }
    }
    cut
}

fn open_edge_vertices(mesh: &Mesh<RightSide>) -> Vec<usize> {
    let mut uses: HashMap<(u32, u32), u32> = HashMap::with_capacity(mesh.triangles.len() * 3 / 2);
    for t in &mesh.triangles {
        for (a, b) in [(t[0], t[1]), (t[1], t[2]), (t[2], t[0])] {
            *uses.entry((a.min(b), a.max(b))).or_default() += 1;
        }
    }
    uses.into_iter().filter(|&(_, n)| n == 1).flat_map(|((a, b), _)| [a as usize, b as usize]).collect()
}

/// Supporting planes (unit normal, height) that touch the surface over a large flat area.
fn caps(mesh: &Mesh<RightSide>, points: &[Point3<f64>], resolution_mm: f64) -> Vec<(Vector3<f64>, f64)> {
    let faces: Vec<(Vector3<f64>, f64, Point3<f64>)> = mesh
        .triangles
        .iter()
        .filter_map(|t| {
            let [a, b, c] = t.map(|v| points[v as usize]);
            let doubled = (b - a).cross(&(c - a));
            let area = doubled.norm() / 2.0;
            (area > 0.0)
                .then(|| (doubled / (2.0 * area), area, Point3::from((a.coords + b.coords + c.coords) / 3.0)))
        })
        .collect();

    // Bins about five degrees wide on the unit cube's faces; the fullest ones are candidates.
    let mut bins: HashMap<(u8, i8, i8), (f64, Vector3<f64>)> = HashMap::new();
    for (normal, area, _) in &faces {
        let axis = normal.iamax();
        let scale = 10.0 / normal[axis].abs();
        let (u, v) = ((normal[(axis + 1) % 3] * scale).round(), (normal[(axis + 2) % 3] * scale).round());
        let face = (axis * 2 + usize::from(normal[axis] < 0.0)) as u8;
        let bin = bins.entry((face, u as i8, v as i8)).or_insert((0.0, Vector3::zeros()));
        bin.0 += area;
        bin.1 += normal * *area;
    }
    let mut candidates: Vec<_> =
        bins.into_iter().filter(|(_, (area, _))| *area > CAP_AREA_MM2 / 2.0).collect();
    candidates.sort_by(|(ka, a), (kb, b)| b.0.total_cmp(&a.0).then(ka.cmp(kb)));

    let depth = CAP_DEPTH_MM.max(0.5 * resolution_mm);
    let (agree, rounding) = (CAP_ANGLE_DEG.to_radians().cos(), ROUNDING_DEG.to_radians().cos());
    let mut found: Vec<(Vector3<f64>, f64)> = Vec::new();
    for (_, (_, sum)) in candidates.into_iter().take(80) {
        let Some(normal) = sum.try_normalize(1e-12) else { continue };
        if found.iter().any(|(n, _)| n.dot(&normal) > 0.98) {
            continue;
        }
        let height = points.iter().map(|p| normal.dot(&p.coords)).fold(f64::NEG_INFINITY, f64::max);
        let (mut flat, mut rounded) = (0.0, 0.0);
        for (n, area, centre) in &faces {
            let below = height - normal.dot(&centre.coords);
            let along = n.dot(&normal);
            if along > agree && below < depth {
                flat += area;
            } else if along > rounding && below < 3.0 * depth {
                rounded += area;
            }
        }
        if flat > CAP_AREA_MM2.max(rounded) {
            found.push((normal, height));
        }
    }
    found
}
