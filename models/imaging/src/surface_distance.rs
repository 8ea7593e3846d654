//! Signed distance to a closed surface on the part of a voxel grid around it.
//!
//! Inside and outside come from exact crossings of grid rows with the triangles, distances from the triangles within
//! a band. Both are done slice by slice, so that the slices may run in parallel and give the same on any number of
//! threads.

use crate::Grid;
use coxa_geometry::{Mesh, frame::Frame};
use nalgebra::{Point3, Vector3};
use rayon::prelude::*;

/// Signed distances in millimetres, negative inside, on a box of voxels of a larger grid.
#[derive(Debug, Clone)]
pub struct DistanceField {
    /// First voxel of the box.
    pub first: [usize; 3],
    /// Size of the box.
    pub dims: [usize; 3],
    values: Vec<f32>,
}

struct Triangle {
    corners: [Point3<f64>; 3],
    ids: [u32; 3],
    band: f64,
    centre: Point3<f64>,
    radius: f64,
}

impl DistanceField {
    /// Distances of the voxel centres of an axis-aligned grid to a closed mesh. `band` gives, by the centre of a
    /// triangle, how far from it distances are wanted; farther voxels get plus or minus infinity.
    pub fn new<F: Frame>(mesh: &Mesh<F>, grid: &Grid<F>, band: impl Fn(Point3<f64>) -> f64) -> DistanceField {
        let margin_mm = 2.0 * grid.spacing_mm().iter().fold(0.0f64, |a, &b| a.max(b));
        Self::within(mesh, grid, margin_mm, band)
    }

    /// As [`DistanceField::new`], on a box that reaches by a margin beyond the mesh.
    pub fn within<F: Frame>(
        mesh: &Mesh<F>,
        grid: &Grid<F>,
        margin_mm: f64,
        band: impl Fn(Point3<f64>) -> f64,
    ) -> DistanceField {
        let spacing = grid.spacing_mm();
        let origin = grid.origin.coords();
        let margin = margin_mm;
        let (first, dims) = mesh.bounds().map_or(([0; 3], [0; 3]), |(low, high)| {
            let index = |p: f64, a: usize| ((p - origin[a]) / spacing[a]).clamp(0.0, grid.dims[a] as f64);
            let first: [usize; 3] = std::array::from_fn(|a| index(low.coords()[a] - margin, a) as usize);
            let end: [usize; 3] =
                std::array::from_fn(|a| index(high.coords()[a] + margin, a).ceil() as usize);
            (first, std::array::from_fn(|a| end[a].saturating_sub(first[a])))
        });
        // Everything below is in millimetres from the first voxel of the box.
        let shift = Vector3::from_fn(|a, _| origin[a] + first[a] as f64 * spacing[a]);
        let triangles: Vec<Triangle> = (0..mesh.triangles.len())
            .map(|t| {
                let world = mesh.corners(t).map(|p| p.coords());
                let corners = world.map(|p| p - shift);
                let centre = Point3::from((corners[0].coords + corners[1].coords + corners[2].coords) / 3.0);
                let radius = corners.iter().map(|c| (c - centre).norm()).fold(0.0, f64::max);
                Triangle { corners, ids: mesh.triangles[t], band: band(centre + shift), centre, radius }
            })
            .collect();
        let slices = sort_into_slices(&triangles, dims[2], spacing[2]);
        let mut values = vec![f32::INFINITY; dims.iter().product()];
        values.par_chunks_mut((dims[0] * dims[1]).max(1)).enumerate().for_each(|(k, slice)| {
            let near = slices[k].iter().map(|&t| &triangles[t as usize]);
            fill_slice(slice, near, dims, spacing, k as f64 * spacing[2]);
        });
        DistanceField { first, dims, values }
    }

    /// The row of distances at voxel (·, j, k) of the whole grid, with the index of its first voxel.
    pub fn row(&self, j: usize, k: usize) -> Option<(usize, &[f32])> {
        let j = j.checked_sub(self.first[1]).filter(|&j| j < self.dims[1])?;
        let k = k.checked_sub(self.first[2]).filter(|&k| k < self.dims[2])?;
        let start = (k * self.dims[1] + j) * self.dims[0];
        Some((self.first[0], &self.values[start..start + self.dims[0]]))
    }
}

/// Triangles whose band reaches each slice.
fn sort_into_slices(triangles: &[Triangle], count: usize, step: f64) -> Vec<Vec<u32>> {
    let mut slices = vec![Vec::new(); count];
    for (t, triangle) in triangles.iter().enumerate() {
        let z = triangle.corners.map(|c| c.z);
        let low = (z[0].min(z[1]).min(z[2]) - triangle.band) / step;
        let high = (z[0].max(z[1]).max(z[2]) + triangle.band) / step;
        if high < 0.0 {
            continue;
        }
        let last = (high.floor() as usize).saturating_add(1).min(count);
        for slice in slices.iter_mut().take(last).skip(low.ceil().max(0.0) as usize) {
            slice.push(t as u32);
        }
    }
    slices
}

