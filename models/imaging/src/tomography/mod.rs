//! A CT scanner, slice by slice: X-rays of several energies through materials, photons counted, and filtered back-projection.
//!
//! Rays are parallel (a fan is rebinned to them in any scanner of today). What beam hardening, few photons and metal do to an image
//! comes out of the physics; nothing is painted.

mod filter;
mod project;
mod reconstruct;
mod slice;
mod spectrum;
mod streaks;

pub use slice::Slice;
pub use spectrum::{Material, Spectrum};
pub use streaks::{Reduced, reduce_streaks};

use crate::noise::normal;
use filter::RampFilter;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// How many photons a detector must count at least; below, electronic noise decides.
const LEAST_COUNT: f64 = 1.0;
/// Standard deviation of electronic noise in photons.
const ELECTRONIC_NOISE: f64 = 3.0;
/// Counts below which neighbouring detectors are averaged, and over how many on either side, as scanners do before the logarithm
/// (Hsieh 1998, Med Phys 25:2139).
const SPARSE: [(f64, usize); 3] = [(8.0, 6), (40.0, 3), (120.0, 1)];

/// How a slice is scanned.
#[derive(Debug, Clone, PartialEq)]
pub struct Protocol {
    /// Photons that reach a detector in one view where nothing is in their way.
    pub photons: f64,
    /// Views over half a turn.
    pub views: usize,
    /// Whether photons are counted one by one; without, the scan has no noise.
    pub is_noisy: bool,
}

/// A scanner with its tables made.
pub struct Scanner {
    spectrum: Spectrum,
    protocol: Protocol,
    filter: RampFilter,
    columns: usize,
    rows: usize,
}

impl Scanner {
    /// A scanner for slices of one size.
    pub fn new(protocol: Protocol, columns: usize, rows: usize, pixel_mm: f64) -> Self {
        let detectors = project::detectors(columns, rows);
        Scanner {
            spectrum: Spectrum::kv_120(),
            filter: RampFilter::new(detectors, pixel_mm),
            protocol,
            columns,
            rows,
        }
    }

    /// CT numbers of a slice in Hounsfield units. `seed` and `stream` decide the noise.
    ///
    /// # Panics
    /// Where shares are not of the size of the slice or this is not that of the scanner, which is a bug of the caller.
    pub fn scan(&self, slice: &Slice<'_>, seed: u64, stream: u64) -> Vec<f32> {
        assert_eq!((slice.columns, slice.rows), (self.columns, self.rows), "a scanner is for one size");
        assert!(slice.shares.iter().all(|(_, s)| s.len() == self.columns * self.rows));
        let lengths = project::lengths(slice, self.protocol.views);
        let materials: Vec<Material> = slice.shares.iter().map(|(m, _)| *m).collect();
        let mut sinogram = self.count(&lengths, &materials, seed, stream);
        self.filter.apply(&mut sinogram);
        let water = self.spectrum.water_per_mm();
        let mut image = reconstruct::back_project(&sinogram, self.protocol.views, self.columns, self.rows);
        for value in &mut image {
            *value = ((f64::from(*value) / water - 1.0) * 1000.0) as f32;
        }
        image
    }

    /// Attenuation that the detectors find, corrected as if all were water, by length of each material along each ray.
    fn count(&self, lengths: &[Vec<f32>], materials: &[Material], seed: u64, stream: u64) -> Vec<f32> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        let rays = lengths.first().map_or(0, Vec::len);
        let mut path = vec![0.0; materials.len()];
        let mut counts: Vec<f64> = (0..rays)
            .map(|ray| {
                for (length, all) in path.iter_mut().zip(lengths) {
                    *length = f64::from(all[ray]);
                }
                let mean = self.spectrum.transmitted(materials, &path) * self.protocol.photons;
                if !self.protocol.is_noisy {
                    return mean;
                }
                // A Poisson number is normal where it is large; where it is small, electronic noise is larger.
                mean + (mean + ELECTRONIC_NOISE * ELECTRONIC_NOISE).sqrt() * normal(&mut rng)
            })
            .collect();
        if self.protocol.is_noisy {
            let detectors = project::detectors(self.columns, self.rows);
            counts.chunks_mut(detectors).for_each(fill_sparse);
        }
        let least = if self.protocol.is_noisy { LEAST_COUNT } else { f64::MIN_POSITIVE };
        counts
            .into_iter()
            .map(|count| {
                let seen = count.max(least) / self.protocol.photons;
                self.spectrum.water_equivalent(seen) as f32
            })
            .collect()
    }
}

