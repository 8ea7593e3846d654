//! How a design does over many samples: how sure each criterion is to hold, all of them together, and which one binds.

use super::criteria::{Criterion, Group, Subject, desirability};
use super::sample::Sample;
use super::study::{Prepared, Study};
use crate::percentiles::percentiles;
use coxa_geometry::Unit;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// A design under its error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// Samples that were drawn.
    pub samples: usize,
    /// Part of the samples in which every criterion holds that can be judged.
    pub success: f64,
    /// 95 % interval of that for so many samples (Wilson score), as if they were drawn independently: wider than it needs to be.
    pub success_interval: [f64; 2],
    /// Mean desirability over samples and over the criteria of a group, weighted.
    pub groups: Vec<GroupScore>,
    /// Criteria one by one.
    pub criteria: Vec<CriterionScore>,
    /// The criterion that costs most: without it success would be higher than without any other. Where all hold in every sample,
    /// the one that the plan, carried out exactly, leaves the smallest margin.
    pub binding: Option<Subject>,
}

/// How one criterion does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CriterionScore {
    /// The number that is judged.
    #[serde(rename = "name")]
    pub subject: Subject,
    /// What it is about.
    pub group: Group,
    /// Its unit.
    pub unit: Unit,
    /// Its value when the plan is carried out exactly; `None` where it is not known of this patient, or the plan leaves it none.
    pub planned: Option<f64>,
    /// Its desirability then, 0 to 1; 0.5 at the limit.
    pub desirability: Option<f64>,
    /// Fifth, fiftieth and ninety-fifth percentile over the samples.
    pub percentiles: Option<[f64; 3]>,
    /// Part of the samples in which it holds; `None` where it is not judged of this patient.
    pub probability: Option<f64>,
    /// By how much success would rise without it.
    pub costs: f64,
}

/// How the criteria of one group do.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GroupScore {
    /// The group.
    pub group: Group,
    /// From 0 to 1.
    pub desirability: f64,
}

/// Margins of all criteria in all samples; `None` for what cannot be judged.
pub(crate) struct Margins {
    rows: Vec<Vec<Option<f64>>>,
    values: Vec<Vec<Option<f64>>>,
}

/// Width of the step from failing to holding in a search's score, in margins: narrow against the way from limit to ideal, wide
/// enough that a design just short of holding is seen to be better than one far from it.
const SOFTNESS: f64 = 0.2;
/// Weight of mean desirability in what a search raises: it decides where nothing else does.
const DESIRABILITY: f64 = 0.05;
/// A chance that is smaller is taken as this, for its logarithm.
const SMALLEST_CHANCE: f64 = 1e-4;

impl Margins {
    pub(crate) fn new(study: &Study<'_>, prepared: &Prepared, samples: &[Sample]) -> Self {
        let values: Vec<Vec<Option<f64>>> =
            samples.par_iter().map(|sample| study.respond(prepared, sample)).collect();
        let margins = |row: &Vec<Option<f64>>| {
            row.iter().enumerate().map(|(index, &value)| study.margin(index, value)).collect()
        };
        Margins { rows: values.iter().map(margins).collect(), values }
    }

    /// Part of the samples in which all criteria hold but those that are left out.
    pub(crate) fn success_without(&self, left_out: &[usize]) -> f64 {
        let holds = |row: &&Vec<Option<f64>>| failing(row).all(|index| left_out.contains(&index));
        self.rows.iter().filter(holds).count() as f64 / self.rows.len().max(1) as f64
    }

    /// Of each sample whether all criteria hold.
    pub(crate) fn holding(&self) -> Vec<bool> {
        self.rows.iter().map(|row| failing(row).next().is_none()).collect()
    }

    /// Of each sample the criteria that do not hold.
    pub(crate) fn failing(&self) -> Vec<Vec<usize>> {
        self.rows.iter().map(|row| failing(row).collect()).collect()
    }

