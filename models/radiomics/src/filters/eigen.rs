//! Eigenvectors of symmetric matrices.

/// Rounds of rotations; a matrix of three rows needs five or six.
const ROUNDS: usize = 20;

/// The eigenvectors of a symmetric matrix by falling eigenvalue, by Jacobi's rotations (Golub and Van Loan, section 8.5).
pub(super) fn eigenvectors(mut matrix: [[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let mut vectors = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let size: f64 = matrix.iter().flatten().map(|value| value.abs()).sum();
    for _ in 0..ROUNDS {
        if matrix[0][1].abs() + matrix[0][2].abs() + matrix[1][2].abs() <= 1e-15 * size {
            break;
        }
        for (p, q) in [(0, 1), (0, 2), (1, 2)] {
            if matrix[p][q] == 0.0 {
                continue;
            }
            let slope = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
            let tangent = slope.signum() / (slope.abs() + slope.hypot(1.0));
            let cosine = 1.0 / tangent.hypot(1.0);
            let sine = tangent * cosine;
            for row in &mut matrix {
                (row[p], row[q]) = (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
            }
            for k in 0..3 {
                let (one, other) = (matrix[p][k], matrix[q][k]);
                (matrix[p][k], matrix[q][k]) = (cosine * one - sine * other, sine * one + cosine * other);
                let (one, other) = (vectors[p][k], vectors[q][k]);
                (vectors[p][k], vectors[q][k]) = (cosine * one - sine * other, sine * one + cosine * other);
            }
        }
    }
    let mut order = [0, 1, 2];
    order.sort_by(|&one, &other| matrix[other][other].total_cmp(&matrix[one][one]));
    order.map(|at| vectors[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvectors_make_the_matrix_diagonal_by_falling_value() {
        for matrix in [
            [[2.0, -1.0, 0.5], [-1.0, 3.0, 0.25], [0.5, 0.25, 1.0]],
            [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]],
            [[0.0; 3]; 3],
            [[1.0, 0.0, 0.0], [0.0, 5.0, 0.0], [0.0, 0.0, 3.0]],
        ] {
            let vectors = eigenvectors(matrix);
            let dot = |a: [f64; 3], b: [f64; 3]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
            let times = |v: [f64; 3]| matrix.map(|row| dot(row, v));
            for (n, &one) in vectors.iter().enumerate() {
                for (m, &other) in vectors.iter().enumerate() {
                    let unit = if n == m { 1.0 } else { 0.0 };
                    assert!((dot(one, other) - unit).abs() < 1e-12);
                    assert!(n == m || dot(one, times(other)).abs() < 1e-12);
                }
            }
            let values = vectors.map(|v| dot(v, times(v)));
            assert!(values[0] >= values[1] && values[1] >= values[2], "{values:?}");
        }
    }
}
