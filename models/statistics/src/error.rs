//! What keeps a statistic from being computed.

use thiserror::Error;

/// Why a statistic could not be computed, and what to do.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum StatisticsError {
    /// A level of confidence outside 0 to 1.
    #[error("a level of confidence lies between 0 and 1, without the ends, and is not {0}; 0.95 is usual")]
    Level(f64),
    /// Another number that must lie within a range.
    #[error("{what} lies between {least} and {most}, and is not {found}")]
    Range {
        /// The number.
        what: &'static str,
        /// Least that it may be.
        least: f64,
        /// Most that it may be.
        most: f64,
        /// What it was.
        found: f64,
    },
    /// Fewer values than the statistic needs, once missing ones (NaN) are left out.
    #[error("{needed} {what} are needed and {found} are there (those that are missing do not count)")]
    TooFew {
        /// Things that are counted.
        what: &'static str,
        /// Least that is needed.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// Lists that belong together and are not equally long.
    #[error("{what} belong together one by one, and one list has {expected} and another {found}")]
    Lengths {
        /// Things that are listed.
        what: &'static str,
        /// Length of the first list.
        expected: usize,
        /// Length of the other.
        found: usize,
    },
    /// An infinite value, or values too large for their sum or difference to be a number. Missing values are NaN.
    #[error(
        "a value is infinite or too large to compute with; give a missing value as NaN, or in a larger unit"
    )]
    TooLarge,
    /// Outputs that do not vary, so that no part of their variance is anyone's.
    #[error("the output is the same in every row, so that there is no variance to explain")]
    ConstantOutput,
    /// A factor that does not vary.
    #[error("factor {0} (from 0) is the same in every row: leave it out")]
    ConstantFactor(usize),
    /// A factor that those before it determine.
    #[error(
        "factor {0} (from 0) follows from those before it, so that they cannot be told apart: leave one out"
    )]
    Collinear(usize),
    /// Cases that a logistic fit parts without error, or columns that say nothing: no coefficient is best.
    #[error(
        "no coefficients fit best: the predictions tell all cases apart, or are the same for all; more cases, or others, are needed"
    )]
    Parted,
    /// A figure of merit that is no number of all cases, or without one of them.
    #[error(
        "the figure of method {method} and reader {reader} (from 0) is no number, of all cases or without one of them: a rating is missing, or there are too few cases of a kind"
    )]
    NoFigure {
        /// Place of the method.
        method: usize,
        /// Place of the reader.
        reader: usize,
    },
    /// Too few cases for an isotonic map.
    #[error(
        "an isotonic map of {found} cases would follow chance; it needs {needed}: use a temperature or Platt's line"
    )]
    Isotonic {
        /// Least that is needed.
        needed: usize,
        /// How many there are.
        found: usize,
    },
}

impl StatisticsError {
    /// A number from 0 to 1, or that it is none.
    pub(crate) fn fraction(what: &'static str, found: f64) -> Result<f64, StatisticsError> {
        Self::within(what, 0.0, 1.0, found)
    }

    /// A number within a range, ends included, or that it is none.
    pub(crate) fn within(
        what: &'static str,
        least: f64,
        most: f64,
        found: f64,
    ) -> Result<f64, StatisticsError> {
        if (least..=most).contains(&found) {
            Ok(found)
        } else {
            Err(StatisticsError::Range { what, least, most, found })
        }
    }

    /// That two lists are equally long.
    pub(crate) fn same_length(
        what: &'static str,
        expected: usize,
        found: usize,
    ) -> Result<(), StatisticsError> {
        if expected == found { Ok(()) } else { Err(StatisticsError::Lengths { what, expected, found }) }
    }

    /// That there is enough of something.
    pub(crate) fn at_least(what: &'static str, needed: usize, found: usize) -> Result<(), StatisticsError> {
        if found >= needed { Ok(()) } else { Err(StatisticsError::TooFew { what, needed, found }) }
    }
}
