//! Recorded motions against the motions that ship, which are written as files and read again.

use super::*;
use crate::activity::Person;
use crate::hip_loads::{HipInstant, LoadedLeg, MotionFrame};
use crate::leg;
use crate::optimisation::Settings;
use crate::osim::{read_external_loads, write_external_loads};
use crate::trial;
use coxa_activity::Activity;
use coxa_geometry::finding::{Code, Severity};

/// Level walking of the leg that ships as the files of a laboratory, and the forces of the hip in it.
struct Walk {
    motion: Storage,
    loads: ExternalLoads,
    forces: Storage,
    instants: Vec<HipInstant>,
}

fn leg_of_a_person() -> LoadedLeg {
    LoadedLeg::new(leg::generic(), 75.0 * 9.80665, Settings::default()).unwrap()
}

fn walk() -> Walk {
    let mut leg = leg_of_a_person();
    let skeleton = Skeleton::new(leg::generic()).unwrap();
    let person = Person::of_leg(&skeleton, &Names::default(), leg::generic_landmarks(), 75.0).unwrap();
    let shares: Vec<f64> = (0..=100).map(|n| f64::from(n) / 100.0).collect();
    let walking = Activity::named("walking").unwrap().activity.leg().unwrap();
    let (_, frames): (_, Vec<MotionFrame>) = leg.driven(walking, &person, &shares).unwrap();
    let motion = trial::motion("walk", leg::generic(), &leg, &frames);
    let (loads, forces) = trial::external_loads("forces", "forces.mot", &leg, &frames);
    let instants = leg.solve(&frames);
    Walk { motion, loads, forces, instants }
}

/// The files of a left leg that walks as the mirror image.
fn mirror_image(walk: &Walk) -> Walk {
    let left =
        |name: &String| name.strip_suffix("_r").map_or_else(|| name.clone(), |stem| format!("{stem}_l"));
    let turn = |table: &Storage, turned: &dyn Fn(&str) -> bool| {
        let signs: Vec<f64> = table.columns.iter().map(|c| if turned(c) { -1.0 } else { 1.0 }).collect();
        let row = |row: &Vec<f64>| row.iter().zip(&signs).map(|(x, sign)| x * sign).collect();
        Storage { rows: table.rows.iter().map(row).collect(), ..table.clone() }
    };
    let mut motion = turn(&walk.motion, &|c| ["pelvis_list", "pelvis_rotation", "pelvis_tz"].contains(&c));
    motion.columns = motion.columns.iter().map(left).collect();
    let ends = ["vz", "pz", "torque_x", "torque_y"];
    let forces = turn(&walk.forces, &|c| ends.iter().any(|end| c.ends_with(end)));
    let mut loads = walk.loads.clone();
    for force in &mut loads.forces {
        force.body = left(&force.body);
    }
    Walk { motion, loads, forces, instants: Vec::new() }
}

fn solved(side: Side, walk: &Walk) -> Vec<HipInstant> {
    let recorded = Recorded::new(side, &walk.motion, &walk.loads, &walk.forces, leg::generic()).unwrap();
    assert!(recorded.findings().iter().all(|f| f.severity == Severity::Note), "{:?}", recorded.findings());
    let mut leg = leg_of_a_person();
    let shares: Vec<f64> = (0..=20).map(|n| f64::from(n) / 20.0).collect();
    let frames = leg.recorded(&recorded, &shares).unwrap();
    leg.solve(&frames)
}

