//! The networks of a module predict from the images of cases.

use super::apply::Applied;
use super::error::WorkflowError;
use super::prepare::Prepared;
use crate::cases::{Cases, encode};
use crate::graphs::{Attention, GraphInput, Graphs, attention};
use crate::images::{Tensor, tensors};
use crate::manifest::{ExplainMethod, GraphFile, Manifest};
use crate::training::{FittedOutput, calibrated};
use coxa_learning::Predictions;
use std::path::Path;

/// Cases that are in memory at a time.
const AT_ONCE: usize = 64;

/// What predicts, and from which images.
#[derive(Debug, Clone, Copy)]
pub struct ImagePrediction<'a> {
    /// The manifest.
    pub manifest: &'a Manifest,
    /// Folder of the manifest, with its graphs.
    pub folder: &'a Path,
    /// Folder of the images that the table names.
    pub images: &'a Path,
    /// Calibration by output, of a module that was trained; else none.
    pub fitted: &'a [FittedOutput],
    /// How predictions are explained.
    pub explain: Option<ExplainMethod>,
}

/// Which places of one case's image speak for each prediction.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// Place of the case in the table.
    pub case: usize,
    /// The image as the networks see it.
    pub image: Tensor,
    /// By output.
    pub attention: Vec<Attention>,
}

/// Predicts each output of all cases by the graphs of a module, calibrated where the module was trained. Each image is looked at once before anything is predicted, so that one that
/// cannot be used is told of at once. `explained` is given what was asked for, `done` is told of each case.
///
/// # Errors
/// Images that cannot be used, by row; graphs that do not fit the manifest or cannot be run.
pub fn predict_images(
    asked: &ImagePrediction<'_>,
    prepared: &Prepared,
    explained: &mut dyn FnMut(Explained),
    done: &mut dyn FnMut(usize),
) -> Result<Vec<Applied>, WorkflowError> {
    let ImagePrediction { manifest, folder, images, fitted, explain } = *asked;
    let cases = &prepared.cases;
    let beside = covariates(cases, manifest)?;
    let mut graphs = Graphs::load(folder, manifest)?;
    if cases.len() > AT_ONCE {
        tensors(cases, manifest, images, &mut |_, _| {})?;
    }
    let mut all: Vec<Option<Predictions>> = vec![None; manifest.outputs.len()];
    let places: Vec<usize> = (0..cases.len()).collect();
    for part in places.chunks(AT_ONCE) {
        let mut seen: Vec<Tensor> = Vec::new();
        tensors(&cases.at(part), manifest, images, &mut |_, tensor| seen.push(tensor))?;
        let rows: Vec<Vec<Vec<f32>>> = part.iter().map(|&case| row(&beside, case)).collect();
        let inputs: Vec<GraphInput<'_>> =
            seen.iter().zip(&rows).map(|(image, covariates)| GraphInput { image, covariates }).collect();
        for (sum, found) in all.iter_mut().zip(graphs.predict(&inputs)?) {
            match sum {
                Some(sum) => join(sum, found),
                None => *sum = Some(found),
            }
        }
        for (case, input) in part.iter().zip(&inputs) {
            if let Some(method) = explain {
                let attention = attention(&mut graphs, input, method)?;
                explained(Explained { case: *case, image: input.image.clone(), attention });
            }
            done(*case);
        }
    }
    let outputs = manifest.outputs.iter().zip(all);
    Ok(outputs
        .filter_map(|(output, predictions)| {
            let by = fitted.iter().find(|fitted| fitted.output == output.id);
            let by = by.and_then(|fitted| fitted.recalibrator.as_ref());
            let predictions = calibrated(by, predictions?);
            Some(Applied { output: output.id.clone(), predictions, shapley: None })
        })
        .collect())
}

fn join(all: &mut Predictions, more: Predictions) {
    match (all, more) {
        (Predictions::Numbers(all), Predictions::Numbers(more)) => all.extend(more),
        (Predictions::Probabilities(all), Predictions::Probabilities(more)) => all.extend(more),
        _ => {}
    }
}

/// For each graph the columns of numbers that it takes beside the image, in the order of its ids.
fn covariates(cases: &Cases, manifest: &Manifest) -> Result<Vec<Vec<Vec<f64>>>, WorkflowError> {
    let graph = |file: &GraphFile| {
        let ids = file.covariates.as_ref().map_or(&[][..], |covariates| &covariates.ids);
        let table = encode(cases, manifest, ids)?;
        Ok((0..table.columns()).map(|place| table.column(place).to_vec()).collect())
    };
    manifest.graphs.iter().map(graph).collect()
}

/// Numbers of one case for each graph.
fn row(beside: &[Vec<Vec<f64>>], case: usize) -> Vec<Vec<f32>> {
    beside.iter().map(|columns| columns.iter().map(|column| column[case] as f32).collect()).collect()
}
