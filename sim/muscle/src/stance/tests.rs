//! The balance on one leg against closed forms and another solver.

use super::*;
use proptest::prelude::*;

/// A person with the specimen's bones.
fn specimen() -> Landmarks {
    let at =
        |places: &[(Landmark, [f64; 3])]| places.iter().map(|&(name, at)| (name, Point3::from(at))).collect();
    Landmarks {
        pelvis: at(&[
            (Landmark::HipCentre, [0.0, 0.0, 0.0]),
            (Landmark::OppositeHipCentre, [0.0, 0.0, -169.0]),
            (Landmark::Asis, [59.0, 83.0, 45.5]),
            (Landmark::OppositeAsis, [59.0, 83.0, -214.5]),
            (Landmark::PubicTubercle, [59.0, -18.0, -49.0]),
            (Landmark::Psis, [-105.0, 100.0, -40.0]),
        ]),
        femur: at(&[
            (Landmark::HipCentre, [0.0, 0.0, 0.0]),
            (Landmark::GreaterTrochanter, [-1.0, -1.0, 55.0]),
            (Landmark::LateralEpicondyle, [0.0, -423.0, 44.0]),
            (Landmark::MedialEpicondyle, [0.0, -423.0, -44.0]),
        ]),
    }
}

fn force(landmarks: &Landmarks) -> Stance {
    one_leg_stance(landmarks, 700.0, 0.0).unwrap()
}

#[test]
fn the_specimen_itself_bears_what_another_solver_finds() {
    let stance = force(&specimen());
    // Sequential quadratic programming (SciPy 1.17, SLSQP) on the same table, in body weights.
    let expected = Vector3::new(-0.09982, -2.31162, 0.55311);
    assert!(
        (stance.on_head_in_femur / 700.0 - expected).norm() < 2e-5,
        "{}",
        stance.on_head_in_femur / 700.0
    );
    assert!((stance.abductor_arm_mm - 48.009).abs() < 1e-2);
    assert!((stance.moment - 0.700 * 78.8148).abs() < 1e-3);
    assert_eq!(stance.muscles[0].0, "gluteus medius, anterior");
    let stress = stance.muscles[0].1 / 700.0 / MEDIUS;
    assert!((stress - 1.56564).abs() < 1e-4, "{stress}");
}

#[test]
fn pauwels_own_numbers_give_his_force() {
    // Braune and Fischer's person of 58.7 kg in the 16th phase of the step: 47.76 kg on an arm of 109.9 mm, muscles on 40 mm at 21 degrees.
    // Pauwels finds 174.75 kg at 16 degrees from drawings.
    let (muscle, joint, angle) = frontal_balance(47.76, 109.9, 40.0, 21.0_f64.to_radians());
    assert!((muscle - 131.2).abs() < 0.1, "{muscle}");
    assert!((joint - 174.75).abs() < 2.5, "{joint}");
    assert!((angle.to_degrees() - 16.0).abs() < 1.0);
}

#[test]
fn what_is_no_hip_is_refused() {
    let mut without = specimen();
    without.femur.remove(&Landmark::GreaterTrochanter);
    let error = one_leg_stance(&without, 700.0, 0.0).unwrap_err();
    assert_eq!(error, StanceError::Missing(Landmark::GreaterTrochanter));
    assert_eq!(
        one_leg_stance(&specimen(), f64::NAN, 0.0).unwrap_err().to_string(),
        "a body weight of NaN N is not possible"
    );
    let mut inside_out = specimen();
    inside_out.femur.insert(Landmark::GreaterTrochanter, Point3::new(0.0, 0.0, -50.0));
    assert_eq!(one_leg_stance(&inside_out, 700.0, 0.0).unwrap_err(), StanceError::Shape);
    let mut flat = specimen();
    flat.pelvis.insert(Landmark::Asis, flat.pelvis[&Landmark::OppositeAsis]);
    assert_eq!(one_leg_stance(&flat, 700.0, 0.0).unwrap_err(), StanceError::Shape);
}

proptest! {
    #[test]
    fn force_goes_with_weight_and_not_with_where_a_person_stands(
        weight in 300.0..1500.0f64, turn in prop::array::uniform3(-3.0..3.0f64), size in 0.7..1.3f64,
    ) {
        let own = specimen();
        let by = nalgebra::Isometry3::new(Vector3::new(300.0, -20.0, 900.0), Vector3::from(turn));
        let moved = |places: &BTreeMap<Landmark, Point3<f64>>| {
            places.iter().map(|(&name, at)| (name, by * (at * size))).collect()
        };
        let person = Landmarks { pelvis: moved(&own.pelvis), femur: moved(&own.femur) };
        let stance = one_leg_stance(&person, weight, 0.0).unwrap();
        let expected = force(&own).on_head_in_femur * (weight / 700.0);
        prop_assert!((stance.on_head_in_femur - expected).norm() < 1e-6 * weight);
    }

    #[test]
    fn muscles_and_joint_balance_the_weight(tilt in -0.3..0.3f64, out in 40.0..70.0f64, width in 140.0..200.0f64) {
        let mut person = specimen();
        person.femur.insert(Landmark::GreaterTrochanter, Point3::new(-1.0, -1.0, out));
        person.pelvis.insert(Landmark::OppositeHipCentre, Point3::new(0.0, 0.0, -width));
        let stance = one_leg_stance(&person, 700.0, tilt).unwrap();
        prop_assert!(stance.muscles.iter().all(|(_, force)| *force >= 0.0));
        prop_assert!((stance.on_head_in_femur.norm() - stance.on_head_in_pelvis.norm()).abs() < 1e-9);
        // Down, inwards to the cup's floor: the pelvis presses on the head.
        prop_assert!(stance.on_head_in_femur.y < -700.0 * 0.839);
    }

    #[test]
    fn a_trochanter_farther_out_gives_the_abductors_a_longer_arm_and_the_hip_less_to_bear(
        out in 40.0..60.0f64, more in 1.0..12.0f64,
    ) {
        let with = |out: f64| {
            let mut person = specimen();
            person.femur.insert(Landmark::GreaterTrochanter, Point3::new(-1.0, -1.0, out));
            force(&person)
        };
        let (short, long) = (with(out), with(out + more));
        prop_assert!(long.abductor_arm_mm > short.abductor_arm_mm);
        prop_assert!(long.on_head_in_femur.norm() < short.on_head_in_femur.norm());
    }
}
