//! The scan on an isotropic lattice: linear where it is coarser than the lattice, averaged where it is finer.

use super::field::{Field, Lattice, OUTSIDE, TIE, interpolate};
use super::scan::Scan;
use coxa_geometry::Point;
use coxa_imaging::Grid;
use nalgebra::Vector3;
use rayon::prelude::*;

/// Most samples that are averaged along one axis.
const MOST_SAMPLES: usize = 4;
/// Steps of a grid that lie along the patient axes have at most this part of their length across them.
const OBLIQUE: f64 = 1e-9;

impl Field<i16> {
    /// CT numbers sampled on a lattice.
    pub(super) fn sample(ct: &Scan<'_>, lattice: Lattice) -> Self {
        let shifts = shifts(&ct.grid, lattice.step);
        let separable = Separable::new(ct, &lattice, &shifts);
        let plane = (lattice.dims[0] * lattice.dims[1]).max(1);
        let mut data = vec![OUTSIDE; lattice.len()];
        data.par_chunks_mut(plane).enumerate().for_each(|(z, slice)| {
            if !separable.as_ref().is_some_and(|separable| separable.slice(z, slice)) {
                one_by_one(ct, &lattice, &shifts, z, slice);
            }
        });
        Field { lattice, data }
    }
}

/// Where the samples of one lattice voxel lie along the axes of the scan, so that each meets its own voxels; in voxels.
fn shifts(grid: &Grid, step: f64) -> [Vec<f64>; 3] {
    grid.spacing_mm().map(|spacing| {
        let count = (step / spacing).round().clamp(1.0, MOST_SAMPLES as f64) as usize;
        (0..count).map(|n| ((n as f64 + 0.5) / count as f64 - 0.5) * step / spacing).collect()
    })
}

/// One slice of the lattice, on any grid.
fn one_by_one(ct: &Scan<'_>, lattice: &Lattice, shifts: &[Vec<f64>; 3], z: usize, slice: &mut [i16]) {
    let nx = lattice.dims[0];
    let data = ct.voxels;
    for (n, value) in slice.iter_mut().enumerate() {
        let at = lattice.position([n % nx, n / nx, z]);
        let voxel = ct.grid.to_voxel(Point::from_coords(at)).coords();
        let (mut sum, mut seen) = (0.0, 0usize);
        for k in &shifts[2] {
            for j in &shifts[1] {
                for i in &shifts[0] {
                    if let Some(value) = interpolate(data, ct.grid.dims, voxel + Vector3::new(*i, *j, *k)) {
                        sum += value;
                        seen += 1;
                    }
                }
            }
        }
        *value = if seen > 0 { (sum / seen as f64 + TIE).round() as i16 } else { OUTSIDE };
    }
}

/// The same for a grid along the patient axes, where every axis can be sampled by itself. Far fewer steps, since
/// neighbouring samples share theirs.
struct Separable<'a> {
    data: &'a [i16],
    /// For x, y and z: distance in memory between neighbours along that axis.
    strides: [usize; 3],
    /// For x, y and z: what each cell of the lattice takes from the scan.
    taps: [Vec<Taps>; 3],
    /// First and last voxel in use along x and y.
    window: [(usize, usize); 2],
}

/// Weights (which sum to 1) of the voxels from `first` on; none where the cell lies outside the scan.
struct Taps {
    first: usize,
    weights: Vec<f64>,
}

impl<'a> Separable<'a> {
    /// `None` for oblique grids.
    fn new(ct: &Scan<'a>, lattice: &Lattice, shifts: &[Vec<f64>; 3]) -> Option<Self> {
        let grid = &ct.grid;
        let memory = [1, grid.dims[0], grid.dims[0] * grid.dims[1]];
        // The axis of the scan along each patient axis.
        let mut of_scan = [0; 3];
        for i in 0..3 {
            let column = grid.step.column(i);
            let along = column.iamax();
            let across = (0..3).filter(|&a| a != along).map(|a| column[a].abs()).fold(0.0, f64::max);
            if across > OBLIQUE * column.norm() {
                return None;
            }
            of_scan[along] = i;
        }
        let taps: [Vec<Taps>; 3] = std::array::from_fn(|a| {
            let i = of_scan[a];
            let voxel = |cell: usize| {
                let at = lattice.origin[a] + cell as f64 * lattice.step;
                (at - grid.origin.coords()[a]) / grid.step[(a, i)]
            };
            (0..lattice.dims[a]).map(|cell| Taps::at(voxel(cell), &shifts[i], grid.dims[i])).collect()
        });
        let window = [0, 1].map(|a| {
            let used = || taps[a].iter().filter(|taps| !taps.weights.is_empty());
            let first = used().map(|taps| taps.first).min().unwrap_or(0);
            (first, used().map(|taps| taps.first + taps.weights.len() - 1).max().unwrap_or(first))
        });
        Some(Separable { data: ct.voxels, strides: of_scan.map(|i| memory[i]), taps, window })
    }

