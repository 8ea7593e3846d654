//! Time of nested cross-validation, and how near it comes to the known ceiling of twenty made-up cohorts of either kind.

#![allow(clippy::unwrap_used)] // A program that measures may stop where it cannot.

#[allow(dead_code)] // The tests use all of it.
#[path = "../tests/nested/made_up.rs"]
mod made_up;

use coxa_learning::{
    EveryClass, Outcomes, Protocol, RegressionSettings, Settings, Table, cross_validate, elastic_net, fit,
    grouped_folds,
};
use made_up::{area, area_of_gaussian_truth, area_of_logistic_truth, gaussian, logistic};
use std::time::Instant;

fn nested(table: &Table, outcomes: &Outcomes, candidates: &[Settings]) -> f64 {
    let groups: Vec<usize> = (0..table.rows()).collect();
    let folds = grouped_folds(5, outcomes, &groups, EveryClass::InTest, 1).unwrap();
    let found = cross_validate(candidates, table, outcomes, &groups, &folds, &Protocol::default()).unwrap();
    area(&found.predictions, outcomes).value
}

fn path(alphas: &[f64], steps: usize) -> Vec<Settings> {
    elastic_net(Settings::Logistic, &RegressionSettings::default(), alphas, steps, 1e-3).unwrap()
}

fn main() {
    // `cargo test --all-targets` starts benchmarks too, without this word.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let (table, outcomes, _) = gaussian(2000, 50, 1);
    let start = Instant::now();
    fit(&Settings::Logistic(RegressionSettings::default()), &table, &outcomes, 0).unwrap();
    println!(
        "logistic regression without a penalty, 2,000 x 50: {:.1} ms",
        start.elapsed().as_secs_f64() * 1e3
    );
    let start = Instant::now();
    nested(&table, &outcomes, &path(&[1.0, 0.5, 0.1], 20));
    let threads = rayon::current_num_threads();
    let seconds = start.elapsed().as_secs_f64();
    println!("five outer and five inner folds, 60 candidates, 2,000 x 50, {threads} threads: {seconds:.2} s");
    let truths: [fn(&Table, &Outcomes) -> f64; 2] = [area_of_gaussian_truth, area_of_logistic_truth];
    for (kind, name) in ["gaussian", "logistic"].into_iter().enumerate() {
        let (mut off, mut short): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
        for seed in 100..120 {
            let cohort = if kind == 0 { gaussian(2000, 10, seed) } else { logistic(2000, seed) };
            let (table, outcomes, ceiling) = cohort;
            let found = nested(&table, &outcomes, &path(&[0.5], 10));
            off.push(found - ceiling);
            short.push(found - truths[kind](&table, &outcomes));
        }
        for (what, off) in [("the ceiling", off), ("the truth on the same rows", short)] {
            let mean = off.iter().sum::<f64>() / off.len() as f64;
            let worst = off.iter().fold(0.0, |most: f64, one| most.max(one.abs()));
            let within = off.iter().filter(|one| one.abs() <= 0.02).count();
            println!(
                "{name}, area less that of {what}: mean {mean:+.4}, worst {worst:.4}, {within} of 20 within 0.02"
            );
        }
    }
}
