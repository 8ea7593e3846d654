//! Modules on real images: from the path in a table to a prediction. What is predicted means nothing: the models learnt from virtual cases.

use coxa_diagnosis::cases::{Column, Encoding, Truth};
use coxa_diagnosis::manifest::{Module, shipped};
use coxa_diagnosis::run::ModuleRun;
use coxa_diagnosis::virtual_cases::{Law, draw};
use coxa_diagnosis::{Prepared, TableOptions, WorkflowError, apply, prepare, train_module};
use coxa_geometry::Point;
use coxa_imaging::nifti;
use coxa_learning::Predictions;
use coxa_test_support::reference_data;
use std::path::Path;

fn trained(name: &str) -> (Module, ModuleRun) {
    let module = shipped(name).expect("it ships");
    let law = Law::from_toml(module.law.as_deref().expect("it has one")).expect("it is right");
    let drawn = draw(&law, &module.manifest, 200, 1).expect("it has every output");
    let asking = TableOptions { encoding: Encoding::Unicode, images: Path::new(""), truth: Truth::Wanted };
    let cases = prepare(&module.manifest, &drawn.csv, asking, &mut |_| {}).expect("they are right");
    let kept = train_module(&module, &cases, None, "test", &|_| {}).expect("it can be trained");
    (module, kept)
}

fn cases(module: &Module, table: &str, images: &Path) -> Result<Prepared, WorkflowError> {
    let asking = TableOptions { encoding: Encoding::Unicode, images, truth: Truth::Unasked };
    prepare(&module.manifest, table.as_bytes(), asking, &mut |_| {})
}

fn value(prepared: &Prepared, id: &str) -> f64 {
    match &prepared.cases.inputs[id] {
        Column::Numbers(values) => values[0],
        _ => f64::NAN,
    }
}

fn sums_to_one(module: &Module, kept: &ModuleRun, prepared: &Prepared) {
    let applied = apply(&module.manifest, kept, prepared, true).expect("it predicts");
    let Predictions::Probabilities(rows) = &applied[0].predictions else { panic!("probabilities") };
    for row in rows {
        assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{row:?}");
    }
}

#[test]
fn a_cord_on_mr_is_measured_and_predicted() {
    let Some(folder) = reference_data("cord-sct") else { return };
    let (module, kept) = trained("cord-injury-prognosis");
    let header = "patient,study,t2,cord,ais_admission,age\n";
    let row = "1,1,t2.nii.gz,t2_seg-manual.nii.gz,C,55\n";
    let found = cases(&module, &format!("{header}{row}"), &folder).expect("it can be read");
    let (variation, dispersion) = (value(&found, "cord_variation"), value(&found, "cord_dispersion"));
    assert!(
        (0.02..1.0).contains(&variation) && (0.005..1.0).contains(&dispersion),
        "{variation} {dispersion}"
    );
    sums_to_one(&module, &kept, &found);

    for (row, said) in [
        (
            "1,1,none.nii.gz,t2_seg-manual.nii.gz,C,55\n".to_owned(),
            "the image is not there or cannot be read",
        ),
        (
            "1,1,t2.nii.gz,README.md,C,55\n".to_owned(),
            "the mask is no NIfTI file of whole numbers that can be read",
        ),
        ("1,1,t2.nii.gz,,C,55\n".to_owned(), "no value, and no file from which it could be computed"),
        (
            format!(
                "{row}2,1,t2.nii.gz,t2_seg-manual.nii.gz,D,60\n2,2,t2.nii.gz,t2_seg-manual.nii.gz,D,60\n3,1,t2.nii.gz,t2_seg-manual_labeled.nii.gz,A,40\n"
            ),
            "the image is the same as that of another patient",
        ),
    ] {
        let found =
            cases(&module, &format!("{header}{row}"), &folder).expect_err("it has a mistake").to_string();
        assert!(found.contains(said) && found.starts_with("row "), "{found}");
    }
}

/// The seven lesions of four patches, by their boxes.
#[test]
fn lesions_on_ct_are_measured_and_predicted() {
    let Some(folder) = reference_data("lesions-blds") else { return };
    let (module, kept) = trained("metastasis-primary-site");
    let work = tempfile::tempdir().expect("a folder");
    let boxes = std::fs::read_to_string(folder.join("image_bone_lesions.csv")).expect("it is there");
    let mut table = "patient,study,ct,lesion,age,sex,lesion_count\n".to_owned();
    for (number, line) in boxes.lines().skip(1).enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        let at = |place: usize| cells[place].parse::<f64>().expect("a number");
        let (image, _) = nifti::read_values(&folder.join(cells[0])).expect("it can be read");
        let mut mask = image.map(|_| 0u8);
        let mut count = 0;
        let grid = mask.grid.clone();
        for ((k, j, i), voxel) in mask.voxels.indexed_iter_mut() {
            let place = grid.to_patient(Point::new(i as f64, j as f64, k as f64));
            let within = [place.x() - at(2), place.y() - at(3), place.z() - at(4)]
                .iter()
                .zip([at(5), at(6), at(7)])
                .all(|(away, wide)| away.abs() <= wide / 2.0);
            if within {
                *voxel = 1;
                count += 1;
            }
        }
        assert!(count > 500, "the box of lesion {number} lies in its patch: {count} voxels");
        let name = format!("lesion{number}.nii.gz");
        nifti::write_labels(&mask, &work.path().join(&name)).expect("it can be written");
        std::fs::copy(folder.join(cells[0]), work.path().join(cells[0])).expect("it can be copied");
        // Lesions of one patch are of one patient.
        table += &format!("{0},{number},{0},{name},64,female,more\n", cells[0]);
    }
    let found = cases(&module, &table, work.path()).expect("they can be read");
    assert_eq!(found.cases.len(), 7);
    let Column::Numbers(means) = &found.cases.inputs["lesion_mean"] else { panic!("numbers") };
    assert!(means.iter().all(|mean| (-200.0..1500.0).contains(mean)), "{means:?}");
    sums_to_one(&module, &kept, &found);
}
