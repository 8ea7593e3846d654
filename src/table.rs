//! Tables of the command line: columns without rules, each as wide as what it holds.

use comfy_table::{CellAlignment, presets};
use std::fmt::{self, Display};

/// Blanks between two columns.
const GAP: u16 = 2;

/// A table, printed as a whole once its rows are known.
#[derive(Default)]
pub struct Table {
    headings: Vec<String>,
    alignments: Vec<CellAlignment>,
    rows: Vec<Vec<String>>,
    indent: usize,
}

impl Table {
    /// Without columns.
    pub fn new() -> Self {
        Table::default()
    }

    /// Every line begins with two blanks.
    pub fn indented(mut self) -> Self {
        self.indent = 2;
        self
    }

    /// A further column, of text. No line of headings is printed where all are empty.
    pub fn left(self, heading: &str) -> Self {
        self.column(heading, CellAlignment::Left)
    }

    /// A further column, of numbers.
    pub fn right(self, heading: &str) -> Self {
        self.column(heading, CellAlignment::Right)
    }

    fn column(mut self, heading: &str, alignment: CellAlignment) -> Self {
        self.headings.push(heading.to_owned());
        self.alignments.push(alignment);
        self
    }

    /// A further row; columns that it does not reach stay empty.
    pub fn row(&mut self, cells: &[&dyn Display]) {
        self.rows.push(cells.iter().map(ToString::to_string).collect());
    }
}

/// Lines without trailing blanks, the last without its end.
impl Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING);
        if self.headings.iter().any(|heading| !heading.is_empty()) {
            table.add_row(&self.headings);
        }
        table.add_rows(&self.rows);
        for (column, alignment) in table.column_iter_mut().zip(&self.alignments) {
            column.set_padding((0, GAP)).set_cell_alignment(*alignment);
        }
        let mut between = "";
        for line in table.lines() {
            let line = format!("{:1$}{line}", "", self.indent);
            write!(f, "{between}{}", line.trim_end())?;
            between = "\n";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_they_hold_and_lines_end_with_it() {
        let mut table = Table::new().left("motion").right("limit").left("");
        table.row(&[&"flexion", &format_args!("{:.1}\u{b0}", 110.84), &"femur on pelvis"]);
        table.row(&[&"external rotation at 90", &"> 120\u{b0}"]);
        let lines = [
            "motion                    limit",
            "flexion                  110.8\u{b0}  femur on pelvis",
            "external rotation at 90  > 120\u{b0}",
        ];
        assert_eq!(table.to_string(), lines.join("\n"));
    }

    #[test]
    fn without_headings_there_are_rows_alone() {
        let mut table = Table::new().indented().left("").right("");
        table.row(&[&"cup", &1]);
        table.row(&[&"stem", &22]);
        assert_eq!(table.to_string(), "  cup    1\n  stem  22");
        assert_eq!(Table::new().left("").to_string(), "");
    }
}
