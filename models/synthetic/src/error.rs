//! Why no virtual patient was made.

use super::template::TemplateError;

/// Why no virtual patient was made.
#[derive(Debug, thiserror::Error)]
pub enum VirtualPatientError {
    /// An option outside its range.
    #[error("{option} is {value}, but must lie between {low} and {high}")]
    OutOfRange {
        /// The option's name.
        option: &'static str,
        /// What was given.
        value: f64,
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
    },
    /// A disease that is not known.
    #[error(
        "there is no disease named {name}; known are none, osteoarthritis, dysplasia, protrusio, retroversion \
         and osteoporosis"
    )]
    UnknownDisease {
        /// What was given.
        name: String,
    },
    /// A form of the femur that is not known.
    #[error(
        "there is no femur shape named {name}; known are usual, retroverted, anteverted, short_neck, champagne_flute and stovepipe"
    )]
    UnknownFemur {
        /// What was given.
        name: String,
    },
    /// A grade for a disease that has none.
    #[error("{disease} has no grades; leave the grade out")]
    NoGrades {
        /// The disease.
        disease: &'static str,
    },
    /// The template could not be read.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The drawn bones do not form a pelvis with two hips.
    #[error("the bones drawn from this seed do not fit together: try another seed")]
    Unfit,
}
