//! What was achieved, against what was planned and the best that was found.

use super::assess::Assessment;
use super::criteria::Criteria;
use super::error_model::ErrorModel;
use super::study::Study;
use super::{OptimiseError, OptimiseOptions, samples};
use crate::implants::Catalogue;
use crate::placement::PreparedHip;
use crate::plan::Plan;
use serde::{Deserialize, Serialize};

/// Form of `evaluation.json` that this program writes.
pub const EVALUATION_FORMAT: u32 = 1;

/// Plans scored by the same criteria and samples (`evaluation.json`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Version of this file's form.
    pub format: u32,
    /// What plans were judged by.
    pub criteria: Criteria,
    /// What was achieved, then what it is held against.
    pub plans: Vec<Evaluated>,
}

/// One plan as it lies in the patient, without any error of carrying it out: what is left is that of measuring, and how the
/// patient holds the pelvis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluated {
    /// `achieved`, `planned` or `optimum`.
    pub name: String,
    /// The plan document.
    pub plan: Plan,
    /// How it does.
    pub assessment: Assessment,
}

/// Scores plans of one hip. The options are those of the optimisation, but for its error model.
///
/// # Errors
/// A plan that cannot be carried out, and as [`super::optimise`].
pub fn evaluate(
    hip: &PreparedHip<'_>,
    catalogue: &Catalogue,
    criteria: &Criteria,
    options: &OptimiseOptions,
    plans: &[(&str, &Plan)],
) -> Result<Evaluation, OptimiseError> {
    let exact = ErrorModel::preset("none").map_err(|_| OptimiseError::Incomplete("error model"))?;
    let as_it_lies = OptimiseOptions { error_model: exact, ..options.clone() };
    let mut studies: Vec<Study<'_>> = Vec::new();
    for (_, plan) in plans {
        let planned = hip.realise(plan, catalogue)?;
        let study = match studies.first() {
            Some(first) => first.of_plan(hip, &planned, &options.postures),
            None => Study::new(hip, &planned, catalogue, criteria.clone(), &options.postures),
        };
        studies.push(study?);
    }
    // What one of the plans has a value for is judged of all.
    let known: Vec<bool> =
        (0..criteria.list.len()).map(|index| studies.iter().any(|study| study.known[index])).collect();
    let evaluated = plans.iter().zip(&mut studies).map(|(&(name, plan), study)| {
        study.known.clone_from(&known);
        let samples = samples(&as_it_lies, &study.measurement, options.samples, options.seed);
        let prepared = study.prepare(&study.first().design, true)?;
        let assessment = Assessment::new(study, &prepared, &samples);
        Ok(Evaluated { name: name.into(), plan: plan.clone(), assessment })
    });
    Ok(Evaluation {
        format: EVALUATION_FORMAT,
        criteria: criteria.clone(),
        plans: evaluated.collect::<Result<_, OptimiseError>>()?,
    })
}
