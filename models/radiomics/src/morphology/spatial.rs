//! Spatial autocorrelation of the values of a region: Moran's I and Geary's C (IBSI reference manual, chapters 3.1.27 and 3.1.28).
//!
//! Both are sums over all pairs of voxels, weighted by the inverse of their distance. A sum over pairs is a sum over ways between voxels of
//! weight times correlation, and by Parseval's theorem one over frequencies: pairs of millions of voxels take seconds.

use crate::raster::Raster;
use rayon::prelude::*;
use rustfft::FftPlanner;
use rustfft::num_complex::Complex64;

/// Regions of fewer voxels are summed pair by pair.
const FEW_VOXELS: usize = 1500;

/// Boxes around regions with more voxels, doubled along each axis, take too much memory (2 GiB for each of three arrays).
const MOST_PADDED: usize = 1 << 27;

/// Sums over ordered pairs of different voxels.
struct PairSums {
    /// Of weights.
    weights: f64,
    /// Of weight times both differences from the mean.
    products: f64,
    /// Of weight times the squared difference of the first from the mean.
    squares: f64,
}

/// Moran's I and Geary's C. Not a number where values or places do not differ, or the region is too large.
pub(super) fn moran_and_geary(image: &Raster<f64>, mask: &Raster<bool>) -> [f64; 2] {
    const UNKNOWN: [f64; 2] = [f64::NAN; 2];
    let Some((first, dims)) = mask.bounding_box() else { return UNKNOWN };
    let (image, mask) = (image.cropped(first, dims), mask.cropped(first, dims));
    let n = mask.count() as f64;
    let inside =
        || image.values.iter().zip(&mask.values).filter(|(_, inside)| **inside).map(|(&value, _)| value);
    let mean = inside().sum::<f64>() / n;
    let variance: f64 = inside().map(|value| (value - mean).powi(2)).sum();
    let flat = inside().all(|value| Some(value) == inside().next());
    if flat || n < 2.0 {
        return UNKNOWN;
    }
    let values = image.values.iter().zip(&mask.values);
    let values = values.map(|(&value, &inside)| if inside { value - mean } else { 0.0 }).collect();
    let centred = Raster { values, ..image };
    let sums = if (n as usize) < FEW_VOXELS {
        Some(by_pairs(&centred, &mask))
    } else {
        by_frequencies(&centred, &mask)
    };
    let Some(sums) = sums else { return UNKNOWN };
    // Weighted squares of differences are those of both less twice the products.
    let differences = 2.0 * (sums.squares - sums.products);
    let moran = n / sums.weights * sums.products / variance;
    [moran, (n - 1.0) / (2.0 * sums.weights) * differences / variance]
}

fn by_pairs(centred: &Raster<f64>, mask: &Raster<bool>) -> PairSums {
    let [nx, ny, _] = mask.dims;
    let voxels: Vec<([f64; 3], f64)> = (0..mask.values.len())
        .filter(|&index| mask.values[index])
        .map(|index| {
            let at = [index % nx, index / nx % ny, index / nx / ny];
            (std::array::from_fn(|axis| at[axis] as f64 * mask.spacing_mm[axis]), centred.values[index])
        })
        .collect();
    let mut sums = PairSums { weights: 0.0, products: 0.0, squares: 0.0 };
    for (index, (p, a)) in voxels.iter().enumerate() {
        for (q, b) in &voxels[index + 1..] {
            let squared: f64 = (0..3).map(|axis| (p[axis] - q[axis]).powi(2)).sum();
            let weight = 1.0 / squared.sqrt();
            sums.weights += 2.0 * weight;
            sums.products += 2.0 * weight * a * b;
            sums.squares += weight * (a * a + b * b);
        }
    }
    sums
}

