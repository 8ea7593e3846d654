//! Whether the files of a series are one scan of one patient: archives and anonymisers mix them up under one Series Instance UID.

use super::attributes::{Attributes, is_code};
use super::file::DicomFile;
use super::frame::FrameAttributes;
use crate::source::{Blob, Identity, ReadError};
use coxa_geometry::{Finding, finding};
use dicom_core::Tag;
use dicom_dictionary_std::tags;
use std::collections::BTreeSet;

/// So few slices before the first may be a scout that was exported apart.
const FEW: usize = 3;
/// Values that are shown of an attribute that differs.
const SHOWN: usize = 4;

/// Refuses files of several patients or studies; notes what else differs among slices of one scan.
pub(super) fn check(files: &[(Blob, DicomFile)]) -> Result<Vec<Finding>, ReadError> {
    let several = [
        (tags::PATIENT_ID, "patients (Patient ID)"),
        (tags::PATIENT_BIRTH_DATE, "patients (Patient's Birth Date)"),
        (tags::STUDY_INSTANCE_UID, "studies (Study Instance UID)"),
    ];
    for (tag, what) in several {
        let count = values(files, tag).len();
        if count > 1 {
            let reason = format!(
                "its files are of {count} different {what} under one series; export the scan of one patient alone"
            );
            return Err(ReadError::Inconsistent { reason });
        }
    }
    let mut notes = Vec::new();
    let unnamed = files.iter().filter(|(_, file)| file.object.text(tags::PATIENT_ID).is_none()).count();
    if (1..files.len()).contains(&unnamed) {
        notes.push(finding::PatientUnstated { count: unnamed }.finding());
    }
    let mixed = [
        (tags::CONVOLUTION_KERNEL, "Convolution Kernel"),
        (tags::KVP, "KVP"),
        (tags::PIXEL_REPRESENTATION, "Pixel Representation"),
        (tags::BITS_STORED, "Bits Stored"),
    ];
    for (tag, what) in mixed {
        notes.extend(differing(what, &values(files, tag)));
    }
    for (tag, what) in
        [(tags::RESCALE_SLOPE, "Rescale Slope"), (tags::RESCALE_INTERCEPT, "Rescale Intercept")]
    {
        let of_frame = |(_, file): &(Blob, DicomFile)| FrameAttributes::of(file, 0).rescale(tag)?.text(tag);
        notes.extend(differing(what, &files.iter().filter_map(of_frame).collect()));
    }
    Ok(notes)
}

/// Slices that the series has by its own numbers and that are not among the files; `lowest` is the file of the first along the normal, which rises
/// towards the head by `up`.
pub(super) fn not_given(files: &[(Blob, DicomFile)], lowest: usize, up: f64) -> Option<Finding> {
    let number = |file: &DicomFile| file.object.count(tags::INSTANCE_NUMBER);
    let numbers: Option<BTreeSet<usize>> = files.iter().map(|(_, file)| number(file)).collect();
    let numbers = numbers.filter(|numbers| numbers.len() == files.len())?;
    let (first, last) = (*numbers.first()?, *numbers.last()?);
    let is_run = last - first + 1 == numbers.len();
    if first > FEW && is_run {
        let is_first_lowest = number(&files[lowest].1)? == first;
        let end = end_of(up, is_first_lowest);
        return Some(finding::SlicesBefore { first, count: first - 1, end }.finding());
    }
    let said = [tags::NUMBER_OF_SERIES_RELATED_INSTANCES, tags::IMAGES_IN_ACQUISITION]
        .into_iter()
        .find_map(|tag| files[lowest].1.object.count(tag))?;
    (said > files.len() + FEW && last < said)
        .then(|| finding::SlicesFewer { said, count: said - files.len() }.finding())
}

/// Which end of the scan is the first or last along its normal.
fn end_of(up: f64, is_lowest: bool) -> String {
    let end = match up.abs() > 0.7 {
        true if (up > 0.0) == is_lowest => "the foot end",
        true => "the head end",
        false => "one end",
    };
    end.into()
}

/// Whose scan the files are.
pub(super) fn identity(files: &[(Blob, DicomFile)]) -> Identity {
    let of = |tag| values(files, tag).into_iter().next();
    Identity { patient: of(tags::PATIENT_ID), study: of(tags::STUDY_INSTANCE_UID) }
}

/// The values of an attribute that the files name.
fn values(files: &[(Blob, DicomFile)], tag: Tag) -> BTreeSet<String> {
    files.iter().filter_map(|(_, file)| file.object.text(tag)).collect()
}

