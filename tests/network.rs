//! `--network`: structures found by a network that the user brings, in the case like any others.

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
