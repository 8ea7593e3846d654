//! Maximal correlation coefficient of a co-occurrence matrix: a feature of Haralick's that pyradiomics has and IBSI has not.

use super::matrix::Matrix;
use nalgebra::DMatrix;

/// Square root of the second largest eigenvalue of Q(i, j) = sum over k of p(i, k) p(j, k) / (p(i) p(k)); 1 where there is but one grey level.
///
/// The matrix is symmetrical, so Q is similar to the square of S = D^-1/2 P D^-1/2 with D the single probabilities, and the feature
/// is the second largest magnitude of an eigenvalue of S. Matrices of more than `MOST_LEVELS` levels take too long: `None`.
pub(crate) fn maximal_correlation(matrix: &Matrix) -> Option<f64> {
    let mut levels: Vec<u32> = matrix.entries.iter().map(|entry| entry.i).collect();
    levels.dedup();
    let size = levels.len();
    if size == 1 {
        return Some(1.0);
    }
    if size == 0 || size > MOST_LEVELS {
        return None;
    }
    let index = |level: u32| levels.binary_search(&level).ok();
    let mut single = vec![0.0; size];
    for entry in &matrix.entries {
        single[index(entry.i)?] += entry.n as f64;
    }
    let mut scaled = DMatrix::zeros(size, size);
    for entry in &matrix.entries {
        let (i, j) = (index(entry.i)?, index(entry.j)?);
        scaled[(i, j)] = entry.n as f64 / (single[i] * single[j]).sqrt();
    }
    let mut magnitudes: Vec<f64> = scaled.symmetric_eigenvalues().iter().map(|value| value.abs()).collect();
    magnitudes.sort_by(|a, b| b.total_cmp(a));
    Some(magnitudes[1])
}

/// Eigenvalues of larger matrices take minutes.
const MOST_LEVELS: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texture::matrix::place;

    #[test]
    fn independent_levels_correlate_not_and_equal_ones_wholly() {
        let independent = Matrix::from_places(vec![place(1, 1), place(1, 2), place(2, 1), place(2, 2)], 0);
        assert!(maximal_correlation(&independent).unwrap() < 1e-12);
        let equal = Matrix::from_places(vec![place(1, 1), place(5, 5), place(5, 5)], 0);
        assert!((maximal_correlation(&equal).unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(maximal_correlation(&Matrix::from_places(vec![place(3, 3)], 0)), Some(1.0));
        assert_eq!(maximal_correlation(&Matrix::default()), None);
    }
}
