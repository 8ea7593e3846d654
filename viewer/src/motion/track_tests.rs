//! Tracks: that they are where the simulator says, and that what stops them is told.

use super::*;
use coxa_planner::simulate::{MotionGroup, PairLimit};
use coxa_rom::{Direction, JointAxis};

fn limit(limit_deg: Option<f64>, required_deg: Option<f64>) -> MotionLimit {
    let start = HipAngles::from_degrees(90.0, 10.0, 0.0);
    let range = Angle::from_degrees(120.0);
    let motion = Motion::new(
        "internal_rotation_at_90",
        start,
        JointAxis::InternalRotation,
        Direction::Positive,
        range,
    );
    MotionLimit {
        motion,
        group: MotionGroup::PosteriorDislocation,
        limit_deg: limit_deg.map(Angle::from_degrees),
        cause: limit_deg.map(|_| ContactPair::NeckOnLiner),
        place_mm: None,
        spread_deg: None,
        is_bare_stem: false,
        pairs: Vec::<PairLimit>::new(),
        required_deg: required_deg.map(Angle::from_degrees),
        required_source: None,
        margin_deg: None,
        verdict: None,
    }
}

#[test]
fn a_motion_goes_beyond_what_stops_it_and_is_red_there() {
    let track = Track::of_limit(&limit(Some(40.0), Some(30.0)));
    let stop = track.stop.unwrap();
    // The way ends 25 degrees beyond the limit.
    assert!((stop.at - 40.0 / 65.0).abs() < 1e-12);
    assert!(track.is_blocked(0.9) && !track.is_blocked(stop.at - 0.01));
    assert!((track.marks[0].at - 30.0 / 65.0).abs() < 1e-12);
    let at = track.at(stop.at).leg.hip;
    assert!(at.angle_to(HipAngles::from_degrees(90.0, 10.0, 40.0)).degrees() < 1e-5, "{at}");
    assert_eq!(track.place_in_words(stop.at), "40\u{b0}");
    assert!((track.part_of_turn(Angle::from_degrees(13.0)).unwrap() - 0.2).abs() < 1e-12);
    // Nothing meets: all of the range, and nothing is red.
    let free = Track::of_limit(&limit(None, None));
    assert!(free.stop.is_none() && !free.is_blocked(1.0));
    assert_eq!(free.at(1.0).leg.hip, HipAngles::from_degrees(90.0, 10.0, 120.0));
}

#[test]
fn what_is_blocked_at_its_start_is_red_all_the_way() {
    let track = Track::of_limit(&limit(Some(-12.0), None));
    assert_eq!(track.stop.unwrap().at, 0.0);
    assert!([0.0, 0.5, 1.0].iter().all(|part| track.is_blocked(*part)));
}

#[test]
fn between_moments_a_leg_takes_the_shortest_turn() {
    let frame = |flexion, knee_rad| LegFrame { hip: HipAngles::from_degrees(flexion, 4.0, 8.0), knee_rad };
    let course = vec![(0.0, frame(10.0, 0.0)), (0.5, frame(50.0, -1.0)), (1.0, frame(10.0, 0.0))];
    let track = Track::of_load("walk", "Walk", "", 1.1, course).unwrap();
    assert!(track.is_cycle);
    let quarter = track.at(0.25).leg;
    assert!(quarter.hip.angle_to(HipAngles::from_degrees(30.0, 4.0, 8.0)).degrees() < 1e-5);
    assert!((quarter.knee_rad + 0.5).abs() < 1e-12);
    for (part, flexion) in [(0.0, 10.0), (0.5, 50.0), (1.0, 10.0), (7.0, 10.0), (f64::NAN, 10.0)] {
        let off = track.at(part).leg.hip.angle_to(frame(flexion, 0.0).hip).degrees();
        assert!(off < 1e-5, "{part}: {off}");
    }
    let single = Track::of_load("still", "Still", "", 1.0, vec![(0.0, frame(10.0, 0.0))]).unwrap();
    assert_eq!(single.at(0.7).leg, frame(10.0, 0.0));
    assert!(Track::of_load("none", "None", "", 1.0, Vec::new()).is_none());
}

#[test]
fn contact_is_red_from_where_the_path_meets_to_the_last_moment_that_does() {
    let met = [(0.0, false), (0.2, false), (0.4, true), (0.6, true), (0.8, false), (0.9, true), (1.0, false)];
    assert_eq!(spans(0.0, met.into_iter(), Some(0.33)), [[0.33, 0.8], [0.8, 1.0]]);
    assert_eq!(spans(0.0, [(0.0, true), (1.0, true)].into_iter(), None), [[0.0, 1.0]]);
}
