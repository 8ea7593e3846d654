//! A synthetic CT for measuring speed: smooth, bone-dense sheets in a soft body in air, with noise.

use crate::{CtVolume, Grid, Volume};
use coxa_geometry::Point;
use ndarray::Array3;
use rayon::prelude::*;
use std::f64::consts::TAU;

/// Level of the surface of the dense sheets, in HU.
pub const BONE_LEVEL_HU: f64 = 250.0;

/// The wavelength of the sheets, as a fraction of the extent along i.
const WAVELENGTH: f64 = 0.265;

/// A CT of the given number of voxels over 400 x 400 x 400 mm, the same every time.
///
/// The sheets are a gyroid; 512 x 512 x 400 voxels give about three million triangles at [`BONE_LEVEL_HU`].
pub fn sheets(dims: [usize; 3]) -> CtVolume {
    let [ni, nj, nk] = dims;
    let extent_mm = 400.0;
    let grid =
        Grid::axis_aligned(dims, Point::new(-200.0, -200.0, 0.0), dims.map(|n| extent_mm / n.max(1) as f64));
    // The function is made of products of one-dimensional ones, so a voxel costs a few multiplications.
    let waves = |n: usize| -> Vec<(f64, f64, f64)> {
        let centred = |i: usize| (i as f64 + 0.5) / n as f64 - 0.5;
        (0..n)
            .map(|i| {
                (centred(i), (TAU * centred(i) / WAVELENGTH).sin(), (TAU * centred(i) / WAVELENGTH).cos())
            })
            .collect()
    };
    let (along_i, along_j, along_k) = (waves(ni), waves(nj), waves(nk));
    let mut voxels = Array3::zeros((nk, nj, ni));
    let slice = (ni * nj).max(1);
    if let Some(values) = voxels.as_slice_mut() {
        values.par_chunks_mut(slice).enumerate().for_each(|(k, values)| {
            let (_, sin_k, cos_k) = along_k[k];
            for (n, value) in values.iter_mut().enumerate() {
                let (x, sin_i, cos_i) = along_i[n % ni];
                let (y, sin_j, cos_j) = along_j[n / ni];
                let inside = 0.23 - (x * x + 1.6 * y * y);
                let hu = if inside < 0.0 {
                    -1000.0
                } else {
                    let sheet = sin_i * cos_j + sin_j * cos_k + sin_k * cos_i;
                    // Dense sheets only within the body, so that every surface is smooth.
                    40.0 + 1400.0 * (0.3 - sheet.abs()) * ((inside - 0.13) * 20.0).clamp(0.0, 1.0)
                };
                *value = (hu + noise(k * slice + n)).round() as i16;
            }
        });
    }
    Volume::new(grid, voxels)
}

/// Noise of up to 12 HU that looks random and is always the same.
fn noise(index: usize) -> f64 {
    let mixed = (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    ((mixed >> 40) as f64 / (1 << 24) as f64 - 0.5) * 24.0
}
