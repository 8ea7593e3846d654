//! Values between the voxels.

use crate::Volume;
use nalgebra::Point3;

/// Looks up values at fractional voxel indices.
pub struct Sampler<'a, T> {
    values: &'a [T],
    dims: [usize; 3],
}

impl<'a, T: Copy + Into<f64>> Sampler<'a, T> {
    /// A sampler of a volume.
    pub fn new(volume: &'a Volume<T>) -> Self {
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
