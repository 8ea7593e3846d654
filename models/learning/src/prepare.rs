//! Steps before a model, learnt from the training rows alone: missing values, constant columns, standardisation.

use crate::data::Table;
use crate::design::{Design, centre_and_spread, standardise};
use crate::error::LearningError;
use serde::{Deserialize, Serialize};

/// Treatment of missing values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// An error, in training and in prediction.
    Refuse,
    /// The median of the training rows.
    #[default]
    Median,
    /// The mean of the training rows.
    Mean,
}

/// Settings of the steps before a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PrepareSettings {
    /// Treatment of missing values.
    pub missing: Missing,
    /// Whether each column with missing training values gets a second one, 1 where the value is missing and else 0.
    pub indicator: bool,
}

impl Default for PrepareSettings {
    fn default() -> PrepareSettings {
        PrepareSettings { missing: Missing::Median, indicator: true }
    }
}

/// Steps before a model as learnt from training rows. Columns are found by their names, wherever they stand in a table.
///
/// Prepared columns have mean 0 and standard deviation 1 (divided by n) over the training rows.
///
/// What is read is checked, so that no file makes a prediction panic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "PrepareFile")]
pub struct Prepare {
    names: Vec<String>,
    /// Value that stands in for a missing one, by column; `None` refuses.
    fills: Vec<Option<f64>>,
    columns: Vec<PreparedColumn>,
}

/// Steps as they are written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PrepareFile {
    names: Vec<String>,
    fills: Vec<Option<f64>>,
    columns: Vec<PreparedColumn>,
}

impl TryFrom<PrepareFile> for Prepare {
    type Error = LearningError;

    fn try_from(PrepareFile { names, fills, columns }: PrepareFile) -> Result<Prepare, LearningError> {
        if fills.len() != names.len() {
            return Err(LearningError::Damaged("its columns and their stand-ins differ in number"));
        }
        if columns.iter().any(|column| column.of >= names.len() || column.spread <= 0.0) {
            return Err(LearningError::Damaged("a prepared column is none"));
        }
        Ok(Prepare { names, fills, columns })
    }
}

/// One prepared column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PreparedColumn {
    /// Place in the names.
    pub(crate) of: usize,
    /// Whether it says that the value is missing, instead of the value.
    pub(crate) is_indicator: bool,
    /// Mean of the training rows.
    pub(crate) centre: f64,
    /// Standard deviation of the training rows, divided by n.
    pub(crate) spread: f64,
}

impl Prepare {
    /// Learns from training rows. Columns without two different values, and those without any value, are left out.
    ///
    /// # Errors
    /// No row; a missing value where the settings refuse it.
    pub fn learn(settings: &PrepareSettings, table: &Table) -> Result<Prepare, LearningError> {
        if table.rows() == 0 {
            return Err(LearningError::TooFew { what: "rows", needed: 1, found: 0 });
        }
        let mut learnt = Prepare { names: table.names().to_vec(), fills: Vec::new(), columns: Vec::new() };
        for of in 0..table.columns() {
            let values = table.column(of);
            let known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
            let fill = match settings.missing {
                Missing::Refuse => None,
                Missing::Median => Some(coxa_statistics::median(&known).unwrap_or(0.0)),
                Missing::Mean => Some(centre_and_spread(&known).0),
            };
            learnt.fills.push(fill);
            let wanted = [true, settings.indicator && known.len() < values.len()];
            for (is_indicator, _) in [false, true].into_iter().zip(wanted).filter(|(_, wanted)| *wanted) {
                let filled = learnt.filled(of, is_indicator, values)?;
                let (centre, spread) = centre_and_spread(&filled);
                if spread > 0.0 {
                    learnt.columns.push(PreparedColumn { of, is_indicator, centre, spread });
                }
            }
        }
        Ok(learnt)
    }

    /// Values of a column before standardisation, or whether they are missing.
    fn filled(&self, of: usize, is_indicator: bool, values: &[f64]) -> Result<Vec<f64>, LearningError> {
        let one = |(row, value): (usize, &f64)| match (value.is_nan(), self.fills[of]) {
            (true, None) => Err(LearningError::Missing { column: self.names[of].clone(), row }),
            (missing, _) if is_indicator => Ok(f64::from(u8::from(missing))),
            (true, Some(fill)) => Ok(fill),
            (false, _) => Ok(*value),
        };
        values.iter().enumerate().map(one).collect()
    }

    /// Names of the columns that are asked for.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Names of the prepared columns; the indicator of `age` is `age missing`.
    pub fn prepared_names(&self) -> Vec<String> {
        let name = |column: &PreparedColumn| match column.is_indicator {
            true => format!("{} missing", self.names[column.of]),
            false => self.names[column.of].clone(),
        };
        self.columns.iter().map(name).collect()
    }

    /// Columns that are left out, because their training values are all the same or missing.
    pub fn dropped(&self) -> Vec<&str> {
        let is_kept = |of: usize| self.columns.iter().any(|column| column.of == of);
        let names = self.names.iter().enumerate();
        names.filter(|(of, _)| !is_kept(*of)).map(|(_, name)| name.as_str()).collect()
    }

