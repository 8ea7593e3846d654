//! Isotonic regression by pooling adjacent violators.

/// Fractions that never fall with the probability: knots (place, fraction) between which straight lines run. Least squares under that order (Ayer et
/// al. 1955, Ann Math Stat 26:641); equal places are one, of the mean of their outcomes.
pub(crate) fn isotonic(cases: &[(f64, f64)]) -> (Vec<f64>, Vec<f64>) {
    let mut cases = cases.to_vec();
    cases.sort_by(|one, other| one.0.total_cmp(&other.0));
    // First and last place, sum of outcomes, count.
    let mut blocks: Vec<(f64, f64, f64, f64)> = Vec::new();
    for (place, outcome) in cases {
        match blocks.last_mut() {
            Some(last) if last.1 == place => (last.2, last.3) = (last.2 + outcome, last.3 + 1.0),
            _ => blocks.push((place, place, outcome, 1.0)),
        }
    }
    let mut pooled: Vec<(f64, f64, f64, f64)> = Vec::new();
    for block in blocks {
        let mut block = block;
        while let Some(last) = pooled.last().filter(|last| last.2 * block.3 >= block.2 * last.3) {
            block = (last.0, block.1, last.2 + block.2, last.3 + block.3);
            pooled.pop();
        }
        pooled.push(block);
    }
    let (mut places, mut fractions) = (Vec::new(), Vec::new());
    for (first, last, sum, count) in pooled {
        places.push(first);
        fractions.push(sum / count);
        if last > first {
            places.push(last);
            fractions.push(sum / count);
        }
    }
    (places, fractions)
}

/// The value of straight lines between knots in order, and beyond them that of the last; NaN where there are none, or places without a value.
pub(crate) fn between(places: &[f64], values: &[f64], at: f64) -> f64 {
    let above = places.partition_point(|place| *place < at);
    let value = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
    if above == places.len() || places[above] == at || above == 0 {
        return value(above.min(places.len().saturating_sub(1)));
    }
    let part = (at - places[above - 1]) / (places[above] - places[above - 1]);
    (1.0 - part) * value(above - 1) + part * value(above)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn violators_are_pooled() {
        let cases = [(0.1, 0.0), (0.2, 1.0), (0.3, 0.0), (0.3, 0.0), (0.6, 1.0), (0.9, 1.0)];
        let (places, fractions) = isotonic(&cases);
        assert_eq!(places, [0.1, 0.2, 0.3, 0.6, 0.9]);
        assert_eq!(fractions, [0.0, 1.0 / 3.0, 1.0 / 3.0, 1.0, 1.0]);
        assert_eq!(between(&places, &fractions, 0.0), 0.0);
        assert_eq!(between(&places, &fractions, 0.25), 1.0 / 3.0);
        assert!((between(&places, &fractions, 0.45) - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!(between(&places, &fractions, 2.0), 1.0);
        // What is read from a file may not fit together.
        assert!(between(&places, &fractions[..2], 0.5).is_nan() && between(&[], &[], 0.5).is_nan());
    }
}
