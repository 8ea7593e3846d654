//! A CSV file as rows of text: encodings, separators, and a header of names.

use super::problem::{Problem, Problems};
use coxa_tables::Row;
use std::collections::BTreeSet;

/// A table of cases has no more bytes.
pub const MOST_TABLE_BYTES: usize = 1 << 30;

/// How letters are written in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8, or UTF-16 with the mark that says so.
    #[default]
    Unicode,
    /// Shift JIS, as spreadsheets in Japan write it.
    ShiftJis,
    /// Windows-1252, as spreadsheets in western Europe and America write it.
    Windows1252,
}

/// A file of rows with named columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Names of the columns.
    pub names: Vec<String>,
    /// Rows, none of which is empty.
    pub rows: Vec<Row>,
}

impl Sheet {
    /// Reads a file with commas, semicolons or tabs between its cells, whichever the header has most of.
    ///
    /// # Errors
    /// Bytes that are no text in this encoding, rows of another length than the header, columns without a name or of one
    /// name, no row at all: each with its row.
    pub fn read(bytes: &[u8], encoding: Encoding) -> Result<Sheet, Problems> {
        if bytes.len() > MOST_TABLE_BYTES {
            return Err(Problem::table("the file has more than 1 GiB, too much for a table of cases").into());
        }
        let text = decode(bytes, encoding)?;
        let mut all = coxa_tables::rows(&text).into_iter();
        let Some(Row { cells: names, .. }) = all.next() else {
            return Err(Problem::table("the file is empty").into());
        };
        let mut problems = header_problems(&names);
        let mut rows = Vec::new();
        for row in all.filter(|row| !row.cells.iter().all(String::is_empty)) {
            if row.cells.len() == names.len() {
                rows.push(row);
            } else {
                let what = format!("{} cells, and the header has {}", row.cells.len(), names.len());
                problems.push(Problem::row(row.number, what));
            }
        }
        if rows.is_empty() && problems.is_empty() {
            problems.push(Problem::table("there is a header and no row of a case"));
        }
        if problems.is_empty() { Ok(Sheet { names, rows }) } else { Err(Problems(problems)) }
    }

    /// Place of a column.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|own| own == name)
    }
}

fn header_problems(names: &[String]) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    let mut problems = Vec::new();
    for (place, name) in names.iter().enumerate() {
        if name.is_empty() {
            problems.push(Problem::row(1, format!("column {} has no name", place + 1)));
        } else if !seen.insert(name) {
            problems.push(Problem::column(name, "there are two columns of this name"));
        }
    }
    problems
}

/// The text, without the mark at its beginning.
fn decode(bytes: &[u8], encoding: Encoding) -> Result<String, Problem> {
    let named = match encoding {
        Encoding::Unicode => encoding_rs::UTF_8,
        Encoding::ShiftJis => encoding_rs::SHIFT_JIS,
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
    };
    let (used, skip) = match encoding_rs::Encoding::for_bom(bytes) {
        Some((used, skip)) => (used, skip),
        None => (named, 0),
    };
    if let Some(text) = used.decode_without_bom_handling_and_without_replacement(&bytes[skip..]) {
        return Ok(text.into_owned());
    }
    let (text, _) = used.decode_without_bom_handling(&bytes[skip..]);
    let before = text.split('\u{fffd}').next().unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let what = match encoding {
        Encoding::Unicode => {
            "letters that are no UTF-8; save the table as \"CSV UTF-8\", or name its encoding"
        }
        _ => "letters that are not of the encoding that was named",
    };
    Err(Problem::row(line, what))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Sheet, String> {
        Sheet::read(bytes, Encoding::Unicode).map_err(|problems| problems.to_string())
    }

    #[test]
    fn separators_marks_and_encodings_are_seen() {
        let wanted = read(b"patient,age\n1,70\n").expect("it is one");
        assert_eq!(wanted.rows[0], Row { number: 2, cells: vec!["1".into(), "70".into()] });
        for other in
            ["\u{feff}patient,age\n1,70\n", "patient;age\r\n1;70\r\n", "patient\tage\n\n1 \t 70\n\t\n"]
        {
            let found = read(other.as_bytes()).expect("it is one");
            assert_eq!(
                (&found.names, found.rows[0].cells.clone()),
                (&wanted.names, wanted.rows[0].cells.clone())
            );
        }
        let wide: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("patient,age\n1,70\n".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(read(&wide), Ok(wanted));
        let japanese = encoding_rs::SHIFT_JIS.encode("patient,side\n1,\u{53f3}\n").0.into_owned();
        assert_eq!(
            Sheet::read(&japanese, Encoding::ShiftJis).expect("it is one").rows[0].cells[1],
            "\u{53f3}"
        );
        let said = read(&japanese).expect_err("no UTF-8");
        assert!(said.starts_with("row 2: letters that are no UTF-8"), "{said}");
    }

    #[test]
    fn what_is_no_table_is_said_with_its_row() {
        assert_eq!(read(b""), Err("the file is empty".into()));
        assert_eq!(read(b"patient,age\n"), Err("there is a header and no row of a case".into()));
        let said = read(b"patient,age,age,\n1,2,3,4\n1,2\n").expect_err("three mistakes");
        let wanted = "column age: there are two columns of this name\nrow 1: column 4 has no name";
        assert_eq!(said.lines().filter(|line| wanted.contains(*line)).count(), 2, "{said}");
        assert!(said.contains("row 3: 2 cells, and the header has 4"), "{said}");
    }
}