#[test]
fn a_motion_that_is_written_and_read_again_loads_the_hip_as_it_did() {
    let mut walk = walk();
    walk.motion = Storage::read(&walk.motion.write()).unwrap();
    walk.forces = Storage::read(&walk.forces.write()).unwrap();
    walk.loads = read_external_loads(&write_external_loads(&walk.loads, "walk")).unwrap();
    let again = solved(Side::Right, &walk);
    let peak = walk.instants.iter().map(|i| i.on_head_in_pelvis.norm()).fold(0.0, f64::max);
    for found in &again {
        let own = &walk.instants[(100.0 * found.fraction).round() as usize];
        let off = (found.on_head_in_pelvis - own.on_head_in_pelvis).norm();
        // What the filter takes away; heel strike is the fastest of it.
        assert!(off < 0.12 * peak, "{}: {off} of {peak}", found.fraction);
    }
    let mean = |list: Vec<f64>| list.iter().sum::<f64>() / list.len() as f64;
    let of = |instants: &[HipInstant]| mean(instants.iter().map(|i| i.on_head_in_pelvis.norm()).collect());
    let own: Vec<HipInstant> = walk.instants.iter().step_by(5).cloned().collect();
    assert!((of(&again) / of(&own) - 1.0).abs() < 0.02, "{} {}", of(&again), of(&own));
}

#[test]
fn a_left_leg_is_loaded_as_its_mirror_image() {
    let walk = walk();
    let (right, left) = (solved(Side::Right, &walk), solved(Side::Left, &mirror_image(&walk)));
    for (right, left) in right.iter().zip(&left) {
        assert!((right.on_head_in_femur - left.on_head_in_femur).norm() < 1e-6);
        assert!(right.forces.iter().zip(&left.forces).all(|(a, b)| (a - b).abs() < 1e-6));
    }
}

#[test]
fn what_does_not_fit_is_named() {
    let walk = walk();
    let read = |side, motion: &Storage, loads: &ExternalLoads, forces: &Storage| {
        Recorded::new(side, motion, loads, forces, leg::generic()).map(|_| ()).unwrap_err().to_string()
    };
    let other = read(Side::Left, &walk.motion, &walk.loads, &walk.forces);
    assert!(other.contains("hip_flexion_l") && other.contains("the left leg"), "{other}");
    let mut lame = walk.motion.clone();
    let knee = lame.column("knee_angle_r").unwrap();
    lame.columns[knee] = "knee_r".into();
    let lame = read(Side::Right, &lame, &walk.loads, &walk.forces);
    assert!(lame.contains("knee_angle_r"), "{lame}");
    let mut elsewhere = walk.loads.clone();
    elsewhere.forces[0].body = "hand_r".into();
    let elsewhere = read(Side::Right, &walk.motion, &elsewhere, &walk.forces);
    assert!(elsewhere.contains("hand_r"), "{elsewhere}");
    let mut later = walk.forces.clone();
    later.times.iter_mut().for_each(|time| *time += 100.0);
    assert!(read(Side::Right, &walk.motion, &walk.loads, &later).contains("do not overlap in time"));
    let mut columns = walk.forces.clone();
    columns.columns[0] = "f".into();
    assert!(read(Side::Right, &walk.motion, &walk.loads, &columns).contains("calcn_r_force_vx"));
}

#[test]
fn what_is_left_aside_or_of_another_model_is_a_finding() {
    let mut walk = walk();
    let place = walk.motion.column("knee_angle_r").unwrap();
    walk.motion.columns.push("arm_flex_r".into());
    walk.motion.columns.push("hip_flexion_l".into());
    for row in &mut walk.motion.rows {
        row[place] = -row[place];
        row.extend([0.0, 0.0]);
    }
    let found = Recorded::new(Side::Right, &walk.motion, &walk.loads, &walk.forces, leg::generic()).unwrap();
    let said =
        |code: Code| found.findings().iter().find(|f| f.code == code).map(|f| f.message.clone()).unwrap();
    assert!(said(Code::BeyondRange).contains("knee_angle_r"));
    let aside = said(Code::MotionLeftAside);
    assert!(aside.contains("arm_flex_r") && !aside.contains("hip_flexion_l"), "{aside}");
    assert!((found.most_push_n() / (75.0 * 9.81) - 1.1).abs() < 0.15, "{}", found.most_push_n());
}
