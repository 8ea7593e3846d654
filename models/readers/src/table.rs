//! Tables of text, comma-, semicolon- or tab-separated: every mistake is named by row and column.

use crate::error::{ReadersError, name_of};
use std::path::Path;

/// No table of a reader study is larger.
const MAX_BYTES: u64 = 64 << 20;

/// A table with its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    /// File name, for messages.
    pub(crate) file: String,
    /// Names of the columns, in lower case.
    pub(crate) columns: Vec<String>,
    /// Number of a row as a spreadsheet counts, and its cells without spaces around them, as many as the header has.
    rows: Vec<(usize, Vec<String>)>,
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    table: &'a Table,
    place: usize,
}

impl Table {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Table, ReadersError> {
        let size = std::fs::metadata(path).map_err(|error| ReadersError::io(path, &error))?;
        if !size.is_file() {
            return Err(ReadersError::file(path, "it is not a file; give a table (CSV)"));
        }
        if size.len() > MAX_BYTES {
            return Err(ReadersError::file(path, "it is larger than 64 MB, which no table of cases is"));
        }
        let bytes = std::fs::read(path).map_err(|error| ReadersError::io(path, &error))?;
        Table::parse(&name_of(path), &bytes)
    }

    /// Reads bytes.
    pub(crate) fn parse(file: &str, bytes: &[u8]) -> Result<Table, ReadersError> {
        let wrong = |reason: String| ReadersError::File { file: file.to_owned(), reason };
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
            return Err(wrong("its text is UTF-16; save it as CSV in UTF-8".to_owned()));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let row = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            wrong(format!("row {row} is not UTF-8 text; save the table as CSV in UTF-8"))
        })?;
        let records = coxa_tables::rows(text);
        let Some(header) = records.first() else {
            return Err(wrong("it is empty; the first row names the columns".to_owned()));
        };
        let columns: Vec<String> = header.cells.iter().map(|name| name.to_lowercase()).collect();
        for (place, name) in columns.iter().enumerate() {
            if !name.is_empty() && columns[..place].contains(name) {
                return Err(wrong(format!("the column {name} occurs twice")));
            }
        }
        let mut rows = Vec::new();
        for coxa_tables::Row { number: row, cells } in records.into_iter().skip(1) {
            if cells.len() != columns.len() {
                let (found, expected) = (cells.len(), columns.len());
                return Err(wrong(format!(
                    "row {row} has {found} cells and the header {expected}; a text with commas wants quotes"
                )));
            }
            rows.push((row, cells));
        }
        Ok(Table { file: file.to_owned(), columns, rows })
    }

    /// Refuses a table that lacks a column, or has one that nobody reads: it is more likely misspelt than meant.
    pub(crate) fn expect(&self, needed: &[&str], also: &[&str]) -> Result<(), ReadersError> {
        let wrong = |reason: String| Err(ReadersError::File { file: self.file.clone(), reason });
        if let Some(missing) = needed.iter().find(|name| !self.has(name)) {
            let (needed, there) = (needed.join(", "), self.columns.join(", "));
            return wrong(format!("the column {missing} is missing: wanted are {needed}; there are {there}"));
        }
        let known = |name: &String| needed.contains(&name.as_str()) || also.contains(&name.as_str());
        match self.columns.iter().find(|name| !known(name)) {
            Some(name) => {
                let all = [needed, also].concat().join(", ");
                wrong(format!("the column \"{name}\" is unknown; columns are {all}"))
            }
            None => Ok(()),
        }
    }

    /// Whether there is a column.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|name| name == column)
    }

    /// All rows in their order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.rows.len()).map(|place| Row { table: self, place })
    }
}

impl<'a> Row<'a> {
    /// Number of the row as a spreadsheet counts; the header is row 1.
    pub(crate) fn number(self) -> usize {
        self.table.rows[self.place].0
    }

