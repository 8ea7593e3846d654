//! The folder of a training run: written whole, read back, its predictions as tables.

mod folder;
mod form;
mod predictions;

pub use folder::{RunError, complete, is_complete, read, write};
pub use form::{ModuleRun, Results, RunKind, RunSettings};
pub use predictions::{PredictedTable, predictions_csv, read_predictions};
