//! What a module is: its manifest, read and checked whole.

mod check;
mod form;
mod input;
mod module;
mod output;
mod read;
mod shipped;

pub use form::{
    Association, Baseline, Calibration, CalibrationMethod, Candidate, Card, Evaluation, Evidence, Explain,
    ExplainMethod, FORMAT, GraphCovariates, GraphFile, Licence, Preprocess, Score,
};
pub(crate) use input::family_of;
pub use input::{Dated, FeatureOf, Input, Missing, MuscleMeasure, MuscleOf, Numeric, Value};
pub use module::{Manifest, ManifestError, Mistake};
pub use output::{Output, Scale, Threshold};
pub use shipped::{Module, shipped, shipped_names};
