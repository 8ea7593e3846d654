//! Cases for an area under the ROC curve.

use crate::error::StatisticsError;
use crate::interval::Level;
use crate::sample_size::whole::whole;
use crate::student;
use serde::{Deserialize, Serialize};

/// How the variance of an area is foretold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaVariance {
    /// Of exponential ratings (Hanley and McNeil 1982, Radiology 143:29).
    HanleyMcNeil,
    /// Of normal ratings (Obuchowski 1994, in Obuchowski and McClish 1997, Stat Med 16:1529): mostly the larger.
    #[default]
    Obuchowski,
}

/// Cases that a study needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CasesNeeded {
    /// With disease.
    pub with: usize,
    /// Without.
    pub without: usize,
}

impl CasesNeeded {
    fn of(with: usize, ratio: f64) -> CasesNeeded {
        CasesNeeded { with, without: whole(ratio * with as f64) }
    }
}

/// Most cases of a kind.
const MOST: usize = 10_000_000;

impl AreaVariance {
    fn of(self, area: f64, with: usize, ratio: f64) -> f64 {
        let (n1, n0) = (with as f64, CasesNeeded::of(with, ratio).without as f64);
        match self {
            AreaVariance::HanleyMcNeil => {
                let square = area * area;
                let (one, other) = (area / (2.0 - area), 2.0 * square / (1.0 + area));
                (area * (1.0 - area) + (n1 - 1.0) * (one - square) + (n0 - 1.0) * (other - square))
                    / (n1 * n0)
            }
            AreaVariance::Obuchowski => normal(area, ratio) / n1,
        }
    }
}

/// Variance of an area times the number of diseased cases, for so many others to each.
fn normal(area: f64, ratio: f64) -> f64 {
    let a = student::normal_quantile(area) * 1.414;
    0.0099 * (-a * a / 2.0).exp() * ((5.0 * a * a + 8.0) + (a * a + 8.0) / ratio)
}

/// Numbers that are asked for, within their ranges.
fn check(areas: &[f64], ratio: f64) -> Result<(), StatisticsError> {
    for area in areas {
        StatisticsError::within("an area to plan for", 0.5, 0.999, *area)?;
    }
    StatisticsError::within("cases without disease for each with it", 1e-3, 1e3, ratio).map(|_| ())
}

/// Cases for an interval of an area no wider to either side than asked for; `ratio` is cases without disease for each with it.
///
/// # Errors
/// Range of an area outside 0.5 to 0.999, of a half width that is not above 0 and below 0.5 or needs more than ten million cases, of a ratio outside 0.001 to 1,000.
pub fn cases_for_area(
    area: f64,
    half_width: f64,
    ratio: f64,
    variance: AreaVariance,
    level: Level,
) -> Result<CasesNeeded, StatisticsError> {
    check(&[area], ratio)?;
    let z = student::normal_two_sided(level);
    let is_enough = |with: usize| z * variance.of(area, with, ratio).sqrt() <= half_width;
    let what = "the half width of an interval of an area";
    StatisticsError::within(what, 1e-6, 0.5, half_width)?;
    if !is_enough(MOST) {
        let least = z * variance.of(area, MOST, ratio).sqrt();
        return Err(StatisticsError::Range { what, least, most: 0.5, found: half_width });
    }
    let (mut few, mut enough) = (1, MOST);
    while enough - few > 1 {
        let middle = few + (enough - few) / 2;
        if is_enough(middle) { enough = middle } else { few = middle }
    }
    Ok(CasesNeeded::of(enough, ratio))
}

/// Cases with which a two-sided test finds a difference between two areas over the same cases with a power (Obuchowski and McClish 1997); `correlation` is that of
/// the two areas, 0 for other cases for each, about 0.5 where the same cases are read twice.
///
/// # Errors
/// As [`cases_for_area`]; range of areas that are the same, of a correlation outside 0 to 0.99, of a power not above one half and below 1.
pub fn cases_for_area_difference(
    [one, other]: [f64; 2],
    correlation: f64,
    ratio: f64,
    power: f64,
    level: Level,
) -> Result<CasesNeeded, StatisticsError> {
    check(&[one, other], ratio)?;
    let difference = (one - other).abs();
    StatisticsError::within("a difference of areas", 1e-4, 0.5, difference)?;
    StatisticsError::within("a correlation of areas", 0.0, 0.99, correlation)?;
    StatisticsError::within("a power", 0.5, 1.0 - 1e-9, power)?;
    let (of_one, of_other) = (normal(one, ratio), normal(other, ratio));
    let alike = 2.0 * of_one * (1.0 - correlation);
    let apart = of_one + of_other - 2.0 * correlation * (of_one * of_other).sqrt();
    let (z, beyond) = (student::normal_two_sided(level), student::normal_quantile(power));
    let with = ((z * alike.sqrt() + beyond * apart.sqrt()) / difference).powi(2);
    Ok(CasesNeeded::of(whole(with), ratio))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVEL: Level = Level::NINETY_FIVE;

    #[test]
    fn cases_are_those_of_the_formulas_by_scipy() {
        use AreaVariance::{HanleyMcNeil, Obuchowski};
        for (area, half, ratio, hanley, normal) in
            [(0.8, 0.05, 1.0, 151, 184), (0.9, 0.04, 2.0, 113, 139), (0.75, 0.1, 0.5, 61, 74)]
        {
            let of = |kind| cases_for_area(area, half, ratio, kind, LEVEL).unwrap();
            assert_eq!((of(HanleyMcNeil).with, of(Obuchowski).with), (hanley, normal));
            assert_eq!(of(Obuchowski).without, (ratio * normal as f64).ceil() as usize);
        }
        for (areas, correlation, ratio, power, with) in
            [([0.8, 0.9], 0.5, 1.0, 0.8, 89), ([0.75, 0.82], 0.3, 2.0, 0.9, 312)]
        {
            let found = cases_for_area_difference(areas, correlation, ratio, power, LEVEL).unwrap();
            assert_eq!(found.with, with);
        }
        // The variance that power.roc.test of pROC 1.18.0 takes.
        assert!((super::normal(0.8, 1.0) - 0.119_460_678_092_402).abs() < 1e-12);
        assert!((super::normal(0.9, 2.0) - 0.057_620_232_556_665_5).abs() < 1e-12);
    }

    #[test]
    fn numbers_that_make_no_study_are_refused() {
        let of = |area, half, ratio| cases_for_area(area, half, ratio, AreaVariance::Obuchowski, LEVEL);
        for (area, half, ratio) in [(0.4, 0.1, 1.0), (1.0, 0.1, 1.0), (0.8, 0.0, 1.0), (0.8, 0.1, 0.0)] {
            assert!(of(area, half, ratio).is_err());
        }
        assert!(matches!(of(0.8, 1e-5, 1.0), Err(StatisticsError::Range { .. })));
        let of = |areas, power| cases_for_area_difference(areas, 0.5, 1.0, power, LEVEL);
        assert!(
            of([0.8, 0.8], 0.8).is_err() && of([0.8, 0.9], 1.0).is_err() && of([f64::NAN, 0.9], 0.8).is_err()
        );
    }
}
