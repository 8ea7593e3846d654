//! Several comparisons in one study.

use crate::error::StatisticsError;

/// Holm's adjusted p values, in the order given (Holm 1979, Scand J Stat 6:65): claiming every difference whose adjusted p is at
/// most 0.05 claims any that is not there in at most 5 % of studies, however the comparisons depend on each other.
///
/// A comparison without a p value stays without one and yet counts among the comparisons: what was planned to be tested is corrected for. For
/// intervals that hold at once see [`Level::simultaneous`](crate::Level::simultaneous).
///
/// # Errors
/// Range where a p value is not within 0 to 1.
pub fn holm(p: &[Option<f64>]) -> Result<Vec<Option<f64>>, StatisticsError> {
    let known = in_order(p)?;
    let mut adjusted = vec![None; p.len()];
    let mut least: f64 = 0.0;
    for (rank, (i, value)) in known.into_iter().enumerate() {
        least = least.max((value * (p.len() - rank) as f64).min(1.0));
        adjusted[i] = Some(least);
    }
    Ok(adjusted)
}

/// Benjamini and Hochberg's adjusted p values, in the order given (1995, J R Stat Soc B 57:289): of the differences whose adjusted p is at most 0.05, at most
/// 5 % are wrong on the average over studies, where comparisons are independent or go the same way.
///
/// A comparison without a p value stays without one and yet counts, as in [`holm`].
///
/// # Errors
/// Range where a p value is not within 0 to 1.
pub fn benjamini_hochberg(p: &[Option<f64>]) -> Result<Vec<Option<f64>>, StatisticsError> {
    let known = in_order(p)?;
    let mut adjusted = vec![None; p.len()];
    let mut most: f64 = 1.0;
    for (rank, (i, value)) in known.into_iter().enumerate().rev() {
        most = most.min(value * p.len() as f64 / (rank + 1) as f64);
        adjusted[i] = Some(most);
    }
    Ok(adjusted)
}

/// The p values that there are, from the least, with their places.
fn in_order(p: &[Option<f64>]) -> Result<Vec<(usize, f64)>, StatisticsError> {
    for found in p.iter().flatten().copied() {
        StatisticsError::fraction("a p value", found)?;
    }
    let mut known: Vec<(usize, f64)> = p.iter().enumerate().filter_map(|(i, p)| p.map(|p| (i, p))).collect();
    known.sort_by(|one, other| one.1.total_cmp(&other.1));
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjusted_values_are_those_of_r() {
        // p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
        let p = [0.01, 0.04, 0.03, 0.005].map(Some);
        let adjusted: Vec<f64> = holm(&p).unwrap().into_iter().flatten().collect();
        for (found, expected) in adjusted.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((found - expected).abs() < 1e-15, "{adjusted:?}");
        }
    }

    #[test]
    fn false_discoveries_are_those_of_r() {
        // p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.9), "BH")
        let p = [0.01, 0.04, 0.03, 0.005, 0.9].map(Some);
        let adjusted: Vec<f64> = benjamini_hochberg(&p).unwrap().into_iter().flatten().collect();
        for (found, expected) in adjusted.iter().zip([0.025, 0.05, 0.05, 0.025, 0.9]) {
            assert!((found - expected).abs() < 1e-15, "{adjusted:?}");
        }
        assert_eq!(benjamini_hochberg(&[Some(0.02), None]), Ok(vec![Some(0.04), None]));
        assert!(benjamini_hochberg(&[Some(2.0)]).is_err());
    }

    #[test]
    fn what_has_no_p_value_counts_all_the_same() {
        assert_eq!(holm(&[Some(0.02), None, None]), Ok(vec![Some(0.06), None, None]));
        assert_eq!(holm(&[]), Ok(vec![]));
        assert_eq!(holm(&[Some(0.9), Some(0.8)]), Ok(vec![Some(1.0), Some(1.0)]));
        for wrong in [-0.1, 1.1, f64::NAN] {
            assert!(matches!(holm(&[Some(wrong)]), Err(StatisticsError::Range { .. })));
        }
    }
}
