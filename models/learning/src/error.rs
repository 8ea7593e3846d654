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
    /// A model that was read and cannot be one.
    #[error("the model is damaged: {0}; fit it anew")]
    Damaged(&'static str),
    /// A direction of a column where outputs go up and down together.
    #[error("multinomial boosting holds no column monotone; take ordered classes, or no constraint")]
    Monotone,
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
    /// A missing value that the settings refuse.
    #[error("row {row} (from 0) has no value in {column}; give one, or set `missing` to median or mean")]
    Missing {
        /// Name of the column.
        column: String,
        /// Row from 0.
        row: usize,
    },
    /// A class without a row to learn from.
    #[error("no row to learn from is of class {class}; add cases of it, or take it out of the classes")]
    ClassWithoutRows {
        /// The class.
        class: usize,
    },
    /// A class that a fold lacks.
    #[error(
        "fold {fold} (from 0) has no {part} row of class {class}, which {groups} groups have; take fewer folds, or join classes"
    )]
    FoldLacksClass {
        /// Fold from 0.
        fold: usize,
        /// `test` or `training`.
        part: &'static str,
        /// The class.
        class: usize,
        /// How many groups have a row of the class.
        groups: usize,
    },
    /// A group on both sides of a split.
    #[error(
        "rows {row} and {other} (from 0) are of one group and lie in different folds; a group lies in one fold as a whole"
    )]
    Leak {
        /// A row of the group.
        row: usize,
        /// Another of its rows.
        other: usize,
    },
    /// A fold without rows.
    #[error("fold {fold} (from 0) of {count} has no row; take fewer folds")]
    EmptyFold {
        /// Fold from 0.
        fold: usize,
        /// How many folds there are.
        count: usize,
    },
    /// A value that is carried forward and is no class.
    #[error("row {row} (from 0) has {found} in {column}, which is no class; classes go from 0 to {last}")]
    NoClass {
        /// Name of the column.
        column: String,
        /// Row from 0.
        row: usize,
        /// The value.
        found: f64,
        /// Last class there is.
        last: usize,
    },
    /// A grid that names settings a model does not have, or values they cannot take.
    #[error("the grid cannot set {name}: {why}")]
    Grid {
        /// Name of the setting.
        name: String,
        /// Reason.
        why: String,
    },
    /// A prediction beyond what a number can hold.
    #[error("the values of row {row} (from 0) are too large for the model; check their units")]
    TooLarge {
        /// Row from 0.
        row: usize,
    },
}
