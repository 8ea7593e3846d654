//! `coxa osim`: models of OpenSim and their motions, from files to files.
#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use common::{coxa, stderr, stdout};
use coxa_muscle::files::Storage;
use std::fs;
use std::path::Path;
use std::process::Output;

const LEG: &str = include_str!("../sim/muscle/src/osim/forms/leg_4.osim");
const OLD_LEG: &str = include_str!("../sim/muscle/src/osim/forms/leg_2.osim");
const WALK: &str = "walk\ninDegrees=yes\nendheader\ntime\tknee_angle\n0\t-20\n0.5\t-90\n1\t-5\n";

fn osim(folder: &Path, args: &[&str]) -> Output {
    let mut all = vec!["osim".to_owned(), folder.join("leg.osim").display().to_string()];
    all.extend(args.iter().map(|arg| arg.replace("HERE", &folder.display().to_string())));
    coxa(all)
}

fn folder(model: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("leg.osim"), model).unwrap();
    fs::write(folder.path().join("walk.mot"), WALK).unwrap();
    folder
}

#[test]
fn lengths_over_a_motion_are_written_as_opensim_writes_them() {
    let of = |model: &str| {
        let folder = folder(model);
        let output = osim(folder.path(), &["lengths", "--motion", "HERE/walk.mot", "-o", "HERE/out", "-q"]);
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(stdout(&output).contains("not in the motion, held at their default: hip_flexion"));
        let table = fs::read_to_string(folder.path().join("out/walk_MuscleAnalysis_Length.sto")).unwrap();
        Storage::read(&table).unwrap()
    };
    let today = of(LEG);
    assert_eq!((today.columns.join(" "), today.times.clone()), ("vastus psoas".into(), vec![0.0, 0.5, 1.0]));
    // From (0, 1.2) to 0.07 m below the pin at (0, 1), which is turned by 0.1: by the law of cosines.
    let expected = (0.04 + 0.07_f64.powi(2) + 2.0 * 0.2 * 0.07 * 0.1_f64.cos()).sqrt();
    assert!(today.rows.iter().all(|row| (row[1] - expected).abs() < 1e-12), "{:?}", today.rows);
    assert_eq!(of(OLD_LEG), today, "the same model in the form of OpenSim 2");
}

