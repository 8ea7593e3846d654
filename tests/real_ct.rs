//! Real scans of the reference data: what must be planned, what must be refused, and how close the labels come.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use common::{coxa, stderr, stdout};
use coxa_test_support::reference_data;
use std::path::Path;

fn plan(ct: &Path, side: &str, case: &Path) -> std::process::Output {
    coxa([
        "plan".as_ref(),
        ct.as_os_str(),
        "--side".as_ref(),
        side.as_ref(),
        "-q".as_ref(),
        "--json".as_ref(),
        "-o".as_ref(),
        case.as_os_str(),
    ])
}

fn codes(output: &std::process::Output, severity: &str) -> Vec<String> {
    let result: serde_json::Value = serde_json::from_str(&stdout(output)).unwrap();
    let findings = result["findings"].as_array().unwrap();
    let of = |f: &&serde_json::Value| f["severity"] == severity;
    findings.iter().filter(of).map(|f| f["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_native_hip_is_planned_in_spite_of_its_cut_femur_and_its_labels_agree_with_the_pseudo_labels() {
    let Some(data) = reference_data("ct-totalseg") else { return };
    let scratch = tempfile::tempdir().unwrap();
    let case = scratch.path().join("case");
    let output = plan(&data.join("example_ct.nii.gz"), "right", &case);
    // The scan ends 32 mm below the head centre: a caution on the femur, no refusal.
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(codes(&output, "refusal"), [""; 0]);
    let cautions = codes(&output, "caution");
    assert!(cautions.iter().any(|code| code == "femur_cut_off"), "{cautions:?}");
    assert!(case.join("plan.toml").is_file() && case.join("report.html").is_file());
    let labels = case.join("labels.nii.gz");
    let against = data.join("example_seg_fast_force_split.nii.gz");
    let verified = coxa([
        "verify".as_ref(),
        "segmentation".as_ref(),
        labels.as_os_str(),
        "--against".as_ref(),
        against.as_os_str(),
        "--json".as_ref(),
    ]);
    let report: serde_json::Value = serde_json::from_str(&stdout(&verified)).unwrap();
    let dice = |bone: &str| {
        let checks = report["checks"].as_array().unwrap();
        let name = format!("{bone} Dice");
        checks.iter().find(|c| c["name"] == name.as_str()).unwrap_or_else(|| panic!("no {name}"))["worst"]
            .as_f64()
            .unwrap()
    };
    for (bone, least) in [("hip_right", 0.90), ("hip_left", 0.90), ("femur_right", 0.90), ("sacrum", 0.80)] {
        assert!(dice(bone) >= least, "{bone}: Dice {} < {least}", dice(bone));
    }
}

#[test]
fn the_side_with_the_nail_is_refused_for_its_metal() {
    let Some(data) = reference_data("ct-totalseg/example_ct.nii.gz") else { return };
    let scratch = tempfile::tempdir().unwrap();
    let output = plan(&data, "left", &scratch.path().join("case"));
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(codes(&output, "refusal").iter().any(|c| c.contains("metal")), "{:?}", codes(&output, "refusal"));
    assert!(!scratch.path().join("case/plan.toml").exists());
}

#[test]
fn cropped_scans_are_measured_and_their_pelves_completed() {
    // Both scans cut the head: neither is planned.
    for (name, side) in [("STS_007", "right"), ("STS_036", "left")] {
        let Some(data) = reference_data(&format!("ct-sts/dicom/{name}/CT/image")) else { return };
        let scratch = tempfile::tempdir().unwrap();
        let output = plan(&data, side, &scratch.path().join("case"));
        assert_eq!(output.status.code(), Some(1), "{name}: {}", stderr(&output));
        let refusals = codes(&output, "refusal");
        assert!(refusals.iter().any(|c| c == "femoral_head_cut"), "{name}: {refusals:?}");
        let cautions = codes(&output, "caution");
        assert!(cautions.iter().any(|c| c == "pelvis_completed"), "{name}: {cautions:?}");
        let result: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
        let diameter = result["measurements"][format!("head_diameter_{side}")]["value"].as_f64();
        let diameter = diameter.unwrap_or_else(|| panic!("{name}: the head was not measured"));
        assert!((36.0..62.0).contains(&diameter), "{name}: head diameter {diameter} mm");
    }
}

#[test]
fn one_ct_in_two_formats_gives_one_plan() {
    let Some(data) = reference_data("ct-totalseg/example_ct.nii.gz") else { return };
    let scratch = tempfile::tempdir().unwrap();
    let dicom = scratch.path().join("dicom");
    let converted =
        coxa(["convert".as_ref(), data.as_os_str(), "-o".as_ref(), dicom.as_os_str(), "-q".as_ref()]);
    assert!(converted.status.success(), "{}", stderr(&converted));
    let results: Vec<serde_json::Value> = [("from_nifti", data.as_path()), ("from_dicom", dicom.as_path())]
        .map(|(name, input)| {
            let output = plan(input, "right", &scratch.path().join(name));
            let parsed = serde_json::from_str(&stdout(&output));
            let mut result: serde_json::Value =
                parsed.unwrap_or_else(|e| panic!("{name}: {e}: {}", stderr(&output)));
            result.as_object_mut().unwrap().remove("case");
            // What a format leaves unsaid is a note about the input, not about the patient.
            result["findings"].as_array_mut().unwrap().retain(|f| f["about"] != "input");
            result
        })
        .into();
    assert_eq!(results[0], results[1]);
}
