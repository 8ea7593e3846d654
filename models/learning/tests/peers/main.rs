//! Coefficients against R (glmnet, MASS, ordinal, rms; `regression.R` beside made `regression.csv`) and scikit-learn 1.9.1.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

use coxa_learning::{
    Ending, Outcomes, Predictions, Regression, RegressionSettings, Table, Target, regression,
};
use std::collections::BTreeMap;

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
/// What is asked for of coefficients.
const CLOSE: f64 = 1e-4;

/// The rows that `regression.R` makes.
struct Rows {
    table: Table,
    number: Outcomes,
    binary: Outcomes,
    class: Outcomes,
    grade: Outcomes,
}

fn rows() -> Rows {
    let mut state = 1u64;
    let mut draw = || {
        state = 16807 * state % 2_147_483_647;
        state as f64 / 2_147_483_647.0
    };
    let mut columns = vec![Vec::new(); 6];
    let (mut number, mut binary, mut class, mut grade) = (vec![], vec![], vec![], vec![]);
    for _ in 0..150 {
        let u: [f64; 7] = std::array::from_fn(|_| draw());
        let at_risk = if u[4] > 0.7 { 1.0 } else { 0.0 };
        let x = [u[0], u[0] + 0.3 * u[1], 100.0 * u[2], u[3] - 0.5, at_risk, u[5] * u[5]];
        let s = 2.0 * x[0] - x[1] + 0.03 * x[2] + x[3] + 1.5 * x[4];
        let e = draw();
        let l = (e / (1.0 - e)).ln();
        number.push(10.0 + 4.0 * s + 3.0 * (u[6] - 0.5));
        binary.push(usize::from(1.2 * s - 2.8 + l > 0.0));
        grade.push([1.0, 2.5, 4.0].iter().filter(|limit| 1.2 * s + l > **limit).count());
        let noise = [u[6], e, draw()];
        let base = [s, 2.5 * x[3] + 2.0, 2.2 * x[5] + 1.2];
        let score = |k: usize| base[k] + 1.6 * noise[k];
        class.push((0..3).max_by(|&a, &b| score(a).total_cmp(&score(b))).unwrap());
        columns.iter_mut().zip(x).for_each(|(column, value)| column.push(value));
    }
    let names = NAMES.iter().map(|name| (*name).to_owned());
    Rows {
        table: Table::new(names.zip(columns).collect()).unwrap(),
        number: Outcomes::Numbers(number),
        binary: Outcomes::Classes { count: 2, of: binary },
        class: Outcomes::Classes { count: 3, of: class },
        grade: Outcomes::Classes { count: 4, of: grade },
    }
}

/// Values of each fit of R, in its order of terms.
fn peers() -> BTreeMap<&'static str, Vec<f64>> {
    let mut peers: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for line in include_str!("regression.csv").lines().skip(2) {
        let mut parts = line.split(',');
        let (fit, value) = (parts.next().unwrap(), parts.nth(1).unwrap());
        peers.entry(fit).or_default().push(value.parse().unwrap());
    }
    peers
}

fn fit(target: Target, alpha: f64, lambda: f64, rows: &Rows) -> Regression {
    let settings = RegressionSettings { alpha, lambda, ..RegressionSettings::default() };
    let outcomes = match target {
        Target::Number => &rows.number,
        Target::Class => &rows.binary,
        Target::OrderedClass => &rows.grade,
    };
    regression(target, &settings, &rows.table, outcomes).unwrap()
}

/// Intercept and slopes of a score, in the order of the columns.
fn terms(model: &Regression, score: usize) -> Vec<f64> {
    assert_eq!(model.ending(), Ending::Converged);
    let of = &model.coefficients()[score];
    let names: Vec<&str> = of.slopes.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, NAMES);
    std::iter::once(of.intercept).chain(of.slopes.iter().map(|(_, slope)| *slope)).collect()
}

#[track_caller]
fn assert_close(found: &[f64], expected: &[f64], within: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let off = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    println!("{what}: largest difference {off:.1e}");
    assert!(off < within, "{what}: {found:?} against {expected:?}");
}

#[test]
fn counts_of_classes_are_those_of_r() {
    let rows = rows();
    let count = |outcomes: &Outcomes, class: usize| match outcomes {
        Outcomes::Classes { of, .. } => of.iter().filter(|one| **one == class).count() as f64,
        Outcomes::Numbers(_) => f64::NAN,
    };
    let mut found = vec![count(&rows.binary, 1)];
    found.extend((0..3).map(|class| count(&rows.class, class)));
    found.extend((0..4).map(|grade| count(&rows.grade, grade)));
    assert_eq!(found, peers()["counts"]);
}

