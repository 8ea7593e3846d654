//! Kappa of two readers who put cases into classes.

use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::student;
use serde::{Deserialize, Serialize};

/// What disagreement between classes in their order weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KappaWeights {
    /// Every disagreement as much as every other.
    None,
    /// By the number of classes between.
    Linear,
    /// By its square.
    Quadratic,
}

impl KappaWeights {
    /// Weight of agreement, 1 on the diagonal, of two classes of so many.
    pub(crate) fn of(self, a: usize, b: usize, classes: usize) -> f64 {
        let apart = a.abs_diff(b) as f64 / (classes - 1) as f64;
        match self {
            KappaWeights::None => f64::from(a == b),
            KappaWeights::Linear => 1.0 - apart,
            KappaWeights::Quadratic => 1.0 - apart * apart,
        }
    }
}

/// Cohen's kappa of two readers of the same cases, with its large-sample interval (Fleiss, Cohen and Everitt 1969, Psychol Bull 72:323), cut at -1
/// and 1. Readers who give all cases one and the same class have none. Of fewer than some fifty cases the
/// interval is too narrow: take that of [`kappa_of_few`](crate::kappa_of_few).
///
/// # Errors
/// Lengths that differ; too few below two cases; range of fewer than two classes, or of a class that is none of them.
pub fn kappa(
    a: &[usize],
    b: &[usize],
    classes: usize,
    weights: KappaWeights,
    level: Level,
) -> Result<Option<Estimate>, StatisticsError> {
    let n = check(a, b, classes)?;
    let mut table = vec![vec![0.0; classes]; classes];
    a.iter().zip(b).for_each(|(a, b)| table[*a][*b] += 1.0 / n as f64);
    let rows: Vec<f64> = table.iter().map(|row| row.iter().sum()).collect();
    let columns: Vec<f64> = (0..classes).map(|j| table.iter().map(|row| row[j]).sum()).collect();
    let weight = |i: usize, j: usize| weights.of(i, j, classes);
    let cells = || (0..classes).flat_map(|i| (0..classes).map(move |j| (i, j)));
    let observed: f64 = cells().map(|(i, j)| weight(i, j) * table[i][j]).sum();
    let expected: f64 = cells().map(|(i, j)| weight(i, j) * rows[i] * columns[j]).sum();
    if 1.0 - expected < 1e-12 {
        return Ok(None);
    }
    let value = (observed - expected) / (1.0 - expected);
    let of_row = |i: usize| (0..classes).map(|j| columns[j] * weight(i, j)).sum::<f64>();
    let of_column = |j: usize| (0..classes).map(|i| rows[i] * weight(i, j)).sum::<f64>();
    let (by_row, by_column): (Vec<f64>, Vec<f64>) =
        ((0..classes).map(of_row).collect(), (0..classes).map(of_column).collect());
    let spread = |(i, j): (usize, usize)| {
        table[i][j] * (weight(i, j) - (by_row[i] + by_column[j]) * (1.0 - value)).powi(2)
    };
    let sum: f64 = cells().map(spread).sum();
    let variance = (sum - (value - expected * (1.0 - value)).powi(2)) / (n as f64 * (1.0 - expected).powi(2));
    let half = student::normal_two_sided(level) * variance.max(0.0).sqrt();
    let interval = Interval::new((value - half).max(-1.0), (value + half).min(1.0), level);
    Ok(Some(Estimate { value, interval: interval.filter(|_| half > 0.0), n }))
}

/// Number of cases.
///
/// # Errors
/// As [`kappa`].
pub(crate) fn check(a: &[usize], b: &[usize], classes: usize) -> Result<usize, StatisticsError> {
    let n = a.len();
    if n != b.len() {
        return Err(StatisticsError::Lengths { what: "classes of two readers", expected: n, found: b.len() });
    }
    if n < 2 {
        return Err(StatisticsError::TooFew { what: "cases", needed: 2, found: n });
    }
    let most = classes.saturating_sub(1);
    if let Some(wrong) = a.iter().chain(b).find(|class| **class > most || classes < 2) {
        let (most, found) = (most as f64, *wrong as f64);
        return Err(StatisticsError::Range { what: "a class", least: 0.0, most, found });
    }
    Ok(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
    }

    #[test]
    fn kappas_are_those_of_numpy() {
        let a = [0, 0, 1, 2, 2, 1, 0, 2, 1, 1, 0, 2, 2, 1, 0];
        let b = [0, 1, 1, 2, 1, 1, 0, 2, 0, 1, 0, 2, 2, 2, 0];
        let of = |weights| kappa(&a, &b, 3, weights, Level::NINETY_FIVE).unwrap().unwrap();
        for (weights, value, half) in [
            (KappaWeights::None, 0.6, 0.335_682_576_362_989_5),
            (KappaWeights::Linear, 0.7, 0.266_763_986_799_865_07),
            (KappaWeights::Quadratic, 0.8, 0.192_036_467_054_211_73),
        ] {
            let found = of(weights);
            near(found.value, value);
            let interval = found.interval.unwrap();
            near(found.value - interval.low, half);
        }
        assert_eq!(kappa(&[1, 1], &[1, 1], 3, KappaWeights::None, Level::NINETY_FIVE), Ok(None));
        assert!(kappa(&[1, 3], &[1, 1], 3, KappaWeights::None, Level::NINETY_FIVE).is_err());
    }
}
