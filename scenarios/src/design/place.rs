//! Numbers between 0 and 1 for a row and a factor.

/// Points that the scrambled sequence has; further ones come from further scramblings.
const SEQUENCE: u64 = 1 << 16;
/// Values of Morris' grid on each axis.
const MORRIS_LEVELS: usize = 4;
/// Dimensions of one set of scrambled sequences.
const DIMENSIONS: usize = 256;
/// The sequence gives multiples of this from zero on; the middle of each step is neither zero nor one.
const RESOLUTION: f64 = 1.0 / (1 << 24) as f64;

/// A point of a Sobol' sequence with Owen scrambling by hashing (Burley 2020, J Comput Graph Tech 9(4):1).
pub(super) fn sobol(seed: u64, dimension: usize, row: u64) -> f64 {
    let set = (dimension / DIMENSIONS) as u64;
    let scrambling = hash(hash(seed, set), row / SEQUENCE) as u32;
    let index = (row % SEQUENCE) as u32;
    f64::from(sobol_burley::sample(index, (dimension % DIMENSIONS) as u32, scrambling)) + RESOLUTION / 2.0
}

/// A point of a Latin hypercube (McKay 1979, Technometrics 21:239): the rows of a factor are a permutation of as many equal parts, in each
/// of which the point is drawn.
pub(super) fn latin(seed: u64, factor: usize, row: u64, rows: u64) -> f64 {
    let key = hash(seed, factor as u64);
    let part = permuted(row, rows, key);
    (part as f64 + unit(hash(key ^ 0x4c61_7469_6e00, row))) / rows as f64
}

/// Where the factors stand in a row of the trajectories of Morris 1991 (Technometrics 33:161): each of a trajectory's rows differs from the one
/// before in one factor, by half of the range and a little more.
pub(super) fn morris(seed: u64, factors: usize, row: u64) -> Vec<f64> {
    let length = factors as u64 + 1;
    let (trajectory, step) = (row / length, row % length);
    let key = hash(seed ^ 0x4d6f_7272_6973, trajectory);
    let levels = MORRIS_LEVELS as u64;
    let jump = levels as f64 / (2.0 * (levels - 1) as f64);
    (0..factors)
        .map(|factor| {
            // The lower half of the grid, from which the jump leads to the upper one; or back.
            let base = (hash(key, factor as u64) % (levels / 2)) as f64 / (levels - 1) as f64;
            let is_up = hash(key ^ 0x7570, factor as u64) & 1 == 0;
            let has_moved = permuted(factor as u64, factors as u64, key) < step;
            if is_up == has_moved { base + jump } else { base }
        })
        .collect()
}

/// The factor that moved last in a row of a trajectory; `None` in its first row.
pub(super) fn moved(seed: u64, factors: usize, row: u64) -> Option<usize> {
    let length = factors as u64 + 1;
    let (trajectory, step) = (row / length, row % length);
    let key = hash(seed ^ 0x4d6f_7272_6973, trajectory);
    (0..factors).find(|factor| step > 0 && permuted(*factor as u64, factors as u64, key) == step - 1)
}

/// A number below `count` for each number below it, no two the same: a Feistel network over the next power of four, walked until it is
/// inside (cycle walking, Black and Rogaway 2002).
fn permuted(place: u64, count: u64, key: u64) -> u64 {
    let bits = (64 - count.saturating_sub(1).leading_zeros()).div_ceil(2).max(1);
    let half = (1u64 << bits) - 1;
    let mut at = place;
    loop {
        let (mut left, mut right) = (at >> bits, at & half);
        for round in 0..6 {
            (left, right) = (right, left ^ (hash(key ^ round, right) & half));
        }
        at = left << bits | right;
        if at < count {
            return at;
        }
    }
}

/// Two numbers mixed to one (the finaliser of SplitMix64, Steele et al. 2014).
pub(crate) fn hash(a: u64, b: u64) -> u64 {
    let mut z = a.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(b).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

/// A hash as a number from 0 to 1, neither of them.
pub(crate) fn unit(hash: u64) -> f64 {
    ((hash >> 11) as f64 + 0.5) / (1u64 << 53) as f64
}
