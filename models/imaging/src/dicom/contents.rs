//! Segmentations and structure sets in a few words, without their voxels and contours.

use super::assemble::frame_count;
use super::attributes::Attributes;
use super::file::DicomFile;
use super::naming::Namer;
use super::{rtstruct, seg};
use dicom_dictionary_std::tags;
use serde::Serialize;

/// A DICOM object that labels a CT.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelObject {
    /// File name.
    pub file: String,
    /// `segmentation` or `structure set`.
    pub kind: &'static str,
    /// Columns and rows of a frame; none in a structure set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<[usize; 2]>,
    /// Frames of a segmentation, contours of a structure set.
    pub parts: usize,
    /// Segments or regions of interest by the names they get as labels, in the order of their numbers.
    pub names: Vec<String>,
}

impl LabelObject {
    /// Of a file, where it is such an object.
    pub(crate) fn of(file: &DicomFile) -> Option<Self> {
        let object = &file.object;
        let mut namer = Namer::default();
        let mut named = |written: Vec<String>| -> Vec<String> {
            written.iter().zip(1..=u8::MAX).map(|(name, id)| namer.label(id, name, None).name).collect()
        };
        match object.text(tags::MODALITY).as_deref() {
            Some("SEG") => Some(LabelObject {
                file: file.name.clone(),
                kind: "segmentation",
                size: object.count(tags::COLUMNS).zip(object.count(tags::ROWS)).map(Into::into),
                parts: frame_count(file),
                names: named(seg::written_names(object)),
            }),
            Some("RTSTRUCT") => Some(LabelObject {
                file: file.name.clone(),
                kind: "structure set",
                size: None,
                parts: object
                    .items(tags::ROI_CONTOUR_SEQUENCE)
                    .iter()
                    .map(|region| region.items(tags::CONTOUR_SEQUENCE).len())
                    .sum(),
                names: named(rtstruct::written_names(object).into_values().collect()),
            }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::test_slices::Slice;
    use dicom_core::value::DataSetSequence;
    use dicom_core::{DataElement, VR};
    use dicom_object::InMemDicomObject;

    fn item(number: (dicom_core::Tag, VR, &str), name: (dicom_core::Tag, VR, &str)) -> InMemDicomObject {
        let mut item = InMemDicomObject::new_empty();
        for (tag, vr, text) in [number, name] {
            item.put(DataElement::new(tag, vr, text));
        }
        item
    }

    fn object(modality: &str, tag: dicom_core::Tag, items: Vec<InMemDicomObject>) -> Option<LabelObject> {
        let mut slice = Slice::new(0).text(tags::MODALITY, VR::CS, modality);
        slice.object.put(DataElement::new(tag, VR::SQ, DataSetSequence::from(items)));
        LabelObject::of(&DicomFile::from_bytes("labels.dcm", &slice.bytes()).unwrap())
    }

    #[test]
    fn segments_and_regions_are_named() {
        let segment =
            |number, name| item((tags::SEGMENT_NUMBER, VR::IS, number), (tags::SEGMENT_LABEL, VR::LO, name));
        let items = vec![segment("2", "Left femur"), segment("1", "Sacrum")];
        let seg = object("SEG", tags::SEGMENT_SEQUENCE, items).unwrap();
        assert_eq!((seg.kind, seg.size, seg.parts), ("segmentation", Some([6, 5]), 1));
        assert_eq!(seg.names, ["sacrum", "left_femur"]);

        let region = |number, name| item((tags::ROI_NUMBER, VR::IS, number), (tags::ROI_NAME, VR::LO, name));
        let items = vec![region("7", "PTV"), region("3", "Femoral Head R")];
        let set = object("RTSTRUCT", tags::STRUCTURE_SET_ROI_SEQUENCE, items).unwrap();
        assert_eq!((set.kind, set.size, set.parts), ("structure set", None, 0));
        assert_eq!(set.names, ["femoral_head_r", "ptv"]);

        assert!(object("CT", tags::SEGMENT_SEQUENCE, Vec::new()).is_none());
    }
}
