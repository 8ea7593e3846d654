//! Levels of a factor against its first level, within patients.

use super::data::{Data, LEVEL};
use crate::output::Output;
use crate::study::Study;
use crate::variable::Stage;
use anyhow::Result;
use coxa_statistics::{Paired, holm, paired};

/// A level against the first level of its factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The quantity.
    pub output: Output,
    /// The factor.
    pub factor: String,
    /// Its first level.
    pub from: String,
    /// The level that is compared with it.
    pub to: String,
    /// The difference within patients, the mean over the levels of the other factors; `None` where no patient has both.
    pub found: Option<Paired>,
    /// The p value, adjusted by Holm for all comparisons of the study.
    pub adjusted_p: Option<f64>,
}

/// All comparisons of a study; none of designs of samples.
///
/// # Errors
/// A study that was not checked.
pub fn comparisons(study: &Study, data: &Data, outputs: &[Output]) -> Result<Vec<Comparison>> {
    let mut all = Vec::new();
    for (factor, varied) in study.factors.iter().enumerate() {
        // One draw is as good as another.
        let is_draw = varied.variables()?.iter().all(|variable| variable.name() == "draw");
        if !study.is_enumerated() || is_draw {
            continue;
        }
        let first = varied.level(0)?.value.to_string();
        for level in 1..varied.level_count().unwrap_or(0) {
            let to = varied.level(level)?.value.to_string();
            let is_of_patient = varied.variables()?.iter().any(|variable| variable.stage() == Stage::Patient);
            let partners = partners(study, data.rows, factor, level);
            for (place, output) in outputs.iter().enumerate() {
                // The patient as scanned is the same at all levels that are no patient's.
                if matches!(output, Output::Patient(_)) && !is_of_patient {
                    continue;
                }
                let [a, b] = pairs(data, &partners, place);
                all.push(Comparison {
                    output: output.clone(),
                    factor: varied.name.clone(),
                    from: first.clone(),
                    to: to.clone(),
                    found: paired(&a, &b, LEVEL).ok(),
                    adjusted_p: None,
                });
            }
        }
    }
    let p: Vec<Option<f64>> = all.iter().map(|one| one.found.as_ref().and_then(|found| found.p)).collect();
    for (one, adjusted) in all.iter_mut().zip(holm(&p)?) {
        one.adjusted_p = adjusted;
    }
    Ok(all)
}

/// Rows at the first level of a factor, each with the row that differs from it in having another level there.
fn partners(study: &Study, rows: u64, factor: usize, level: usize) -> Vec<(u64, u64)> {
    (0..rows)
        .filter(|row| study.level_at(*row, factor) == Some(0))
        .filter_map(|row| Some((row, study.row_with(row, factor, level)?)))
        .collect()
}

/// For each patient the mean at the first level and at another, over the combinations of the other factors in which both have a value.
fn pairs(data: &Data, partners: &[(u64, u64)], output: usize) -> [Vec<f64>; 2] {
    let mut both = [Vec::new(), Vec::new()];
    for patient in 0..data.patients.len() {
        let (mut sums, mut count) = ([0.0; 2], 0u32);
        for &(a, b) in partners {
            let values = [a, b].map(|row| data.value(output, patient, row));
            if values.iter().all(|value| !value.is_nan()) {
                sums = [sums[0] + values[0], sums[1] + values[1]];
                count += 1;
            }
        }
        for (list, sum) in both.iter_mut().zip(sums) {
            list.push(if count == 0 { f64::NAN } else { sum / f64::from(count) });
        }
    }
    both
}
