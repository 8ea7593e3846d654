//! The reference values of IBSI 2: statistics of the CT phantom's region in filtered images.

use super::common::{Boundary, Dimensions, Pooling};
use super::error::FilterError;
use super::filter::{Filter, apply};
use super::gabor::{Gabor, GaborPlanes};
use super::laplacian::LaplacianOfGaussian;
use super::laws::{Laws, LawsKernel};
use super::mean::Mean;
use super::simoncelli::{FrequencySampling, Simoncelli};
use super::wavelet::{Band, SeparableWavelet, Wavelet};
use crate::conformance::Verdict;
use crate::error::RadiomicsError;
use crate::extract::mask_of;
use crate::intensity::{Distribution, statistics};
use crate::prepare::{Prepared, prepare};
use crate::settings::{Family, Interpolation, Method, Resegmentation, Settings};
use coxa_imaging::nifti;
use ndarray::ArrayView3;
use std::collections::BTreeMap;
use std::path::Path;
use thiserror::Error;

/// The table of reference values, below the folder of the IBSI's data.
const TABLE: &str = "zrad_reference_values/ibsi_2_reference_values.csv";
/// The first line of that table.
const HEADER: &str = "filter_id;feature;feature_tag;consensus_value;tolerance";
/// What keeps a comparison from being made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FilterConformanceError {
    /// The table cannot be read.
    #[error("the table of reference values {TABLE} cannot be read: {0}")]
    Table(String),
    /// An image cannot be read.
    #[error(transparent)]
    Image(#[from] nifti::NiftiError),
    /// The region cannot be prepared.
    #[error("the CT phantom: {0}")]
    Region(#[from] RadiomicsError),
    /// The image cannot be filtered.
    #[error("the CT phantom: {0}")]
    Filter(#[from] FilterError),
}

/// A reference value of IBSI 2 and what was computed.
#[derive(Debug, Clone, PartialEq)]
pub struct FilterConformanceRow {
    /// Number of the filter with the configuration: `A` for slices as they are, `B` for the volume interpolated to voxels of 1 mm.
    pub set: String,
    /// Tag of the statistic.
    pub tag: String,
    /// Computed value; `None` where there is none.
    pub found: Option<f64>,
    /// Consensus value.
    pub reference: Option<f64>,
    /// Tolerance of the consensus.
    pub tolerance: Option<f64>,
    /// Outcome.
    pub verdict: Verdict,
}

/// Computes every reference value of IBSI 2.
///
/// `path` is the folder of the IBSI's data, `ct` that of the CT phantom, which holds `nifti`.
///
/// # Errors
/// Where a file is missing or cannot be read.
pub fn conformance(path: &Path, ct: &Path) -> Result<Vec<FilterConformanceRow>, FilterConformanceError> {
    let table = |problem: String| FilterConformanceError::Table(problem);
    let text = std::fs::read_to_string(path.join(TABLE)).map_err(|error| table(error.to_string()))?;
    let mut rows = read(&text).map_err(table)?;
    let (image, _) = nifti::read_values(&ct.join("nifti/image/phantom.nii.gz"))?;
    let (labels, _) = nifti::read_label_ids(&ct.join("nifti/mask/mask.nii.gz"))?;
    let mask = mask_of(&labels, 1);
    let mut found: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (configuration, dimensions) in [("A", Dimensions::Slices), ("B", Dimensions::Volume)] {
        let region = prepare(&image, &mask, &settings(dimensions), true)?;
        for (number, filter) in filters(dimensions) {
            found.insert(format!("{number}.{configuration}"), filtered_statistics(&region, filter.as_ref())?);
        }
    }
    let tags = Family::Statistics.features();
    for row in &mut rows {
        let values = found.get(&row.set).zip(tags.iter().position(|known| known.tag == row.tag));
        row.found = values.map(|(values, at)| values[at]).filter(|value| value.is_finite());
        row.verdict = match (row.found, row.reference, row.tolerance) {
            (_, None, _) | (_, _, None) => Verdict::NotStandardised,
            (Some(found), Some(reference), Some(tolerance)) if (found - reference).abs() <= tolerance => {
                Verdict::Within
            }
            _ => Verdict::Outside,
        };
    }
    Ok(rows)
}

/// The rows of the table, without what is computed. The message says which line is wrong.
fn read(text: &str) -> Result<Vec<FilterConformanceRow>, String> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    if lines.next().map(|(_, line)| line.trim()) != Some(HEADER) {
        return Err(format!("line 1: the header is not `{HEADER}`"));
    }
    let mut rows = Vec::new();
    for (index, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |what: &str| format!("line {}: {what}", index + 1);
        let cells: Vec<&str> = line.trim().split(';').collect();
        let [set, _, tag, value, tolerance] = cells[..] else { return Err(wrong("five cells are wanted")) };
        let number = |cell: &str| match cell {
            "" => Ok(None),
            cell => match cell.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(Some(value)),
                _ => Err(wrong(&format!("{cell:?} is no number"))),
            },
        };
        rows.push(FilterConformanceRow {
            set: set.to_owned(),
            tag: tag.to_owned(),
            found: None,
            reference: number(value)?,
            tolerance: number(tolerance)?,
            verdict: Verdict::NotStandardised,
        });
    }
    Ok(rows)
}

