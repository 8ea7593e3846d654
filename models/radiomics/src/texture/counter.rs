//! Counting into a table where that is small, into a list of places where it is not.

use super::matrix::{Entry, Matrix, place};

/// Tables of more cells are not made, whatever they would count.
const MOST_CELLS: usize = 1 << 22;

/// Counts of places.
pub(crate) enum Counter {
    /// A table by row and column.
    Dense {
        /// Columns.
        width: usize,
        /// Counts.
        counts: Vec<u32>,
    },
    /// The places themselves.
    Sparse(Vec<u64>),
}

impl Counter {
    /// For rows below `height` and columns below `width`, and about so many counts.
    pub(crate) fn new(height: usize, width: usize, expected: usize) -> Counter {
        let cells = height.saturating_mul(width);
        // To make and read a table takes as long as to sort a list of a fraction of its cells.
        if cells <= MOST_CELLS && cells <= 8 * expected + 4096 {
            Counter::Dense { width, counts: vec![0; cells] }
        } else {
            Counter::Sparse(Vec::with_capacity(expected))
        }
    }

    /// Counts a place.
    pub(crate) fn add(&mut self, i: u32, j: u32) {
        match self {
            Counter::Dense { width, counts } => counts[i as usize * *width + j as usize] += 1,
            Counter::Sparse(places) => places.push(place(i, j)),
        }
    }

    /// The counts.
    pub(crate) fn matrix(self, voxels: u64) -> Matrix {
        let (width, counts) = match self {
            Counter::Sparse(places) => return Matrix::from_places(places, voxels),
            Counter::Dense { width, counts } => (width, counts),
        };
        let mut entries = Vec::new();
        for (i, row) in counts.chunks_exact(width).enumerate() {
            for (j, &n) in row.iter().enumerate().filter(|&(_, &n)| n > 0) {
                entries.push(Entry { i: i as u32, j: j as u32, n: u64::from(n) });
            }
        }
        Matrix { entries, voxels }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_and_list_count_alike() {
        let mut dense = Counter::new(10, 10, 1000);
        let mut sparse = Counter::new(100_000, 100_000, 10);
        assert!(matches!((&dense, &sparse), (Counter::Dense { .. }, Counter::Sparse(_))));
        for (i, j) in [(3, 4), (1, 9), (3, 4), (0, 0), (9, 1)] {
            dense.add(i, j);
            sparse.add(i, j);
        }
        let (dense, sparse) = (dense.matrix(5), sparse.matrix(5));
        assert_eq!(dense, sparse);
        assert_eq!(Matrix::sum([&dense, &sparse]).total(), 10);
    }
}
