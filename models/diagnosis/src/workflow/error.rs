//! What keeps the whole way from its end.

use crate::association::AssociationError;
use crate::cases::{Problem, Problems};
use crate::graphs::GraphError;
use crate::networks::RecipeError;
use crate::training::TrainError;
use coxa_learning::LearningError;
use coxa_statistics::StatisticsError;
use thiserror::Error;

/// Why there is no result.
#[derive(Debug, Error)]
pub enum WorkflowError {
    /// Mistakes of the table.
    #[error(transparent)]
    Table(#[from] Problems),
    /// The module could not be trained or evaluated.
    #[error(transparent)]
    Training(#[from] TrainError),
    /// Nothing could be compared.
    #[error(transparent)]
    Association(#[from] AssociationError),
    /// A model could not be asked.
    #[error(transparent)]
    Learning(#[from] LearningError),
    /// A statistic could not be computed.
    #[error(transparent)]
    Statistics(#[from] StatisticsError),
    /// The networks could not be used.
    #[error(transparent)]
    Graphs(#[from] GraphError),
    /// Networks were not trained.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// An explanation that the module does not allow.
    #[error("{0}")]
    Explain(&'static str),
    /// The run has no model of an output of the manifest.
    #[error("the run has no model of {0}; train the module again")]
    NoModel(String),
}

impl From<Problem> for WorkflowError {
    fn from(problem: Problem) -> WorkflowError {
        WorkflowError::Table(problem.into())
    }
}
