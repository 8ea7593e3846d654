//! Whatever comes in, the answer is a model or an error, and never a panic.

use crate::made_up::{classes, table};
use coxa_learning::{
    EveryClass, Model, Outcomes, Protocol, Settings, Table, cross_validate, fit, grouped_folds,
    leave_one_group_out,
};
use proptest::prelude::*;

const MODELS: [&str; 7] = [
    "model = \"constant\"",
    "model = \"carry-forward\"\ncolumn = \"x0\"",
    "model = \"carry-forward\"\ncolumn = \"x0\"\nprobabilities = \"one-hot\"",
    "model = \"linear\"\nlambda_of_max = 0.1",
    "model = \"logistic\"",
    "model = \"logistic\"\nalpha = 0.5\nlambda = 1e-6\nprepare = { missing = \"refuse\" }",
    "model = \"ordinal\"",
];

/// Numbers of any size, and those that a table repeats.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => -3.0..3.0f64,
        2 => (0..3u8).prop_map(f64::from),
        1 => prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO,
        1 => Just(f64::NAN),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn any_table_gives_a_model_or_an_error(
        values in prop::collection::vec(prop::collection::vec(number(), 2), 1..12),
        of in prop::collection::vec(0..4usize, 12),
        numbers in prop::collection::vec(prop::num::f64::NORMAL, 12),
        new in prop::collection::vec(number(), 2),
        count in 0..5usize,
    ) {
        let rows = table(&values);
        let new = table(&[new]);
        let groups: Vec<usize> = of[..values.len()].to_vec();
        for outcomes in [classes(count, groups.clone()), Outcomes::Numbers(numbers[..values.len()].to_vec())] {
            for text in MODELS {
                let settings: Settings = toml::from_str(text).unwrap();
                if let Ok(model) = fit(&settings, &rows, &outcomes, 0) {
                    let read: Model = serde_json::from_str(&serde_json::to_string(&model).unwrap()).unwrap();
                    prop_assert_eq!(read.predict(&new), model.predict(&new));
                    let (raw, shapley) = (model.raw(&new), model.shapley(&new));
                    prop_assert!(raw.is_err() || shapley.is_ok());
                }
            }
            let _ = leave_one_group_out(&outcomes, &groups);
            let _ = grouped_folds(count, &outcomes, &groups, EveryClass::InTraining, 0).map(|folds| {
                let settings = [toml::from_str(MODELS[4]).unwrap(), toml::from_str(MODELS[0]).unwrap()];
                cross_validate(&settings, &rows, &outcomes, &groups, &folds, &Protocol::default())
            });
        }
    }
}

#[test]
fn tables_without_rows_or_columns_are_errors_or_constants() {
    let none = Table::new(vec![]).unwrap();
    for text in MODELS {
        let settings: Settings = toml::from_str(text).unwrap();
        assert!(fit(&settings, &none, &Outcomes::Numbers(vec![]), 0).is_err(), "{text}");
    }
    let same = table(&[vec![1.0], vec![1.0], vec![1.0]]);
    let model =
        fit(&toml::from_str("model = \"ordinal\"").unwrap(), &same, &classes(2, vec![0, 1, 1]), 0).unwrap();
    let rows = model.raw(&same).unwrap();
    assert_eq!(rows, vec![vec![0.0]; 3]);
    assert!(model.shapley(&same).is_ok());
}
