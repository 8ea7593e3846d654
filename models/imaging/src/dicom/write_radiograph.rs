//! Radiographs out as DICOM (PS3.3 A.26, Digital X-Ray Image Storage - For Presentation).

use super::write::{WriteError, decimal, empty_elements, encoded, uid};
use dicom_core::{DataElement, PrimitiveValue, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;
use std::io::Write;
use std::path::Path;

/// A radiograph to be written: 12 bits, bright where dense.
#[derive(Debug, Clone, PartialEq)]
pub struct RadiographImage<'a> {
    /// Pixels in a row.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
    /// Pixels, row by row from the top; 4095 at most.
    pub pixels: &'a [u16],
    /// Distance of pixels at the detector, rows and columns alike.
    pub detector_spacing_mm: f64,
    /// From the focus to the detector.
    pub source_to_detector_mm: f64,
    /// From the focus to the middle of the patient.
    pub source_to_patient_mm: f64,
    /// Letters of the side of the patient at the right edge and at the foot of the picture, such as `L` and `F`.
    pub orientation: [&'a str; 2],
    /// View position: AP, PA, LL or RL.
    pub view: &'a str,
}

/// Writes a radiograph; the file appears whole or not at all. There is no patient data, and UIDs are hashes of the picture.
///
/// # Errors
/// A size that the format does not hold, and whatever the system refuses.
pub fn write_radiograph(image: &RadiographImage<'_>, path: &Path) -> Result<(), WriteError> {
    let io = |source| WriteError::Io { path: path.to_owned(), source };
    let bytes = bytes(image)?;
    let mut file = crate::atomic::beside(path).map_err(io)?;
    file.write_all(&bytes).map_err(io)?;
    file.persist(path).map_err(|failed| io(failed.error))?;
    Ok(())
}

fn bytes(image: &RadiographImage<'_>) -> Result<Vec<u8>, WriteError> {
    let fits = |n: usize| (1..=usize::from(u16::MAX)).contains(&n);
    if !fits(image.columns) || !fits(image.rows) || image.pixels.len() != image.columns * image.rows {
        return Err(WriteError::Unsuitable { reason: "its size exceeds the limits of the format" });
    }
    let pixels: Vec<u8> = image.pixels.iter().flat_map(|v| v.to_le_bytes()).collect();
    let mut content = blake3::Hasher::new();
    content.update(&(image.columns as u64).to_le_bytes()).update(&pixels);
    content.update(image.view.as_bytes()).update(&image.detector_spacing_mm.to_le_bytes());
    let content = content.finalize();

    let mut object = InMemDicomObject::new_empty();
    let mut text = |tag, vr, value: String| {
        object.put(DataElement::new(tag, vr, PrimitiveValue::from(value)));
    };
    text(tags::IMAGE_TYPE, VR::CS, "DERIVED\\PRIMARY".to_owned());
    text(tags::SOP_CLASS_UID, VR::UI, uids::DIGITAL_X_RAY_IMAGE_STORAGE_FOR_PRESENTATION.to_owned());
    text(tags::SOP_INSTANCE_UID, VR::UI, uid(&content, "image", 0));
    text(tags::STUDY_INSTANCE_UID, VR::UI, uid(&content, "study", 0));
    text(tags::SERIES_INSTANCE_UID, VR::UI, uid(&content, "series", 0));
    text(tags::MODALITY, VR::CS, "DX".to_owned());
    text(tags::PRESENTATION_INTENT_TYPE, VR::CS, "FOR PRESENTATION".to_owned());
    text(tags::MANUFACTURER, VR::LO, "Coxa".to_owned());
    text(tags::PATIENT_IDENTITY_REMOVED, VR::CS, "YES".to_owned());
    text(tags::DEIDENTIFICATION_METHOD, VR::LO, "Written without patient data".to_owned());
    text(tags::BODY_PART_EXAMINED, VR::CS, "PELVIS".to_owned());
    text(tags::VIEW_POSITION, VR::CS, image.view.to_owned());
    text(tags::PATIENT_ORIENTATION, VR::CS, image.orientation.join("\\"));
    text(tags::SERIES_NUMBER, VR::IS, "1".to_owned());
    text(tags::INSTANCE_NUMBER, VR::IS, "1".to_owned());
    text(tags::BURNED_IN_ANNOTATION, VR::CS, "NO".to_owned());
    text(tags::LOSSY_IMAGE_COMPRESSION, VR::CS, "00".to_owned());
    text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2".to_owned());
    text(tags::PRESENTATION_LUT_SHAPE, VR::CS, "IDENTITY".to_owned());
    text(tags::PIXEL_INTENSITY_RELATIONSHIP, VR::CS, "LOG".to_owned());
    text(tags::RESCALE_INTERCEPT, VR::DS, "0".to_owned());
    text(tags::RESCALE_SLOPE, VR::DS, "1".to_owned());
    text(tags::RESCALE_TYPE, VR::LO, "US".to_owned());
    text(tags::WINDOW_CENTER, VR::DS, "2048".to_owned());
    text(tags::WINDOW_WIDTH, VR::DS, "4096".to_owned());
    let spacing = decimal(image.detector_spacing_mm);
    text(tags::IMAGER_PIXEL_SPACING, VR::DS, format!("{spacing}\\{spacing}"));
    text(tags::DISTANCE_SOURCE_TO_DETECTOR, VR::DS, decimal(image.source_to_detector_mm));
    text(tags::DISTANCE_SOURCE_TO_PATIENT, VR::DS, decimal(image.source_to_patient_mm));
    let magnification = image.source_to_detector_mm / image.source_to_patient_mm;
    text(tags::ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR, VR::DS, decimal(magnification));
    empty_elements(&mut object, &[(tags::KVP, VR::DS), (tags::IMAGE_LATERALITY, VR::CS)]);
    for (tag, value) in [
        (tags::SAMPLES_PER_PIXEL, 1),
        (tags::ROWS, image.rows),
        (tags::COLUMNS, image.columns),
        (tags::BITS_ALLOCATED, 16),
        (tags::BITS_STORED, 12),
        (tags::HIGH_BIT, 11),
        (tags::PIXEL_REPRESENTATION, 0),
    ] {
        object.put(DataElement::new(tag, VR::US, PrimitiveValue::from(value as u16)));
    }
    object.put(DataElement::new(
        tags::PIXEL_INTENSITY_RELATIONSHIP_SIGN,
        VR::SS,
        PrimitiveValue::from(-1i16),
    ));
    object.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::from(pixels)));
    encoded(object)
}