    /// What a search raises: success, and the geometric mean of the chances of single criteria, which leads where success is out of
    /// reach, since what is least likely to hold gains most. Both with a soft step, so that they know where to go.
    pub(crate) fn score(&self, criteria: &[Criterion]) -> f64 {
        let holding = |margin: f64| 1.0 / (1.0 + (-margin / SOFTNESS).exp());
        let count = self.rows.len().max(1) as f64;
        let worst = |row: &Vec<Option<f64>>| holding(row.iter().flatten().copied().fold(1.0, f64::min));
        let success = self.rows.iter().map(worst).sum::<f64>() / count;
        let (mut logarithms, mut judged, mut desirable, mut weights) = (0.0, 0.0, 0.0, 0.0);
        for (index, criterion) in criteria.iter().enumerate() {
            // A criterion is judged in all samples or in none.
            let margins = || self.rows.iter().filter_map(|row| row[index]);
            if margins().next().is_none() {
                continue;
            }
            let chance = margins().map(holding).sum::<f64>() / count;
            logarithms += chance.max(SMALLEST_CHANCE).ln();
            judged += 1.0;
            desirable += criterion.weight * margins().map(desirability).sum::<f64>() / count;
            weights += criterion.weight;
        }
        if judged == 0.0 {
            return success;
        }
        success + (logarithms / judged).exp() + DESIRABILITY * desirable / weights
    }

    /// Mean weighted desirability of each group that is judged.
    pub(crate) fn groups(&self, criteria: &[Criterion]) -> Vec<GroupScore> {
        let mut groups: Vec<Group> = criteria.iter().map(|c| c.group).collect();
        groups.sort_unstable();
        groups.dedup();
        let score = |group: Group| {
            let (mut sum, mut weights) = (0.0, 0.0);
            for row in &self.rows {
                for (margin, criterion) in row.iter().zip(criteria).filter(|(_, c)| c.group == group) {
                    if let Some(margin) = margin {
                        sum += criterion.weight * desirability(*margin);
                        weights += criterion.weight;
                    }
                }
            }
            (weights > 0.0).then(|| GroupScore { group, desirability: sum / weights })
        };
        groups.into_iter().filter_map(score).collect()
    }

    fn column(&self, index: usize) -> Vec<f64> {
        self.values.iter().filter_map(|row| row[index]).collect()
    }
}

/// Criteria that do not hold in a sample.
fn failing(row: &[Option<f64>]) -> impl Iterator<Item = usize> + '_ {
    row.iter().enumerate().filter(|(_, margin)| margin.is_some_and(|m| m < 0.0)).map(|(index, _)| index)
}

impl Assessment {
    /// How many criteria could be judged of this patient.
    pub fn judged(&self) -> usize {
        self.criteria.iter().filter(|score| score.probability.is_some()).count()
    }

    /// Assesses a design by samples of its error.
    pub(crate) fn new(study: &Study<'_>, prepared: &Prepared, samples: &[Sample]) -> Self {
        Self::of(study, prepared, &Margins::new(study, prepared, samples))
    }

    /// The same by the margins that the samples left.
    pub(crate) fn of(study: &Study<'_>, prepared: &Prepared, margins: &Margins) -> Self {
        let samples = margins.rows.len();
        let exact = study.respond(prepared, &Sample::default());
        let list = &study.criteria.list;
        let success = margins.success_without(&[]);
        let criteria: Vec<CriterionScore> = list
            .iter()
            .enumerate()
            .map(|(index, criterion)| {
                let judged: Vec<f64> = margins.rows.iter().filter_map(|row| row[index]).collect();
                let holding = judged.iter().filter(|&&margin| margin >= 0.0).count();
                CriterionScore {
                    subject: criterion.subject.clone(),
                    group: criterion.group,
                    unit: criterion.unit,
                    planned: exact[index],
                    desirability: study.margin(index, exact[index]).map(desirability),
                    percentiles: percentiles(margins.column(index)),
                    probability: (!judged.is_empty()).then(|| holding as f64 / judged.len() as f64),
                    costs: margins.success_without(&[index]) - success,
                }
            })
            .collect();
        Assessment {
            samples,
            success,
            success_interval: wilson(success, samples),
            groups: margins.groups(list),
            binding: binding(&criteria, samples, |index| study.margin(index, exact[index])),
            criteria,
        }
    }

