//! Tables of predictors, outcomes, and what is predicted of them.

use crate::error::LearningError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// More classes than that are a mistake, such as a number that is taken for a class.
const MOST_CLASSES: usize = 1000;

/// Predictors by column; a missing value is NaN. One row a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    names: Vec<String>,
    rows: usize,
    /// Column after column.
    values: Vec<f64>,
}

impl Table {
    /// A table of named columns, each with its values row by row.
    ///
    /// # Errors
    /// Columns of different lengths or of one name; an infinite value.
    pub fn new(columns: Vec<(String, Vec<f64>)>) -> Result<Table, LearningError> {
        let rows = columns.first().map_or(0, |(_, values)| values.len());
        let mut seen = BTreeSet::new();
        for (name, values) in &columns {
            if values.len() != rows {
                let (expected, found) = (rows, values.len());
                return Err(LearningError::Lengths { what: "columns", expected, found });
            }
            if !seen.insert(name.as_str()) {
                return Err(LearningError::TwiceNamed(name.clone()));
            }
            if let Some(row) = values.iter().position(|value| value.is_infinite()) {
                return Err(LearningError::Infinite { column: name.clone(), row });
            }
        }
        let (names, values): (Vec<String>, Vec<Vec<f64>>) = columns.into_iter().unzip();
        Ok(Table { names, rows, values: values.concat() })
    }

    /// Names of the columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.names.len()
    }

    /// Values of a column by its place.
    ///
    /// # Panics
    /// Beyond the last column.
    pub fn column(&self, place: usize) -> &[f64] {
        &self.values[place * self.rows..(place + 1) * self.rows]
    }

    /// One value.
    ///
    /// # Panics
    /// Beyond the last row or column.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.column(column)[row]
    }

    /// The rows named, in that order; a row may be named more than once.
    ///
    /// # Panics
    /// Beyond the last row.
    pub fn rows_at(&self, rows: &[usize]) -> Table {
        let values = (0..self.columns()).flat_map(|place| rows.iter().map(move |&row| (place, row)));
        let values = values.map(|(place, row)| self.at(row, place)).collect();
        Table { names: self.names.clone(), rows: rows.len(), values }
    }

    /// The columns named, in that order, wherever they stand here.
    ///
    /// # Errors
    /// [`LearningError::NoColumn`] of one that is not here.
    pub fn columns_named(&self, names: &[String]) -> Result<Table, LearningError> {
        let place = |name: &String| {
            let place = self.names.iter().position(|own| own == name);
            place.ok_or_else(|| LearningError::NoColumn(name.clone()))
        };
        let places = names.iter().map(place).collect::<Result<Vec<usize>, _>>()?;
        let values = places.iter().flat_map(|&place| self.column(place)).copied().collect();
        Ok(Table { names: names.to_vec(), rows: self.rows, values })
    }
}

/// What is to be predicted, one a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcomes {
    /// A number.
    Numbers(Vec<f64>),
    /// One of `count` classes, from 0. Where they have an order it is that of their numbers; a class may be without a row.
    Classes {
        /// How many classes there are.
        count: usize,
        /// Class of each row.
        of: Vec<usize>,
    },
}

impl Outcomes {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        match self {
            Outcomes::Numbers(values) => values.len(),
            Outcomes::Classes { of, .. } => of.len(),
        }
    }

    /// Kind in words, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Outcomes::Numbers(_) => "numbers",
            Outcomes::Classes { .. } => "classes",
        }
    }

    /// The rows named, in that order.
    ///
    /// # Panics
    /// Beyond the last row.
    pub fn rows_at(&self, rows: &[usize]) -> Outcomes {
        match self {
            Outcomes::Numbers(values) => Outcomes::Numbers(rows.iter().map(|&row| values[row]).collect()),
            Outcomes::Classes { count, of } => {
                Outcomes::Classes { count: *count, of: rows.iter().map(|&row| of[row]).collect() }
            }
        }
    }

    /// That they fit a table, and are numbers and classes that can be.
    ///
    /// # Errors
    /// Other numbers of rows; a number that is missing or infinite; a class beyond the last; more than 1,000 classes.
    pub fn check(&self, table: &Table) -> Result<(), LearningError> {
        if self.rows() != table.rows() {
            let (expected, found) = (table.rows(), self.rows());
            return Err(LearningError::Lengths { what: "table and outcomes", expected, found });
        }
        self.check_itself()
    }

    /// That they are numbers and classes that can be.
    pub(crate) fn check_itself(&self) -> Result<(), LearningError> {
        match self {
            Outcomes::Classes { count, .. } if *count > MOST_CLASSES => {
                let (most, found) = (MOST_CLASSES as f64, *count as f64);
                Err(LearningError::Setting { what: "the number of classes", least: 1.0, most, found })
            }
            Outcomes::Numbers(values) => match values.iter().position(|value| !value.is_finite()) {
                Some(row) => Err(LearningError::Infinite { column: "the outcome".into(), row }),
                None => Ok(()),
            },
            Outcomes::Classes { count, of } => match of.iter().position(|class| class >= count) {
                Some(row) => Err(LearningError::Class { row, class: of[row], last: count.saturating_sub(1) }),
                None => Ok(()),
            },
        }
    }
}

/// Predictions, row by row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Predictions {
    /// A number a row.
    Numbers(Vec<f64>),
    /// The probability of each class, summing to 1; rows x classes.
    Probabilities(Vec<Vec<f64>>),
}

impl Predictions {
    /// The rows named, in that order.
    ///
    /// # Panics
    /// Beyond the last row.
    pub fn rows_at(&self, rows: &[usize]) -> Predictions {
        match self {
            Predictions::Numbers(all) => Predictions::Numbers(rows.iter().map(|&row| all[row]).collect()),
            Predictions::Probabilities(all) => {
                Predictions::Probabilities(rows.iter().map(|&row| all[row].clone()).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table::new(vec![("a".into(), vec![1.0, 2.0, f64::NAN]), ("b".into(), vec![4.0, 5.0, 6.0])])
            .expect("it is one")
    }

    #[test]
    fn rows_and_columns_are_taken_in_the_order_asked_for() {
        let taken = table().rows_at(&[2, 0, 0]).columns_named(&["b".into()]).expect("both are there");
        assert_eq!((taken.rows(), taken.column(0)), (3, &[6.0, 4.0, 4.0][..]));
        assert_eq!(table().columns_named(&["c".into()]), Err(LearningError::NoColumn("c".into())));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let twice = Table::new(vec![("a".into(), vec![1.0]), ("a".into(), vec![1.0])]);
        assert_eq!(twice, Err(LearningError::TwiceNamed("a".into())));
        let infinite = Table::new(vec![("a".into(), vec![f64::INFINITY])]);
        assert_eq!(infinite, Err(LearningError::Infinite { column: "a".into(), row: 0 }));
        let classes = Outcomes::Classes { count: 2, of: vec![0, 1, 2] };
        assert_eq!(classes.check(&table()), Err(LearningError::Class { row: 2, class: 2, last: 1 }));
        let missing = Outcomes::Numbers(vec![0.0, f64::NAN, 1.0]);
        assert!(missing.check(&table()).is_err());
        let many = Outcomes::Classes { count: usize::MAX, of: vec![0, 1, 2] };
        assert!(matches!(many.check(&table()), Err(LearningError::Setting { .. })));
    }
}
