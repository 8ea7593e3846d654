//! Loads of a synthetic hip: what they hold, and laws that they keep.

use super::options::USUAL;
use super::*;
use crate::placement::PlanOptions;
use crate::placement::synthetic::Case;
use coxa_anatomy::{FemoralHead, Landmark as Found, LandmarkKind};
use coxa_geometry::frame::Patient as PatientFrame;
use coxa_geometry::{Point, Side, Transform};
use coxa_sim::muscle::leg::{self, Landmark};
use nalgebra::{Point3, Translation3, Vector3};

/// The synthetic hip with the landmarks of the leg that ships around its head, and a plan of it.
fn case() -> Case {
    let mut case = Case::right();
    let Some(head) = case.anatomy.right.head.clone() else { panic!("a head") };
    let own = leg::generic_landmarks();
    let hip = own.pelvis[&Landmark::HipCentre];
    let at = |p: Point3<f64>, from: Point3<f64>| -> Point<PatientFrame> {
        let d: Vector3<f64> = p - from;
        Point::new(head.centre_mm.x() - d.z, head.centre_mm.y() - d.x, head.centre_mm.z() + d.y)
    };
    case.anatomy.landmarks.clear();
    let mut found = |kind, side, position_mm| {
        case.anatomy.landmarks.push(Found { kind, side, position_mm, spread_mm: 1.0, method: String::new() });
    };
    for (landmark, kind, side) in [
        (Landmark::Asis, LandmarkKind::Asis, Side::Right),
        (Landmark::OppositeAsis, LandmarkKind::Asis, Side::Left),
        (Landmark::Psis, LandmarkKind::Psis, Side::Right),
        (Landmark::OppositePsis, LandmarkKind::Psis, Side::Left),
        (Landmark::PubicTubercle, LandmarkKind::PubicTubercle, Side::Right),
    ] {
        found(kind, side, at(own.pelvis[&landmark], hip));
    }
    for (landmark, kind) in [
        (Landmark::GreaterTrochanter, LandmarkKind::GreaterTrochanter),
        (Landmark::LesserTrochanter, LandmarkKind::LesserTrochanter),
        (Landmark::LateralEpicondyle, LandmarkKind::LateralEpicondyle),
        (Landmark::MedialEpicondyle, LandmarkKind::MedialEpicondyle),
    ] {
        found(kind, Side::Right, at(own.femur[&landmark], own.femur[&Landmark::HipCentre]));
    }
    let other = FemoralHead { centre_mm: at(own.pelvis[&Landmark::OppositeHipCentre], hip), ..head };
    case.anatomy.left.head = Some(other);
    case
}

fn loads(case: &Case, planned: &Planned) -> Loads {
    let options =
        LoadOptions { before_after: true, body_mass_kg: Some(75.0), samples: 4, ..Default::default() };
    simulate(planned, &case.anatomy, &Catalogue::builtin(), &options).unwrap()
}

/// A plan whose femur lies further out by some mm, about the same centre: a longer offset of the stem.
fn with_offset(case: &Case, more_mm: f64) -> Planned {
    let mut planned = case.plan(PlanOptions::default());
    let lateral = Transform::from_isometry(Translation3::new(-more_mm, 0.0, 0.0).into());
    planned.reduction = planned.reduction.then(&lateral);
    planned
}

