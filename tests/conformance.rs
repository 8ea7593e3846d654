//! The program against its reference tables and folders, by `coxa verify`.
#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use common::{coxa, stderr, stdout};
use coxa_test_support::reference_data;
use std::path::Path;

/// Runs a suite, which must hold, and says how many cases its checks have.
fn holds(suite: &str, path: &Path) -> Vec<u64> {
    let output = coxa(["verify".as_ref(), suite.as_ref(), path.as_os_str(), "--json".as_ref()]);
    assert!(output.status.success(), "{suite}: {}{}", stdout(&output), stderr(&output));
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    report["checks"].as_array().unwrap().iter().map(|check| check["cases"].as_u64().unwrap()).collect()
}

#[test]
fn the_reference_tables_hold() {
    for (suite, table, checks) in [
        ("cup-angles", "cup_angle_cases.csv", 1),
        ("rom-cone", "rom_cases.csv", 11),
        ("oscillation-angle", "oscillation_angle_cases.csv", 1),
        ("jumping-distance", "jumping_distance_cases.csv", 1),
    ] {
        let Some(path) = reference_data(&format!("../reference/{table}")) else { return };
        assert!(holds(suite, &path).len() >= checks, "{suite}");
    }
}

#[test]
fn forces_of_the_balance_on_one_leg_agree_with_instrumented_prostheses() {
    let Some(folder) = reference_data("loads-orthoload-tlem") else { return };
    let report = coxa::verify::hip_forces::run(&folder).unwrap();
    let listed = |what: &str| {
        report.checks.iter().filter(|c| c.name.starts_with('H') && c.name.ends_with(what)).count()
    };
    assert_eq!((listed("one-leg stance"), listed("level walking")), (7, 7));
    assert!(report.holds(), "{report}");
    // Shown without a verdict, and no worse than what README.md says of them.
    for (name, most) in [("muscles, median error", 48.0), ("muscles, median direction", 6.1)] {
        let check = report.checks.iter().find(|check| check.name == name).unwrap();
        assert!(check.median.is_some_and(|median| median < most), "{name}: {:?}", check.median);
    }
    let suspects = coxa::verify::hip_forces::run_suspects(&folder).unwrap();
    let shipped = &suspects.rows[0];
    let of_suite = report.checks.iter().find(|check| check.name == "muscles, median error").unwrap();
    assert!((shipped.median_error - of_suite.median.unwrap()).abs() < 1e-9, "{}", shipped.median_error);
    assert_eq!(suspects.rows.iter().filter(|row| row.change.starts_with("iliofemoral")).count(), 3);
    // A change that changes nothing is no suspect.
    for row in &suspects.rows[1..] {
        assert!((row.median_error - shipped.median_error).abs() > 0.01, "{}", row.change);
    }
}

#[test]
fn suspects_and_courses_are_of_hip_forces_alone() {
    for flag in ["--suspects", "--courses"] {
        let output = coxa(["verify", "radiomics", "somewhere", flag]);
        let words = format!("{flag} is for hip-forces");
        assert!(!output.status.success() && stderr(&output).contains(&words), "{}", stderr(&output));
    }
}

#[test]
fn courses_of_whole_motions_are_shown_beside_what_is_published() {
    let Some(folder) = reference_data("loads-orthoload-tlem") else { return };
    let report = coxa::verify::hip_forces::run(&folder).unwrap();
    let courses = coxa::verify::hip_forces::run_courses(&folder).unwrap();
    let names: Vec<&str> = courses.motions.iter().map(|motion| motion.motion).collect();
    assert_eq!(names, ["walking", "stairs_up", "stairs_down", "chair_rise"]);
    for motion in &courses.motions {
        assert!(!motion.published.is_empty() && motion.people >= 6, "{motion}");
    }
    // Peaks of the mean course are those of single people but for when each has them.
    let walking = &courses.motions[0];
    let both =
        walking.features.iter().filter(|f| f.name.ends_with("peak")).map(|f| f.force_pct_bw).sum::<f64>()
            / 2.0;
    let mean = report.checks.iter().find(|check| check.name == "muscles, level walking, mean").unwrap();
    assert!((both - mean.median.unwrap()).abs() < 10.0, "{both} {mean:?}");
    let rising = courses.to_string();
    assert!(rising.contains("shown, not judged"), "{rising}");
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("courses.svg");
    std::fs::write(&picture, courses.svg().unwrap()).unwrap();
    assert!(std::fs::metadata(&picture).unwrap().len() > 10_000);
}

#[test]
fn lengths_and_moment_arms_of_muscles_agree_with_opensim() {
    let Some(folder) = reference_data("opensim-reference") else { return };
    let report = coxa::verify::opensim_paths::run(&folder).unwrap();
    let check = |name: &str| report.checks.iter().find(|check| check.name == name).unwrap();
    for (name, cases) in [
        ("gait2392_millard2012 length", 27_000),
        ("gait2392_millard2012 moment arm", 81_000),
        ("gait2392_millard2012 moment arm, less our own slope", 3240),
        ("Rajagopal2016 length", 10_000),
        ("Rajagopal2016 moment arm", 30_000),
        ("Rajagopal2016 moment arm, less our own slope", 3240),
        ("Rajagopal2016 length around surfaces, OpenSim's way", 17_000),
        ("Rajagopal2016 length around one surface, shortest way", 15_000),
    ] {
        assert_eq!(check(name).cases, cases, "{name}");
        assert!(check(name).holds(), "{name}: {:?}", check(name).worst);
    }
    assert!(report.holds(), "{report}");
}

#[test]
fn inverse_dynamics_and_reactions_agree_with_opensim() {
    let Some(folder) = reference_data("opensim-reference") else { return };
    for report in [coxa::verify::opensim_id::run(&folder), coxa::verify::opensim_jr::run(&folder)] {
        let report = report.unwrap();
        assert!(report.holds(), "{report}");
    }
}

#[test]
fn static_optimisation_agrees_with_opensim() {
    let Some(folder) = reference_data("opensim-reference") else { return };
    let report = coxa::verify::opensim_so::run(&folder).unwrap();
    for (name, cases) in [
        ("force at full activation", 13_892),
        ("activation, moments of the reference's forces", 13_892),
        ("force, moments of the reference's forces", 14_798),
        ("activation, own inverse dynamics", 13_892),
        ("force, own inverse dynamics", 14_798),
    ] {
        let check = report.checks.iter().find(|check| check.name == name).unwrap();
        assert_eq!(check.cases, cases, "{name}");
    }
    assert!(report.holds(), "{report}");
}

#[test]
fn contact_of_real_bones_and_implants_agrees_with_four_libraries() {
    let Some(folder) = reference_data("test-only/rom-workload-lhdl") else { return };
    assert_eq!(holds("rom-workload", &folder), [9375, 9375, 938, 375, 9375, 9375, 938, 375]);
}

/// All model files in a folder and the folders in it.
fn models(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(models(&path));
        } else if path.extension().is_some_and(|e| e == "osim") {
            found.push(path);
        }
    }
    found
}

#[test]
fn models_of_opensim_are_written_back_to_the_bit() {
    use coxa_muscle::osim;
    let Some(folder) = reference_data("opensim-models") else { return };
    let files = models(&folder);
    assert!(files.len() >= 5, "{files:?}");
    for file in files {
        let model = osim::read(&std::fs::read_to_string(&file).unwrap()).unwrap();
        assert!(osim::read(&osim::write(&model)).unwrap() == model, "{}", file.display());
    }
}