    /// The score of the criterion of a number.
    pub fn criterion(&self, subject: &Subject) -> Option<&CriterionScore> {
        self.criteria.iter().find(|criterion| criterion.subject == *subject)
    }
}

/// A criterion that costs success in fewer samples than this does not bind: that is chance.
const TELLING_SAMPLES: f64 = 5.0;

/// The criterion whose removal gains most; without any failure that of the smallest margin.
fn binding(
    scores: &[CriterionScore],
    samples: usize,
    exact: impl Fn(usize) -> Option<f64>,
) -> Option<Subject> {
    let dearest = scores
        .iter()
        .filter(|score| score.costs * samples as f64 >= TELLING_SAMPLES)
        .reduce(|a, b| if b.costs > a.costs { b } else { a });
    let fails = scores.iter().any(|score| score.probability.is_some_and(|p| p < 1.0));
    let named = |score: &CriterionScore| score.subject.clone();
    if fails {
        // Where none alone would help, the one that fails most often stands for those that fail together.
        let judged = scores.iter().filter(|score| score.probability.is_some());
        let rarest = judged.reduce(|a, b| if b.probability < a.probability { b } else { a });
        return dearest.or(rarest).map(named);
    }
    let margins = scores.iter().enumerate().filter_map(|(index, score)| Some((score, exact(index)?)));
    margins.reduce(|a, b| if b.1 < a.1 { b } else { a }).map(|(score, _)| named(score))
}

/// Wilson's score interval of 95 %.
fn wilson(share: f64, count: usize) -> [f64; 2] {
    const Z: f64 = 1.959_964;
    let n = count.max(1) as f64;
    let (middle, width) =
        (share + Z * Z / (2.0 * n), Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt());
    let scale = 1.0 + Z * Z / n;
    [((middle - width) / scale).max(0.0), ((middle + width) / scale).min(1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Quantity;

    #[test]
    fn intervals_are_those_of_the_table() {
        // 78 of 100: reference table of agreement statistics.
        let [low, high] = wilson(0.78, 100);
        assert!((low - 0.6893).abs() < 1e-4 && (high - 0.8500).abs() < 1e-4, "{low} {high}");
    }

    const SUBJECTS: [Quantity; 2] = [Quantity::CupCoverage, Quantity::CanalFill];

    /// Scores of criteria that hold in these samples.
    fn scores(holds: &[&[bool]]) -> Vec<CriterionScore> {
        let rows: Vec<Vec<Option<f64>>> = (0..holds[0].len())
            .map(|sample| holds.iter().map(|c| Some(if c[sample] { 0.5 } else { -0.5 })).collect())
            .collect();
        let margins = Margins { rows, values: Vec::new() };
        let success = margins.success_without(&[]);
        holds
            .iter()
            .enumerate()
            .map(|(index, holds)| CriterionScore {
                subject: SUBJECTS[index].into(),
                group: Group::Motion,
                unit: Unit::Degree,
                planned: Some(0.0),
                desirability: None,
                percentiles: None,
                probability: Some(holds.iter().filter(|h| **h).count() as f64 / holds.len() as f64),
                costs: margins.success_without(&[index]) - success,
            })
            .collect()
    }

    #[test]
    fn a_dominated_criterion_never_binds() {
        // Wherever the second fails, so does the first.
        let first = [false, false, false, true, true, true];
        let second = [false, false, true, true, true, true];
        for order in [[&first[..], &second[..]], [&second[..], &first[..]]] {
            let scores = scores(&order);
            let dominating = SUBJECTS[usize::from(order[0] != first)];
            assert_eq!(binding(&scores, 60, |_| Some(0.5)), Some(dominating.into()));
        }
    }

    #[test]
    fn where_everything_holds_the_smallest_margin_binds() {
        let scores = scores(&[&[true, true], &[true, true]]);
        assert_eq!(binding(&scores, 60, |index| Some([0.4, 0.2][index])), Some(SUBJECTS[1].into()));
        assert_eq!(binding(&[], 60, |_| None), None);
    }
}
