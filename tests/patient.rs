//! Virtual patients by command.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use common::{coxa, stderr, stdout};
use coxa_imaging::dicom::read_radiograph;
use coxa_imaging::nifti;
use coxa_imaging::source::{ReadOptions, open};
use std::fs;
use std::path::Path;

fn make(folder: &Path, more: &[&str]) -> std::process::Output {
    let folder = folder.to_str().unwrap();
    coxa(["patient", "-q", "--spacing", "4", "--below", "90", "-o", folder].iter().chain(more))
}

fn truth(folder: &Path) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(folder.join("truth.json")).unwrap()).unwrap()
}

#[test]
fn a_cohort_is_whole_and_comes_again_byte_for_byte() {
    let scratch = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| scratch.path().join(name));
    let more =
        ["--seed", "7", "--count", "2", "--disease", "osteoarthritis", "--grade", "3", "--side", "left"];
    let output = make(&one, &more);
    assert!(output.status.success(), "{}", stderr(&output));
    let single =
        make(&two, &["--seed", "8", "--disease", "osteoarthritis", "--grade", "3", "--side", "left"]);
    assert!(single.status.success(), "{}", stderr(&single));
    for name in [
        "ct.nii.gz",
        "labels.nii.gz",
        "labels.json",
        "surfaces/hip_right.ply",
        "surfaces/femur_left.ply",
        "truth.json",
        "renderings.png",
    ] {
        let read = |folder: &Path| fs::read(folder.join("patient_0008").join(name)).unwrap();
        assert!(read(&one) == read(&two), "{name} differs");
    }
    assert!(one.join("contact_sheet.png").is_file() && !one.join(".partial").exists());
    let table = fs::read_to_string(one.join("patients.csv")).unwrap();
    assert_eq!(table.lines().count(), 3, "{table}");
    let truth = truth(&one.join("patient_0007"));
    assert_eq!(truth["truth"]["left"]["disease"]["kellgren_lawrence"], 3);
    assert_eq!(truth["truth"]["right"]["disease"]["kellgren_lawrence"], 0);
    assert!(truth["truth"]["person"]["height_cm"].as_f64().is_some_and(|cm| (130.0..210.0).contains(&cm)));
    assert_eq!(truth["options"]["seed"], 7);
}

#[test]
fn its_dicom_series_is_the_scan() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("patients");
    let output =
        make(&folder, &["--dicom", "--json", "--above", "40", "--modality", "ct", "--modality", "mr"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let rows: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(rows[0]["patient"], "patient_0001");
    let patient = folder.join("patient_0001");
    let read = |path: &str| open(&patient.join(path), &ReadOptions::default()).unwrap().ct;
    let (series, nifti) = (read("ct_dicom"), read("ct.nii.gz"));
    assert_eq!(series.voxels, nifti.voxels);
    for contrast in ["t1", "t2", "stir"] {
        let slices = fs::read_dir(patient.join(format!("mr_{contrast}_dicom"))).unwrap().count();
        assert_eq!(slices, nifti.grid.dims[2]);
    }
    assert!(series.grid.matches(&nifti.grid, 1e-3));
}

#[test]
fn pictures_of_every_kind_lie_on_the_same_patient() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("patients");
    // A slender person: scatter in much flesh hides metal.
    let modalities = ["--modality", "xray", "--modality", "mr", "--modality", "ct"];
    let output =
        make(&folder, &[&modalities[..], &["--implant", "hip", "--above", "60", "--bmi", "22"]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    let patient = folder.join("patient_0001");
    let (ct, _) = nifti::read_ct(&patient.join("ct.nii.gz")).unwrap();
    for contrast in ["t1", "t2", "stir"] {
        let (mr, _) = nifti::read_ct(&patient.join(format!("mr_{contrast}.nii.gz"))).unwrap();
        assert_eq!(mr.grid, ct.grid);
        assert!(mr.as_slice().iter().any(|&v| v > 100));
    }
    // Metal is labelled, and shows at the head centre.
    let labels = nifti::read_labels(&patient.join("labels.nii.gz")).unwrap();
    let metal = labels.volume.as_slice().iter().filter(|&&id| id == 6).count();
    assert!(metal > 100, "{metal}");

    let film = read_radiograph(&patient.join("radiograph.dcm")).unwrap();
    let truth = &truth(&patient)["radiograph"];
    assert_eq!(truth["columns"].as_u64().unwrap() as usize, film.pixels.dim().1);
    let pixel = |side: &str| {
        let at = &truth[side]["head_centre"];
        film.pixels[[1, 0].map(|n| at[n].as_f64().unwrap().round() as usize)]
    };
    assert!(pixel("right_px") > pixel("left_px") + 100.0, "the metal head is the brighter one");
    assert!(pixel("right_px") > 3500.0, "{}", pixel("right_px"));
    assert!(patient.join("radiograph.png").is_file());
}

#[test]
fn what_cannot_be_made_is_refused_with_nothing_written() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("patients");
    for (arguments, words) in [
        (vec!["--disease", "gout"], "known are none, osteoarthritis"),
        (vec!["--disease", "dysplasia", "--grade", "4"], "between 1 and 3"),
        (vec!["--grade", "2"], "no grades"),
        (vec!["--noise=-1"], "noise_hu"),
        (vec!["--bmi", "NaN"], "16 and 45"),
        (vec!["--side", "middle"], "middle"),
        (vec!["--side", "left"], "name --disease or --implant"),
        (vec!["--noise", "-3"], "noise_hu"),
        (vec!["--count", "0"], "1..=100000"),
    ] {
        let output = make(&folder, &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(words), "{words} is not in: {}", stderr(&output));
        assert!(!folder.exists(), "{arguments:?}");
    }
    fs::write(scratch.path().join("letter.txt"), "dear").unwrap();
    let output = make(scratch.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("not empty"), "{}", stderr(&output));
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 1);
}
