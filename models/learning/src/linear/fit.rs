//! Fits of regressions, one or along a path of penalties.

use super::binomial::Binomial;
use super::cumulative::Cumulative;
use super::loss::{Loss, Weights};
use super::multinomial::Multinomial;
use super::regression::{Family, Regression, Score};
use super::settings::RegressionSettings;
use super::solver::{Minimum, minimise};
use super::squares::Squares;
use crate::data::{Outcomes, Table};
use crate::design::{centre_and_spread, standardise};
use crate::error::LearningError;
use crate::prepare::Prepare;

/// What a regression predicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A number: least squares.
    Number,
    /// One of several classes: two by logistic regression, more by multinomial.
    Class,
    /// One of several classes in order, by proportional odds.
    OrderedClass,
}

impl Target {
    fn name(self) -> &'static str {
        match self {
            Target::Number => "linear regression",
            Target::Class => "logistic regression",
            Target::OrderedClass => "ordinal regression",
        }
    }
}

/// Fits a regression.
///
/// # Errors
/// Settings that make no sense, outcomes of another kind or that do not fit the table, no rows, fewer than two classes, a class without a
/// row, a missing value where they are refused.
pub fn regression(
    target: Target,
    settings: &RegressionSettings,
    table: &Table,
    outcomes: &Outcomes,
) -> Result<Regression, LearningError> {
    let mut fits = regressions(target, std::slice::from_ref(settings), table, outcomes)?;
    Ok(fits.pop().expect("one fit for the one settings"))
}

/// Fits several regressions whose steps before the fit are the same, each from where the last one ended: quick where neighbours are alike.
///
/// # Errors
/// As of [`regression`].
pub(crate) fn regressions(
    target: Target,
    settings: &[RegressionSettings],
    table: &Table,
    outcomes: &Outcomes,
) -> Result<Vec<Regression>, LearningError> {
    settings.iter().try_for_each(RegressionSettings::check)?;
    outcomes.check(table)?;
    let Some(first) = settings.first() else { return Ok(Vec::new()) };
    let prepare = Prepare::learn(&first.prepare, table)?;
    let design = prepare.apply(table)?;
    let columns = design.columns.len();
    let design = &design;
    let wrong = |wants| LearningError::Kind { model: target.name(), wants, found: outcomes.kind() };
    match (target, outcomes) {
        (Target::Number, Outcomes::Numbers(values)) => {
            let (centre, spread) = centre_and_spread(values);
            let unit = if spread > 0.0 { spread } else { 1.0 };
            let standard: Vec<f64> = match spread > 0.0 {
                true => values.iter().map(|value| standardise(*value, centre, spread)).collect(),
                false => vec![0.0; values.len()],
            };
            let loss = Squares { design, outcomes: &standard };
            let score = |at: &[f64], _: f64| {
                let slopes = at[1..].iter().map(|slope| slope * unit).collect();
                (Family::Linear, vec![Score { base: centre + unit * at[0], slopes }])
            };
            Ok(path(&loss, unit, settings, &prepare, score))
        }
        (Target::Class, Outcomes::Classes { count, of }) => {
            check_classes(*count, of)?;
            let score = |at: &[f64]| Score { base: at[0], slopes: at[1..].to_vec() };
            if *count == 2 {
                let loss = Binomial { design, classes: of };
                return Ok(path(&loss, 1.0, settings, &prepare, |at, _| (Family::Logistic, vec![score(at)])));
            }
            let loss = Multinomial { design, count: *count, classes: of };
            let scores = |at: &[f64], lambda: f64| {
                let mut scores: Vec<Score> = at.chunks_exact(columns + 1).map(score).collect();
                // The loss does not change with the mean of the constants.
                let mean = scores.iter().map(|score| score.base).sum::<f64>() / *count as f64;
                scores.iter_mut().for_each(|score| score.base -= mean);
                // Nor, without a penalty, with the mean of the slopes.
                for column in (0..columns).filter(|_| lambda == 0.0) {
                    let mean = scores.iter().map(|score| score.slopes[column]).sum::<f64>() / *count as f64;
                    scores.iter_mut().for_each(|score| score.slopes[column] -= mean);
                }
                (Family::Multinomial, scores)
            };
            Ok(path(&loss, 1.0, settings, &prepare, scores))
        }
        (Target::OrderedClass, Outcomes::Classes { count, of }) => {
            check_classes(*count, of)?;
            let loss = Cumulative { design, count: *count, classes: of };
            let score = |at: &[f64], _: f64| {
                let (thresholds, slopes) = at.split_at(count - 1);
                let family = Family::Ordinal { thresholds: thresholds.to_vec() };
                (family, vec![Score { base: 0.0, slopes: slopes.to_vec() }])
            };
            Ok(path(&loss, 1.0, settings, &prepare, score))
        }
        (Target::Number, _) => Err(wrong("numbers")),
        (Target::Class | Target::OrderedClass, _) => Err(wrong("classes")),
    }
}

