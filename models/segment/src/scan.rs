//! The scan as the segmentation sees it: voxels placed about their own middle.
//!
//! Where the patient lies on the table must not change the bones, not even by the rounding of large coordinates.

use coxa_geometry::Point;
use coxa_imaging::{CtVolume, Grid};
use nalgebra::{Point3, Vector3};

/// CT numbers on a grid whose middle is the origin; its axes are those of the patient.
pub(super) struct Scan<'a> {
    pub(super) grid: Grid,
    /// In memory order, i running fastest.
    pub(super) voxels: &'a [i16],
}

impl<'a> Scan<'a> {
    pub(super) fn centred(ct: &'a CtVolume) -> Self {
        let middle = Vector3::from(ct.grid.dims.map(|n| n.saturating_sub(1) as f64 / 2.0));
        let origin = Point::from_coords(Point3::from(-(ct.grid.step * middle)));
        Scan { grid: Grid { dims: ct.grid.dims, origin, step: ct.grid.step }, voxels: ct.as_slice() }
    }
}
