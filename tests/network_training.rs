//! `coxa diagnose train` of a module with a network: without PyTorch a message, with it a run that predicts.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use common::{coxa, stderr, stdout};
use coxa_diagnosis::networks::Python;
use coxa_imaging::dicom::{RadiographImage, write_radiograph};
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const SIDE: usize = 24;
const CASES: usize = 24;

/// A module whose network looks at a film, with a number beside it, and three kinds of output.
const MODULE: &str = r#"
format = 1
name = "bright-square"
title = "A bright square"
question = "Is there one?"
evidence = "synthetic-same-anatomy"
licence = { weights = "none", data = "made on the spot" }
intended_use = "research only"
[[input]]
id = "film"
kind = "image"
modality = ["DX"]
[[input]]
id = "age"
kind = "number"
range = [18, 110]
missing = "indicator"
[[preprocess]]
step = "fit"
size = [24, 24]
[network]
width = 4
blocks = 2
epochs = 3
batch = 8
[[output]]
id = "finding"
title = "Finding"
kind = "binary"
[[output]]
id = "level"
title = "Level"
kind = "number"
range = [-100, 100]
[[output]]
id = "grade"
title = "Grade"
kind = "ordered"
classes = ["low", "high", "higher"]
[evaluation]
folds = 2
baselines = ["constant", { inputs = ["age"] }, "shuffled"]
[card]
trained_on = "Nothing."
method = "A network."
fails_on = ["everything"]
"#;

/// Module, films and table in a folder; of some cases age or grade are not known.
fn made(folder: &Path) {
    fs::create_dir(folder.join("module")).unwrap();
    fs::write(folder.join("module/module.toml"), MODULE).unwrap();
    let mut table = "patient,film,age,finding,level,grade\n".to_owned();
    for case in 0..CASES {
        let is_bright = case % 2 == 1;
        let value = |at: usize| {
            let inside = (8..16).contains(&(at / SIDE)) && (8..16).contains(&(at % SIDE));
            if inside && is_bright { 900 } else { 100 + ((7 * at + 13 * case) % 50) as u16 }
        };
        let pixels: Vec<u16> = (0..SIDE * SIDE).map(value).collect();
        let image = RadiographImage {
            columns: SIDE,
            rows: SIDE,
            pixels: &pixels,
            detector_spacing_mm: 0.5,
            source_to_detector_mm: 1150.0,
            source_to_patient_mm: 1000.0,
            orientation: ["L", "F"],
            view: "AP",
        };
        write_radiograph(&image, &folder.join(format!("{case}.dcm"))).unwrap();
        let age = if case % 5 == 2 { String::new() } else { (40 + case).to_string() };
        let finding = if is_bright { "yes" } else { "no" };
        let grade = if case % 7 == 3 { "" } else { ["low", "high", "higher"][case % 3] };
        table.push_str(&format!("{case},{case}.dcm,{age},{finding},{},{grade}\n", case as f64 / 2.0));
    }
    fs::write(folder.join("cases.csv"), table).unwrap();
}

fn training(folder: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coxa"));
    command.current_dir(folder);
    let words =
        ["diagnose", "train", "./module", "--table", "cases.csv", "-o", "run", "--threads", "1", "-q"];
    command.args(words).args(more);
    command
}

fn train(folder: &Path, path: Option<&Path>, more: &[&str]) -> Output {
    let mut command = training(folder, more);
    if let Some(path) = path {
        command.env("PATH", path);
    }
    command.output().unwrap()
}

/// Root may have it installed, as `.ci/run` asks for; a test that finds none is skipped.
fn has_pytorch() -> bool {
    let find = || Python::find(&std::env::var_os("PATH").unwrap_or_default()).is_ok();
    let may_install = std::env::var_os("COXA_INSTALL_PYTORCH").is_some_and(|value| value == "1");
    if !find() && may_install {
        let words =
            ["-o", "DPkg::Lock::Timeout=300", "install", "-y", "--no-install-recommends", "python3-torch"];
        // Without the right to do it there is none, and the test says that it is skipped.
        let _ = Command::new("apt-get").args(words).env("DEBIAN_FRONTEND", "noninteractive").output();
    }
    find() || {
        coxa_test_support::skip("no python3 on the PATH has PyTorch (Debian: python3-torch)");
        false
    }
}

#[test]
fn without_pytorch_the_package_is_named_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    made(folder.path());
    let programs = folder.path().join("programs");
    fs::create_dir(&programs).unwrap();
    let said = train(folder.path(), Some(&programs), &[]);
    assert_eq!(said.status.code(), Some(2));
    assert!(stderr(&said).contains("python3-torch"), "{}", stderr(&said));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let python = programs.join("python3");
        fs::write(&python, "#!/bin/sh\necho \"ModuleNotFoundError: No module named 'torch'\" >&2\nexit 1\n")
            .unwrap();
        fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
        let said = train(folder.path(), Some(&programs), &[]);
        assert_eq!(said.status.code(), Some(2));
        let words = stderr(&said);
        assert!(words.contains("pip install torch") && words.lines().count() == 1, "{words}");
    }
    assert!(!folder.path().join("run").exists());
}

