//! What holds of any data: constraints, sums of contributions, files, and the number of threads.

use coxa_learning::trees::{Boosting, BoostingSettings, Forest, ForestSettings, Monotone, Objective};
use coxa_learning::{Outcomes, Predictions, Table};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

/// Columns with ties, missing values and a scale of their own.
fn table(random: &mut ChaCha8Rng, rows: usize, columns: usize) -> Table {
    let column = |n: usize| {
        let steps = [4.0, 20.0, 1e6][n % 3];
        let values = (0..rows).map(|_| {
            let value: f64 = random.random_range(-1.0..1.0);
            if random.random_range(0..10) == 0 {
                f64::NAN
            } else {
                (value * steps).round() * 10f64.powi(n as i32 * 3)
            }
        });
        (format!("x{n}"), values.collect())
    };
    Table::new((0..columns).map(column).collect()).unwrap()
}

fn numbers(random: &mut ChaCha8Rng, table: &Table) -> Vec<f64> {
    let value = |row: usize| {
        let sum: f64 =
            (0..table.columns()).map(|n| table.at(row, n)).filter(|x| !x.is_nan()).map(f64::signum).sum();
        sum + random.random_range(-2.0..2.0)
    };
    (0..table.rows()).map(value).collect()
}

fn classes(random: &mut ChaCha8Rng, table: &Table, count: usize) -> Outcomes {
    let numbers = numbers(random, table);
    let class = |value: &f64| ((value + 3.0).max(0.0) as usize * count / 6).min(count - 1);
    let mut of: Vec<usize> = numbers.iter().map(class).collect();
    (of[0], of[1]) = (0, 1);
    Outcomes::Classes { count, of }
}

fn settings(objective: Option<Objective>) -> BoostingSettings {
    BoostingSettings {
        objective,
        rounds: 20,
        learning_rate: 0.3,
        rows_in_leaf: 3,
        ..BoostingSettings::default()
    }
}

/// The table with one column at other values, all rows the same.
fn with(table: &Table, column: usize, value: f64) -> Table {
    let values = |n: usize| if n == column { vec![value; table.rows()] } else { table.column(n).to_vec() };
    Table::new((0..table.columns()).map(|n| (table.names()[n].clone(), values(n))).collect()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn constrained_columns_act_in_their_direction_to_the_last_bit(seed in any::<u64>(), kind in 0..3usize) {
        let random = &mut ChaCha8Rng::seed_from_u64(seed);
        let table = table(random, 120, 4);
        let (objective, outcomes) = match kind {
            0 => (Objective::SquaredError, Outcomes::Numbers(numbers(random, &table))),
            1 => (Objective::Logistic, classes(random, &table, 2)),
            _ => (Objective::Ordered, classes(random, &table, 4)),
        };
        let monotone = BTreeMap::from([
            ("x0".to_owned(), Monotone::Increasing),
            ("x1".to_owned(), Monotone::Decreasing),
            ("x2".to_owned(), Monotone::Decreasing),
        ]);
        let settings = BoostingSettings { monotone, depth: 6, leaves: 20, ..settings(Some(objective)) };
        let model = Boosting::fit(&table, &outcomes, &settings, seed).unwrap();
        for (column, sign) in [(0, 1.0), (1, -1.0), (2, -1.0)] {
            let mut values: Vec<f64> = table.column(column).iter().copied().filter(|x| !x.is_nan()).collect();
            values.sort_by(f64::total_cmp);
            values.dedup();
            let mut before: Option<Vec<Vec<f64>>> = None;
            for value in values {
                let raw = model.raw(&with(&table, column, value)).unwrap();
                for (before, raw) in before.iter().flatten().zip(&raw) {
                    prop_assert!(sign * raw[0] >= sign * before[0], "{column}: {} then {}", before[0], raw[0]);
                }
                before = Some(raw);
            }
        }
    }

    #[test]
    fn contributions_sum_to_raw_predictions(seed in any::<u64>(), kind in 0..4usize) {
        let random = &mut ChaCha8Rng::seed_from_u64(seed);
        let table = table(random, 150, 5);
        let (objective, outcomes) = match kind {
            0 => (Objective::SquaredError, Outcomes::Numbers(numbers(random, &table))),
            1 => (Objective::Logistic, classes(random, &table, 2)),
            2 => (Objective::Multinomial, classes(random, &table, 3)),
            _ => (Objective::Ordered, classes(random, &table, 4)),
        };
        let boosting = Boosting::fit(&table, &outcomes, &settings(Some(objective)), seed).unwrap();
        let forest = ForestSettings { trees: 20, rows_in_leaf: 1, ..ForestSettings::default() };
        let forest = Forest::fit(&table, &outcomes, &forest, seed).unwrap();
        let background = table.rows_at(&[3, 50, 99, 120]);
        let found = [
            (boosting.raw(&table).unwrap(), boosting.shapley(&table).unwrap()),
            (forest.raw(&table).unwrap(), forest.shapley(&table).unwrap()),
            (boosting.raw(&table).unwrap(), boosting.shapley_against(&table, &background).unwrap()),
            (forest.raw(&table).unwrap(), forest.shapley_against(&table, &background).unwrap()),
        ];
        for (raw, shapley) in found {
            for (row, raw) in raw.iter().enumerate() {
                for (output, raw) in raw.iter().enumerate() {
                    let total = shapley.total(row, output);
                    prop_assert!((total - raw).abs() < 1e-9, "{} instead of {}", total, raw);
                }
            }
        }
    }
}

/// All kinds of models, as JSON.
fn models() -> Vec<(Table, String)> {
    let random = &mut ChaCha8Rng::seed_from_u64(5);
    let table = table(random, 3000, 12);
    let outcomes = [
        Outcomes::Numbers(numbers(random, &table)),
        classes(random, &table, 2),
        classes(random, &table, 3),
        classes(random, &table, 3),
    ];
    let objectives = [None, None, None, Some(Objective::Ordered)];
    let forest = ForestSettings { trees: 20, ..ForestSettings::default() };
    let mut found = Vec::new();
    for (outcomes, objective) in outcomes.iter().zip(objectives) {
        let settings = BoostingSettings { columns_drawn: 0.7, ..settings(objective) };
        let boosting = Boosting::fit(&table, outcomes, &settings, 9).unwrap();
        found.push((table.clone(), serde_json::to_string(&boosting).unwrap()));
        let groups: Vec<usize> = (0..table.rows()).map(|row| row / 3).collect();
        let (forest, out_of_bag) = Forest::fit_out_of_bag(&table, outcomes, &groups, &forest, 9).unwrap();
        found.push((table.clone(), serde_json::to_string(&(forest, out_of_bag)).unwrap()));
    }
    found
}

#[test]
fn models_have_the_same_bytes_on_any_number_of_threads() {
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(models)
    };
    let alone = on(1);
    for threads in [2, 5] {
        for ((_, text), (_, expected)) in on(threads).iter().zip(&alone) {
            assert_eq!(text, expected);
        }
    }
}

