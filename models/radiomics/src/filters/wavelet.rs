//! Separable wavelets.

use super::common::{Boundary, Dimensions, Pooling};
use super::error::FilterError;
use super::kernel::Kernel;
use super::rotation::{Chain, respond};
use super::wavelet_coefficients::{coiflet, daubechies};
use ndarray::Array3;
use serde::{Deserialize, Serialize};

/// Highest level: its kernel is wider than any image.
const HIGHEST: usize = 12;

/// An orthogonal wavelet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wavelet {
    /// Haar's wavelet, 2 weights.
    Haar,
    /// Daubechies' wavelet of 2 vanishing moments, 4 weights.
    Daubechies2,
    /// Daubechies' wavelet of 3 vanishing moments, 6 weights.
    Daubechies3,
    /// Daubechies' wavelet of 4 vanishing moments, 8 weights.
    Daubechies4,
    /// Daubechies' wavelet of 5 vanishing moments, 10 weights.
    Daubechies5,
    /// Daubechies' wavelet of 6 vanishing moments, 12 weights.
    Daubechies6,
    /// Daubechies' wavelet of 7 vanishing moments, 14 weights.
    Daubechies7,
    /// Daubechies' wavelet of 8 vanishing moments, 16 weights.
    Daubechies8,
    /// Daubechies' wavelet of 9 vanishing moments, 18 weights.
    Daubechies9,
    /// Daubechies' wavelet of 10 vanishing moments, 20 weights.
    Daubechies10,
    /// The first Coiflet, 6 weights.
    Coiflet1,
}

impl Wavelet {
    /// The scaling filter of synthesis.
    fn scaling(self) -> Vec<f64> {
        match self {
            Wavelet::Haar => daubechies(1),
            Wavelet::Daubechies2 => daubechies(2),
            Wavelet::Daubechies3 => daubechies(3),
            Wavelet::Daubechies4 => daubechies(4),
            Wavelet::Daubechies5 => daubechies(5),
            Wavelet::Daubechies6 => daubechies(6),
            Wavelet::Daubechies7 => daubechies(7),
            Wavelet::Daubechies8 => daubechies(8),
            Wavelet::Daubechies9 => daubechies(9),
            Wavelet::Daubechies10 => daubechies(10),
            Wavelet::Coiflet1 => coiflet(),
        }
    }

    /// The filter of analysis of a band: the scaling filter reversed, or the quadrature mirror filter of it.
    fn analysis(self, band: Band) -> Vec<f64> {
        let scaling = self.scaling();
        match band {
            Band::L => scaling.into_iter().rev().collect(),
            Band::H => scaling.iter().enumerate().map(|(k, &w)| if k % 2 == 0 { -w } else { w }).collect(),
        }
    }
}

/// Half of the frequencies along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Band {
    /// The lower half.
    L,
    /// The upper half.
    H,
}

/// A map of the undecimated separable wavelet transform (IBSI 2, section 3.6).
///
/// At level j the image has passed the lower half of the levels below along every axis, and kernels have 2^(j-1) - 1 zeros between their
/// weights. Each kernel continues beyond the edge what the one before it gave, as the IBSI's reference values have it. Kernels have unit norm; of their even number of weights the one behind the middle stands at the voxel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeparableWavelet {
    /// The wavelet.
    pub wavelet: Wavelet,
    /// The band along x, y and, in 3D, z.
    pub bands: Vec<Band>,
    /// Level of the decomposition, from 1.
    pub level: usize,
    /// How responses to the kernels turned by right angles are pooled; without it the kernels stay as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotation_pooling: Option<Pooling>,
    /// Slices or volume.
    pub dimensions: Dimensions,
    /// Intensities beyond the edge.
    pub boundary: Boundary,
}

impl SeparableWavelet {
    /// The response of an image [z, y, x].
    pub(super) fn respond(&self, image: &Array3<f64>) -> Result<Array3<f64>, FilterError> {
        if self.bands.len() != self.dimensions.count() {
            let wanted = "name one band for each of x, y (2d) or x, y, z (3d)";
            return Err(FilterError::setting("bands", format!("{:?}", self.bands), wanted));
        }
        if !(1..=HIGHEST).contains(&self.level) {
            return Err(FilterError::setting("level", self.level, "give a level from 1 to 12"));
        }
        let chain = |axis: usize| self.bands.get(axis).map_or_else(Chain::new, |&band| self.chain(band));
        let chains = [chain(2), chain(1), chain(0)];
        Ok(respond(image, &chains, self.dimensions, self.rotation_pooling, self.boundary))
    }

    /// The kernels along an axis that lead to a band of the level.
    fn chain(&self, band: Band) -> Chain {
        let kernel = |band: Band, level: usize| {
            Kernel::centred(&self.wavelet.analysis(band)).dilated(1 << (level - 1))
        };
        let below = (1..self.level).map(|level| kernel(Band::L, level));
        below.chain([kernel(band, self.level)]).collect()
    }
}
