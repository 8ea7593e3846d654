//! Cases as the tables that models take.

use super::content::{Cases, Column};
use crate::manifest::{Input, Manifest, Output, Scale, Value};
use coxa_learning::{LearningError, Outcomes, Table};

/// Columns that [`encode`] makes of an input.
pub(crate) fn columns_of(input: &Input) -> usize {
    match &input.value {
        Value::Classes(classes) if classes.len() > 2 => classes.len(),
        Value::Image { .. } | Value::Mask { .. } | Value::Case => 0,
        _ => 1,
    }
}

/// The values of some inputs as columns of numbers, in the order of `ids`: a number as it is; yes and no as 1 and 0; ordered classes as their places from 0; each of several classes
/// without order as a column `input=class` of 1 and 0, of two classes the second alone.
///
/// # Errors
/// [`LearningError`] where two columns would have one name.
pub fn encode(cases: &Cases, manifest: &Manifest, ids: &[String]) -> Result<Table, LearningError> {
    let mut columns = Vec::new();
    for input in ids.iter().filter_map(|id| manifest.input(id)) {
        let Some(column) = cases.inputs.get(&input.id) else { continue };
        match column {
            Column::Numbers(values) => columns.push((input.id.clone(), values.clone())),
            Column::Classes { names, of } if matches!(input.value, Value::Classes(_)) => {
                let from = if names.len() == 2 { 1 } else { 0 };
                for (place, name) in names.iter().enumerate().skip(from) {
                    let values = of.iter().map(|class| match class {
                        Some(class) => f64::from(u8::from(*class == place)),
                        None => f64::NAN,
                    });
                    columns.push((format!("{}={name}", input.id), values.collect()));
                }
            }
            Column::Classes { of, .. } => {
                let place = |class: &Option<usize>| class.map_or(f64::NAN, |class| class as f64);
                columns.push((input.id.clone(), of.iter().map(place).collect()));
            }
            Column::Paths(_) => {}
        }
    }
    Table::new(columns)
}

/// The truth of an output, and the cases that have one.
pub fn outcomes(cases: &Cases, output: &Output) -> (Vec<usize>, Outcomes) {
    let empty = match output.scale {
        Scale::Number(_) => Outcomes::Numbers(Vec::new()),
        _ => Outcomes::Classes { count: output.classes().len(), of: Vec::new() },
    };
    let Some(truth) = cases.truths.get(&output.id) else { return (Vec::new(), empty) };
    let known: Vec<usize> =
        truth.missing().iter().enumerate().filter(|(_, missing)| !**missing).map(|(case, _)| case).collect();
    let outcomes = match truth {
        Column::Numbers(values) => Outcomes::Numbers(known.iter().map(|&case| values[case]).collect()),
        Column::Classes { names, of } => {
            Outcomes::Classes { count: names.len(), of: known.iter().filter_map(|&case| of[case]).collect() }
        }
        Column::Paths(_) => empty,
    };
    (known, outcomes)
}
