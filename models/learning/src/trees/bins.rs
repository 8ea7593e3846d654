//! Columns cut into bins of about as many rows each, so that a split is one of at most 255.

use crate::data::Table;
use rayon::prelude::*;

/// Code of a missing value; values have codes from 1.
pub(super) const MISSING: u8 = 0;
/// Threshold above every value: only missing values are not below it.
pub(super) const ABOVE_ALL: f64 = f64::MAX;

/// A table with a bin for each value, column after column.
#[derive(Debug)]
pub(super) struct Binned {
    rows: usize,
    /// Of each column the highest value of each bin but the last, ascending.
    edges: Vec<Vec<f64>>,
    codes: Vec<u8>,
}

impl Binned {
    /// Cuts each column into at most `most` bins (2 to 255).
    pub(super) fn of(table: &Table, most: usize) -> Binned {
        let rows = table.rows();
        let edges: Vec<Vec<f64>> =
            (0..table.columns()).into_par_iter().map(|place| edges(table.column(place), most)).collect();
        let mut codes = vec![MISSING; rows * table.columns()];
        let columns = codes.par_chunks_mut(rows.max(1)).zip(&edges).enumerate();
        columns.for_each(|(place, (codes, edges))| {
            for (code, &value) in codes.iter_mut().zip(table.column(place)) {
                if !value.is_nan() {
                    *code = edges.partition_point(|&edge| edge < value) as u8 + 1;
                }
            }
        });
        Binned { rows, edges, codes }
    }

    /// Number of columns.
    pub(super) fn columns(&self) -> usize {
        self.edges.len()
    }

    /// Number of bins of a column, that of missing values among them.
    pub(super) fn bins(&self, column: usize) -> usize {
        self.edges[column].len() + 2
    }

    /// Bins of the column that has most.
    pub(super) fn most_bins(&self) -> usize {
        (0..self.columns()).map(|column| self.bins(column)).max().unwrap_or(0)
    }

    /// Codes of a column, row by row.
    pub(super) fn codes(&self, column: usize) -> &[u8] {
        &self.codes[column * self.rows..(column + 1) * self.rows]
    }

    /// The threshold that parts values in bins up to `code` from those in higher bins.
    pub(super) fn threshold(&self, column: usize, code: u8) -> f64 {
        self.edges[column].get(usize::from(code).wrapping_sub(1)).copied().unwrap_or(ABOVE_ALL)
    }
}

/// Upper edges of the bins of a column, but for the last bin: half way between neighbouring values.
///
/// A bin closes when it holds its part of the rows that remain, so that one value of many rows takes one bin and leaves the others to the rest.
fn edges(column: &[f64], most: usize) -> Vec<f64> {
    // -0 and 0 are one value, and sorting tells them apart.
    let mut values: Vec<f64> =
        column.iter().filter(|value| !value.is_nan()).map(|value| value + 0.0).collect();
    values.sort_unstable_by(f64::total_cmp);
    let runs: Vec<&[f64]> = values.chunk_by(|a, b| a == b).collect();
    let mut edges = Vec::new();
    let (mut remaining, mut held) = (values.len(), 0);
    for (place, pair) in runs.windows(2).enumerate() {
        held += pair[0].len();
        let bins = most - edges.len();
        let is_full = runs.len() - place <= bins || held * bins >= remaining;
        if is_full && bins > 1 {
            edges.push(between(pair[0][0], pair[1][0]));
            remaining -= held;
            held = 0;
        }
    }
    edges
}

/// A number from `low` up to, but not, `high`: half way where there is one.
fn between(low: f64, high: f64) -> f64 {
    let middle = low / 2.0 + high / 2.0;
    if middle >= low && middle < high { middle } else { low }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binned(values: &[f64], most: usize) -> Binned {
        Binned::of(&Table::new(vec![("a".into(), values.to_vec())]).unwrap(), most)
    }

    #[test]
    fn few_values_have_a_bin_each_and_missing_values_their_own() {
        let found = binned(&[3.0, f64::NAN, 1.0, 3.0, -0.0, 0.0], 255);
        assert_eq!(found.codes(0), [3, 0, 2, 3, 1, 1]);
        assert_eq!((found.threshold(0, 1), found.threshold(0, 2)), (0.5, 2.0));
        assert_eq!((found.threshold(0, 3), found.bins(0)), (ABOVE_ALL, 4));
    }

    #[test]
    fn many_values_share_bins_of_about_as_many_rows() {
        let values: Vec<f64> = (0..10_000).map(|n| f64::from(n * 7919 % 10_000)).collect();
        let found = binned(&values, 100);
        let mut counts = [0; 101];
        for &code in found.codes(0) {
            counts[usize::from(code)] += 1;
        }
        assert_eq!(counts[0], 0);
        assert!(counts[1..].iter().all(|&count| count == 100), "{counts:?}");
    }

    #[test]
    fn a_frequent_value_leaves_the_other_bins_to_the_rest() {
        let mut values: Vec<f64> = (1..=90).map(f64::from).collect();
        values.extend([0.0; 910]);
        let found = binned(&values, 10);
        let of_zero =
            values.iter().zip(found.codes(0)).filter(|(value, _)| **value == 0.0).all(|(_, c)| *c == 1);
        assert!(of_zero && found.bins(0) == 11, "{:?}", found.edges);
        let alone = found.codes(0).iter().filter(|code| **code == 2).count();
        assert!((9..=11).contains(&alone), "{alone}");
    }

    #[test]
    fn a_value_is_below_a_threshold_where_its_bin_is() {
        let next = f64::from_bits(1.0f64.to_bits() + 1);
        let values = [-f64::MAX, f64::MAX, 1.0, next, 5e-324, 0.0, 1e300, -1e-300];
        let found = binned(&values, 255);
        for (row, value) in values.iter().enumerate() {
            for code in 1..=8 {
                assert_eq!(*value <= found.threshold(0, code), found.codes(0)[row] <= code, "{value} {code}");
            }
        }
    }

    #[test]
    fn constant_and_missing_columns_have_one_bin_or_none() {
        assert_eq!(binned(&[2.0; 5], 255).codes(0), [1; 5]);
        assert_eq!(binned(&[f64::NAN; 5], 255).codes(0), [0; 5]);
        assert_eq!(binned(&[], 255).most_bins(), 2);
    }
}
