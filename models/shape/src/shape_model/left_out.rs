//! What each example shows beyond the others: the part of it that no combination of them reaches.

use nalgebra::{DMatrix, SymmetricEigen};

/// For each example (a column of centred coordinates) its displacement from the nearest point of the affine span of the others.
///
/// The examples are the corners of a simplex about the origin. With G their Gram matrix, the altitude from corner i is
/// `X G^+ e_i / (G^+)_ii`, so one decomposition serves all examples.
pub(super) fn residuals(centred: &DMatrix<f64>) -> DMatrix<f64> {
    let SymmetricEigen { eigenvectors, eigenvalues } = SymmetricEigen::new(centred.tr_mul(centred));
    let largest = eigenvalues.max();
    let mut inverse = DMatrix::zeros(centred.ncols(), centred.ncols());
    for (vector, &value) in eigenvectors.column_iter().zip(&eigenvalues) {
        if value > 1e-10 * largest {
            inverse += vector * vector.transpose() / value;
        }
    }
    let mut altitudes = centred * &inverse;
    for (i, mut column) in altitudes.column_iter_mut().enumerate() {
        column /= inverse[(i, i)].max(f64::MIN_POSITIVE);
    }
    altitudes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_residual_is_normal_to_all_differences_of_the_others() {
        let mut state = 1u64;
        let mut x = DMatrix::from_fn(30, 5, |_, _| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as f64 / f64::from(1u32 << 31) - 0.5
        });
        let mean = x.column_mean();
        for mut column in x.column_iter_mut() {
            column -= &mean;
        }
        let found = residuals(&x);
        for i in 0..5 {
            let others: Vec<usize> = (0..5).filter(|&j| j != i).collect();
            for &j in &others {
                let difference = x.column(j) - x.column(others[0]);
                assert!(found.column(i).dot(&difference).abs() < 1e-9);
            }
            // From the span of the others, the residual leads to the example.
            let gap = x.column(i) - x.column(others[0]);
            assert!((found.column(i).dot(&gap) - found.column(i).norm_squared()).abs() < 1e-9);
        }
    }
}