    pub(crate) fn columns(&self) -> &[PreparedColumn] {
        &self.columns
    }

    /// The prepared columns of rows, known or new.
    ///
    /// # Errors
    /// A column that the table lacks; a missing value where they are refused; a value too large for the column's spread.
    pub(crate) fn apply(&self, table: &Table) -> Result<Design, LearningError> {
        let table = table.columns_named(&self.names)?;
        // Columns that are left out are looked at too: a missing value is refused in them as well.
        for of in 0..self.names.len() {
            self.filled(of, true, table.column(of))?;
        }
        let one = |column: &PreparedColumn| {
            let filled = self.filled(column.of, column.is_indicator, table.column(column.of))?;
            let standard = filled.iter().map(|value| standardise(*value, column.centre, column.spread));
            let standard: Vec<f64> = standard.collect();
            match standard.iter().position(|value| !value.is_finite()) {
                Some(row) => Err(LearningError::TooLarge { row }),
                None => Ok(standard),
            }
        };
        let columns = self.columns.iter().map(one).collect::<Result<_, _>>()?;
        Ok(Design { rows: table.rows(), columns })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    fn table(columns: &[(&str, &[f64])]) -> Table {
        Table::new(columns.iter().map(|(name, values)| ((*name).to_owned(), values.to_vec())).collect())
            .unwrap()
    }

    fn learnt(missing: Missing, indicator: bool, table: &Table) -> Prepare {
        Prepare::learn(&PrepareSettings { missing, indicator }, table).unwrap()
    }

    #[test]
    fn missing_values_become_the_median_of_the_training_rows_and_a_column_that_says_so() {
        let training = table(&[("age", &[1.0, 2.0, NAN, 9.0]), ("sex", &[0.0, 1.0, 1.0, 0.0])]);
        let prepare = learnt(Missing::Median, true, &training);
        assert_eq!(prepare.prepared_names(), ["age", "age missing", "sex"]);
        // Filled: 1, 2, 2, 9: mean 3.5, variance 10.25.
        let new = table(&[("other", &[5.0]), ("sex", &[NAN]), ("age", &[NAN])]);
        let design = prepare.apply(&new).unwrap();
        let spread = 10.25f64.sqrt();
        let expected = [(2.0 - 3.5) / spread, 0.75 / (0.25f64 * 0.75).sqrt(), 0.0];
        for (column, expected) in design.columns.iter().zip(expected) {
            assert!((column[0] - expected).abs() < 1e-15, "{column:?} {expected}");
        }
        let mean = learnt(Missing::Mean, false, &training);
        assert_eq!(mean.prepared_names(), ["age", "sex"]);
        assert!(mean.apply(&new).unwrap().columns[0][0].abs() < 1e-15);
    }

    #[test]
    fn columns_without_two_values_are_left_out_and_still_asked_for() {
        let training = table(&[("none", &[NAN; 3]), ("one", &[4.0; 3]), ("two", &[1.0, 2.0, 3.0])]);
        let prepare = learnt(Missing::Median, true, &training);
        assert_eq!(prepare.prepared_names(), ["two"]);
        assert_eq!(prepare.dropped(), ["none", "one"]);
        let lacking = prepare.apply(&table(&[("two", &[1.0]), ("one", &[1.0])]));
        assert_eq!(lacking.unwrap_err(), LearningError::NoColumn("none".into()));
    }

    #[test]
    fn missing_values_are_refused_where_that_is_asked() {
        let settings = PrepareSettings { missing: Missing::Refuse, indicator: true };
        let refused = Prepare::learn(&settings, &table(&[("age", &[1.0, NAN])]));
        assert_eq!(refused.unwrap_err(), LearningError::Missing { column: "age".into(), row: 1 });
        let prepare = learnt(Missing::Refuse, true, &table(&[("age", &[1.0, 2.0]), ("one", &[1.0, 1.0])]));
        let refused = prepare.apply(&table(&[("age", &[1.0]), ("one", &[NAN])]));
        assert_eq!(refused.unwrap_err(), LearningError::Missing { column: "one".into(), row: 0 });
        assert!(Prepare::learn(&settings, &table(&[])).is_err());
    }

    #[test]
    fn what_was_learnt_is_read_back_to_the_last_bit() {
        let prepare = learnt(Missing::Mean, true, &table(&[("age", &[0.1, 0.7, NAN, 1.0 / 3.0])]));
        let text = serde_json::to_string(&prepare).unwrap();
        assert_eq!(serde_json::from_str::<Prepare>(&text).unwrap(), prepare);
        for (right, wrong) in
            [("\"of\":0", "\"of\":1"), ("\"fills\":[", "\"fills\":[1.0,"), ("\"spread\":", "\"spread\":-")]
        {
            let damaged = text.replace(right, wrong);
            assert!(damaged != text && serde_json::from_str::<Prepare>(&damaged).is_err(), "{damaged}");
        }
    }
}
