//! Mistakes in a table, each with its row and column.

use std::fmt::{Display, Formatter};
use thiserror::Error;

/// So many are told; a column of the wrong kind has one in every row.
const MOST_TOLD: usize = 20;

/// A mistake in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line of the file, from 1; the header is line 1. `None` of the whole table.
    pub line: Option<usize>,
    /// Name of the column; `None` of a whole row.
    pub column: Option<String>,
    /// What is wrong and what to do. Never what the cell holds: it may be of a patient.
    pub what: String,
}

impl Problem {
    /// About a cell.
    pub(crate) fn cell(line: usize, column: &str, what: impl Into<String>) -> Problem {
        Problem { line: Some(line), column: Some(column.to_owned()), what: what.into() }
    }

    /// About a column.
    pub(crate) fn column(column: &str, what: impl Into<String>) -> Problem {
        Problem { line: None, column: Some(column.to_owned()), what: what.into() }
    }

    /// About a row.
    pub(crate) fn row(line: usize, what: impl Into<String>) -> Problem {
        Problem { line: Some(line), column: None, what: what.into() }
    }

    /// About the whole table.
    pub(crate) fn table(what: impl Into<String>) -> Problem {
        Problem { line: None, column: None, what: what.into() }
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match (self.line, &self.column) {
            (Some(line), Some(column)) => write!(f, "row {line}, column {column}: {}", self.what),
            (Some(line), None) => write!(f, "row {line}: {}", self.what),
            (None, Some(column)) => write!(f, "column {column}: {}", self.what),
            (None, None) => write!(f, "{}", self.what),
        }
    }
}

/// All mistakes of a table; rows count from the header, which is row 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", words(.0))]
pub struct Problems(pub Vec<Problem>);

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Problems {
        Problems(vec![problem])
    }
}

fn words(problems: &[Problem]) -> String {
    let mut lines: Vec<String> = problems.iter().take(MOST_TOLD).map(Problem::to_string).collect();
    if problems.len() > MOST_TOLD {
        lines.push(format!("and {} more", problems.len() - MOST_TOLD));
    }
    lines.join("\n")
}
