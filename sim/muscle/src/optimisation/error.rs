//! Why a model cannot be optimised.

use super::super::musculotendon::MusculotendonError;
use super::sharing::ExponentError;

/// Why a model cannot be optimised.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum OptimisationError {
    /// The exponent.
    #[error(transparent)]
    Exponent(#[from] ExponentError),
    /// A muscle.
    #[error(transparent)]
    Muscle(#[from] MusculotendonError),
    /// An actuator on what is not there.
    #[error("the actuator `{actuator}` refers to `{name}`, which the model does not have")]
    Unknown {
        /// The actuator.
        actuator: String,
        /// What is missing.
        name: String,
    },
    /// An actuator whose least control is not below its greatest.
    #[error("the minimum control of the actuator `{0}` is not below its maximum")]
    Range(String),
}