#[test]
fn a_set_up_says_which_arms_when_and_where() {
    let folder = folder(LEG);
    let setup = r#"<OpenSimDocument Version="40000"><AnalyzeTool name="trial"><results_directory>out</results_directory>
        <initial_time>0.4</initial_time><final_time>1</final_time><coordinates_file>walk.mot</coordinates_file>
        <AnalysisSet><objects><MuscleAnalysis name="ma"><muscle_list>vastus</muscle_list>
        <moment_arm_coordinate_list>knee_angle</moment_arm_coordinate_list></MuscleAnalysis>
        <StaticOptimization name="shares"/><Kinematics/><Actuation name="none"><on>false</on></Actuation></objects></AnalysisSet>
        </AnalyzeTool></OpenSimDocument>"#;
    fs::write(folder.path().join("setup.xml"), setup).unwrap();
    let output = osim(folder.path(), &["moment-arms", "--setup", "HERE/setup.xml", "--json", "-q"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let said: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let note = "asks for more analyses than `ma`; ignored: `shares` (action so), `Kinematics` (Kinematics: not supported)\n";
    assert!(stderr(&output).ends_with(note), "{}", stderr(&output));
    // The last row before the start too, and files by the analysis' name, as OpenSim 4.6 has them.
    assert_eq!((said["rows"].as_u64(), said["files"].as_array().unwrap().len()), (Some(3), 1));
    let table = folder.path().join("out/trial_ma_MomentArm_knee_angle.sto");
    let table = Storage::read(&fs::read_to_string(table).unwrap()).unwrap();
    assert_eq!((table.columns.join(" "), table.times), ("vastus".into(), vec![0.0, 0.5, 1.0]));
    assert!(table.rows.iter().all(|row| row[0].abs() > 0.01 && row[0].abs() < 0.1), "{:?}", table.rows);
}

#[test]
fn what_a_model_holds_and_what_is_not_supported_is_said() {
    let folder =
        folder(&LEG.replace("</Thelen2003Muscle>\n", "</Thelen2003Muscle>\n<BushingForce name=\"disc\"/>\n"));
    let output = osim(folder.path(), &["info"]);
    let text = stdout(&output);
    for words in ["vastus", "knee_angle", "BushingForce[disc]", "psoas`, a Schutte1993Muscle_Deprecated"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let output = osim(folder.path(), &["info", "--json"]);
    let said: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(said["muscles"].as_array().unwrap().len(), 2);
    assert_eq!(said["unsupported"].as_array().unwrap().len(), 2, "{}", said["unsupported"]);
    // A force that is not supported changes no length, and is said.
    let output = osim(folder.path(), &["lengths", "--muscle", "psoas", "-q"]);
    assert!(stdout(&output).contains("psoas") && stderr(&output).contains("BushingForce[disc]"));
}

#[test]
fn radians_that_are_called_degrees_are_a_caution() {
    let folder = folder(LEG);
    fs::write(folder.path().join("walk.mot"), WALK.replace("-20", "-0.3").replace("-90", "-1.5")).unwrap();
    let output = osim(folder.path(), &["lengths", "--motion", "HERE/walk.mot", "-o", "HERE", "-q"]);
    assert!(stdout(&output).contains("caution: The file states degrees"), "{}", stdout(&output));
}

#[test]
fn a_leg_that_hangs_still_needs_the_same_moments_all_the_time() {
    let folder = folder(LEG);
    let rows: String = (0..12).map(|n| format!("{}\t-30\n", 0.1 * f64::from(n))).collect();
    let still = format!("still\ninDegrees=yes\nendheader\ntime\tknee_angle\n{rows}");
    fs::write(folder.path().join("walk.mot"), still).unwrap();
    let output = osim(folder.path(), &["id", "--motion", "HERE/walk.mot", "-o", "HERE/out", "-q"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let table = fs::read_to_string(folder.path().join("out/inverse_dynamics.sto")).unwrap();
    let table = Storage::read(&table).unwrap();
    assert_eq!(table.columns.join(" "), "hip_flexion_moment knee_angle_moment knee_slide_force");
    assert_eq!(table.rows.len(), 12);
    let first = &table.rows[0];
    assert!(first.iter().any(|force| force.abs() > 1.0), "its weight is borne: {first:?}");
    for row in &table.rows {
        assert!(row.iter().zip(first).all(|(a, b)| (a - b).abs() < 1e-6), "{row:?} {first:?}");
    }
    let output = osim(folder.path(), &["id"]);
    assert_eq!((output.status.code(), stderr(&output).contains("needs a motion")), (Some(2), true));
}

#[test]
fn an_action_refuses_what_it_does_not_take() {
    let folder = folder(LEG);
    for [action, flag] in [
        ["lengths", "--coordinate"],
        ["id", "--muscle"],
        ["so", "--motion"],
        ["jr", "--coordinate"],
        ["info", "--output"],
    ] {
        let output = osim(folder.path(), &[action, flag, "knee_angle"]);
        let said = stderr(&output);
        assert!(
            !output.status.success() && said.contains(&format!("unexpected argument '{flag}'")),
            "{action}: {said}"
        );
    }
    let output = osim(folder.path(), &["so"]);
    assert!(stderr(&output).contains("--setup <FILE>"), "{}", stderr(&output));
}

#[test]
fn a_model_is_written_for_opensim_4_and_never_over_another() {
    let marker = "<MarkerSet><objects><Marker name=\"patella\"/></objects></MarkerSet></Model>";
    let folder = folder(&LEG.replace("</Model>", marker));
    let output = osim(folder.path(), &["write", "-o", "HERE/again.osim"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("left out, because they do not affect paths and dynamics: markers (1)"));
    let again = fs::read_to_string(folder.path().join("again.osim")).unwrap();
    assert!(again.contains("Version=\"40000\""));
    // What is computed of it is the same to the digit.
    let lengths = |folder: &Path| stdout(&osim(folder, &["lengths", "--json", "-q"]));
    let own = lengths(folder.path());
    fs::rename(folder.path().join("again.osim"), folder.path().join("leg.osim")).unwrap();
    assert_eq!(lengths(folder.path()), own);
    let output = osim(folder.path(), &["write", "-o", "HERE/leg.osim"]);
    assert!(
        output.status.code() == Some(2) && stderr(&output).contains("exists already"),
        "{}",
        stderr(&output)
    );
}
