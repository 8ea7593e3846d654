//! An isotropic grid along the patient axes, on which the global decisions are made.

use coxa_geometry::Point;
use coxa_imaging::Grid;
use nalgebra::{Point3, Vector3};

/// Marks what lies outside the scan; no scanner delivers it.
pub(super) const OUTSIDE: i16 = i16::MIN;

/// Whatever lies this near to the middle between two cells, or two whole HU, lies in the middle: rounding does not decide.
pub(super) const TIE: f64 = 1e-7;

/// Where the voxels of a [`Field`] lie: +x left, +y posterior, +z to the head, equal steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lattice {
    /// Number of voxels along x, y and z.
    pub(super) dims: [usize; 3],
    /// Centre of voxel (0, 0, 0), patient frame.
    pub(super) origin: Point3<f64>,
    /// Distance between voxel centres in millimetres.
    pub(super) step: f64,
}

impl Lattice {
    /// The smallest lattice of a step that holds a scan, centred on it so that a mirrored scan gives the mirrored
    /// lattice. The step grows where the lattice would exceed `max_voxels`.
    pub(super) fn around(grid: &Grid, step: f64, max_voxels: usize) -> Self {
        let [low, high] = grid.bounds(0.0).map(Point::coords);
        let centre = nalgebra::center(&low, &high);
        let mut step = step;
        loop {
            let dims: [usize; 3] =
                std::array::from_fn(|a| ((high[a] - low[a]) / step - 1e-6).ceil().max(0.0) as usize + 1);
            let voxels = dims.iter().try_fold(1usize, |n, &d| n.checked_mul(d));
            if voxels.is_some_and(|n| n <= max_voxels) {
                let half = Vector3::from(dims.map(|d| (d - 1) as f64 * step / 2.0));
                return Lattice { dims, origin: centre - half, step };
            }
            step *= 1.1;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.dims.iter().product()
    }

    pub(super) fn index(&self, [x, y, z]: [usize; 3]) -> usize {
        x + self.dims[0] * (y + self.dims[1] * z)
    }

    pub(super) fn cell(&self, index: usize) -> [usize; 3] {
        let [nx, ny, _] = self.dims;
        [index % nx, index / nx % ny, index / (nx * ny)]
    }

    pub(super) fn position(&self, [x, y, z]: [usize; 3]) -> Point3<f64> {
        self.origin + Vector3::new(x as f64, y as f64, z as f64) * self.step
    }

    /// Position of a voxel by its index.
    pub(super) fn place(&self, index: usize) -> Point3<f64> {
        self.position(self.cell(index))
    }

    /// The voxel nearest to a point, if it lies on the lattice.
    pub(super) fn nearest(&self, point: Point3<f64>) -> Option<[usize; 3]> {
        let at = (point - self.origin) / self.step;
        let mut cell = [0; 3];
        for a in 0..3 {
            cell[a] = nearest_cell(at[a], self.dims[a])?;
        }
        Some(cell)
    }

    /// Cells from `low` to `high` (inclusive) that a box given in millimetres covers.
    pub(super) fn window(&self, low: Point3<f64>, high: Point3<f64>) -> ([usize; 3], [usize; 3]) {
        let clamp = |value: f64, a: usize| value.clamp(0.0, (self.dims[a] - 1) as f64) as usize;
        let first = std::array::from_fn(|a| clamp(((low[a] - self.origin[a]) / self.step).ceil(), a));
        let last = std::array::from_fn(|a| clamp(((high[a] - self.origin[a]) / self.step).floor(), a));
        (first, last)
    }

    /// The indices of the up to six neighbours of a voxel, in the order -x, +x, -y, +y, -z, +z.
    pub(super) fn neighbours(&self, index: usize) -> impl Iterator<Item = usize> + use<> {
        let cell = self.cell(index);
        let dims = self.dims;
        let strides = [1, dims[0], dims[0] * dims[1]];
        (0..6).filter_map(move |n| {
            let axis = n / 2;
            if n % 2 == 0 {
                (cell[axis] > 0).then(|| index - strides[axis])
            } else {
                (cell[axis] + 1 < dims[axis]).then(|| index + strides[axis])
            }
        })
    }
}

/// The cell nearest to a place on an axis of `count` cells, if it lies there. What lies midway between two goes to the one
/// nearer to the middle of the axis, so that a mirrored scan gives mirrored cells.
#[inline]
pub(super) fn nearest_cell(at: f64, count: usize) -> Option<usize> {
    let middle = (count as f64 - 1.0) / 2.0;
    let inwards = if at < middle + TIE { TIE } else { -TIE };
    // Truncation rounds down here, and costs no call.
    let shifted = at + 0.5 + inwards;
    (shifted >= 0.0 && shifted < count as f64).then_some(shifted as usize)
}

/// Values on a [`Lattice`], x running fastest.
#[derive(Debug, Clone)]
pub(super) struct Field<T> {
    pub(super) lattice: Lattice,
    pub(super) data: Vec<T>,
}

impl<T: Copy> Field<T> {
    pub(super) fn filled(lattice: Lattice, value: T) -> Self {
        Field { lattice, data: vec![value; lattice.len()] }
    }

