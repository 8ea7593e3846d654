//! The catalogue is what its sources say, in the convention of the joint.

use super::*;
use crate::rom::posture::SpinalMobility;
use std::collections::HashSet;

#[test]
fn every_activity_is_complete_and_named_once() {
    let all = Activity::catalogue();
    let names: HashSet<_> = all.iter().map(|activity| activity.name).collect();
    assert_eq!(names.len(), all.len());
    for name in [
        "walking",
        "stairs_up",
        "stairs_down",
        "chair",
        "chair_low",
        "shoe_tying",
        "cross_legged",
        "squat",
        "seiza",
        "bow",
        "pivot",
        "roll_in_bed",
        "sleep",
    ] {
        assert_eq!(Activity::named(name).unwrap().name, name);
    }
    for activity in &all {
        let shares: Vec<f64> = activity.frames.iter().map(|frame| frame.share).collect();
        assert!(shares.len() >= 2 && shares.windows(2).all(|pair| pair[0] < pair[1]), "{}", activity.name);
        assert_eq!((shares[0], shares[shares.len() - 1]), (0.0, 1.0), "{}", activity.name);
        assert_eq!(
            (activity.frames.len(), activity.frames.len()),
            (activity.marks.len(), activity.postures.len())
        );
        if activity.is_cycle {
            let (first, last) = (activity.frames[0], activity.frames[shares.len() - 1]);
            assert_eq!(
                (first.angles, first.pelvic_tilt),
                (last.angles, last.pelvic_tilt),
                "{}",
                activity.name
            );
        }
        let has_unverified = activity.marks.iter().any(|m| {
            [m.flexion, m.adduction, m.internal_rotation, m.pelvic_tilt].contains(&Mark::Unverified)
        });
        assert!(
            !has_unverified || activity.source.to_lowercase().contains("to be verified"),
            "{}",
            activity.name
        );
        assert!(activity.source.chars().any(|c| c.is_ascii_digit()), "{} names no number", activity.name);
    }
}

#[test]
fn an_unknown_name_is_answered_with_the_names_there_are() {
    let error = Activity::named("skiing").unwrap_err().to_string();
    assert!(error.starts_with("there is no activity `skiing`; choose one of walking, "), "{error}");
}

#[test]
fn upright_standing_extends_the_joint_by_the_tilt_and_leaves_the_thigh_upright() {
    let upright = Activity::named("squat").unwrap().frames[0];
    assert!((upright.angles.flexion.degrees() + 5.5).abs() < 1e-9);
    assert!(upright.thigh_in_room().flexion.abs().degrees() < 1e-9);
    let stooped = Activity::named("stoop").unwrap().frames[1];
    assert!(stooped.thigh_in_room().flexion.abs().degrees() < 1e-9);
    let bowed = Activity::named("bow").unwrap();
    assert_eq!(
        bowed.frames[0].thigh_in_room().flexion.degrees().round(),
        bowed.frames[1].thigh_in_room().flexion.degrees().round()
    );
}

#[test]
fn a_stiff_spine_pays_for_sitting_with_flexion_of_the_hip() {
    let chair = Activity::named("chair").unwrap();
    let flexion = |mobility| {
        let there = chair.for_pelvis(&PelvicTilts::usual(mobility));
        assert!(there.frames[0].thigh_in_room().angle_to(chair.frames[0].thigh_in_room()).degrees() < 1e-6);
        there.frames[0].angles.flexion.degrees()
    };
    let [stiff, normal, mobile] =
        [SpinalMobility::Stiff, SpinalMobility::Normal, SpinalMobility::Hypermobile].map(flexion);
    assert!((normal - 64.5).abs() < 1e-9 && (stiff - 79.5).abs() < 1e-9 && (mobile - 49.5).abs() < 1e-9);
    assert_eq!(chair.for_pelvis(&PelvicTilts::default()).frames[0].pelvic_tilt, chair.frames[0].pelvic_tilt);
}

