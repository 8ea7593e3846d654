//! The leg that ships, and laws of laying it on landmarks.

use super::*;
use crate::{Paths, Posture, Skeleton};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side};
use nalgebra::{Isometry3, Point3, Vector3};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[test]
fn the_leg_that_ships_is_a_model_with_paths() {
    let model = generic();
    let skeleton = Skeleton::new(model).unwrap();
    let paths = Paths::new(model, &skeleton).unwrap();
    assert_eq!(model.muscles.len(), 45);
    assert!(model.muscles.iter().all(|m| anatomical_name(&m.name).is_some()));
    let mut posture = Posture::default();
    skeleton.place(skeleton.defaults(), &mut posture);
    let mut arms = vec![0.0; skeleton.coordinates().len()];
    let adduction = skeleton.coordinate("hip_adduction_r").unwrap();
    let flexion = skeleton.coordinate("hip_flexion_r").unwrap();
    for (muscle, abducts, flexes) in [
        ("glut_med1_r", true, None),
        ("glut_med3_r", true, Some(false)),
        ("tfl_r", true, Some(true)),
        ("add_long_r", false, Some(true)),
        ("semimem_r", false, Some(false)),
    ] {
        let place = paths.muscle(muscle).unwrap();
        let length = paths.length(place, &skeleton, skeleton.defaults(), &posture, Some(&mut arms));
        assert!((0.05..0.8).contains(&length), "{muscle}: {length}");
        assert_eq!(arms[adduction] < 0.0, abducts, "{muscle}");
        assert!(flexes.is_none_or(|flexes| (arms[flexion] > 0.0) == flexes), "{muscle}");
    }
    let leg: f64 = model.bodies.iter().filter(|b| b.name != "pelvis").map(|b| b.mass).sum();
    // Braune and Fischer's 18.6 % of the body, within what bodies differ.
    assert!((leg / generic_mass_kg() - 0.19).abs() < 0.02);
}

#[test]
fn no_two_turns_of_a_joint_lie_in_one_line() {
    // OpenSim does not open such a model.
    for joint in &generic().joints {
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            let across = joint.axes[a].axis.cross(&joint.axes[b].axis).norm();
            assert!(across > 0.5, "{}: {across}", joint.name);
        }
    }
}

#[test]
fn damaged_files_are_refused() {
    let text = include_str!("../../data/leg/leg.toml");
    for (from, to) in [
        ("format = 1", "format = 2"),
        ("by = \"knee_angle_r\"", "by = \"knee\""),
        ("turn = [0, 0, 1]", "turn = [0, 0, 0]"),
        ("follows = \"knee_angle_r\"", "at_mm = [0, 0, 0], follows = \"knee_angle_r\""),
        ("strength_n", "strength_kg"),
    ] {
        let damaged = text.replace(from, to);
        assert_ne!(damaged, text);
        assert!(file::read(&damaged).is_err(), "{to}");
    }
}

/// Lengths of all muscles, mm, and their arms about the coordinates of the hip, mm, at a posture of it.
fn lengths_and_arms(model: &Model, hip: [f64; 3]) -> Vec<f64> {
    let skeleton = Skeleton::new(model).unwrap();
    let paths = Paths::new(model, &skeleton).unwrap();
    let mut q = skeleton.defaults().to_vec();
    let places =
        ["hip_flexion_r", "hip_adduction_r", "hip_rotation_r"].map(|c| skeleton.coordinate(c).unwrap());
    for (place, angle) in places.into_iter().zip(hip) {
        q[place] = angle;
    }
    let mut posture = Posture::default();
    skeleton.place(&q, &mut posture);
    let mut arms = vec![0.0; q.len()];
    let mut found = Vec::new();
    for muscle in 0..model.muscles.len() {
        found.push(1e3 * paths.length(muscle, &skeleton, &q, &posture, Some(&mut arms)));
        found.extend(places.map(|place| 1e3 * arms[place]));
    }
    found
}

fn moved(landmarks: &Landmarks, pelvis: &Isometry3<f64>, femur: &Isometry3<f64>) -> Landmarks {
    let by = |places: &BTreeMap<Landmark, Point3<f64>>, by: &Isometry3<f64>| {
        places.iter().map(|(&name, at)| (name, by * at)).collect()
    };
    Landmarks { pelvis: by(&landmarks.pelvis, pelvis), femur: by(&landmarks.femur, femur) }
}

fn mirrored(landmarks: &Landmarks) -> Landmarks {
    let mirror = |places: &BTreeMap<Landmark, Point3<f64>>| {
        places.iter().map(|(&name, at)| (name, Point3::new(at.x, at.y, -at.z))).collect()
    };
    Landmarks { pelvis: mirror(&landmarks.pelvis), femur: mirror(&landmarks.femur) }
}

