//! Prepared predictors of a model, column by column, and the sums that fits are made of.
//!
//! Sums run in a fixed order, so that they are the same on any number of threads.

/// Prepared columns; no value is missing.
#[derive(Debug, Clone)]
pub(crate) struct Design {
    /// Number of rows.
    pub(crate) rows: usize,
    /// Values row by row of each column.
    pub(crate) columns: Vec<Vec<f64>>,
}

impl Design {
    /// `start` plus the columns times their slopes, row by row.
    pub(crate) fn predictor(&self, start: f64, slopes: &[f64]) -> Vec<f64> {
        let mut sum = vec![start; self.rows];
        for (column, &slope) in self.columns.iter().zip(slopes).filter(|(_, slope)| **slope != 0.0) {
            for (sum, value) in sum.iter_mut().zip(column) {
                *sum += slope * value;
            }
        }
        sum
    }

    /// The largest change that `step` of a constant and of slopes makes to the predictor of any row.
    pub(crate) fn reach(&self, start: f64, slopes: &[f64]) -> f64 {
        self.predictor(start, slopes).iter().fold(0.0, |most: f64, change| most.max(change.abs()))
    }

    /// The mean over rows of each column times `weights`.
    pub(crate) fn means_of_products(&self, weights: &[f64]) -> Vec<f64> {
        self.columns.iter().map(|column| dot(column, weights) / self.rows as f64).collect()
    }
}

/// Sum of products.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    // Eight sums side by side are what the compiler can put into vector registers.
    let mut sums = [0.0; 8];
    let (heads, tail) = a.as_chunks::<8>();
    let (others, rest) = b.as_chunks::<8>();
    for (head, other) in heads.iter().zip(others) {
        for lane in 0..8 {
            sums[lane] += head[lane] * other[lane];
        }
    }
    let rest: f64 = tail.iter().zip(rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

/// Mean and standard deviation (divided by n) of values, computed so that large ones do not overflow.
pub(crate) fn centre_and_spread(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let most = values.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    if most == 0.0 {
        return (0.0, 0.0);
    }
    let centre = values.iter().map(|value| value / most).sum::<f64>() / n;
    let square = values.iter().map(|value| (value / most - centre).powi(2)).sum::<f64>() / n;
    let spread = square.sqrt();
    // Below it all values are one but for rounding.
    (centre * most, if spread > 1e-12 { spread * most } else { 0.0 })
}

/// The standardised value; halves keep a difference of large numbers finite.
pub(crate) fn standardise(value: f64, centre: f64, spread: f64) -> f64 {
    (0.5 * value - 0.5 * centre) / (0.5 * spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_of_products_is_that_of_its_terms() {
        for n in [0, 1, 7, 8, 9, 31] {
            let a: Vec<f64> = (0..n).map(f64::from).collect();
            let b: Vec<f64> = (0..n).map(|i| f64::from(i * i)).collect();
            let expected: i64 = (0..i64::from(n)).map(|i| i * i * i).sum();
            assert_eq!(dot(&a, &b), expected as f64);
        }
    }

    #[test]
    fn large_values_have_a_spread_and_equal_ones_none() {
        let (centre, spread) = centre_and_spread(&[-1.7e308, 1.7e308]);
        assert_eq!((centre, spread), (0.0, 1.7e308));
        assert_eq!(standardise(1.7e308, centre, spread), 1.0);
        assert_eq!(centre_and_spread(&[0.1; 11]).1, 0.0);
        assert_eq!(centre_and_spread(&[]), (0.0, 0.0));
    }
}