#[test]
fn sampling_keeps_the_key_frames_and_the_step() {
    for activity in Activity::catalogue() {
        let step = Angle::from_degrees(2.0);
        let moments = activity.sampled(step);
        for pair in moments.windows(2) {
            assert!(pair[0].angles.angle_to(pair[1].angles) <= step * 1.000_001, "{}", activity.name);
            assert!(pair[0].share < pair[1].share);
        }
        for key in &activity.frames {
            let off =
                |m: &ActivityFrame| (m.angles.rotation().matrix() - key.angles.rotation().matrix()).norm();
            assert!(moments.iter().any(|m| off(m) < 1e-9), "{} {}", activity.name, key.share);
        }
        // No angle goes beyond its key values.
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
            let (keys, all) = (extent(&activity.frames, value), extent(&moments, value));
            assert!(all.0 >= keys.0 - 1e-9 && all.1 <= keys.1 + 1e-9, "{}", activity.name);
        }
    }
}

#[test]
fn the_cup_pushes_the_head_down_and_out_where_it_has_been_measured() {
    let walking = Activity::named("walking").unwrap();
    let stance = walking.at(0.35);
    let force = stance.force_in_pelvis().unwrap();
    // The cup holds the head against a pelvis that weighs on it from above and from within.
    assert!(force.y() < -2.0 && force.z() > 0.0, "{force:?}");
    assert!((force.norm() - 2.4647).abs() < 1e-3, "{}", force.norm());
    assert!(walking.at(0.8).force.is_none() && walking.at(0.1).force.is_none());
    assert!(walking.at(0.21).force.is_some() && walking.at(0.5).force.is_some());
    // Against the mechanical axis the force of walking leans by 10 degrees in the frontal plane, by 16 against the shaft.
    let in_femur = walking.at(0.3).force.unwrap();
    let frontal = in_femur.z().atan2(-in_femur.y()).to_degrees();
    assert!((frontal - 10.02).abs() < 0.05, "{frontal}");
}

#[test]
fn the_walking_track_has_the_extremes_of_the_standard() {
    let moments = Activity::named("walking").unwrap().sampled(Angle::from_degrees(0.5));
    let most = |value: fn(&ActivityFrame) -> Angle| {
        moments
            .iter()
            .map(|m| value(m).degrees())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)))
    };
    let (extension, flexion) = most(|m| m.angles.flexion);
    assert!((flexion - 19.5).abs() < 1e-9 && (extension + 23.5).abs() < 1e-9, "{extension} {flexion}");
    let (abduction, adduction) = most(|m| m.angles.adduction);
    assert!((adduction - 7.0).abs() < 1e-9 && (abduction + 4.0).abs() < 1e-9);
}

#[test]
fn a_flexed_seat_has_the_tilt_of_the_patient_who_leans_forwards() {
    let usual = PelvicTilts::default();
    let own = PelvicTilts { flexed_seated: Angle::from_degrees(-20.0), ..usual };
    let mut leaning = 0;
    for name in ["chair", "chair_low", "shoe_tying", "shoe_tying_crossed"] {
        let activity = Activity::named(name).unwrap();
        let changed = activity.for_pelvis(&own);
        for (before, after) in activity.frames.iter().zip(&changed.frames) {
            let change = (before.pelvic_tilt - after.pelvic_tilt).degrees();
            assert!(change.abs() < 1e-9 || (change - 23.7).abs() < 1e-9, "{name}: {change}");
            assert!((after.angles.flexion - before.angles.flexion).degrees() - change < 1e-9);
            leaning += usize::from(change > 1.0);
        }
    }
    assert_eq!(leaning, 6);
}

#[test]
fn moments_answer_to_the_tilts_of_the_postures() {
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
        let off = |share: f64| {
            let answers = answers(share);
            assert!(answers.iter().all(|answer| (0.0..=1.0).contains(answer)), "{}", activity.name);
            let expected = answers.iter().zip(change).map(|(a, c)| a * c.degrees()).sum::<f64>();
            let (before, after) = (before.at(share), after.at(share));
            let tilt = (after.pelvic_tilt - before.pelvic_tilt).degrees() - expected;
            let flexion = (after.angles.flexion - before.angles.flexion).degrees() + expected;
            tilt.abs().max(flexion.abs())
        };
        for frame in &activity.frames {
            assert!(off(frame.share) < 1e-9, "{} at {}", activity.name, frame.share);
        }
        let worst = (0..=200).map(|i| off(f64::from(i) / 200.0)).fold(0.0, f64::max);
        // Only on the way from one seat to the other and up does the curve bend with its key values, by less than half of the
        // largest change.
        let most = if activity.name.starts_with("chair") { 4.5 } else { 1e-9 };
        assert!(worst < most, "{}: {worst}", activity.name);
    }
}
