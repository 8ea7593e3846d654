//! Networks that users bring: structures of `--network` in the case like any others, and modules that look at images.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use common::{ball, coxa, stderr};
use coxa_imaging::nifti;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

const MANIFEST: &str = r#"
format = 1
name = "two tissues"

[[graph]]
file = "threshold.onnx"
sha256 = "12002d60b38810956eae01b21a7c64faea2ad55483d4636fd4ec35320a29811e"

[input]
orientation = "SPL"
spacing_mm = [2.0, 1.25, 1.0]
patch = [16, 24, 20]

[normalisation]
clip_hu = [-1000, 1000]
mean_hu = 0
deviation_hu = 1000

[labels]
1 = "hip_right"
2 = "femur_right"
"#;

fn segment(folder: &Path, manifest: &str) -> std::process::Output {
    let words = ["segment", "-q"].map(OsStr::new).into_iter();
    let [ct, manifest, case] = ["ct.nii.gz", manifest, "case"].map(|name| folder.join(name));
    coxa(words.chain([
        ct.as_os_str(),
        "--network".as_ref(),
        manifest.as_os_str(),
        "-o".as_ref(),
        case.as_os_str(),
    ]))
}

#[test]
fn structures_of_a_network_are_in_the_case_and_its_weights_are_checked() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path();
    let graph = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/segment/tests/networks/threshold.onnx");
    fs::copy(graph, folder.join("threshold.onnx")).unwrap();
    fs::write(folder.join("net.toml"), MANIFEST).unwrap();
    let ct = ball([24, 20, 12]);
    nifti::write_ct(&ct, &folder.join("ct.nii.gz")).unwrap();

    let first = segment(folder, "net.toml");
    assert!(first.status.success(), "{}", stderr(&first));
    let labels = nifti::read_labels(&folder.join("case/labels.nii.gz")).unwrap();
    let hip = labels.id("hip_right").unwrap();
    // The core has 700 HU: beyond the first threshold and not beyond the second.
    let bone = |hu: i16| if hu == 700 { hip } else { 0 };
    assert_eq!(labels.volume.as_slice(), ct.map(|&hu| bone(hu)).as_slice());
    assert!(fs::read_to_string(folder.join("case/case.toml")).unwrap().contains("[input.network]"));

    fs::write(folder.join("other.toml"), MANIFEST.replace("12002d", "ab002d")).unwrap();
    let other = segment(folder, "other.toml");
    assert_eq!(other.status.code(), Some(2), "{}", stderr(&other));
    let said = stderr(&other);
    assert!(said.contains("threshold.onnx") && said.contains("expected ab002d"), "{said}");

    fs::write(folder.join("unknown.toml"), MANIFEST.replace("femur_right", "thigh bone")).unwrap();
    let unknown = segment(folder, "unknown.toml");
    assert_eq!(unknown.status.code(), Some(2), "{}", stderr(&unknown));
    assert!(stderr(&unknown).contains("`thigh bone`"), "{}", stderr(&unknown));
}

/// A module with a network whose weights are written down, and a bright image.
fn bright(folder: &Path) {
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/diagnosis/tests/networks/bright");
    fs::create_dir(folder.join("bright")).unwrap();
    for name in ["module.toml", "bright.onnx"] {
        fs::copy(module.join(name), folder.join("bright").join(name)).unwrap();
    }
    let file = fs::File::create(folder.join("film.png")).unwrap();
    let mut encoder = png::Encoder::new(file, 64, 64);
    encoder.set_color(png::ColorType::Grayscale);
    let pixels: Vec<u8> =
        (0..64 * 64).map(|at| if at / 64 < 16 && at % 64 < 16 { 250 } else { 10 }).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
}