fn fill_slice<'a>(
    slice: &mut [f32],
    near: impl Iterator<Item = &'a Triangle>,
    dims: [usize; 3],
    spacing: [f64; 3],
    z: f64,
) {
    // Crossings of the rows: where along x, and whether into or out of the bone.
    let mut crossings: Vec<Vec<(f64, i32)>> = vec![Vec::new(); dims[1]];
    for triangle in near {
        let [a, b, c] = triangle.corners;
        let reach = |axis: usize| {
            let low = a[axis].min(b[axis]).min(c[axis]);
            let high = a[axis].max(b[axis]).max(c[axis]);
            let from = ((low - triangle.band) / spacing[axis]).ceil().max(0.0) as usize;
            let to = ((high + triangle.band) / spacing[axis]).floor();
            from..if to < 0.0 { 0 } else { (to as usize + 1).min(dims[axis]) }
        };
        for j in reach(1) {
            let y = j as f64 * spacing[1];
            if let Some(crossing) = row_crossing(triangle, y, z) {
                crossings[j].push(crossing);
            }
            for i in reach(0) {
                let point = Point3::new(i as f64 * spacing[0], y, z);
                let best = &mut slice[j * dims[0] + i];
                let least = (point - triangle.centre).norm() - triangle.radius;
                if least < triangle.band.min(f64::from(*best)) {
                    let distance = distance_to_triangle(point, triangle.corners);
                    if distance < triangle.band {
                        *best = best.min(distance as f32);
                    }
                }
            }
        }
    }
    for (j, mut row) in crossings.into_iter().enumerate() {
        row.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut row = row.into_iter().peekable();
        let mut winding = 0;
        for (i, value) in slice[j * dims[0]..(j + 1) * dims[0]].iter_mut().enumerate() {
            let x = i as f64 * spacing[0];
            while let Some((_, turn)) = row.next_if(|(at, _)| *at <= x) {
                winding += turn;
            }
            if winding > 0 {
                *value = -*value;
            }
        }
    }
}

/// Where a row along +x crosses a triangle, and +1 going in or -1 going out.
///
/// Each edge's side function is computed from its lower-numbered end, so that two triangles that share an edge
/// agree on it to the last bit and a row through the edge is counted once.
fn row_crossing(triangle: &Triangle, y: f64, z: f64) -> Option<(f64, i32)> {
    let [a, b, c] = triangle.corners;
    let side = |p: Point3<f64>, q: Point3<f64>, pi: u32, qi: u32| {
        let from = |p: Point3<f64>, q: Point3<f64>| (q.y - p.y) * (z - p.z) - (q.z - p.z) * (y - p.y);
        // Zero counts as positive for the lower-numbered direction, so as negative for the other.
        let positive = if pi < qi { from(p, q) >= 0.0 } else { from(q, p) < 0.0 };
        if positive { 1 } else { -1 }
    };
    let [ia, ib, ic] = triangle.ids;
    let turns = [side(a, b, ia, ib), side(b, c, ib, ic), side(c, a, ic, ia)];
    if turns[0] != turns[1] || turns[1] != turns[2] {
        return None;
    }
    let normal = (b - a).cross(&(c - a));
    if normal.x == 0.0 {
        return None;
    }
    let x = a.x - (normal.y * (y - a.y) + normal.z * (z - a.z)) / normal.x;
    // Seen from +x a counter-clockwise triangle has a normal along +x: the row leaves through it.
    Some((x, -turns[0]))
}

