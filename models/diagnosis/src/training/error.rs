//! What keeps a module from being trained or evaluated.

use coxa_learning::LearningError;
use coxa_statistics::StatisticsError;
use thiserror::Error;

/// Why a module could not be trained or evaluated.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum TrainError {
    /// The table holds fewer cases with a truth than folds need.
    #[error("output {output}: {found} patients have a truth, and {needed} are needed for its folds")]
    TooFew {
        /// Id of the output.
        output: String,
        /// Least number of patients.
        needed: usize,
        /// Patients there are.
        found: usize,
    },
    /// A model could not be fitted.
    #[error("output {output}: {error}")]
    Learning {
        /// Id of the output.
        output: String,
        /// The reason.
        error: LearningError,
    },
    /// A statistic could not be computed.
    #[error("output {output}: {error}")]
    Statistics {
        /// Id of the output.
        output: String,
        /// The reason.
        error: StatisticsError,
    },
}
