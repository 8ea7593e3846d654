//! Why a plan cannot be optimised.

use super::questions::QuestionError;
use crate::implants::CatalogueError;
use crate::placed::ComponentError;
use crate::placement::Refusal;
use crate::simulate::SimulateError;

/// Why a plan cannot be optimised.
#[derive(Debug, thiserror::Error)]
pub enum OptimiseError {
    /// The anatomy cannot bear a plan.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A part that the catalogue does not have.
    #[error(transparent)]
    Part(#[from] CatalogueError),
    /// Components that do not go together.
    #[error(transparent)]
    Component(#[from] ComponentError),
    /// A joint that cannot be simulated.
    #[error(transparent)]
    Simulate(#[from] SimulateError),
    /// A criterion about what cannot be asked.
    #[error(transparent)]
    Question(#[from] QuestionError),
    /// Something that every plan has is missing.
    #[error("the {0} of the plan cannot be used")]
    Incomplete(&'static str),
}
