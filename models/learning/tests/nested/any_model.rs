//! What holds of every model.

use crate::made_up::{classes, gaussian, table};
use coxa_learning::{
    CrossValidated, EveryClass, Grid, Model, Outcomes, Protocol, Settings, Table, cross_validate, fit,
    grouped_folds,
};
use proptest::prelude::*;

fn settings(text: &str) -> Settings {
    toml::from_str(text).unwrap()
}

/// Models of three classes, in their TOML.
const OF_CLASSES: [&str; 9] = [
    "model = \"constant\"",
    "model = \"carry-forward\"\ncolumn = \"x1\"",
    "model = \"carry-forward\"\ncolumn = \"x1\"\nsmoothing = 0.5\nprobabilities = \"table\"",
    "model = \"logistic\"\nalpha = 0.5\nlambda = 0.01\nprepare = { missing = \"mean\", indicator = true }",
    "model = \"ordinal\"\nalpha = 0\nlambda = 0.01",
    "model = \"forest\"\ntrees = 7\nrows_in_leaf = 2",
    "model = \"boosting\"\nrounds = 6\nrows_in_leaf = 2",
    "model = \"boosting\"\nobjective = \"ordered\"\nrounds = 6\nrows_in_leaf = 2",
    "model = \"subset\"\ncolumns = [\"x1\", \"x0\"]\n[of]\nmodel = \"logistic\"\nlambda_of_max = 0.1",
];
/// Models of numbers.
const OF_NUMBERS: [&str; 5] = [
    "model = \"constant\"",
    "model = \"carry-forward\"\ncolumn = \"x2\"",
    "model = \"linear\"\nlambda_of_max = 0.05",
    "model = \"forest\"\ntrees = 7\nrows_in_leaf = 2",
    "model = \"boosting\"\nrounds = 6\nrows_in_leaf = 2",
];

/// Contributions sum to raw predictions, a round trip by JSON changes no bit, and the order of columns none either.
fn check(text: &str, rows: &Table, outcomes: &Outcomes) -> Result<(), TestCaseError> {
    let settings = settings(text);
    let again: Settings = toml::from_str(&toml::to_string(&settings).unwrap()).unwrap();
    prop_assert_eq!(&again, &settings);
    let model = fit(&settings, rows, outcomes, 3).unwrap();
    let (raw, shapley) = (model.raw(rows).unwrap(), model.shapley(rows).unwrap());
    for (row, raw) in raw.iter().enumerate() {
        prop_assert_eq!(raw.len(), shapley.outputs());
        for (output, raw) in raw.iter().enumerate() {
            let total = shapley.total(row, output);
            prop_assert!((total - raw).abs() < 1e-9 * (1.0 + raw.abs()), "{text}: {total} {raw}");
        }
    }
    let read: Model = serde_json::from_str(&serde_json::to_string(&model).unwrap()).unwrap();
    prop_assert_eq!(&read, &model);
    let mut names = rows.names().to_vec();
    names.reverse();
    let turned = rows.columns_named(&names).unwrap();
    prop_assert_eq!(read.predict(&turned).unwrap(), model.predict(rows).unwrap());
    prop_assert!(model.columns().iter().all(|name| rows.names().contains(name)));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_model_explains_itself_and_is_read_back(
        values in prop::collection::vec(
            prop::collection::vec(prop_oneof![6 => -5.0..5.0f64, 1 => Just(f64::NAN), 1 => Just(1.0)], 3), 24),
        numbers in prop::collection::vec(-10.0..10.0f64, 24),
        of in prop::collection::vec(0..3usize, 21),
    ) {
        let rows = table(&values);
        let of = [vec![0, 1, 2], of].concat();
        for text in OF_CLASSES {
            check(text, &rows, &classes(3, of.clone()))?;
        }
        for text in OF_NUMBERS {
            check(text, &rows, &Outcomes::Numbers(numbers.clone()))?;
        }
    }
}

#[test]
fn misspelt_settings_are_refused() {
    for text in [
        "model = \"constant\"\nalpha = 1",
        "model = \"logistic\"\nalfa = 1",
        "model = \"forest\"\ntree = 1",
        "model = \"logistic\"\nprepare = { impute = true }",
        "model = \"subset\"\ncolumns = [\"age\"]\nof = { model = \"constant\", alpha = 1 }",
        "model = \"carry-forward\"",
        "model = \"perceptron\"",
    ] {
        assert!(toml::from_str::<Settings>(text).is_err(), "{text}");
    }
}

#[test]
fn the_bytes_are_the_same_on_any_number_of_threads() {
    let (table, outcomes, _) = gaussian(200, 6, 5);
    let groups: Vec<usize> = (0..200).map(|row| row / 2).collect();
    let folds = grouped_folds(4, &outcomes, &groups, EveryClass::InTest, 1).unwrap();
    let grid = "base = { model = \"logistic\" }\n[vary]\nalpha = [0, 1]\nlambda_of_max = [1, 0.3, 0.1, 0.01]";
    let mut candidates = toml::from_str::<Grid>(grid).unwrap().candidates().unwrap();
    candidates.push(settings("model = \"forest\"\ntrees = 20"));
    candidates.push(settings("model = \"boosting\"\nrounds = 20"));
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let found = pool.install(|| {
            cross_validate(&candidates, &table, &outcomes, &groups, &folds, &Protocol::default())
        });
        serde_json::to_string(&found.unwrap()).unwrap()
    };
    let one = run(1);
    assert!(one == run(2) && one == run(5), "the results differ");
    let read: CrossValidated = serde_json::from_str(&one).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), one);
}
