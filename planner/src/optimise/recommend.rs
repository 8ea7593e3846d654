//! From what a search found to what is recommended: of every part that a design changes it must be shown, on samples that the search has
//! not seen, that the change gains more than its price and more than chance; what does not is put back to the plan by rule.

use super::assess::Margins;
use super::criteria::Subject;
use super::design::{Design, Variable};
use super::error::OptimiseError;
use super::part::Part;
use super::sample::Sample;
use super::study::{Prepared, Study};
use crate::placed::Components;
use crate::placement::PreparedHip;
use coxa_geometry::finding::Code;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A change stands where its gain is above its price by so many standard errors of the paired difference.
const BEYOND_CHANCE: f64 = 2.0;
/// Rounds of putting back, at most; one that puts nothing back is the last.
const ROUNDS: usize = 3;

/// What a recommendation changes of the plan by rule, and what it gains by it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// What is changed.
    pub part: Part,
    /// What the plan by rule has; empty of a position.
    pub from: String,
    /// What is recommended.
    pub to: String,
    /// Points of success that are lost without this change, all else as recommended.
    pub gain: f64,
    /// Standard error of that.
    pub gain_error: f64,
    /// Points that it had to gain, by the prices of the criteria.
    pub price: f64,
}

/// What one criterion gives to the difference between two plans.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CriterionGain {
    /// The number that the criterion judges.
    #[serde(rename = "name")]
    pub subject: Subject,
    /// Its part in the difference of success; those of all criteria add up to it. A sample that is won or lost counts for the criteria
    /// that failed in it, in equal parts.
    pub success: f64,
}

/// Decides which changes stand.
pub(crate) struct Judge<'a> {
    pub(crate) study: &'a Study<'a>,
    pub(crate) hip: &'a PreparedHip<'a>,
    pub(crate) samples: &'a [Sample],
    /// Numbers that keep what the plan by rule has.
    pub(crate) held: &'a [Variable],
    /// Whether there is no more time: what is shown until then is recommended.
    pub(crate) is_over: &'a (dyn Fn() -> bool + Sync),
}

/// A design by the samples that decide.
#[derive(Clone)]
struct Trial {
    prepared: Prepared,
    holds: Vec<bool>,
    points: f64,
}

impl Trial {
    /// Success less that of another one, and its standard error.
    fn gain_over(&self, other: &Trial) -> (f64, f64) {
        paired_difference(&self.holds, &other.holds)
    }

    /// Whether it gains more than it costs beside another one, beyond chance.
    fn is_worth(&self, other: &Trial) -> bool {
        let (gain, error) = self.gain_over(other);
        gain - (self.points - other.points) / 100.0 > BEYOND_CHANCE * error
    }
}

/// Success of one plan less that of another by the same samples, and the standard error of this paired difference.
pub(super) fn paired_difference(of: &[bool], to: &[bool]) -> (f64, f64) {
    let differences = of.iter().zip(to).map(|(a, b)| f64::from(*a) - f64::from(*b));
    let count = of.len().max(1) as f64;
    let (sum, squares) = differences.fold((0.0, 0.0), |(s, q), d| (s + d, q + d * d));
    let mean = sum / count;
    (mean, ((squares / count - mean * mean).max(0.0) / count).sqrt())
}

