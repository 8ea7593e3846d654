//! Agreement of readers: kappa of classes, the intraclass correlation and the limits of agreement of numbers.

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
    fn of(self, a: usize, b: usize, classes: usize) -> f64 {
        let apart = a.abs_diff(b) as f64 / (classes - 1) as f64;
        match self {
            KappaWeights::None => f64::from(a == b),
            KappaWeights::Linear => 1.0 - apart,
            KappaWeights::Quadratic => 1.0 - apart * apart,
        }
    }
}

/// Cohen's kappa of two readers of the same cases, with its large-sample interval (Fleiss, Cohen and Everitt 1969, Psychol Bull 72:323), cut at -1
/// and 1. Readers who give all cases one and the same class have none. Of fewer than some fifty cases the interval is too narrow.
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

/// The intraclass correlation ICC(2,1) of numbers by case, then reader: absolute agreement of single readings, readers and cases at random, with its F
/// interval (Shrout and Fleiss 1979, Psychol Bull 86:420; McGraw and Wong 1996, Psychol Methods 1:30). Numbers that do not vary have none.
///
/// # Errors
/// Lengths of cases that differ; too few below two cases or readers; too large where a number is not finite.
pub fn intraclass(readings: &[Vec<f64>], level: Level) -> Result<Option<Estimate>, StatisticsError> {
    let (cases, readers) = (readings.len(), readings.first().map_or(0, Vec::len));
    for (what, found) in [("cases", cases), ("readers", readers)] {
        if found < 2 {
            return Err(StatisticsError::TooFew { what, needed: 2, found });
        }
    }
    if let Some(other) = readings.iter().find(|case| case.len() != readers) {
        let (expected, found) = (readers, other.len());
        return Err(StatisticsError::Lengths { what: "readings of the cases", expected, found });
    }
    if readings.iter().flatten().any(|reading| !reading.is_finite()) {
        return Err(StatisticsError::TooLarge);
    }
    let (n, k) = (cases as f64, readers as f64);
    let of_case: Vec<f64> = readings.iter().map(|case| case.iter().sum::<f64>() / k).collect();
    let of_reader: Vec<f64> =
        (0..readers).map(|reader| readings.iter().map(|case| case[reader]).sum::<f64>() / n).collect();
    let all = of_case.iter().sum::<f64>() / n;
    let squares = |means: &[f64]| means.iter().map(|mean| (mean - all).powi(2)).sum::<f64>();
    let (rows, columns) = (k * squares(&of_case) / (n - 1.0), n * squares(&of_reader) / (k - 1.0));
    let rest = readings.iter().zip(&of_case).flat_map(|(case, mean)| {
        case.iter().zip(&of_reader).map(move |(reading, reader)| (reading - mean - reader + all).powi(2))
    });
    let error = rest.sum::<f64>() / ((n - 1.0) * (k - 1.0));
    let total = rows + (k - 1.0) * error + k * (columns - error) / n;
    if total <= 0.0 || rows + columns + error < 1e-24 * all.abs().max(1.0).powi(2) {
        return Ok(None);
    }
    let value = (rows - error) / total;
    let (a, b) = (k * value / (n * (1.0 - value)), 1.0 + k * value * (n - 1.0) / (n * (1.0 - value)));
    let (by_reader, by_rest) = (a * columns, b * error);
    let freedom = (by_reader + by_rest).powi(2)
        / (by_reader.powi(2) / (k - 1.0) + by_rest.powi(2) / ((n - 1.0) * (k - 1.0)));
    let tail = level.error() / 2.0;
    let both = k * columns + (k * n - k - n) * error;
    let lower = student::f_quantile(tail, n - 1.0, freedom);
    let upper = student::f_quantile(tail, freedom, n - 1.0);
    let low = n * (rows - lower * error) / (lower * both + n * rows);
    let high = n * (upper * rows - error) / (both + n * upper * rows);
    Ok(Some(Estimate { value, interval: Interval::new(low, high, level), n: cases }))
}

/// The limits within which most differences between two ways of measuring lie (Bland and Altman 1999, Stat Methods Med Res 8:135).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Mean of B less A, with its t interval.
    pub bias: Estimate,
    /// Standard deviation of the differences.
    pub standard_deviation: f64,
    /// Bias less and more than 1.96 standard deviations, each with its interval.
    pub limits: [Estimate; 2],
}

/// Standard deviations to either side of the bias between which 95 % of normal differences lie.
const WITHIN: f64 = 1.96;

/// Limits of agreement of two measurements of the same cases.
///
/// # Errors
/// As [`crate::paired`]; too few where the differences do not vary.
pub fn agreement(a: &[f64], b: &[f64], level: Level) -> Result<Agreement, StatisticsError> {
    let found = crate::paired(a, b, level)?;
    let (n, sd) = (found.difference.n as f64, found.standard_deviation);
    let half =
        student::two_sided(level, n - 1.0) * sd * (1.0 / n + WITHIN * WITHIN / (2.0 * (n - 1.0))).sqrt();
    let limits = [-WITHIN, WITHIN].map(|way| {
        let value = found.difference.value + way * sd;
        Estimate { value, interval: Interval::around(value, half, level), n: found.difference.n }
    });
    Ok(Agreement { bias: found.difference, standard_deviation: sd, limits })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
    }

    // Shrout and Fleiss 1979, table 2: six targets, four judges.
    const JUDGED: [[f64; 4]; 6] = [
        [9.0, 2.0, 5.0, 8.0],
        [6.0, 1.0, 3.0, 2.0],
        [8.0, 4.0, 6.0, 8.0],
        [7.0, 1.0, 2.0, 6.0],
        [10.0, 5.0, 6.0, 9.0],
        [6.0, 2.0, 4.0, 7.0],
    ];

    #[test]
    fn the_judges_of_shrout_and_fleiss_agree_as_they_say() {
        let found = intraclass(&JUDGED.map(|case| case.to_vec()), Level::NINETY_FIVE).unwrap().unwrap();
        // Their 0.29; the rest by scipy.
        near(found.value, 0.289_763_779_527_559_1);
        let interval = found.interval.unwrap();
        near(interval.low, 0.018_786_513_374_712_016);
        near(interval.high, 0.761_084_369_648_952_9);
        let same = intraclass(&[vec![2.0, 2.0], vec![2.0, 2.0]], Level::NINETY_FIVE).unwrap();
        assert_eq!(same, None);
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

    #[test]
    fn limits_of_agreement_lie_about_the_bias() {
        let a = [10.0, 12.0, 9.0, 14.0, 11.0, 13.0];
        let b = [10.5, 12.5, 8.0, 15.5, 11.0, 14.0];
        let found = agreement(&a, &b, Level::NINETY_FIVE).unwrap();
        near(found.bias.value, 2.5 / 6.0);
        near(found.limits[1].value - found.limits[0].value, 3.92 * found.standard_deviation);
        let [low, high] = found.limits;
        near(low.interval.unwrap().half_width(), high.interval.unwrap().half_width());
    }
}
