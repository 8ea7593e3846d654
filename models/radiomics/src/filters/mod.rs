//! Convolutional filters of the IBSI's second chapter (Depeursinge et al. 2020, arXiv 2006.05470; Whybra et al. 2024, Radiology 310:e231319).
//!
//! [`apply`] takes an image [z, y, x] with its spacing in mm and a [`Filter`] with its settings, and gives the response of the same shape in f64. The same
//! input gives the same bytes on any number of threads.
//!
//! | filter | settings | computed |
//! |---|---|---|
//! | `mean` | [`Mean`] | along the axes, one after the other |
//! | `laplacian-of-gaussian` | [`LaplacianOfGaussian`] | as above, seven passes in 3D |
//! | `laws` | [`Laws`]: eight kernels, rotations by right angles pooled, energy | as above; rotations that begin alike share passes |
//! | `gabor` | [`Gabor`]: modulus in slices, directions and orthogonal planes pooled | spectra of slices |
//! | `separable-wavelet` | [`SeparableWavelet`]: Haar, Daubechies 2 to 10, Coiflet 1, undecimated | along the axes |
//! | `simoncelli` | [`Simoncelli`]: bands of the nonseparable wavelet | spectrum of slices or volume |
//! | Riesz transform | [`Riesz`], a setting of `laplacian-of-gaussian` and `simoncelli`, along axes or local directions | spectrum |
//!
//! Every filter works on slices or on the volume (Gabor filters on slices) and continues the image beyond its edges by zeros, nearest voxels, periodically or
//! mirrored ([`Boundary`]). A mirrored spectrum is one of cosines, so that the image is not copied.
//!
//! ```
//! use coxa_radiomics::filters::{Boundary, Dimensions, Filter, LaplacianOfGaussian, apply};
//! use ndarray::Array3;
//!
//! // A bright ball of 4 mm radius in voxels of 1 mm.
//! let ball = Array3::from_shape_fn((21, 21, 21), |(z, y, x)| {
//!     let square: f64 = [z, y, x].iter().map(|&at| (at as f64 - 10.0).powi(2)).sum();
//!     if square <= 16.0 { 100.0 } else { 0.0 }
//! });
//! let filter = Filter::LaplacianOfGaussian(LaplacianOfGaussian {
//!     sigma_mm: 2.0,
//!     cutoff_sigmas: 4.0,
//!     dimensions: Dimensions::Volume,
//!     boundary: Boundary::Mirror,
//!     riesz: None,
//! });
//! let response = apply(ball.view(), [1.0; 3], &filter)?;
//! assert!(response[[10, 10, 10]] < -20.0 && response[[10, 10, 16]] > 0.0);
//! # Ok::<(), coxa_radiomics::filters::FilterError>(())
//! ```
//!
//! The same settings in a file:
//!
//! ```toml
//! kind = "laplacian-of-gaussian"
//! sigma_mm = 2.0
//! cutoff_sigmas = 4.0
//! dimensions = "3d"
//! boundary = "mirror"
//! ```
//!
//! **Reference values.** [`conformance`] computes the 18 statistics of the CT phantom for the nine filters of the configurations A (slices) and B (volume at
//! 1 mm). All 323 values with a consensus are within its tolerance (real-reference); of the quartile coefficient of 8.B there is none. There is no consensus on
//! Riesz transforms, on which the tests hold laws: energy, direction of a wave, rotations.
//!
//! **Simoncelli's frequencies.** The reference values 8.A and 9.B come from programs that take N frequencies from -pi to pi with both ends, instead of those of
//! the discrete Fourier transform: with the latter two of 71 values (the quartile coefficient of 8.A, the minimum of 9.B) are
//! outside the tolerance. `sampling = "ibsi"` is the default for that reason and periodic;
//! `sampling = "exact"` is the definition and works with every boundary.
//!
//! **Other crates.** ndarray-ndimage 0.6 and ndarray-conv 0.6 convolve arrays with these boundaries and would save some 60 lines of `kernel.rs`; neither documents the same
//! bytes on any number of threads, nor bounds the work of kernels wider than the image. dwt 0.5 has no undecimated transform in three dimensions. rustfft does the
//! transforms.
//!
//! **Not here.** 3D Gabor kernels, Coiflets above the first, Shannon's and other nonseparable wavelets, decimated transforms.

mod common;
mod conformance;
mod eigen;
mod error;
mod extension;
mod filter;
mod gabor;
mod kernel;
mod laplacian;
mod laws;
mod mean;
mod riesz;
mod rotation;
mod simoncelli;
mod spectral;
#[cfg(test)]
mod tests;
mod wavelet;
mod wavelet_coefficients;

pub use common::{Boundary, Dimensions, Pooling};
pub use conformance::{FilterConformanceError, FilterConformanceRow, conformance};
pub use error::FilterError;
pub use filter::{Filter, apply};
pub use gabor::{Gabor, GaborPlanes};
pub use laplacian::LaplacianOfGaussian;
pub use laws::{Laws, LawsKernel};
pub use mean::Mean;
pub use riesz::Riesz;
pub use simoncelli::{FrequencySampling, Simoncelli};
pub use wavelet::{Band, SeparableWavelet, Wavelet};
