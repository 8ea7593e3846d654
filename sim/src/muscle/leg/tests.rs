use super::*;
use crate::muscle::{Paths, Posture, Skeleton};

#[test]
fn the_leg_that_ships_is_a_model_with_paths() {
    let model = generic();
    let skeleton = Skeleton::new(model).unwrap();
    let paths = Paths::new(model, &skeleton).unwrap();
    assert_eq!(model.muscles.len(), 43);
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
fn damaged_files_are_refused() {
    let text = include_str!("../../../data/leg/leg.toml");
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
