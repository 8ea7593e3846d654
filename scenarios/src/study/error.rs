//! Why a file is no study.

use crate::output::UnknownOutput;
use crate::variable::{UnknownVariable, WrongValue};
use coxa_activity::ActivityError;

/// Form of study files that this program reads.
pub const FORMAT: u32 = 1;
/// No study file is larger.
pub const MOST_BYTES: u64 = 1 << 20;

/// Why a file is no study.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StudyError {
    /// Not the form of one.
    #[error("line {line}: {message}")]
    Form {
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// Of a newer program.
    #[error("the study has format {0}, but this program reads format {FORMAT}: use a newer Coxa")]
    Newer(u32),
    /// A factor that cannot be varied so.
    #[error("the factor {factor} {what}")]
    Factor {
        /// Its name.
        factor: String,
        /// What is wrong.
        what: String,
    },
    /// No such variable.
    #[error(transparent)]
    Variable(#[from] UnknownVariable),
    /// A value that a variable does not take.
    #[error(transparent)]
    Value(#[from] WrongValue),
    /// No such quantity.
    #[error(transparent)]
    Output(#[from] UnknownOutput),
    /// No such activity.
    #[error(transparent)]
    Activity(#[from] ActivityError),
    /// Anything else that cannot be.
    #[error("{0}")]
    Impossible(String),
}
