//! Radiographs: CR, DX and secondary captures of one frame.

use super::attributes::Attributes;
use super::file::DicomFile;
use super::image::{ImageHeader, Photometric};
use super::modality::named;
use super::pixels::Frames;
use crate::source::{Blob, ReadError};
use coxa_geometry::{Finding, finding};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use ndarray::Array2;
use std::path::Path;

/// A projection image.
#[derive(Debug, Clone, PartialEq)]
pub struct Radiograph {
    /// Brightness after rescaling, shape (rows, columns). Where `inverted` is false, high values are to be
    /// shown white;
    /// values are as stored, never turned over.
    pub pixels: Array2<f32>,
    /// Low values are to be shown white (MONOCHROME1).
    pub inverted: bool,
    /// Distance of neighbouring rows, of neighbouring columns, in mm; `None` where the file does not say.
    pub spacing_mm: Option<[f64; 2]>,
    /// What the spacing is measured at.
    pub spacing_source: Option<SpacingSource>,
    /// Modality code, such as CR or DX.
    pub modality: String,
    /// What the user must know.
    pub notes: Vec<Finding>,
}

/// What a pixel spacing is measured at (PS3.3 section 10.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpacingSource {
    /// At the detector: the anatomy appears magnified.
    Detector,
    /// At the patient, by a calibration that the file describes or by a known magnification.
    Patient,
    /// Given without saying at what; to be treated as at the detector.
    Unstated,
}

/// Reads a radiograph.
///
/// # Errors
/// Cross-sectional images, several frames and whatever is no image are refused.
pub fn read_radiograph(path: &Path) -> Result<Radiograph, ReadError> {
    let blob = Blob::file(path)?;
    radiograph(blob.name(), &blob.bytes()?)
}

/// Reads a radiograph from the bytes of a file; otherwise as [`read_radiograph`].
///
/// # Errors
/// As [`read_radiograph`].
pub fn read_radiograph_from(bytes: &[u8]) -> Result<Radiograph, ReadError> {
    radiograph("file", bytes)
}

fn radiograph(name: &str, bytes: &[u8]) -> Result<Radiograph, ReadError> {
    let file = DicomFile::from_bytes(name, bytes)?;
    let header = file.image()?;
    let modality = file.object.text(tags::MODALITY).unwrap_or_else(|| "?".to_owned());
    let refuse = |reason: String| Err(ReadError::NotAnImage { file: header.name.clone(), reason });
    if matches!(modality.as_str(), "CT" | "MR" | "PT" | "NM" | "SEG" | "RTDOSE" | "US") {
        return refuse(format!("it is {}, not a radiograph", named(&modality)));
    }
    if header.format.frames > 1 {
        return refuse(format!("it has {} frames, but a radiograph has one", header.format.frames));
    }
    if header.format.photometric == Photometric::Palette {
        return refuse("its pixels are indices into a colour table".to_owned());
    }
    let mut notes = Vec::new();
    let pixels = pixels(&header, &file.object, bytes, &mut notes)?;
    let (spacing_mm, spacing_source) = spacing(&file.object, &mut notes).unzip();
    let inverted = header.format.photometric == Photometric::Monochrome1;
    Ok(Radiograph { pixels, inverted, spacing_mm, spacing_source, modality, notes })
}

fn pixels(
    header: &ImageHeader,
    object: &InMemDicomObject,
    bytes: &[u8],
    notes: &mut Vec<Finding>,
) -> Result<Array2<f32>, ReadError> {
    let dataset = header.dataset(bytes)?;
    let values = Frames::new(header, &dataset)?.frame(0)?.values();
    let number = |tag, default| object.number(tag).filter(|v: &f64| v.is_finite()).unwrap_or(default);
    let slope = number(tags::RESCALE_SLOPE, 1.0);
    let intercept = number(tags::RESCALE_INTERCEPT, 0.0);
    let scaled = |value: f64| (value * slope + intercept) as f32;
    let brightness: Vec<f32> = if header.format.samples == 3 {
        notes.push(finding::ColourRadiograph {}.finding());
        let luma = |rgb: &[i64]| 0.299 * rgb[0] as f64 + 0.587 * rgb[1] as f64 + 0.114 * rgb[2] as f64;
        values.chunks_exact(3).map(|rgb| scaled(luma(rgb))).collect()
    } else {
        values.iter().map(|&value| scaled(value as f64)).collect()
    };
    Array2::from_shape_vec((header.format.rows, header.format.columns), brightness).map_err(|_| {
        ReadError::Malformed { file: header.name.clone(), reason: "it has too few pixels".to_owned() }
    })
}

fn spacing(object: &InMemDicomObject, notes: &mut Vec<Finding>) -> Option<([f64; 2], SpacingSource)> {
    let read = |tag| -> Option<[f64; 2]> {
        object.array(tag).filter(|s: &[f64; 2]| s.iter().all(|&s| s.is_finite() && s > 1e-4 && s < 1e3))
    };
    let detector = read(tags::IMAGER_PIXEL_SPACING);
    let plain = read(tags::PIXEL_SPACING);
    let calibrated = object.text(tags::PIXEL_SPACING_CALIBRATION_TYPE).is_some();
    match (plain, detector) {
        (Some(plain), _) if calibrated => Some((plain, SpacingSource::Patient)),
        (Some(plain), Some(detector)) if plain != detector => Some((plain, SpacingSource::Patient)),
        (_, Some(detector)) => {
            let magnification = object
                .number(tags::ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR)
                .filter(|m: &f64| m.is_finite() && (1.0..5.0).contains(m));
            if let Some(magnification) = magnification {
                notes.push(finding::MagnificationApplied {}.finding());
                return Some((detector.map(|s| s / magnification), SpacingSource::Patient));
            }
            notes.push(finding::SpacingAtDetector {}.finding());
            Some((detector, SpacingSource::Detector))
        }
        (Some(plain), None) => {
            notes.push(finding::SpacingUnstated {}.finding());
            Some((plain, SpacingSource::Unstated))
        }
        (None, None) => {
            notes.push(finding::NoSpacing {}.finding());
            None
        }
    }
}
