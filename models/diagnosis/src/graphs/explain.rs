//! Where in the image a prediction comes from.

use super::error::GraphError;
use super::load::Graphs;
use super::predict::{GraphInput, graph_inputs};
use crate::images::Tensor;
use crate::manifest::{ExplainMethod, Output};
use coxa_learning::Predictions;

/// A covered square is this part of the shorter side of the image.
const COVER_PART: usize = 8;
/// Images with a square covered that are in memory at a time.
const COVERED_AT_ONCE: usize = 16;

/// A number for each pixel of the tensor: how much it speaks for what is explained.
#[derive(Debug, Clone, PartialEq)]
pub struct Attention {
    /// Id of the output.
    pub output: String,
    /// The class that is explained: yes, or of several classes the most probable one; of a number none.
    pub class: Option<String>,
    /// Rows and columns, those of the tensor.
    pub size: [usize; 2],
    /// Row by row. Of a class activation map what the place adds to the output before activation, on the average over the image; of occlusion by how much the probability, or the number,
    /// falls when the place is covered.
    pub values: Vec<f32>,
}

/// Explains the outputs of a case by a method: all of them by occlusion, by class activation maps those of which each graph gives maps.
///
/// # Errors
/// Class activation maps of graphs that give none; what the engine refuses.
pub fn attention(
    graphs: &mut Graphs,
    input: &GraphInput<'_>,
    method: ExplainMethod,
) -> Result<Vec<Attention>, GraphError> {
    let predicted = graphs.predict(std::slice::from_ref(input))?;
    let outputs = graphs.outputs.iter().zip(&predicted);
    let chosen: Vec<usize> = outputs.map(|(output, predictions)| channel(output, predictions)).collect();
    let values = match method {
        ExplainMethod::Cam => {
            let has = |output: &Output| {
                graphs.members.iter().all(|member| member.file.maps.contains_key(&output.id))
            };
            if !graphs.outputs.iter().any(has) {
                let what = "no network of the module gives class activation maps (`maps` in the manifest); take occlusion";
                return Err(GraphError::Explain(what.into()));
            }
            cam(graphs, input, &chosen)?
        }
        ExplainMethod::Occlusion => occlusion(graphs, input, &predicted, &chosen)?,
        ExplainMethod::Shapley => {
            return Err(GraphError::Explain(
                "Shapley values explain models of tables; take cam or occlusion".into(),
            ));
        }
    };
    let size = [input.image.rows, input.image.columns];
    let outputs = graphs.outputs.iter().zip(chosen).zip(values);
    Ok(outputs
        .filter_map(|((output, chosen), values)| {
            let class = output.classes().get(chosen).map(|class| (*class).to_owned());
            Some(Attention { output: output.id.clone(), class, size, values: values? })
        })
        .collect())
}

/// Yes of yes or no, else the most probable class of the only case; 0 of a number.
fn channel(output: &Output, predictions: &Predictions) -> usize {
    let Predictions::Probabilities(rows) = predictions else { return 0 };
    let row = rows.first().map(Vec::as_slice).unwrap_or_default();
    match output.is_binary() {
        true => 1,
        false => (0..row.len()).reduce(|best, at| if row[at] > row[best] { at } else { best }).unwrap_or(0),
    }
}

/// Class activation maps, averaged over the graphs, linear between their places; `None` of outputs without.
fn cam(
    graphs: &mut Graphs,
    input: &GraphInput<'_>,
    chosen: &[usize],
) -> Result<Vec<Option<Vec<f32>>>, GraphError> {
    let size = [input.image.rows, input.image.columns];
    let mut all: Vec<Option<Vec<f32>>> = vec![Some(vec![0.0; size[0] * size[1]]); graphs.outputs.len()];
    let count = graphs.members.len().max(1) as f32;
    for (place, member) in graphs.members.iter_mut().enumerate() {
        let inputs = graph_inputs(&member.file, member.size, std::slice::from_ref(input), place)?;
        for (at, output) in graphs.outputs.iter().enumerate() {
            let (Some(name), Some(sum)) = (member.file.maps.get(&output.id), all[at].as_mut()) else {
                all[at] = None;
                continue;
            };
            let port = member.graph.outputs().iter().find(|port| port.name == *name);
            let [rows, columns] = match port.map(|port| &port.shape[..]) {
                Some([_, _, rows, columns]) => [*rows as usize, *columns as usize],
                _ => [0, 0],
            };
            let found = member.graph.run_all(&inputs, &[name])?;
            let values = found.first().and_then(|case| case.first()).map(Vec::as_slice).unwrap_or_default();
            // Yes or no has one channel, for yes.
            let channel = if output.is_binary() { 0 } else { chosen[at] };
            let map =
                values.get(channel * rows * columns..(channel + 1) * rows * columns).unwrap_or_default();
            let wide = enlarged(map, [rows, columns], size);
            sum.iter_mut().zip(wide).for_each(|(sum, value)| *sum += value / count);
        }
    }
    Ok(all)
}