#[test]
fn a_hip_of_the_leg_that_ships_bears_what_hips_bear() {
    let case = case();
    let found = loads(&case, &case.plan(PlanOptions::default()));
    let [walking, standing] = &found.activities[..] else { panic!("two activities") };
    assert_eq!([walking.name.as_str(), standing.name.as_str()], USUAL.map(|name| name.replace('-', "_")));
    // In standing on one leg hips bear 200 to 330 % of body weight (loads of seven people and models of them); both ways of computing agree
    // with that and so with one another.
    let middle = standing.joint.after.force_pct_bw[25];
    let closed = found.stance.after.force_pct_bw;
    assert!((200.0..330.0).contains(&middle) && (200.0..330.0).contains(&closed), "{middle} {closed}");
    let first = walking.joint.after.force_pct_bw[..15].iter().fold(0.0, |a: f64, b| a.max(*b));
    assert!((200.0..400.0).contains(&first), "{first}");
    for activity in &found.activities {
        let joint = &activity.joint.after;
        let lists =
            [joint.on_head_in_pelvis_n.len(), joint.on_head_in_cup_n.len(), joint.on_head_in_femur_n.len()];
        assert_eq!(lists, [activity.share.len(); 3]);
        assert!(joint.band_pct_bw.iter().all(|[low, high]| low <= high));
        // A force is as great whoever looks at it.
        let size = |v: &[f64; 3]| Vector3::from(*v).norm();
        for n in 0..activity.share.len() {
            let own = joint.force_pct_bw[n] * 75.0 * 9.80665 / 100.0;
            for list in [&joint.on_head_in_pelvis_n, &joint.on_head_in_cup_n, &joint.on_head_in_femur_n] {
                assert!((size(&list[n]) - own).abs() < 1e-6 * own);
            }
        }
        // The pelvis presses the head down and inwards while it stands on it: right hip, Z lateral.
        let [_, up, lateral] = joint.on_head_in_pelvis_n[25];
        assert!(up < 0.0 && lateral > 0.0, "{up} {lateral}");
        let before = activity.joint.before.as_ref().unwrap();
        assert!((before.peak.force_pct_bw / joint.peak.force_pct_bw - 1.0).abs() < 0.2);
    }
    assert_eq!(found.muscles.len(), 27);
    let json = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::to_string(&loads(&case, &case.plan(PlanOptions::default()))).unwrap(), json);
}

#[test]
fn a_left_hip_has_the_loads_of_its_mirror_image() {
    let right = case();
    let found = loads(&right, &right.plan(PlanOptions::default()));
    let other = right
        .anatomy
        .left
        .head
        .clone()
        .map(|head| FemoralHead { centre_mm: Side::Left.to_right(head.centre_mm), ..head });
    let mut left = right.mirrored();
    left.anatomy.right.head = other;
    let mirrored = loads(&left, &left.plan(PlanOptions::default()));
    assert_eq!(mirrored.side, Side::Left);
    for (a, b) in found.activities.iter().zip(&mirrored.activities) {
        for (a, b) in a.joint.after.on_head_in_cup_n.iter().zip(&b.joint.after.on_head_in_cup_n) {
            assert!((Vector3::from(*a) - Vector3::from(*b)).norm() < 0.1, "{a:?} {b:?}");
        }
    }
    assert!((found.abductors.after.lever_arm_mm - mirrored.abductors.after.lever_arm_mm).abs() < 1e-5);
}

#[test]
fn a_longer_offset_never_shortens_the_lever_arm_of_the_abductors() {
    let case = case();
    let options = LoadOptions { body_mass_kg: Some(75.0), ..Default::default() };
    let arms: Vec<f64> = [0.0, 3.0, 6.0, 9.0, 12.0]
        .iter()
        .map(|&more| {
            let patient = Patient::new(&with_offset(&case, more), &case.anatomy, &options).unwrap();
            PatientLeg::new(&patient.after).unwrap().abductors(50.0).lever_arm_mm
        })
        .collect();
    assert!(arms.windows(2).all(|pair| pair[1] >= pair[0]), "{arms:?}");
    assert!(arms[4] - arms[0] > 2.0, "{arms:?}");
}

#[test]
fn what_cannot_be_simulated_is_said() {
    let mut case = case();
    let planned = case.plan(PlanOptions::default());
    let of = |anatomy: &HipAnatomy, options: &LoadOptions| {
        simulate(&planned, anatomy, &Catalogue::builtin(), options).unwrap_err().to_string()
    };
    let unknown = LoadOptions { activities: vec!["moonwalk".into()], ..Default::default() };
    assert!(of(&case.anatomy, &unknown).contains("level-walking"));
    case.anatomy.landmarks.retain(|landmark| landmark.kind != LandmarkKind::LateralEpicondyle);
    let missing = of(&case.anatomy, &LoadOptions::default());
    assert!(missing.contains("LateralEpicondyle"), "{missing}");
}
