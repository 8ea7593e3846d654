//! What a module is: its manifest, read and checked whole.

mod check;
mod form;
mod graph;
mod input;
mod module;
mod network;
mod output;
mod read;
mod shipped;

pub use form::{
    Association, Baseline, Calibration, CalibrationMethod, Candidate, Card, Evaluation, Evidence, Explain,
    ExplainMethod, FORMAT, Licence, Score,
};
pub(crate) use graph::size_of;
pub use graph::{Activation, GraphCovariates, GraphFile, PerChannel, Preprocess};
pub(crate) use input::family_of;
pub use input::{Dated, FeatureOf, Input, Missing, MuscleMeasure, MuscleOf, Numeric, Value};
pub use module::{Manifest, ManifestError, Mistake};
pub(crate) use network::tensor_shape;
pub use network::{Augmentation, Network};
pub use output::{Output, Scale, Threshold};
pub use shipped::{Module, shipped, shipped_names};
