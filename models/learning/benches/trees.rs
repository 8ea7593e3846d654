//! Speed of boosting and forests: a table of 100,000 rows and 100 columns, five folds of 100 trees of depth 6.
//!
//!     cargo bench -p coxa-learning --bench trees -- FOLDER
//!     python models/learning/benches/trees_peers.py FOLDER
//!
//! With a folder it writes the table there, for `trees_peers.py` to time other programs on.

use coxa_learning::trees::{Boosting, BoostingSettings, Forest, ForestSettings};
use coxa_learning::{Outcomes, Table};
use cpu_time::ProcessTime;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::path::PathBuf;
use std::time::Instant;

const ROWS: usize = 100_000;
const COLUMNS: usize = 100;
const FOLDS: usize = 5;

/// A class that depends on the first five columns, by steps, a product and a wave.
fn cohort() -> (Table, Vec<usize>) {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut uniform = || random.random_range(0.0..1.0);
    let columns: Vec<Vec<f64>> = (0..COLUMNS).map(|_| (0..ROWS).map(|_| uniform()).collect()).collect();
    let class = |row: usize| {
        let x = |column: usize| columns[column][row] * 2.0 - 1.0;
        let step = if x(2) > 0.3 { 1.0 } else { -0.5 };
        let score = 2.0 * x(0) * x(1) + step + (4.0 * x(3)).sin() + x(4);
        usize::from(uniform() < 1.0 / (1.0 + (-1.5 * score).exp()))
    };
    let classes = (0..ROWS).map(class).collect();
    let named = columns.into_iter().enumerate().map(|(n, values)| (format!("x{n}"), values)).collect();
    (Table::new(named).expect("columns of one length"), classes)
}

/// Chance that a row of class 1 is predicted higher than one of class 0.
fn auc(scores: &[f64], classes: &[usize]) -> f64 {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    let ones = classes.iter().sum::<usize>() as f64;
    let ranks: f64 =
        order.iter().zip(1..).filter(|(row, _)| classes[**row] == 1).map(|(_, rank)| f64::from(rank)).sum();
    (ranks - ones * (ones + 1.0) / 2.0) / (ones * (scores.len() as f64 - ones))
}

fn rows(is_test: bool, fold: usize) -> Vec<usize> {
    (0..ROWS).filter(|row| (row % FOLDS == fold) == is_test).collect()
}

/// A fold's rows to learn from, their classes, and its rows to predict.
fn parts(table: &Table, classes: &[usize], fold: usize) -> (Table, Outcomes, Table) {
    let train = rows(false, fold);
    let outcomes = Outcomes::Classes { count: 2, of: train.iter().map(|&row| classes[row]).collect() };
    (table.rows_at(&train), outcomes, table.rows_at(&rows(true, fold)))
}

/// Does something and says how long it took on the clock and on all processors together.
fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (start, processor) = (Instant::now(), ProcessTime::now());
    let done = work();
    let [wall, processor] = [start.elapsed(), processor.elapsed()].map(|time| time.as_secs_f64());
    println!("{what}: {wall:.1} s, processor {processor:.1} s");
    done
}

fn main() {
    // `cargo test --all-targets` starts benchmarks too, without this word.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let (table, classes) = cohort();
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).map(PathBuf::from);
    if let Some(folder) = folder {
        let mut bytes: Vec<u8> = (0..COLUMNS)
            .flat_map(|column| table.column(column))
            .flat_map(|value| value.to_le_bytes())
            .collect();
        bytes.extend(classes.iter().flat_map(|&class| (class as f64).to_le_bytes()));
        std::fs::write(folder.join("table.f64"), bytes).expect("the folder is there");
    }
    let settings = BoostingSettings {
        rounds: 100,
        learning_rate: 0.1,
        leaves: 64,
        depth: 6,
        rows_in_leaf: 20,
        l2: 1.0,
        rows_drawn: 1.0,
        ..BoostingSettings::default()
    };
    let mut found = vec![0.0; ROWS];
    let mut models = Vec::new();
    timed("boosting, five folds of 100 trees of depth 6", || {
        for fold in 0..FOLDS {
            let (train, outcomes, test) = parts(&table, &classes, fold);
            let model = Boosting::fit(&train, &outcomes, &settings, 1).expect("it fits");
            let raw = model.raw(&test).expect("columns are there");
            rows(true, fold).iter().zip(raw).for_each(|(&row, raw)| found[row] = raw[0]);
            models.push(model);
        }
    });
    println!("  AUC {:.4}", auc(&found, &classes));
    let (train, outcomes, test) = parts(&table, &classes, 0);
    let some = test.rows_at(&(0..1000).collect::<Vec<usize>>());
    timed("its Shapley values of 1,000 rows", || models[0].shapley(&some).expect("columns are there"));
    let settings = ForestSettings { trees: 100, ..ForestSettings::default() };
    let found = timed("forest of 100 trees, one fold", || {
        let forest = Forest::fit(&train, &outcomes, &settings, 1).expect("it fits");
        forest.raw(&test).expect("columns are there").iter().map(|of| of[1]).collect::<Vec<f64>>()
    });
    let of_test: Vec<usize> = rows(true, 0).iter().map(|&row| classes[row]).collect();
    println!("  AUC {:.4}", auc(&found, &of_test));
}