#[test]
fn models_are_read_as_they_were_written() {
    for (place, (table, text)) in models().into_iter().enumerate() {
        if place % 2 == 0 {
            let model: Boosting = serde_json::from_str(&text).unwrap();
            assert_eq!(serde_json::to_string(&model).unwrap(), text);
            assert_eq!(model.raw(&table).unwrap().len(), table.rows());
        } else {
            let (model, _): (Forest, serde_json::Value) = serde_json::from_str(&text).unwrap();
            assert!(text.starts_with(&format!("[{}", serde_json::to_string(&model).unwrap())));
        }
    }
}

#[test]
fn foreign_text_is_refused_or_predicts_and_never_panics() {
    let random = &mut ChaCha8Rng::seed_from_u64(11);
    let table = table(random, 200, 3);
    let outcomes = classes(random, &table, 3);
    let settings = BoostingSettings { rounds: 3, ..settings(None) };
    let boosting = serde_json::to_string(&Boosting::fit(&table, &outcomes, &settings, 1).unwrap()).unwrap();
    let forest = ForestSettings { trees: 3, ..ForestSettings::default() };
    let forest = serde_json::to_string(&Forest::fit(&table, &outcomes, &forest, 1).unwrap()).unwrap();
    let some = table.rows_at(&[0, 1, 2]);
    let bits = [
        "-1",
        "0",
        "1",
        "7",
        "99999999999",
        "1e300",
        "-",
        "[",
        "]",
        ",",
        "null",
        "multinomial",
        "ordered",
        "",
    ];
    let mut read = 0;
    for _ in 0..4000 {
        let mut text = if random.random_range(0..2) == 0 { boosting.clone() } else { forest.clone() };
        for _ in 0..random.random_range(1..4) {
            let from = random.random_range(0..text.len() as u32) as usize;
            let to = (from + random.random_range(0..4)).min(text.len());
            text.replace_range(from..to, bits[random.random_range(0..bits.len() as u32) as usize]);
        }
        if let Ok(model) = serde_json::from_str::<Boosting>(&text) {
            let predicted = model.predict(&some);
            read += usize::from(predicted.is_ok() && model.shapley(&some).is_ok());
        }
        if let Ok(model) = serde_json::from_str::<Forest>(&text) {
            let predicted = model.predict(&some);
            read += usize::from(predicted.is_ok() && model.shapley(&some).is_ok());
        }
    }
    assert!(read > 50, "only {read} were read");
}

#[test]
fn early_stopping_keeps_the_best_round() {
    let random = &mut ChaCha8Rng::seed_from_u64(3);
    let table = table(random, 600, 4);
    let outcomes = classes(random, &table, 4);
    let held: Vec<usize> = (0..600).filter(|row| row % 3 == 0).collect();
    for objective in [Objective::Ordered, Objective::Multinomial] {
        let settings = BoostingSettings { rounds: 300, patience: 10, ..settings(Some(objective)) };
        let (model, losses) = Boosting::fit_stopping(&table, &outcomes, &held, &settings, 1).unwrap();
        let best = losses.iter().copied().fold(f64::INFINITY, f64::min);
        assert_eq!(losses[model.rounds()], best);
        assert_eq!(losses.len(), model.rounds() + 11);
        assert!(model.rounds() > 2 && best < losses[0]);
        // The loss is that of what the model predicts of the rows held out.
        let Predictions::Probabilities(found) = model.predict(&table.rows_at(&held)).unwrap() else {
            panic!()
        };
        let Outcomes::Classes { of, .. } = outcomes.rows_at(&held) else { panic!() };
        let loss = found.iter().zip(of).map(|(p, class)| -p[class].ln()).sum::<f64>() / held.len() as f64;
        assert!((loss - best).abs() < 1e-12, "{loss} {best}");
    }
    assert!(Boosting::fit_stopping(&table, &outcomes, &[600], &settings(None), 1).is_err());
    assert!(Boosting::fit_stopping(&table, &outcomes, &[], &settings(None), 1).is_err());
}
