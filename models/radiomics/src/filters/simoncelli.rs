//! Simoncelli's nonseparable wavelet.

use super::common::{Boundary, Dimensions};
use super::error::FilterError;
use super::riesz::Riesz;
use super::spectral::{Extension, Response, Sampling, respond_slices, respond_volume};
use ndarray::Array3;
use serde::{Deserialize, Serialize};
use std::f64::consts::{FRAC_PI_2, PI};

/// Highest level: its waves are longer than any image.
const HIGHEST: u32 = 12;

/// Frequencies at which the gain of a band is taken, which N voxels leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FrequencySampling {
    /// N frequencies from -pi to pi with both ends, along each axis, as the programs took them that agreed on the IBSI's reference values. They
    /// are periodic, and miss the frequencies of an image by half a step or by one part in N.
    #[default]
    Ibsi,
    /// The frequencies of the image's discrete Fourier transform.
    Exact,
}

/// A band of Simoncelli's isotropic wavelet transform (B map; IBSI 2, section 3.7).
///
/// The gain at the angular frequency w is cos(pi/2 log2(2 w / m)) from m/4 to m and 0 elsewhere, with m = pi / 2^(level - 1). The squared gains
/// of all levels add up to 1 below pi/2. The filter reaches over the whole image; zeros or nearest voxels beyond its edges are taken for 16 2^level
/// voxels, which misses the response to noise by 1.5 % of its standard deviation at most.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Simoncelli {
    /// Level of the band, from 1, the highest frequencies.
    pub level: u32,
    /// Slices or volume.
    pub dimensions: Dimensions,
    /// Intensities beyond the edge.
    pub boundary: Boundary,
    /// Frequencies at which the gain is taken; boundaries other than `periodic` need `exact`.
    #[serde(default)]
    pub sampling: FrequencySampling,
    /// Riesz transform of the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub riesz: Option<Riesz>,
}

impl Simoncelli {
    /// Says whether level and boundary can be computed.
    pub(super) fn check(&self) -> Result<(), FilterError> {
        if self.sampling == FrequencySampling::Ibsi && self.boundary != Boundary::Periodic {
            let wanted = "with this boundary write `sampling = \"exact\"`, or `boundary = \"periodic\"`";
            return Err(FilterError::setting("sampling", "ibsi", wanted));
        }
        let is_known = (1..=HIGHEST).contains(&self.level);
        is_known
            .then_some(())
            .ok_or_else(|| FilterError::setting("level", self.level, "give a level from 1 to 12"))
    }

    /// Voxels beyond an edge that the band looks at.
    pub(super) fn margin(&self) -> usize {
        16 << self.level.min(HIGHEST)
    }

    /// The response of an image [z, y, x] before any Riesz transform.
    pub(super) fn respond(&self, image: &Array3<f64>, extension: Extension) -> Array3<f64> {
        let highest = PI / f64::from(1u32 << (self.level - 1));
        let sampling = match self.sampling {
            FrequencySampling::Ibsi => Sampling::BothEnds,
            FrequencySampling::Exact => Sampling::Exact,
        };
        let gain = |frequency: f64| gain(frequency / highest);
        let response = Response { gain: &gain, order: [0; 3], factor: 1.0, sampling };
        match self.dimensions {
            Dimensions::Slices => respond_slices(image, extension, &response),
            Dimensions::Volume => respond_volume(image, extension, &response),
        }
    }
}

/// The gain at a frequency in parts of the highest one of the band.
fn gain(frequency: f64) -> f64 {
    let is_in_band = (0.25..=1.0).contains(&frequency);
    if is_in_band { (FRAC_PI_2 * (2.0 * frequency).log2()).cos() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bands_share_out_the_energy_of_a_wave() {
        for frequency in [0.5, 0.4, 0.3, 0.26, 0.11, 0.07] {
            let energy: f64 = (0..HIGHEST).map(|level| gain(frequency * f64::from(1 << level)).powi(2)).sum();
            assert!((energy - 1.0).abs() < 1e-12, "{frequency}: {energy}");
        }
        assert!((gain(0.5) - 1.0).abs() < 1e-15 && gain(1.0).abs() < 1e-15 && gain(0.25).abs() < 1e-15);
    }
}