    /// A cell; empty where there is no such column.
    pub(crate) fn cell(self, column: &str) -> &'a str {
        let place = self.table.columns.iter().position(|name| name == column);
        place.map_or("", |place| &self.table.rows[self.place].1[place])
    }

    /// A cell that may not be empty.
    pub(crate) fn needed(self, column: &str) -> Result<&'a str, ReadersError> {
        match self.cell(column) {
            "" => Err(self.wrong(column, "it is empty")),
            text => Ok(text),
        }
    }

    /// A number; `None` of an empty cell.
    pub(crate) fn number_in(self, column: &str) -> Result<Option<f64>, ReadersError> {
        match self.cell(column) {
            "" => Ok(None),
            text => match text.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(Some(value)),
                _ => {
                    let hint = if text.contains(',') { " (decimals take a point)" } else { "" };
                    Err(self
                        .wrong(column, &format!("a number is wanted and \"{}\" found{hint}", short(text))))
                }
            },
        }
    }

    /// A whole number from 0; `None` of an empty cell.
    pub(crate) fn count_in(self, column: &str) -> Result<Option<usize>, ReadersError> {
        match self.cell(column) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| {
                self.wrong(column, &format!("a whole number is wanted and \"{}\" found", short(text)))
            }),
        }
    }

    /// An error about a cell of the row.
    pub(crate) fn wrong(self, column: &str, reason: &str) -> ReadersError {
        ReadersError::Cell {
            file: self.table.file.clone(),
            row: self.number(),
            column: column.to_owned(),
            reason: reason.to_owned(),
        }
    }
}

/// The start of a text, for a message.
pub(crate) fn short(text: &str) -> String {
    let start: String = text.chars().take(40).filter(|c| !c.is_control()).collect();
    if text.chars().count() > 40 { format!("{start}...") } else { start }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(bytes: &[u8]) -> String {
        let table = Table::parse("t.csv", bytes).and_then(|table| {
            table.expect(&["case", "rating"], &["note"])?;
            for row in table.rows() {
                row.needed("case")?;
                row.number_in("rating")?;
            }
            Ok(table)
        });
        table.unwrap_err().to_string()
    }

    #[test]
    fn tables_of_three_kinds_are_one() {
        let expected = Table::parse("t.csv", b"case,rating\na,1\nb,2\n").unwrap();
        let spaced = Table::parse("t.csv", b"case,rating\r\n\r\na,1\r\n\r\n\r\n\"b\nc\",2\r\nd,3").unwrap();
        assert_eq!(spaced.rows().map(Row::number).collect::<Vec<_>>(), [3, 6, 8]);
        for text in [
            "\u{feff}Case;Rating\r\n a ; 1\r\nb;2\r\n",
            "case\trating\na\t1\nb\t2",
            "case,rating\n\"a\",1\nb,2\n",
        ] {
            assert_eq!(Table::parse("t.csv", text.as_bytes()).unwrap(), expected);
        }
    }

    #[test]
    fn mistakes_are_named_by_row_and_column() {
        for (text, expected) in [
            (&b""[..], "it is empty"),
            (b"case,rating,case\n", "the column case occurs twice"),
            (b"case\na\n", "the column rating is missing"),
            (b"case,rating,ratng\na,1,2\n", "the column \"ratng\" is unknown"),
            (b"case,rating\na\n", "row 2 has 1 cells and the header 2"),
            (b"case,rating\na,1\n,2\n", "row 3, column case: it is empty"),
            (
                b"case,rating\na,\"1,5\"\n",
                "row 2, column rating: a number is wanted and \"1,5\" found (decimals",
            ),
            (b"case,rating\na,inf\n", "row 2, column rating: a number is wanted"),
            (b"case,rating\n\xE4,1\n", "row 2 is not UTF-8"),
            (b"\xFF\xFEc\0", "UTF-16"),
        ] {
            let found = message(text);
            assert!(found.starts_with("t.csv: ") && found.contains(expected), "{found}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_break_a_table(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..120), text in "[a-c,;\"\r\n ]{0,60}") {
            for bytes in [bytes.as_slice(), text.as_bytes()] {
                if let Ok(table) = Table::parse("t.csv", bytes) {
                    let numbers: Vec<usize> = table.rows().map(Row::number).collect();
                    proptest::prop_assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
                    for row in table.rows() {
                        let _ = (row.number_in("a"), row.needed("b"), row.count_in("c"));
                    }
                }
            }
        }
    }
}
