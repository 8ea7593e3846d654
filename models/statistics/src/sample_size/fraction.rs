//! Cases for a sensitivity or specificity, and for a kappa.

use crate::error::StatisticsError;
use crate::interval::Level;
use crate::sample_size::whole::whole;
use crate::student;

/// Cases, of all kinds, for the interval of a sensitivity or specificity no wider to either side than asked for (Buderer 1996, Acad Emerg Med 3:895): of those of whom it is
/// a fraction z² p (1 − p) / d², and of all as many more as their kind is a part of them. `part` is the prevalence for a sensitivity, 1 less it for a specificity,
/// 1 for cases of that kind alone. First and second are those of the kind, and all.
///
/// # Errors
/// Range of a fraction that is not between 0 and 1, of a half width outside 0.0001 to 0.5, of a part that is not above 0 and at most 1.
pub fn cases_for_fraction(
    expected: f64,
    half_width: f64,
    part: f64,
    level: Level,
) -> Result<(usize, usize), StatisticsError> {
    StatisticsError::within("a fraction to plan for", 1e-6, 1.0 - 1e-6, expected)?;
    StatisticsError::within("the half width of an interval of a fraction", 1e-4, 0.5, half_width)?;
    StatisticsError::within("the part of cases of a kind", 1e-6, 1.0, part)?;
    let z = student::normal_two_sided(level);
    let own = whole(z * z * expected * (1.0 - expected) / (half_width * half_width));
    Ok((own, whole(own as f64 / part)))
}

/// Cases for the interval of a kappa of two classes no wider to either side than asked for, where both readers find the first class in a fraction of
/// cases: by the large-sample variance of [`kappa`](crate::kappa). Below some fifty cases it promises too much.
///
/// # Errors
/// Range of a kappa that such a fraction does not allow or that is 1, of a fraction that is not between 0 and 1, of a half width outside 0.001 to 1.
pub fn cases_for_kappa(
    expected: f64,
    fraction: f64,
    half_width: f64,
    level: Level,
) -> Result<usize, StatisticsError> {
    StatisticsError::within("a fraction of cases of the first class", 1e-6, 1.0 - 1e-6, fraction)?;
    let rarer = fraction.min(1.0 - fraction);
    StatisticsError::within("a kappa to plan for", -rarer / (1.0 - rarer), 1.0 - 1e-6, expected)?;
    StatisticsError::within("the half width of an interval of a kappa", 1e-3, 1.0, half_width)?;
    // The table of such readers, and what Fleiss, Cohen and Everitt 1969 make of it.
    let margins = [fraction, 1.0 - fraction];
    let by_chance: f64 = margins.iter().map(|margin| margin * margin).sum();
    let cell = |i: usize, j: usize| {
        (1.0 - expected) * margins[i] * margins[j] + if i == j { expected * margins[i] } else { 0.0 }
    };
    let of_cell = |i: usize, j: usize| {
        let left = f64::from(i == j) - (margins[i] + margins[j]) * (1.0 - expected);
        cell(i, j) * left * left
    };
    let sum = of_cell(0, 0) + of_cell(0, 1) + of_cell(1, 0) + of_cell(1, 1);
    let each = (sum - (expected - by_chance * (1.0 - expected)).powi(2)) / (1.0 - by_chance).powi(2);
    let z = student::normal_two_sided(level);
    Ok(whole(z * z * each / (half_width * half_width)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agreement::{KappaWeights, kappa};

    const LEVEL: Level = Level::NINETY_FIVE;

    #[test]
    fn cases_for_a_sensitivity_are_buderer_s() {
        // z² 0.9 · 0.1 / 0.05² = 138.3, and 139 of a fifth of all.
        assert_eq!(cases_for_fraction(0.9, 0.05, 0.2, LEVEL), Ok((139, 695)));
        assert_eq!(cases_for_fraction(0.9, 0.05, 1.0, LEVEL), Ok((139, 139)));
        for (expected, half, part) in
            [(0.0, 0.1, 1.0), (0.5, 0.0, 1.0), (0.5, 0.1, 0.0), (f64::NAN, 0.1, 1.0)]
        {
            assert!(cases_for_fraction(expected, half, part, LEVEL).is_err());
        }
    }

    #[test]
    fn so_many_cases_have_such_an_interval_of_kappa() {
        // A table of 400 cases with kappa 0.6 where both find the first class in a quarter: 70, 30, 30, 270.
        let of = |class: usize, n: usize| std::iter::repeat_n(class, n);
        let a: Vec<usize> = of(0, 100).chain(of(1, 300)).collect();
        let b: Vec<usize> = of(0, 70).chain(of(1, 30)).chain(of(0, 30)).chain(of(1, 270)).collect();
        let found = kappa(&a, &b, 2, KappaWeights::None, LEVEL).unwrap().unwrap();
        assert!((found.value - 0.6).abs() < 1e-12);
        let half = found.interval.unwrap().half_width();
        assert_eq!(cases_for_kappa(0.6, 0.25, half + 1e-9, LEVEL), Ok(400));
        assert_eq!(cases_for_kappa(0.6, 0.25, half - 1e-6, LEVEL), Ok(401));
        for (expected, fraction) in [(1.0, 0.5), (-0.9, 0.2), (0.5, 0.0)] {
            assert!(cases_for_kappa(expected, fraction, 0.1, LEVEL).is_err());
        }
    }
}
