//! What a model must beat: a constant, and a value carried forward from a column.

use crate::data::{Outcomes, Predictions, Table};
use crate::error::LearningError;
use crate::shapley::Shapley;
use serde::{Deserialize, Serialize};

/// Settings of the constant: there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConstantSettings {}

/// The mean of the training rows, or their frequency of each class. What is read is checked, so that no file makes a prediction panic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "ConstantFile")]
pub struct Constant {
    kind: Kind,
    /// The mean alone, or a frequency a class.
    values: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Numbers,
    Classes,
}

/// Settings of a value that is carried forward.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarryForwardSettings {
    /// Column with the value, such as the grade on admission.
    pub column: String,
    /// Probabilities of classes; not looked at for numbers.
    #[serde(default)]
    pub probabilities: Carried,
    /// Cases that are added to each class of each value of the table, at least 0 (Laplace).
    #[serde(default = "one")]
    pub smoothing: f64,
}

fn one() -> f64 {
    1.0
}

/// Probabilities of a class that is carried forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carried {
    /// Frequencies of the classes among training rows with the same value: probabilities that can be calibrated. The most probable class need not be
    /// the value itself.
    #[default]
    Table,
    /// All for the class that the value names: what carrying forward means, for measures of agreement. A wrong one has no finite log loss.
    OneHot,
}

/// Predicts from the value in one column: the number itself, or classes by it. A row without a value gets the mean or the frequencies of all
/// training rows, as does a value that they do not have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "CarryForwardFile")]
pub struct CarryForward {
    column: String,
    /// For a missing value.
    otherwise: Constant,
    /// Mean prediction of the training rows.
    base: Vec<f64>,
    rule: Rule,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Rule {
    Same,
    OneHot,
    /// Values in ascending order with their probabilities.
    Table(Vec<(f64, Vec<f64>)>),
}

/// A constant as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConstantFile {
    kind: Kind,
    values: Vec<f64>,
}

impl TryFrom<ConstantFile> for Constant {
    type Error = LearningError;

    fn try_from(ConstantFile { kind, values }: ConstantFile) -> Result<Constant, LearningError> {
        if values.is_empty() || kind == Kind::Numbers && values.len() != 1 {
            return Err(LearningError::Damaged("a constant has another number of values than its kind"));
        }
        Ok(Constant { kind, values })
    }
}

/// A value carried forward as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CarryForwardFile {
    column: String,
    otherwise: Constant,
    base: Vec<f64>,
    rule: Rule,
}

impl TryFrom<CarryForwardFile> for CarryForward {
    type Error = LearningError;

    fn try_from(file: CarryForwardFile) -> Result<CarryForward, LearningError> {
        let CarryForwardFile { column, otherwise, base, rule } = file;
        let classes = otherwise.values.len();
        let has_kind = (rule == Rule::Same) == (otherwise.kind == Kind::Numbers);
        let is_whole = match &rule {
            Rule::Table(known) => {
                known.is_sorted_by(|a, b| a.0 < b.0) && known.iter().all(|(_, row)| row.len() == classes)
            }
            _ => true,
        };
        if !has_kind || !is_whole || base.len() != classes {
            return Err(LearningError::Damaged(
                "a carried value has another number of classes than its table",
            ));
        }
        Ok(CarryForward { column, otherwise, base, rule })
    }
}

impl Constant {
    /// Fits the constant; `smoothing` cases are added to each class.
    ///
    /// # Errors
    /// Outcomes that do not fit the table; no row; no class.
    pub fn fit(table: &Table, outcomes: &Outcomes, smoothing: f64) -> Result<Constant, LearningError> {
        outcomes.check(table)?;
        if table.rows() == 0 {
            return Err(LearningError::TooFew { what: "rows", needed: 1, found: 0 });
        }
        Ok(match outcomes {
            Outcomes::Numbers(values) => {
                let (mean, _) = crate::design::centre_and_spread(values);
                Constant { kind: Kind::Numbers, values: vec![mean] }
            }
            Outcomes::Classes { count, of } => {
                Constant { kind: Kind::Classes, values: frequencies(*count, of.iter().copied(), smoothing) }
            }
        })
    }

    /// The constant for each row.
    pub fn predict(&self, table: &Table) -> Predictions {
        self.kind.predictions(vec![self.values.clone(); table.rows()])
    }

    pub(crate) fn raw(&self, table: &Table) -> Vec<Vec<f64>> {
        vec![self.values.clone(); table.rows()]
    }