#[test]
fn penalised_coefficients_are_those_of_glmnet() {
    let (rows, peers) = (rows(), peers());
    for alpha in [1.0, 0.5, 0.0] {
        for lambda in [0.3, 0.02] {
            let of = format!("alpha={alpha} lambda={lambda}");
            let name = format!("linear {of}");
            let model = fit(Target::Number, alpha, lambda, &rows);
            assert_close(&terms(&model, 0), &peers[&name[..]], CLOSE, &name);
            let name = format!("logistic {of}");
            let model = fit(Target::Class, alpha, lambda / 2.0, &rows);
            assert_close(&terms(&model, 0), &peers[&name[..]], CLOSE, &name);
            let settings =
                RegressionSettings { alpha, lambda: lambda / 2.0, ..RegressionSettings::default() };
            let model = regression(Target::Class, &settings, &rows.table, &rows.class).unwrap();
            for class in 0..3 {
                let name = format!("multinomial{class} {of}");
                assert_close(&terms(&model, class), &peers[&name[..]], CLOSE, &name);
            }
        }
    }
}

#[test]
fn coefficients_without_a_penalty_are_those_of_lm_glm_clm_and_polr() {
    let (rows, peers) = (rows(), peers());
    assert_close(&terms(&fit(Target::Number, 1.0, 0.0, &rows), 0), &peers["linear"], 1e-8, "lm");
    assert_close(&terms(&fit(Target::Class, 1.0, 0.0, &rows), 0), &peers["logistic"], 1e-7, "glm");
    let model = fit(Target::OrderedClass, 1.0, 0.0, &rows);
    let found = [&model.thresholds()[..], &terms(&model, 0)[1..]].concat();
    assert_close(&found, &peers["clm"], 1e-7, "clm");
    assert_close(&found, &peers["polr"], CLOSE, "polr");
}

#[test]
fn proportional_odds_with_a_ridge_are_those_of_lrm() {
    let (rows, peers) = (rows(), peers());
    let model = fit(Target::OrderedClass, 0.0, 0.02, &rows);
    let found = [&model.thresholds()[..], &terms(&model, 0)[1..]].concat();
    assert_close(&found, &peers["lrm lambda=0.02"], CLOSE, "lrm");
}

/// `LogisticRegression(C=1/(n lambda), l1_ratio=0.5, solver="saga", tol=1e-12)` on the standardised columns, slopes divided by
/// their spreads; lambda 0.02.
const SCIKIT_HALF: [[f64; 6]; 3] = [
    [0.5285977642223809, 0.0, 0.04270029502555749, 0.0, 2.5694966845169254, 0.0],
    [
        0.0,
        -0.20749978946234268,
        -0.0037935670771809915,
        3.88844453427753,
        -0.8179691699836258,
        -1.0805507827705179,
    ],
    [0.0, 0.0, -0.003353506849019428, -2.272122617844778, 0.0, 2.569601044541196],
];
/// The same for two classes, then `ElasticNet(alpha=0.3, l1_ratio=0.5)` on outcomes divided by their spread 4.519948434329276.
const SCIKIT_BINARY: [f64; 6] = [
    2.013044280638189,
    0.0,
    0.02516586299402704,
    1.5864484211166505,
    1.6861471526790084,
    -0.01962236010808248,
];
const SCIKIT_LINEAR: [f64; 6] =
    [0.8748263277683784, 0.0, 0.07824808877529044, 1.552211848937868, 3.7120188520940394, 0.0];

#[test]
fn penalised_slopes_are_those_of_scikit_learn() {
    let rows = rows();
    let settings = RegressionSettings { alpha: 0.5, lambda: 0.02, ..RegressionSettings::default() };
    let model = regression(Target::Class, &settings, &rows.table, &rows.class).unwrap();
    for (class, expected) in SCIKIT_HALF.iter().enumerate() {
        assert_close(&terms(&model, class)[1..], expected, CLOSE, &format!("class {class}"));
    }
    assert_close(&terms(&fit(Target::Class, 0.5, 0.02, &rows), 0)[1..], &SCIKIT_BINARY, CLOSE, "binary");
    let lambda = 0.3 * 4.519948434329276;
    assert_close(&terms(&fit(Target::Number, 0.5, lambda, &rows), 0)[1..], &SCIKIT_LINEAR, CLOSE, "linear");
}

#[test]
fn probabilities_of_ordered_classes_follow_from_thresholds_and_slopes() {
    let rows = rows();
    let model = fit(Target::OrderedClass, 1.0, 0.0, &rows);
    let Predictions::Probabilities(found) = model.predict(&rows.table).unwrap() else {
        panic!("classes have probabilities")
    };
    let slopes = terms(&model, 0);
    for (row, found) in found.iter().enumerate() {
        let score: f64 = (0..6).map(|column| slopes[column + 1] * rows.table.at(row, column)).sum();
        let below = |k: usize| 1.0 / (1.0 + (score - model.thresholds()[k]).exp());
        let expected = [below(0), below(1) - below(0), below(2) - below(1), 1.0 - below(2)];
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?} {expected:?}");
    }
}
