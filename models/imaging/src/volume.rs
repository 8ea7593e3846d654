//! Voxels on a grid.

use crate::Grid;
use coxa_geometry::frame::{Frame, Patient};
use ndarray::Array3;

/// Voxels on a [`Grid`]. `voxels[[k, j, i]]` belongs to grid voxel (i, j, k); the array is in standard layout, so
/// that i runs fastest in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume<T, F: Frame = Patient> {
    /// Where the voxels lie.
    pub grid: Grid<F>,
    /// The values, shape (nk, nj, ni).
    pub voxels: Array3<T>,
}

/// CT numbers in Hounsfield units, rounded to whole numbers and saturated to the range of `i16`.
///
/// Scanners deliver whole numbers of at most 16 bits; `i16` halves the memory of `f32` and loses nothing.
pub type CtVolume = Volume<i16>;

impl<T, F: Frame> Volume<T, F> {
    /// Joins grid and voxels; panics where shape or layout do not fit, which is a bug of the caller.
    pub fn new(grid: Grid<F>, voxels: Array3<T>) -> Self {
        let [ni, nj, nk] = grid.dims;
        assert_eq!(voxels.dim(), (nk, nj, ni), "voxel array and grid differ in shape");
        assert!(voxels.is_standard_layout(), "voxels must be in standard layout");
        Volume { grid, voxels }
    }

    /// The values in memory order: i fastest, then j, then k.
    pub fn as_slice(&self) -> &[T] {
        self.voxels.as_slice().expect("a volume is in standard layout")
    }

    /// The values in memory order, to be changed.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        self.voxels.as_slice_mut().expect("a volume is in standard layout")
    }

    /// A volume on the same grid.
    pub fn map<U>(&self, f: impl FnMut(&T) -> U) -> Volume<U, F> {
        Volume { grid: self.grid.clone(), voxels: self.voxels.map(f) }
    }
}
