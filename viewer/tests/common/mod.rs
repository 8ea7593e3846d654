//! A case of a virtual patient, as `coxa demo` leaves one, without report and pictures.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

use coxa_case::folder::{Case, CaseInput, Source};
use coxa_case::input::content_hash;
use coxa_geometry::Side;
use coxa_imaging::nifti::write_ct;
use coxa_imaging::source::{ReadOptions, open};
use coxa_measure::measure;
use coxa_planner::document::to_toml;
use coxa_planner::implants::Catalogue;
use coxa_planner::placement::{PlanOptions, PlanningInput, place};
use coxa_synthetic::{VirtualPatientOptions, generate};
use std::path::Path;

/// Copies a folder with all that it holds.
#[allow(dead_code, reason = "not every test has a case to copy")]
pub(crate) fn copy_all(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() { copy_all(&path, &to) } else { assert!(std::fs::copy(path, to).is_ok()) }
    }
}

/// Writes a case with a plan by rule into a folder.
pub(crate) fn write_case(folder: &Path, spacing_mm: f64) {
    let options =
        VirtualPatientOptions { seed: 1, spacing_mm, worn: Some(Side::Right), ..Default::default() };
    let patient = generate(&options).unwrap();
    let anatomy = measure(&patient.surfaces, Some((&patient.ct, &patient.labels)));
    let input = PlanningInput {
        grid: &patient.ct.grid,
        labels: &patient.labels,
        surfaces: &patient.surfaces,
        anatomy: &anatomy,
        findings: &[],
        side: Side::Right,
        options: PlanOptions::default(),
    };
    let planned = place(&input, &Catalogue::builtin()).unwrap();
    std::fs::create_dir_all(folder.parent().unwrap()).unwrap();
    let path = folder.parent().unwrap().join("ct.nii.gz");
    write_ct(&patient.ct, &path).unwrap();
    // As it is read again: a file's grid is rounded.
    let read = open(&path, &ReadOptions::default()).unwrap().ct;
    let ct = Source { path: Some(path), blake3: content_hash(&read) };
    let record = CaseInput { side: Some(Side::Right), ..CaseInput::of_ct(ct) };
    let mut case = Case::create(folder, record).unwrap();
    case.save_bones(&patient.labels, None, &patient.surfaces, &[], &[], "own").unwrap();
    case.save_anatomy(&anatomy).unwrap();
    case.write("plan.toml", to_toml(&planned.plan).as_bytes()).unwrap();
    case.set_done("plan", &coxa_case::folder::text_hash(&to_toml(&planned.plan))).unwrap();
    case.set_done("report", "as if it were there").unwrap();
}
