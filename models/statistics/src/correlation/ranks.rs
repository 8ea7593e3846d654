//! Ranks, and sums of products of columns.

use crate::sample::{Moments, largest, power_of_two};

/// Ranks from 1, those that tie at their mean.
pub(crate) fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|one, other| values[*one].total_cmp(&values[*other]));
    let mut found = vec![0.0; values.len()];
    let mut from = 0;
    while from < order.len() {
        let ties = order[from..].iter().take_while(|&&i| values[i] == values[order[from]]).count();
        for &i in &order[from..from + ties] {
            found[i] = from as f64 + (ties as f64 + 1.0) / 2.0;
        }
        from += ties;
    }
    found
}

/// Values less their mean, with a length of one; `None` where they are all the same but for rounding.
pub(crate) fn standardised(values: &[f64]) -> Option<Vec<f64>> {
    // By a power of two, which rounds nothing, lest squares overflow.
    let scale = power_of_two(largest(values));
    let values: Vec<f64> = values.iter().map(|value| value / scale).collect();
    let moments = Moments::of(&values).ok()?;
    let spread = moments.spread(largest(&values))?;
    let length = spread * (values.len() as f64 - 1.0).sqrt();
    Some(values.iter().map(|value| (value - moments.mean) / length).collect())
}

/// Sums that a processor can add at once; their order is fixed.
const LANES: usize = 8;

/// Sum of products.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (in_lanes, rest) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let ends = in_lanes.remainder().iter().zip(rest.remainder());
    let mut sums = [0.0; LANES];
    for (a, b) in in_lanes.zip(rest) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f64>() + ends.map(|(a, b)| a * b).sum::<f64>()
}

/// Correlation of columns of length one; 1 and -1 but for rounding are those.
pub(crate) fn coefficient(a: &[f64], b: &[f64]) -> f64 {
    let value = dot(a, b);
    if value.abs() > 1.0 - 1e-12 { value.signum() } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_their_mean_rank() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0, 3.0]), [4.0, 1.0, 4.0, 2.0, 4.0]);
        assert_eq!(ranks(&[]), Vec::<f64>::new());
        assert_eq!(ranks(&[0.0, -0.0]), [1.5, 1.5]);
    }

    #[test]
    fn columns_that_do_not_vary_have_no_direction() {
        assert_eq!(standardised(&[0.1 + 0.2, 0.3, 0.3]), None);
        assert_eq!(standardised(&[]), None);
        assert!(standardised(&[0.0, f64::MAX, -f64::MAX]).unwrap().iter().all(|value| value.is_finite()));
        let found = standardised(&[1.0, 2.0, 6.0]).unwrap();
        assert!((dot(&found, &found) - 1.0).abs() < 1e-14);
    }
}