/// A small map over the whole image: linear between the middles of its places, the outermost as they are beyond them.
fn enlarged(map: &[f32], [rows, columns]: [usize; 2], size: [usize; 2]) -> Vec<f32> {
    if map.is_empty() || map.len() != rows * columns {
        return vec![0.0; size[0] * size[1]];
    }
    let along = |place: usize, from: usize, to: usize| {
        let middle = ((place as f32 + 0.5) * from as f32 / to as f32 - 0.5).clamp(0.0, (from - 1) as f32);
        let below = middle.floor() as usize;
        (below, (below + 1).min(from - 1), middle.fract())
    };
    let pixel = |at: usize| {
        let (top, bottom, down) = along(at / size[1], rows, size[0]);
        let (left, right, across) = along(at % size[1], columns, size[1]);
        let of =
            |row: usize| map[row * columns + left] * (1.0 - across) + map[row * columns + right] * across;
        of(top) * (1.0 - down) + of(bottom) * down
    };
    (0..size[0] * size[1]).map(pixel).collect()
}

/// How much the prediction falls when a square is covered by the mean of the image, at each pixel the mean over the squares that cover it.
fn occlusion(
    graphs: &mut Graphs,
    input: &GraphInput<'_>,
    predicted: &[Predictions],
    chosen: &[usize],
) -> Result<Vec<Option<Vec<f32>>>, GraphError> {
    let image = input.image;
    let side = (image.rows.min(image.columns) / COVER_PART).max(1);
    let starts = |length: usize| {
        let mut all: Vec<usize> = (0..=length - side).step_by((side / 2).max(1)).collect();
        if all.last() != Some(&(length - side)) {
            all.push(length - side);
        }
        all
    };
    let (down, across) = (starts(image.rows), starts(image.columns));
    let corners: Vec<[usize; 2]> =
        down.iter().flat_map(|&row| across.iter().map(move |&column| [row, column])).collect();
    let mean = image.values.iter().sum::<f32>() / image.values.len().max(1) as f32;
    let mut falls: Vec<Vec<f64>> = vec![Vec::new(); predicted.len()];
    // All copies of a large image at once would not fit into memory.
    for part in corners.chunks(COVERED_AT_ONCE) {
        let covered: Vec<Tensor> = part.iter().map(|&corner| cover(image, corner, side, mean)).collect();
        let cases: Vec<GraphInput<'_>> =
            covered.iter().map(|image| GraphInput { image, covariates: input.covariates }).collect();
        for (at, without) in graphs.predict(&cases)?.iter().enumerate() {
            let whole = value(&predicted[at], 0, chosen[at]);
            falls[at].extend((0..part.len()).map(|place| whole - value(without, place, chosen[at])));
        }
    }
    let mut all = Vec::new();
    for falls in &falls {
        let (mut sums, mut counts) =
            (vec![0.0; image.rows * image.columns], vec![0.0f32; image.rows * image.columns]);
        for (place, [top, left]) in corners.iter().enumerate() {
            let fall = falls[place] as f32;
            for row in *top..top + side {
                for at in row * image.columns + left..row * image.columns + left + side {
                    sums[at] += fall;
                    counts[at] += 1.0;
                }
            }
        }
        all.push(Some(
            sums.iter().zip(counts).map(|(sum, count): (&f32, f32)| sum / count.max(1.0)).collect(),
        ));
    }
    Ok(all)
}

fn cover(image: &Tensor, [top, left]: [usize; 2], side: usize, by: f32) -> Tensor {
    let mut covered = image.clone();
    for channel in 0..image.channels {
        for row in top..top + side {
            let start = (channel * image.rows + row) * image.columns + left;
            covered.values[start..start + side].fill(by);
        }
    }
    covered
}

/// The probability of a class, or the number, of a case.
fn value(predictions: &Predictions, case: usize, class: usize) -> f64 {
    match predictions {
        Predictions::Numbers(values) => values[case],
        Predictions::Probabilities(rows) => rows[case][class],
    }
}
