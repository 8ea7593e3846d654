//! What an optimisation found.

use super::assess::{Assessment, Margins};
use super::criteria::{Criteria, Subject};
use super::design::Design;
use super::options::OptimiseOptions;
use super::orientation_map::OrientationMap;
use super::prices::Price;
use super::recommend::{Change, CriterionGain};
use super::sizes::SizeProbability;
use super::tried::Tried;
use crate::document;
use crate::plan::Plan;
use coxa_geometry::{Finding, finding};
use serde::{Deserialize, Serialize};

/// Form of `optimise.json` that this program writes.
pub const FORMAT: u32 = 1;

/// Criteria are out of reach where success is surely less than this.
const LEAST_SUCCESS: f64 = 0.05;
/// Criteria that are named where none is met.
const OBSTACLES: usize = 3;

/// What an optimisation found (`optimise.json`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Optimisation {
    /// Version of this file's form.
    pub format: u32,
    /// What was asked.
    pub options: OptimiseOptions,
    /// What plans were judged by.
    pub criteria: Criteria,
    /// The plan of placement by rule.
    pub first: Candidate,
    /// The plan that is recommended; the plan by rule where nothing gains what it costs, or no plan meets the criteria.
    pub recommended: Candidate,
    /// What it changes of the plan by rule, and what each change gains.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// What each criterion gives to the difference of success from the plan by rule.
    #[serde(default)]
    pub gains: Vec<CriterionGain>,
    /// What stands in the way where no plan meets the criteria.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_of_reach: Option<OutOfReach>,
    /// What somebody would plan who knows only sex, height and weight, where they are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Candidate>,
    /// Plans of which none is better than another in every group of criteria, by fewer samples.
    pub pareto: Vec<Tried>,
    /// Sizes that will turn out to fit, and how likely each is.
    pub cup_sizes: Vec<SizeProbability>,
    /// The same of the stem.
    pub stem_sizes: Vec<SizeProbability>,
    /// What one more degree or millimetre costs.
    pub prices: Vec<Price>,
    /// What is lost where the cup comes out steeper, flatter, or otherwise anteverted than it was aimed.
    #[serde(default)]
    pub slips: Vec<Price>,
    /// Samples of the prices.
    pub price_samples: usize,
    /// How likely other orientations of the cup are to succeed; `None` where somebody stopped it.
    pub orientation_map: Option<OrientationMap>,
    /// Designs tried.
    pub tried: usize,
    /// Whether the search was stopped before its end; its best is then not the best there is.
    pub is_stopped: bool,
    /// Designs to go on from.
    pub finalists: Vec<Design>,
}

/// Criteria that no plan was found to meet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutOfReach {
    /// Upper end of the interval of the best one's success.
    pub most: f64,
    /// Its success without all criteria that stand in the way.
    pub together: f64,
    /// These, what costs most first.
    pub obstacles: Vec<Obstacle>,
}

/// A criterion that stands in the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Obstacle {
    /// The number that it judges.
    #[serde(rename = "name")]
    pub subject: Subject,
    /// Success without it.
    pub success: f64,
}

/// A plan with what may be expected of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The plan document.
    pub plan: Plan,
    /// The same as the optimiser sees it.
    pub design: Design,
    /// How it does.
    pub assessment: Assessment,
}

/// What stands in the way of the best plan that was found, where it hardly ever succeeds.
pub(super) fn out_of_reach(best: &Assessment, margins: &Margins) -> Option<OutOfReach> {
    let [_, most] = best.success_interval;
    if most >= LEAST_SUCCESS {
        return None;
    }
    let mut order: Vec<usize> =
        (0..best.criteria.len()).filter(|&index| best.criteria[index].probability.is_some()).collect();
    // Where none alone would help, those that fail most often.
    let weight = |index: usize| {
        let score = &best.criteria[index];
        (score.costs, 1.0 - score.probability.unwrap_or(1.0))
    };
    order.sort_by(|&a, &b| {
        let (a, b) = (weight(a), weight(b));
        b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1))
    });
    order.truncate(OBSTACLES);
    let obstacle = |&index: &usize| Obstacle {
        subject: best.criteria[index].subject.clone(),
        success: margins.success_without(&[index]),
    };
    Some(OutOfReach {
        most,
        together: margins.success_without(&order),
        obstacles: order.iter().map(obstacle).collect(),
    })
}

impl Optimisation {
    /// What the user must know about the search and what it found.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = self.options.postures.findings.clone();
        if self.is_stopped {
            findings.push(finding::SearchStopped {}.finding());
        }
        let best = &self.recommended.assessment;
        for criterion in best.criteria.iter().filter(|c| c.probability.is_none()) {
            let criterion = criterion.subject.name().replace(['_', '.'], " ");
            findings.push(finding::CriterionNotJudged { criterion }.finding());
        }
        if let Some(OutOfReach { most, together, obstacles }) = &self.out_of_reach {
            let (most_percent, together_percent) = (100.0 * most, 100.0 * together);
            findings.push(finding::NoPlanMeetsCriteria { most_percent, together_percent }.finding());
            findings.extend(obstacles.iter().map(|Obstacle { subject, success }| {
                let criterion = subject.name().replace(['_', '.'], " ");
                finding::CriterionInTheWay { criterion, without_percent: 100.0 * success }.finding()
            }));
        }
        findings
    }

    /// Whether a plan is the one that is recommended, to the digits of a plan document: what the optimiser says of its plan is
    /// then true of this one.
    pub fn recommends(&self, plan: &Plan) -> bool {
        document::to_toml(plan) == document::to_toml(&self.recommended.plan)
    }
}
