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
    let more = "<MarkerSet><objects><Marker name=\"patella\"/></objects></MarkerSet><ProbeSet><objects><Probe name=\"p\"/></objects></ProbeSet></Model>";
    let folder = folder(&LEG.replace("</Model>", more));
    let output = osim(folder.path(), &["write", "-o", "HERE/again.osim"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("left out, because they do not affect paths and dynamics: probes (1)"));
    assert!(stderr(&output).contains("marker left out") && stderr(&output).contains("Marker[patella]"));
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

const MARKERS: &str = r#"<MarkerSet><objects>
<Marker name="hip"><socket_parent_frame>/bodyset/femur</socket_parent_frame><location>0.05 0 0.1</location><fixed>false</fixed></Marker>
<Marker name="thigh"><socket_parent_frame>/bodyset/femur</socket_parent_frame><location>0.06 -0.2 0.08</location></Marker>
<Marker name="knee"><socket_parent_frame>/bodyset/femur</socket_parent_frame><location>0.0 -0.39 0.06</location></Marker>
<Marker name="shin"><socket_parent_frame>/bodyset/tibia</socket_parent_frame><location>0.05 -0.2 0.03</location></Marker>
<Marker name="ankle"><socket_parent_frame>/bodyset/tibia</socket_parent_frame><location>0.0 -0.38 0.05</location><fixed>true</fixed></Marker>
</objects></MarkerSet>"#;

/// A leg with markers, and a trial of them: the knee goes from 0.2 to 1.2 radians of flexion, the person is so many times as large.
fn marked(size: f64) -> tempfile::TempDir {
    let text = LEG.replace("</Model>", &format!("{MARKERS}</Model>"));
    let folder = folder(&text);
    let model = coxa_muscle::osim::read(&text).unwrap();
    let skeleton = coxa_muscle::Skeleton::new(&model).unwrap();
    let names: Vec<&str> = model.markers.iter().map(|marker| marker.name.as_str()).collect();
    let mut trc = format!(
        "PathFileType\t4\t(X/Y/Z)\ttrial.trc\nDataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\n100\t100\t11\t{}\tmm\nFrame#\tTime\t{}\n\t\t\n\n",
        names.len(),
        names.join("\t\t\t")
    );
    let mut posture = coxa_muscle::Posture::default();
    for frame in 0..11 {
        let mut q = skeleton.defaults().to_vec();
        q[1] = -0.2 - 0.1 * f64::from(frame);
        skeleton.couple(&mut q);
        skeleton.place(&q, &mut posture);
        trc += &format!("{}\t{}", frame + 1, 0.01 * f64::from(frame));
        for marker in &model.markers {
            let at = posture.point(skeleton.body(&marker.body).unwrap(), &marker.at) * (1000.0 * size);
            trc += &format!("\t{}\t{}\t{}", at.x, at.y, at.z);
        }
        trc += "\n";
    }
    fs::write(folder.path().join("trial.trc"), trc).unwrap();
    folder
}

#[test]
fn markers_become_a_motion() {
    let folder = marked(1.0);
    let output = osim(folder.path(), &["ik", "--markers", "HERE/trial.trc", "-o", "HERE/out", "-q"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("11 time steps, 5 markers missed by 0.0 mm"), "{}", stdout(&output));
    let motion = Storage::read(&fs::read_to_string(folder.path().join("out/trial_ik.mot")).unwrap()).unwrap();
    let knee = motion.columns.iter().position(|name| name == "knee_angle").unwrap();
    for (frame, row) in motion.rows.iter().enumerate() {
        assert!((row[knee].to_radians() + 0.2 + 0.1 * frame as f64).abs() < 1e-6, "{frame}: {}", row[knee]);
    }
    assert!(folder.path().join("out/trial_ik_marker_errors.sto").is_file());
    // What it gives is what the other actions take.
    let output =
        osim(folder.path(), &["lengths", "--motion", "HERE/out/trial_ik.mot", "-o", "HERE/out", "-q"]);
    assert!(output.status.success(), "{}", stderr(&output));

    let output = osim(folder.path(), &["ik", "-o", "HERE/out"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("--setup") && stderr(&output).contains("--markers"),
        "{}",
        stderr(&output)
    );
    let metres = fs::read_to_string(folder.path().join("trial.trc")).unwrap().replace("\tmm\n", "\tm\n");
    fs::write(folder.path().join("metres.trc"), metres).unwrap();
    let output = osim(folder.path(), &["ik", "--markers", "HERE/metres.trc", "-o", "HERE/out", "-q"]);
    assert!(stderr(&output).contains("check the unit"), "{}", stderr(&output));
    let output = osim(folder.path(), &["ik", "--markers", "HERE/leg.osim", "-o", "HERE/out", "-q"]);
    assert!(stderr(&output).contains("this is not a .trc file"), "{}", stderr(&output));
}

#[test]
fn a_leg_is_scaled_to_a_person_and_follows_the_persons_markers() {
    let folder = marked(1.1);
    let pair = |body: &str, a: &str, b: &str| {
        format!(
            "<Measurement name=\"{body}\"><MarkerPairSet><objects><MarkerPair><markers>{a} {b}</markers></MarkerPair></objects></MarkerPairSet><BodyScaleSet><objects><BodyScale name=\"{body}\"><axes>X Y Z</axes></BodyScale></objects></BodyScaleSet></Measurement>"
        )
    };
    let setup = format!(
        "<OpenSimDocument Version=\"40000\"><ScaleTool name=\"person\"><mass>20</mass><ModelScaler><scaling_order>measurements</scaling_order><MeasurementSet><objects>{}{}</objects></MeasurementSet><marker_file>trial.trc</marker_file><time_range>0 0.05</time_range></ModelScaler><MarkerPlacer><apply>false</apply></MarkerPlacer></ScaleTool></OpenSimDocument>",
        pair("femur", "hip", "knee"),
        pair("tibia", "shin", "ankle")
    );
    fs::write(folder.path().join("scale.xml"), &setup).unwrap();
    let output =
        osim(folder.path(), &["scale", "--setup", "HERE/scale.xml", "-o", "HERE/out", "--json", "-q"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let said: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert!((said["mass_kg"].as_f64().unwrap() - 20.0).abs() < 1e-9);
    assert!((said["scaled"][0]["factors"][1].as_f64().unwrap() - 1.1).abs() < 1e-9, "{said}");
    let text = fs::read_to_string(folder.path().join("out/person.osim")).unwrap();
    let scaled = coxa_muscle::osim::read(&text).unwrap();
    assert!((scaled.markers[4].at.y + 1.1 * 0.38).abs() < 1e-9);
    assert_eq!(scaled.name, "person");

    let wrong = setup.replace("hip knee", "hip toe");
    fs::write(folder.path().join("scale.xml"), wrong).unwrap();
    let output = osim(folder.path(), &["scale", "--setup", "HERE/scale.xml", "-o", "HERE/out", "-q"]);
    assert!(
        stderr(&output).contains("takes the marker `toe`, which the model does not have"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn reactions_without_the_forces_that_are_named_say_what_to_do() {
    let folder = folder(LEG);
    let setup = r#"<OpenSimDocument Version="40000"><AnalyzeTool name="trial"><coordinates_file>walk.mot</coordinates_file>
        <AnalysisSet><objects><JointReaction name="jr"><forces_file>elsewhere/trial_so_force.sto</forces_file></JointReaction></objects></AnalysisSet></AnalyzeTool></OpenSimDocument>"#;
    fs::write(folder.path().join("setup.xml"), setup).unwrap();
    let rows: String = (0..8).map(|n| format!("{}\t{}\n", 0.1 * f64::from(n), -20 - n)).collect();
    fs::write(
        folder.path().join("walk.mot"),
        format!("walk\ninDegrees=yes\nendheader\ntime\tknee_angle\n{rows}"),
    )
    .unwrap();
    let output = osim(folder.path(), &["jr", "--setup", "HERE/setup.xml", "-o", "HERE/out", "-q"]);
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(said.contains("run `so` first") && said.contains("out/trial_so_force.sto"), "{said}");
    // Where `so` put them with the same folder of results they are found; these are not those of the model.
    fs::create_dir_all(folder.path().join("out")).unwrap();
    fs::write(folder.path().join("out/trial_so_force.sto"), "forces\nendheader\ntime\tother\n0\t1\n1\t1\n")
        .unwrap();
    let output = osim(folder.path(), &["jr", "--setup", "HERE/setup.xml", "-o", "HERE/out", "-q"]);
    assert!(stderr(&output).contains("trial_so_force.sto has no column"), "{}", stderr(&output));
}
