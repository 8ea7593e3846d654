//! What a study answers: distributions, paired differences between levels, sensitivities, and how many patients a difference needs.

mod compare;
mod data;
mod interaction;
mod sensitivity;
mod subgroup;

pub use compare::{Comparison, LEAST_SUBGROUP, Subgroups, comparisons};
pub use data::{Data, LEVEL};
pub use interaction::{Interaction, interactions};
pub use sensitivity::{FactorEffect, Sensitivity, sensitivities};
pub use subgroup::Trait;

use crate::output::Output;
use crate::study::Study;
use anyhow::Result;
use coxa_statistics::{Summary, summary};

/// One quantity over all jobs.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    /// The quantity.
    pub output: Output,
    /// Of one value of each patient: the mean over the combinations of levels in which all patients have one. `None` where there is no value.
    pub summary: Option<Summary>,
    /// How many combinations these are; 0 where none is everybody's, and each patient has the mean over its own.
    pub rows: u64,
    /// The same by level: factor, level, summary.
    pub by_level: Vec<(String, String, Option<Summary>)>,
    /// Patients with the least and with the greatest value, the most extreme first.
    pub extremes: [Vec<Extreme>; 2],
}

/// A patient at one end of a quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Extreme {
    /// Its name.
    pub patient: String,
    /// The mean over the same combinations as that of others.
    pub mean: f64,
    /// Number of its job with the least, or the greatest, value.
    pub job: u64,
    /// That value.
    pub value: f64,
}

/// Patients that are named at either end.
const EXTREMES: usize = 3;

/// All that a study answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// Of each quantity.
    pub distributions: Vec<Distribution>,
    /// Levels compared within patients; empty of designs of samples.
    pub comparisons: Vec<Comparison>,
    /// Levels that change what others do; of factorial designs.
    pub interactions: Vec<Interaction>,
    /// Which factors matter, of designs of samples.
    pub sensitivities: Vec<Sensitivity>,
}

impl Analysis {
    /// Of merged results.
    ///
    /// # Errors
    /// A study that was not checked.
    pub fn of(study: &Study, data: &Data) -> Result<Analysis> {
        let outputs = study.outputs()?;
        let distributions =
            outputs.iter().enumerate().map(|(place, output)| of_output(study, data, place, output));
        Ok(Analysis {
            distributions: distributions.collect::<Result<_>>()?,
            comparisons: comparisons(study, data, &outputs)?,
            interactions: interactions(study, data, &outputs)?,
            sensitivities: sensitivities(study, data, &outputs)?,
        })
    }
}

fn of_output(study: &Study, data: &Data, place: usize, output: &Output) -> Result<Distribution> {
    // A patient with a refused job would otherwise be compared by other levels than the rest.
    let shared = data.shared_rows(place);
    let is_meant = |row: u64| shared.is_empty() || shared.binary_search(&row).is_ok();
    let means = data.patient_means(place, is_meant);
    let mut by_level = Vec::new();
    for (factor, varied) in study.factors.iter().enumerate() {
        for level in 0..varied.level_count().unwrap_or(0) {
            let name = varied.level(level)?.value.to_string();
            let is_here = |row: u64| study.shows(row, factor, level);
            let values = data.patient_means(place, is_here);
            by_level.push((varied.name.clone(), name, summarised(&values)));
        }
    }
    let mut sorted: Vec<(usize, f64)> =
        means.iter().copied().enumerate().filter(|(_, value)| !value.is_nan()).collect();
    sorted.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    let named = |is_greatest: bool| {
        move |&(patient, mean): &(usize, f64)| {
            let (job, value) = data.extreme_job(place, patient, is_greatest)?;
            Some(Extreme { patient: data.patients[patient].clone(), mean, job, value })
        }
    };
    let least = sorted.iter().take(EXTREMES).filter_map(named(false)).collect();
    let greatest = sorted.iter().rev().take(EXTREMES).filter_map(named(true)).collect();
    Ok(Distribution {
        output: output.clone(),
        summary: summarised(&means),
        rows: shared.len() as u64,
        by_level,
        extremes: [least, greatest],
    })
}

fn summarised(values: &[f64]) -> Option<Summary> {
    summary(values, LEVEL).ok()
}
