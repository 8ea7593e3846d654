//! Nothing of a test fold reaches what is fitted for it.

use crate::made_up::{Draws, area, classes, gaussian, table};
use coxa_learning::{
    CarryForwardSettings, EveryClass, Folds, LearningError, Outcomes, PrepareSettings, Protocol,
    RegressionSettings, Settings, Table, cross_validate, elastic_net, grouped_folds,
};

fn each(rows: usize) -> Vec<usize> {
    (0..rows).collect()
}

/// The table with values of some rows and their outcomes turned into something else.
fn disturbed(table: &Table, outcomes: &Outcomes, rows: &[usize]) -> (Table, Outcomes) {
    let value = |row: usize, column: usize| match rows.contains(&row) {
        // Missing, or far out.
        true if (row + column).is_multiple_of(3) => f64::NAN,
        true => 1e6 * (row as f64 + 1.0) - table.at(row, column),
        false => table.at(row, column),
    };
    let column = |i: usize| (table.names()[i].clone(), (0..table.rows()).map(|row| value(row, i)).collect());
    let Outcomes::Classes { count, of } = outcomes else { panic!("they are classes") };
    let class =
        |(row, class): (usize, &usize)| if rows.contains(&row) { (class + 1) % count } else { *class };
    (
        Table::new((0..table.columns()).map(column).collect()).unwrap(),
        classes(*count, of.iter().enumerate().map(class).collect()),
    )
}

#[test]
fn whatever_stands_in_the_test_rows_of_a_fold_its_choice_and_model_are_the_same() {
    let (whole, outcomes, _) = gaussian(120, 6, 2);
    // A few missing values, so that imputation has something to learn.
    let value =
        |row: usize, i: usize| if (row * 7 + i).is_multiple_of(11) { f64::NAN } else { whole.at(row, i) };
    let rows: Vec<Vec<f64>> = (0..120).map(|row| (0..6).map(|i| value(row, i)).collect()).collect();
    let whole = table(&rows);
    let groups: Vec<usize> = (0..120).map(|row| row / 2).collect();
    let folds = grouped_folds(4, &outcomes, &groups, EveryClass::InTest, 1).unwrap();
    let mut candidates =
        elastic_net(Settings::Logistic, &RegressionSettings::default(), &[1.0, 0.2], 5, 0.01).unwrap();
    for (model, size) in [("forest", "trees"), ("boosting", "rounds")] {
        let text = format!("model = \"{model}\"\n{size} = 10");
        candidates.push(toml::from_str(&text).unwrap());
    }
    let run = |table: &Table, outcomes: &Outcomes| {
        cross_validate(&candidates, table, outcomes, &groups, &folds, &Protocol::default()).unwrap()
    };
    let before = run(&whole, &outcomes);
    for fold in 0..4 {
        let (table, outcomes) = disturbed(&whole, &outcomes, &folds.test(fold));
        let after = run(&table, &outcomes);
        let text = |found: &coxa_learning::CrossValidated| serde_json::to_string(&found.each[fold]).unwrap();
        assert_eq!(text(&before), text(&after), "fold {fold}");
        // The test does see what it disturbs: the other folds train with it.
        assert!((0..4).all(|other| other == fold || before.each[other] != after.each[other]), "fold {fold}");
    }
}

#[test]
fn a_number_of_each_row_says_nothing_unless_its_own_outcome_is_in_the_table() {
    let mut draws = Draws::new(6);
    let of: Vec<usize> = (0..400).map(|_| usize::from(draws.uniform() < 0.5)).collect();
    let rows: Vec<Vec<f64>> = (0..400).map(|row| vec![f64::from(row)]).collect();
    let (table, outcomes) = (table(&rows), classes(2, of));
    let carried =
        CarryForwardSettings { column: "x0".into(), probabilities: Default::default(), smoothing: 1.0 };
    let settings = [Settings::CarryForward(carried)];
    let folds = grouped_folds(5, &outcomes, &each(400), EveryClass::InTest, 1).unwrap();
    let found =
        cross_validate(&settings, &table, &outcomes, &each(400), &folds, &Protocol::default()).unwrap();
    // Every row is new to its fold and gets the frequencies, which lean against it by the one row: chance or below.
    assert!(area(&found.predictions, &outcomes).value <= 0.52);
    // The canary sings: the model of all rows has seen them.
    assert_eq!(area(&found.whole.model.predict(&table).unwrap(), &outcomes).value, 1.0);
}

#[test]
fn patients_are_told_apart_by_noise_where_rows_are_dealt_and_not_where_patients_are() {
    let mut draws = Draws::new(8);
    let (mut rows, mut of, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    for patient in 0..60 {
        let own: Vec<f64> = (0..40).map(|_| draws.normal()).collect();
        for _ in 0..5 {
            rows.push(own.iter().map(|value| value + 0.1 * draws.normal()).collect::<Vec<f64>>());
            of.push(patient % 2);
            groups.push(patient);
        }
    }
    let (table, outcomes) = (table(&rows), classes(2, of));
    let settings = [Settings::Logistic(RegressionSettings {
        alpha: 0.0,
        lambda: 0.01,
        lambda_of_max: None,
        prepare: PrepareSettings::default(),
    })];
    let run = |groups: &[usize]| {
        let folds = grouped_folds(5, &outcomes, groups, EveryClass::InTest, 3).unwrap();
        let found =
            cross_validate(&settings, &table, &outcomes, groups, &folds, &Protocol::default()).unwrap();
        area(&found.predictions, &outcomes).value
    };
    let (dealt, honest) = (run(&each(300)), run(&groups));
    println!("area by row {dealt:.3}, by patient {honest:.3}");
    // Sixty patients: standard error 0.075.
    assert!(dealt > 0.95 && (honest - 0.5).abs() < 0.15, "{dealt} {honest}");
}

#[test]
fn folds_that_part_a_patient_are_refused() {
    let (table, outcomes, _) = gaussian(40, 5, 1);
    let groups: Vec<usize> = (0..40).map(|row| row / 2).collect();
    let folds = Folds::new((0..40).map(|row| row % 4).collect()).unwrap();
    let settings = [Settings::Logistic(RegressionSettings::default())];
    let found = cross_validate(&settings, &table, &outcomes, &groups, &folds, &Protocol::default());
    assert_eq!(found.unwrap_err(), LearningError::Leak { row: 0, other: 1 });
    let short = cross_validate(&settings, &table, &outcomes, &groups[1..], &folds, &Protocol::default());
    assert!(matches!(short, Err(LearningError::Lengths { .. })));
    let none = cross_validate(&[], &table, &outcomes, &each(40), &folds, &Protocol::default());
    assert!(matches!(none, Err(LearningError::TooFew { what: "candidates", .. })));
}
