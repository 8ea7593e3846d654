//! From bits to a mesh: count per row, then place, then write every part where it belongs.

use super::bits::{Bits, CellRow, first_bits, for_each_bit, next};
use super::cases::{CASES, EDGES};
use super::scalar::Scalar;
use crate::Volume;
use coxa_geometry::{Mesh, Point, frame};
use nalgebra::Vector3;
use rayon::prelude::*;

/// How near to a voxel a vertex may come, as a fraction of the edge. Without it, all edges at a voxel that has
/// exactly the level would have the same vertex, and the triangles there no area.
const CLOSEST: f64 = 1e-4;

/// What one row of voxels adds: vertices on edges along i, j and k that begin in it, and triangles of the cells
/// that begin in it. First as counts, then as the place of the first.
#[derive(Clone, Copy, Default)]
struct VoxelRow {
    vertices: [u32; 3],
    triangles: usize,
}

pub(super) fn extract<S: Scalar>(volume: &Volume<S>, bits: &Bits, level: f64) -> Mesh<frame::Patient> {
    let [_, nj, nk] = bits.dims;
    let mut rows: Vec<VoxelRow> = vec![VoxelRow::default(); nj * nk];
    rows.par_chunks_mut(nj).enumerate().for_each(|(k, rows)| {
        for (j, row) in rows.iter_mut().enumerate() {
            *row = count(bits, j, k);
        }
    });
    let totals = place(&mut rows);

    let mut mesh = Mesh {
        vertices: vec![Point::origin(); totals.vertices[0] as usize],
        triangles: vec![[0; 3]; totals.triangles],
    };
    let rows_after = |k: usize| rows.get(k * nj).copied().unwrap_or(totals);
    let mut slabs = Vec::with_capacity(nk);
    let (mut vertices, mut triangles) = (&mut mesh.vertices[..], &mut mesh.triangles[..]);
    for k in 0..nk {
        let (begin, end) = (rows_after(k), rows_after(k + 1));
        let (head, tail) = vertices.split_at_mut((end.vertices[0] - begin.vertices[0]) as usize);
        let (first, rest) = triangles.split_at_mut(end.triangles - begin.triangles);
        slabs.push((k, head, first));
        (vertices, triangles) = (tail, rest);
    }
    let positions = Positions { volume, level, border: bits.border };
    let mirrored = volume.grid.step.determinant() < 0.0;
    slabs.into_par_iter().for_each(|(k, mut vertices, mut triangles)| {
        for j in 0..nj {
            vertices = write_vertices(bits, &positions, j, k, vertices);
            if j + 1 < nj && k + 1 < nk {
                let around =
                    [(j, k), (j + 1, k), (j, k + 1), (j + 1, k + 1)].map(|(j, k)| rows[k * nj + j].vertices);
                triangles = write_triangles(bits, j, k, around, mirrored, triangles);
            }
        }
    });
    mesh
}

/// Words of crossed edges along each axis that begin in word `n` of row (j, k).
#[inline]
fn crossings(bits: &Bits, j: usize, k: usize, n: usize) -> [u64; 3] {
    let row = bits.row(j, k);
    let along_i = (row[n] ^ next(row, n)) & first_bits(bits.dims[0] - 1, n);
    let along_j = if j + 1 < bits.dims[1] { row[n] ^ bits.row(j + 1, k)[n] } else { 0 };
    let along_k = if k + 1 < bits.dims[2] { row[n] ^ bits.row(j, k + 1)[n] } else { 0 };
    [along_i, along_j, along_k]
}

fn count(bits: &Bits, j: usize, k: usize) -> VoxelRow {
    let mut row = VoxelRow::default();
    for n in 0..bits.words_per_row {
        let crossed = crossings(bits, j, k, n);
        for (vertices, word) in row.vertices.iter_mut().zip(crossed) {
            if word != 0 {
                *vertices += word.count_ones();
            }
        }
    }
    if j + 1 < bits.dims[1] && k + 1 < bits.dims[2] {
        let cases = &*CASES;
        CellRow::new(bits, j, k).for_each_active(|_, case| row.triangles += cases[case].count());
    }
    row
}

/// Turns counts into places; the totals, all vertices in the first field.
fn place(rows: &mut [VoxelRow]) -> VoxelRow {
    let mut next = VoxelRow::default();
    for row in rows {
        let counts = std::mem::replace(row, next);
        row.vertices[1] = row.vertices[0] + counts.vertices[0];
        row.vertices[2] = row.vertices[1] + counts.vertices[1];
        next.vertices[0] = row.vertices[2] + counts.vertices[2];
        next.triangles += counts.triangles;
    }
    next
}

