//! How good predictions are: measures with intervals by patient, beside those of the baselines, and in subgroups.

mod binary;
mod evaluate;
mod evaluated;
mod measure;
mod subgroup;

pub use binary::{BinaryDetail, NamedPoint, binary_detail, threshold_values};
pub(crate) use evaluate::DRAWS;
pub use evaluate::{Comparator, EvaluationInput, Retrained, evaluate};
pub use evaluated::{Evaluated, MeasureValue, PredictorKind, PredictorResult, SubgroupResult};
pub(crate) use measure::of_yes;
pub use measure::{Better, Measure, called, measures_of};
pub use subgroup::{Subgroup, subgroups};
