//! Designs beside the fully crossed one: readings that are missing, and a module that reads alone.

use super::data::{Cells, Data};
use crate::error::ReadersError;
use coxa_statistics::{FigureStudy, Inference, Level, ModuleComparison, UncrossedEstimate, UncrossedStudy};
use serde::Serialize;

/// The area of a method, or a difference of two, of readings of which some are missing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UncrossedOf {
    /// Method that is taken away; `None` of an area.
    pub from: Option<String>,
    /// The method.
    pub to: String,
    /// What U-statistics give, for other readers and cases.
    #[serde(flatten)]
    pub found: UncrossedEstimate,
}

/// The module alone against the mean reader of a method, for other readers and cases.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModuleOf {
    /// The method.
    pub treatment: String,
    /// The comparison.
    #[serde(flatten)]
    pub comparison: ModuleComparison,
}

fn failed(what: &str) -> impl Fn(coxa_statistics::StatisticsError) -> ReadersError + '_ {
    move |source| ReadersError::Statistics { what: what.to_owned(), source }
}

/// Areas and differences by U-statistics; empty where no reading is missing.
pub(super) fn uncrossed(
    data: &Data,
    cells: &Cells<f64>,
    diseased: &[bool],
    notes: &mut Vec<String>,
) -> Vec<UncrossedOf> {
    let missing = cells.iter().flatten().flatten().filter(|rating| rating.is_none()).count();
    if missing == 0 {
        return Vec::new();
    }
    let all = cells.iter().flatten().map(Vec::len).sum::<usize>();
    notes.push(format!(
        "{missing} of {all} readings are missing; areas over all readings are by U-statistics"
    ));
    let with_gaps: Vec<Vec<Vec<f64>>> = cells
        .iter()
        .map(|readers| {
            readers.iter().map(|cases| cases.iter().map(|r| r.unwrap_or(f64::NAN)).collect()).collect()
        })
        .collect();
    let found = UncrossedStudy::new(&with_gaps, diseased).and_then(|study| {
        let level = Level::NINETY_FIVE;
        let mut found = Vec::new();
        for (method, name) in data.treatments.iter().enumerate() {
            found.push(UncrossedOf { from: None, to: name.clone(), found: study.single(method, level)? });
        }
        for to in 1..data.treatments.len() {
            let from = Some(data.treatments[0].clone());
            found.push(UncrossedOf {
                from,
                to: data.treatments[to].clone(),
                found: study.difference(0, to, level)?,
            });
        }
        Ok(found)
    });
    found.unwrap_or_else(|error| {
        notes.push(format!("no areas by U-statistics: {error}"));
        Vec::new()
    })
}

/// The module against the readers of each method who rated every case; empty without a module.
pub(super) fn module(
    data: &Data,
    cells: &Cells<f64>,
    diseased: &[bool],
    notes: &mut Vec<String>,
) -> Result<Vec<ModuleOf>, ReadersError> {
    let Some(scores) = &data.module else { return Ok(Vec::new()) };
    let what = "the comparison with the module";
    let alone = FigureStudy::areas(&[vec![scores.clone()]], diseased).map_err(failed(what))?;
    let mut found = Vec::new();
    for (treatment, readers) in data.treatments.iter().zip(cells) {
        let whole: Vec<Vec<f64>> =
            readers.iter().filter_map(|cases| cases.iter().copied().collect()).collect();
        if whole.len() < 2 {
            notes.push(format!("fewer than two readers rated every case with {treatment}, so that the module is not compared with them"));
            continue;
        }
        let study = FigureStudy::areas(&[whole], diseased).map_err(failed(what))?;
        let comparison = study
            .against_module(0, &alone, Inference::RandomReadersRandomCases, Level::NINETY_FIVE)
            .map_err(failed(what))?;
        found.push(ModuleOf { treatment: treatment.clone(), comparison });
    }
    Ok(found)
}