impl Judge<'_> {
    /// The design that is recommended of some that a search found, and what each of its changes gains.
    pub(crate) fn recommend(&self, finalists: &[Design]) -> Result<(Design, Vec<Change>), OptimiseError> {
        let first = self.trial(&self.study.first().design)?;
        let known = self.findings(&first.prepared.design)?;
        let mut best = first.clone();
        for design in finalists {
            if (self.is_over)() {
                break;
            }
            let trial = self.trial(design)?;
            if trial.is_worth(&best) {
                let simpler = self.without_needless(trial)?;
                if simpler.is_worth(&best) {
                    best = simpler;
                }
            }
        }
        if !self.findings(&best.prepared.design)?.is_subset(&known) {
            best = self.without_new_findings(&best, &first, &known)?;
        }
        let changes = self.changes(&best)?;
        Ok((best.prepared.design, changes))
    }

    fn trial(&self, design: &Design) -> Result<Trial, OptimiseError> {
        let prepared = self.study.prepare(design, true)?;
        let holds = Margins::new(self.study, &prepared, self.samples).holding();
        Ok(Trial { points: self.study.charge(&prepared), prepared, holds })
    }

    /// What a plan document of a design would be told.
    fn findings(&self, design: &Design) -> Result<BTreeSet<Code>, OptimiseError> {
        let sketch = self.hip.sketch(&self.study.plan(design)?, self.study.catalogue)?;
        Ok(sketch.findings.iter().map(|finding| finding.code).collect())
    }

    /// A design without the changes that do not gain what they must: each other component by itself, then the numbers that place it,
    /// as long as all that is put back loses no more than chance together.
    fn without_needless(&self, found: Trial) -> Result<Trial, OptimiseError> {
        let mut best = found;
        for _ in 0..ROUNDS {
            if (self.is_over)() {
                break;
            }
            let before = best.prepared.design.clone();
            for part in Part::ALL.into_iter().filter(|part| *part != Part::Place) {
                let Some(simpler) = self.put_back(&best.prepared.design, &Step::Part(part))? else {
                    continue;
                };
                if !best.is_worth(&simpler) {
                    best = simpler;
                }
            }
            if best.prepared.design == before {
                break;
            }
        }
        let placed = best.clone();
        for variable in Variable::ALL {
            let Some(simpler) = self.put_back(&best.prepared.design, &Step::Number(variable))? else {
                continue;
            };
            if !placed.is_worth(&simpler) {
                best = simpler;
            }
        }
        Ok(best)
    }

    /// One change less, each: parts, then the numbers of the placement one by one.
    fn simpler(&self, design: &Design) -> Vec<Step> {
        let first = &self.study.first().design;
        let parts = Part::ALL.into_iter().filter(|part| part.differs(design, first)).map(Step::Part);
        let numbers = Variable::ALL.into_iter().map(Step::Number);
        parts.chain(numbers).collect()
    }

    /// A design with one thing put back; `None` where there is nothing to put back, or the rest does not go with it.
    fn put_back(&self, design: &Design, step: &Step) -> Result<Option<Trial>, OptimiseError> {
        let first = &self.study.first().design;
        let simpler = match *step {
            Step::Part(part) => self.at_same_leg(design, part.put_back(design.clone(), first)),
            Step::Number(variable) => {
                let value = first.placement.get(variable);
                Some(Design { placement: design.placement.with(variable, value), ..design.clone() })
            }
        };
        match simpler {
            Some(simpler) if simpler != *design => self.trial(&simpler).map(Some),
            _ => Ok(None),
        }
    }

    /// Other components with the stem at the height that leaves the leg as long; `None` of components that do not go together.
    fn at_same_leg(&self, before: &Design, after: Design) -> Option<Design> {
        let parts = |design: &Design| Components::new(&design.components, &[], self.study.catalogue).ok();
        let leg = |design: &Design| Some(self.study.restoration(&parts(design)?, &design.placement)?[0]);
        let (was, is) = (leg(before)?, leg(&after)?);
        if before.components == after.components || self.held.contains(&Variable::StemHeight) {
            return Some(after);
        }
        let (low, high) = Variable::StemHeight.bounds();
        let height = (after.placement.stem_height_mm + was - is).clamp(low, high);
        let placement = after.placement.with(Variable::StemHeight, height).rounded();
        Some(Design { placement, ..after })
    }

    /// The nearest to the plan by rule that raises no finding of its own and is still worth its price; else the plan by rule.
    fn without_new_findings(
        &self,
        best: &Trial,
        first: &Trial,
        known: &BTreeSet<Code>,
    ) -> Result<Trial, OptimiseError> {
        for step in self.simpler(&best.prepared.design) {
            let Some(simpler) = self.put_back(&best.prepared.design, &step)? else { continue };
            if simpler.is_worth(first) && self.findings(&simpler.prepared.design)?.is_subset(known) {
                return Ok(simpler);
            }
        }
        Ok(first.clone())
    }

    fn changes(&self, best: &Trial) -> Result<Vec<Change>, OptimiseError> {
        let (design, first) = (&best.prepared.design, &self.study.first().design);
        let mut changes = Vec::new();
        for part in Part::ALL.into_iter().filter(|part| part.differs(design, first)) {
            let without = self.put_back(design, &Step::Part(part))?;
            let (gain, error) = without.map_or((0.0, 0.0), |without| best.gain_over(&without));
            changes.push(Change {
                part,
                from: part.in_words(&first.components),
                to: part.in_words(&design.components),
                gain: 100.0 * gain,
                gain_error: 100.0 * error,
                price: self.study.charge_of(part, design, &best.prepared.parts),
            });
        }
        Ok(changes)
    }
}

/// One thing that is put back.
enum Step {
    Part(Part),
    Number(Variable),
}

/// What each criterion gives to the success of one plan over another, by the same samples; only those that give anything.
pub(super) fn gains(study: &Study<'_>, before: &Margins, after: &Margins) -> Vec<CriterionGain> {
    let mut gains = vec![0.0; study.criteria.list.len()];
    let (before, after) = (before.failing(), after.failing());
    let samples = before.len().max(1) as f64;
    for (was, is) in before.iter().zip(&after) {
        let (failing, sign) = match (was.is_empty(), is.is_empty()) {
            (false, true) => (was, 1.0),
            (true, false) => (is, -1.0),
            _ => continue,
        };
        for &index in failing {
            gains[index] += sign / (failing.len() as f64 * samples);
        }
    }
    let pairs = study.criteria.list.iter().zip(gains).filter(|(_, gain)| *gain != 0.0);
    pairs.map(|(criterion, success)| CriterionGain { subject: criterion.subject.clone(), success }).collect()
}
