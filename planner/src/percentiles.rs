//! Percentiles of samples.

/// Fifth, fiftieth and ninety-fifth percentile; none of nothing.
pub(crate) fn percentiles(mut values: Vec<f64>) -> Option<[f64; 3]> {
    values.sort_by(f64::total_cmp);
    let last = values.len().checked_sub(1)? as f64;
    Some([0.05, 0.5, 0.95].map(|share| {
        let place = share * last;
        let (low, part) = (place.floor(), place.fract());
        let at = |x: f64| values[x as usize];
        at(low) * (1.0 - part) + at((low + 1.0).min(last)) * part
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_lie_between_ranks() {
        let found = percentiles((0..=100).rev().map(f64::from).collect()).unwrap();
        assert_eq!(found, [5.0, 50.0, 95.0]);
        assert_eq!(percentiles(vec![2.0]), Some([2.0; 3]));
        assert_eq!(percentiles(Vec::new()), None);
    }
}
