//! Convolutional filters of the IBSI (chapter 2).
//!
//! `apply` takes an image [z, y, x] with its spacing in mm and a [`Filter`] with its settings, and gives the response of the same shape.

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