/// Places vertices on edges.
struct Positions<'a, S> {
    volume: &'a Volume<S>,
    level: f64,
    border: usize,
}

impl<S: Scalar> Positions<'_, S> {
    /// The values of a row; `None` in the border.
    fn row(&self, j: usize, k: usize) -> Option<&[S]> {
        let [ni, nj, nk] = self.volume.grid.dims;
        let (j, k) = (j.checked_sub(self.border)?, k.checked_sub(self.border)?);
        if j >= nj || k >= nk {
            return None;
        }
        let begin = (k * nj + j) * ni;
        self.volume.as_slice().get(begin..begin + ni)
    }

    fn value(&self, row: Option<&[S]>, i: usize) -> Option<f64> {
        Some(row?.get(i.checked_sub(self.border)?)?.to_f64())
    }

    /// Where between two voxels the level is reached, from 0 to 1. A surface that leaves the volume is closed half
    /// a voxel outside, where the volume of the outermost voxels ends.
    #[inline]
    fn fraction(&self, begin: Option<f64>, end: Option<f64>) -> f64 {
        let (Some(begin), Some(end)) = (begin, end) else { return 0.5 };
        let fraction = (self.level - begin) / (end - begin);
        // Not-a-number comes from voxels that are not finite.
        if fraction.is_nan() { 0.5 } else { fraction.clamp(CLOSEST, 1.0 - CLOSEST) }
    }
}

/// Writes the vertices of one row; the rest of the slice.
fn write_vertices<'a, S: Scalar>(
    bits: &Bits,
    positions: &Positions<'_, S>,
    j: usize,
    k: usize,
    mut vertices: &'a mut [Point<frame::Patient>],
) -> &'a mut [Point<frame::Patient>] {
    let grid = &positions.volume.grid;
    let step: [Vector3<f64>; 3] = std::array::from_fn(|axis| grid.step.column(axis).into_owned());
    let border = positions.border as f64;
    let first =
        grid.origin.coords() + grid.step * Vector3::new(-border, j as f64 - border, k as f64 - border);
    let here = positions.row(j, k);
    for (axis, other) in [here, positions.row(j + 1, k), positions.row(j, k + 1)].into_iter().enumerate() {
        let mut filled = 0;
        for n in 0..bits.words_per_row {
            for_each_bit(crossings(bits, j, k, n)[axis], 64 * n, |i| {
                let end = if axis == 0 { i + 1 } else { i };
                let fraction = positions.fraction(positions.value(here, i), positions.value(other, end));
                vertices[filled] = Point::from_coords(first + step[0] * i as f64 + step[axis] * fraction);
                filled += 1;
            });
        }
        vertices = &mut vertices[filled..];
    }
    vertices
}

/// Writes the triangles of one row of cells; the rest of the slice. `around` has the first vertices of the four rows
/// at the cells.
fn write_triangles<'a>(
    bits: &Bits,
    j: usize,
    k: usize,
    around: [[u32; 3]; 4],
    mirrored: bool,
    triangles: &'a mut [[u32; 3]],
) -> &'a mut [[u32; 3]] {
    let cases = &*CASES;
    let mut along_i = around.map(|row| row[0]);
    let mut along_j = [around[0][1], around[2][1]];
    let mut along_k = [around[0][2], around[1][2]];
    let mut filled = 0;
    CellRow::new(bits, j, k).for_each_active(|_, case| {
        let crossed = |edge: usize| (case >> EDGES[edge][0] ^ case >> EDGES[edge][1]) as u32 & 1;
        let mut vertex = [0; 12];
        vertex[..4].copy_from_slice(&along_i);
        for (n, next) in along_i.iter_mut().enumerate() {
            *next += crossed(n);
        }
        for n in 0..2 {
            vertex[4 + 2 * n] = along_j[n];
            along_j[n] += crossed(4 + 2 * n);
            vertex[5 + 2 * n] = along_j[n];
            vertex[8 + 2 * n] = along_k[n];
            along_k[n] += crossed(8 + 2 * n);
            vertex[9 + 2 * n] = along_k[n];
        }
        let found = cases[case].triangles();
        for (triangle, &[a, b, c]) in triangles[filled..].iter_mut().zip(found) {
            *triangle = [a, b, c].map(|edge| vertex[usize::from(edge)]);
            if mirrored {
                triangle.swap(1, 2);
            }
        }
        filled += found.len();
    });
    &mut triangles[filled..]
}
