//! Networks of a module are trained: what is trained on what is assigned and written down here, the arithmetic is that of a recipe in Python (`models/training/diagnosis`), which this
//! program carries and starts.

mod answers;
mod assignment;
mod error;
mod folder;
mod pixels;
mod plan;
mod python;

pub(crate) use answers::{Answers, answered, out_of_fold};
pub(crate) use assignment::{FoldAssignment, OutcomeFolds, assign_folds, folds_at};
pub use error::RecipeError;
pub use folder::{PLAN, WORK};
pub(crate) use folder::{WorkFolder, recipe_sha256};
pub use plan::NetworkOptions;
pub(crate) use plan::{Job, Plan, covariate_ids};
pub use python::Python;
