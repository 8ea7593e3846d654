//! The filters, and how one is applied.

use super::error::FilterError;
use super::extension::on_continued;
use super::gabor::Gabor;
use super::laplacian::LaplacianOfGaussian;
use super::laws::Laws;
use super::mean::Mean;
use super::riesz::{Grid, Riesz};
use super::simoncelli::Simoncelli;
use super::spectral::Extension;
use super::wavelet::SeparableWavelet;
use ndarray::{Array3, ArrayView3};
use serde::{Deserialize, Serialize};

/// Voxels beyond an edge of zeros or nearest voxels that a Riesz transform of the Laplacian of a Gaussian looks at.
const MARGIN: usize = 32;

/// A convolutional filter of IBSI 2 with its settings, named by `kind` in a settings file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Filter {
    /// Mean of a neighbourhood.
    Mean(Mean),
    /// Laplacian of a Gaussian.
    LaplacianOfGaussian(LaplacianOfGaussian),
    /// Laws' kernels.
    Laws(Laws),
    /// Gabor kernels.
    Gabor(Gabor),
    /// Separable wavelets.
    SeparableWavelet(SeparableWavelet),
    /// Simoncelli's nonseparable wavelet.
    Simoncelli(Simoncelli),
}

/// The response of an image to a filter, of the same shape.
///
/// The image is [z, y, x], its spacing in mm in the same order.
///
/// # Errors
/// An image without voxels or with voxels that are not finite; a spacing that is no length; a setting outside its range, by its name; a
/// kernel that is too wide; a response too large for a number.
pub fn apply(
    image: ArrayView3<'_, f64>,
    spacing_mm: [f64; 3],
    filter: &Filter,
) -> Result<Array3<f64>, FilterError> {
    let (depth, height, width) = image.dim();
    if image.is_empty() {
        return Err(FilterError::Empty(depth, height, width));
    }
    for (axis, found) in ["z", "y", "x"].into_iter().zip(spacing_mm) {
        if !(found.is_finite() && found > 0.0) {
            return Err(FilterError::Spacing { axis, found });
        }
    }
    let count = image.iter().filter(|value| !value.is_finite()).count();
    if count > 0 {
        return Err(FilterError::NotFinite { count });
    }
    let image = image.as_standard_layout().into_owned();
    let response = match filter {
        Filter::Mean(mean) => mean.respond(&image),
        Filter::LaplacianOfGaussian(filter) => laplacian(&image, spacing_mm, filter),
        Filter::Laws(laws) => laws.respond(&image),
        Filter::Gabor(gabor) => gabor.respond(&image, spacing_mm),
        Filter::SeparableWavelet(wavelet) => wavelet.respond(&image),
        Filter::Simoncelli(filter) => simoncelli(&image, spacing_mm, filter),
    }?;
    let is_finite = response.iter().all(|value| value.is_finite());
    is_finite.then_some(response).ok_or(FilterError::Overflow)
}

fn laplacian(
    image: &Array3<f64>,
    spacing_mm: [f64; 3],
    filter: &LaplacianOfGaussian,
) -> Result<Array3<f64>, FilterError> {
    let Some(riesz) = &filter.riesz else { return filter.respond(image, spacing_mm) };
    let grid = |extension| Grid { dimensions: filter.dimensions, extension, spacing_mm };
    riesz.check(&grid(Extension::Mirror))?;
    on_continued(image, filter.boundary, filter.dimensions, MARGIN, |image, extension| {
        let response = filter.respond(image, spacing_mm)?;
        Ok(riesz.transform(image, &response, grid(extension)))
    })
}

fn simoncelli(
    image: &Array3<f64>,
    spacing_mm: [f64; 3],
    filter: &Simoncelli,
) -> Result<Array3<f64>, FilterError> {
    filter.check()?;
    let grid = |extension| Grid { dimensions: filter.dimensions, extension, spacing_mm };
    let riesz: Option<&Riesz> = filter.riesz.as_ref();
    riesz.map_or(Ok(()), |riesz| riesz.check(&grid(Extension::Mirror)))?;
    on_continued(image, filter.boundary, filter.dimensions, filter.margin(), |image, extension| {
        let response = filter.respond(image, extension);
        Ok(riesz.map_or_else(|| response.clone(), |riesz| riesz.transform(image, &response, grid(extension))))
    })
}