fn worst(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn a_larger_person_has_larger_bones_and_longer_arms_by_the_same_factor() {
    let own = generic_landmarks();
    let grown =
        |places: &BTreeMap<Landmark, Point3<f64>>| places.iter().map(|(&n, at)| (n, at * 1.1)).collect();
    let person = Landmarks { pelvis: grown(&own.pelvis), femur: grown(&own.femur) };
    let scaled = scaled(generic(), own, 70.0, &person, 84.0).unwrap();
    let hip = [0.3, -0.1, 0.2];
    let (before, after) = (lengths_and_arms(generic(), hip), lengths_and_arms(&scaled.model, hip));
    let expected: Vec<f64> = before.iter().map(|x| 1.1 * x).collect();
    assert!(worst(&expected, &after) < 1e-6);
    for (old, new) in generic().muscles.iter().zip(&scaled.model.muscles) {
        assert!((new.optimal_fibre_length / old.optimal_fibre_length - 1.1).abs() < 1e-9);
        assert!((new.max_isometric_force / old.max_isometric_force - 1.2 / 1.1).abs() < 1e-9);
    }
}

#[test]
fn a_longer_neck_lengthens_the_arm_of_the_abductors() {
    let own = generic_landmarks();
    let arm = |model: &Model| -lengths_and_arms(model, [0.0; 3])[2];
    let mut person = own.clone();
    for landmark in [Landmark::GreaterTrochanter, Landmark::LesserTrochanter, Landmark::NeckOnShaft] {
        person.femur.get_mut(&landmark).unwrap().z += 8.0;
    }
    let scaled = scaled(generic(), own, 70.0, &person, 70.0).unwrap();
    assert_eq!(generic().muscles[0].name, "glut_med1_r");
    assert!(arm(&scaled.model) > arm(generic()) + 3.0);
}

#[test]
fn the_femoral_frame_runs_along_the_mechanical_axis_and_the_epicondyles() {
    let own = generic_landmarks();
    let scaled = scaled(generic(), own, 75.0, own, 75.0).unwrap();
    let at = |name: Landmark| scaled.landmarks.femur[&name].coords;
    let (lateral, medial) = (at(Landmark::LateralEpicondyle), at(Landmark::MedialEpicondyle));
    let to_isb = scaled.femur_to_isb().unwrap();
    let up = to_isb * (at(Landmark::HipCentre) - (lateral + medial) / 2.0);
    let across = to_isb * (lateral - medial);
    assert!((up.normalize() - Vector3::y()).norm() < 1e-12, "{up}");
    assert!(across.x.abs() < 1e-9 && across.z > 70.0, "{across}");
    // The axes of gait2392's femur are others.
    assert!((1.0..10.0).contains(&to_isb.angle().to_degrees()), "{}", to_isb.angle().to_degrees());
}

#[test]
fn what_is_no_person_is_refused() {
    let own = generic_landmarks();
    let of =
        |person: &Landmarks, mass: f64| scaled(generic(), own, 70.0, person, mass).map(|_| ()).unwrap_err();
    assert_eq!(of(own, 0.0), ScaleError::Mass(0.0));
    let without = |landmark| {
        let mut person = own.clone();
        person.pelvis.remove(&landmark);
        person.femur.remove(&landmark);
        person
    };
    let error = of(&without(Landmark::LateralEpicondyle), 70.0);
    assert_eq!(error, ScaleError::Missing { bone: "femur", landmark: Landmark::LateralEpicondyle });
    assert!(matches!(of(&mirrored(own), 70.0), ScaleError::Folded { .. }));
    let mut mixed = own.clone();
    mixed.femur.insert(Landmark::GreaterTrochanter, own.femur[&Landmark::LesserTrochanter]);
    assert!(matches!(of(&mixed, 70.0), ScaleError::Folded { bone: "femur", .. }));
    let mut flat = own.clone();
    flat.femur.retain(|l, _| {
        [Landmark::HipCentre, Landmark::LateralEpicondyle, Landmark::MedialEpicondyle].contains(l)
    });
    assert_eq!(of(&flat, 70.0), ScaleError::Flat("femur"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn own_landmarks_give_the_same_leg_however_they_lie(
        turns in prop::array::uniform6(-3.0..3.0f64), flexion in -0.5..1.5f64,
    ) {
        let own = generic_landmarks();
        let [a, b, c, d, e, f] = turns;
        let pelvis = Isometry3::new(Vector3::new(100.0 * a, 50.0 * b, -30.0 * c), Vector3::new(a, b, c));
        let femur = Isometry3::new(Vector3::new(10.0 * d, 500.0 * e, 30.0 * f), Vector3::new(d, e, f));
        let person = moved(own, &pelvis, &femur);
        let scaled = scaled(generic(), own, 75.0, &person, 75.0).unwrap();
        let hip = [flexion, 0.2, -0.1];
        prop_assert!(worst(&lengths_and_arms(generic(), hip), &lengths_and_arms(&scaled.model, hip)) < 1e-6);
        prop_assert!(((scaled.pelvis * pelvis).translation.vector).norm() < 1e-6);
        prop_assert!((scaled.femur * femur).rotation.angle() < 1e-9);
    }

    #[test]
    fn a_left_hip_gives_what_its_mirror_image_gives(shifts in prop::collection::vec(-5.0..5.0f64, 69)) {
        let own = generic_landmarks();
        let mut shifts = shifts.into_iter();
        // In the patient's frame, left, posterior, superior.
        let mut of_side = |places: &BTreeMap<Landmark, Point3<f64>>| -> Vec<(Landmark, Point<Patient>)> {
            let at = |p: &Point3<f64>, by: Vec<f64>| Point::new(-p.z + by[0], -p.x + by[1], p.y + by[2]);
            places.iter().map(|(&n, p)| (n, at(p, shifts.by_ref().take(3).collect()))).collect()
        };
        let (pelvis, femur) = (of_side(&own.pelvis), of_side(&own.femur));
        let mirror = |places: &[(Landmark, Point<Patient>)]| -> Vec<_> {
            places.iter().map(|&(n, p)| (n, Point::new(-p.x(), p.y(), p.z()))).collect()
        };
        let left = Landmarks::of_patient(Side::Left, mirror(&pelvis), mirror(&femur));
        let right = Landmarks::of_patient(Side::Right, pelvis, femur);
        prop_assert_eq!(&left, &right);
        let of = |person: &Landmarks| scaled(generic(), own, 75.0, person, 80.0).unwrap().model;
        prop_assert_eq!(of(&left), of(&right));
    }
}
