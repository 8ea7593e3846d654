//! Random numbers for the noise of detectors.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Near enough to a standard normal number: the sum of four uniform ones.
pub(crate) fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let bits = rng.next_u64();
    let sum: u64 = (0..4).map(|k| (bits >> (16 * k)) & 0xffff).sum();
    (sum as f64 - 131_070.0) / (65_536.0 * (4.0f64 / 12.0).sqrt())
}
