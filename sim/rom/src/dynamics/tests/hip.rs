//! Planned hips: contact as the cone says, the textbook's order of dislocation, and the capsule.

use super::*;

#[test]
fn the_neck_meets_the_rim_where_the_cone_says() {
    for name in ["flexion", "external_rotation", "internal_rotation_at_90"] {
        let motion = table(name);
        let mut joint = planned_joint(40.0, 32.0);
        joint.radial_clearance_mm = 0.0;
        let cone = ConeHip::new(joint.cup_axis, joint.neck_axis, joint.bearing.oscillation_angle().unwrap());
        let limit = cone.unwrap().limit(&motion).angle().unwrap().degrees();
        let load = Vector::new(0.0, 200.0, -80.0);
        let settings = Settings { contact_stiffness_n_per_mm: 2e5, step_s: 5e-5, ..Settings::default() };
        let found = lever_out(&lever(joint, motion, load), &settings).unwrap();
        let contact = found.neck_contact.unwrap();
        assert!((contact.turn.degrees() - limit).abs() < 0.05, "{name}: {} {limit}", contact.turn);
        close(contact.place.coords().coords.norm(), 16.0, 1e-9);
    }
}

#[test]
fn a_small_head_leaves_before_a_large_one_and_a_steep_cup_before_a_flat_one() {
    let load = Vector::new(0.0, 450.0, -218.0);
    for name in ["adduction", "external_rotation_extended_10"] {
        let mut motion = table(name);
        motion.range = Angle::from_degrees(120.0);
        let leaves = |inclination, head| {
            let input = lever(planned_joint(inclination, head), motion.clone(), load);
            let found = lever_out(&input, &Settings::default()).unwrap();
            found.dislocation.map_or(f64::INFINITY, |out| out.turn.degrees())
        };
        let (small, large, flat) = (leaves(60.0, 22.0), leaves(60.0, 36.0), leaves(40.0, 22.0));
        assert!(small.is_finite() && small < large && small < flat, "{name}: {small} {large} {flat}");
    }
}

#[test]
fn in_a_capsule_too_a_small_head_leaves_before_a_large_one_turned_in_and_backwards() {
    let leaves = |head| {
        let joint = planned_joint(40.0, head);
        let mut input = lever(joint, table("internal_rotation_at_90"), Vector::new(0.0, 450.0, -218.0));
        let capsule = Capsule { pretension_n: 30.0, ..Capsule::pieroh_2016(28.0, 16.0, 38.0) };
        input.fibres = capsule.fibres(&joint, HipAngles::default()).unwrap();
        let found = lever_out(&input, &Settings::default()).unwrap();
        (found.dislocation.unwrap().turn, found.samples.last().unwrap().head_centre)
    };
    let (small, large) = (leaves(22.0), leaves(36.0));
    assert!(small.0 < large.0, "{} {}", small.0, large.0);
    assert!(small.1.x() < -5.0 && large.1.x() < -5.0, "{} {}", small.1.x(), large.1.x());
}

#[test]
fn turned_in_at_a_right_angle_a_steep_cup_gives_way_with_less_though_its_neck_meets_the_rim_later() {
    // In flexion the opening of a steep cup looks more to the side, so that the neck has further to go before it meets the rim,
    // which the cone says in closed form. From there the order is that of the textbook.
    let mut motion = table("internal_rotation_at_90_adducted_10");
    motion.range = Angle::from_degrees(140.0);
    let load = Vector::new(0.0, 450.0, -218.0);
    let lever_it = |inclination, head, in_capsule: bool| {
        let joint = planned_joint(inclination, head);
        let mut input = lever(joint, motion.clone(), load);
        if in_capsule {
            let capsule = Capsule { pretension_n: 30.0, ..Capsule::pieroh_2016(28.0, 16.0, 38.0) };
            input.fibres = capsule.fibres(&joint, HipAngles::default()).unwrap();
        }
        let found = lever_out(&input, &Settings::default()).unwrap();
        let met = found.neck_contact.unwrap().turn.degrees();
        (met, found.dislocation.map_or(f64::INFINITY, |out| out.turn.degrees()), found.work_j)
    };
    let cone = |inclination| {
        let joint = planned_joint(inclination, 22.0);
        let hip = ConeHip::new(joint.cup_axis, joint.neck_axis, joint.bearing.oscillation_angle().unwrap());
        hip.unwrap().limit(&motion).angle().unwrap().degrees()
    };
    let (flat, steep) = (lever_it(40.0, 22.0, false), lever_it(60.0, 22.0, false));
    assert!((steep.0 - flat.0 - (cone(60.0) - cone(40.0))).abs() < 0.3, "{flat:?} {steep:?}");
    assert!(steep.0 > flat.0 + 10.0);
    assert!(steep.1 < flat.1 && steep.2 < 0.8 * flat.2, "{flat:?} {steep:?}");
    let large = lever_it(60.0, 36.0, false);
    assert!(steep.1 < large.1 && steep.2 < large.2, "{steep:?} {large:?}");
    // A capsule that tightens with every degree holds the steep cup longer, from the later contact on for a shorter way.
    let (flat, steep) = (lever_it(40.0, 22.0, true), lever_it(60.0, 22.0, true));
    assert!(steep.1 - steep.0 < flat.1 - flat.0, "{flat:?} {steep:?}");
}

