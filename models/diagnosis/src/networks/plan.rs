//! `plan.json`: what is trained on what, for the recipe. Cases are places; there are no names in it.

use super::deal::{Deal, Dealt, Known};
use crate::cases::encode;
use crate::manifest::{Manifest, Missing, Network, Output, Scale, tensor_shape};
use coxa_learning::{LearningError, Outcomes};
use serde::Serialize;
use std::collections::BTreeMap;

/// Form of the plan.
const FORMAT: u32 = 1;
/// Name of the truths.
const TRUTH: &str = "truth";
/// Name of the shuffled truths.
const SHUFFLED: &str = "shuffled";

/// How networks are trained, beside what the manifest says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkOptions {
    /// Passes over the training cases, instead of those of the manifest.
    pub epochs: Option<usize>,
    /// Each network stops after so many steps.
    pub steps: Option<usize>,
    /// Threads of PyTorch.
    pub threads: usize,
}

/// The plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Plan {
    format: u32,
    /// Hashes of what the plan was made of.
    manifest_sha256: String,
    table_sha256: String,
    recipe_sha256: String,
    seed: u64,
    image: ImagePlan,
    network: Network,
    steps: Option<usize>,
    covariates: Covariates,
    outputs: Vec<OutputPlan>,
    /// Truths by name, case by output; null where there is none.
    truth: BTreeMap<&'static str, Vec<Vec<Option<f64>>>>,
    pub(crate) jobs: Vec<Job>,
}

/// Size of the images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct ImagePlan {
    channels: usize,
    rows: usize,
    columns: usize,
}

/// Numbers beside the image.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Covariates {
    names: Vec<String>,
    /// By column: 1 where cases may lack it, so that the network is told where.
    may_miss: Vec<u8>,
    /// By case; null where it is missing.
    rows: Vec<Vec<Option<f64>>>,
}

/// One output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct OutputPlan {
    id: String,
    kind: &'static str,
    /// Numbers that the network gives for it.
    size: usize,
}

/// One network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Job {
    /// Name of its files.
    pub(crate) name: String,
    /// Name of its truths.
    truth: &'static str,
    training: Vec<usize>,
    pub(crate) test: Vec<usize>,
    /// Whether its graph is wanted.
    pub(crate) export: bool,
}

/// Ids of the inputs that a network takes beside the image, in their order.
pub(crate) fn covariate_ids(manifest: &Manifest) -> Vec<String> {
    let wanted = manifest.network.as_ref().and_then(|network| network.covariates.as_ref());
    let values = manifest.inputs.iter().filter(|input| input.is_value()).map(|input| &input.id);
    values.filter(|id| wanted.is_none_or(|wanted| wanted.contains(id))).cloned().collect()
}

impl Plan {
    /// The plan of a deal; `hashes` are of manifest, table and recipe. Of a manifest without a network, with its defaults.
    ///
    /// # Errors
    /// Two covariates of one name.
    pub(crate) fn new(
        manifest: &Manifest,
        deal: &Deal,
        options: NetworkOptions,
        hashes: [String; 3],
    ) -> Result<Plan, LearningError> {
        // The manifest was checked: it has a network only with steps that make images of one size.
        let [channels, rows, columns] = tensor_shape(&manifest.preprocess).unwrap_or_default();
        let mut network = manifest.network.clone().unwrap_or_default();
        network.epochs = options.epochs.unwrap_or(network.epochs);
        let [manifest_sha256, table_sha256, recipe_sha256] = hashes;
        let cases = deal.cases.len();
        let mut truth = BTreeMap::from([(TRUTH, columns_of(&deal.truth.known, cases))]);
        let mut jobs = jobs(TRUTH, &deal.truth, true);
        if let Some(shuffled) = &deal.shuffled {
            truth.insert(SHUFFLED, columns_of(&shuffled.known, cases));
            jobs.extend(self::jobs(SHUFFLED, shuffled, false));
        }
        Ok(Plan {
            format: FORMAT,
            manifest_sha256,
            table_sha256,
            recipe_sha256,
            seed: manifest.evaluation.seed,
            image: ImagePlan { channels, rows, columns },
            network,
            steps: options.steps,
            covariates: covariates(manifest, deal)?,
            outputs: manifest.outputs.iter().map(output_plan).collect(),
            truth,
            jobs,
        })
    }

    /// As it is written.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        // Structures without maps of other keys than text always serialise.
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Cases, channels, rows and columns of the images.
    pub(crate) fn shape(&self) -> [usize; 4] {
        [self.covariates.rows.len(), self.image.channels, self.image.rows, self.image.columns]
    }

    /// The numbers beside the image of a case.
    pub(crate) fn numbers(&self, case: usize) -> Vec<f32> {
        self.covariates.rows[case].iter().map(|value| value.map_or(f32::NAN, |value| value as f32)).collect()
    }

    /// Id and numbers of each output.
    pub(crate) fn sizes(&self) -> impl Iterator<Item = (&str, usize)> {
        self.outputs.iter().map(|output| (output.id.as_str(), output.size))
    }

    /// The jobs of the true outcomes, then those of the shuffled ones.
    pub(crate) fn jobs(&self) -> (Vec<&Job>, Vec<&Job>) {
        self.jobs.iter().partition(|job| job.export)
    }
}

/// A network for each fold.
fn jobs(truth: &'static str, dealt: &Dealt, export: bool) -> Vec<Job> {
    let folds = dealt.folds.iter().max().map_or(0, |last| last + 1);
    let name = if export { "fold" } else { SHUFFLED };
    let job = |fold: usize| {
        let (test, training) = (0..dealt.folds.len()).partition(|&case| dealt.folds[case] == fold);
        Job { name: format!("{name}{fold}"), truth, training, test, export }
    };
    (0..folds).map(job).collect()
}

/// Truths as columns of numbers: classes by their places.
fn columns_of(known: &[Known], cases: usize) -> Vec<Vec<Option<f64>>> {
    let mut rows = vec![vec![None; known.len()]; cases];
    for (at, (places, truth)) in known.iter().enumerate() {
        for (row, &place) in places.iter().enumerate() {
            rows[place][at] = Some(match truth {
                Outcomes::Numbers(values) => values[row],
                Outcomes::Classes { of, .. } => of[row] as f64,
            });
        }
    }
    rows
}

fn covariates(manifest: &Manifest, deal: &Deal) -> Result<Covariates, LearningError> {
    let mut found =
        Covariates { names: Vec::new(), may_miss: Vec::new(), rows: vec![Vec::new(); deal.cases.len()] };
    let ids = covariate_ids(manifest);
    for input in manifest.inputs.iter().filter(|input| ids.contains(&input.id)) {
        let table = encode(&deal.cases, manifest, std::slice::from_ref(&input.id))?;
        for (column, name) in table.names().iter().enumerate() {
            found.names.push(name.clone());
            found.may_miss.push(u8::from(input.missing == Missing::Indicator));
            for (row, value) in found.rows.iter_mut().zip(table.column(column)) {
                row.push(Some(*value).filter(|value| value.is_finite()));
            }
        }
    }
    Ok(found)
}

fn output_plan(output: &Output) -> OutputPlan {
    let (kind, size) = match &output.scale {
        Scale::Number(_) => ("number", 1),
        Scale::Flag | Scale::AtLeast(..) => ("binary", 1),
        Scale::Classes(classes) | Scale::Ordered(classes) => ("classes", classes.len()),
    };
    OutputPlan { id: output.id.clone(), kind, size }
}
