//! Smooth random texture and image noise, both functions of seed and place alone.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A random lattice value in [-1, 1].
fn lattice(seed: u64, x: i64, y: i64, z: i64) -> f64 {
    // SplitMix64's finaliser over a linear combination with odd constants.
    let mut h = seed
        .wrapping_add((x as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .wrapping_add((y as u64).wrapping_mul(0xc2b2_ae3d_27d4_eb4f))
        .wrapping_add((z as u64).wrapping_mul(0x1656_67b1_9e37_79f9));
    h = (h ^ (h >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    h ^= h >> 31;
    (h >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

/// Value noise in [-1, 1]: random lattice values at the given coordinates' integers, smoothly interpolated.
pub fn texture(seed: u64, x: f64, y: f64, z: f64) -> f64 {
    let (fx, fy, fz) = (x.floor(), y.floor(), z.floor());
    let smooth = |t: f64| t * t * (3.0 - 2.0 * t);
    let (u, v, w) = (smooth(x - fx), smooth(y - fy), smooth(z - fz));
    let (i, j, k) = (fx as i64, fy as i64, fz as i64);
    let mix = |a: f64, b: f64, t: f64| a + (b - a) * t;
    let row = |dj, dk| mix(lattice(seed, i, j + dj, k + dk), lattice(seed, i + 1, j + dj, k + dk), u);
    mix(mix(row(0, 0), row(1, 0), v), mix(row(0, 1), row(1, 1), v), w)
}

/// Noise of unit variance for one slice, correlated over neighbouring pixels as a soft reconstruction kernel
/// leaves it.
pub fn slice_noise(seed: u64, slice: usize, width: usize, height: usize) -> Vec<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(slice as u64);
    // Sum of four uniform 16-bit numbers: near enough to normal, at one draw a pixel. Variance 4 * 65536^2 / 12.
    let scale = 1.0 / (65536.0 * (4.0f32 / 12.0).sqrt());
    let white: Vec<f32> = (0..width * height)
        .map(|_| {
            let bits = rng.next_u64();
            let sum = (0..4).map(|k| (bits >> (16 * k)) & 0xffff).sum::<u64>();
            (sum as f32 - 131_070.0) * scale
        })
        .collect();
    // Kernel 1 2 1 in both directions; its squares sum to (6/16)^2.
    let across: Vec<f32> = white
        .chunks_exact(width.max(1))
        .flat_map(|row| {
            (0..width)
                .map(move |i| (row[i.saturating_sub(1)] + 2.0 * row[i] + row[(i + 1).min(width - 1)]) / 4.0)
        })
        .collect();
    let gain = 16.0 / 6.0;
    (0..width * height)
        .map(|n| {
            let (i, j) = (n % width, n / width);
            let at = |j: usize| across[j * width + i];
            gain * (at(j.saturating_sub(1)) + 2.0 * at(j) + at((j + 1).min(height - 1))) / 4.0
        })
        .collect()
}
