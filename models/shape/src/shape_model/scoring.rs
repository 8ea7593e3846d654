//! Distances between surfaces, and points spread evenly over one.

use coxa_geometry::Mesh;
use coxa_geometry::frame::Frame;
use coxa_geometry::mesh::query::MeshQuery;
use rayon::prelude::*;

/// Indices of about `count` vertices spread evenly over the area that the weights give them: systematic sampling, without
/// chance.
pub(super) fn spread_evenly(areas: &[f64], count: usize) -> Vec<usize> {
    let total: f64 = areas.iter().sum();
    if total.is_nan() || total <= 0.0 || count == 0 {
        return Vec::new();
    }
    let step = total / count as f64;
    let (mut passed, mut next) = (0.0, 0.5 * step);
    let mut chosen = Vec::with_capacity(count);
    for (i, area) in areas.iter().enumerate() {
        passed += area;
        if passed > next {
            chosen.push(i);
            // A vertex of large triangles is taken once, whatever it passes.
            next += step * ((passed - next) / step).ceil();
        }
    }
    chosen
}

/// A third of the area in mm² of the triangles around each vertex.
pub(super) fn vertex_areas<F: Frame>(mesh: &Mesh<F>) -> Vec<f64> {
    let mut areas = vec![0.0; mesh.vertices.len()];
    for (t, triangle) in mesh.triangles.iter().enumerate() {
        let [a, b, c] = mesh.corners(t);
        let third = (b - a).cross(c - a).norm() / 6.0;
        for &v in triangle {
            areas[v as usize] += third;
        }
    }
    areas
}

/// How far one surface lies from another.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize)]
pub struct SurfaceDistance {
    /// Mean over the area, in mm.
    pub mean_mm: f64,
    /// Root mean square over the area, in mm.
    pub rms_mm: f64,
    /// 95th percentile over the vertices, in mm.
    pub p95_mm: f64,
    /// Largest, in mm.
    pub max_mm: f64,
}

/// Distance from the vertices of one mesh, each weighted by its area, to the surface of another, at those vertices for which `counts` holds; zeros
/// where there are none or a mesh is unusable.
pub fn surface_distance<F: Frame>(
    from: &Mesh<F>,
    to: &Mesh<F>,
    counts: impl Fn(usize) -> bool + Sync,
) -> SurfaceDistance {
    let Ok(query) = MeshQuery::new(to) else { return SurfaceDistance::default() };
    let areas = vertex_areas(from);
    let mut found: Vec<(f64, f64)> = (0..from.vertices.len())
        .into_par_iter()
        .filter(|&v| areas[v] > 0.0 && counts(v))
        .map(|v| (query.closest(from.vertices[v]).2, areas[v]))
        .collect();
    if found.is_empty() {
        return SurfaceDistance::default();
    }
    let total: f64 = found.iter().map(|(_, a)| a).sum();
    let mean = found.iter().map(|(d, a)| d * a).sum::<f64>() / total;
    let square = found.iter().map(|(d, a)| d * d * a).sum::<f64>() / total;
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let p95 = found[(found.len() - 1) * 95 / 100].0;
    let max = found.last().map_or(0.0, |f| f.0);
    SurfaceDistance { mean_mm: mean, rms_mm: square.sqrt(), p95_mm: p95, max_mm: max }
}
