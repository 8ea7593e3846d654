//! How often 95 % intervals of a cross-validated area hold what the model of all cases reaches on new ones: by DeLong, and as `evaluate` widens them.

#![allow(clippy::unwrap_used)] // A program that measures may stop where it cannot.

use coxa_diagnosis::cases::{Encoding, Truth, encode, outcomes};
use coxa_diagnosis::evaluation::{EvaluationInput, evaluate};
use coxa_diagnosis::manifest::{Manifest, shipped};
use coxa_diagnosis::training::{calibrated, train};
use coxa_diagnosis::virtual_cases::{Law, draw};
use coxa_diagnosis::{Prepared, TableOptions, prepare};
use coxa_learning::{Outcomes, Predictions, Table};
use coxa_statistics::{Level, Ratings};
use std::collections::BTreeMap;
use std::path::Path;

/// Cases on which the truth is found.
const NEW_CASES: usize = 20_000;
/// Seeds of cohorts and of the new cases.
const FIRST_SEED: u64 = 1000;
const SEED_OF_NEW: u64 = 999;
/// Cases, cohorts, and whether there is something to learn.
const STUDIES: [(usize, u64, bool); 5] =
    [(200, 100, true), (200, 100, false), (500, 60, true), (1000, 40, true), (2000, 20, true)];

fn main() {
    // `cargo test --all-targets` starts benchmarks too, without this word.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    for (cases, cohorts, has_signal) in STUDIES {
        let [delong, widened] = held(cases, cohorts, has_signal);
        let what = if has_signal { "" } else { ", nothing to be learnt" };
        println!("{cases} cases{what}: of {cohorts} cohorts DeLong holds in {delong}, widened in {widened}");
    }
}

/// In how many cohorts an interval holds the truth: DeLong's, and the widened one.
fn held(count: usize, cohorts: u64, has_signal: bool) -> [usize; 2] {
    let (manifest, law) = module(has_signal);
    let output = &manifest.outputs[0];
    let new = cases(&manifest, &law, NEW_CASES, SEED_OF_NEW);
    let (new_table, new_truth) = (table(&manifest, &new), outcomes(&new.cases, output).1);
    let mut held = [0, 0];
    for seed in FIRST_SEED..FIRST_SEED + cohorts {
        let cohort = cases(&manifest, &law, count, seed);
        let trained = train(&cohort.cases, &manifest, &BTreeMap::new(), &|_| {}).unwrap().outputs.remove(0);
        let model = &trained.fitted;
        let on_new = calibrated(
            model.recalibrator.as_ref(),
            model.model.as_ref().unwrap().predict(&new_table).unwrap(),
        );
        let truth = ratings(&on_new, &new_truth).area();
        let delong = ratings(&trained.predictions, &trained.outcomes).estimate(Level::NINETY_FIVE);
        let input = EvaluationInput {
            output,
            predictions: &trained.predictions,
            outcomes: &trained.outcomes,
            groups: &trained.groups,
            parts: &[],
            frozen: &[],
            shuffled: &[],
            retrained: &trained.retrained,
            seed: 1,
        };
        let widened = evaluate(&input, &[]).unwrap().predictors[0].measures[0].interval;
        for (held, interval) in held.iter_mut().zip([delong.interval, widened]) {
            *held += usize::from(interval.unwrap().contains(truth));
        }
    }
    held
}

/// The module of laminoplasty with its elastic net alone, and its law; without a signal the recovery depends on nothing.
fn module(has_signal: bool) -> (Manifest, Law) {
    let module = shipped("laminoplasty-outcome").unwrap();
    let mut manifest = module.manifest;
    manifest.evaluation.baselines.clear();
    manifest.candidates.truncate(1);
    let mut law: toml::Table = toml::from_str(module.law.as_deref().unwrap()).unwrap();
    if !has_signal {
        let recovery = law["variable"].as_array_mut().unwrap().last_mut().unwrap();
        recovery["draw"] = toml::from_str::<toml::Value>(
            "law = \"normal\"\nmean = 40\nsd = 24\nrange = [-60, 100]\nstep = 0.1",
        )
        .unwrap();
    }
    (manifest, Law::from_toml(&toml::to_string(&law).unwrap()).unwrap())
}

fn cases(manifest: &Manifest, law: &Law, count: usize, seed: u64) -> Prepared {
    let options = TableOptions { encoding: Encoding::Unicode, images: Path::new(""), truth: Truth::Wanted };
    let drawn = draw(law, manifest, count, seed).unwrap();
    prepare(manifest, &drawn.csv, options, &mut |_| {}).unwrap()
}

fn table(manifest: &Manifest, cases: &Prepared) -> Table {
    let values = manifest.inputs.iter().filter(|input| input.is_value());
    encode(&cases.cases, manifest, &values.map(|input| input.id.clone()).collect::<Vec<_>>()).unwrap()
}

fn ratings(predictions: &Predictions, truth: &Outcomes) -> Ratings {
    let (Predictions::Probabilities(rows), Outcomes::Classes { of, .. }) = (predictions, truth) else {
        panic!("the output is binary");
    };
    let probabilities: Vec<f64> = rows.iter().map(|row| row[1]).collect();
    Ratings::new(&probabilities, &of.iter().map(|class| *class == 1).collect::<Vec<bool>>()).unwrap()
}
