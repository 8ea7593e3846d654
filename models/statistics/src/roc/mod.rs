//! Ratings of cases with and without disease: the ROC curve, its areas, and what a threshold does.

mod compare;
mod curve;
mod operating;
mod precision_recall;
mod ratings;
mod resampled;

pub use compare::{AreaComparison, compare_areas, compare_independent_areas};
pub use curve::{CurvePoint, PartialArea, RocCurve};
pub use operating::{AtPrevalence, OperatingPoint};
pub use precision_recall::{PrecisionRecall, PrecisionRecallPoint, precision_recall};
pub(crate) use ratings::mean;
pub use ratings::{Placements, Ratings};
pub use resampled::{resampled_area, resampled_area_difference};
