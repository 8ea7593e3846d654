//! How jobs end.

use crate::hip::Person;
use crate::output::Series;
use crate::variable::Value;

/// How a job ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// With these values, in the order of the outputs.
    Done {
        /// One for each output; `None` where it has no value.
        values: Vec<Option<f64>>,
        /// Hip forces over activities, where they are kept.
        series: Vec<Series>,
    },
    /// There is no such plan of this patient; why.
    Refused(String),
    /// Something went wrong; what.
    Failed(String),
}

/// A job with its outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Number of the job: the place of the patient times the rows of the design, and the row.
    pub job: u64,
    /// Who the patient is at these levels.
    pub person: Person,
    /// Levels, in the order of the factors.
    pub levels: Vec<Value>,
    /// How it ended.
    pub outcome: Outcome,
}

/// Rows of the design on one patient.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Name of the patient.
    pub patient: String,
    /// Its jobs, by their number.
    pub rows: Vec<Row>,
}