    /// One slice of the lattice; false where the scan has voxels without a value, which no weighing can leave out.
    fn slice(&self, z: usize, slice: &mut [i16]) -> bool {
        let [(x0, x1), (y0, y1)] = self.window;
        let width = x1 - x0 + 1;
        let taps = &self.taps[2][z];
        slice.fill(OUTSIDE);
        if taps.weights.is_empty() {
            return true;
        }
        let mut along_z = vec![0.0; width * (y1 - y0 + 1)];
        for (k, weight) in (taps.first..).zip(&taps.weights) {
            for (y, row) in (y0..).zip(along_z.chunks_mut(width)) {
                let start = k * self.strides[2] + y * self.strides[1] + x0 * self.strides[0];
                let voxels = self.data[start..].iter().step_by(self.strides[0]).take(width);
                for (sum, &voxel) in row.iter_mut().zip(voxels) {
                    if voxel == OUTSIDE {
                        return false;
                    }
                    *sum += weight * f64::from(voxel);
                }
            }
        }
        let mut row = vec![0.0; width];
        for (out, taps) in slice.chunks_mut(self.taps[0].len()).zip(&self.taps[1]) {
            if taps.weights.is_empty() {
                continue;
            }
            row.fill(0.0);
            for (y, weight) in (taps.first - y0..).zip(&taps.weights) {
                for (sum, value) in row.iter_mut().zip(&along_z[y * width..]) {
                    *sum += weight * value;
                }
            }
            for (out, taps) in out.iter_mut().zip(&self.taps[0]) {
                if !taps.weights.is_empty() {
                    let values = &row[taps.first - x0..];
                    let sum: f64 = taps.weights.iter().zip(values).map(|(w, v)| w * v).sum();
                    *out = (sum + TIE).round() as i16;
                }
            }
        }
        true
    }
}

impl Taps {
    /// The mean of linear interpolations at `voxel` with each of the `shifts`, on an axis of `count` voxels.
    fn at(voxel: f64, shifts: &[f64], count: usize) -> Self {
        let last = count as f64 - 1.0;
        let mut parts: Vec<(usize, f64)> = Vec::new();
        for at in shifts.iter().map(|shift| voxel + shift) {
            if !(at >= -0.5 - TIE && at <= last + 0.5 + TIE) {
                continue;
            }
            let inside = at.clamp(0.0, last);
            let base = (inside as usize).min(count.saturating_sub(2));
            let fraction = inside - base as f64;
            parts.push((base, 1.0 - fraction));
            // An axis of a single voxel has no next one.
            parts.push(((base + 1).min(count - 1), fraction));
        }
        let first = parts.iter().map(|part| part.0).min().unwrap_or(0);
        let len = parts.iter().map(|part| part.0 + 1 - first).max().unwrap_or(0);
        let mut weights = vec![0.0; len];
        for &(n, weight) in &parts {
            weights[n - first] += 2.0 * weight / parts.len() as f64;
        }
        Taps { first, weights }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_imaging::CtVolume;
    use nalgebra::{Matrix3, Rotation3};
    use ndarray::Array3;

    /// A scan whose CT number is a linear function of the place, on a grid turned as told.
    fn ramp(rotation: Rotation3<f64>) -> CtVolume {
        let step = rotation.matrix() * Matrix3::from_diagonal(&Vector3::new(1.0, -2.0, 3.0));
        let grid = Grid { dims: [40, 20, 15], origin: Point::new(5.0, -40.0, 7.0), step };
        let voxels = Array3::from_shape_fn((15, 20, 40), |(k, j, i)| {
            let at = grid.to_patient(Point::new(i as f64, j as f64, k as f64));
            (10.0 * at.x() - 7.0 * at.y() + 3.0 * at.z()).round() as i16
        });
        CtVolume::new(grid, voxels)
    }

    #[test]
    fn sampling_keeps_a_linear_function_in_its_place() {
        let ct = ramp(Rotation3::from_euler_angles(0.3, -0.2, 0.5));
        let ct = Scan { grid: ct.grid.clone(), voxels: ct.as_slice() };
        let field = Field::sample(&ct, Lattice::around(&ct.grid, 1.5, 1 << 24));
        let mut seen = 0;
        for (n, &value) in field.data.iter().enumerate() {
            if value == OUTSIDE {
                continue;
            }
            let at = field.lattice.place(n);
            let index = ct.grid.to_voxel(Point::from_coords(at)).coords();
            // Half a voxel beyond the last centres, the border value counts.
            if (0..3).all(|a| index[a] > 1.0 && index[a] < ct.grid.dims[a] as f64 - 2.0) {
                assert!((f64::from(value) - (10.0 * at.x - 7.0 * at.y + 3.0 * at.z)).abs() < 2.0);
                seen += 1;
            }
        }
        assert!(seen > 5000, "{seen}");
    }

    #[test]
    fn axis_by_axis_gives_what_voxel_by_voxel_gives() {
        // Along the axes, stored along other axes, and with a voxel of no value.
        let turned = Matrix3::new(0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0);
        let mut holed = ramp(Rotation3::identity());
        holed.voxels[[7, 10, 20]] = OUTSIDE;
        let mut rough = ramp(Rotation3::from_matrix_unchecked(turned));
        for (n, voxel) in rough.voxels.iter_mut().enumerate() {
            *voxel += (n * 7919 % 301) as i16;
        }
        for (ct, step) in [(&holed, 1.5), (&holed, 4.0), (&rough, 1.5), (&rough, 2.9), (&rough, 9.0)] {
            let ct = &Scan { grid: ct.grid.clone(), voxels: ct.as_slice() };
            // Beyond the scan on all sides, too.
            let mut lattice = Lattice::around(&ct.grid, step, 1 << 24);
            lattice.origin -= Vector3::repeat(3.3);
            lattice.dims = lattice.dims.map(|n| n + 5);
            let field = Field::sample(ct, lattice);
            let shifts = shifts(&ct.grid, step);
            assert!(Separable::new(ct, &lattice, &shifts).is_some());
            let mut slice = vec![0; lattice.dims[0] * lattice.dims[1]];
            for (z, fast) in field.data.chunks(slice.len()).enumerate() {
                one_by_one(ct, &lattice, &shifts, z, &mut slice);
                for (fast, slow) in fast.iter().zip(&slice) {
                    // Halves may round either way.
                    assert!((i32::from(*fast) - i32::from(*slow)).abs() <= 1, "{fast} against {slow}");
                }
            }
        }
    }
}
