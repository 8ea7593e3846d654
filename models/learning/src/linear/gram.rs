//! Weighted products of columns with each other.

use crate::design::{Design, dot};

/// Means over rows of weight times the product of two columns, for all pairs of `of`, where 0 is the constant and `i + 1` column i; row by row.
pub(crate) fn gram(design: &Design, weights: &[f64], of: &[usize]) -> Vec<f64> {
    let n = of.len();
    let rows = design.rows as f64;
    let mut found = vec![0.0; n * n];
    let mut weighted = vec![0.0; design.rows];
    for (i, &one) in of.iter().enumerate() {
        match one.checked_sub(1) {
            None => weighted.copy_from_slice(weights),
            Some(column) => {
                let values = weights.iter().zip(&design.columns[column]);
                weighted.iter_mut().zip(values).for_each(|(to, (weight, value))| *to = weight * value);
            }
        }
        for (j, &other) in of.iter().enumerate().skip(i) {
            let sum = match other.checked_sub(1) {
                None => weighted.iter().sum(),
                Some(column) => dot(&weighted, &design.columns[column]),
            };
            found[i * n + j] = sum / rows;
            found[j * n + i] = sum / rows;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_those_of_the_columns_named() {
        let design = Design { rows: 2, columns: vec![vec![1.0, 2.0], vec![3.0, 5.0]] };
        // With weights 1 and 2: x.x = 1 + 8, x.1 = 1 + 4, 1.1 = 3, y.x = 3 + 20, y.y = 9 + 50.
        assert_eq!(gram(&design, &[1.0, 2.0], &[1, 0]), [4.5, 2.5, 2.5, 1.5]);
        assert_eq!(gram(&design, &[1.0, 2.0], &[1, 2]), [4.5, 11.5, 11.5, 29.5]);
    }
}
