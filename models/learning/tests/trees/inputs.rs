//! Extreme input: answered or refused in words.

use coxa_learning::trees::{Boosting, BoostingSettings, Forest, ForestSettings, Monotone, Objective};
use coxa_learning::{LearningError, Outcomes, Predictions, Table};
use std::collections::BTreeMap;

fn table(columns: &[(&str, Vec<f64>)]) -> Table {
    Table::new(columns.iter().map(|(name, values)| ((*name).to_owned(), values.clone())).collect()).unwrap()
}

fn classes(count: usize, of: &[usize]) -> Outcomes {
    Outcomes::Classes { count, of: of.to_vec() }
}

/// Both models of a table, few and small trees.
fn fit(table: &Table, outcomes: &Outcomes) -> Result<(Boosting, Forest), LearningError> {
    let boosting = BoostingSettings {
        rounds: 10,
        learning_rate: 0.3,
        rows_in_leaf: 1,
        rows_drawn: 1.0,
        ..BoostingSettings::default()
    };
    let forest = ForestSettings { trees: 10, rows_in_leaf: 1, ..ForestSettings::default() };
    Ok((Boosting::fit(table, outcomes, &boosting, 1)?, Forest::fit(table, outcomes, &forest, 1)?))
}

fn numbers(predictions: Predictions) -> Vec<f64> {
    let Predictions::Numbers(found) = predictions else { panic!("numbers are expected") };
    found
}

#[test]
fn columns_that_say_nothing_predict_the_mean() {
    let table = table(&[("constant", vec![3.0; 6]), ("missing", vec![f64::NAN; 6])]);
    let outcomes = Outcomes::Numbers(vec![1.0, 2.0, 3.0, 4.0, 5.0, 9.0]);
    let (boosting, forest) = fit(&table, &outcomes).unwrap();
    assert!(numbers(boosting.predict(&table).unwrap()).iter().all(|found| (found - 4.0).abs() < 1e-12));
    let found = numbers(forest.predict(&table).unwrap());
    assert!(found.iter().all(|&value| value == found[0]) && found[0] > 1.0 && found[0] < 9.0);
    let shapley = boosting.shapley(&table).unwrap();
    assert_eq!(shapley.of(0, 0), [0.0, 0.0]);
}

#[test]
fn no_column_at_all_predicts_the_mean() {
    // A table without columns has no rows either.
    let none = Table::new(vec![]).unwrap();
    assert!(matches!(fit(&none, &Outcomes::Numbers(vec![])), Err(LearningError::TooFew { .. })));
    assert!(matches!(fit(&none, &Outcomes::Numbers(vec![1.0])), Err(LearningError::Lengths { .. })));
}

#[test]
fn one_row_and_one_class_are_refused() {
    let one = table(&[("a", vec![1.0])]);
    let expected = LearningError::TooFew { what: "rows", needed: 2, found: 1 };
    assert_eq!(fit(&one, &Outcomes::Numbers(vec![1.0])).unwrap_err(), expected);
    let four = table(&[("a", vec![1.0, 2.0, 3.0, 4.0])]);
    let found = fit(&four, &classes(3, &[1; 4])).unwrap_err();
    assert_eq!(found.to_string(), "2 classes with rows are needed and 1 are there");
    assert!(matches!(fit(&four, &classes(2, &[0, 1, 2, 0])), Err(LearningError::Class { .. })));
    assert!(matches!(fit(&four, &classes(usize::MAX, &[0, 1, 2, 0])), Err(LearningError::Setting { .. })));
}

#[test]
fn numbers_that_do_not_vary_are_predicted() {
    let table = table(&[("a", vec![1.0, 2.0, 3.0, 4.0])]);
    for value in [0.1, -1e100, 1e-300, 0.0] {
        let (boosting, forest) = fit(&table, &Outcomes::Numbers(vec![value; 4])).unwrap();
        for found in [boosting.predict(&table).unwrap(), forest.predict(&table).unwrap()].map(numbers) {
            assert!(found.iter().all(|found| (found - value).abs() <= 1e-15 * value.abs()), "{found:?}");
        }
        assert!(boosting.shapley(&table).unwrap().of(0, 0).iter().all(|part| *part == 0.0));
    }
}

#[test]
fn huge_magnitudes_are_predicted_or_refused() {
    let rows = 40;
    let huge: Vec<f64> = (0..rows).map(|n| (f64::from(n) - 19.5) / 20.0 * f64::MAX).collect();
    let tiny: Vec<f64> = (0..rows).map(|n| f64::from(n) * 5e-324).collect();
    let table = table(&[("huge", huge), ("tiny", tiny)]);
    let outcome: Vec<f64> = (0..rows).map(|n| if n < 20 { -1e100 } else { 1e100 }).collect();
    let (boosting, forest) = fit(&table, &Outcomes::Numbers(outcome.clone())).unwrap();
    for found in [boosting.predict(&table).unwrap(), forest.predict(&table).unwrap()].map(numbers) {
        assert!(found.iter().zip(&outcome).all(|(found, outcome)| found * outcome > 0.0), "{found:?}");
    }
    assert!(boosting.shapley(&table).unwrap().of(0, 0).iter().all(|part| part.is_finite()));
    let beyond = fit(&table, &Outcomes::Numbers(vec![1e101; 40])).unwrap_err().to_string();
    assert!(beyond.contains("each outcome"), "{beyond}");
}

