//! What the optimiser makes of a plan, and how it judges one.

use crate::variable::Settings;
use coxa_planner::implants::Catalogue;
use coxa_planner::optimise::criteria::Criteria;
use coxa_planner::optimise::error_model::ErrorModel;
use coxa_planner::optimise::postures::PostureInput;
use coxa_planner::optimise::{Families, OptimiseOptions, Stop, Study, optimise};
use coxa_planner::placement::PreparedHip;
use coxa_planner::{Plan, Planned};

/// Samples of the final probabilities, as many as `coxa optimise` takes.
const SAMPLES: usize = 1000;
/// With what error a plan is carried out where the study does not say.
const USUAL_ERROR: &str = "freehand";
/// Without any: a plan that the study has displaced already is judged as it lies.
const NO_ERROR: &str = "none";

/// The plan that the optimiser recommends, from the plan by rule.
///
/// # Errors
/// Why there is none, in words.
pub(super) fn optimised(
    hip: &PreparedHip<'_>,
    by_rule: &Planned,
    catalogue: &Catalogue,
    settings: &Settings,
    seed: u64,
) -> Result<Plan, String> {
    let families =
        Families { cup: settings.options.cup_family.clone(), stem: settings.options.stem_family.clone() };
    let options = OptimiseOptions { families, seed, ..options(settings.plan.error.clone(), USUAL_ERROR)? };
    let study = Study::new(hip, by_rule, catalogue, Criteria::default(), &options.postures);
    let study = study.map_err(|error| error.to_string())?;
    let found = optimise(hip, &study, &options, &[], &Stop::NEVER, &|_| {});
    Ok(found.map_err(|error| error.to_string())?.recommended.plan)
}

/// The part of the samples in which a plan meets every criterion of the optimiser. All plans meet the same samples.
///
/// # Errors
/// Why it cannot be judged, in words.
pub(super) fn success(
    hip: &PreparedHip<'_>,
    planned: &Planned,
    catalogue: &Catalogue,
    settings: &Settings,
) -> Result<f64, String> {
    let error = if settings.plan.error.is_some() { NO_ERROR } else { USUAL_ERROR };
    let options = options(None, error)?;
    let study = Study::new(hip, planned, catalogue, Criteria::default(), &options.postures);
    let study = study.map_err(|error| error.to_string())?;
    let assessed = study.assess_first(&options);
    Ok(assessed.map_err(|error| error.to_string())?.success)
}

fn options(error_model: Option<ErrorModel>, usual: &str) -> Result<OptimiseOptions, String> {
    let words = |error: &dyn std::error::Error| error.to_string();
    let error_model = match error_model {
        Some(error_model) => error_model,
        None => ErrorModel::preset(usual).map_err(|error| words(&error))?,
    };
    Ok(OptimiseOptions {
        error_model,
        postures: PostureInput::default().spinopelvic().map_err(|error| words(&error))?,
        families: Families::default(),
        held: Vec::new(),
        kept: Vec::new(),
        demographics: None,
        seed: 1,
        samples: SAMPLES,
    })
}
