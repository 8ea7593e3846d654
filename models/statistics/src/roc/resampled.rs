//! Areas with intervals from patients drawn again: for cases that belong together, which DeLong's interval takes for independent.

use crate::bootstrap::Bootstrap;
use crate::error::StatisticsError;
use crate::interval::{Estimate, Level};
use crate::resample::{BootstrapInterval, Resampling, resampled};
use crate::roc::ratings::Ratings;

/// The area under the ROC curve with a bootstrap interval: patients (`groups`, one for each case) are drawn again with all of their
/// cases, those with a diseased case and those without apart, as many of each as there are.
///
/// # Errors
/// As [`Ratings::new`] and [`resampled`].
pub fn resampled_area(
    ratings: &[f64],
    diseased: &[bool],
    groups: Option<&[usize]>,
    interval: BootstrapInterval,
    bootstrap: Bootstrap,
    level: Level,
) -> Result<Estimate, StatisticsError> {
    let value = Ratings::new(ratings, diseased)?.area();
    let interval = of(&[ratings], diseased, (groups, interval), bootstrap, level)?;
    Ok(Estimate { value, interval, n: ratings.len() })
}

/// The area of B less that of A over the same cases, with a bootstrap interval as [`resampled_area`].
///
/// # Errors
/// As [`Ratings::new`] and [`resampled`].
pub fn resampled_area_difference(
    [a, b]: [&[f64]; 2],
    diseased: &[bool],
    groups: Option<&[usize]>,
    interval: BootstrapInterval,
    bootstrap: Bootstrap,
    level: Level,
) -> Result<Estimate, StatisticsError> {
    let value = Ratings::new(b, diseased)?.area() - Ratings::new(a, diseased)?.area();
    let interval = of(&[a, b], diseased, (groups, interval), bootstrap, level)?;
    Ok(Estimate { value, interval, n: a.len() })
}

/// Interval of the area of the last ratings, less that of the first where there are two.
fn of(
    ratings: &[&[f64]],
    diseased: &[bool],
    (groups, interval): (Option<&[usize]>, BootstrapInterval),
    bootstrap: Bootstrap,
    level: Level,
) -> Result<Option<crate::interval::Interval>, StatisticsError> {
    let strata: Vec<usize> = diseased.iter().map(|is| usize::from(*is)).collect();
    let how = Resampling { groups, strata: Some(&strata), interval };
    let mut truth = Vec::with_capacity(diseased.len());
    let mut chosen = Vec::with_capacity(diseased.len());
    let found = resampled(diseased.len(), 1, how, bootstrap, level, |rows, out| {
        truth.clear();
        truth.extend(rows.iter().map(|&row| diseased[row]));
        let mut area = |ratings: &[f64]| {
            chosen.clear();
            chosen.extend(rows.iter().map(|&row| ratings[row]));
            Ratings::new(&chosen, &truth).map_or(f64::NAN, |ratings| ratings.area())
        };
        out[0] = match ratings {
            [a, b] => area(b) - area(a),
            _ => area(ratings[0]),
        };
    })?;
    Ok(found[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::cases;
    use crate::roc::compare::compare_areas;

    const DRAWS: Bootstrap = Bootstrap { draws: 4000, seed: 11 };
    const LEVEL: Level = Level::NINETY_FIVE;

    #[test]
    fn intervals_of_independent_cases_are_near_those_of_delong() {
        let cases = cases(1, 80);
        let delong = compare_areas(&cases.a, &cases.b, &cases.diseased, LEVEL).unwrap();
        for kind in [BootstrapInterval::Percentile, BootstrapInterval::Bca] {
            let a = resampled_area(&cases.a, &cases.diseased, None, kind, DRAWS, LEVEL).unwrap();
            let both = [cases.a.as_slice(), cases.b.as_slice()];
            let difference =
                resampled_area_difference(both, &cases.diseased, None, kind, DRAWS, LEVEL).unwrap();
            for (found, expected) in [(a, delong.a), (difference, delong.difference)] {
                assert_eq!(found.value, expected.value);
                let (found, expected) = (found.interval.unwrap(), expected.interval.unwrap());
                assert!((found.low - expected.low).abs() < 0.02, "{found:?} {expected:?}");
                assert!((found.high - expected.high).abs() < 0.02, "{found:?} {expected:?}");
            }
        }
    }

    #[test]
    fn cases_copied_within_patients_do_not_narrow_the_interval() {
        let cases = cases(1, 80);
        let twice = |values: &[f64]| values.iter().flat_map(|value| [*value; 2]).collect::<Vec<f64>>();
        let truth: Vec<bool> = cases.diseased.iter().flat_map(|is| [*is; 2]).collect();
        let groups: Vec<usize> = (0..160).map(|i| i / 2).collect();
        let kind = BootstrapInterval::Percentile;
        let one = resampled_area(&cases.a, &cases.diseased, None, kind, DRAWS, LEVEL).unwrap();
        let other = resampled_area(&twice(&cases.a), &truth, Some(&groups), kind, DRAWS, LEVEL).unwrap();
        assert!((one.interval.unwrap().half_width() - other.interval.unwrap().half_width()).abs() < 1e-9);
        let naive = resampled_area(&twice(&cases.a), &truth, None, kind, DRAWS, LEVEL).unwrap();
        assert!(naive.interval.unwrap().half_width() < 0.8 * one.interval.unwrap().half_width());
    }

    #[test]
    fn groups_that_do_not_fit_are_errors() {
        let cases = cases(1, 20);
        let found =
            resampled_area(&cases.a, &cases.diseased, Some(&[1; 20]), BootstrapInterval::Bca, DRAWS, LEVEL);
        assert!(matches!(found, Err(StatisticsError::TooFew { what: "groups", .. })), "{found:?}");
    }
}