fn by_frequencies(centred: &Raster<f64>, mask: &Raster<bool>) -> Option<PairSums> {
    let size = mask.dims.map(|n| if n == 1 { 1 } else { smooth(2 * n - 1) });
    let total = size.iter().try_fold(1_usize, |product, &n| product.checked_mul(n))?;
    if total > MOST_PADDED {
        return None;
    }
    let inside = |index: usize| f64::from(u8::from(mask.values[index]));
    let first = spectrum(mask.dims, size, |index, _| Complex64::new(inside(index), centred.values[index]));
    let weight = |at: [usize; 3]| {
        let squared: f64 = (0..3)
            .map(|axis| (at[axis].min(size[axis] - at[axis]) as f64 * mask.spacing_mm[axis]).powi(2))
            .sum();
        if squared == 0.0 { 0.0 } else { 1.0 / squared.sqrt() }
    };
    let second = spectrum(size, size, |_, at| {
        let is_inside = (0..3).all(|axis| at[axis] < mask.dims[axis]);
        let square = if is_inside { centred.values[centred.index(at)].powi(2) } else { 0.0 };
        Complex64::new(square, weight(at))
    });
    // Two real arrays went through one transform: their spectra are the even and the odd part. The order of the frequencies is (y, x, z).
    let opposite = |[z, x, y]: [usize; 3]| {
        let [z, x, y] = [(size[2] - z) % size[2], (size[0] - x) % size[0], (size[1] - y) % size[1]];
        (y * size[0] + x) * size[2] + z
    };
    let parts: Vec<[f64; 3]> = (0..size[1])
        .into_par_iter()
        .map(|y| {
            let mut sums = [0.0; 3];
            for x in 0..size[0] {
                for z in 0..size[2] {
                    let (at, other) = ((y * size[0] + x) * size[2] + z, opposite([z, x, y]));
                    let (a, a_opposite) = (first[at], first[other].conj());
                    let (b, b_opposite) = (second[at], second[other].conj());
                    let minus_half_i = Complex64::new(0.0, -0.5);
                    let (mask, value) = ((a + a_opposite) * 0.5, (a - a_opposite) * minus_half_i);
                    let (square, weight) = ((b + b_opposite) * 0.5, (b - b_opposite) * minus_half_i);
                    // Weights are the same both ways, so their spectrum is real.
                    sums[0] += weight.re * mask.norm_sqr();
                    sums[1] += weight.re * value.norm_sqr();
                    sums[2] += weight.re * (square.conj() * mask).re;
                }
            }
            sums
        })
        .collect();
    let sum = |which: usize| parts.iter().map(|part| part[which]).sum::<f64>() / total as f64;
    Some(PairSums { weights: sum(0), products: sum(1), squares: sum(2) })
}

/// The next number without prime factors above 5.
fn smooth(least: usize) -> usize {
    (least..)
        .find(|&n| {
            let mut rest = n;
            for prime in [2, 3, 5] {
                while rest % prime == 0 {
                    rest /= prime;
                }
            }
            rest == 1
        })
        .unwrap_or(least)
}

/// Fourier transform of an array of `dims`, filled up with zeros to `size`; frequencies with z fastest, then x, then y.
fn spectrum(
    dims: [usize; 3],
    size: [usize; 3],
    value: impl Fn(usize, [usize; 3]) -> Complex64 + Sync,
) -> Vec<Complex64> {
    let mut planner = FftPlanner::new();
    let along = size.map(|n| planner.plan_fft_forward(n));
    let [nx, ny, nz] = size;
    // Slices beyond the array are empty and stay so until z is transformed.
    let mut slices = vec![Complex64::default(); nx * ny * dims[2]];
    slices.par_chunks_mut(nx * ny).enumerate().for_each(|(z, slice)| {
        for y in 0..dims[1] {
            for x in 0..dims[0] {
                slice[y * nx + x] = value((z * dims[1] + y) * dims[0] + x, [x, y, z]);
            }
            along[0].process(&mut slice[y * nx..(y + 1) * nx]);
        }
        let mut column = vec![Complex64::default(); ny];
        for x in 0..nx {
            column.iter_mut().enumerate().for_each(|(y, value)| *value = slice[y * nx + x]);
            along[1].process(&mut column);
            column.iter().enumerate().for_each(|(y, &value)| slice[y * nx + x] = value);
        }
    });
    let mut all = vec![Complex64::default(); nx * ny * nz];
    all.par_chunks_mut(nx * nz).enumerate().for_each(|(y, plane)| {
        for x in 0..nx {
            let line = &mut plane[x * nz..(x + 1) * nz];
            for (z, value) in line[..dims[2]].iter_mut().enumerate() {
                *value = slices[(z * ny + y) * nx + x];
            }
            along[2].process(line);
        }
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_and_frequencies_agree() {
        let dims = [7, 5, 6];
        let spacing_mm = [1.0, 0.7, 2.5];
        let inside: Vec<bool> = (0..210).map(|i| i % 5 != 0).collect();
        let values = (0..210).map(|i| if inside[i] { ((i * 37) % 23) as f64 - 9.0 } else { 0.0 }).collect();
        let (centred, mask) =
            (Raster { dims, spacing_mm, values }, Raster { dims, spacing_mm, values: inside });
        let (slow, fast) = (by_pairs(&centred, &mask), by_frequencies(&centred, &mask).unwrap());
        for (slow, fast) in
            [(slow.weights, fast.weights), (slow.products, fast.products), (slow.squares, fast.squares)]
        {
            assert!((slow - fast).abs() < 1e-9 * slow.abs(), "{slow} {fast}");
        }
    }

    #[test]
    fn a_flat_region_has_no_autocorrelation() {
        let image = Raster { dims: [3, 1, 1], spacing_mm: [1.0; 3], values: vec![0.1; 3] };
        let mask = Raster { dims: [3, 1, 1], spacing_mm: [1.0; 3], values: vec![true; 3] };
        assert!(moran_and_geary(&image, &mask).iter().all(|value| value.is_nan()));
    }
}
