//! DICOM slices for tests, to be spoilt one attribute at a time.

use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};

pub(crate) const COLUMNS: u16 = 6;
pub(crate) const ROWS: u16 = 5;
/// Air as it is stored.
pub(crate) const AIR: u16 = 24;

/// One CT slice of `COLUMNS` x `ROWS` pixels; pixel `n` of slice `k` is `1000 (k mod 4) + n` HU, and the last one is air.
pub(crate) struct Slice {
    pub(crate) object: InMemDicomObject,
    pub(crate) syntax: &'static str,
}

impl Slice {
    /// Slice `k` of an axial series with 2 mm between slices.
    pub(crate) fn new(k: u16) -> Self {
        let mut slice =
            Slice { object: InMemDicomObject::new_empty(), syntax: uids::EXPLICIT_VR_LITTLE_ENDIAN };
        for (tag, vr, text) in [
            (tags::SOP_CLASS_UID, VR::UI, uids::CT_IMAGE_STORAGE),
            (tags::MODALITY, VR::CS, "CT"),
            (tags::PATIENT_NAME, VR::PN, "Secret^Name"),
            (tags::SERIES_INSTANCE_UID, VR::UI, "2.25.1"),
            (tags::FRAME_OF_REFERENCE_UID, VR::UI, "2.25.2"),
            (tags::SLICE_THICKNESS, VR::DS, "7"),
            (tags::IMAGE_ORIENTATION_PATIENT, VR::DS, "1\\0\\0\\0\\1\\0"),
            (tags::PIXEL_SPACING, VR::DS, "0.8\\0.7"),
            (tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
            (tags::RESCALE_SLOPE, VR::DS, "1"),
            (tags::RESCALE_INTERCEPT, VR::DS, "-1024"),
        ] {
            slice = slice.text(tag, vr, text);
        }
        slice = slice.text(tags::SOP_INSTANCE_UID, VR::UI, &format!("2.25.3.{k}"));
        slice = slice.text(tags::IMAGE_POSITION_PATIENT, VR::DS, &format!("-10\\20\\{}", 2 * k));
        for (tag, value) in [
            (tags::SAMPLES_PER_PIXEL, 1),
            (tags::ROWS, ROWS),
            (tags::COLUMNS, COLUMNS),
            (tags::BITS_ALLOCATED, 16),
            (tags::BITS_STORED, 16),
            (tags::HIGH_BIT, 15),
            (tags::PIXEL_REPRESENTATION, 0),
        ] {
            slice = slice.number(tag, value);
        }
        let mut pixels: Vec<u16> = (0..ROWS * COLUMNS).map(|n| 1024 + 1000 * (k % 4) + n).collect();
        if let Some(last) = pixels.last_mut() {
            *last = AIR;
        }
        slice.pixels(&pixels)
    }

    pub(crate) fn text(mut self, tag: Tag, vr: VR, text: &str) -> Self {
        self.object.put(DataElement::new(tag, vr, PrimitiveValue::from(text)));
        self
    }

    pub(crate) fn number(mut self, tag: Tag, value: u16) -> Self {
        self.object.put(DataElement::new(tag, VR::US, PrimitiveValue::from(value)));
        self
    }

    pub(crate) fn without(mut self, tag: Tag) -> Self {
        self.object.remove_element(tag);
        self
    }

    pub(crate) fn pixels(mut self, pixels: &[u16]) -> Self {
        let bytes: Vec<u8> = pixels.iter().flat_map(|p| p.to_le_bytes()).collect();
        self.object.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::from(bytes)));
        self
    }

    pub(crate) fn syntax(mut self, syntax: &'static str) -> Self {
        self.syntax = syntax;
        self
    }

    /// The file.
    pub(crate) fn bytes(self) -> Vec<u8> {
        let meta = FileMetaTableBuilder::new().transfer_syntax(self.syntax);
        let mut bytes = Vec::new();
        self.object.with_meta(meta).unwrap().write_all(&mut bytes).unwrap();
        bytes
    }
}

/// The files of slices 0 to `count`.
pub(crate) fn series(count: u16) -> Vec<Slice> {
    (0..count).map(Slice::new).collect()
}