#[cfg(test)]
mod tests {
    use super::super::{SpacingSource, read_radiograph};
    use super::*;

    #[test]
    fn a_radiograph_comes_back_with_its_scale() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pelvis.dcm");
        let pixels: Vec<u16> = (0..7 * 5).map(|n| n * 117).collect();
        let image = RadiographImage {
            columns: 7,
            rows: 5,
            pixels: &pixels,
            detector_spacing_mm: 0.5,
            source_to_detector_mm: 1150.0,
            source_to_patient_mm: 1000.0,
            orientation: ["L", "F"],
            view: "AP",
        };
        write_radiograph(&image, &path).unwrap();
        let read = read_radiograph(&path).unwrap();
        assert_eq!(read.pixels.dim(), (5, 7));
        assert!(read.pixels.iter().zip(&pixels).all(|(a, b)| *a == f32::from(*b)));
        assert!(!read.inverted && read.modality == "DX");
        assert_eq!(read.spacing_source, Some(SpacingSource::Patient));
        let [row, column] = read.spacing_mm.unwrap();
        assert!((row - 0.5 / 1.15).abs() < 1e-9 && row == column);

        let wrong = RadiographImage { rows: 6, ..image };
        assert!(matches!(write_radiograph(&wrong, &path), Err(WriteError::Unsuitable { .. })));
    }
}