    /// The value at the voxel nearest to a point.
    pub(super) fn at(&self, point: Point3<f64>) -> Option<T> {
        self.lattice.nearest(point).map(|cell| self.data[self.lattice.index(cell)])
    }
}

impl Field<i16> {
    /// Linear interpolation in patient coordinates; `None` outside the scan.
    pub(super) fn linear(&self, point: Point3<f64>) -> Option<f64> {
        let at = (point - self.lattice.origin) / self.lattice.step;
        interpolate(&self.data, self.lattice.dims, at.into())
    }
}

/// Linear interpolation at fractional indices, x running fastest; `None` outside by more than half a voxel.
pub(super) fn interpolate(data: &[i16], dims: [usize; 3], at: Point3<f64>) -> Option<f64> {
    let mut base = [0usize; 3];
    let mut fraction = [0.0; 3];
    for a in 0..3 {
        let last = dims[a] as f64 - 1.0;
        if !(at[a] >= -0.5 - TIE && at[a] <= last + 0.5 + TIE) {
            return None;
        }
        let inside = at[a].clamp(0.0, last);
        base[a] = (inside as usize).min(dims[a].saturating_sub(2));
        fraction[a] = inside - base[a] as f64;
    }
    let strides = [1, dims[0], dims[0] * dims[1]];
    let corner = base[0] + strides[1] * base[1] + strides[2] * base[2];
    let step = |a: usize| if dims[a] > 1 { strides[a] } else { 0 };
    let (dx, dy, dz) = (step(0), step(1), step(2));
    let corners =
        [0, dx, dy, dy + dx, dz, dz + dx, dz + dy, dz + dy + dx].map(|offset| data[corner + offset]);
    if corners.contains(&OUTSIDE) {
        return None;
    }
    let [fx, fy, fz] = fraction;
    let along = |from: f64, to: f64, f: f64| from + (to - from) * f;
    let row = |n: usize| along(f64::from(corners[n]), f64::from(corners[n + 1]), fx);
    Some(along(along(row(0), row(2), fy), along(row(4), row(6), fy), fz))
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{Matrix3, Rotation3};

    #[test]
    fn midway_between_two_cells_the_inner_one_is_nearest_whatever_the_rounding() {
        for noise in [-1e-12, 0.0, 1e-12] {
            for (at, cell) in
                [(-0.5, Some(0)), (2.5, Some(3)), (3.5, Some(4)), (4.5, Some(4)), (7.5, Some(7))]
            {
                assert_eq!(nearest_cell(at + noise, 8), cell, "{at}");
            }
            assert_eq!(nearest_cell(-0.6 + noise, 8).or(nearest_cell(7.6 + noise, 8)), None);
        }
        assert_eq!(nearest_cell(f64::NAN, 8), None);
    }

    #[test]
    fn the_lattice_holds_the_scan_and_stays_within_the_limit() {
        let grid = Grid {
            dims: [40, 20, 15],
            origin: Point::new(5.0, -40.0, 7.0),
            step: Rotation3::from_euler_angles(0.3, -0.2, 0.5)
                * Matrix3::from_diagonal(&Vector3::new(1.0, -2.0, 3.0)),
        };
        for (step, most) in [(1.5, 1 << 24), (1.5, 500), (3.0, 1 << 24)] {
            let lattice = Lattice::around(&grid, step, most);
            assert!(lattice.len() <= most);
            let [low, high] = grid.bounds(0.0).map(Point::coords);
            assert!(lattice.nearest(low).is_some() && lattice.nearest(high).is_some());
        }
    }
}
