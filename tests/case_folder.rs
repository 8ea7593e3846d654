//! What a case folder promises: it says what it was made from, and an interrupt leaves nothing half-written.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use common::{ball, coxa, stderr};
use coxa_imaging::nifti;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

/// Plans the ball, which has no hip, with labels of another program.
fn plan_with_labels(ct: &Path, labels: &Path, case: &Path) -> std::process::Output {
    let words = ["plan", "--side", "right", "-q"].map(OsStr::new);
    coxa(words.into_iter().chain([
        ct.as_os_str(),
        "--labels".as_ref(),
        labels.as_os_str(),
        "-o".as_ref(),
        case.as_os_str(),
    ]))
}

#[test]
fn a_case_says_which_labels_it_was_made_from_and_takes_no_others() {
    let scratch = tempfile::tempdir().unwrap();
    let path = |name: &str| scratch.path().join(name);
    let ct = ball([24, 20, 12]);
    nifti::write_ct(&ct, &path("ct.nii.gz")).unwrap();
    let mut labels = coxa_imaging::Volume::new(ct.grid.clone(), ndarray::Array3::<u8>::zeros((12, 20, 24)));
    labels.voxels[[6, 10, 12]] = 25;
    nifti::write_labels(&labels, &path("labels.nii.gz")).unwrap();
    let first = plan_with_labels(&path("ct.nii.gz"), &path("labels.nii.gz"), &path("case"));
    assert_eq!(first.status.code(), Some(1), "{}", stderr(&first));
    let html = fs::read_to_string(path("case/report.html")).unwrap();
    let hash = blake3::hash(&fs::read(path("labels.nii.gz")).unwrap()).to_hex().to_string();
    assert!(html.contains(&hash), "the report does not say which labels it was made from");

    let report = || coxa([OsStr::new("report"), path("case").as_os_str()]);
    let again = report();
    assert_eq!(again.status.code(), Some(1), "{}", stderr(&again));
    labels.voxels[[6, 10, 13]] = 25;
    nifti::write_labels(&labels, &path("labels.nii.gz")).unwrap();
    let changed = report();
    assert_eq!(changed.status.code(), Some(2), "{}", stderr(&changed));
    assert!(stderr(&changed).contains("changed since"), "{}", stderr(&changed));
    let named = plan_with_labels(&path("ct.nii.gz"), &path("labels.nii.gz"), &path("case"));
    assert_eq!(named.status.code(), Some(1), "{}", stderr(&named));
}

/// An interrupt while the bones are being looked for, when the case folder has just been made.
#[cfg(unix)]
#[test]
fn an_interrupt_leaves_nothing_half_written() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};
    let scratch = tempfile::tempdir().unwrap();
    let case = scratch.path().join("case");
    let mut program = Command::new(env!("CARGO_BIN_EXE_coxa"))
        .args([OsStr::new("demo"), "-o".as_ref(), case.as_os_str()])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while !case.join(".partial").exists() {
        assert!(start.elapsed() < Duration::from_secs(300), "the case folder was never made");
        std::thread::sleep(Duration::from_millis(20));
    }
    let sent = Command::new("kill").args(["-INT", &program.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let status = program.wait().unwrap();
    assert_eq!(status.code(), Some(130));
    assert!(!case.exists(), "{:?}", fs::read_dir(&case).unwrap().collect::<Vec<_>>());
}
