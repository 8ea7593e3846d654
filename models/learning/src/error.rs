//! What keeps a model from being fitted or asked.

use thiserror::Error;

/// Why a model could not be fitted or asked, and what to do.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum LearningError {
    /// Lists that belong together and are not equally long.
    #[error("{what} belong together row by row, and one has {expected} rows and another {found}")]
    Lengths {
        /// Things that are listed.
        what: &'static str,
        /// Length of the first list.
        expected: usize,
        /// Length of the other.
        found: usize,
    },
    /// An infinite number in the table or among outcomes.
    #[error("row {row} (from 0) has an infinite number in {column}; a missing value is NaN")]
    Infinite {
        /// Name of the column, or `the outcome`.
        column: String,
        /// Row from 0.
        row: usize,
    },
    /// Two columns of one name.
    #[error("two columns are called {0}")]
    TwiceNamed(String),
    /// A column that a model was fitted with and a table lacks.
    #[error("the model was fitted with a column {0}, which the table does not have")]
    NoColumn(String),
    /// A class beyond those there are.
    #[error("row {row} (from 0) is of class {class}, and classes go from 0 to {last}")]
    Class {
        /// Row from 0.
        row: usize,
        /// Its class.
        class: usize,
        /// Last class there is.
        last: usize,
    },
    /// Outcomes of another kind than the model predicts.
    #[error("{model} predicts {wants}, and the outcomes are {found}")]
    Kind {
        /// The model.
        model: &'static str,
        /// Kind that it predicts.
        wants: &'static str,
        /// Kind of the outcomes.
        found: &'static str,
    },
    /// Fewer rows than a fit needs.
    #[error("{needed} {what} are needed and {found} are there")]
    TooFew {
        /// Things that are counted.
        what: &'static str,
        /// Least that is needed.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// A setting outside of what makes sense.
    #[error("{what} lies between {least} and {most}, and is not {found}")]
    Setting {
        /// The setting.
        what: &'static str,
        /// Least that it may be.
        least: f64,
        /// Most that it may be.
        most: f64,
        /// What it was.
        found: f64,
    },
}
