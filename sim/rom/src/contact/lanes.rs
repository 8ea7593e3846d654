//! Sixteen spheres at a time.

/// Several points' answers side by side, so that the compiler can use vector instructions.
pub(super) type Lanes = [f32; LANES];

/// Points looked up at once.
pub(super) const LANES: usize = 16;

/// All lanes.
pub(super) const ALL: u32 = (1 << LANES) - 1;

/// A bit for each lane where the first value is below zero, and the same of the second; minus zero counts.
#[expect(clippy::needless_range_loop, reason = "an iterator is not turned into vector instructions here")]
#[inline(always)]
pub(super) fn negative(values: impl Fn(usize) -> (f32, f32)) -> (u32, u32) {
    let mut bits = [0u32; LANES];
    for i in 0..LANES {
        let (first, second) = values(i);
        bits[i] = (first.to_bits() >> 31) << i | (second.to_bits() >> 31) << (i + LANES);
    }
    let both = bits.iter().fold(0, |all, bit| all | bit);
    (both & ALL, both >> LANES)
}
