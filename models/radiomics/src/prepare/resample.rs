//! Interpolation to another grid, aligned by its centre.

use super::kernel::{MOST_TAPS, Taps, spline_coefficients, taps};
use crate::error::RadiomicsError;
use crate::raster::Raster;
use crate::settings::{Interpolation, Method};
use rayon::prelude::*;

/// No region needs more voxels than this.
const MOST_VOXELS: f64 = (1_u64 << 30) as f64;

/// A new grid over the old one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NewGrid {
    /// Number of new voxels along each axis.
    pub(crate) dims: [usize; 3],
    /// Their spacing, mm.
    pub(crate) spacing_mm: [f64; 3],
    /// Place of the first new voxel, in old voxels.
    first: [f64; 3],
    /// Step in old voxels.
    step: [f64; 3],
}

/// Box of new voxels: the first and their number along each axis.
pub(crate) type Window = ([usize; 3], [usize; 3]);

impl NewGrid {
    /// The grid itself.
    pub(crate) fn same(dims: [usize; 3], spacing_mm: [f64; 3]) -> NewGrid {
        NewGrid { dims, spacing_mm, first: [0.0; 3], step: [1.0; 3] }
    }

    /// The grid with another spacing whose centre is that of the old one, as large as it or up to a voxel larger.
    pub(crate) fn new(
        dims: [usize; 3],
        spacing_mm: [f64; 3],
        interpolation: &Interpolation,
    ) -> Result<NewGrid, RadiomicsError> {
        let mut grid = NewGrid::same(dims, spacing_mm);
        let mut voxels = 1.0;
        for axis in 0..3 {
            if let Some(&wanted) = interpolation.spacing_mm.get(axis) {
                let step = wanted / spacing_mm[axis];
                // A length that is a multiple of the spacing but for rounding is one.
                let count = (dims[axis] as f64 / step - 1e-6).ceil().max(1.0);
                voxels *= count;
                grid.step[axis] = step;
                grid.first[axis] = 0.5 * (dims[axis] as f64 - 1.0 - (count - 1.0) * step);
                grid.spacing_mm[axis] = wanted;
                grid.dims[axis] = count.min(MOST_VOXELS) as usize;
            } else {
                voxels *= dims[axis] as f64;
            }
        }
        if voxels > MOST_VOXELS {
            return Err(RadiomicsError::TooManyVoxels { voxels, limit: MOST_VOXELS });
        }
        Ok(grid)
    }

    /// All new voxels.
    pub(crate) fn whole(&self) -> Window {
        ([0; 3], self.dims)
    }

    /// The new voxels that a box of old ones reaches, made larger by `margin_mm`.
    pub(crate) fn window(&self, (low, size): Window, margin_mm: f64) -> Window {
        let ends: [(usize, usize); 3] = std::array::from_fn(|axis| {
            let margin = margin_mm / self.spacing_mm[axis] + 1.0;
            let to_new = |old: f64| (old - self.first[axis]) / self.step[axis];
            let last = self.dims[axis] - 1;
            let from = (to_new(low[axis] as f64 - 1.0) - margin).floor().max(0.0) as usize;
            let to = (to_new((low[axis] + size[axis]) as f64) + margin).ceil().max(0.0) as usize;
            (from.min(last), to.min(last))
        });
        (ends.map(|(from, _)| from), ends.map(|(from, to)| to - from + 1))
    }

    fn taps(&self, axis: usize, method: Method, old: usize, (first, dims): Window) -> Vec<Taps> {
        let place = |index: usize| self.first[axis] + self.step[axis] * (first[axis] + index) as f64;
        // An axis that stays as it is keeps its values, whatever the method.
        let kept = self.step[axis] == 1.0 && self.first[axis] == 0.0;
        let method = if kept || old == 1 { Method::Nearest } else { method };
        (0..dims[axis]).map(|index| taps(method, place(index), old)).collect()
    }

    /// Whether the method needs spline coefficients along an axis.
    fn is_spline(&self, axis: usize, method: Method, old: usize) -> bool {
        method == Method::Cubic && old > 1 && !(self.step[axis] == 1.0 && self.first[axis] == 0.0)
    }

    /// Values at the new voxels of a window.
    pub(crate) fn interpolate(&self, image: &Raster<f64>, method: Method, window: Window) -> Raster<f64> {
        let coefficients = self.coefficients(image, method);
        let image = coefficients.as_ref().unwrap_or(image);
        let along: [Vec<Taps>; 3] =
            std::array::from_fn(|axis| self.taps(axis, method, image.dims[axis], window));
        let dims = window.1;
        let mut values = vec![0.0; dims.iter().product()];
        let [nx, ny, _] = image.dims;
        values.par_chunks_mut((dims[0] * dims[1]).max(1)).enumerate().for_each(|(z, slice)| {
            let mut row = vec![0.0; nx];
            for (y, out) in slice.chunks_mut(dims[0].max(1)).enumerate() {
                row.fill(0.0);
                for (z_at, z_weight) in used(&along[2][z]) {
                    for (y_at, y_weight) in used(&along[1][y]) {
                        let weight = z_weight * y_weight;
                        let from = (z_at * ny + y_at) * nx;
                        for (sum, &value) in row.iter_mut().zip(&image.values[from..from + nx]) {
                            *sum += weight * value;
                        }
                    }
                }
                for (value, taps) in out.iter_mut().zip(&along[0]) {
                    *value = used(taps).map(|(at, weight)| weight * row[at]).sum();
                }
            }
        });
        Raster { dims, spacing_mm: self.spacing_mm, values }
    }