/// Distance from a point to a triangle (Ericson, Real-Time Collision Detection, 5.1.5).
pub fn distance_to_triangle(p: Point3<f64>, [a, b, c]: [Point3<f64>; 3]) -> f64 {
    let (ab, ac, ap) = (b - a, c - a, p - a);
    let (d1, d2) = (ab.dot(&ap), ac.dot(&ap));
    if d1 <= 0.0 && d2 <= 0.0 {
        return ap.norm();
    }
    let bp = p - b;
    let (d3, d4) = (ab.dot(&bp), ac.dot(&bp));
    if d3 >= 0.0 && d4 <= d3 {
        return bp.norm();
    }
    let vc = d1 * d4 - d3 * d2;
    if vc <= 0.0 && d1 >= 0.0 && d3 <= 0.0 {
        return (ap - ab * (d1 / (d1 - d3))).norm();
    }
    let cp = p - c;
    let (d5, d6) = (ab.dot(&cp), ac.dot(&cp));
    if d6 >= 0.0 && d5 <= d6 {
        return cp.norm();
    }
    let vb = d5 * d2 - d1 * d6;
    if vb <= 0.0 && d2 >= 0.0 && d6 <= 0.0 {
        return (ap - ac * (d2 / (d2 - d6))).norm();
    }
    let va = d3 * d6 - d5 * d4;
    if va <= 0.0 && d4 - d3 >= 0.0 && d5 - d6 >= 0.0 {
        let w = (d4 - d3) / ((d4 - d3) + (d5 - d6));
        return (bp - (c - b) * w).norm();
    }
    let scale = 1.0 / (va + vb + vc);
    (ap - ab * (vb * scale) - ac * (vc * scale)).norm()
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Point;
    use coxa_geometry::frame::Patient;

    #[test]
    fn distances_to_a_box_are_exact() {
        let mesh = Mesh::<Patient>::cuboid([2.0, 3.0, 4.0], [8.0, 9.0, 12.0]);
        assert_eq!(mesh.signed_volume(), 288.0);
        let grid = Grid::axis_aligned([24, 24, 24], Point::new(-1.0, -1.0, -1.0), [0.5, 0.75, 1.0]);
        let field = DistanceField::new(&mesh, &grid, |_| 2.5);
        let mut inside = 0;
        for k in 0..24 {
            for j in 0..24 {
                let Some((first, row)) = field.row(j, k) else { continue };
                for (n, &found) in row.iter().enumerate() {
                    let p = [first + n, j, k];
                    let p = Vector3::from_fn(|a, _| -1.0 + p[a] as f64 * [0.5, 0.75, 1.0][a]);
                    let q = (p - Vector3::new(5.0, 6.0, 8.0)).abs() - Vector3::new(3.0, 3.0, 4.0);
                    let exact = q.sup(&Vector3::zeros()).norm() + q.max().min(0.0);
                    if exact.abs() < 2.4 {
                        assert!(
                            (f64::from(found) - exact).abs() < 1e-5 || exact == 0.0,
                            "{p:?}: {found}, {exact}"
                        );
                    }
                    assert!(exact == 0.0 || (found < 0.0) == (exact < 0.0), "{p:?}: {found}, {exact}");
                    inside += usize::from(found < 0.0);
                }
            }
        }
        assert!(inside > 0);
    }

    #[test]
    fn a_box_on_the_grid_is_filled_once() {
        // Faces through voxel centres: each voxel belongs to one of two boxes that share a face.
        let grid = Grid::axis_aligned([12, 12, 12], Point::new(0.0, 0.0, 0.0), [1.0, 1.0, 1.0]);
        let count = |mesh: &Mesh<Patient>| {
            let field = DistanceField::new(mesh, &grid, |_| 1.5);
            let rows = (0..12).flat_map(|k| (0..12).map(move |j| (j, k)));
            rows.filter_map(|(j, k)| field.row(j, k))
                .flat_map(|(_, row)| row)
                .filter(|&&d| d.is_sign_negative())
                .count()
        };
        let (a, b) =
            (Mesh::cuboid([2.0, 2.0, 2.0], [5.0, 8.0, 8.0]), Mesh::cuboid([5.0, 2.0, 2.0], [9.0, 8.0, 8.0]));
        assert_eq!(count(&a) + count(&b), count(&Mesh::cuboid([2.0, 2.0, 2.0], [9.0, 8.0, 8.0])));
        assert_eq!(count(&a), 3 * 6 * 6);
    }

    #[test]
    fn a_mesh_beside_the_grid_leaves_it_empty() {
        let grid = Grid::axis_aligned([4, 4, 4], Point::<Patient>::new(0.0, 0.0, 0.0), [1.0, 1.0, 1.0]);
        for low in [-50.0, 50.0] {
            let field = DistanceField::new(&Mesh::cuboid([low; 3], [low + 5.0; 3]), &grid, |_| 2.0);
            assert!((0..4).all(|k| {
                (0..4).filter_map(|j| field.row(j, k)).all(|(_, row)| row.iter().all(|d| *d > 0.0))
            }));
        }
        // A grid that cuts the box sees the part of it that it holds.
        let field = DistanceField::new(&Mesh::cuboid([-3.0; 3], [2.5; 3]), &grid, |_| 1.5);
        let rows = (0..16).filter_map(|row| field.row(row % 4, row / 4));
        assert_eq!(rows.flat_map(|(_, row)| row).filter(|d| **d < 0.0).count(), 27);
    }
}
