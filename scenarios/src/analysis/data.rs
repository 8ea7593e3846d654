//! Merged results in memory, a column for each quantity.

use super::subgroup::{Membership, membership};
use crate::store::{Merged, Store};
use crate::table::{self, results_schema};
use anyhow::{Context, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt64Type};
use arrow_array::{Array, RecordBatch};
use coxa_statistics::Level;

/// The level of all intervals.
pub const LEVEL: Level = Level::NINETY_FIVE;

/// Merged results: values of patients times rows of the design, NaN where there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Data {
    /// Names of the patients.
    pub patients: Vec<String>,
    /// Subgroups of each, as the first of its jobs in the table says.
    pub(super) groups: Vec<Membership>,
    /// Rows of the design.
    pub rows: u64,
    /// For each quantity its values, those of the first patient first.
    columns: Vec<Vec<f64>>,
}

impl Data {
    /// Reads merged results.
    ///
    /// # Errors
    /// A table that is damaged or of another study.
    pub fn read(store: &Store, merged: &Merged) -> Result<Data> {
        let outputs = store.study.outputs()?;
        let patients: Vec<String> = store.members().iter().map(crate::cohort::Member::name).collect();
        let rows = store.study.row_count();
        let size = patients.len() * rows as usize;
        let mut data = Data::of_columns(patients, rows, vec![vec![f64::NAN; size]; outputs.len()]);
        let names: Vec<String> = outputs.iter().map(crate::output::Output::column).collect();
        let schema = results_schema(&store.study)?;
        let at = || format!("{}: merge the results again", merged.results.display());
        for batch in table::read(&merged.results, &schema).with_context(at)? {
            data.take(&batch.with_context(at)?, &names);
        }
        Ok(data)
    }

    /// Of values that are in memory: for each quantity those of the first patient first. Of the patients nothing else is known.
    pub fn of_columns(patients: Vec<String>, rows: u64, columns: Vec<Vec<f64>>) -> Data {
        Data { groups: vec![Membership::default(); patients.len()], patients, rows, columns }
    }

    fn take(&mut self, batch: &RecordBatch, names: &[String]) {
        let column = |name: &str| batch.column_by_name(name);
        let Some(jobs) = column("job").and_then(|column| column.as_primitive_opt::<UInt64Type>()) else {
            return;
        };
        for row in 0..batch.num_rows() {
            let groups = self.groups.get_mut((jobs.value(row) / self.rows) as usize);
            if let Some(groups) = groups.filter(|groups| **groups == Membership::default()) {
                *groups = membership(batch, row);
            }
        }
        for (values, name) in self.columns.iter_mut().zip(names) {
            let Some(numbers) = column(name).and_then(|column| column.as_primitive_opt::<Float64Type>())
            else {
                continue;
            };
            for row in (0..batch.num_rows()).filter(|row| numbers.is_valid(*row)) {
                if let Some(value) = values.get_mut(jobs.value(row) as usize) {
                    *value = numbers.value(row);
                }
            }
        }
    }

    /// A value; NaN where there is none.
    pub fn value(&self, output: usize, patient: usize, row: u64) -> f64 {
        self.columns[output][patient * self.rows as usize + row as usize]
    }

    /// The mean of each patient over rows of the design; NaN of a patient without a value there.
    pub fn patient_means(&self, output: usize, is_meant: impl Fn(u64) -> bool) -> Vec<f64> {
        let rows: Vec<u64> = (0..self.rows).filter(|row| is_meant(*row)).collect();
        let of = |patient: usize| {
            mean(rows.iter().map(|row| self.value(output, patient, *row)).filter(|value| !value.is_nan()))
        };
        (0..self.patients.len()).map(of).collect()
    }

    /// For each patient the mean over groups of rows of a sum of their values with weights; groups in which a value is missing are left out, and a
    /// patient without a whole one has NaN.
    pub(super) fn contrasts<const N: usize>(
        &self,
        output: usize,
        groups: &[[u64; N]],
        weights: [f64; N],
    ) -> Vec<f64> {
        let of_group = |patient: usize, rows: &[u64; N]| {
            rows.iter()
                .zip(weights)
                .map(|(row, weight)| weight * self.value(output, patient, *row))
                .sum::<f64>()
        };
        let of = |patient: usize| {
            mean(groups.iter().map(|rows| of_group(patient, rows)).filter(|value| !value.is_nan()))
        };
        (0..self.patients.len()).map(of).collect()
    }

    /// Rows of the design in which every patient has a value who has one in any.
    pub(super) fn shared_rows(&self, output: usize) -> Vec<u64> {
        let has_any = |patient: &usize| (0..self.rows).any(|row| !self.value(output, *patient, row).is_nan());
        let patients: Vec<usize> = (0..self.patients.len()).filter(has_any).collect();
        let is_shared =
            |row: &u64| patients.iter().all(|patient| !self.value(output, *patient, *row).is_nan());
        (0..self.rows).filter(is_shared).collect()
    }

    /// How many patients belong to each subgroup of each trait.
    pub fn subgroup_sizes(&self) -> [[usize; 2]; 3] {
        [0, 1, 2]
            .map(|by| [0u8, 1].map(|of| self.groups.iter().filter(|groups| groups[by] == Some(of)).count()))
    }

    /// The largest absolute value.
    pub(super) fn largest(&self, output: usize) -> f64 {
        self.columns[output]
            .iter()
            .filter(|value| !value.is_nan())
            .fold(0.0, |most, value| most.max(value.abs()))
    }

    /// The job of a patient with the least, or the greatest, value.
    pub fn extreme_job(&self, output: usize, patient: usize, is_greatest: bool) -> Option<(u64, f64)> {
        let values = (0..self.rows).map(|row| (row, self.value(output, patient, row)));
        let order = |(_, a): &(u64, f64), (_, b): &(u64, f64)| a.total_cmp(b);
        let known = values.filter(|(_, value)| !value.is_nan());
        // Of equals the first.
        let found = if is_greatest { known.rev().max_by(order) } else { known.min_by(order) };
        found.map(|(row, value)| (patient as u64 * self.rows + row, value))
    }

    /// The mean of each row of the design over the patients that have a value in all rows, and how many these are.
    pub fn row_means(&self, output: usize) -> (Vec<f64>, usize) {
        let is_whole =
            |patient: &usize| (0..self.rows).all(|row| !self.value(output, *patient, row).is_nan());
        let whole: Vec<usize> = (0..self.patients.len()).filter(is_whole).collect();
        let mean = |row: u64| {
            whole.iter().map(|patient| self.value(output, *patient, row)).sum::<f64>() / whole.len() as f64
        };
        ((0..self.rows).map(mean).collect(), whole.len())
    }
}

/// NaN of none.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { f64::NAN } else { sum / f64::from(count) }
}
