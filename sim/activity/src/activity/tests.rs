//! The catalogue is what its sources say, in the convention of the joint.

use super::*;
use crate::posture::SpinalMobility;

fn named(name: &str) -> &'static Activity {
    Activity::named(name).unwrap().activity
}

#[test]
fn every_activity_is_complete_and_says_where_it_is_from() {
    for activity in Activity::catalogue() {
        let name = &activity.name;
        let fractions: Vec<f64> = activity.frames.iter().map(|frame| frame.fraction).collect();
        assert!(fractions.len() >= 2 && fractions.windows(2).all(|pair| pair[0] < pair[1]), "{name}");
        assert_eq!((fractions[0], fractions[fractions.len() - 1]), (0.0, 1.0), "{name}");
        if activity.is_cycle {
            let (first, last) = (activity.frames[0], activity.frames[fractions.len() - 1]);
            assert_eq!((first.angles, first.pelvic_tilt), (last.angles, last.pelvic_tilt), "{name}");
        }
        let Evidence { found, derived, unverified } = activity.evidence;
        assert!(found + derived + unverified >= 8, "{name}");
        let source = activity.source.to_lowercase();
        assert!(unverified == 0 || source.contains("to be verified"), "{name}");
        assert!(source.chars().any(|c| c.is_ascii_digit()), "{name} names no number");
        for frame in &activity.frames {
            assert_eq!(activity.at(frame.fraction), *frame, "{name} at {}", frame.fraction);
        }
    }
}

#[test]
fn upright_standing_extends_the_joint_by_the_tilt_and_leaves_the_thigh_upright() {
    let upright = named("squat").frames[0];
    assert!((upright.angles.flexion.degrees() + 5.5).abs() < 1e-9);
    assert!(upright.thigh_in_laboratory().flexion.abs().degrees() < 1e-9);
    let stooped = named("stoop").frames[1];
    assert!(stooped.thigh_in_laboratory().flexion.abs().degrees() < 1e-9);
    let bowed = named("bow");
    assert_eq!(
        bowed.frames[0].thigh_in_laboratory().flexion.degrees().round(),
        bowed.frames[1].thigh_in_laboratory().flexion.degrees().round()
    );
}

#[test]
fn a_stiff_spine_pays_for_sitting_with_flexion_of_the_hip() {
    let chair = named("chair_low");
    let flexion = |mobility| {
        let there = chair.for_pelvis(&PelvicTilts::usual(mobility));
        let thigh = |activity: &Activity| *activity.frames[0].thigh_in_laboratory().rotation().matrix();
        assert!((thigh(&there) - thigh(chair)).norm() < 1e-12);
        there.frames[0].angles.flexion.degrees()
    };
    let [stiff, normal, mobile] =
        [SpinalMobility::Stiff, SpinalMobility::Normal, SpinalMobility::Hypermobile].map(flexion);
    assert!((normal - 79.5).abs() < 1e-9 && (stiff - 94.5).abs() < 1e-9 && (mobile - 64.5).abs() < 1e-9);
    assert_eq!(chair.for_pelvis(&PelvicTilts::default()).frames[0].pelvic_tilt, chair.frames[0].pelvic_tilt);
}

#[test]
fn sampling_keeps_the_key_frames_and_the_step() {
    for activity in Activity::catalogue() {
        let step = Angle::from_degrees(2.0);
        let frames = activity.sampled(step);
        for pair in frames.windows(2) {
            assert!(pair[0].angles.angle_to(pair[1].angles) <= step * 1.000_001, "{}", activity.name);
            assert!(pair[0].fraction < pair[1].fraction);
        }
        for key in &activity.frames {
            let off =
                |m: &ActivityFrame| (m.angles.rotation().matrix() - key.angles.rotation().matrix()).norm();
            assert!(frames.iter().any(|m| off(m) < 1e-9), "{} {}", activity.name, key.fraction);
        }
        // No angle goes beyond its key values; a leg motion is smooth and goes a little beyond them.
        let beyond = if activity.has_leg() { 0.5f64.to_radians() } else { 1e-9 };
        let extent = |frames: &[ActivityFrame], value: fn(&ActivityFrame) -> f64| {
            frames
                .iter()
                .map(value)
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)))
        };
        let values: [fn(&ActivityFrame) -> f64; 4] = [
            |f| f.angles.flexion.radians(),
            |f| f.angles.adduction.radians(),
            |f| f.angles.internal_rotation.radians(),
            |f| f.pelvic_tilt.radians(),
        ];
        for value in values {
            let (keys, all) = (extent(&activity.frames, value), extent(&frames, value));
            assert!(all.0 >= keys.0 - beyond && all.1 <= keys.1 + beyond, "{}", activity.name);
        }
    }
}

#[test]
fn the_cup_pushes_the_head_down_and_out_where_it_has_been_measured() {
    let walking = named("walking");
    let stance = walking.loaded_frame().unwrap();
    assert!((stance.fraction - 0.32).abs() < 1e-12);
    let force = stance.force_in_pelvis().unwrap();
    // The cup holds the head against a pelvis that weighs on it from above and from within.
    assert!(force.y() < -2.0 && force.z() > 0.0, "{force:?}");
    assert!((force.norm() - 2.4647).abs() < 1e-3, "{}", force.norm());
    assert!(walking.at(0.159).force.is_none() && walking.at(0.481).force.is_none());
    assert!(walking.at(0.16).force.is_some() && walking.at(0.48).force.is_some());
    // Against the mechanical axis the force of walking leans by 10 degrees in the frontal plane, by 16 against the shaft.
    let in_femur = stance.force.unwrap();
    let frontal = in_femur.z().atan2(-in_femur.y()).to_degrees();
    assert!((frontal - 10.02).abs() < 0.05, "{frontal}");
    assert!(named("sleep").loaded_frame().is_none());
    for name in ["pivot", "chair_low", "chair_rise", "one_leg_stance"] {
        assert!(named(name).frames.iter().any(|frame| frame.force.is_some()), "{name}");
    }
}

