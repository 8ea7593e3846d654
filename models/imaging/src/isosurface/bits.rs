//! Which voxels reach the level, one bit each.
//!
//! Everything but the few cells at the surface is settled on 64 voxels at a time: a crossed edge is a difference
//! of two bits, and rows without any are passed over.

use super::scalar::Scalar;
use crate::Volume;
use rayon::prelude::*;

/// Bits of all rows. With a border of outside voxels added around the volume where asked for.
pub(super) struct Bits {
    words: Vec<u64>,
    /// Words in a row; there is always at least one spare zero bit at the end of a row.
    pub(super) words_per_row: usize,
    /// Voxels along i, j and k, border included.
    pub(super) dims: [usize; 3],
    /// 1 where a border was added, else 0.
    pub(super) border: usize,
}

impl Bits {
    pub(super) fn new<S: Scalar>(volume: &Volume<S>, threshold: S, border: usize) -> Self {
        let [ni, nj, _] = volume.grid.dims;
        let dims = volume.grid.dims.map(|n| n + 2 * border);
        let words_per_row = dims[0] / 64 + 1;
        let mut words = vec![0; words_per_row * dims[1] * dims[2]];
        let slice = words_per_row * dims[1];
        let inner = words.get_mut(border * slice..).unwrap_or_default();
        inner.par_chunks_mut(slice).zip(volume.as_slice().par_chunks(ni * nj)).for_each(|(words, values)| {
            let rows = words[border * words_per_row..].chunks_mut(words_per_row);
            for (words, values) in rows.zip(values.chunks(ni)) {
                classify(values, threshold, words);
                if border == 1 {
                    shift_up(words);
                }
            }
        });
        Bits { words, words_per_row, dims, border }
    }

    pub(super) fn row(&self, j: usize, k: usize) -> &[u64] {
        let at = (k * self.dims[1] + j) * self.words_per_row;
        &self.words[at..at + self.words_per_row]
    }
}

/// Sets bit i where value i reaches the threshold.
fn classify<S: Scalar>(values: &[S], threshold: S, words: &mut [u64]) {
    for (word, values) in words.iter_mut().zip(values.chunks(64)) {
        // Flags first and bits second: both loops then run on whole vector registers.
        let mut flags = [0_u8; 64];
        for (flag, &value) in flags.iter_mut().zip(values) {
            *flag = u8::from(value.reaches(threshold));
        }
        let (eights, _) = flags.as_chunks::<8>();
        *word = eights.iter().enumerate().fold(0, |word, (n, &eight)| {
            // Gathers the lowest bits of eight bytes in the topmost byte.
            let gathered = u64::from_le_bytes(eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
            word | gathered << (8 * n)
        });
    }
}

fn shift_up(words: &mut [u64]) {
    let mut carry = 0;
    for word in words {
        (*word, carry) = (*word << 1 | carry, *word >> 63);
    }
}

/// Word `n` of a row moved by one voxel: bit i becomes bit i + 1 of the row.
pub(super) fn next(row: &[u64], n: usize) -> u64 {
    row[n] >> 1 | row.get(n + 1).map_or(0, |w| w << 63)
}

/// Calls `visit` with the position of every set bit, in ascending order.
#[inline]
pub(super) fn for_each_bit(mut word: u64, first: usize, mut visit: impl FnMut(usize)) {
    while word != 0 {
        visit(first + word.trailing_zeros() as usize);
        word &= word - 1;
    }
}

/// The four rows of bits around one row of cells, and its number of cells.
pub(super) struct CellRow<'a> {
    rows: [&'a [u64]; 4],
    cells: usize,
}

impl<'a> CellRow<'a> {
    /// The cells whose first voxels are in row (j, k).
    pub(super) fn new(bits: &'a Bits, j: usize, k: usize) -> Self {
        let rows = [bits.row(j, k), bits.row(j + 1, k), bits.row(j, k + 1), bits.row(j + 1, k + 1)];
        CellRow { rows, cells: bits.dims[0] - 1 }
    }

    /// Calls `visit` with (i, case) of every cell that the surface passes through, in ascending order.
    #[inline]
    pub(super) fn for_each_active(&self, mut visit: impl FnMut(usize, usize)) {
        let [a, b, c, d] = self.rows;
        for n in 0..a.len() {
            let here = [a[n], b[n], c[n], d[n]];
            let after = [next(a, n), next(b, n), next(c, n), next(d, n)];
            let any = here.iter().chain(&after).fold(0, |all, w| all | w);
            let all = here.iter().chain(&after).fold(u64::MAX, |all, w| all & w);
            let active = any & !all & first_bits(self.cells, n);
            for_each_bit(active, 0, |bit| {
                let case = (0..4).fold(0, |case, row| {
                    case | (here[row] >> bit & 1) << (2 * row) | (after[row] >> bit & 1) << (2 * row + 1)
                });
                visit(64 * n + bit, case as usize);
            });
        }
    }
}

/// The bits of word `n` that belong to the first `count` of a row.
pub(super) fn first_bits(count: usize, n: usize) -> u64 {
    match count.saturating_sub(64 * n) {
        0 => 0,
        left @ 1..64 => (1 << left) - 1,
        _ => u64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Grid;
    use coxa_geometry::Point;
    use ndarray::Array3;

    #[test]
    fn bits_are_where_the_values_reach_the_threshold() {
        for (ni, border) in [(63, 0), (64, 0), (65, 1), (127, 1), (128, 1), (200, 0)] {
            let grid = Grid::axis_aligned([ni, 3, 2], Point::origin(), [1.0; 3]);
            let voxels =
                Array3::from_shape_fn((2, 3, ni), |(k, j, i)| ((i * i * 7 + j * 13 + k * 29) % 31) as i16);
            let volume = Volume::new(grid, voxels);
            let bits = Bits::new(&volume, 15, border);
            for k in 0..bits.dims[2] {
                for j in 0..bits.dims[1] {
                    for i in 0..bits.dims[0] {
                        let at = [k, j, i].map(|n| n.wrapping_sub(border));
                        let expected = volume.voxels.get(at).is_some_and(|&v| v >= 15);
                        assert_eq!(
                            bits.row(j, k)[i / 64] >> (i % 64) & 1 == 1,
                            expected,
                            "{ni} {border} {i} {j} {k}"
                        );
                    }
                }
            }
        }
    }
}
