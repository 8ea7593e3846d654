//! Networks of modules on images, against a network whose answers are known.

use coxa_diagnosis::cases::{Encoding, Truth};
use coxa_diagnosis::graphs::{Attention, draft};
use coxa_diagnosis::manifest::{ExplainMethod, Manifest};
use coxa_diagnosis::{Applied, ImagePrediction, TableOptions, predict_images, prepare};
use coxa_imaging::dicom::{RadiographImage, write_radiograph};
use coxa_learning::Predictions;
use std::path::{Path, PathBuf};

const SIDE: usize = 32;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/networks/bright")
}

fn manifest_text() -> String {
    std::fs::read_to_string(folder().join("module.toml")).expect("it is there")
}

/// A dark film with a bright square of 8 x 8 pixels, twice as large as the network's image.
fn film(path: &Path, [top, left]: [usize; 2]) {
    let is_bright = |at: usize| {
        let (row, column) = (at / (2 * SIDE), at % (2 * SIDE));
        (2 * top..2 * top + 16).contains(&row) && (2 * left..2 * left + 16).contains(&column)
    };
    let pixels: Vec<u16> = (0..4 * SIDE * SIDE).map(|at| if is_bright(at) { 3000 } else { 100 }).collect();
    let image = RadiographImage {
        columns: 2 * SIDE,
        rows: 2 * SIDE,
        pixels: &pixels,
        detector_spacing_mm: 0.5,
        source_to_detector_mm: 1150.0,
        source_to_patient_mm: 1000.0,
        orientation: ["L", "F"],
        view: "AP",
    };
    write_radiograph(&image, path).expect("the disk takes it");
}

/// What the module says of a table whose films lie in a folder, and where it looks.
fn looked(
    manifest: &str,
    module: &Path,
    table: &str,
    images: &Path,
    explain: Option<ExplainMethod>,
) -> Result<(Vec<Applied>, Vec<Attention>), String> {
    let manifest = Manifest::from_toml(manifest).map_err(|error| error.to_string())?;
    let asking = TableOptions { encoding: Encoding::Unicode, images, truth: Truth::Unasked };
    let prepared =
        prepare(&manifest, table.as_bytes(), asking, &mut |_| {}).map_err(|error| error.to_string())?;
    let asked = ImagePrediction { manifest: &manifest, folder: module, images, fitted: &[], explain };
    let mut seen = Vec::new();
    let applied =
        predict_images(&asked, &prepared, &mut |explained| seen.extend(explained.attention), &mut |_| {});
    Ok((applied.map_err(|error| error.to_string())?, seen))
}

fn yes(applied: &Applied, case: usize) -> f64 {
    match &applied.predictions {
        Predictions::Probabilities(rows) => rows[case][1],
        Predictions::Numbers(_) => f64::NAN,
    }
}

#[test]
fn a_network_predicts_what_its_weights_say() {
    let images = tempfile::tempdir().unwrap();
    let mut table = "patient,film,age\n".to_owned();
    // More cases than are in memory at a time.
    for case in 0..70 {
        film(&images.path().join(format!("{case}.dcm")), [case % 24, case / 24]);
        table.push_str(&format!("{case},{case}.dcm,{}\n", 20 + case));
    }
    let (applied, _) = looked(&manifest_text(), &folder(), &table, images.path(), None).unwrap();
    let Predictions::Numbers(levels) = &applied[1].predictions else { panic!("a number") };
    assert_eq!(levels.len(), 70);
    for (case, level) in levels.iter().enumerate() {
        // The square is 64 of 1024 pixels; linear resampling keeps the mean to within its edges.
        assert!((level - 6.25).abs() < 0.2, "{case}: {level}");
        let expected = 8.0 * level / 100.0 - 2.0 + 0.02 * (20.0 + case as f64);
        assert!((yes(&applied[0], case) - 1.0 / (1.0 + (-expected).exp())).abs() < 1e-5, "{case}");
    }
}

