#![doc = include_str!("../README.md")]

mod conformance;
mod error;
mod extract;
pub mod filters;
mod intensity;
mod morphology;
mod names;
mod prepare;
mod pyradiomics;
mod raster;
mod settings;
mod texture;
mod value;

pub use conformance::{ConformanceError, ConformanceRow, DataSet, Verdict, conformance};
pub use error::RadiomicsError;
pub use extract::{Extraction, extract, mask_of};
pub use names::Feature;
pub use prepare::{Diagnostics, GridNumbers, MaskNumbers};
pub use settings::{
    Aggregation, Discretisation, Family, Interpolation, Method, Mode, Resegmentation, Settings, Texture,
    VolumeHistogram,
};
pub use value::FeatureValue;
