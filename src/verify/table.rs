//! Reference tables: CSV files whose columns are found by name.

use crate::verify::Check;
use anyhow::{Context, bail, ensure};
use std::path::Path;

/// Numbers of a CSV file, column by column.
pub(super) struct Table {
    names: Vec<String>,
    /// Row by row, with the line each begins at.
    rows: Vec<(u64, csv::StringRecord)>,
    file: String,
}

impl Table {
    /// Reads a file; it must have a header and at least one row, and all of `columns`.
    pub(super) fn read(path: &Path, columns: &[&str]) -> anyhow::Result<Table> {
        let file = path.display().to_string();
        let mut reader = csv::Reader::from_path(path).with_context(|| format!("cannot read {file}"))?;
        let names: Vec<String> = reader
            .headers()
            .with_context(|| format!("{file} has no readable header line"))?
            .iter()
            .map(|name| name.trim().to_owned())
            .collect();
        let missing: Vec<&str> =
            columns.iter().copied().filter(|c| !names.iter().any(|name| name == c)).collect();
        if !missing.is_empty() {
            bail!("{file} lacks the column {}; its columns are {}", missing.join(", "), names.join(", "));
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.with_context(|| format!("{file} is not a sound CSV table"))?;
            rows.push((record.position().map_or(0, csv::Position::line), record));
        }
        ensure!(!rows.is_empty(), "{file} has a header but no rows");
        Ok(Table { names, rows, file })
    }

    /// Each row as a look-up of numbers by column name.
    pub(super) fn rows(&self) -> impl Iterator<Item = TableRow<'_>> {
        self.rows.iter().map(|(line, record)| TableRow { table: self, line: *line, record })
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct TableRow<'a> {
    table: &'a Table,
    line: u64,
    record: &'a csv::StringRecord,
}

impl TableRow<'_> {
    /// The finite number in a column.
    pub(super) fn number(&self, column: &str) -> anyhow::Result<f64> {
        let place = || format!("{}, line {}, column {column}", self.table.file, self.line);
        let index = self.table.names.iter().position(|name| name == column);
        let text =
            index.and_then(|i| self.record.get(i)).with_context(|| format!("{}: nothing there", place()))?;
        let number: Option<f64> = text.trim().parse().ok().filter(|n: &f64| n.is_finite());
        number.with_context(|| {
            let shown: String = text.chars().take(40).collect();
            format!("{}: `{shown}` is not a number", place())
        })
    }

    /// As [`TableRow::number`], `None` where the column is left blank.
    pub(super) fn number_or_blank(&self, column: &str) -> anyhow::Result<Option<f64>> {
        let index = self.table.names.iter().position(|name| name == column);
        let is_blank = index.and_then(|i| self.record.get(i)).is_some_and(|text| text.trim().is_empty());
        if is_blank { Ok(None) } else { self.number(column).map(Some) }
    }

    /// What is wrong with this row.
    pub(super) fn error(&self, reason: impl std::fmt::Display) -> anyhow::Error {
        anyhow::anyhow!("{}, line {}: {reason}", self.table.file, self.line)
    }
}

/// Absolute errors, quantity by quantity in the order of their first appearance.
#[derive(Default)]
pub(super) struct Errors(Vec<(&'static str, Vec<f64>)>);

impl Errors {
    /// Adds |found - expected|.
    pub(super) fn add(&mut self, name: &'static str, found: f64, expected: f64) {
        let error = (found - expected).abs();
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, errors)) => errors.push(error),
            None => self.0.push((name, vec![error])),
        }
    }

    /// One check to a quantity.
    pub(super) fn checks(&self, tolerance: f64, unit: &'static str) -> Vec<Check> {
        self.0.iter().map(|(name, errors)| Check::at_most(*name, errors, tolerance, unit)).collect()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::verify::SuiteReport;

    /// Runs a suite on a text as its file.
    pub(crate) fn run_on(
        text: &str,
        run: fn(&Path) -> anyhow::Result<SuiteReport>,
    ) -> Result<SuiteReport, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cases.csv");
        std::fs::write(&path, text).unwrap();
        run(&path).map_err(|e| format!("{e:#}").replace(&format!("{}/", folder.path().display()), ""))
    }

    fn sum(path: &Path) -> anyhow::Result<SuiteReport> {
        let mut errors = Errors::default();
        for row in Table::read(path, &["a", "b"])?.rows() {
            errors.add("sum", row.number("a")? + row.number("b")?, 3.0);
        }
        Ok(SuiteReport { suite: "sum", evidence: "analytic", checks: errors.checks(0.5, "mm") })
    }

    #[test]
    fn columns_are_found_by_name() {
        let report = run_on("b,x,a\n2,?,1\n1,?,2.25\n", sum).unwrap();
        assert_eq!((report.checks[0].cases, report.checks[0].worst), (2, Some(0.25)));
        assert!(report.holds());
    }

    #[test]
    fn bad_tables_are_refused_with_file_line_and_column() {
        assert_eq!(
            run_on("a,c\n1,2\n", sum).unwrap_err(),
            "cases.csv lacks the column b; its columns are a, c"
        );
        assert_eq!(run_on("a,b\n", sum).unwrap_err(), "cases.csv has a header but no rows");
        assert_eq!(
            run_on("a,b\n1,2\n1,two\n", sum).unwrap_err(),
            "cases.csv, line 3, column b: `two` is not a number"
        );
        assert!(run_on("a,b\n1,nan\n", sum).unwrap_err().contains("line 2"));
        assert!(run_on("a,b\n1,2,3\n", sum).unwrap_err().contains("not a sound CSV table"));
        assert!(
            sum(Path::new("no such file.csv"))
                .unwrap_err()
                .to_string()
                .contains("cannot read no such file.csv")
        );
    }
}
