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
    /// One more or one less; five of a cup that is missed.
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

/// By how much a cup is missed, for what is lost by it.
const SLIP_DEG: f64 = 5.0;

/// All prices of a design, by the same samples with and without the change, and what is lost where the orientation of the cup is missed.
pub(crate) fn prices(study: &Study<'_>, prepared: &Prepared, samples: &[Sample]) -> (Vec<Price>, Vec<Price>) {
    let before = Assessment::new(study, prepared, samples);
    let price = |(variable, step): (Variable, f64)| {
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
        Price { variable, unit: variable.unit(), step, success, criteria }
    };
    let both = |variables: &[Variable], step: f64| -> Vec<Price> {
        variables.iter().flat_map(|&variable| [(variable, step), (variable, -step)]).map(price).collect()
    };
    (both(&Variable::ALL, 1.0), both(&[Variable::Inclination, Variable::Anteversion], SLIP_DEG))
}
