//! Bad input: one clear message, exit code 2, nothing written.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use common::{ball, coxa, stderr};
use coxa_imaging::{CtVolume, Volume, dicom, nifti};
use coxa_synthetic::{VirtualPatient, VirtualPatientOptions};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

/// Plans a side of `input` in a case.
fn plan(input: &Path, side: &str, case: &Path) -> Output {
    coxa([
        "plan".as_ref(),
        input.as_os_str(),
        "--side".as_ref(),
        side.as_ref(),
        "-q".as_ref(),
        "-o".as_ref(),
        case.as_os_str(),
    ])
}

/// Plans `input` and checks that the program refuses it as bad input, naming all of `words`.
fn refuses(input: &Path, words: &[&str]) {
    let scratch = tempfile::tempdir().unwrap();
    let case = scratch.path().join("case");
    let output = plan(input, "right", &case);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(message.starts_with("coxa: "), "{message}");
    assert!(message.trim_end().lines().count() <= 12, "not one clear message:\n{message}");
    for word in words {
        assert!(message.to_lowercase().contains(word), "'{word}' is not in:\n{message}");
    }
    assert!(!case.exists(), "something was written");
    assert!(output.stdout.is_empty(), "something was printed");
}

/// A DICOM series of the ball in a new folder.
fn series() -> (tempfile::TempDir, PathBuf, Vec<PathBuf>) {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("series");
    dicom::write_series(&ball([24, 20, 12]), &folder).unwrap();
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 12);
    (scratch, folder, files)
}

#[test]
fn an_empty_folder() {
    let folder = tempfile::tempdir().unwrap();
    refuses(folder.path(), &["no dicom"]);
}

#[test]
fn a_path_that_does_not_exist() {
    refuses(Path::new("no-such-ct"), &["no-such-ct"]);
}

#[test]
fn a_file_that_is_no_image() {
    let scratch = tempfile::tempdir().unwrap();
    for (name, bytes) in
        [("letter.txt", &b"Dear colleague"[..]), ("empty.dcm", b""), ("noise.nii.gz", b"\x1f\x8bnoise")]
    {
        let file = scratch.path().join(name);
        fs::write(&file, bytes).unwrap();
        refuses(&file, &[name]);
    }
}

#[test]
fn a_missing_slice() {
    let (_keep, folder, files) = series();
    fs::remove_file(&files[5]).unwrap();
    refuses(&folder, &["missing"]);
}

#[test]
fn a_truncated_slice() {
    let (_keep, folder, files) = series();
    let bytes = fs::read(&files[3]).unwrap();
    fs::write(&files[3], &bytes[..bytes.len() - 300]).unwrap();
    refuses(&folder, &[&files[3].file_name().unwrap().to_string_lossy().to_lowercase()]);
}

#[test]
fn a_truncated_nifti() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("ct.nii");
    nifti::write_ct(&ball([24, 20, 12]), &file).unwrap();
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    refuses(&file, &["ct.nii"]);
}

#[test]
fn what_was_mistyped_is_said_before_the_ct_is_read() {
    for (option, value, known) in [
        ("--stem", "tapered_wege", "tapered_wedge"),
        ("--cup", "hemisferical", "hemispherical"),
        ("--implants", "no-such-folder", "no-such-folder"),
        ("--calibration", "no-such-file", "no-such-file"),
        ("--labels", "no-such-labels", "no-such-labels"),
    ] {
        let scratch = tempfile::tempdir().unwrap();
        let case = scratch.path().join("case");
        let output = coxa([
            "plan",
            "no-such-ct",
            "--side",
            "right",
            "-q",
            option,
            value,
            "-o",
            case.to_str().unwrap(),
        ]);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        let message = stderr(&output);
        assert!(message.contains(known) && !message.contains("no-such-ct"), "{message}");
        assert!(!case.exists(), "something was written");
    }
}

#[test]
fn a_folder_for_a_case_that_is_not_empty_is_said_before_the_ct_is_read() {
    let foreign = tempfile::tempdir().unwrap();
    fs::write(foreign.path().join("holiday.jpg"), "x").unwrap();
    let folder = foreign.path().to_str().unwrap();
    for command in [
        &["plan", "no-such-ct", "--side", "right", "-q", "-o", folder][..],
        &["segment", "no-such-ct", "-q", "-o", folder],
        &["demo", "-q", "-o", folder],
    ] {
        let output = coxa(command);
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains("is not empty") && !message.contains("no-such-ct"), "{message}");
    }
    assert_eq!(fs::read_dir(foreign.path()).unwrap().count(), 1);
}

#[test]
fn an_unknown_side() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("ct.nii");
    nifti::write_ct(&ball([24, 20, 12]), &file).unwrap();
    let case = scratch.path().join("case");
    let output = plan(&file, "middle", &case);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("middle"));
    assert!(!case.exists());
}

