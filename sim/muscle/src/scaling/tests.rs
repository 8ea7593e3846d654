//! Models that are scaled, and people whose markers are known.

use super::*;
use crate::osim::scale_setup::{Measurement, Placing, Scaling, Source};
use crate::tracking::tests::{marked, measured};
use crate::{Paths, Skeleton};
use nalgebra::Vector3;

fn scaling(measurements: Vec<Measurement>) -> Scaling {
    Scaling {
        order: vec![Source::Measurements, Source::Manual],
        measurements,
        manual: vec![("toes_r".into(), Vector3::new(1.1, 1.2, 1.3))],
        markers: None,
        time: [0.0, 1.0],
        keeps_mass_distribution: true,
        output: None,
    }
}

#[test]
fn a_body_of_one_factor_is_the_same_body_larger() {
    let (model, skeleton) = marked();
    let factors: Factors =
        model.bodies.iter().map(|body| (body.name.clone(), Vector3::repeat(1.2))).collect();
    let larger = scaled(&model, &factors, None, false).unwrap();
    let larger_skeleton = Skeleton::new(&larger).unwrap();
    for (own, other) in model.bodies.iter().zip(&larger.bodies) {
        assert!((other.mass / own.mass - 1.2f64.powi(3)).abs() < 1e-12, "{}", own.name);
        assert!((other.inertia - own.inertia * 1.2f64.powi(5)).amax() < 1e-12, "{}", own.name);
    }
    let lengths = |model, skeleton: &Skeleton| Paths::new(model, skeleton).unwrap().at_defaults(skeleton);
    for ((own, other), muscle) in
        lengths(&model, &skeleton).iter().zip(lengths(&larger, &larger_skeleton)).zip(&larger.muscles)
    {
        assert!((other / own - 1.2).abs() < 1e-9, "{}", muscle.name);
    }
    for (own, other) in model.muscles.iter().zip(&larger.muscles) {
        assert!((other.tendon_slack_length / own.tendon_slack_length - 1.2).abs() < 1e-9);
        assert_eq!(other.max_isometric_force, own.max_isometric_force);
    }
    let heavier = scaled(&model, &factors, Some(30.0), true).unwrap();
    assert!((heavier.bodies.iter().map(|body| body.mass).sum::<f64>() - 30.0).abs() < 1e-9);
    let share = |model: &crate::model::Model| model.bodies[0].mass / model.bodies[1].mass;
    assert!((share(&heavier) - share(&model)).abs() < 1e-12, "the distribution of mass stays");
}

#[test]
fn distances_between_markers_scale_the_axes_that_are_named() {
    let (model, skeleton) = marked();
    let mut person = model.clone();
    for marker in person.markers.iter_mut().filter(|marker| marker.body == "femur_r") {
        marker.at.coords *= 1.1;
    }
    let q = skeleton.defaults().to_vec();
    let markers = measured(&person, &skeleton, &[q.clone(), q]);
    let thigh = Measurement {
        name: "thigh".into(),
        pairs: vec![["femur_r_0".into(), "femur_r_1".into()], ["femur_r_2".into(), "femur_r_3".into()]],
        bodies: vec![("femur_r".into(), [true, false, true])],
    };
    let found = factors(&model, &skeleton, &scaling(vec![thigh.clone()]), Some(&markers)).unwrap();
    assert!((found["femur_r"] - Vector3::new(1.1, 1.0, 1.1)).amax() < 1e-12, "{found:?}");
    assert_eq!(found["toes_r"], Vector3::new(1.1, 1.2, 1.3));
    assert!(!found.contains_key("tibia_r"));
    for (pair, words) in
        [(["x", "femur_r_1"], "the model"), (["femur_r_0", "femur_r_0"], "no pair of markers apart")]
    {
        let wrong = Measurement { pairs: vec![pair.map(str::to_owned)], ..thigh.clone() };
        let said = factors(&model, &skeleton, &scaling(vec![wrong]), Some(&markers)).unwrap_err().to_string();
        assert!(said.contains(words), "{said}");
    }
    let wrong = Measurement { bodies: vec![("wing".into(), [true; 3])], ..thigh };
    let said = factors(&model, &skeleton, &scaling(vec![wrong]), Some(&markers)).unwrap_err().to_string();
    assert!(said.contains("`wing`"), "{said}");
}

#[test]
fn markers_come_to_where_the_person_has_them_unless_they_are_fixed() {
    let (model, skeleton) = marked();
    let mut person = model.clone();
    let moved = |name: &str| ["femur_r_0", "femur_r_1"].contains(&name);
    for marker in person.markers.iter_mut().filter(|marker| moved(&marker.name)) {
        marker.at.x += 0.01;
    }
    let mut q = skeleton.defaults().to_vec();
    q[skeleton.coordinate("hip_flexion_r").unwrap()] = 0.3;
    let markers = measured(&person, &skeleton, &[q.clone()]);
    let weights = markers.names.iter().map(|name| (name.clone(), if moved(name) { 1e-9 } else { 1.0 }));
    let placing = Placing {
        tasks: crate::osim::kinematics_setup::Tasks { markers: weights.collect(), coordinates: Vec::new() },
        markers: None,
        coordinates: None,
        time: [0.0, 1.0],
        moves_markers: true,
        most_movement: None,
        motion: None,
        output: None,
    };
    let placed = place(&model, &skeleton, &placing, &markers, None).unwrap();
    let at = |model: &crate::model::Model, name: &str| {
        model.markers.iter().find(|marker| marker.name == name).unwrap().at
    };
    assert!((at(&placed.model, "femur_r_1") - at(&person, "femur_r_1")).norm() < 1e-6);
    assert_eq!(at(&placed.model, "femur_r_0"), at(&model, "femur_r_0"), "it is fixed");
    assert!(placed.without.is_empty());
}