#[test]
fn two_steps_make_a_run_that_predicts_and_one_without_its_last_file_is_made_again() {
    if !has_pytorch() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    made(folder.path());
    let said = train(folder.path(), None, &["--steps", "2"]);
    assert_eq!(said.status.code(), Some(0), "{}", stderr(&said));
    let words = stdout(&said);
    for word in ["Finding: 24 cases", "Grade: 21 cases", "shuffled outcomes, once", "stopped after 2 steps"] {
        assert!(words.contains(word), "{word}: {words}");
    }
    let run = folder.path().join("run");
    let read = |name: &str| fs::read(run.join(name)).unwrap();
    let kept =
        ["model.json", "evaluation.json", "fold0.onnx", "fold1.onnx", "predictions/grade.csv"].map(read);
    assert!(!run.join("training/images.npy").exists(), "no copy of images stays");

    let of: [OsString; 6] = ["diagnose", "run", "run", "cases.csv", "-o", "predicted"].map(OsString::from);
    let said =
        Command::new(env!("CARGO_BIN_EXE_coxa")).current_dir(folder.path()).args(&of).output().unwrap();
    assert_eq!(said.status.code(), Some(0), "{}", stderr(&said));
    let predicted = fs::read_to_string(folder.path().join("predicted/finding.csv")).unwrap();
    assert_eq!(predicted.lines().count(), CASES + 1);
    let page = coxa([OsString::from("diagnose"), "report".into(), run.clone().into()]);
    assert_eq!(page.status.code(), Some(0), "{}", stderr(&page));
    let page = fs::read_to_string(run.join("report.html")).unwrap();
    assert!(page.contains("too narrow") && !page.contains("Nested"));

    let said = train(folder.path(), None, &["--steps", "2"]);
    assert_eq!(said.status.code(), Some(2));
    assert!(stderr(&said).contains("exists already"), "{}", stderr(&said));
    // Without the last file the run is not complete: the training makes the same again of what is left.
    fs::remove_file(run.join("settings.json")).unwrap();
    let said = train(folder.path(), None, &["--steps", "3"]);
    assert!(stderr(&said).contains("another training"), "{}", stderr(&said));
    let said = train(folder.path(), None, &["--steps", "2"]);
    assert_eq!(said.status.code(), Some(0), "{}", stderr(&said));
    let again =
        ["model.json", "evaluation.json", "fold0.onnx", "fold1.onnx", "predictions/grade.csv"].map(read);
    assert!(kept == again, "the same training gives the same bytes");
}

#[test]
fn a_training_that_was_killed_goes_on_from_its_checkpoint() {
    if !has_pytorch() {
        return;
    }
    let epochs = ["--epochs", "20"];
    let [whole, killed] = [(); 2].map(|()| {
        let folder = tempfile::tempdir().unwrap();
        made(folder.path());
        folder
    });
    let said = train(whole.path(), None, &epochs);
    assert_eq!(said.status.code(), Some(0), "{}", stderr(&said));

    let mut child =
        training(killed.path(), &epochs).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let run = killed.path().join("run");
    let checkpoint = run.join("training/fold0.pt");
    let begin = Instant::now();
    while !checkpoint.is_file() {
        assert!(begin.elapsed() < Duration::from_secs(120), "there was no checkpoint");
        assert!(child.try_wait().unwrap().is_none(), "the training ended before it was killed");
        sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!run.join("settings.json").exists());
    // Python sees before its next step that nobody waits for it any more.
    sleep(Duration::from_secs(2));
    assert!(!run.join("training/fold1.pt").exists(), "it ended with the program");

    // A checkpoint is not passed over in silence: one that cannot be read ends the training.
    let kept = fs::read(&checkpoint).unwrap();
    fs::write(&checkpoint, b"no checkpoint").unwrap();
    let said = train(killed.path(), None, &epochs);
    assert_eq!(said.status.code(), Some(2));
    assert!(stderr(&said).contains("recipe.log"), "{}", stderr(&said));
    fs::write(&checkpoint, kept).unwrap();
    let said = train(killed.path(), None, &epochs);
    assert_eq!(said.status.code(), Some(0), "{}", stderr(&said));
    for name in ["model.json", "evaluation.json", "fold0.onnx", "fold1.onnx", "predictions/grade.csv"] {
        let read = |folder: &Path| fs::read(folder.join("run").join(name)).unwrap();
        assert!(read(whole.path()) == read(killed.path()), "{name}: as if it had not been killed");
    }
}
