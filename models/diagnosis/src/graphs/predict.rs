//! Graphs predict.

use super::error::GraphError;
use super::load::{Graphs, Member};
use crate::images::Tensor;
use crate::manifest::{Activation, GraphFile, Output, Scale};
use coxa_learning::Predictions;
use coxa_network::NamedTensor;

/// Probabilities of a graph may miss 1 by this much.
const ROUNDING: f32 = 1e-3;

/// What graphs take of one case.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphInput<'a> {
    /// The image.
    pub image: &'a Tensor,
    /// For each graph the numbers that it takes beside the image.
    pub covariates: &'a [Vec<f32>],
}

impl Graphs {
    /// Predicts each output of each case: the mean over the graphs, of probabilities or of numbers. By output of the manifest.
    ///
    /// # Errors
    /// An image or covariates of another size than a graph takes, and what the engine refuses.
    pub fn predict(&mut self, cases: &[GraphInput<'_>]) -> Result<Vec<Predictions>, GraphError> {
        let mut sums: Vec<Vec<Vec<f64>>> = vec![Vec::new(); self.outputs.len()];
        let count = self.members.len().max(1) as f64;
        for (place, member) in self.members.iter_mut().enumerate() {
            let Member { graph, file, size, .. } = member;
            // That each output is named was checked with the manifest.
            let name = |output: &Output| file.outputs.get(&output.id).map_or("", String::as_str);
            let names: Vec<&str> = self.outputs.iter().map(name).collect();
            let found = graph.run_all(&graph_inputs(file, *size, cases, place)?, &names)?;
            if !found.iter().flatten().flatten().all(|value| value.is_finite()) {
                let what = "it gives values that are not finite; a missing number is NaN in its covariates";
                return Err(GraphError::Form { file: file.file.clone(), what: what.into() });
            }
            if file.activation == Activation::Probabilities {
                probabilities(&self.outputs, &found)
                    .map_err(|what| GraphError::Form { file: file.file.clone(), what })?;
            }
            for (output, (sum, at)) in self.outputs.iter().zip(sums.iter_mut().zip(0..)) {
                let rows = found.iter().map(|case| {
                    let values: Vec<f64> = case[at].iter().map(|value| f64::from(*value)).collect();
                    to_prediction(output, file.activation, values)
                });
                add(sum, rows.collect());
            }
        }
        let mean = |row: Vec<f64>| row.into_iter().map(|value| value / count).collect::<Vec<f64>>();
        let outputs = self.outputs.iter().zip(sums);
        Ok(outputs
            .map(|(output, rows)| match output.scale {
                Scale::Number(_) => Predictions::Numbers(rows.into_iter().flat_map(mean).collect()),
                _ => Predictions::Probabilities(rows.into_iter().map(mean).collect()),
            })
            .collect())
    }
}

/// What is declared a probability must be one.
fn probabilities(outputs: &[Output], found: &[Vec<Vec<f32>>]) -> Result<(), String> {
    for (at, output) in
        outputs.iter().enumerate().filter(|(_, output)| !matches!(output.scale, Scale::Number(_)))
    {
        for values in found.iter().map(|case| &case[at]) {
            let sum: f32 = values.iter().sum();
            let is_share = values.iter().all(|value| (-ROUNDING..=1.0 + ROUNDING).contains(value));
            if !is_share || (values.len() > 1 && (sum - 1.0).abs() > ROUNDING) {
                return Err(format!(
                    "its output for {} is not a set of probabilities; if these are logits, set `activation` of [[graph]] to \"logits\"",
                    output.id
                ));
            }
        }
    }
    Ok(())
}

fn add(sum: &mut Vec<Vec<f64>>, rows: Vec<Vec<f64>>) {
    if sum.is_empty() {
        *sum = rows;
        return;
    }
    for (sum, row) in sum.iter_mut().zip(rows) {
        sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
}

/// The inputs of one graph for each case.
pub(super) fn graph_inputs<'a>(
    file: &'a GraphFile,
    size: [usize; 3],
    cases: &[GraphInput<'_>],
    place: usize,
) -> Result<Vec<Vec<NamedTensor<'a>>>, GraphError> {
    let one = |input: &GraphInput<'_>| {
        let Tensor { channels, rows, columns, values } = input.image;
        let found = [*channels, *rows, *columns];
        if found != size {
            return Err(GraphError::Form {
                file: file.file.clone(),
                what: format!(
                    "it takes images of {size:?} channels, rows and columns; the steps made {found:?}"
                ),
            });
        }
        let mut all = vec![NamedTensor {
            name: &file.image,
            shape: vec![1, *channels, *rows, *columns],
            values: values.clone(),
        }];
        if let Some(beside) = &file.covariates {
            let values = input.covariates.get(place).cloned().unwrap_or_default();
            all.push(NamedTensor { name: &beside.name, shape: vec![1, values.len()], values });
        }
        Ok(all)
    };
    cases.iter().map(one).collect()
}

/// The prediction of an output from what a network gives for it: a number as it is, else a probability for each class.
pub(crate) fn to_prediction(output: &Output, activation: Activation, values: Vec<f64>) -> Vec<f64> {
    match (&output.scale, activation) {
        (Scale::Number(_), _) => values,
        (Scale::Flag | Scale::AtLeast(..), activation) => {
            let value = values.first().copied().unwrap_or(0.0);
            let yes = match activation {
                Activation::Logits => 1.0 / (1.0 + (-value).exp()),
                Activation::Probabilities => value.clamp(0.0, 1.0),
            };
            vec![1.0 - yes, yes]
        }
        (_, Activation::Logits) => {
            let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let powers: Vec<f64> = values.iter().map(|value| (value - most).exp()).collect();
            normalised(powers)
        }
        (_, Activation::Probabilities) => {
            normalised(values.into_iter().map(|value| value.max(0.0)).collect())
        }
    }
}

fn normalised(values: Vec<f64>) -> Vec<f64> {
    let whole: f64 = values.iter().sum();
    let count = values.len() as f64;
    values.into_iter().map(|value| if whole > 0.0 { value / whole } else { 1.0 / count }).collect()
}
