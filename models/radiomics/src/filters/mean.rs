//! The mean filter.

use super::common::{Boundary, Dimensions};
use super::error::FilterError;
use super::kernel::{Kernel, convolve};
use ndarray::Array3;
use serde::{Deserialize, Serialize};

/// Widest kernel along one axis, voxels.
const WIDEST: usize = 4097;

/// Mean of a square or cube around each voxel (IBSI 2, section 3.2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mean {
    /// Edge of the square or cube, voxels; odd.
    pub support_voxels: usize,
    /// Slices or volume.
    pub dimensions: Dimensions,
    /// Intensities beyond the edge.
    pub boundary: Boundary,
}

impl Mean {
    /// The response of an image [z, y, x].
    pub(super) fn respond(&self, image: &Array3<f64>) -> Result<Array3<f64>, FilterError> {
        if self.support_voxels.is_multiple_of(2) {
            return Err(FilterError::setting("support_voxels", self.support_voxels, "give an odd number"));
        }
        if self.support_voxels > WIDEST {
            let found = self.support_voxels as f64;
            return Err(FilterError::TooWide { name: "support_voxels", found, limit: WIDEST });
        }
        Ok(mean(image, self.support_voxels / 2, self.dimensions, self.boundary))
    }
}

/// The mean of voxels at most `radius` away along each axis.
pub(super) fn mean(
    image: &Array3<f64>,
    radius: usize,
    dimensions: Dimensions,
    boundary: Boundary,
) -> Array3<f64> {
    let width = (2 * radius + 1) as f64;
    let kernel = Kernel::sampled(radius, |_| 1.0 / width);
    dimensions.axes().fold(image.clone(), |image, axis| convolve(&image, axis, &kernel, boundary))
}
