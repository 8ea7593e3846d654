//! Loads of a synthetic hip: what they hold, and laws that they keep.

use super::options::USUAL;
use super::*;
use crate::placement::PlanOptions;
use crate::placement::synthetic::Case;
use coxa_anatomy::{FemoralHead, Landmark as Found, LandmarkKind};
use coxa_geometry::finding::Code;
use coxa_geometry::frame::Patient as PatientFrame;
use coxa_geometry::side::Mirror;
use coxa_geometry::{Point, Side, Vector};
use coxa_muscle::leg::{self, Landmark};
use nalgebra::{Point3, Vector3};

/// The synthetic hip with the landmarks of the leg that ships around its head, and a plan of it.
pub(super) fn case() -> Case {
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

pub(super) fn loads(case: &Case, planned: &Planned) -> Loads {
    let options =
        LoadOptions { before_after: true, body_mass_kg: Some(75.0), samples: 4, ..Default::default() };
    simulate(planned, &case.anatomy, &options, None).unwrap()
}

/// The leg of a plan.
fn patient(case: &Case, planned: &Planned) -> Patient {
    let options = LoadOptions { body_mass_kg: Some(75.0), ..Default::default() };
    let mass = BodyMass::new(&options, &case.anatomy);
    let known = PatientLandmarks::new(&case.anatomy, planned.plan.side).unwrap();
    let steps = CentreSteps::new(planned, &case.anatomy).unwrap();
    Patient::new(&known, &steps, mass, &case.anatomy, planned.plan.side).unwrap()
}

/// A plan whose femur lies further out by some mm, about the same centre: a longer offset of the stem.
fn with_offset(case: &Case, more_mm: f64) -> Planned {
    let mut planned = case.plan(PlanOptions::default());
    planned.pose.reduction = planned.pose.reduction + Vector::new(-more_mm, 0.0, 0.0);
    planned
}

#[test]
fn a_hip_of_the_leg_that_ships_bears_what_hips_bear() {
    let case = case();
    let found = loads(&case, &case.plan(PlanOptions::default()));
    let [walking, standing] = &found.activities[..] else { panic!("two activities") };
    assert_eq!([walking.name.as_str(), standing.name.as_str()], USUAL);
    // A step is paid by work of muscles, about a joule per kg; standing costs little.
    let work = |activity: &ActivityLoad| {
        let all = activity.muscles.iter().map(|muscle| muscle.work.as_ref().unwrap().after);
        all.fold([0.0; 2], |sum, work| {
            assert!(work.shortening_j >= 0.0 && work.lengthening_j <= 0.0, "{work:?}");
            [sum[0] + work.shortening_j, sum[1] + work.lengthening_j]
        })
    };
    let [[done, taken], [swayed, _]] = [work(walking), work(standing)];
    assert!((20.0..150.0).contains(&done) && (-150.0..-20.0).contains(&taken), "{done} {taken} J");
    assert!(swayed < 10.0, "{swayed} J");
    // In standing on one leg hips bear 200 to 330 % of body weight (loads of seven people and models of them); both ways of computing agree
    // with that and so with one another.
    let middle = standing.joint.after.force_pct_bw[25];
    let closed = found.stance.as_ref().unwrap().after.force_pct_bw;
    assert!((200.0..330.0).contains(&middle) && (200.0..330.0).contains(&closed), "{middle} {closed}");
    let first = walking.joint.after.force_pct_bw[..15].iter().fold(0.0, |a: f64, b| a.max(*b));
    assert!((200.0..400.0).contains(&first), "{first}");
    for activity in &found.activities {
        let joint = &activity.joint.after;
        let lists =
            [joint.on_head_in_pelvis_n.len(), joint.on_head_in_cup_n.len(), joint.on_head_in_femur_n.len()];
        assert_eq!(lists, [activity.fractions.len(); 3]);
        assert!(joint.band_pct_bw.iter().all(|[low, high]| low <= high));
        // A force is as great whoever looks at it.
        let size = |v: &[f64; 3]| Vector3::from(*v).norm();
        for n in 0..activity.fractions.len() {
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
    assert_eq!(found.muscles.len(), 29);
    let json = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::to_string(&loads(&case, &case.plan(PlanOptions::default()))).unwrap(), json);
}

#[test]
fn a_left_hip_has_the_loads_of_its_mirror_image() {
    let right = case();
    let found = loads(&right, &right.plan(PlanOptions::default()));
    let other = right.anatomy.left.head.clone().mirror();
    let mut left = right.mirrored();
    left.anatomy.right.head = other;
    let mirrored = loads(&left, &left.plan(PlanOptions::default()));
    assert_eq!(mirrored.side, Side::Left);
    for (a, b) in found.activities.iter().zip(&mirrored.activities) {
        for (a, b) in a.joint.after.on_head_in_cup_n.iter().zip(&b.joint.after.on_head_in_cup_n) {
            assert!((Vector3::from(*a) - Vector3::from(*b)).norm() < 0.1, "{a:?} {b:?}");
        }
        let pairs = a.joint.after.on_head_in_femur_n.iter().zip(&b.joint.after.on_head_in_femur_n);
        for (a, b) in pairs {
            assert!((Vector3::from(*a) - Vector3::from(*b)).norm() < 0.1, "{a:?} {b:?}");
        }
    }
    let arm = |loads: &Loads| loads.abductors.as_ref().unwrap().after.lever_arm_mm;
    assert!((arm(&found) - arm(&mirrored)).abs() < 1e-5);
}

#[test]
fn a_longer_offset_never_shortens_the_lever_arm_of_the_abductors() {
    let case = case();
    let arms: Vec<f64> = [0.0, 3.0, 6.0, 9.0, 12.0]
        .iter()
        .map(|&more| {
            let patient = patient(&case, &with_offset(&case, more));
            PatientLeg::new(&patient.after).unwrap().abductors(None).lever_arm_mm
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
        simulate(&planned, anatomy, options, None).unwrap_err().to_string()
    };
    let unknown = LoadOptions { activities: vec!["moonwalk".into()], ..Default::default() };
    assert!(of(&case.anatomy, &unknown).contains("nearest are "));
    case.anatomy.landmarks.retain(|landmark| landmark.kind != LandmarkKind::LateralEpicondyle);
    let missing = of(&case.anatomy, &LoadOptions::default());
    assert!(missing.contains("LateralEpicondyle"), "{missing}");
}

fn codes(loads: &Loads) -> Vec<Code> {
    loads.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn a_scan_without_the_other_head_has_the_loads_of_a_symmetric_pelvis() {
    let mut case = case();
    let planned = case.plan(PlanOptions::default());
    let whole = loads(&case, &planned);
    assert!(!codes(&whole).contains(&Code::PelvisMirrored));
    case.anatomy.left.head = None;
    let half = loads(&case, &planned);
    assert!(codes(&half).contains(&Code::PelvisMirrored), "{:?}", half.findings);
    // The pelvis of the leg that ships is symmetric to a millimetre or two.
    let [a, b] = [&whole, &half].map(|loads| loads.stance.as_ref().unwrap().after.force_pct_bw);
    assert!((a - b).abs() < 5.0, "{a} {b}");
    let [a, b] = [&whole, &half].map(|loads| loads.activities[0].joint.after.peak.force_pct_bw);
    assert!((a - b).abs() < 5.0, "{a} {b}");
    case.anatomy.landmarks.retain(|l| (l.kind, l.side) != (LandmarkKind::Asis, Side::Left));
    // With the posterior spines there is still a middle.
    assert_eq!(loads(&case, &planned).activities.len(), 2);
}

#[test]
fn the_static_balance_and_the_muscles_stand_for_themselves() {
    let mut without_trochanter = case();
    let planned = without_trochanter.plan(PlanOptions::default());
    let of_kind = |kind| move |landmark: &Found| landmark.kind != kind;
    // The balance needs the trochanter; the muscles are carried by four other places that lie in no plane.
    let notch = Found {
        kind: LandmarkKind::LateralPosteriorCondyle,
        position_mm: {
            let lateral = without_trochanter.anatomy.landmark(LandmarkKind::LateralEpicondyle, Side::Right);
            lateral.unwrap().position_mm + Vector::new(0.0, 20.0, -10.0)
        },
        side: Side::Right,
        spread_mm: 1.0,
        method: String::new(),
    };
    without_trochanter.anatomy.landmarks.push(notch);
    without_trochanter.anatomy.landmarks.retain(of_kind(LandmarkKind::GreaterTrochanter));
    let found = loads(&without_trochanter, &planned);
    assert!(found.stance.is_none() && codes(&found).contains(&Code::NoStaticBalance), "{:?}", found.findings);
    assert_eq!(found.activities.len(), 2);
    let abductors = &found.abductors.as_ref().unwrap().after;
    assert!(abductors.lever_arm_mm > 20.0 && abductors.reserve.is_none());
    assert!(abductors.pelvic_drop_limit_deg.is_none() && abductors.reserve_by_drop.is_empty());

    // Muscles cannot be laid on a femur of which only a plane is known; the balance needs no more.
    let mut flat = case();
    flat.anatomy.landmarks.retain(of_kind(LandmarkKind::LesserTrochanter));
    flat.anatomy.landmarks.retain(of_kind(LandmarkKind::MedialPosteriorCondyle));
    let (head, lateral, medial) = {
        let at = |kind| flat.anatomy.landmark(kind, Side::Right).unwrap().position_mm;
        let head = flat.anatomy.right.head.as_ref().unwrap().centre_mm;
        (head, at(LandmarkKind::LateralEpicondyle), at(LandmarkKind::MedialEpicondyle))
    };
    let trochanter =
        flat.anatomy.landmarks.iter_mut().find(|l| l.kind == LandmarkKind::GreaterTrochanter).unwrap();
    trochanter.position_mm = head + (lateral - medial) * 0.7;
    let found = loads(&flat, &planned);
    assert!(found.stance.is_some() && found.abductors.is_none(), "{:?}", found.findings);
    assert!(found.muscles.is_empty() && found.activities.is_empty());
    assert!(codes(&found).contains(&Code::NoMuscles));
}

#[test]
fn weaker_abductors_let_the_pelvis_drop_less_far() {
    let case = case();
    let mut patient = patient(&case, &case.plan(PlanOptions::default()));
    let mut limits = Vec::new();
    for _ in 0..6 {
        let found = PatientLeg::new(&patient.after).unwrap().abductors(Some(60.0));
        let (reserve, limit) = (found.reserve.unwrap(), found.pelvic_drop_limit_deg.unwrap());
        assert!((reserve - (1.0 - 60.0 / found.moment_n_m)).abs() < 1e-12);
        // A limit within the range is where the reserve is used up.
        let past = found.reserve_by_drop.iter().filter(|drop| drop.drop_deg <= limit);
        assert!(reserve < 0.0 || past.clone().all(|drop| drop.reserve >= 0.0));
        assert!(reserve >= 0.0 || limit == 0.0);
        limits.push((reserve, limit));
        for muscle in &mut patient.after.muscles {
            muscle.max_isometric_force *= 0.7;
        }
    }
    assert!(limits.windows(2).all(|pair| pair[1].0 < pair[0].0 && pair[1].1 <= pair[0].1), "{limits:?}");
    assert!(limits[0].1 > 0.0 && limits[5].1 == 0.0, "{limits:?}");
}

#[test]
fn what_is_exported_is_done_again_as_an_own_motion() {
    let case = case();
    let planned = case.plan(PlanOptions::default());
    let options = LoadOptions {
        activities: vec!["walking".into()],
        body_mass_kg: Some(75.0),
        samples: 2,
        ..Default::default()
    };
    let files = export(&planned, &case.anatomy, &options, None).unwrap();
    let text =
        |name: &str| files.iter().find(|file| file.name == name).map(|file| file.text.as_str()).unwrap();
    // The leg reads back as a model of the same muscles.
    let leg = coxa_muscle::osim::read(text("as_planned/leg.osim")).unwrap();
    assert_eq!(leg.muscles.len(), leg::generic().muscles.len());
    assert!(files.iter().all(|file| !file.name.starts_with("as_scanned/level")), "not asked for");
    let table = |name: &str| coxa_muscle::files::Storage::read(text(name)).unwrap();
    let reaction = table("as_planned/walking_hip_reaction.sto");
    assert_eq!(table("as_planned/walking_activation.sto").columns.len(), leg.muscles.len());
    let external_loads =
        coxa_muscle::osim::read_external_loads(text("as_planned/walking_external_loads.xml")).unwrap();
    assert_eq!(external_loads.data_file.as_deref(), Some("walking_ground.mot"));
    let own = OwnMotion {
        motion: table("as_planned/walking_motion.mot"),
        external_loads,
        forces: table("as_planned/walking_ground.mot"),
    };
    assert!(own.check(Side::Right).is_ok() && own.check(Side::Left).is_err());
    let found = simulate(&planned, &case.anatomy, &options, Some(&own)).unwrap();
    let [walking, again] = &found.activities[..] else { panic!("walking and the own motion") };
    assert_eq!((again.name.as_str(), again.samples), ("own_motion", 2));
    assert!((again.duration_s - walking.duration_s).abs() < 1e-9);
    let mean =
        |load: &ActivityLoad| load.joint.after.force_pct_bw.iter().sum::<f64>() / load.fractions.len() as f64;
    assert!((mean(again) / mean(walking) - 1.0).abs() < 0.03, "{} {}", mean(again), mean(walking));
    // What was written is what was found.
    let written = |row: &Vec<f64>| Vector3::new(row[0], row[1], row[2]).norm();
    for (row, pct) in reaction.rows.iter().zip(&walking.joint.after.force_pct_bw) {
        assert!((written(row) / (75.0 * 9.80665) * 100.0 - pct).abs() < 1e-6);
    }
    // Another body's loads are doubted.
    let light = LoadOptions { body_mass_kg: Some(250.0), samples: 0, ..options };
    let found = simulate(&planned, &case.anatomy, &light, Some(&own)).unwrap();
    assert!(codes(&found).contains(&Code::LoadsOfAnotherBody));
}