    /// No column adds anything.
    ///
    /// # Errors
    /// None; in line with other models.
    pub fn shapley(&self, table: &Table) -> Result<Shapley, LearningError> {
        Shapley::new(Vec::new(), self.values.clone(), table.rows(), Vec::new())
    }
}

impl Kind {
    fn predictions(self, rows: Vec<Vec<f64>>) -> Predictions {
        match self {
            Kind::Numbers => Predictions::Numbers(rows.into_iter().map(|row| row[0]).collect()),
            Kind::Classes => Predictions::Probabilities(rows),
        }
    }
}

fn frequencies(count: usize, of: impl Iterator<Item = usize>, smoothing: f64) -> Vec<f64> {
    let mut counts = vec![smoothing; count];
    of.for_each(|class| counts[class] += 1.0);
    let sum: f64 = counts.iter().sum();
    counts.iter().map(|count| count / sum).collect()
}

impl CarryForward {
    /// Learns what follows from the values of a column.
    ///
    /// # Errors
    /// Outcomes that do not fit the table; no row; a column that is not there; smoothing below 0; for [`Carried::OneHot`] a value that is no class.
    pub fn fit(
        table: &Table,
        outcomes: &Outcomes,
        settings: &CarryForwardSettings,
    ) -> Result<CarryForward, LearningError> {
        if !(0.0..=1e9).contains(&settings.smoothing) {
            let found = settings.smoothing;
            return Err(LearningError::Setting { what: "smoothing", least: 0.0, most: 1e9, found });
        }
        let otherwise = Constant::fit(table, outcomes, settings.smoothing)?;
        let column = table.columns_named(std::slice::from_ref(&settings.column))?;
        let values = column.column(0);
        let rule = match (outcomes, settings.probabilities) {
            (Outcomes::Numbers(_), _) => Rule::Same,
            (_, Carried::OneHot) => Rule::OneHot,
            (Outcomes::Classes { count, of }, Carried::Table) => {
                let mut known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
                known.sort_by(f64::total_cmp);
                known.dedup();
                let of_value = |value: &f64| {
                    let rows = (0..of.len()).filter(|&row| values[row] == *value).map(|row| of[row]);
                    (*value, frequencies(*count, rows, settings.smoothing))
                };
                Rule::Table(known.iter().map(of_value).collect())
            }
        };
        let base = vec![0.0; otherwise.values.len()];
        let mut model = CarryForward { column: settings.column.clone(), otherwise, base, rule };
        let rows = model.raw(table)?;
        for row in &rows {
            model.base.iter_mut().zip(row).for_each(|(sum, value)| *sum += value / rows.len() as f64);
        }
        Ok(model)
    }

    /// Name of the column.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// The number, or probabilities of classes, of each row.
    pub(crate) fn raw(&self, table: &Table) -> Result<Vec<Vec<f64>>, LearningError> {
        let table = table.columns_named(std::slice::from_ref(&self.column))?;
        let classes = self.otherwise.values.len();
        let one = |(row, &value): (usize, &f64)| {
            Ok(match &self.rule {
                _ if value.is_nan() => self.otherwise.values.clone(),
                Rule::Same => vec![value],
                Rule::OneHot => {
                    let class = (0..classes).find(|class| *class as f64 == value);
                    let (column, last) = (self.column.clone(), classes - 1);
                    let class = class.ok_or(LearningError::NoClass { column, row, found: value, last })?;
                    (0..classes).map(|k| if k == class { 1.0 } else { 0.0 }).collect()
                }
                Rule::Table(known) => {
                    match known.binary_search_by(|(one, _)| one.total_cmp(&(value + 0.0))) {
                        Ok(place) => known[place].1.clone(),
                        Err(_) => self.otherwise.values.clone(),
                    }
                }
            })
        };
        table.column(0).iter().enumerate().map(one).collect()
    }

    /// Predictions of rows, known or new.
    ///
    /// # Errors
    /// A column that is not there; for [`Carried::OneHot`] a value that is no class.
    pub fn predict(&self, table: &Table) -> Result<Predictions, LearningError> {
        Ok(self.otherwise.kind.predictions(self.raw(table)?))
    }

