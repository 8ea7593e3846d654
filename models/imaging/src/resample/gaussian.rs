//! Gaussian blur.

use super::Interpolated;
use crate::Volume;
use rayon::prelude::*;

/// Where the kernel ends, in standard deviations; what is left out is below a thousandth.
const REACH: f64 = 3.3;

/// The volume blurred by a Gaussian of the given standard deviations along i, j and k, in voxels; 0 leaves an axis as
/// it is. The outermost values hold beyond the border.
pub fn smooth<T: Interpolated>(volume: &Volume<T>, sigma_voxels: [f64; 3]) -> Volume<T> {
    let [ni, nj, nk] = volume.grid.dims;
    if volume.grid.is_empty() || sigma_voxels.iter().all(|&sigma| sigma.is_nan() || sigma <= 0.0) {
        return Volume { grid: volume.grid.clone(), voxels: volume.voxels.clone() };
    }
    let [along_i, along_j, along_k] = sigma_voxels.map(kernel);
    let mut out = Volume { grid: volume.grid.clone(), voxels: volume.voxels.clone() };
    let slice = ni * nj;
    let values = volume.as_slice();
    // One slice of the result at a time: blended across k, then j, then i, in f32.
    out.as_mut_slice().par_chunks_mut(slice).enumerate().for_each_init(
        || (vec![0.0_f32; slice], vec![0.0_f32; ni]),
        |(blended, row), (k, out)| {
            blended.fill(0.0);
            for (weight, from) in taps(&along_k, k, nk) {
                for (sum, value) in blended.iter_mut().zip(&values[from * slice..]) {
                    *sum += weight * value.to_f32();
                }
            }
            for (j, out) in out.chunks_mut(ni).enumerate() {
                row.fill(0.0);
                for (weight, from) in taps(&along_j, j, nj) {
                    for (sum, value) in row.iter_mut().zip(&blended[from * ni..]) {
                        *sum += weight * value;
                    }
                }
                for (i, voxel) in out.iter_mut().enumerate() {
                    *voxel =
                        T::from_f32(taps(&along_i, i, ni).map(|(weight, from)| weight * row[from]).sum());
                }
            }
        },
    );
    out
}

/// The weights from the middle outwards on both sides, adding up to 1.
fn kernel(sigma: f64) -> Vec<f32> {
    if sigma.is_nan() || sigma <= 0.0 {
        return vec![1.0];
    }
    let half = (REACH * sigma).ceil() as i64;
    let weights: Vec<f64> = (-half..=half).map(|n| (-0.5 * (n as f64 / sigma).powi(2)).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|w| (w / sum) as f32).collect()
}

/// The weights at one place, each with the index that it applies to.
fn taps(kernel: &[f32], at: usize, count: usize) -> impl Iterator<Item = (f32, usize)> {
    let half = kernel.len() / 2;
    kernel.iter().enumerate().map(move |(n, &weight)| (weight, (at + n).saturating_sub(half).min(count - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Grid;
    use coxa_geometry::Point;
    use ndarray::Array3;

    #[test]
    fn a_point_becomes_a_gaussian_of_the_same_sum() {
        let grid = Grid::axis_aligned([31, 31, 31], Point::origin(), [1.0; 3]);
        let mut point = Volume::new(grid, Array3::<f32>::zeros((31, 31, 31)));
        point.voxels[[15, 15, 15]] = 1.0;
        let blurred = smooth(&point, [1.0, 2.0, 0.0]);
        let sum: f32 = blurred.as_slice().iter().sum();
        assert!((sum - 1.0).abs() < 1e-5);
        let moment = |axis: usize| -> f64 {
            let indexed = blurred.voxels.indexed_iter();
            indexed.map(|((k, j, i), &v)| f64::from(v) * ([i, j, k][axis] as f64 - 15.0).powi(2)).sum()
        };
        assert!((moment(0) - 1.0).abs() < 0.02, "{}", moment(0));
        assert!((moment(1) - 4.0).abs() < 0.08, "{}", moment(1));
        assert_eq!(moment(2), 0.0);
    }
}