#[test]
fn both_explanations_point_at_the_square() {
    let images = tempfile::tempdir().unwrap();
    film(&images.path().join("a.dcm"), [20, 4]);
    let table = "patient,film,age\n1,a.dcm,80\n";
    let centre = |attention: &Attention| {
        let most = attention.values.iter().copied().fold(f32::MIN, f32::max);
        let high: Vec<usize> = (0..SIDE * SIDE).filter(|&at| attention.values[at] > 0.99 * most).collect();
        let mean = |of: fn(usize) -> usize| high.iter().map(|&at| of(at)).sum::<usize>() / high.len();
        [mean(|at| at / SIDE), mean(|at| at % SIDE)]
    };
    let said = |method| looked(&manifest_text(), &folder(), table, images.path(), Some(method));
    let (applied, maps) = said(ExplainMethod::Cam).unwrap();
    // The second output gives no maps.
    assert_eq!(maps.iter().map(|map| map.output.as_str()).collect::<Vec<_>>(), ["bright"]);
    assert!(yes(&applied[0], 0) > 0.4);
    assert_eq!(maps[0].class.as_deref(), Some("yes"));
    // The map is 8 x - 2.
    let [at, beside] = [24 * SIDE + 8, 2 * SIDE + 28].map(|place| maps[0].values[place]);
    assert!((at - 6.0).abs() < 1e-4 && (beside + 2.0).abs() < 1e-4, "{at} {beside}");
    let without = manifest_text()
        .replace("maps = { bright = \"maps_bright\" }", "")
        .replace("\"cam\"", "\"occlusion\"");
    let refused = looked(&without, &folder(), table, images.path(), Some(ExplainMethod::Cam)).unwrap_err();
    assert!(refused.contains("take occlusion"), "{refused}");
    let (_, falls) = said(ExplainMethod::Occlusion).unwrap();
    let [row, column] = centre(&falls[1]);
    assert!(row.abs_diff(24) <= 2 && column.abs_diff(8) <= 2, "{row} {column}");
}

#[test]
fn what_does_not_fit_is_named() {
    let images = tempfile::tempdir().unwrap();
    film(&images.path().join("a.dcm"), [0, 0]);
    let said = |manifest: &str, table: &str| {
        looked(manifest, &folder(), table, images.path(), None).map(|_| ()).unwrap_err()
    };
    let right = manifest_text();
    let table = "patient,film,age\n1,a.dcm,80\n";
    let changed = |from: &str, to: &str| {
        assert!(right.contains(from), "{from}");
        said(&right.replace(from, to), table)
    };
    assert!(changed("6ec0477d", "00000000").contains("SHA-256"));
    assert!(changed("size = [32, 32]", "size = [32, 30]").contains("1 x 32 x 30"));
    assert!(
        changed("image = \"image\"", "image = \"picture\"")
            .contains("no input \"picture\"; it has image, covariates")
    );
    assert!(
        changed("covariates = { name = \"covariates\", ids = [\"age\"] }", "")
            .contains("covariates of the graph is not named")
    );
    assert!(changed("bright = \"bright\", ", "bright = \"maps_bright\", ").contains("needs 1 x 1"));
    let probabilities =
        right.replace("image = \"image\"", "image = \"image\"\nactivation = \"probabilities\"");
    assert!(said(&probabilities, "patient,film,age\n1,a.dcm,10\n").contains("if these are logits"));
    let wrong_step = changed("size = [32, 32]", "sise = [32, 32]");
    assert!(wrong_step.starts_with("line 22: [[preprocess]]: unknown field `sise`"), "{wrong_step}");
    assert!(changed("high = 100", "high = 101").contains("`low` and `high` from 0 to 100"));
    assert!(changed("bright.onnx", "other.onnx").contains("cannot read other.onnx"));
    assert!(
        changed("modality = [\"DX\", \"CR\"]", "modality = [\"MR\"]")
            .contains("row 2, column film: the image is of the modality DX")
    );
    assert!(
        said(&right, "patient,film,age\n1,,80\n2,b.dcm,20\n").contains("row 2, column film: no value (film)")
    );
}

#[test]
fn a_draft_can_be_read_and_runs() {
    let text = draft(&folder().join("bright.onnx")).unwrap();
    let manifest = Manifest::from_toml(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!((manifest.name.as_str(), manifest.graphs.len(), manifest.outputs.len()), ("bright", 1, 2));
    let images = tempfile::tempdir().unwrap();
    film(&images.path().join("a.dcm"), [20, 4]);
    let table = "patient,image,covariates_1\n1,a.dcm,80\n";
    let (applied, _) =
        looked(&text, &folder(), table, images.path(), Some(ExplainMethod::Occlusion)).unwrap();
    assert_eq!(applied[0].output, "bright");
    assert!(draft(&folder().join("module.toml")).unwrap_err().to_string().contains("module.toml"));
}
