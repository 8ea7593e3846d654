//! Whose scan it is, and whether it is one scan, of Hounsfield units.

use crate::common::{ball, coxa, stderr, stdout};
use crate::made::text;
use coxa_imaging::{CtVolume, dicom};
use std::fs;
use std::path::{Path, PathBuf};

/// A series of files in a folder, of a patient.
fn series(folder: &Path, ct: &CtVolume, patient: &str) {
    dicom::write_series(ct, folder).unwrap();
    slices(folder).iter().for_each(|file| name_patient(file, patient));
}

fn slices(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Fills in the Patient ID that a file leaves empty.
fn name_patient(file: &Path, patient: &str) {
    let element = [0x10, 0, 0x20, 0, b'L', b'O', 0, 0];
    let mut bytes = fs::read(file).unwrap();
    let at = bytes.windows(8).position(|window| window == element).expect("an empty Patient ID");
    bytes[at + 6] = u8::try_from(patient.len()).unwrap();
    bytes.splice(at + 8..at + 8, patient.bytes());
    fs::write(file, bytes).unwrap();
}

/// What `info`, `convert` and `plan` say of a scan.
fn said(scan: &Path, scratch: &Path) -> [String; 3] {
    let (volume, case) = (scratch.join("out.nii.gz"), scratch.join("case"));
    let words: [&[&str]; 3] = [
        &["info", text(scan)],
        &["convert", text(scan), "-o", text(&volume)],
        &["plan", text(scan), "--side", "right", "-o", text(&case)],
    ];
    let said = words.map(|words| {
        let output = coxa(words);
        stdout(&output) + &stderr(&output)
    });
    let _ = fs::remove_file(volume);
    let _ = fs::remove_dir_all(case);
    said
}

#[test]
fn two_patients_in_one_series_are_refused_without_their_names() {
    let scratch = tempfile::tempdir().unwrap();
    let scan = scratch.path().join("scan");
    series(&scan, &ball([24, 20, 12]), "SECRET01");
    let stray = &slices(&scan)[5];
    let bytes = fs::read(stray).unwrap();
    let at = bytes.windows(8).position(|window| window == b"SECRET01").unwrap();
    fs::write(stray, [&bytes[..at], b"SECRET02", &bytes[at + 8..]].concat()).unwrap();
    for text in said(&scan, scratch.path()) {
        assert!(text.contains("2 different patients") && !text.contains("SECRET"), "{text}");
    }
}

#[test]
fn a_second_scan_says_whether_it_is_of_the_same_patient() {
    let scratch = tempfile::tempdir().unwrap();
    let path = |name: &str| scratch.path().join(name);
    let (mut other, ct) = (ball([24, 20, 12]), ball([24, 20, 12]));
    other.voxels[[6, 10, 12]] += 1;
    series(&path("first"), &ct, "SECRET01");
    series(&path("follow-up"), &other, "SECRET01");
    series(&path("stranger"), &other, "SECRET02");
    let plan = |scan: &str| {
        let output = coxa(["plan", text(&path(scan)), "--side", "right", "-q", "-o", text(&path("case"))]);
        (output.status.code(), stderr(&output))
    };
    assert_eq!(plan("first").0, Some(1), "the ball has no hip");
    let record = fs::read_to_string(path("case/case.toml")).unwrap();
    assert!(record.contains("[patient]") && !record.contains("SECRET"), "{record}");
    let (code, said) = plan("follow-up");
    assert!(code == Some(2) && said.contains("another CT of the same patient"), "{said}");
    let (code, said) = plan("stranger");
    assert!(code == Some(2) && said.contains("of another patient") && !said.contains("SECRET"), "{said}");
    assert_eq!(fs::read_to_string(path("case/case.toml")).unwrap(), record);
}

#[test]
fn values_that_are_no_hounsfield_units_are_named() {
    let scratch = tempfile::tempdir().unwrap();
    let mr = scratch.path().join("mr");
    let mut ct = ball([24, 20, 12]);
    ct.voxels.mapv_inplace(|v| (v + 1000) / 3);
    dicom::write_series(&ct, &mr).unwrap();
    for text in said(&mr, scratch.path()) {
        assert!(text.contains("Hounsfield"), "{text}");
    }
}

#[test]
fn end_slices_that_are_gone_are_named() {
    let scratch = tempfile::tempdir().unwrap();
    let scan = scratch.path().join("scan");
    series(&scan, &ball([24, 20, 40]), "SECRET01");
    slices(&scan).iter().take(20).for_each(|file| fs::remove_file(file).unwrap());
    for text in said(&scan, scratch.path()) {
        assert!(text.contains("20 slices may be missing at the foot end"), "{text}");
    }
}
