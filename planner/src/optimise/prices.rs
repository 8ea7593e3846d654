//! What one more millimetre or degree of each variable costs.

use super::assess::Assessment;
use super::criteria::Subject;
use super::design::Variable;
use super::sample::Sample;
use super::study::{Prepared, Study};
use coxa_geometry::Unit;
use serde::{Deserialize, Serialize};

/// What follows when one variable of a plan is changed by one unit and everything else is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Price {
    /// The variable.
    pub variable: Variable,
    /// Of the variable.
    pub unit: Unit,
    /// One more, or one less.
    pub step: f64,
    /// Change of the probability that all criteria hold.
    pub success: f64,
    /// Criteria whose number or probability changes.
    pub criteria: Vec<CriterionPrice>,
}

/// What it does to one criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CriterionPrice {
    /// The number that the criterion judges.
    #[serde(rename = "name")]
    pub subject: Subject,
    /// Change of its number, in its unit, when the plan is carried out exactly.
    pub planned: f64,
    /// Change of the probability that it holds.
    pub probability: f64,
}

/// Changes smaller than this are none.
const NOTHING: f64 = 1e-6;

/// All prices of a design, by the same samples with and without the change.
pub(crate) fn prices(study: &Study<'_>, prepared: &Prepared, samples: &[Sample]) -> Vec<Price> {
    let before = Assessment::new(study, prepared, samples);
    let mut all = Vec::new();
    for variable in Variable::ALL {
        for step in [1.0, -1.0] {
            let placement = prepared.design.placement;
            let moved = study.moved(prepared, placement.with(variable, placement.get(variable) + step));
            let after = Assessment::new(study, &moved, samples);
            let pairs = before.criteria.iter().zip(&after.criteria);
            let criteria = pairs
                .filter_map(|(before, after)| {
                    let planned = after.planned? - before.planned?;
                    let probability = after.probability? - before.probability?;
                    (planned.abs() > NOTHING || probability.abs() > NOTHING).then(|| CriterionPrice {
                        subject: before.subject.clone(),
                        planned,
                        probability,
                    })
                })
                .collect();
            let success = after.success - before.success;
            all.push(Price { variable, unit: variable.unit(), step, success, criteria });
        }
    }
    all
}