/// Averages counts of one view that are too few to take a logarithm of.
fn fill_sparse(view: &mut [f64]) {
    let least = |count: f64| SPARSE.iter().find(|(below, _)| count < *below).map(|(_, half)| *half);
    if !view.iter().any(|&count| least(count).is_some()) {
        return;
    }
    let counted = view.to_vec();
    for (n, count) in view.iter_mut().enumerate() {
        let Some(half) = least(counted[n]) else { continue };
        let near = &counted[n.saturating_sub(half)..(n + half + 1).min(counted.len())];
        // Neighbours that see much more are not behind the same metal.
        let alike = near.iter().copied().filter(|&c| c < SPARSE[SPARSE.len() - 1].0);
        let (sum, number) = alike.fold((0.0, 0.0), |(s, n), c| (s + c, n + 1.0));
        *count = sum / f64::max(number, 1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const N: usize = 128;

    /// Share of a disc in every pixel, by 4 x 4 samples.
    fn disc(cx: f64, cy: f64, radius: f64) -> Vec<f32> {
        let sample = |i: usize, s: usize| i as f64 - (N as f64 - 1.0) / 2.0 + (s as f64 - 1.5) / 4.0;
        let mut out = vec![0.0; N * N];
        for (n, value) in out.iter_mut().enumerate() {
            let inside = (0..16)
                .filter(|s| (sample(n % N, s % 4) - cx).hypot(sample(n / N, s / 4) - cy) < radius)
                .count();
            *value = inside as f32 / 16.0;
        }
        out
    }

    fn scan(shares: &[(Material, &[f32])], photons: Option<f64>, seed: u64) -> Vec<f32> {
        let protocol = Protocol { photons: photons.unwrap_or(1e6), views: 240, is_noisy: photons.is_some() };
        let slice = Slice { columns: N, rows: N, pixel_mm: 2.5, shares };
        Scanner::new(protocol, N, N, 2.5).scan(&slice, seed, 0)
    }

    fn mean_near(image: &[f32], cx: f64, cy: f64, radius: f64) -> (f64, f64) {
        let middle = (N as f64 - 1.0) / 2.0;
        let inside: Vec<f64> = (0..N * N)
            .filter(|n| ((n % N) as f64 - middle - cx).hypot((n / N) as f64 - middle - cy) < radius)
            .map(|n| f64::from(image[n]))
            .collect();
        let mean = inside.iter().sum::<f64>() / inside.len() as f64;
        let variance = inside.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / inside.len() as f64;
        (mean, variance.sqrt())
    }

    #[test]
    fn a_disc_of_water_comes_back_as_water() {
        let water = disc(0.0, 0.0, 50.0);
        let image = scan(&[(Material::Water, &water)], None, 1);
        for (x, y) in [(0.0, 0.0), (25.0, -10.0), (-30.0, 15.0)] {
            let (mean, spread) = mean_near(&image, x, y, 6.0);
            // Within 1 % of the attenuation of water.
            assert!(mean.abs() < 10.0 && spread < 10.0, "{mean} {spread}");
        }
        let (air, _) = mean_near(&image, 57.0, 0.0, 3.0);
        assert!((air + 1000.0).abs() < 20.0, "{air}");
    }

    #[test]
    fn bone_is_dense_and_hardens_the_beam() {
        let bone = disc(0.0, 0.0, 6.0);
        let water: Vec<f32> = disc(0.0, 0.0, 50.0).iter().zip(&bone).map(|(w, b)| w - b).collect();
        let image = scan(&[(Material::Water, &water), (Material::Bone, &bone)], None, 1);
        let (heart, _) = mean_near(&image, 0.0, 0.0, 3.0);
        assert!((1300.0..1900.0).contains(&heart), "{heart}");
        let (beside, _) = mean_near(&image, 30.0, 0.0, 4.0);
        assert!(beside.abs() < 25.0, "{beside}");
    }

    #[test]
    fn noise_falls_with_the_square_root_of_the_photons() {
        let water = disc(0.0, 0.0, 50.0);
        let noise = |photons: f64| {
            let [a, b] = [1, 2].map(|seed| scan(&[(Material::Water, &water)], Some(photons), seed));
            let difference: Vec<f32> = a.iter().zip(&b).map(|(a, b)| a - b).collect();
            mean_near(&difference, 0.0, 0.0, 20.0).1 / std::f64::consts::SQRT_2
        };
        let (few, many) = (noise(1e5), noise(1e6));
        assert!((few / many / 10.0f64.sqrt() - 1.0).abs() < 0.1, "{few} {many}");
    }

    #[test]
    fn two_rods_of_metal_leave_a_dark_band_between_them() {
        let rods: Vec<f32> =
            disc(-28.0, 0.0, 4.0).iter().zip(disc(28.0, 0.0, 4.0)).map(|(a, b)| a + b).collect();
        let water: Vec<f32> = disc(0.0, 0.0, 50.0).iter().zip(&rods).map(|(w, m)| w - m).collect();
        let image = scan(&[(Material::Water, &water), (Material::CobaltChrome, &rods)], None, 1);
        let (between, _) = mean_near(&image, 0.0, 0.0, 2.0);
        let (aside, _) = mean_near(&image, 0.0, 32.0, 4.0);
        assert!(between < aside - 60.0, "between {between}, aside {aside}");
        let (metal, _) = mean_near(&image, 28.0, 0.0, 2.0);
        assert!(metal > 4000.0, "{metal}");
    }
}