    /// The whole difference from the mean prediction of the training rows, which is the one column's; on the scale of probabilities.
    ///
    /// # Errors
    /// As of [`CarryForward::predict`].
    pub fn shapley(&self, table: &Table) -> Result<Shapley, LearningError> {
        let rows = self.raw(table)?;
        let each = rows.iter().flat_map(|row| row.iter().zip(&self.base).map(|(value, base)| value - base));
        let contributions = each.collect();
        Shapley::new(vec![self.column.clone()], self.base.clone(), rows.len(), contributions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(values: &[f64]) -> Table {
        Table::new(vec![("grade".into(), values.to_vec())]).unwrap()
    }

    fn settings(probabilities: Carried, smoothing: f64) -> CarryForwardSettings {
        CarryForwardSettings { column: "grade".into(), probabilities, smoothing }
    }

    #[test]
    fn classes_follow_the_table_of_value_and_outcome() {
        let training = table(&[0.0, 0.0, 0.0, 1.0, f64::NAN]);
        let outcomes = Outcomes::Classes { count: 2, of: vec![0, 0, 1, 1, 1] };
        let model = CarryForward::fit(&training, &outcomes, &settings(Carried::Table, 1.0)).unwrap();
        // 2 of 3, 0 of 1, 2 of 5, each with one case more in either class; a value that was not seen is as a missing one.
        let found = model.predict(&table(&[0.0, -0.0, 1.0, f64::NAN, 7.0])).unwrap();
        let expected = [0.6, 0.6, 1.0 / 3.0, 3.0 / 7.0, 3.0 / 7.0];
        let Predictions::Probabilities(rows) = found else { panic!("classes have probabilities") };
        for (row, first) in rows.iter().zip(expected) {
            assert!((row[0] - first).abs() < 1e-15 && (row[0] + row[1] - 1.0).abs() < 1e-15, "{rows:?}");
        }
        let text = serde_json::to_string(&model).unwrap();
        assert_eq!(serde_json::from_str::<CarryForward>(&text).unwrap(), model);
        for (right, wrong) in
            [("\"base\":[", "\"base\":[0,"), ("\"classes\"", "\"numbers\""), ("[[0.0,[", "[[0.0,[1,")]
        {
            let damaged = text.replace(right, wrong);
            assert!(damaged != text && serde_json::from_str::<CarryForward>(&damaged).is_err(), "{damaged}");
        }
        let shapley = model.shapley(&training).unwrap();
        for row in 0..5 {
            assert!((shapley.total(row, 1) - model.raw(&training).unwrap()[row][1]).abs() < 1e-15);
        }
    }

    #[test]
    fn a_class_or_number_is_carried_as_it_is() {
        let outcomes = Outcomes::Classes { count: 3, of: vec![2, 1] };
        let model =
            CarryForward::fit(&table(&[2.0, 0.0]), &outcomes, &settings(Carried::OneHot, 0.0)).unwrap();
        let found = model.predict(&table(&[1.0, f64::NAN])).unwrap();
        assert_eq!(found, Predictions::Probabilities(vec![vec![0.0, 1.0, 0.0], vec![0.0, 0.5, 0.5]]));
        let wrong = model.predict(&table(&[1.0, 2.5])).unwrap_err();
        assert_eq!(wrong, LearningError::NoClass { column: "grade".into(), row: 1, found: 2.5, last: 2 });
        let numbers = Outcomes::Numbers(vec![4.0, 8.0]);
        let model = CarryForward::fit(&table(&[3.0, 9.0]), &numbers, &settings(Carried::Table, 1.0)).unwrap();
        assert_eq!(model.predict(&table(&[5.5, f64::NAN])).unwrap(), Predictions::Numbers(vec![5.5, 6.0]));
    }

    #[test]
    fn the_constant_is_the_mean_or_the_frequencies() {
        let rows = table(&[1.0, 2.0, 3.0]);
        let mean = Constant::fit(&rows, &Outcomes::Numbers(vec![1.0, 2.0, 6.0]), 0.0).unwrap();
        assert_eq!(mean.predict(&rows), Predictions::Numbers(vec![3.0; 3]));
        let classes = Outcomes::Classes { count: 3, of: vec![0, 2, 2] };
        let found = Constant::fit(&rows, &classes, 0.0).unwrap().predict(&table(&[9.0]));
        assert_eq!(found, Predictions::Probabilities(vec![vec![1.0 / 3.0, 0.0, 2.0 / 3.0]]));
        assert!(Constant::fit(&table(&[]), &Outcomes::Numbers(vec![]), 0.0).is_err());
    }
}
