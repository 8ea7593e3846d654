//! The value of a feature.

use crate::names::Feature;
use crate::settings::Aggregation;

/// The value of a feature.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureValue {
    /// Name in the result: the tag of the IBSI's reference files with its aggregation (`cm_contrast_3D_avg`), or the name of pyradiomics
    /// (`original_glcm_Contrast`).
    pub tag: String,
    /// The feature in the table, where it has a row: two features of pyradiomics have none.
    pub feature: Option<Feature>,
    /// How matrices were aggregated, of texture.
    pub aggregation: Option<Aggregation>,
    /// The value; `None` where the region does not determine it.
    pub value: Option<f64>,
}

/// A number of arithmetic as a value: what is no finite number is none.
pub(crate) fn known(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
