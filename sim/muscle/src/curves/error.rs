//! What curves give, and why there are none.

/// Value and slope of a curve at one place.
pub type ValueAndSlope = [f64; 2];

/// Why there are no curves.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CurveError {
    /// A number of which no curve can be made.
    #[error("{what} is {value}; it must be {must}")]
    Number {
        /// Which number.
        what: &'static str,
        /// It.
        value: f64,
        /// What is asked of it.
        must: &'static str,
    },
    /// A muscle of a family that is not known here.
    #[error("the force of `{0}` is not supported: use Thelen 2003, Millard 2012 or De Groote 2016")]
    Family(String),
}

/// A number that must be greater than a bound, and finite.
pub(super) fn above(
    what: &'static str,
    value: f64,
    least: f64,
    must: &'static str,
) -> Result<f64, CurveError> {
    if value > least && value.is_finite() { Ok(value) } else { Err(CurveError::Number { what, value, must }) }
}