/// That there are two classes and each has a row.
fn check_classes(count: usize, of: &[usize]) -> Result<(), LearningError> {
    if count < 2 {
        return Err(LearningError::TooFew { what: "classes", needed: 2, found: count });
    }
    match (0..count).find(|class| !of.contains(class)) {
        Some(class) => Err(LearningError::ClassWithoutRows { class }),
        None => Ok(()),
    }
}

/// Fits with each settings in turn. `unit` is that of the outcome, in which lambda is given.
fn path<L: Loss>(
    loss: &L,
    unit: f64,
    settings: &[RegressionSettings],
    prepare: &Prepare,
    scores: impl Fn(&[f64], f64) -> (Family, Vec<Score>),
) -> Vec<Regression> {
    let start = loss.start();
    let slopes = loss.gradient(&start);
    let largest = (0..start.len()).filter(|i| loss.is_slope(*i)).map(|i| slopes[i].abs()).fold(0.0, f64::max);
    let mut at = start.clone();
    let mut fits = Vec::with_capacity(settings.len());
    for one in settings {
        let lambda = one.lambda(largest * unit);
        let in_units = lambda / unit;
        let weights = Weights { absolute: in_units * one.alpha, squared: in_units * (1.0 - one.alpha) };
        let Minimum { at: found, ending } = minimise(loss, weights, at);
        let (family, scores) = scores(&found, lambda);
        fits.push(Regression { family, prepare: prepare.clone(), scores, lambda, ending });
        // A start far out, where nothing bends, is no good start.
        let is_good = ending == super::loss::Ending::Converged;
        at = if is_good { found } else { start.clone() };
    }
    fits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Predictions;
    use crate::linear::loss::Ending;
    use proptest::prelude::*;

    fn table(columns: &[&[f64]]) -> Table {
        let named = columns.iter().enumerate().map(|(i, values)| (format!("x{i}"), values.to_vec()));
        Table::new(named.collect()).unwrap()
    }

    fn classes(count: usize, of: &[usize]) -> Outcomes {
        Outcomes::Classes { count, of: of.to_vec() }
    }

    fn unpenalised() -> RegressionSettings {
        RegressionSettings::default()
    }

    fn probabilities(model: &Regression, table: &Table) -> Vec<Vec<f64>> {
        match model.predict(table).unwrap() {
            Predictions::Probabilities(rows) => rows,
            Predictions::Numbers(_) => panic!("classes have probabilities"),
        }
    }

    #[test]
    fn classes_that_are_separated_are_said_to_be_and_have_finite_coefficients() {
        let x: Vec<f64> = (0..12).map(f64::from).collect();
        let other = [0.3, 0.1, 0.9, 0.4, 0.2, 0.8, 0.5, 0.6, 0.0, 0.7, 0.35, 0.15];
        let table = table(&[&x, &other]);
        // Complete; quasi-complete, with both classes at one value; three classes; ordered ones.
        let complete = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1];
        let three = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2];
        let mut tied = x.clone();
        tied[6] = 5.0;
        let tied = self::table(&[&tied]);
        let cases = [
            (Target::Class, &table, classes(2, &complete)),
            (Target::Class, &tied, classes(2, &complete)),
            (Target::OrderedClass, &table, classes(2, &complete)),
            (Target::Class, &table, classes(3, &three)),
            (Target::OrderedClass, &table, classes(3, &three)),
        ];
        for (target, table, outcomes) in &cases {
            let model = regression(*target, &unpenalised(), table, outcomes).unwrap();
            assert_eq!(model.ending(), Ending::Separated, "{target:?} {outcomes:?}");
            let all = model.coefficients();
            assert!(all.iter().all(|of| of.slopes.iter().all(|(_, slope)| slope.is_finite())), "{all:?}");
            let rows = probabilities(&model, table);
            let sums = rows.iter().map(|row| row.iter().sum::<f64>());
            assert!(sums.into_iter().all(|sum| (sum - 1.0).abs() < 1e-12), "{rows:?}");
            let penalised = RegressionSettings { alpha: 0.5, lambda: 1e-3, ..unpenalised() };
            let model = regression(*target, &penalised, table, outcomes).unwrap();
            assert_eq!(model.ending(), Ending::Converged, "{target:?} {outcomes:?}");
        }
    }

    #[test]
    fn columns_that_follow_from_others_divide_their_coefficient_and_change_no_prediction() {
        let x = [1.0, 4.0, 2.0, 8.0, 5.0, 7.0, 3.0, 6.0];
        let twice: Vec<f64> = x.iter().map(|value| 2.0 * value + 1.0).collect();
        let (alone, both) = (table(&[&x]), table(&[&x, &twice]));
        let cases = [
            (Target::Number, Outcomes::Numbers(vec![1.0, 3.0, 2.5, 6.0, 5.0, 5.5, 2.0, 5.0])),
            (Target::Class, classes(2, &[0, 1, 0, 1, 0, 1, 1, 1])),
            (Target::Class, classes(3, &[0, 1, 0, 2, 2, 1, 1, 0])),
            (Target::OrderedClass, classes(3, &[0, 1, 1, 2, 1, 1, 0, 2])),
        ];
        for (target, outcomes) in &cases {
            let one = regression(*target, &unpenalised(), &alone, outcomes).unwrap();
            let two = regression(*target, &unpenalised(), &both, outcomes).unwrap();
            assert_eq!(two.ending(), Ending::Converged, "{target:?}");
            let (one, two) = (one.scores(&alone).unwrap(), two.scores(&both).unwrap());
            let off = one.concat().iter().zip(two.concat()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(off < 1e-6, "{target:?} {off}");
        }
    }

    #[test]
    fn the_largest_penalty_leaves_no_slope_and_a_little_less_leaves_one() {
        let x = [1.0, 4.0, 2.0, 8.0, 5.0, 7.0, 3.0, 6.0];
        let other = [0.2, 0.9, 0.1, 0.4, 0.5, 0.8, 0.3, 0.6];
        let table = table(&[&x, &other]);
        let cases = [
            (Target::Number, Outcomes::Numbers(vec![1.0, 3.0, 2.5, 6.0, 5.0, 5.5, 2.0, 5.0])),
            (Target::Class, classes(2, &[0, 1, 0, 1, 0, 1, 1, 1])),
            (Target::Class, classes(3, &[0, 1, 0, 2, 2, 1, 1, 0])),
            (Target::OrderedClass, classes(3, &[0, 1, 0, 2, 1, 2, 1, 1])),
        ];
        for (target, outcomes) in &cases {
            let slopes = |part: f64| {
                let settings = RegressionSettings { lambda_of_max: Some(part), ..unpenalised() };
                let model = regression(*target, &settings, &table, outcomes).unwrap();
                let all = model.coefficients();
                all.iter().flat_map(|of| &of.slopes).filter(|(_, slope)| *slope != 0.0).count()
            };
            assert_eq!((slopes(1.0 + 1e-9), slopes(0.999)), (0, 1), "{target:?}");
        }
    }

    #[test]
    fn what_cannot_be_fitted_is_an_error() {
        let table = table(&[&[1.0, 2.0, 3.0]]);
        let fit = |target, settings: &RegressionSettings, outcomes: &Outcomes| {
            regression(target, settings, &table, outcomes).unwrap_err()
        };
        let numbers = Outcomes::Numbers(vec![1.0, 2.0, 3.0]);
        let absent = classes(3, &[0, 2, 2]);
        assert_eq!(fit(Target::Class, &unpenalised(), &absent), LearningError::ClassWithoutRows { class: 1 });
        assert!(matches!(fit(Target::Class, &unpenalised(), &numbers), LearningError::Kind { .. }));
        assert!(matches!(fit(Target::Number, &unpenalised(), &absent), LearningError::Kind { .. }));
        let one = classes(1, &[0, 0, 0]);
        assert!(matches!(fit(Target::OrderedClass, &unpenalised(), &one), LearningError::TooFew { .. }));
        for wrong in [f64::NAN, -0.1, 1.1] {
            let settings = RegressionSettings { alpha: wrong, ..unpenalised() };
            assert!(matches!(fit(Target::Number, &settings, &numbers), LearningError::Setting { .. }));
        }
        let short = Outcomes::Numbers(vec![1.0]);
        assert!(matches!(fit(Target::Number, &unpenalised(), &short), LearningError::Lengths { .. }));
    }

    #[test]
    fn more_columns_than_rows_and_constant_outcomes_can_be_fitted() {
        let columns: Vec<Vec<f64>> = (0..30u32)
            .map(|i| (0..8u32).map(|j| f64::from((i * 7 + j * j * 13 + i * j) % 11)).collect())
            .collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let table = table(&columns);
        for alpha in [0.0, 0.5, 1.0] {
            let settings = RegressionSettings { alpha, lambda_of_max: Some(0.01), ..unpenalised() };
            for outcomes in [classes(2, &[0, 1, 0, 1, 0, 1, 1, 1]), classes(3, &[0, 1, 0, 2, 2, 1, 1, 0])] {
                let model = regression(Target::Class, &settings, &table, &outcomes).unwrap();
                assert_eq!(model.ending(), Ending::Converged);
            }
        }
        let model =
            regression(Target::Number, &unpenalised(), &table, &Outcomes::Numbers(vec![4.0; 8])).unwrap();
        assert_eq!(model.predict(&table).unwrap(), Predictions::Numbers(vec![4.0; 8]));
    }

    proptest! {
        #[test]
        fn contributions_sum_to_the_score_whatever_the_rows(
            values in prop::collection::vec(prop_oneof![5 => -1e3..1e3f64, 1 => Just(f64::NAN), 1 => Just(7.0)], 36),
            of in prop::collection::vec(0..3usize, 9),
            lambda in prop_oneof![Just(0.0), 1e-4..1.0f64],
            alpha in 0.0..=1.0f64,
            ordered: bool,
        ) {
            let columns: Vec<&[f64]> = values.chunks(9).collect();
            let table = table(&columns);
            let outcomes = classes(3, &[vec![0, 1, 2], of[3..].to_vec()].concat());
            let settings = RegressionSettings { alpha, lambda, ..unpenalised() };
            let target = if ordered { Target::OrderedClass } else { Target::Class };
            let model = regression(target, &settings, &table, &outcomes).unwrap();
            let scores = model.scores(&table).unwrap();
            let shapley = model.shapley(&table).unwrap();
            for (row, scores) in scores.iter().enumerate() {
                for (output, score) in scores.iter().enumerate() {
                    let total = shapley.total(row, output);
                    prop_assert!((total - score).abs() < 1e-10 * (1.0 + score.abs()), "{total} {score}");
                }
            }
            let text = serde_json::to_string(&model).unwrap();
            let read: Regression = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(read.predict(&table).unwrap(), model.predict(&table).unwrap());
        }
    }
}
