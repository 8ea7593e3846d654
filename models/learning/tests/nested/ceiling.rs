//! How near cross-validated models come to what can be known.

use crate::made_up::{Draws, area, class_of, classes, gaussian, logistic, table};
use coxa_learning::{
    CarryForwardSettings, ConstantSettings, Criterion, EveryClass, Model, Outcomes, Protocol,
    RegressionSettings, Settings, SubsetSettings, Table, cross_validate, elastic_net, grouped_folds,
    shuffled_outcomes,
};

fn each(rows: usize) -> Vec<usize> {
    (0..rows).collect()
}

fn candidates() -> Vec<Settings> {
    elastic_net(Settings::Logistic, &RegressionSettings::default(), &[0.5], 8, 0.003).unwrap()
}

#[test]
fn logistic_regression_reaches_the_known_ceiling_and_chance_without_one() {
    for (name, (table, outcomes, ceiling)) in
        [("gaussian", gaussian(2000, 10, 1)), ("logistic", logistic(2000, 1))]
    {
        let groups = each(2000);
        let folds = grouped_folds(5, &outcomes, &groups, EveryClass::InTest, 1).unwrap();
        let protocol = Protocol { inner_folds: 4, ..Protocol::default() };
        let found = cross_validate(&candidates(), &table, &outcomes, &groups, &folds, &protocol).unwrap();
        let found = area(&found.predictions, &outcomes);
        println!("{name}: {:.4}, ceiling {ceiling:.4}", found.value);
        assert!((found.value - ceiling).abs() < 0.02, "{name} {found:?} {ceiling}");
        let outcomes = shuffled_outcomes(&outcomes, 7);
        let folds = grouped_folds(5, &outcomes, &groups, EveryClass::InTest, 1).unwrap();
        let found = cross_validate(&candidates(), &table, &outcomes, &groups, &folds, &protocol).unwrap();
        // A constant model rates all rows of a fold alike, and folds a little differently.
        let found = area(&found.predictions, &outcomes);
        println!("{name}, shuffled: {found:?}");
        assert!(
            found.interval.unwrap().contains(0.5) || (found.value - 0.5).abs() < 1e-3,
            "{name} {found:?}"
        );
    }
}

/// Ordered classes of a latent score, with what was seen of it before.
fn grades(rows: usize, seed: u64) -> (Table, Outcomes) {
    let mut draws = Draws::new(seed);
    let grade = |score: f64| [-1.0, 0.0, 1.2].iter().filter(|limit| score > **limit).count();
    let (mut made, mut of) = (Vec::new(), Vec::new());
    for _ in 0..rows {
        let score = draws.normal();
        let noise = draws.uniform();
        made.push(vec![grade(score + 0.5 * draws.normal()) as f64, score + draws.normal(), draws.normal()]);
        of.push(grade(1.2 * score + 0.4 * (noise / (1.0 - noise)).ln()));
    }
    (table(&made), classes(4, of))
}

#[test]
fn models_of_ordered_classes_beat_their_baselines_and_these_the_constant() {
    let (table, outcomes) = grades(600, 3);
    // Three rows a patient.
    let groups: Vec<usize> = (0..600).map(|row| row / 3).collect();
    let folds = grouped_folds(5, &outcomes, &groups, EveryClass::InTest, 2).unwrap();
    let loss = |candidates: &[Settings]| {
        let protocol = Protocol {
            inner_folds: 3,
            criterion: Some(Criterion::RankedProbability),
            one_standard_error: candidates.len() > 1,
            seed: 5,
        };
        let found = cross_validate(candidates, &table, &outcomes, &groups, &folds, &protocol).unwrap();
        let losses = Criterion::RankedProbability.losses(&found.predictions, &outcomes).unwrap();
        losses.iter().sum::<f64>() / losses.len() as f64
    };
    let base = RegressionSettings::default();
    let path = elastic_net(Settings::Ordinal, &base, &[1.0], 6, 0.01).unwrap();
    let carried =
        CarryForwardSettings { column: "x0".into(), probabilities: Default::default(), smoothing: 1.0 };
    let subset = SubsetSettings { columns: vec!["x2".into()], of: Box::new(Settings::Ordinal(base)) };
    let ordinal = loss(&path);
    let forward = loss(&[Settings::CarryForward(carried)]);
    let constant = loss(&[Settings::Constant(ConstantSettings {})]);
    let noise = loss(&[Settings::Subset(subset)]);
    println!("ordinal {ordinal:.4}, carried {forward:.4}, constant {constant:.4}, noise alone {noise:.4}");
    assert!(ordinal < forward - 0.005 && forward < constant - 0.02, "{ordinal} {forward} {constant}");
    assert!((noise - constant).abs() < 0.005, "{noise} {constant}");
}

#[test]
fn one_standard_error_takes_a_simpler_model_and_choices_are_told() {
    let (table, outcomes, _) = gaussian(300, 20, 4);
    let groups = each(300);
    let folds = grouped_folds(3, &outcomes, &groups, EveryClass::InTest, 1).unwrap();
    let run = |one_standard_error| {
        let protocol = Protocol { one_standard_error, seed: 2, ..Protocol::default() };
        let path = elastic_net(Settings::Logistic, &RegressionSettings::default(), &[1.0], 12, 0.01).unwrap();
        cross_validate(&path, &table, &outcomes, &groups, &folds, &protocol).unwrap()
    };
    let (least, simple) = (run(false), run(true));
    let slopes = |model: &Model| match model {
        Model::Regression(model) => {
            model.coefficients()[0].slopes.iter().filter(|(_, slope)| *slope != 0.0).count()
        }
        other => panic!("{other:?}"),
    };
    for (least, simple) in
        least.each.iter().chain([&least.whole]).zip(simple.each.iter().chain([&simple.whole]))
    {
        let (a, b) = (&least.choice, &simple.choice);
        assert_eq!(a.losses, b.losses);
        assert!(b.candidate <= a.candidate && slopes(&simple.model) <= slopes(&least.model));
        assert!(
            b.losses[b.candidate].mean <= a.losses[a.candidate].mean + a.losses[a.candidate].standard_error
        );
        assert!(a.losses.iter().all(|loss| loss.mean >= a.losses[a.candidate].mean));
    }
    assert!(simple.whole.choice.candidate < least.whole.choice.candidate);
    assert_eq!(least.folds, folds);
    let positive = (0..300).filter(|&row| class_of(&outcomes, row) == 1).count();
    assert_eq!(positive, 120);
}

#[test]
fn numbers_are_predicted_to_their_noise() {
    let mut draws = Draws::new(9);
    let rows: Vec<Vec<f64>> = (0..400).map(|_| (0..4).map(|_| draws.normal()).collect()).collect();
    let outcomes =
        Outcomes::Numbers(rows.iter().map(|row| 3.0 * row[0] - row[1] + 0.5 * draws.normal()).collect());
    let table = table(&rows);
    let groups = each(400);
    let folds = grouped_folds(5, &outcomes, &groups, EveryClass::InTest, 1).unwrap();
    let path = elastic_net(Settings::Linear, &RegressionSettings::default(), &[1.0], 10, 1e-3).unwrap();
    let found = cross_validate(&path, &table, &outcomes, &groups, &folds, &Protocol::default()).unwrap();
    let losses = Criterion::SquaredError.losses(&found.predictions, &outcomes).unwrap();
    let mean = losses.iter().sum::<f64>() / 400.0;
    // Variance 0.25 of the noise, its standard error 0.018.
    assert!((mean - 0.25).abs() < 0.05, "{mean}");
}
