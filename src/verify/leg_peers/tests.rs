//! A folder as the script makes it, with our own numbers in the place of the others'.

use super::trial::SETUP;
use super::*;
use coxa_activity::Activity;
use coxa_muscle::activity::{Names, Person};
use coxa_muscle::hip_loads::LoadedLeg;
use coxa_muscle::osim::{write, write_external_loads};
use coxa_muscle::{leg, trial as files};
use std::fmt::Write;

const WEIGHT_N: f64 = 735.0;

/// Leg and motion as `coxa load -o` writes them.
fn leg_in(folder: &Path) {
    let (model, put) =
        (leg::generic(), |name: &str, text: String| std::fs::write(folder.join(name), text).unwrap());
    let loaded = LoadedLeg::new(model, WEIGHT_N, Settings::default()).unwrap();
    let person =
        Person::of_leg(&Skeleton::new(model).unwrap(), &Names::default(), leg::generic_landmarks(), 75.0)
            .unwrap();
    let walking = Activity::named("walking").unwrap().activity.leg().unwrap();
    let fractions: Vec<f64> = (0..=50).map(|n| f64::from(n) / 50.0).collect();
    let (_, frames) = loaded.driven(walking, &person, &fractions).unwrap();
    let (loads, table) = files::external_loads("ground", "walking_ground.mot", &loaded, &frames);
    put("leg.osim", write(&files::held(model)));
    put("walking_motion.mot", files::motion("walk", model, &loaded, &frames).write());
    put("walking_ground.mot", table.write());
    put("walking_external_loads.xml", write_external_loads(&loads, "walking"));
    put(SETUP, format!("motion = \"walking\"\nweight_n = {WEIGHT_N}\n"));
}

/// Tables of three instants and one muscle; `off_m` is added to its length, `off_n` to every part of the force in the hip.
fn tables_in(folder: &Path, off_m: f64, off_n: f64) {
    let trial = Trial::read(folder).unwrap();
    let skeleton = Skeleton::new(&trial.model).unwrap();
    let paths = Paths::new(&trial.model, &skeleton).unwrap();
    let muscle = paths.muscle("psoas_r").unwrap();
    let loads = trial.loads(&skeleton).unwrap();
    let (mut posture, mut arms) = (Posture::default(), vec![0.0; skeleton.coordinates().len()]);
    let times = [0.2, 0.5, 0.8];
    let mut text = format!("time,muscle,length_m,{}\n", HIP.map(|name| format!("{name}_arm_m")).join(","));
    for time in times {
        let frame = trial.at(time, Accelerations::OfValues, &skeleton, &loads);
        skeleton.place(&frame.q, &mut posture);
        let length = paths.length(muscle, &skeleton, &frame.q, &posture, Some(&mut arms)) + off_m;
        let arms = HIP.map(|name| arms[skeleton.coordinate(name).unwrap()].to_string()).join(",");
        writeln!(text, "{time},psoas_r,{length},{arms}").unwrap();
    }
    for table in ["opensim_muscles.csv", "mujoco_muscles.csv"] {
        std::fs::write(folder.join(table), &text).unwrap();
    }
    let of = |weight, of| trial.hip(&times, weight, of).unwrap();
    let columns =
        ["tool", "alone", "both"].map(|who| AXES.map(|axis| format!("{who}_{axis}_n")).join(",")).join(",");
    let mut text = format!("time,{columns}\n");
    let (alone, both) = (of(FREE, Accelerations::OfValues), of(1.0, Accelerations::OfValues));
    let tool = of(FREE, Accelerations::OfSpeeds);
    for (n, time) in times.iter().enumerate() {
        let all = [tool[n], alone[n], both[n]].map(|force| {
            (force * WEIGHT_N / 100.0)
                .add_scalar(off_n)
                .iter()
                .map(f64::to_string)
                .collect::<Vec<_>>()
                .join(",")
        });
        writeln!(text, "{time},{}", all.join(",")).unwrap();
    }
    std::fs::write(folder.join("opensim_hip.csv"), text).unwrap();
}

#[test]
fn our_own_numbers_hold_and_others_do_not() {
    let folder = tempfile::tempdir().unwrap();
    leg_in(folder.path());
    tables_in(folder.path(), 0.0, 0.0);
    let report = run(folder.path()).unwrap();
    assert!(report.holds(), "{report}");
    assert!(report.checks.iter().all(|check| check.worst.unwrap() < 1e-6), "{report}");
    // What sparing the joint does is no small thing.
    let greatest =
        |name: &str| report.checks.iter().find(|check| check.name.contains(name)).unwrap().note.clone();
    assert_ne!(greatest("our criterion"), greatest("activations alone"));
    let failed = |off_m, off_n| -> Vec<String> {
        tables_in(folder.path(), off_m, off_n);
        let checks = run(folder.path()).unwrap().checks;
        checks.into_iter().filter(|check| !check.holds()).map(|check| check.name).collect()
    };
    assert_eq!(failed(1e-3, 0.0), ["OpenSim, length", "MuJoCo, length"]);
    let of_hip = failed(0.0, 20.0);
    assert!(of_hip.len() == 3 && of_hip.iter().all(|name| name.starts_with("hip force")), "{of_hip:?}");
}

#[test]
fn a_folder_without_mujoco_is_compared_with_opensim_alone() {
    let folder = tempfile::tempdir().unwrap();
    leg_in(folder.path());
    tables_in(folder.path(), 0.0, 0.0);
    std::fs::remove_file(folder.path().join("mujoco_muscles.csv")).unwrap();
    let report = run(folder.path()).unwrap();
    assert!(report.holds() && !report.to_string().contains("MuJoCo"), "{report}");
}

#[test]
fn a_folder_of_something_else_is_refused_by_the_file_that_it_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let error = |folder: &Path| format!("{:#}", run(folder).unwrap_err());
    assert!(error(folder.path()).contains(SETUP), "{}", error(folder.path()));
    std::fs::write(folder.path().join(SETUP), "motion = \"walking\"\nweight_n = 0\n").unwrap();
    assert!(error(folder.path()).contains("greater than 0"), "{}", error(folder.path()));
}
