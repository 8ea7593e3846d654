//! The processing of image and mask before features are computed.

use super::resample::{NewGrid, Window};
use crate::error::RadiomicsError;
use crate::raster::Raster;
use crate::settings::Settings;
use coxa_imaging::Volume;
use serde::Serialize;

/// Radius of the sphere of local intensity peaks, 1 cm³, in millimetres.
pub(crate) const PEAK_RADIUS_MM: f64 = 6.203_504_908_994_f64;

/// What features are computed of.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    /// Interpolated values around the region.
    pub(crate) image: Raster<f64>,
    /// Interpolated mask, for morphology.
    pub(crate) morphological: Raster<bool>,
    /// Voxels whose values count, after resegmentation.
    pub(crate) intensity: Raster<bool>,
    /// Numbers of the processing.
    pub(crate) diagnostics: Diagnostics,
}

/// Numbers of an image.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GridNumbers {
    /// Voxels along each axis.
    pub dims: [usize; 3],
    /// Spacing in millimetres.
    pub spacing_mm: [f64; 3],
    /// Mean, least and highest of the finite values; of the part around the region where the whole image was not interpolated.
    pub intensity: Option<[f64; 3]>,
}

/// Numbers of a mask.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MaskNumbers {
    /// Voxels inside.
    pub voxels: usize,
    /// Voxels along each axis of the smallest box around them.
    pub box_dims: [usize; 3],
    /// Mean, least and highest value inside.
    pub intensity: Option<[f64; 3]>,
}

/// Numbers of the processing, from which one sees whether it was as meant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diagnostics {
    /// The image as given.
    pub initial: GridNumbers,
    /// The image after interpolation.
    pub interpolated: GridNumbers,
    /// The region as given.
    pub initial_region: MaskNumbers,
    /// The region after interpolation.
    pub interpolated_region: MaskNumbers,
    /// The intensity mask after resegmentation.
    pub resegmented_region: MaskNumbers,
}

/// Image and mask after interpolation and resegmentation. The image is interpolated around the region alone, or as a whole.
pub(crate) fn prepare(
    image: &Volume<f64>,
    mask: &Volume<bool>,
    settings: &Settings,
    whole: bool,
) -> Result<Prepared, RadiomicsError> {
    settings.check()?;
    let (dims, spacing_mm) = (image.grid.dims, image.grid.spacing_mm());
    if image.grid.is_empty() || !spacing_mm.iter().all(|&mm| mm > 0.0 && mm.is_finite()) {
        return Err(RadiomicsError::NoImage { dims, spacing_mm });
    }
    if !image.grid.matches(&mask.grid, 0.01 * spacing_mm.iter().fold(f64::INFINITY, |a, &b| a.min(b))) {
        return Err(RadiomicsError::Grid);
    }
    let mask = Raster { dims, spacing_mm, values: mask.as_slice().to_vec() };
    let image = Raster { dims, spacing_mm, values: image.as_slice().to_vec() };
    let around = mask.bounding_box().ok_or(RadiomicsError::EmptyRegion)?;
    let initial_region = mask_numbers(&image, &mask, around);
    let initial = GridNumbers { dims, spacing_mm, intensity: numbers(image.values.iter().copied()) };

    let grid = match &settings.interpolation {
        Some(interpolation) => NewGrid::new(dims, spacing_mm, interpolation)?,
        None => NewGrid::same(dims, spacing_mm),
    };
    let window = if whole { grid.whole() } else { grid.window(around, PEAK_RADIUS_MM) };
    let (image, morphological) = interpolated(&image, &mask, &grid, window, settings);
    let box_of = |mask: &Raster<bool>, error| mask.bounding_box().ok_or(error);
    let around = box_of(&morphological, RadiomicsError::EmptyInterpolated)?;
    let interpolated = GridNumbers {
        dims: grid.dims,
        spacing_mm: grid.spacing_mm,
        intensity: numbers(image.values.iter().copied()),
    };
    let interpolated_region = mask_numbers(&image, &morphological, around);

    let intensity = resegmented(&image, &morphological, settings);
    let around = box_of(&intensity, RadiomicsError::EmptyResegmented)?;
    let resegmented_region = mask_numbers(&image, &intensity, around);
    let count = inside(&image, &intensity).filter(|value| !value.is_finite()).count();
    if count > 0 {
        return Err(RadiomicsError::NotFinite { count });
    }
    let diagnostics =
        Diagnostics { initial, interpolated, initial_region, interpolated_region, resegmented_region };
    Ok(Prepared { image, morphological, intensity, diagnostics })
}

fn interpolated(
    image: &Raster<f64>,
    mask: &Raster<bool>,
    grid: &NewGrid,
    window: Window,
    settings: &Settings,
) -> (Raster<f64>, Raster<bool>) {
    let Some(interpolation) = &settings.interpolation else {
        return (image.cropped(window.0, window.1), mask.cropped(window.0, window.1));
    };
    let mut new = grid.interpolate(image, interpolation.method, window);
    if interpolation.round {
        new.values.iter_mut().for_each(|value| *value = value.round());
    }
    let soft = Raster {
        dims: mask.dims,
        spacing_mm: mask.spacing_mm,
        values: mask.values.iter().map(|&inside| f64::from(u8::from(inside))).collect(),
    };
    let soft = grid.interpolate(&soft, interpolation.mask_method, window);
    // Half of a voxel is a half, however its sum was rounded.
    let least = interpolation.mask_threshold - 1e-9;
    let values = soft.values.iter().map(|&part| part >= least).collect();
    (new, Raster { dims: soft.dims, spacing_mm: soft.spacing_mm, values })
}

/// Values inside a mask.
pub(crate) fn inside<'a>(image: &'a Raster<f64>, mask: &'a Raster<bool>) -> impl Iterator<Item = f64> + 'a {
    image.values.iter().zip(&mask.values).filter(|(_, inside)| **inside).map(|(&value, _)| value)
}

/// The mask without what resegmentation excludes. Range and outliers are judged each by the mask as it was.
fn resegmented(image: &Raster<f64>, mask: &Raster<bool>, settings: &Settings) -> Raster<bool> {
    let resegmentation = &settings.resegmentation;
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    if let Some([from, to]) = resegmentation.range {
        (low, high) = (from, to);
    }
    if let Some(sd) = resegmentation.outliers_sd {
        let finite = || inside(image, mask).filter(|value| value.is_finite());
        let n = finite().count().max(1) as f64;
        let mean = finite().sum::<f64>() / n;
        let reach = sd * (finite().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt();
        (low, high) = (low.max(mean - reach), high.min(mean + reach));
    }
    let excludes = resegmentation.range.is_some() || resegmentation.outliers_sd.is_some();
    let stays = |(&value, &inside): (&f64, &bool)| inside && (!excludes || (value >= low && value <= high));
    let values = image.values.iter().zip(&mask.values).map(stays).collect();
    Raster { values, ..*mask }
}

fn mask_numbers(image: &Raster<f64>, mask: &Raster<bool>, (_, box_dims): Window) -> MaskNumbers {
    MaskNumbers { voxels: mask.count(), box_dims, intensity: numbers(inside(image, mask)) }
}

/// Mean, least and highest of the finite ones of values.
fn numbers(values: impl Iterator<Item = f64>) -> Option<[f64; 3]> {
    let (mut n, mut sum, mut low, mut high) = (0_usize, 0.0, f64::INFINITY, f64::NEG_INFINITY);
    for value in values.filter(|value| value.is_finite()) {
        n += 1;
        sum += value;
        low = low.min(value);
        high = high.max(value);
    }
    (n > 0).then(|| [sum / n as f64, low, high])
}
