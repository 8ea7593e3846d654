//! The main job on the built-in virtual patient, whose truth is known.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use common::{coxa, stderr, stdout};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

/// The case that all tests of this file look at: one run of the demonstration.
fn case() -> &'static Path {
    static CASE: OnceLock<tempfile::TempDir> = OnceLock::new();
    CASE.get_or_init(|| {
        let scratch = tempfile::tempdir().unwrap();
        let output = coxa(["demo", "-o", scratch.path().join("case").to_str().unwrap()]);
        assert!(output.status.success(), "{}", stderr(&output));
        scratch
    })
    .path()
}

fn read(name: &str) -> String {
    fs::read_to_string(case().join("case").join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn json(name: &str) -> serde_json::Value {
    serde_json::from_str(&read(name)).unwrap()
}

#[test]
fn the_case_is_complete_and_nothing_is_half_written() {
    let folder = case().join("case");
    for name in [
        "case.toml",
        "labels.nii.gz",
        "labels.json",
        "anatomy.json",
        "plan.toml",
        "rom.json",
        "findings.json",
        "report.html",
    ] {
        assert!(folder.join(name).is_file(), "{name} is missing");
    }
    assert!(fs::read_dir(folder.join("pictures")).unwrap().count() >= 5);
    assert!(folder.join("surfaces/hip_right.ply").is_file());
    assert!(!folder.join(".partial").exists());
}

#[test]
fn the_plan_restores_the_hip() {
    let output = coxa([
        "plan",
        "--json",
        "-q",
        "--from",
        case().join("case/plan.toml").to_str().unwrap(),
        "-o",
        case().join("again").to_str().unwrap(),
    ]);
    assert!(output.status.success(), "{}", stderr(&output));
    let result: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let value = |name: &str| result["results"][name]["value"].as_f64().unwrap_or_else(|| panic!("no {name}"));
    assert!(value("cup_coverage") > 60.0, "coverage {}", value("cup_coverage"));
    assert!(value("leg_length_change").abs() < 15.0);
    // The same plan from the same CT gives the same bytes.
    for name in ["plan.toml", "rom.json", "anatomy.json"] {
        let again = fs::read_to_string(case().join("again").join(name)).unwrap();
        assert_eq!(again, read(name), "{name} differs between the first run and the run from plan.toml");
    }
}

#[test]
fn an_edited_plan_is_carried_out_and_a_spoilt_one_is_refused_with_its_line() {
    let edited = tempfile::tempdir().unwrap();
    let folder = edited.path().join("case");
    fs::create_dir(&folder).unwrap();
    fs::copy(case().join("case/case.toml"), folder.join("case.toml")).unwrap();
    let plan = read("plan.toml");
    assert!(plan.contains("\nanteversion_deg = 15.0"), "{plan}");
    fs::write(folder.join("plan.toml"), plan.replace("\nanteversion_deg = 15.0", "\nanteversion_deg = 22.0"))
        .unwrap();
    let output = coxa(["plan", "--json", "-q", "--from", folder.join("plan.toml").to_str().unwrap()]);
    assert!(output.status.success(), "{}", stderr(&output));
    let result: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(result["plan"]["cup"]["anteversion_deg"].as_f64().unwrap().round(), 22.0);

    fs::write(folder.join("plan.toml"), plan.replace("side = \"right\"", "side = \"middle\"")).unwrap();
    let output = coxa(["plan", "-q", "--from", folder.join("plan.toml").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("line"), "{}", stderr(&output));
}

#[test]
fn the_report_stands_alone_and_names_no_path() {
    let html = read("report.html");
    for outside in ["src=\"http", "href=\"http", "url(http", "@import"] {
        assert!(!html.contains(outside), "the report loads something from outside: {outside}");
    }
    assert!(!html.contains(case().to_str().unwrap()), "the report names a path");
    assert!(html.contains("not a cleared medical device"));
}

#[test]
fn findings_and_anatomy_carry_how_they_were_obtained() {
    let anatomy = json("anatomy.json");
    let measurements = anatomy["measurements"].as_object().unwrap();
    assert!(measurements.len() >= 10, "only {} measurements", measurements.len());
    for (name, m) in measurements {
        assert!(m["spread"].as_f64().is_some_and(|s| s >= 0.0), "{name} has no spread");
        assert!(
            m["method"].as_str().is_some_and(|s| s.len() > 10),
            "{name} does not say how it was measured"
        );
    }
}
