//! How many cases a study of a test or of a prediction needs. Pairs for a mean difference are in `power.rs`.

mod area;
mod fraction;
mod model;
mod whole;

pub use area::{AreaVariance, CasesNeeded, cases_for_area, cases_for_area_difference};
pub use fraction::{cases_for_fraction, cases_for_kappa};
pub use model::{ModelCases, binary_model_cases, continuous_model_cases};
