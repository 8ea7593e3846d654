//! `plan.json`: what is trained on what, for the recipe. Cases are places; there are no names in it.

use super::assignment::{FoldAssignment, Known, OutcomeFolds};
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
    images_sha256: String,
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
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
    /// The plan of an assignment to folds; `hashes` are of manifest, table, images and recipe. Of a manifest without a network, with its defaults.
    ///
    /// # Errors
    /// Two covariates of one name.
    pub(crate) fn new(
        manifest: &Manifest,
        assignment: &FoldAssignment,
        options: NetworkOptions,
        hashes: [String; 4],
    ) -> Result<Plan, LearningError> {
        // The manifest was checked: it has a network only with steps that make images of one size.
        let [channels, rows, columns] = tensor_shape(&manifest.preprocess).unwrap_or_default();
        let mut network = manifest.network.clone().unwrap_or_default();
        network.epochs = options.epochs.unwrap_or(network.epochs);
        let [manifest_sha256, table_sha256, images_sha256, recipe_sha256] = hashes;
        let cases = assignment.cases.len();
        let mut truth = BTreeMap::from([(TRUTH, columns_of(&assignment.truth.known, cases))]);
        let mut jobs = jobs(TRUTH, &assignment.truth, true);
        if let Some(shuffled) = &assignment.shuffled {
            truth.insert(SHUFFLED, columns_of(&shuffled.known, cases));
            jobs.extend(self::jobs(SHUFFLED, shuffled, false));
        }
        Ok(Plan {
            format: FORMAT,
            manifest_sha256,
            table_sha256,
            images_sha256,
            recipe_sha256,
            seed: manifest.evaluation.seed,
            image: ImagePlan { channels, rows, columns },
            network,
            steps: options.steps,
            covariates: covariates(manifest, assignment)?,
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
fn jobs(truth: &'static str, assignment: &OutcomeFolds, export: bool) -> Vec<Job> {
    let folds = assignment.folds.iter().max().map_or(0, |last| last + 1);
    let name = if export { "fold" } else { SHUFFLED };
    let job = |fold: usize| {
        let (test, training) = (0..assignment.folds.len()).partition(|&case| assignment.folds[case] == fold);
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

fn covariates(manifest: &Manifest, assignment: &FoldAssignment) -> Result<Covariates, LearningError> {
    let mut found = Covariates {
        names: Vec::new(),
        may_miss: Vec::new(),
        rows: vec![Vec::new(); assignment.cases.len()],
    };
    let ids = covariate_ids(manifest);
    for input in manifest.inputs.iter().filter(|input| ids.contains(&input.id)) {
        let table = encode(&assignment.cases, manifest, std::slice::from_ref(&input.id))?;
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
    let kind = match &output.scale {
        Scale::Number(_) => "number",
        Scale::Flag | Scale::AtLeast(..) => "binary",
        Scale::Classes(_) | Scale::Ordered(_) => "classes",
    };
    OutputPlan { id: output.id.clone(), kind, size: output.width() }
}

#[cfg(test)]
mod tests {
    use super::super::assignment::assign_folds;
    use super::*;
    use crate::cases::{Cases, Encoding, Sheet, Truth};

    const MODULE: &str = r#"
format = 1
name = "two-outputs"
title = "Two outputs"
question = "Which?"
evidence = "synthetic-same-anatomy"
licence = { weights = "none", data = "made for a test" }
intended_use = "research only"
input = [
    { id = "film", kind = "image", modality = ["DX"] },
    { id = "age", kind = "number", range = [18, 110], missing = "indicator" },
    { id = "site", kind = "classes", classes = ["a", "b", "c"] },
    { id = "unused", kind = "flag" },
]
preprocess = [{ step = "middle_slices", count = 3 }, { step = "fit", size = [32, 48] }]
output = [
    { id = "finding", title = "Finding", kind = "binary" },
    { id = "level", title = "Level", kind = "number", range = [0, 1000] },
]
network = { covariates = ["site", "age"], epochs = 7 }
evaluation = { folds = 3, baselines = ["shuffled"] }
card = { trained_on = "nothing", method = "a network", fails_on = [] }
"#;

    /// Thirty cases of fifteen patients; every fifth has no finding, every seventh no level, the tenth and the thirteenth neither.
    fn planned() -> (FoldAssignment, Plan) {
        let manifest = Manifest::from_toml(MODULE).expect("it is right");
        let mut table = "patient,study,film,age,site,unused,finding,level\n".to_owned();
        for case in 0..30 {
            let age = if case == 4 { String::new() } else { format!("{}", 20 + case) };
            let finding = if case % 5 == 0 || case == 13 { "" } else { ["no", "yes"][case / 2 % 2] };
            let level = if case % 7 == 3 || case == 13 { String::new() } else { format!("{}", 10 * case) };
            let site = ["a", "b", "c"][case % 3];
            table.push_str(&format!("{},{case},{case}.dcm,{age},{site},yes,{finding},{level}\n", case / 2));
        }
        let sheet = Sheet::read(table.as_bytes(), Encoding::Unicode).expect("a table");
        let cases = Cases::read(&sheet, &manifest, Truth::Wanted).expect("it is right");
        let assignment = assign_folds(&cases, &manifest).expect("there are enough");
        let options = NetworkOptions { epochs: None, steps: Some(2), threads: 1 };
        let hashes = ["m", "t", "i", "r"].map(str::to_owned);
        let plan = Plan::new(&manifest, &assignment, options, hashes).expect("names are apart");
        (assignment, plan)
    }

    #[test]
    fn a_plan_masks_what_is_not_known_and_parts_no_patient() {
        let (assignment, plan) = planned();
        assert_eq!(assignment.used.len(), 28, "cases without any truth are left out");
        assert!(!assignment.used.contains(&10) && !assignment.used.contains(&13));
        assert_eq!(plan.shape(), [28, 3, 32, 48]);
        assert_eq!(plan.covariates.names, ["age", "site=a", "site=b", "site=c"]);
        assert_eq!(plan.covariates.may_miss, [1, 0, 0, 0]);
        assert_eq!(plan.covariates.rows[4], [None, Some(0.0), Some(1.0), Some(0.0)]);
        assert!(plan.numbers(4)[0].is_nan());
        assert_eq!(plan.truth["truth"][3], [Some(1.0), None]);
        assert_eq!(plan.truth["truth"][5], [None, Some(50.0)]);
        let (own, shuffled) = plan.jobs();
        assert_eq!((own.len(), shuffled.len()), (3, 3));
        for job in own.iter().chain(&shuffled) {
            let patients =
                |cases: &[usize]| cases.iter().map(|&case| assignment.groups[case]).collect::<Vec<_>>();
            let training = patients(&job.training);
            assert!(patients(&job.test).iter().all(|patient| !training.contains(patient)), "{}", job.name);
            assert_eq!(job.training.len() + job.test.len(), 28);
        }
        let text = String::from_utf8(plan.bytes()).expect("it is JSON");
        assert!(text.contains("\"epochs\":7") && text.contains("\"steps\":2"));
        assert_eq!(plan.bytes(), planned().1.bytes(), "the same cases give the same plan");
    }

    #[test]
    fn shuffled_truths_are_the_same_ones_at_the_same_cases() {
        let (_, plan) = planned();
        for output in 0..2 {
            let column = |name: &str| plan.truth[name].iter().map(|row| row[output]).collect::<Vec<_>>();
            let (own, shuffled) = (column("truth"), column("shuffled"));
            let mask = |values: &[Option<f64>]| values.iter().map(Option::is_some).collect::<Vec<_>>();
            assert_eq!(mask(&own), mask(&shuffled));
            assert_ne!(own, shuffled);
            let sorted = |values: Vec<Option<f64>>| {
                let mut values: Vec<f64> = values.into_iter().flatten().collect();
                values.sort_by(f64::total_cmp);
                values
            };
            assert_eq!(sorted(own), sorted(shuffled));
        }
    }
}
