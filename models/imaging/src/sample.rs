//! Values between the voxels.

use crate::Volume;
use coxa_geometry::frame::Frame;
use nalgebra::Point3;

/// Looks up values at fractional voxel indices.
pub struct Sampler<'a, T> {
    values: &'a [T],
    dims: [usize; 3],
}

impl<'a, T: Copy + Into<f64>> Sampler<'a, T> {
    /// A sampler of a volume.
    pub fn new<F: Frame>(volume: &'a Volume<T, F>) -> Self {
        Sampler { values: volume.as_slice(), dims: volume.grid.dims }
    }

    /// Trilinear interpolation at voxel indices (i, j, k). Up to half a voxel outside the outermost voxel centres
    /// their value holds; further out, and at places that are not a number, there is none.
    #[inline]
    pub fn linear(&self, place: Point3<f64>) -> Option<f64> {
        let [ni, nj, _] = self.dims;
        let mut first = [0; 3];
        let mut step = [0; 3];
        let mut part = [0.0; 3];
        let stride = [1, ni, ni * nj];
        for axis in 0..3 {
            let last = self.dims[axis].checked_sub(1)?;
            let c = place[axis];
            if !(c >= -0.5 && c <= last as f64 + 0.5) {
                return None;
            }
            let c = c.clamp(0.0, last as f64);
            let n = (c as usize).min(last.saturating_sub(1));
            first[axis] = n * stride[axis];
            step[axis] = if last > 0 { stride[axis] } else { 0 };
            part[axis] = c - n as f64;
        }
        let base = first[0] + first[1] + first[2];
        let along_i = |at: usize| {
            let (a, b): (f64, f64) = (self.values[at].into(), self.values[at + step[0]].into());
            a + (b - a) * part[0]
        };
        let along_j = |at: usize| {
            let (a, b) = (along_i(at), along_i(at + step[1]));
            a + (b - a) * part[1]
        };
        let (a, b) = (along_j(base), along_j(base + step[2]));
        Some(a + (b - a) * part[2])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Grid;
    use coxa_geometry::Point;
    use ndarray::Array3;

    #[test]
    fn a_linear_function_is_reproduced_and_the_border_extended_by_half_a_voxel() {
        let grid: Grid = Grid::axis_aligned([4, 5, 6], Point::origin(), [1.0; 3]);
        let value = |i: f64, j: f64, k: f64| 2.0 * i - 3.0 * j + 5.0 * k;
        let voxels = Array3::from_shape_fn((6, 5, 4), |(k, j, i)| value(i as f64, j as f64, k as f64) as i16);
        let volume = Volume::new(grid, voxels);
        let sampler = Sampler::new(&volume);
        for place in [[0.0, 0.0, 0.0], [3.0, 4.0, 5.0], [1.25, 3.5, 4.75]] {
            let found = sampler.linear(Point3::from(place)).unwrap();
            assert!((found - value(place[0], place[1], place[2])).abs() < 1e-12);
        }
        assert_eq!(sampler.linear(Point3::new(-0.5, 0.0, 5.5)), Some(25.0));
        for place in [[-0.51, 0.0, 0.0], [0.0, 4.6, 0.0], [f64::NAN, 0.0, 0.0], [0.0, 0.0, f64::INFINITY]] {
            assert_eq!(sampler.linear(Point3::from(place)), None);
        }
    }
}
