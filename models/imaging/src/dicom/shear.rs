//! Undoing gantry tilt: a sheared stack onto an orthogonal grid.

use super::image::MAX_VOXELS;
use super::padding::PADDING_HU;
use crate::source::ReadError;
use crate::{CtVolume, Grid, Volume};
use coxa_geometry::Point;
use nalgebra::Vector2;
use ndarray::Array3;
use rayon::prelude::*;

/// Moves every slice by its in-plane `offsets` (pixels along i and j), by linear interpolation within the
/// slice.
/// The grid grows so that nothing is lost; what no slice covers becomes air.
pub(crate) fn upright(ct: &CtVolume, offsets: &[Vector2<f64>]) -> Result<CtVolume, ReadError> {
    let [ni, nj, nk] = ct.grid.dims;
    let least = offsets.iter().fold(Vector2::zeros(), |least: Vector2<f64>, o| least.inf(o)).map(f64::floor);
    let most = offsets.iter().fold(Vector2::zeros(), |most: Vector2<f64>, o| most.sup(o)).map(f64::ceil);
    let grown = most - least;
    let voxels = (ni as f64 + grown.x) * (nj as f64 + grown.y) * nk as f64;
    if voxels.is_nan() || voxels > MAX_VOXELS as f64 {
        return Err(ReadError::Inconsistent {
            reason: "its slices are shifted so far sideways that they do not form a volume".to_owned(),
        });
    }
    let dims = [ni + grown.x as usize, nj + grown.y as usize, nk];
    let origin = ct.grid.origin.coords() + ct.grid.step * least.push(0.0);
    let grid = Grid { dims, origin: Point::from_coords(origin), step: ct.grid.step };
    let mut out = Volume::new(grid, Array3::from_elem((dims[2], dims[1], dims[0]), PADDING_HU));
    let source = ct.as_slice();
    out.as_mut_slice().par_chunks_mut(dims[0] * dims[1]).zip(offsets).enumerate().for_each(
        |(k, (slice, offset))| {
            let source = &source[k * ni * nj..(k + 1) * ni * nj];
            // Index in the source = index in the output + shift.
            let shift = least - offset;
            for (j, row) in slice.chunks_exact_mut(dims[0]).enumerate() {
                let Some((j0, j1, v)) = neighbours(j as f64 + shift.y, nj) else { continue };
                for (i, voxel) in row.iter_mut().enumerate() {
                    let Some((i0, i1, u)) = neighbours(i as f64 + shift.x, ni) else { continue };
                    let at = |i: usize, j: usize| f64::from(source[j * ni + i]);
                    let near = at(i0, j0) * (1.0 - u) + at(i1, j0) * u;
                    let far = at(i0, j1) * (1.0 - u) + at(i1, j1) * u;
                    *voxel = (near * (1.0 - v) + far * v).round() as i16;
                }
            }
        },
    );
    Ok(out)
}

/// The samples on both sides of a place and the weight of the second; `None` outside.
fn neighbours(at: f64, count: usize) -> Option<(usize, usize, f64)> {
    // Offsets are quotients of decimal strings: a hair outside is on the edge.
    const HAIR: f64 = 1e-6;
    let last = count as f64 - 1.0;
    if at < -HAIR || at > last + HAIR {
        return None;
    }
    let at = at.clamp(0.0, last);
    let low = at.floor();
    Some((low as usize, (low as usize + 1).min(count - 1), at - low))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field that is linear in space survives linear interpolation: every covered voxel of the upright
    /// volume has
    /// the value of the field at its own place.
    #[test]
    fn a_linear_field_is_kept_in_place() {
        let field = |x: f64, y: f64, z: f64| 10.0 * x - 20.0 * y + 5.0 * z;
        let dims = [12, 10, 6];
        let spacing = [0.5, 0.8, 2.0];
        let slope = Vector2::new(0.25, -0.75);
        let offsets: Vec<_> = (0..dims[2]).map(|k| slope * k as f64).collect();
        let voxels = Array3::from_shape_fn((dims[2], dims[1], dims[0]), |(k, j, i)| {
            let x = (i as f64 + offsets[k].x) * spacing[0];
            let y = (j as f64 + offsets[k].y) * spacing[1];
            field(x, y, k as f64 * spacing[2]).round() as i16
        });
        let sheared = Volume::new(Grid::axis_aligned(dims, Point::origin(), spacing), voxels);
        let upright = upright(&sheared, &offsets).unwrap();
        assert_eq!(upright.grid.dims, [12 + 2, 10 + 4, 6]);
        let mut covered = 0;
        for ((k, j, i), &value) in upright.voxels.indexed_iter() {
            let place = upright.grid.to_patient(Point::new(i as f64, j as f64, k as f64));
            if value != PADDING_HU {
                covered += 1;
                // Half a unit from rounding the phantom, half from rounding the result.
                assert!((f64::from(value) - field(place.x(), place.y(), place.z())).abs() < 1.0 + 1e-9);
            }
        }
        // An unmoved slice keeps every pixel; a moved one loses the last partial column and row.
        assert!(covered >= 6 * 11 * 9, "{covered}");
    }
}
