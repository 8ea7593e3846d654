//! Laws' texture kernels.

use super::common::{Boundary, Dimensions, Pooling};
use super::error::FilterError;
use super::kernel::Kernel;
use super::mean::mean;
use super::rotation::respond;
use ndarray::Array3;
use serde::{Deserialize, Serialize};

/// Largest distance of an energy image, voxels.
const FARTHEST: usize = 2048;

/// A kernel of Laws of unit norm (IBSI 2, table 6); the figure is its length in voxels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LawsKernel {
    /// Level, 3 voxels.
    L3,
    /// Level, 5 voxels.
    L5,
    /// Edge, 3 voxels.
    E3,
    /// Edge, 5 voxels.
    E5,
    /// Spot, 3 voxels.
    S3,
    /// Spot, 5 voxels.
    S5,
    /// Wave, 5 voxels.
    W5,
    /// Ripple, 5 voxels.
    R5,
}

impl LawsKernel {
    /// Its weights before they are scaled to unit norm.
    fn weights(self) -> &'static [f64] {
        match self {
            LawsKernel::L3 => &[1.0, 2.0, 1.0],
            LawsKernel::L5 => &[1.0, 4.0, 6.0, 4.0, 1.0],
            LawsKernel::E3 => &[-1.0, 0.0, 1.0],
            LawsKernel::E5 => &[-1.0, -2.0, 0.0, 2.0, 1.0],
            LawsKernel::S3 => &[-1.0, 2.0, -1.0],
            LawsKernel::S5 => &[-1.0, 0.0, 2.0, 0.0, -1.0],
            LawsKernel::W5 => &[-1.0, 2.0, 0.0, -2.0, 1.0],
            LawsKernel::R5 => &[1.0, -4.0, 6.0, -4.0, 1.0],
        }
    }

    fn kernel(self) -> Kernel {
        let norm = self.weights().iter().map(|weight| weight * weight).sum::<f64>().sqrt();
        Kernel::centred(&self.weights().iter().map(|weight| weight / norm).collect::<Vec<f64>>())
    }
}

/// Product of Laws' kernels along the axes, and the energy of its response (IBSI 2, section 3.4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Laws {
    /// Kernels along x, y and, in 3D, z.
    pub kernels: Vec<LawsKernel>,
    /// How responses to the kernels turned by right angles are pooled; without it the kernels stay as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotation_pooling: Option<Pooling>,
    /// Chebyshev distance over which absolute responses are averaged, voxels; without it the response itself is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy_distance_voxels: Option<usize>,
    /// Slices or volume.
    pub dimensions: Dimensions,
    /// Intensities beyond the edge, of the image and of its response.
    pub boundary: Boundary,
}

impl Laws {
    /// The response of an image [z, y, x].
    pub(super) fn respond(&self, image: &Array3<f64>) -> Result<Array3<f64>, FilterError> {
        let chain = |axis: usize| self.kernels.get(axis).map(|kernel| kernel.kernel()).into_iter().collect();
        if self.kernels.len() != self.dimensions.count() {
            let wanted = "name one kernel for each of x, y (2d) or x, y, z (3d)";
            return Err(FilterError::setting("kernels", format!("{:?}", self.kernels), wanted));
        }
        if let Some(distance) = self.energy_distance_voxels.filter(|&distance| distance > FARTHEST) {
            let found = 2.0 * distance as f64 + 1.0;
            return Err(FilterError::TooWide {
                name: "energy_distance_voxels",
                found,
                limit: 2 * FARTHEST + 1,
            });
        }
        let chains = [chain(2), chain(1), chain(0)];
        let mut response = respond(image, &chains, self.dimensions, self.rotation_pooling, self.boundary);
        if let Some(distance) = self.energy_distance_voxels {
            response.par_mapv_inplace(f64::abs);
            response = mean(&response, distance, self.dimensions, self.boundary);
        }
        Ok(response)
    }
}
