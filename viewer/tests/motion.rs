//! What is played of a virtual patient's plan: where the simulator says it stops, something touches, and before it nothing does.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use coxa_geometry::Transform;
use coxa_geometry::frame::Patient;
use coxa_planner::placement::realise;
use coxa_viewer::motion::{HipPose, Stagehand, TrackKind};
use coxa_viewer::session::CaseData;
use coxa_viewer::shown;
use std::sync::Arc;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(300);

#[test]
fn what_is_played_touches_where_it_stops_and_is_free_a_degree_before() {
    let folder = tempfile::tempdir().unwrap();
    common::write_case(folder.path(), 3.0);
    let case = Arc::new(CaseData::open(folder.path()).unwrap());
    let input = case.planning().unwrap();
    let planned = realise(&case.plan().unwrap().plan, &input, case.catalogue()).unwrap();
    let parts = shown::scanned(case.side(), case.bones().unwrap(), true, case.labels().unwrap());
    let hand = Stagehand::new(case.clone(), Arc::new(planned.clone()), &parts);
    assert!(hand.wait(PATIENCE));
    let ready = hand.ready();
    assert_eq!(ready.problem, None);
    let moves = ready.moves.unwrap();
    let side = format!("_{}", case.side());
    assert!(!ready.tissues.unwrap().is_empty() && parts.iter().any(|part| part.name.ends_with(&side)));

    // The leg as planned is no motion of stem, head and femur, in whatever position of the hip that is.
    let identity = Transform::<Patient, Patient>::identity();
    let as_planned = moves.frames().position(moves.frames().angles(&identity));
    assert!((as_planned.isometry().to_homogeneous() - identity.isometry().to_homogeneous()).norm() < 1e-6);
    assert_eq!(HipPose::default().motion, identity);

    let told = |hip| {
        hand.ask(hip);
        assert!(hand.wait(PATIENCE));
        hand.ready().nearest.filter(|nearest| nearest.hip == hip).unwrap()
    };
    let mut stopped = 0;
    for track in moves.tracks().iter().filter(|track| track.kind == TrackKind::Motion) {
        let Some(stop) = track.stop.filter(|stop| stop.at > 0.0) else { continue };
        stopped += 1;
        let at = told(track.at(stop.at).leg.hip);
        assert!(at.distance_mm.abs() < 0.1, "{}: {}", track.name, at.distance_mm);
        // Places of a sharp edge differ by what they touch at once.
        let off = stop.place_mm.unwrap().distance(at.place_mm);
        assert!(off < 5.0 || at.pair != stop.cause, "{}: {off}", track.name);
        let degree = 1.0 / (track.at(1.0).leg.hip.angle_to(track.at(0.0).leg.hip).degrees());
        if stop.at > degree {
            let before = told(track.at(stop.at - degree).leg.hip);
            assert!(before.distance_mm > 0.0, "{}: {}", track.name, before.distance_mm);
            assert!(!track.is_blocked(stop.at - degree) && track.is_blocked(stop.at + degree / 2.0));
        }
        // The centre of the hip stays where it is.
        let pose = moves.pose(&track.at(stop.at));
        assert!(pose.motion.apply(planned.pose.hip_centre).distance(planned.pose.hip_centre) < 1e-6);
    }
    assert!(stopped >= 6, "{stopped}");

    // The surface of the range of motion ends where single motions do, to its step.
    hand.want_range();
    let begun = std::time::Instant::now();
    assert!(hand.wait(PATIENCE));
    println!("range of motion mapped in {:.1} s", begun.elapsed().as_secs_f64());
    let range = hand.ready().range.unwrap();
    let index = |values: &[f64], wanted: f64| values.iter().position(|v| (v - wanted).abs() < 1e-9).unwrap();
    let (f, a) = (index(&range.flexion_deg, 0.0), index(&range.adduction_deg, 0.0));
    for (sheet, name, sign) in [(1, "internal_rotation", 1.0), (0, "external_rotation", -1.0)] {
        let track = moves.track(name).unwrap();
        let limit =
            track.stop.map_or(90.0, |stop| track.at(stop.at).leg.hip.internal_rotation.degrees() * sign);
        let end = range.sheets[sheet].at(f, a).unwrap();
        let off = end.rotation_deg * sign - limit.min(90.0);
        assert!((-2.5..=0.5).contains(&off), "{name}: {} of {limit}", end.rotation_deg);
        assert!(limit > 86.0 || end.cause == track.stop.map(|stop| stop.cause), "{name}");
    }
}
