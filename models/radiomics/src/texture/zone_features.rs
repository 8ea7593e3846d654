//! The features that run length, size zone, distance zone and dependence matrices share (IBSI reference manual, chapters 3.7 to 3.9 and
//! 3.11): the same formulas of a matrix over grey level and length, size, distance or dependence.

use super::matrix::Matrix;

/// In the order of the tables, last the energy, which the dependence matrix alone has. Nothing of an empty matrix.
pub(crate) fn zone_features(matrix: &Matrix) -> Option<Vec<f64>> {
    let total = matrix.total() as f64;
    if total == 0.0 {
        return None;
    }
    let mean_of = |f: &dyn Fn(f64, f64) -> f64| {
        matrix.entries.iter().map(|e| e.n as f64 * f(f64::from(e.i), f64::from(e.j))).sum::<f64>() / total
    };
    let levels = squared_sums(matrix.entries.iter().map(|entry| (entry.i, entry.n)).collect());
    let columns = squared_sums(matrix.entries.iter().map(|entry| (entry.j, entry.n)).collect());
    let (level_mean, column_mean) = (mean_of(&|i, _| i), mean_of(&|_, j| j));
    let probabilities = || matrix.entries.iter().map(|entry| entry.n as f64 / total);
    Some(vec![
        mean_of(&|_, j| 1.0 / (j * j)),
        mean_of(&|_, j| j * j),
        mean_of(&|i, _| 1.0 / (i * i)),
        mean_of(&|i, _| i * i),
        mean_of(&|i, j| 1.0 / (i * i * j * j)),
        mean_of(&|i, j| i * i / (j * j)),
        mean_of(&|i, j| j * j / (i * i)),
        mean_of(&|i, j| i * i * j * j),
        levels / total,
        levels / (total * total),
        columns / total,
        columns / (total * total),
        total / matrix.voxels as f64,
        mean_of(&|i, _| (i - level_mean).powi(2)),
        mean_of(&|_, j| (j - column_mean).powi(2)),
        0.0 - probabilities().map(|p| p * p.log2()).sum::<f64>(),
        probabilities().map(|p| p * p).sum(),
    ])
}

/// Sum of the squared counts of each key.
fn squared_sums(mut counts: Vec<(u32, u64)>) -> f64 {
    counts.sort_unstable_by_key(|&(key, _)| key);
    let runs = counts.chunk_by(|a, b| a.0 == b.0);
    runs.map(|run| (run.iter().map(|&(_, n)| n).sum::<u64>() as f64).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texture::matrix::place;

    #[test]
    fn two_zones() {
        let matrix = Matrix::from_places(vec![place(1, 2), place(3, 4)], 6);
        let found = zone_features(&matrix).unwrap();
        assert_eq!(found[1], 10.0);
        assert_eq!(found[3], 5.0);
        assert_eq!((found[8], found[10]), (1.0, 1.0));
        assert_eq!(found[12], 1.0 / 3.0);
        assert_eq!((found[13], found[14], found[15], found[16]), (1.0, 1.0, 1.0, 0.5));
        assert_eq!(zone_features(&Matrix::default()), None);
    }
}
