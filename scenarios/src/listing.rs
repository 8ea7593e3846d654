//! The jobs of a study as a list, to choose one from.

use crate::case_of_job;
use crate::store::{REMEDY, Store};
use crate::table::{self, Column, columns, results_schema};
use anyhow::{Context, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt64Type};
use arrow_array::{Array, RecordBatch};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Jobs that are listed at most; nobody chooses from more by eye.
pub const MOST_ROWS: usize = 100_000;

/// The jobs of a study.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// Title of the study.
    pub title: String,
    /// Names of its factors.
    pub factors: Vec<String>,
    /// What is kept of each job.
    pub quantities: Vec<Heading>,
    /// The jobs, by their number.
    pub rows: Vec<ListedJob>,
    /// Jobs that are left out, because there are more than [`MOST_ROWS`].
    pub left_out: u64,
}

/// What a column of quantities is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Name of the quantity.
    pub name: String,
    /// Its unit; `1` of numbers without one.
    pub unit: &'static str,
}

/// One job.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedJob {
    /// Its number.
    pub job: u64,
    /// The patient.
    pub patient: String,
    /// Levels, in the order of the factors.
    pub levels: Vec<String>,
    /// Values, in the order of the quantities.
    pub values: Vec<Option<f64>>,
    /// Why there is no plan of it, where there is none.
    pub refusal: Option<String>,
    /// Its case folder, where one was made.
    pub case: Option<PathBuf>,
}

impl Listing {
    /// The jobs that were made so far. Nothing is written: the folder may be somebody else's.
    ///
    /// # Errors
    /// Blocks that are damaged.
    pub fn read(store: &Store) -> Result<Listing> {
        let study = &store.study;
        let quantities =
            study.outputs()?.iter().map(|o| Heading { name: o.name(), unit: o.unit() }).collect();
        let factors = study.factors.iter().map(|factor| factor.name.clone()).collect();
        let mut listing =
            Listing { title: study.title.clone(), factors, quantities, rows: Vec::new(), left_out: 0 };
        let (columns, schema) = (columns(study)?, results_schema(study)?);
        let cases = case_of_job::made(store);
        for path in store.made_tables() {
            let at = || format!("{}: {REMEDY}", path.display());
            for batch in table::read(&path, &schema).with_context(at)? {
                listing.take(&batch.with_context(at)?, &columns, &cases);
            }
        }
        Ok(listing)
    }

    fn take(&mut self, batch: &RecordBatch, columns: &[Column], cases: &BTreeMap<u64, PathBuf>) {
        for row in 0..batch.num_rows() {
            if self.rows.len() >= MOST_ROWS {
                self.left_out += 1;
                continue;
            }
            let mut listed = listed(batch, columns, row);
            listed.case = cases.get(&listed.job).cloned();
            self.rows.push(listed);
        }
    }

    /// Places of the rows in the order of a quantity; rows without a value come last, and equal ones by their job.
    pub fn sorted_by(&self, quantity: usize, is_descending: bool) -> Vec<usize> {
        let value = |place: &usize| self.rows[*place].values.get(quantity).copied().flatten();
        let mut places: Vec<usize> = (0..self.rows.len()).collect();
        places.sort_by(|a, b| match (value(a), value(b)) {
            (Some(a), Some(b)) if is_descending => b.total_cmp(&a),
            (Some(a), Some(b)) => a.total_cmp(&b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        });
        places
    }
}

fn listed(batch: &RecordBatch, columns: &[Column], row: usize) -> ListedJob {
    let mut listed = ListedJob {
        job: 0,
        patient: String::new(),
        levels: Vec::new(),
        values: Vec::new(),
        refusal: None,
        case: None,
    };
    for (column, array) in columns.iter().zip(batch.columns()) {
        let word =
            || array.as_string_opt::<i32>().map(|words| words.value(row).to_owned()).unwrap_or_default();
        let number = || {
            let numbers = array.as_primitive_opt::<Float64Type>()?;
            numbers.is_valid(row).then(|| numbers.value(row))
        };
        match column {
            Column::Job => {
                listed.job = array.as_primitive_opt::<UInt64Type>().map_or(0, |jobs| jobs.value(row));
            }
            Column::Patient => listed.patient = word(),
            Column::Number { .. } => listed.levels.push(number().unwrap_or(f64::NAN).to_string()),
            Column::Word { .. } => listed.levels.push(word()),
            Column::Reason => listed.refusal = array.is_valid(row).then(word),
            Column::Output { .. } => listed.values.push(number()),
            Column::Sex | Column::Age | Column::Bmi | Column::Weight | Column::Grade | Column::Outcome => {}
        }
    }
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_without_a_value_come_last_in_either_order() {
        let row = |job: u64, value: Option<f64>| ListedJob {
            job,
            patient: String::new(),
            levels: Vec::new(),
            values: vec![value],
            refusal: None,
            case: None,
        };
        let listing = Listing {
            title: String::new(),
            factors: Vec::new(),
            quantities: vec![Heading { name: "motion.flexion".into(), unit: "deg" }],
            rows: vec![row(0, None), row(1, Some(2.0)), row(2, Some(-1.0)), row(3, Some(2.0))],
            left_out: 0,
        };
        assert_eq!(listing.sorted_by(0, false), [2, 1, 3, 0]);
        assert_eq!(listing.sorted_by(0, true), [1, 3, 2, 0]);
    }
}