/// How image and mask are prepared: configuration A for slices, B for the volume.
fn settings(dimensions: Dimensions) -> Settings {
    let interpolation = Interpolation {
        spacing_mm: vec![1.0; 3],
        method: Method::Cubic,
        mask_method: Method::Linear,
        mask_threshold: 0.5,
        round: true,
    };
    Settings {
        interpolation: (dimensions == Dimensions::Volume).then_some(interpolation),
        resegmentation: Resegmentation { range: Some([-1000.0, 400.0]), outliers_sd: None },
        ..Settings::default()
    }
}

/// The filters by their number in the table; the first is none.
fn filters(dimensions: Dimensions) -> [(u32, Option<Filter>); 9] {
    let boundary = Boundary::Mirror;
    let is_volume = dimensions == Dimensions::Volume;
    // Kernels along x, y and, in the volume, z.
    let kernels = [LawsKernel::L5, LawsKernel::E5, LawsKernel::E5][..dimensions.count()].to_vec();
    let planes = if is_volume { GaborPlanes::Orthogonal } else { GaborPlanes::Axial };
    let wavelet = |bands: Vec<Band>, level| {
        let rotation_pooling = Some(Pooling::Average);
        let wavelet = Wavelet::Daubechies3;
        Some(Filter::SeparableWavelet(SeparableWavelet {
            wavelet,
            bands,
            level,
            rotation_pooling,
            dimensions,
            boundary,
        }))
    };
    let simoncelli = |level| {
        let (boundary, sampling) = (Boundary::Periodic, FrequencySampling::Ibsi);
        Some(Filter::Simoncelli(Simoncelli { level, dimensions, boundary, sampling, riesz: None }))
    };
    [
        (1, None),
        (2, Some(Filter::Mean(Mean { support_voxels: 5, dimensions, boundary }))),
        (
            3,
            Some(Filter::LaplacianOfGaussian(LaplacianOfGaussian {
                sigma_mm: 1.5,
                cutoff_sigmas: 4.0,
                dimensions,
                boundary,
                riesz: None,
            })),
        ),
        (
            4,
            Some(Filter::Laws(Laws {
                kernels,
                rotation_pooling: Some(Pooling::Max),
                energy_distance_voxels: Some(7),
                dimensions,
                boundary,
            })),
        ),
        (
            5,
            Some(Filter::Gabor(Gabor {
                sigma_mm: 5.0,
                wavelength_mm: 2.0,
                aspect_ratio: 1.5,
                orientation_deg: 0.0,
                orientation_step_deg: Some(22.5),
                pooling: Pooling::Average,
                planes,
                boundary,
            })),
        ),
        (6, wavelet([Band::L, Band::L, Band::H][3 - dimensions.count()..].to_vec(), 1)),
        (7, wavelet(vec![Band::H; dimensions.count()], 2)),
        (8, simoncelli(1)),
        (9, simoncelli(2)),
    ]
}

/// Statistics of the region in the filtered image.
fn filtered_statistics(
    region: &Prepared,
    filter: Option<&Filter>,
) -> Result<Vec<f64>, FilterConformanceError> {
    let [width, height, depth] = region.image.dims;
    let [x, y, z] = region.image.spacing_mm;
    let statistics_of = |values: &mut dyn Iterator<Item = f64>| {
        let inside =
            values.zip(&region.intensity.values).filter(|(_, inside)| **inside).map(|(value, _)| value);
        let distribution = Distribution::of(inside);
        statistics(&distribution).in_order(distribution.n)
    };
    let Some(filter) = filter else { return Ok(statistics_of(&mut region.image.values.iter().copied())) };
    let image = ArrayView3::from_shape((depth, height, width), &region.image.values)
        .map_err(|_| FilterError::Empty(depth, height, width))?;
    let response = apply(image, [z, y, x], filter)?;
    Ok(statistics_of(&mut response.into_iter()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_reference_values_are_within_their_tolerance() {
        let (Some(path), Some(ct)) = (
            coxa_test_support::reference_data("radiomics-ibsi"),
            coxa_test_support::reference_data("test-only/radiomics-ibsi-ct"),
        ) else {
            return;
        };
        let rows = conformance(&path, &ct).unwrap();
        let outside: Vec<_> = rows.iter().filter(|row| row.verdict == Verdict::Outside).collect();
        assert!(outside.is_empty(), "{outside:#?}");
        // Of the quartile coefficient of 8.B there is no consensus.
        let open: Vec<_> = rows.iter().filter(|row| row.verdict == Verdict::NotStandardised).collect();
        assert_eq!((rows.len(), open.len()), (324, 1));
        assert_eq!((open[0].set.as_str(), open[0].tag.as_str()), ("8.B", "stat_qcod"));
    }

    #[test]
    fn a_damaged_table_is_told_by_its_line() {
        assert!(read("tag;value\n").unwrap_err().starts_with("line 1"));
        assert!(
            read(&format!("{HEADER}\n1.A;Mean;stat_mean;-47;4.6\n1.A;Mean;stat_mean;x;4.6\n"))
                .unwrap_err()
                .starts_with("line 3")
        );
        assert!(read(&format!("{HEADER}\n1.A;Mean\n")).unwrap_err().contains("five cells"));
        assert_eq!(read(&format!("{HEADER}\n8.B;QCOD;stat_qcod;;\n")).unwrap()[0].reference, None);
    }
}