#[test]
fn duplicates_and_ties_are_one_value() {
    let table = table(&[
        ("a", [vec![1.0; 50], vec![2.0; 50]].concat()),
        ("b", [vec![1.0; 50], vec![2.0; 50]].concat()),
    ]);
    let outcomes = classes(2, &[vec![0; 50], vec![1; 50]].concat());
    let (boosting, forest) = fit(&table, &outcomes).unwrap();
    for predictions in [boosting.predict(&table).unwrap(), forest.predict(&table).unwrap()] {
        let Predictions::Probabilities(found) = predictions else { panic!() };
        assert!(found[0][1] < 0.4 && found[99][1] > 0.6);
        assert!(found.iter().all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-12));
    }
}

#[test]
fn a_column_of_a_million_values_has_255_bins() {
    let rows = 1_000_000_i64;
    let values: Vec<f64> = (0..rows).map(|n| ((n * 7_919) % rows) as f64).collect();
    let outcome: Vec<f64> = values.iter().map(|value| if *value < 3e5 { 0.0 } else { 1.0 }).collect();
    let table = table(&[("a", values)]);
    let settings = BoostingSettings { rounds: 2, learning_rate: 1.0, l2: 0.0, ..BoostingSettings::default() };
    let model = Boosting::fit(&table, &Outcomes::Numbers(outcome.clone()), &settings, 1).unwrap();
    let found = numbers(model.predict(&table).unwrap());
    // All but the bin in which 300,000 lies.
    let wrong =
        found.iter().zip(&outcome).filter(|(found, outcome)| (*found - **outcome).abs() > 0.01).count();
    assert!(wrong <= 1_000_000_usize.div_ceil(255), "{wrong}");
}

#[test]
fn missing_values_tell() {
    // Missing is class 1, whatever the other values.
    let values: Vec<f64> = (0..100).map(|n| if n % 3 == 0 { f64::NAN } else { f64::from(n) }).collect();
    let of: Vec<usize> = (0..100).map(|n| usize::from(n % 3 == 0)).collect();
    let table = table(&[("a", values)]);
    let (boosting, forest) = fit(&table, &classes(2, &of)).unwrap();
    for predictions in [boosting.predict(&table).unwrap(), forest.predict(&table).unwrap()] {
        let Predictions::Probabilities(found) = predictions else { panic!() };
        assert!(found.iter().zip(&of).all(|(row, &class)| row[class] > 0.6));
    }
}

#[test]
fn columns_are_found_by_name() {
    let own = table(&[("a", (0..40).map(f64::from).collect()), ("b", vec![0.0; 40])]);
    let outcomes = Outcomes::Numbers((0..40).map(f64::from).collect());
    let (boosting, forest) = fit(&own, &outcomes).unwrap();
    let other = table(&[("c", vec![7.0; 40]), ("b", vec![0.0; 40]), ("a", (0..40).map(f64::from).collect())]);
    assert_eq!(boosting.predict(&own), boosting.predict(&other));
    assert_eq!(forest.shapley(&own), forest.shapley(&other));
    let lacks = table(&[("a", vec![1.0])]);
    assert_eq!(boosting.predict(&lacks), Err(LearningError::NoColumn("b".into())));
    assert_eq!(forest.raw(&lacks), Err(LearningError::NoColumn("b".into())));
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let table = table(&[("a", vec![1.0, 2.0, 3.0])]);
    let three = classes(3, &[0, 1, 2]);
    let monotone = BTreeMap::from([("b".to_owned(), Monotone::Increasing)]);
    let ordered =
        BoostingSettings { objective: Some(Objective::Ordered), monotone, ..BoostingSettings::default() };
    assert_eq!(Boosting::fit(&table, &three, &ordered, 1), Err(LearningError::NoColumn("b".into())));
    let multinomial = BoostingSettings { objective: Some(Objective::Multinomial), ..ordered };
    assert_eq!(Boosting::fit(&table, &three, &multinomial, 1), Err(LearningError::Monotone));
    let groups = Forest::fit_out_of_bag(&table, &three, &[0, 0], &ForestSettings::default(), 1);
    assert!(matches!(groups, Err(LearningError::Lengths { .. })));
    assert!(serde_json::from_str::<BoostingSettings>(r#"{"round": 3}"#).is_err());
    assert!(serde_json::from_str::<ForestSettings>(r#"{"trees": 3, "mtry": 2}"#).is_err());
    let read: BoostingSettings = serde_json::from_str(r#"{"monotone": {"age": "increasing"}}"#).unwrap();
    assert_eq!(read.monotone["age"], Monotone::Increasing);
}