    /// Spline coefficients of an image, where the method wants them.
    fn coefficients(&self, image: &Raster<f64>, method: Method) -> Option<Raster<f64>> {
        let [nx, ny, nz] = image.dims;
        let along: [bool; 3] = std::array::from_fn(|axis| self.is_spline(axis, method, image.dims[axis]));
        if along == [false; 3] {
            return None;
        }
        let mut values = image.values.clone();
        values.par_chunks_mut(nx * ny).for_each(|slice| {
            if along[0] {
                slice.chunks_exact_mut(nx).for_each(spline_coefficients);
            }
            if along[1] {
                let mut column = vec![0.0; ny];
                for x in 0..nx {
                    column.iter_mut().enumerate().for_each(|(y, value)| *value = slice[y * nx + x]);
                    spline_coefficients(&mut column);
                    column.iter().enumerate().for_each(|(y, &value)| slice[y * nx + x] = value);
                }
            }
        });
        if along[2] {
            let mut column = vec![0.0; nz];
            for at in 0..nx * ny {
                column.iter_mut().enumerate().for_each(|(z, value)| *value = values[z * nx * ny + at]);
                spline_coefficients(&mut column);
                column.iter().enumerate().for_each(|(z, &value)| values[z * nx * ny + at] = value);
            }
        }
        Some(Raster { values, ..*image })
    }
}

/// Taps that count: what has no weight adds nothing, not even where it has no value.
fn used(taps: &Taps) -> impl Iterator<Item = (usize, f64)> + '_ {
    (0..MOST_TAPS).map(|tap| (taps.at[tap], taps.weight[tap])).filter(|&(_, weight)| weight != 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(spacing_mm: &[f64], method: Method) -> Interpolation {
        let spacing_mm = spacing_mm.to_vec();
        Interpolation { spacing_mm, method, mask_method: Method::Linear, mask_threshold: 0.5, round: false }
    }

    #[test]
    fn a_plane_stays_a_plane_and_the_grid_its_centre() {
        let dims = [9, 8, 7];
        let spacing_mm = [1.0, 1.5, 3.0];
        let plane = |x: f64, y: f64, z: f64| 2.0 * x - y + 0.5 * z + 4.0;
        let mut values = Vec::new();
        for z in 0..7 {
            for y in 0..8 {
                values.extend((0..9).map(|x| plane(f64::from(x), 1.5 * f64::from(y), 3.0 * f64::from(z))));
            }
        }
        let image = Raster { dims, spacing_mm, values };
        let grid = NewGrid::new(dims, spacing_mm, &to(&[0.8, 0.8, 2.0], Method::Linear)).unwrap();
        assert_eq!(grid.dims, [12, 15, 11]);
        let new = grid.interpolate(&image, Method::Linear, grid.whole());
        let first = [4.0 - 5.5 * 0.8, 5.25 - 7.0 * 0.8, 9.0 - 5.0 * 2.0];
        let at = |i: [usize; 3]| {
            let place: [f64; 3] =
                std::array::from_fn(|axis| first[axis] + grid.spacing_mm[axis] * i[axis] as f64);
            plane(place[0], place[1], place[2])
        };
        for i in [[1, 1, 1], [5, 7, 4], [10, 13, 9]] {
            assert!((new.at(i) - at(i)).abs() < 1e-9, "{i:?}");
        }
        let window = ([2, 3, 1], [4, 5, 6]);
        let part = grid.interpolate(&image, Method::Linear, window);
        assert_eq!(part, new.cropped(window.0, window.1));
    }

    #[test]
    fn within_slices_only_two_axes_change() {
        let image = Raster { dims: [4, 4, 3], spacing_mm: [1.0, 1.0, 5.0], values: vec![7.0; 48] };
        for method in [Method::Nearest, Method::Linear, Method::Cubic] {
            let grid = NewGrid::new(image.dims, image.spacing_mm, &to(&[2.0, 2.0], method)).unwrap();
            assert_eq!((grid.dims, grid.spacing_mm), ([2, 2, 3], [2.0, 2.0, 5.0]));
            let new = grid.interpolate(&image, method, grid.whole());
            assert!(new.values.iter().all(|value| (value - 7.0).abs() < 1e-12));
        }
        let tiny = NewGrid::new(image.dims, image.spacing_mm, &to(&[1e-4, 1e-4, 1e-4], Method::Linear));
        assert!(matches!(tiny, Err(RadiomicsError::TooManyVoxels { .. })));
    }
}
