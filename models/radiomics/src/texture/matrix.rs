//! A matrix of counts of which most are 0.

/// A count and its place: a grey level and what the matrix counts beside it (a grey level, length, size, distance, ...).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Row: the grey level.
    pub(crate) i: u32,
    /// Column.
    pub(crate) j: u32,
    /// Count, above 0.
    pub(crate) n: u64,
}

/// Entries by row and column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Matrix {
    /// Ascending by `i`, then by `j`, each place once.
    pub(crate) entries: Vec<Entry>,
    /// Voxels that the matrix was made of; those of a matrix that was merged of several count as often.
    pub(crate) voxels: u64,
}

impl Matrix {
    /// From places in any order, each place any number of times.
    pub(crate) fn from_places(mut places: Vec<u64>, voxels: u64) -> Matrix {
        places.sort_unstable();
        let runs = places.chunk_by(|a, b| a == b);
        let entry = |run: &[u64]| Entry { i: (run[0] >> 32) as u32, j: run[0] as u32, n: run.len() as u64 };
        Matrix { entries: runs.map(entry).collect(), voxels }
    }

    /// The sum of matrices.
    pub(crate) fn sum<'a>(matrices: impl IntoIterator<Item = &'a Matrix>) -> Matrix {
        let mut sum = Matrix::default();
        for matrix in matrices {
            sum.entries.extend(&matrix.entries);
            sum.voxels += matrix.voxels;
        }
        sum.entries.sort_unstable_by_key(|entry| (entry.i, entry.j));
        let runs = sum.entries.chunk_by(|a, b| (a.i, a.j) == (b.i, b.j));
        sum.entries = runs.map(|run| Entry { n: run.iter().map(|entry| entry.n).sum(), ..run[0] }).collect();
        sum
    }

    /// Sum of the counts.
    pub(crate) fn total(&self) -> u64 {
        self.entries.iter().map(|entry| entry.n).sum()
    }
}

/// A place as one number.
pub(crate) fn place(i: u32, j: u32) -> u64 {
    u64::from(i) << 32 | u64::from(j)
}
