//! Areas over lesions or regions of which several belong to one patient.

use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::roc::{AreaComparison, Placements, Ratings};
use crate::student;
use std::collections::BTreeMap;

/// The area under the ROC curve of rated regions, of which those of a patient (`groups`, one for each region) depend on each other (Obuchowski 1997,
/// Biometrics 53:567). A patient may have regions of both kinds. The interval is normal.
///
/// # Errors
/// Lengths that differ; too few below two patients with a region of either kind; as [`Ratings::new`].
pub fn clustered_area(
    ratings: &[f64],
    diseased: &[bool],
    groups: &[usize],
    level: Level,
) -> Result<Estimate, StatisticsError> {
    let clusters = Clusters::of(diseased, groups)?;
    let placed = Ratings::new(ratings, diseased)?.placements();
    let sums = clusters.sums(&placed);
    Ok(estimate(placed.area(), clusters.covariance(&sums, &sums), ratings.len(), level, [0.0, 1.0]))
}

/// The area of B less that of A over the same regions.
///
/// # Errors
/// As [`clustered_area`].
pub fn compare_clustered_areas(
    a: &[f64],
    b: &[f64],
    diseased: &[bool],
    groups: &[usize],
    level: Level,
) -> Result<AreaComparison, StatisticsError> {
    let clusters = Clusters::of(diseased, groups)?;
    let placed = [Ratings::new(a, diseased)?.placements(), Ratings::new(b, diseased)?.placements()];
    let [one, other] = [clusters.sums(&placed[0]), clusters.sums(&placed[1])];
    let of = |a: &[[f64; 2]], b: &[[f64; 2]]| clusters.covariance(a, b);
    let variance = of(&one, &one) + of(&other, &other) - 2.0 * of(&one, &other);
    let value = placed[1].area() - placed[0].area();
    let difference = estimate(value, variance, a.len(), level, [-1.0, 1.0]);
    let statistic = difference.interval.is_some().then(|| value / variance.sqrt());
    Ok(AreaComparison {
        a: estimate(placed[0].area(), of(&one, &one), a.len(), level, [0.0, 1.0]),
        b: estimate(placed[1].area(), of(&other, &other), a.len(), level, [0.0, 1.0]),
        difference,
        statistic,
        freedom: None,
        p: statistic.map(|z| 2.0 * student::normal_below(-z.abs())),
        left_out: 0,
    })
}

/// A value with its normal interval, cut to what it may be.
fn estimate(value: f64, variance: f64, n: usize, level: Level, [least, most]: [f64; 2]) -> Estimate {
    let half = student::normal_two_sided(level) * variance.max(0.0).sqrt();
    let interval = Interval::new((value - half).max(least), (value + half).min(most), level);
    Estimate { value, interval: interval.filter(|_| half > 1e-12), n }
}

/// Cluster of each region without disease and of each with it.
struct Clusters {
    of: [Vec<usize>; 2],
    /// Clusters in all, and those with a region of each kind.
    count: usize,
    with_kind: [usize; 2],
}

impl Clusters {
    fn of(diseased: &[bool], groups: &[usize]) -> Result<Clusters, StatisticsError> {
        StatisticsError::same_length("regions and their patients", diseased.len(), groups.len())?;
        let mut places = BTreeMap::new();
        for group in groups {
            let next = places.len();
            places.entry(*group).or_insert(next);
        }
        let of = [false, true].map(|kind| -> Vec<usize> {
            let own = groups.iter().zip(diseased).filter(|(_, is)| **is == kind);
            own.map(|(group, _)| places[group]).collect()
        });
        let with_kind = [0, 1].map(|kind: usize| {
            let mut clusters = of[kind].clone();
            clusters.sort_unstable();
            clusters.dedup();
            clusters.len()
        });
        for (found, what) in with_kind
            .into_iter()
            .zip(["patients with a region without disease", "patients with a diseased region"])
        {
            StatisticsError::at_least(what, 2, found)?;
        }
        Ok(Clusters { of, count: places.len(), with_kind })
    }

    /// Of each cluster: placements of its regions less the area, summed, without disease and with it.
    fn sums(&self, placed: &Placements) -> Vec<[f64; 2]> {
        let area = placed.area();
        let mut sums = vec![[0.0; 2]; self.count];
        for (kind, placements) in [&placed.without, &placed.with].into_iter().enumerate() {
            for (cluster, placement) in self.of[kind].iter().zip(placements) {
                sums[*cluster][kind] += placement - area;
            }
        }
        sums
    }

    fn covariance(&self, a: &[[f64; 2]], b: &[[f64; 2]]) -> f64 {
        let counts = [0, 1].map(|kind: usize| self.of[kind].len() as f64);
        let freed = |n: usize| n as f64 / (n as f64 - 1.0);
        let sum = |i: usize, j: usize| a.iter().zip(b).map(|(a, b)| a[i] * b[j]).sum::<f64>();
        let own = |kind: usize| freed(self.with_kind[kind]) * sum(kind, kind) / counts[kind].powi(2);
        own(0) + own(1) + freed(self.count) * (sum(0, 1) + sum(1, 0)) / (counts[0] * counts[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{cases, near, near_ends};
    use crate::roc::compare_areas;

    const LEVEL: Level = Level::NINETY_FIVE;

    #[test]
    fn areas_of_regions_are_those_of_obuchowski_s_formula_by_numpy() {
        let cases = cases(1, 80);
        let found = clustered_area(&cases.a, &cases.diseased, &cases.group, LEVEL).unwrap();
        let half = 0.0931691245616;
        near_ends(found.interval, [found.value - half, found.value + half]);
        let found =
            compare_clustered_areas(&cases.a, &cases.b, &cases.diseased, &cases.group, LEVEL).unwrap();
        near_ends(found.difference.interval, [-0.2142510176565, 0.0312936241728]);
        near(found.statistic.unwrap(), -1.4603857745044);
    }

    #[test]
    fn regions_of_their_own_patients_are_delong_s() {
        let cases = cases(1, 80);
        let groups: Vec<usize> = (0..80).collect();
        let one = compare_clustered_areas(&cases.a, &cases.b, &cases.diseased, &groups, LEVEL).unwrap();
        let other = compare_areas(&cases.a, &cases.b, &cases.diseased, LEVEL).unwrap();
        let ends = |of: &AreaComparison| of.difference.interval.map(|interval| [interval.low, interval.high]);
        near_ends(one.difference.interval, ends(&other).unwrap());
        near(one.p.unwrap(), other.p.unwrap());
        let same = compare_clustered_areas(&cases.a, &cases.a, &cases.diseased, &cases.group, LEVEL).unwrap();
        assert_eq!((same.difference.interval, same.p), (None, None));
    }

    #[test]
    fn one_patient_with_all_of_a_kind_is_too_few() {
        let found = clustered_area(&[1.0, 2.0, 3.0, 4.0], &[true, true, false, false], &[1, 1, 2, 3], LEVEL);
        let what = "patients with a diseased region";
        assert_eq!(found, Err(StatisticsError::TooFew { what, needed: 2, found: 1 }));
        assert!(clustered_area(&[1.0], &[true], &[], LEVEL).is_err());
    }
}