#[test]
fn a_volume_without_a_hip_is_refused_by_a_finding() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("ct.nii.gz");
    nifti::write_ct(&ball([48, 40, 30]), &file).unwrap();
    let case = scratch.path().join("case");
    let output = plan(&file, "left", &case);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("left"), "{message}");
    assert!(case.join("report.html").exists(), "what could be done is reported");
    assert!(!case.join("plan.toml").exists());
    // There is nothing to simulate, for the same reason.
    let output = coxa(["rom".as_ref(), case.as_os_str(), "-q".as_ref()]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("planning the left hip is refused"), "{}", stderr(&output));
    assert!(!case.join("rom.json").exists());
}

#[test]
fn a_case_that_was_only_segmented_has_no_motion() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("ct.nii.gz");
    nifti::write_ct(&ball([48, 40, 30]), &file).unwrap();
    let case = scratch.path().join("case");
    coxa(["segment".as_ref(), file.as_os_str(), "-q".as_ref(), "-o".as_ref(), case.as_os_str()]);
    let output = coxa(["rom".as_ref(), case.as_os_str()]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("only segmented"), "{}", stderr(&output));
}

#[test]
fn what_cannot_be_simulated_is_said_before_anything_is_read() {
    for (wish, words) in [
        (["--pelvic-tilt", "75"], "-60 to 60"),
        (["--pelvic-tilt", "nan"], "-60 to 60"),
        (["--activity", "shoetying"], "nearest are shoe_tying"),
    ] {
        let output = coxa(["rom", "no-such-case"].into_iter().chain(wish));
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }
    let output = coxa(["rom", "--activity", "list"]);
    assert!(output.status.success() && common::stdout(&output).contains("shoe_tying"));
}

#[test]
fn usage_errors_name_the_way_out() {
    for args in [
        &["plan"][..],
        &["verify", "nonsense", "x"],
        &["implant", "show", "no_such_family"],
        &["report", "no-such-case"],
        &["rom"],
        &["rom", "no-such-case"],
        &["rom", "no-such-case", "--posture", "hanging"],
    ] {
        let output = coxa(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(!stderr(&output).is_empty());
    }
}

/// A virtual patient at coarse resolution, from below `above_mm` to above `below_mm` of the hip centres.
fn patient(above_mm: f64, below_mm: f64) -> VirtualPatient {
    let options = VirtualPatientOptions {
        spacing_mm: 3.0,
        above_hips_mm: Some(above_mm),
        below_hips_mm: Some(below_mm),
        ..VirtualPatientOptions::default()
    };
    coxa_synthetic::generate(&options).unwrap()
}

/// Plans the right hip of a scan that must be refused by a finding; gives what the program says.
fn refused_by_a_finding(ct: &CtVolume) -> String {
    let scratch = tempfile::tempdir().unwrap();
    let (file, case) = (scratch.path().join("ct.nii.gz"), scratch.path().join("case"));
    nifti::write_ct(ct, &file).unwrap();
    let output = plan(&file, "right", &case);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(!case.join("plan.toml").exists());
    let labels = nifti::read_labels(&case.join("labels.nii.gz")).unwrap();
    assert!(labels.volume.as_slice().iter().all(|&id| id == 0), "bones or muscles were found");
    message
}

#[test]
fn a_constant_image_is_no_ct() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("ct.nii");
    nifti::write_ct(&ball([24, 20, 12]).map(|_| 40), &file).unwrap();
    refuses(&file, &["40 to 40", "without air"]);
}

#[test]
fn noise_is_no_hip() {
    let mut state = 1_u32;
    let noise = ball([60, 50, 40]).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 20) as i16 - 1024
    });
    assert!(refused_by_a_finding(&noise).contains("No femoral head was recognised"));
}

#[test]
fn another_part_of_the_body_is_no_hip() {
    let thighs = patient(20.0, 260.0).ct;
    let slices = (130.0 / thighs.grid.spacing_mm()[2]) as usize;
    let mut grid = thighs.grid.clone();
    grid.dims[2] = slices;
    let voxels = thighs.voxels.slice_axis(ndarray::Axis(0), ndarray::Slice::from(..slices)).to_owned();
    assert!(refused_by_a_finding(&Volume::new(grid, voxels)).contains("No femoral head was recognised"));
}

#[test]
fn a_header_that_turns_or_shrinks_the_patient_is_named() {
    let ct = patient(70.0, 70.0).ct;
    for (factors, words) in [([-1.0, 1.0, -1.0], "upside down"), ([0.6; 3], "smaller than those of adults")] {
        let mut wrong = ct.clone();
        wrong.grid.step = nalgebra::Matrix3::from_diagonal(&factors.into()) * ct.grid.step;
        let message = refused_by_a_finding(&wrong);
        assert!(message.contains(words), "{factors:?}: {message}");
    }
}