#[test]
fn range_of_motion_and_loads_see_one_hip() {
    for activity in Activity::catalogue() {
        let Some(leg) = activity.leg() else { continue };
        for percent in 0..=100 {
            let percent = f64::from(percent);
            let (hip, leg) = (activity.at(percent / 100.0), leg.at(percent));
            let of = |channel: Channel| leg.joint(channel).value.to_degrees();
            // The thigh in the laboratory is the same, whatever the pelvis is counted from.
            let thigh = of(Channel::HipFlexion) + of(Channel::PelvisTilt);
            let name = &activity.name;
            assert!(
                (hip.thigh_in_laboratory().flexion.degrees() - thigh).abs() < 1e-9,
                "{name} at {percent}"
            );
            assert!((hip.angles.adduction.degrees() - of(Channel::HipAdduction)).abs() < 1e-9, "{name}");
            assert!(
                (hip.angles.internal_rotation.degrees() - of(Channel::HipRotation)).abs() < 1e-9,
                "{name}"
            );
        }
    }
}

#[test]
fn the_pelvis_of_a_leg_motion_stands_and_sits_as_people_do() {
    // Upright, on the seat and leaning forwards the tilts from supine are those that posture has, within a few degrees.
    for (name, fraction, posture, within) in [
        ("one_leg_stance", 0.5, Posture::Standing, 1e-9),
        ("chair_rise", 1.0, Posture::Standing, 1e-9),
        ("chair_rise", 0.0, Posture::Sitting, 3.0),
        ("chair_rise", 0.37, Posture::FlexedSeated, 3.0),
        ("sitting_down", 0.63, Posture::FlexedSeated, 3.0),
        ("sitting_down", 1.0, Posture::Sitting, 3.0),
    ] {
        let tilt = named(name).at(fraction).pelvic_tilt;
        let off = (tilt - posture.pelvic_tilt()).degrees();
        assert!(off.abs() < within, "{name} at {fraction}: {off}");
    }
}

#[test]
fn walking_goes_between_the_ends_of_people_with_a_new_hip() {
    let frames = named("walking").sampled(Angle::from_degrees(0.5));
    let flexion = frames.iter().map(|frame| frame.angles.flexion.degrees());
    let (extension, flexion) =
        flexion.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
    // 33 and -3 degrees against the plane of the spines, which lies 15.5 degrees off the supine functional frame.
    assert!((flexion - 17.5).abs() < 0.1 && (extension + 18.5).abs() < 0.1, "{extension} {flexion}");
}

#[test]
fn a_flexed_seat_has_the_tilt_of_the_patient_who_leans_forwards() {
    let usual = PelvicTilts::default();
    let own = PelvicTilts { flexed_seated: Angle::from_degrees(-20.0), ..usual };
    let mut leaning = 0;
    for name in ["chair_rise", "sitting_down", "chair_low", "shoe_tying", "shoe_tying_crossed"] {
        let activity = named(name);
        let changed = activity.for_pelvis(&own);
        for (before, after) in activity.frames.iter().zip(&changed.frames) {
            let change = (before.pelvic_tilt - after.pelvic_tilt).degrees();
            assert!((-1e-9..23.7 + 1e-9).contains(&change), "{name}: {change}");
            let flexion = (after.angles.flexion - before.angles.flexion).degrees();
            assert!((flexion - change).abs() < 1e-9, "{name}: {flexion} {change}");
            leaning += usize::from((change - 23.7).abs() < 1e-9);
        }
    }
    assert_eq!(leaning, 6);
}

#[test]
fn frames_answer_to_the_tilts_of_the_postures() {
    let change = [4.0, -6.0, 9.0].map(Angle::from_degrees);
    let usual = PelvicTilts::usual(SpinalMobility::Stiff);
    let other = PelvicTilts {
        standing: usual.standing + change[0],
        sitting: usual.sitting + change[1],
        flexed_seated: usual.flexed_seated + change[2],
    };
    for activity in Activity::catalogue() {
        let (before, after) = (activity.for_pelvis(&usual), activity.for_pelvis(&other));
        let answers = activity.tilt_answers(&usual);
        let off = |fraction: f64| {
            let answers = answers(fraction);
            assert!(answers.iter().all(|answer| (0.0..=1.0).contains(answer)), "{}", activity.name);
            let expected = answers.iter().zip(change).map(|(a, c)| a * c.degrees()).sum::<f64>();
            let (before, after) = (before.at(fraction), after.at(fraction));
            let tilt = (after.pelvic_tilt - before.pelvic_tilt).degrees() - expected;
            let flexion = (after.angles.flexion - before.angles.flexion).degrees() + expected;
            tilt.abs().max(flexion.abs())
        };
        for frame in &activity.frames {
            assert!(off(frame.fraction) < 1e-9, "{} at {}", activity.name, frame.fraction);
        }
        let worst = (0..=200).map(|i| off(f64::from(i) / 200.0)).fold(0.0, f64::max);
        // Only on the way from one seat to the other and up does the curve bend with its key values, by less than half of the
        // largest change.
        let most = if activity.name == "chair_low" { 4.5 } else { 1e-9 };
        assert!(worst < most, "{}: {worst}", activity.name);
    }
}
