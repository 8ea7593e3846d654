//! A case of a virtual patient, as `coxa demo` leaves one, without report and pictures.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

use coxa_case::folder::{Case, Ingredients, Stage};
use coxa_case::input::content_hash;
use coxa_case::request::Request;
use coxa_case::source::{Source, text_hash};
use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::ply;
use coxa_geometry::{Mesh, Side};
use coxa_imaging::nifti::{write_ct, write_labels};
use coxa_imaging::source::{ReadOptions, open};
use coxa_measure::measure;
use coxa_planner::document::to_toml;
use coxa_planner::implants::Catalogue;
use coxa_planner::placement::{PlanOptions, PlanningInput, place};
use coxa_scenario::store::Store;
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

/// Starts a study of two patients in the folder `out`, whose second job of each is refused: a head with 1.5 mm is not made.
#[allow(dead_code, reason = "not every test has a study")]
pub(crate) fn write_study(folder: &Path) -> Store {
    let file = folder.join("study.toml");
    let text = "format = 1\ntitle = \"Heads\"\nkeep = [\"cup_coverage\", \"leg_length_change\"]\n\
                [cohort]\nkind = \"virtual\"\ncount = 2\nvoxel_mm = 3.0\n\
                [[factor]]\nname = \"head_offset\"\nlevels = [0, 1.5]\n";
    std::fs::write(&file, text).unwrap();
    Store::start(&file, &folder.join("out"), |_| Ok(()), &|_, _| {}).unwrap()
}

/// Writes a case with a plan by rule into a folder.
#[allow(dead_code, reason = "not every test has such a case")]
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
    let record = Request { side: Some(Side::Right), ..Request::of_ct(ct) };
    let mut case = Case::create(folder, record).unwrap();
    let from = Ingredients::default();
    let mesh = |case: &mut Case, name: &str, mesh: &Mesh<Patient>| {
        let mut bytes = Vec::new();
        ply::write(mesh, &mut bytes).unwrap();
        case.put(&format!("surfaces/{name}.ply"), &bytes).unwrap();
    };
    case.begin(Stage::Labels);
    let labels = &patient.labels;
    case.put_with("labels.nii.gz", |path| Ok(write_labels(&labels.volume, path)?)).unwrap();
    case.put_json("labels.json", &labels.table).unwrap();
    case.finish(Stage::Labels, from.clone(), Some(&[])).unwrap();
    let from = from.with_stages(&case, &[Stage::Labels]);
    case.begin(Stage::Surfaces);
    patient.surfaces.iter().for_each(|(bone, surface)| mesh(&mut case, bone.name(), surface));
    case.finish(Stage::Surfaces, from.clone(), None).unwrap();
    let from = from.with_stages(&case, &[Stage::Surfaces]);
    case.begin(Stage::Anatomy);
    case.put_json("anatomy.json", &anatomy).unwrap();
    case.finish(Stage::Anatomy, from.clone(), Some(&anatomy.findings)).unwrap();
    let from = from.with_stages(&case, &[Stage::Anatomy]);
    let text = to_toml(&planned.plan);
    case.begin(Stage::Plan);
    case.put("plan.toml", text.as_bytes()).unwrap();
    case.finish(Stage::Plan, from.clone(), None).unwrap();
    case.begin(Stage::Planned);
    planned.implants.iter().for_each(|(name, implant)| mesh(&mut case, &format!("implant_{name}"), implant));
    case.finish(Stage::Planned, from.with("plan", text_hash(&text)), Some(&planned.findings)).unwrap();
    case.begin(Stage::Report);
    case.finish(Stage::Report, Ingredients::default(), None).unwrap();
}
