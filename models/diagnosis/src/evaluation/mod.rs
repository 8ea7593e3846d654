//! How good predictions are: measures with intervals by patient, beside those of the baselines, and in subgroups.

mod binary;
mod evaluate;
mod evaluated;
mod measure;
mod subgroup;

pub use binary::{BinaryDetail, NamedPoint, binary_detail};
pub use evaluate::{Asked, Retrained, Rival, evaluate};
pub use evaluated::{Evaluated, MeasureValue, PredictorKind, PredictorResult, SubgroupResult};
pub use measure::{Better, Measure, called, measures_of};
pub use subgroup::{Subgroup, subgroups};