#[test]
fn a_network_of_a_module_predicts_from_a_table_and_says_where_it_looked() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path();
    bright(folder);
    fs::write(folder.join("cases.csv"), "patient,film,age\n7,film.png,50\n").unwrap();
    let run = |words: &[&str]| {
        let words = ["diagnose"].iter().chain(words);
        let at = |word: &&str| match folder.join(word).exists() || *word == "out" || *word == "drafted" {
            true => folder.join(word).into_os_string(),
            false => (*word).into(),
        };
        coxa(words.map(at))
    };
    let done = run(&["run", "bright", "cases.csv", "-o", "out", "--explain", "occlusion"]);
    assert!(done.status.success(), "{}", stderr(&done));
    let csv = fs::read_to_string(folder.join("out/bright.csv")).unwrap();
    // 1/16 of the film is bright: the logit is 8 / 16 - 2 + 0.02 * 50, but for the edges of the square.
    let yes: f64 = csv.lines().nth(1).unwrap().split(',').next_back().unwrap().parse().unwrap();
    assert!((yes - 1.0 / (1.0 + f64::exp(0.5))).abs() < 0.01, "{csv}");
    for name in ["row-2.bright.png", "row-2.level.png"] {
        let decoder = png::Decoder::new(std::io::BufReader::new(
            fs::File::open(folder.join("out").join(name)).unwrap(),
        ));
        assert_eq!(decoder.read_info().unwrap().info().size(), (32, 32));
    }
    // One image alone does not say the age.
    let refused = run(&["run", "bright", "film.png", "-o", "out"]);
    assert_eq!(refused.status.code(), Some(2));
    let refused = run(&["run", "bright", "film.png", "-o", "elsewhere"]);
    assert!(stderr(&refused).contains("also takes age"), "{}", stderr(&refused));

    let drafted = run(&["show", "bright/bright.onnx", "--write", "drafted"]);
    assert!(drafted.status.success(), "{}", stderr(&drafted));
    let path = folder.join("drafted/module.toml");
    let text = fs::read_to_string(&path).unwrap();
    let without_age = "[[input]]\nid = \"covariates_1\"";
    assert!(text.contains(without_age), "{text}");
    fs::write(&path, text.replace("range = [0, 100] # FILL IN", "range = [0, 120]\nmissing = \"indicator\""))
        .unwrap();
    let shown = run(&["show", "drafted"]);
    assert!(stderr(&shown).contains("fill in what is marked FILL IN"), "{}", stderr(&shown));
    assert_eq!(run(&["run", "drafted", "film.png", "-o", "elsewhere"]).status.code(), Some(2));
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("FILL IN", "known")).unwrap();
    let shown = run(&["show", "drafted"]);
    assert!(shown.status.success(), "{}", stderr(&shown));
    let said = run(&["run", "drafted", "film.png", "-o", "elsewhere"]);
    assert!(stderr(&said).contains("not finite"), "{}", stderr(&said));
}

#[test]
fn a_network_of_a_module_is_judged_beside_baselines_and_has_a_page() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path();
    bright(folder);
    let mut table = "patient,film,age,bright,level\n".to_owned();
    for case in 0..24u8 {
        let film = format!("film{case}.png");
        let file = fs::File::create(folder.join(&film)).unwrap();
        let mut encoder = png::Encoder::new(file, 32, 32);
        encoder.set_color(png::ColorType::Grayscale);
        // No image twice: each has its own number of bright pixels.
        let lit = usize::from(case) * 30 + 5;
        let pixels: Vec<u8> = (0..32 * 32).map(|at| if at < lit { 250 } else { 10 }).collect();
        encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
        let answer = if (case > 12) != (case % 7 == 0) { "yes" } else { "no" };
        table += &format!("{case},{film},{},{answer},{}\n", 40 + case % 5, 2 * case);
    }
    fs::write(folder.join("cases.csv"), table).unwrap();
    let run = |words: &[&str]| {
        let place = |word: &&str| match word.contains(['-', ' '])
            || ["diagnose", "evaluate", "run", "report"].contains(word)
        {
            true => word.into(),
            false => folder.join(word).into_os_string(),
        };
        coxa(["diagnose"].iter().chain(words).map(place).collect::<Vec<std::ffi::OsString>>())
    };
    let done = run(&["evaluate", "bright", "--table", "cases.csv", "-o", "judged"]);
    assert!(done.status.success(), "{}", stderr(&done));
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(said.contains("the same for all") && said.contains("which favours them"), "{said}");
    assert!(folder.join("judged/predictions/bright.csv").is_file());
    assert!(run(&["report", "judged"]).status.success());
    let page = fs::read_to_string(folder.join("judged/report.html")).unwrap();
    assert!(page.contains("Predictions of a fixed model"), "{page}");
    let refused = run(&["run", "judged", "cases.csv", "-o", "predicted"]);
    assert!(stderr(&refused).contains("is an evaluation"), "{}", stderr(&refused));
}
