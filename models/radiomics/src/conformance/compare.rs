//! Computed and reference values side by side.

pub use super::configurations::DataSet;
use super::table::{Reference, ReferenceRow, read};
use crate::error::RadiomicsError;
use crate::extract::{Extraction, extract_with, mask_of};
use crate::prepare::{GridNumbers, MaskNumbers};
use coxa_imaging::nifti;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// What keeps a comparison from being made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConformanceError {
    /// A table cannot be read.
    #[error("the table of reference values {file} cannot be read: {problem}")]
    Table {
        /// Its name.
        file: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// An image cannot be read.
    #[error(transparent)]
    Image(#[from] nifti::NiftiError),
    /// The features cannot be computed.
    #[error("{set}: {error}")]
    Features {
        /// Set of reference values.
        set: &'static str,
        /// Why.
        error: RadiomicsError,
    },
}

/// Outcome of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Within the tolerance of the consensus.
    Within,
    /// Outside it, or not computed.
    Outside,
    /// There is no consensus on this feature.
    NotStandardised,
    /// Not computed, for want of the image.
    Skipped,
}

/// A reference value and what was computed.
#[derive(Debug, Clone, PartialEq)]
pub struct ConformanceRow {
    /// Set of reference values.
    pub set: DataSet,
    /// Tag of the feature with its aggregation, or of a number of the processing.
    pub tag: String,
    /// Computed value; `None` where there is none.
    pub found: Option<f64>,
    /// Consensus value.
    pub reference: Option<f64>,
    /// Tolerance of the consensus; 0 means equal when rounded to the digits of the consensus value.
    pub tolerance: Option<f64>,
    /// Outcome.
    pub verdict: Verdict,
}

/// Computes every reference value in a copy of the IBSI's data: the digital phantom, and with the folder of the CT phantom configurations A to
/// E too. Without it their rows are skipped.
///
/// `path` holds `ibsi_1_reference_values` and `ibsi_1_digital_phantom`, `ct` holds `nifti`, as the IBSI's repository of data has them.
///
/// # Errors
/// Where a file is missing or cannot be read.
pub fn conformance(path: &Path, ct: Option<&Path>) -> Result<Vec<ConformanceRow>, ConformanceError> {
    let phantom = path.join("ibsi_1_digital_phantom/nifti");
    let mut rows = of_sets(path, &phantom, &[DataSet::DigitalPhantom])?;
    match ct {
        Some(ct) => rows.extend(of_sets(path, &ct.join("nifti"), &DataSet::CT)?),
        None => {
            for set in DataSet::CT {
                rows.extend(table_of(path, set)?.into_iter().map(|row| skipped(set, row)));
            }
        }
    }
    Ok(rows)
}

fn table_of(path: &Path, set: DataSet) -> Result<Vec<ReferenceRow>, ConformanceError> {
    let wrong = |problem: String| ConformanceError::Table { file: set.table(), problem };
    let table = path.join("ibsi_1_reference_values").join(set.table());
    let text = std::fs::read_to_string(table).map_err(|error| wrong(error.to_string()))?;
    read(&text).map_err(wrong)
}

fn skipped(set: DataSet, row: ReferenceRow) -> ConformanceRow {
    ConformanceRow {
        set,
        tag: row.tag,
        found: None,
        reference: row.reference.map(|reference| reference.value),
        tolerance: row.reference.map(|reference| reference.tolerance),
        verdict: Verdict::Skipped,
    }
}

fn of_sets(path: &Path, nifti: &Path, sets: &[DataSet]) -> Result<Vec<ConformanceRow>, ConformanceError> {
    let file = |kind: &str, name: &str| -> PathBuf { nifti.join(kind).join(name) };
    let (image, _) = nifti::read_values(&file("image", "phantom.nii.gz"))?;
    let (labels, _) = nifti::read_label_ids(&file("mask", "mask.nii.gz"))?;
    let mask = mask_of(&labels, 1);
    let mut rows = Vec::new();
    for &set in sets {
        let table = table_of(path, set)?;
        let extraction = extract_with(&image, &mask, &set.settings(), true)
            .map_err(|error| ConformanceError::Features { set: set.name(), error })?;
        for row in table {
            let found = extraction.value(&row.tag).or_else(|| of_processing(&extraction, &row.tag));
            rows.push(ConformanceRow {
                set,
                found,
                reference: row.reference.map(|reference| reference.value),
                tolerance: row.reference.map(|reference| reference.tolerance),
                verdict: verdict(found, row.reference),
                tag: row.tag,
            });
        }
    }
    Ok(rows)
}

/// Within the tolerance; where that is 0, equal when rounded as the consensus was.
fn verdict(found: Option<f64>, reference: Option<Reference>) -> Verdict {
    let Some(Reference { value, tolerance, half_digit }) = reference else { return Verdict::NotStandardised };
    // What lies on the edge but for a rounding error is within.
    let reach = if tolerance > 0.0 { tolerance } else { half_digit } + 1e-9 * value.abs();
    match found {
        Some(found) if (found - value).abs() <= reach => Verdict::Within,
        _ => Verdict::Outside,
    }
}

/// A number of the processing by its tag.
fn of_processing(extraction: &Extraction, tag: &str) -> Option<f64> {
    let diagnostics = &extraction.diagnostics;
    let (rest, step) = ["init_img", "interp_img", "init_roi", "interp_roi", "reseg_roi"]
        .iter()
        .find_map(|step| Some((tag.strip_suffix(step)?.strip_suffix('_')?, *step)))?;
    let (grid, region, morphological): (&GridNumbers, &MaskNumbers, &MaskNumbers) = match step {
        "init_img" | "init_roi" => {
            (&diagnostics.initial, &diagnostics.initial_region, &diagnostics.initial_region)
        }
        "interp_img" | "interp_roi" => {
            (&diagnostics.interpolated, &diagnostics.interpolated_region, &diagnostics.interpolated_region)
        }
        _ => (&diagnostics.interpolated, &diagnostics.resegmented_region, &diagnostics.interpolated_region),
    };
    let (rest, mask) = match (rest.strip_prefix("int_mask_"), rest.strip_prefix("morph_mask_")) {
        (Some(rest), _) => (rest, Some(region)),
        (_, Some(rest)) => (rest, Some(morphological)),
        _ => (rest, None),
    };
    let axis = |start: &str| ["x", "y", "z"].iter().position(|axis| rest.strip_prefix(start) == Some(axis));
    if let Some(axis) = axis("bb_dim_") {
        return Some(mask?.box_dims[axis] as f64);
    }
    if let Some(axis) = axis("dim_").or_else(|| axis("img_dim_")) {
        return Some(grid.dims[axis] as f64);
    }
    if let Some(axis) = axis("vox_dim_") {
        return Some(grid.spacing_mm[axis]);
    }
    let intensity = mask.map_or(grid.intensity, |mask| mask.intensity);
    match rest {
        "vox_count" => Some(mask?.voxels as f64),
        "mean_int" => Some(intensity?[0]),
        "min_int" => Some(intensity?[1]),
        "max_int" => Some(intensity?[2]),
        _ => None,
    }
}
