//! From image and mask to the voxels that features are computed of: interpolation, resegmentation, discretisation.

mod chain;
mod grey_levels;
mod kernel;
mod resample;

pub use chain::{Diagnostics, GridNumbers, MaskNumbers};
pub(crate) use chain::{PEAK_RADIUS_MM, Prepared, prepare};
pub(crate) use grey_levels::{GreyLevels, discretise};
