//! The same command gives the same files: first time, again, from another folder, on one thread.

use crate::made::{Patient, assert_same, files, run, text};
use std::fs;
use std::process::Command;

#[test]
fn the_same_command_gives_the_same_files() {
    let patient = Patient::new();
    let case = patient.planned();
    let first = files(&case);
    assert!(patient.plan(&case).status.success());
    assert_same(&files(&case), &first);
    // What is made anew from the files of the case is what was made at once.
    for name in ["anatomy.json", "rom.json", "surfaces/femur_right.ply", "pictures/gallery.json"] {
        fs::remove_file(case.join(name)).unwrap();
    }
    run(["report", text(&case)]);
    assert_same(&files(&case), &first);

    let elsewhere = patient.path("other/place");
    fs::create_dir_all(&elsewhere).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_coxa"))
        .args([
            "plan",
            "../../ct.nii.gz",
            "--side",
            "right",
            "--labels",
            "../../truth/labels.nii.gz",
            "-o",
            "case",
        ])
        .current_dir(&elsewhere)
        .env("RAYON_NUM_THREADS", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut there = files(&elsewhere.join("case"));
    // It keeps where its CT lies, as it was named.
    let record = String::from_utf8(there["case.toml"].clone()).unwrap().replace("other/place/../../", "");
    there.insert("case.toml".into(), record.into_bytes());
    assert_same(&there, &first);
}