fn differing(what: &str, values: &BTreeSet<String>) -> Option<Finding> {
    let shown: Vec<&str> =
        values.iter().map(String::as_str).filter(|value| is_code(value)).take(SHOWN).collect();
    let (what, values_shown) = (what.to_owned(), shown.join(", "));
    (values.len() > 1).then(|| finding::SeriesMixed { what, values: values_shown }.finding())
}

#[cfg(test)]
mod tests {
    use crate::dicom::test_slices::{Slice, series};
    use crate::source::{Opened, ReadError, ReadOptions, open_bytes};
    use coxa_geometry::finding::Code;
    use dicom_core::{Tag, VR};
    use dicom_dictionary_std::tags;

    fn open(slices: Vec<Slice>) -> Result<Opened, ReadError> {
        open_bytes(slices.into_iter().map(Slice::bytes).collect(), &ReadOptions::default())
    }

    /// A series of which the last slice says something else than the others.
    fn with_stray(tag: Tag, vr: VR, common: &str, stray: &str) -> Result<Opened, ReadError> {
        let all = series(5).into_iter().enumerate();
        open(all.map(|(k, slice)| slice.text(tag, vr, if k == 4 { stray } else { common })).collect())
    }

    fn codes(opened: &Opened) -> Vec<Code> {
        opened.notes.iter().map(|note| note.code).collect()
    }

    #[test]
    fn files_of_two_patients_are_no_scan() {
        for (tag, vr, word) in [
            (tags::PATIENT_ID, VR::LO, "Patient ID"),
            (tags::PATIENT_BIRTH_DATE, VR::DA, "Birth Date"),
            (tags::STUDY_INSTANCE_UID, VR::UI, "Study Instance UID"),
        ] {
            let said = with_stray(tag, vr, "19500101", "19600101").unwrap_err().to_string();
            assert!(said.contains(word) && !said.contains("1950") && !said.contains("1960"), "{said}");
            assert!(with_stray(tag, vr, "19500101", "19500101").is_ok());
        }
        let unnamed = with_stray(tags::PATIENT_ID, VR::LO, "one", "").unwrap();
        assert!(codes(&unnamed).contains(&Code::PatientUnstated));
    }

    #[test]
    fn slices_of_another_kernel_or_voltage_are_named() {
        for (tag, vr, common, stray) in [
            (tags::CONVOLUTION_KERNEL, VR::SH, "B30f", "B70f"),
            (tags::KVP, VR::DS, "120", "80"),
            (tags::RESCALE_INTERCEPT, VR::DS, "-1024", "0"),
        ] {
            let opened = with_stray(tag, vr, common, stray).unwrap();
            let note = opened.notes.iter().find(|note| note.code == Code::SeriesMixed);
            assert!(note.unwrap().message.contains(stray), "{:?}", opened.notes);
        }
        let signed = open(
            series(5)
                .into_iter()
                .enumerate()
                .map(|(k, s)| s.number(tags::PIXEL_REPRESENTATION, u16::from(k == 2)))
                .collect(),
        );
        assert!(signed.unwrap().notes.iter().any(|note| note.message.contains("Pixel Representation")));
        assert!(!codes(&open(series(5)).unwrap()).contains(&Code::SeriesMixed));
    }

    #[test]
    fn a_slope_without_an_intercept_is_named() {
        let without = series(4).into_iter().map(|slice| slice.without(tags::RESCALE_INTERCEPT)).collect();
        assert!(codes(&open(without).unwrap()).contains(&Code::NoIntercept));
        assert!(!codes(&open(series(4)).unwrap()).contains(&Code::NoIntercept));
    }

    #[test]
    fn end_slices_that_are_gone_are_named() {
        let numbered = |from: u16, said: u16| {
            let slices = series(40).into_iter().enumerate().map(|(k, slice)| {
                let number = (k + 1).to_string();
                let slice = slice.text(tags::INSTANCE_NUMBER, VR::IS, &number);
                slice.text(tags::IMAGES_IN_ACQUISITION, VR::IS, &said.to_string())
            });
            open(slices.skip(usize::from(from)).collect()).unwrap()
        };
        let messages = |opened: Opened| -> Vec<String> {
            let notes = opened.notes.into_iter().filter(|note| note.code == Code::SlicesNotGiven);
            notes.map(|note| note.message).collect()
        };
        assert!(messages(numbered(0, 40)).is_empty());
        let head = messages(numbered(20, 40));
        assert!(head.len() == 1 && head[0].contains("20 slices may be missing at the foot end"), "{head:?}");
        let rest = messages(numbered(0, 60));
        assert!(rest.len() == 1 && rest[0].contains("60 images; 20 of them"), "{rest:?}");
    }
}
