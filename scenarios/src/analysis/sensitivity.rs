//! Which factors matter, of designs of samples.

use super::data::{Data, LEVEL};
use crate::output::Output;
use crate::study::{Design, Study};
use anyhow::Result;
use coxa_statistics::{Bootstrap, Estimate, SaltelliOutputs, elementary_effects, regression, sobol};

/// Draws of the bootstrap.
const DRAWS: usize = 1000;

/// What one factor does to one quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorEffect {
    /// The factor.
    pub factor: String,
    /// First-order index, or mean elementary effect, or standardised regression coefficient.
    pub first: Estimate,
    /// Total index, or mean absolute elementary effect; none of a regression.
    pub total: Option<Estimate>,
}

/// What all factors do to one quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitivity {
    /// The quantity.
    pub output: Output,
    /// By which method: `sobol_indices`, `morris` or `regression`.
    pub method: &'static str,
    /// Of each factor, in the order of the study.
    pub factors: Vec<FactorEffect>,
    /// Patients that have a value in every row, of which it is.
    pub patients: usize,
    /// Part of the variance that a regression explains.
    pub r_squared: Option<f64>,
}

/// The sensitivities of a study; none of designs without samples. A quantity that no patient has in every row, or that is constant, has
/// none.
///
/// # Errors
/// A study that was not checked.
pub fn sensitivities(study: &Study, data: &Data, outputs: &[Output]) -> Result<Vec<Sensitivity>> {
    let mut all = Vec::new();
    for (place, output) in outputs.iter().enumerate() {
        let (means, patients) = data.row_means(place);
        if patients == 0 {
            continue;
        }
        let found = match study.design {
            Design::Factorial | Design::OneAtATime => None,
            Design::SobolIndices { .. } => {
                by_indices(study, &means).map(|factors| ("sobol_indices", factors, None))
            }
            Design::Morris { .. } => by_effects(study, &means)?.map(|factors| ("morris", factors, None)),
            Design::LatinHypercube { .. } | Design::Sobol { .. } => by_regression(study, &means)?
                .map(|(factors, r_squared)| ("regression", factors, Some(r_squared))),
        };
        if let Some((method, factors, r_squared)) = found {
            all.push(Sensitivity { output: output.clone(), method, factors, patients, r_squared });
        }
    }
    Ok(all)
}

fn by_indices(study: &Study, means: &[f64]) -> Option<Vec<FactorEffect>> {
    let width = study.factors.len() + 2;
    let column = |matrix: usize| means.iter().skip(matrix).step_by(width).copied().collect::<Vec<f64>>();
    let ab: Vec<Vec<f64>> = (2..width).map(column).collect();
    let outputs = SaltelliOutputs { a: &column(0), b: &column(1), ab: &ab };
    let found = sobol(outputs, LEVEL, Bootstrap { draws: DRAWS, seed: study.seed }).ok()?;
    let of = |(factor, index): (&crate::study::Factor, &coxa_statistics::SobolIndices)| FactorEffect {
        factor: factor.name.clone(),
        first: index.first,
        total: Some(index.total),
    };
    Some(study.factors.iter().zip(&found.factors).map(of).collect())
}

/// Effects are of the whole range of a factor.
fn by_effects(study: &Study, means: &[f64]) -> Result<Option<Vec<FactorEffect>>> {
    let mut effects: Vec<Vec<f64>> = vec![Vec::new(); study.factors.len()];
    for row in 1..means.len() as u64 {
        let Some((factor, step)) = study.step_at(row) else { continue };
        effects[factor].push((means[row as usize] - means[row as usize - 1]) / step);
    }
    let mut factors = Vec::new();
    for (factor, effects) in study.factors.iter().zip(&effects) {
        let Ok(found) = elementary_effects(effects, LEVEL) else { return Ok(None) };
        let (first, total) = (found.mu, Some(found.mu_star));
        factors.push(FactorEffect { factor: factor.name.clone(), first, total });
    }
    Ok(Some(factors))
}

fn by_regression(study: &Study, means: &[f64]) -> Result<Option<(Vec<FactorEffect>, f64)>> {
    let numeric: Vec<usize> = (0..study.factors.len()).filter(|&f| study.factors[f].is_numeric()).collect();
    let mut columns = vec![Vec::new(); numeric.len()];
    for row in 0..study.row_count() {
        let levels = study.row(row)?;
        for (column, factor) in columns.iter_mut().zip(&numeric) {
            if let crate::variable::Value::Number(number) = levels[*factor].value {
                column.push(number);
            }
        }
    }
    let Ok(found) = regression(&columns, means, LEVEL) else { return Ok(None) };
    let of = |(factor, coefficient): (&usize, &Estimate)| FactorEffect {
        factor: study.factors[*factor].name.clone(),
        first: *coefficient,
        total: None,
    };
    Ok(Some((numeric.iter().zip(&found.coefficients).map(of).collect(), found.r_squared)))
}