#[test]
fn a_slack_capsule_lets_the_hip_rotate_as_far_as_real_ones_do_and_a_taut_one_does_not() {
    // Van Arkel et al. 2015 (J Biomech 48:3803), nine hips: up to 50 +- 10 degrees without resistance in mid flexion.
    let joint = planned_joint(40.0, 32.0);
    let free_arc = |slack_mm: f64| {
        let capsule = Capsule { slack_mm, ..Capsule::pieroh_2016(28.0, 16.0, 38.0) };
        let middle = HipAngles::from_degrees(30.0, 0.0, 0.0);
        let fibres = capsule.fibres(&joint, middle).unwrap();
        let energy = |rotation: f64| -> f64 {
            let turn = HipAngles::from_degrees(30.0, 0.0, rotation).rotation();
            fibres.iter().map(|fibre| fibre.energy(&(turn * fibre.on_femur.coords().coords))).sum()
        };
        (-90..=90).filter(|&degrees| energy(f64::from(degrees)) == 0.0).count() as f64 - 1.0
    };
    assert!(
        (free_arc(Capsule::NATIVE_SLACK_MM) - 50.0).abs() <= 5.0,
        "{}",
        free_arc(Capsule::NATIVE_SLACK_MM)
    );
    assert!(free_arc(0.0) <= 0.0);
}

#[test]
fn turning_a_frictionless_hip_stores_its_work_in_the_capsule() {
    let joint = HipJoint { friction: 0.0, radial_clearance_mm: 0.0, ..planned_joint(40.0, 32.0) };
    let motion = Motion { range: Angle::from_degrees(40.0), ..table("external_rotation") };
    let capsule = Capsule { pretension_n: 30.0, ..Capsule::pieroh_2016(28.0, 16.0, 38.0) };
    let fibres = capsule.fibres(&joint, HipAngles::default()).unwrap();
    close(fibres.iter().map(|fibre| fibre.tension_n).sum(), 30.0, 1e-12);
    let input = LeverOutInput {
        fibres: fibres.clone(),
        ..lever(joint, motion.clone(), Vector::new(0.0, 600.0, -250.0))
    };
    let found = lever_out(&input, &Settings::default()).unwrap();
    assert!(found.neck_contact.is_none());
    let turned: f64 = found
        .samples
        .windows(2)
        .map(|pair| {
            let mean = (pair[0].resisting_moment_n_m + pair[1].resisting_moment_n_m) / 2.0;
            mean * (pair[1].turn - pair[0].turn).radians()
        })
        .sum();
    let last = found.samples.last().unwrap().turn;
    let stored = |turn: Angle| -> f64 {
        let pose = motion.at(turn).pose();
        let stretch = fibres.iter().map(|fibre| {
            let length = fibre.on_pelvis.distance(pose.apply(fibre.on_femur));
            let tension = fibre.tension_n + fibre.stiffness_n_per_mm * (length - fibre.reference_length_mm);
            tension.max(0.0).powi(2) / (2.0 * fibre.stiffness_n_per_mm) / 1e3
        });
        stretch.sum()
    };
    let expected = stored(last) - stored(Angle::ZERO);
    assert!(expected > 1.0, "{expected}");
    close(turned, expected, 0.01);
}