/// Asks for lengths of muscles with a model, a motion and a setup; `words` are those of the one message, empty where nothing is wrong.
fn lengths_of([model, motion, tool]: [&str; 3], words: &str) {
    let scratch = tempfile::tempdir().unwrap();
    let file = |name: &str| scratch.path().join(name);
    for (name, text) in [("leg.osim", model), ("walk.mot", motion), ("setup.xml", tool)] {
        fs::write(file(name), text).unwrap();
    }
    let output = coxa([
        "osim".as_ref(),
        file("leg.osim").as_os_str(),
        "lengths".as_ref(),
        "--setup".as_ref(),
        file("setup.xml").as_os_str(),
        "-q".as_ref(),
        "-o".as_ref(),
        file("out").as_os_str(),
    ]);
    let message = stderr(&output);
    if words.is_empty() {
        assert!(output.status.success(), "{message}");
        return;
    }
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(
        message.contains(words) && message.trim_end().lines().count() == 1,
        "'{words}' is not in:\n{message}"
    );
    assert!(output.stdout.is_empty() && !file("out").exists(), "something was written");
}

/// A model and a motion of OpenSim, each with one thing wrong, and words of the one message that says so.
#[test]
fn models_and_motions_of_opensim_that_are_wrong() {
    let leg = include_str!("../sim/muscle/src/osim/forms/leg_4.osim");
    let walk = "walk\nnRows=2\nnColumns=2\ninDegrees=yes\nendheader\ntime\tknee_angle\n0\t-20\n0.5\t-90\n";
    let setup = "<OpenSimDocument><AnalyzeTool><coordinates_file>walk.mot</coordinates_file><AnalysisSet><objects><MuscleAnalysis/></objects></AnalysisSet></AnalyzeTool></OpenSimDocument>";
    lengths_of([leg, walk, setup], "");
    let deep = format!("{}{}", "<a>".repeat(300_000), "</a>".repeat(300_000));
    for (from, to, words) in [
        (
            "<socket_parent>/bodyset/tibia",
            "<socket_parent>/bodyset/fibula",
            "`/bodyset/fibula`, which is not a body",
        ),
        ("<WrapEllipsoid name=\"condyle\">", "<WrapEllipsoid name=\"rail\">", "`rail` appears twice"),
        ("<socket_parent>/ground", "<socket_parent>/bodyset/tibia", "not joined to ground"),
        ("<socket_parent>/ground", "<socket_parent>/jointset/hip/ground_offset", "in a loop"),
        ("<mass>9", "<mass>NaN", "`NaN` is not finite"),
        ("<mass>9", "<mass>1e300", "`1e300` is too large"),
        ("<radius>0.02", "<radius>0", "`radius` is 0; it must be greater than 0"),
        ("<BodySet>", "<RocketSet/><BodySet>", "/OpenSimDocument/Model[leg]/RocketSet"),
        ("<PinJoint", "<ScrewJoint", "not XML"),
        ("<x>-2 -1 0 0.5</x>", "<x>-2 -1 -3 0.5</x>", "abscissa 2 is not greater"),
        ("<dependent_coordinate_name>knee_slide", "<dependent_coordinate_name>knee_glide", "`knee_glide`"),
        ("<gravity>", "<gravity>&", "not XML"),
        (leg, &deep, "levels deep"),
        (leg, "", "not XML"),
        (leg, "<html/>", "this is not an OpenSim document"),
    ] {
        assert!(leg.contains(from), "{from}");
        lengths_of([&leg.replacen(from, to, 1), walk, setup], words);
    }
    for (from, to, words) in [
        ("knee_angle", "wing_angle", "no coordinate `wing_angle`"),
        ("0.5\t", "-0.5\t", "line 8: the time -0.5 s does not come after 0 s"),
        ("-90", "NaN", "line 8: `NaN` is not finite"),
        ("-90", "-90\t3", "line 8: it has 3 numbers for 2 columns"),
        ("nRows=2", "nRows=2000000000000", "it is truncated or was edited"),
        ("endheader", "", "this is not a .mot or .sto file"),
        ("0\t-20\n0.5\t-90\n", "", "the header gives 2 rows"),
    ] {
        assert!(walk.contains(from), "{from}");
        lengths_of([leg, &walk.replacen(from, to, 1), setup], words);
    }
    for (from, to, words) in [
        ("walk.mot", "run.mot", "run.mot: there is no such file"),
        ("<coordinates_file>walk.mot</coordinates_file>", "", "names no coordinates_file"),
        (
            "<MuscleAnalysis/>",
            "<Kinematics/>",
            "no MuscleAnalysis, or has it switched off; it asks for `Kinematics` (Kinematics: not supported)",
        ),
        (
            "<MuscleAnalysis/>",
            "<MuscleAnalysis><muscle_list>wing</muscle_list></MuscleAnalysis>",
            "no muscle `wing`",
        ),
        ("<AnalysisSet>", "<initial_time>7</initial_time><AnalysisSet>", "no rows from 7 to"),
        ("AnalyzeTool", "ScaleTool", "neither an InverseDynamicsTool nor an AnalyzeTool"),
    ] {
        assert!(setup.contains(from), "{from}");
        lengths_of([leg, walk, &setup.replace(from, to)], words);
    }
    let scratch = tempfile::tempdir().unwrap();
    let no_text = scratch.path().join("leg.osim");
    fs::write(&no_text, b"\xff\xfe").unwrap();
    let output = coxa(["osim".as_ref(), no_text.as_os_str(), "info".as_ref()]);
    assert_eq!((output.status.code(), stderr(&output).contains("is not text")), (Some(2), true));
}
