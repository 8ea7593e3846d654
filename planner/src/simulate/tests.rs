//! Simulated plans of a hip that is known by construction.

use super::*;
use crate::implants::Catalogue;
use crate::implants::solid::{arc, revolved};
use crate::placement::synthetic::Case;
use crate::placement::{PlanOptions, realise};
use coxa_anatomy::Bone;
use coxa_geometry::finding::{Code, Severity, Subject};
use coxa_geometry::frame::{Cup, Patient};
use coxa_geometry::side::Mirror;
use coxa_geometry::{Mesh, Point, Quantity, Transform, Vector};
use coxa_rom::Motion;
use coxa_rom::cone::{ConeHip, neck_axis};
use coxa_rom::stability::{Bearing, jumping_distance};

/// One activity, for those tests that look at none.
fn short() -> SimulationOptions {
    SimulationOptions { activities: vec!["one_leg_stance".into()], ..SimulationOptions::default() }
}

/// The results of a plan, supine.
fn run(planned: &Planned, case: &Case) -> Simulation {
    simulate(planned, &case.anatomy, &short(), &|_| {}).unwrap().results
}

/// How far the neck alone lets a motion go.
fn neck(limit: &MotionLimit) -> Option<Angle> {
    limit.of_pair(ContactPair::NeckOnLiner)
}

#[test]
fn the_free_cone_is_that_of_the_components() {
    let case = Case::right();
    let mut plan = case.plan(PlanOptions::default()).plan.clone();
    // The rim meets the cylindrical neck of 12 mm below the taper.
    plan.head.offset_mm = 0.0;
    let planned = realise(&plan, &case.input(PlanOptions::default()), &Catalogue::builtin()).unwrap();
    let simulation = run(&planned, &case);
    let head = planned.plan.head.diameter_mm;
    let expected = Bearing::flush(head, 12.0).oscillation_angle().unwrap();
    assert!((simulation.oscillation_deg - expected).abs().degrees() < 1e-9, "{}", simulation.oscillation_deg);
    // Without a femur frame zero is the scanned pose: the neck's version is that of the stem on the table.
    let version = planned.results[Quantity::StemVersion].value;
    let axis = neck_axis(planned.plan.stem.neck_shaft_deg, Angle::from_degrees(version));
    let cup = Radiographic::<Gravity>::from_degrees(40.0, 15.0).axis();
    let cone = ConeHip::new(cup, axis, expected).unwrap();
    for row in &simulation.limits {
        let limit = cone.limit(&row.motion).angle().unwrap();
        // Beyond its range a motion is not followed.
        match neck(row) {
            Some(found) => {
                assert!((found - limit).abs().degrees() < 1e-3, "{}: {found}, {limit}", row.motion.name);
            }
            None => assert!(limit > row.motion.range, "{}: {limit}", row.motion.name),
        }
    }
    let jump = jumping_distance(head, Radiographic::<Gravity>::from_degrees(40.0, 15.0), 0.0).unwrap();
    assert!((simulation.jumping_distance_mm - jump).abs() < 1e-9);
}

#[test]
fn a_lip_takes_motion_on_its_side_and_gives_none() {
    let case = Case::right();
    let catalogue = Catalogue::builtin();
    let planned = case.plan(PlanOptions::default());
    let flush = run(&planned, &case);
    let mut plan = planned.plan.clone();
    plan.liner.kind = "lipped".into();
    let limits = |direction: f64| {
        let mut plan = plan.clone();
        plan.liner.lip_direction_deg = Some(Angle::from_degrees(direction));
        let planned = realise(&plan, &case.input(PlanOptions::default()), &catalogue).unwrap();
        run(&planned, &case).limits
    };
    let of = |rows: &[MotionLimit], name: &str| {
        let row = rows.iter().find(|r| r.motion.name == name).unwrap();
        neck(row).unwrap_or(row.motion.range).degrees()
    };
    // In flexion the neck comes to the front of the rim, in extension with external rotation to its back.
    let (front, back) = (limits(90.0), limits(-90.0));
    assert!(of(&front, "flexion") < of(&flush.limits, "flexion") - 3.0);
    assert!(of(&back, "external_rotation") < of(&flush.limits, "external_rotation") - 3.0);
    for rows in [&front, &back] {
        for row in &flush.limits {
            let name = &row.motion.name;
            let lipped = of(rows, name);
            assert!(lipped < neck(row).unwrap_or(row.motion.range).degrees() + 1e-3, "{name}: {lipped}");
        }
    }
}

#[test]
fn a_skirt_narrows_the_cone_and_a_small_head_more() {
    let case = Case::right();
    let catalogue = Catalogue::builtin();
    let planned = case.plan(PlanOptions::default());
    let oscillation = |diameter: f64, offset: f64| {
        let mut plan = planned.plan.clone();
        plan.cup.size_mm = 54.0;
        (plan.head.diameter_mm, plan.head.offset_mm) = (diameter, offset);
        let planned = realise(&plan, &case.input(PlanOptions::default()), &catalogue).unwrap();
        run(&planned, &case).oscillation_deg.degrees()
    };
    assert!((oscillation(28.0, 0.0) - 129.2461).abs() < 1e-3);
    assert!((oscillation(32.0, 0.0) - 135.9514).abs() < 1e-3);
    assert!(oscillation(28.0, 12.0) < oscillation(28.0, 0.0) - 15.0);
}

#[test]
fn a_femur_that_meets_the_cup_is_found_where_geometry_says() {
    const DISTANCE: f64 = 22.0;
    const RADIUS: f64 = 2.0;
    let case = Case::right();
    let mut planned = case.plan(PlanOptions::default());
    // A ball of bone over the face of shell and liner, and a pelvis that is out of the way.
    let cup = planned.pose.cup_frame;
    let out = cup.apply(Vector::new(0.0, 0.0, 1.0));
    let ahead = cup.apply(Vector::new(1.0, 0.0, 0.0));
    let direction = (ahead * 0.5 + out).normalised().unwrap();
    let ball: Mesh<Cup> = revolved(90, |_| arc(RADIUS, 0.0, 0.0, std::f64::consts::PI, 0.01));
    let place = |at: Point<Patient>| {
        Transform::<Cup, Patient>::from_axes(at, ahead, out.cross(ahead)).unwrap().apply(&ball)
    };
    let centre = planned.pose.hip_centre;
    planned.bones.insert(Bone::FemurRight, place(centre + direction * DISTANCE));
    planned.bones.insert(Bone::HipRight, place(centre + direction * 900.0));
    let rows = run(&planned, &case).limits;

    let functional = |v: Vector<Patient>| nalgebra::Vector3::new(-v.y(), v.z(), -v.x());
    let mut met = 0;
    for row in &rows {
        let motion = &row.motion;
        let height = |degrees: f64| {
            let turned = motion.at(Angle::from_degrees(degrees)).rotation() * functional(direction);
            DISTANCE * turned.dot(&functional(out))
        };
        let steps = (motion.range.degrees() * 100.0) as usize;
        let expected = (0..=steps).map(|i| i as f64 / 100.0).find(|&t| height(t) <= RADIUS);
        match (expected, row.of_pair(ContactPair::FemurOnCup)) {
            (Some(expected), Some(found)) => {
                met += 1;
                let found = found.degrees();
                assert!((found - expected).abs() < 0.3, "{}: {found} against {expected}", motion.name);
                if neck(row).is_none_or(|neck| found < neck.degrees()) {
                    assert_eq!(row.cause, Some(ContactPair::FemurOnCup));
                    // The contact lies on the ball, where the motion has taken it.
                    let ball =
                        motion.at(row.limit_deg.unwrap()).rotation() * functional(direction) * DISTANCE;
                    let off = functional(row.place_mm.unwrap() - centre) - ball;
                    assert!(off.norm() < RADIUS + 0.1, "{}: {off:?}", motion.name);
                }
            }
            (expected, found) => assert!(expected.is_none() && found.is_none(), "{}", motion.name),
        }
    }
    assert!(met >= 3, "only {met} motions met the cup");
    assert!(rows.iter().any(|row| row.cause == Some(ContactPair::FemurOnCup)));
}

#[test]
fn both_sides_move_alike() {
    let run = |case: Case| {
        let planned = case.plan(PlanOptions::default());
        run(&planned, &case)
    };
    let (right, left) = (run(Case::right()), run(Case::right().mirrored()));
    let mut places = 0;
    for (a, b) in right.limits.iter().zip(&left.limits) {
        assert_eq!((&a.motion, &a.cause), (&b.motion, &b.cause));
        for (x, y) in a.pairs.iter().zip(&b.pairs) {
            assert_eq!((x.pair, x.limit_deg.is_some()), (y.pair, y.limit_deg.is_some()));
            let difference = x.limit_deg.zip(y.limit_deg).map_or(0.0, |(x, y)| (x - y).abs().degrees());
            assert!(difference < 0.02, "{}: {difference}", a.motion.name);
        }
        if let (Some(x), Some(y)) = (a.place_mm, b.place_mm) {
            places += 1;
            assert!(x.distance(y.mirror()) < 1.0, "{}: {x:?} and {y:?}", a.motion.name);
        }
    }
    assert!(places > 5);
}

#[test]
fn a_posture_moves_where_motions_start_and_nothing_else() {
    let case = Case::right();
    let planned = case.plan(PlanOptions::default());
    let tilt = 18.0;
    let options = SimulationOptions {
        posture: Posture::Sitting,
        pelvic_tilt_deg: Some(Angle::from_degrees(tilt)),
        ..short()
    };
    let sitting = simulate(&planned, &case.anatomy, &options, &|_| {}).unwrap().results;
    let supine = run(&planned, &case);
    let of = |simulation: &Simulation, name: &str| {
        let limit = simulation.limits.iter().find(|l| l.motion.name == name).unwrap();
        limit.limit_deg.unwrap().degrees()
    };
    assert!((of(&sitting, "flexion") - of(&supine, "flexion") - tilt).abs() < 0.05);
    assert!((of(&sitting, "extension") - of(&supine, "extension") + tilt).abs() < 0.05);
    assert_eq!(sitting.oscillation_deg, supine.oscillation_deg);
    assert!(sitting.cup.anteversion > supine.cup.anteversion);
}

#[test]
fn the_neck_meets_the_liner_on_its_rim() {
    let case = Case::right();
    let planned = case.plan(PlanOptions::default());
    let head = planned.plan.head.diameter_mm;
    let out = planned.pose.cup_frame.apply(Vector::<Cup>::new(0.0, 0.0, 1.0));
    let joint = PlannedJoint::new(&planned, &case.anatomy).unwrap();
    let places: Vec<_> = joint.reaches(&Motion::table()).iter().filter_map(|[neck, ..]| neck.at).collect();
    assert!(places.len() >= 7);
    for at in places {
        let off = joint.frames().in_patient(at) - planned.pose.hip_centre;
        assert!((off.norm() - head / 2.0).abs() < 1e-6 && off.dot(out).abs() < 1e-6, "{off:?}");
    }
}

#[test]
fn a_screw_that_stands_out_of_the_bone_is_met_by_the_femur() {
    let case = Case::right();
    let catalogue = Catalogue::builtin();
    let mut plan = case.plan(PlanOptions::default()).sketch.plan;
    let contact = |plan: &crate::plan::Plan| {
        let mut planned = realise(plan, &case.input(PlanOptions::default()), &catalogue).unwrap();
        // A ball of bone in the way of the first hole, and a pelvis that is out of the way.
        let hole = catalogue.cup(&plan.cup.family).unwrap().hole(1).unwrap();
        let at = planned.plan.cup.centre_mm + planned.pose.cup_frame.apply(hole.direction()) * 50.0;
        let ball: Mesh<Cup> = revolved(60, |_| arc(4.0, 0.0, 0.0, std::f64::consts::PI, 0.05));
        let place = |at: Point<Patient>| {
            let (x, y) = (Vector::new(1.0, 0.0, 0.0), Vector::new(0.0, 1.0, 0.0));
            Transform::<Cup, Patient>::from_axes(at, x, y).unwrap().apply(&ball)
        };
        planned.bones.insert(Bone::FemurRight, place(at));
        planned.bones.insert(Bone::HipRight, place(at + Vector::new(0.0, 0.0, 900.0)));
        PlannedJoint::new(&planned, &case.anatomy).unwrap().contact(HipAngles::default())
    };
    assert_eq!(contact(&plan), None);
    plan.cup.screws = vec![crate::plan::ScrewPlan { hole: 1, length_mm: 30.0 }];
    assert_eq!(contact(&plan), Some(ContactPair::FemurOnCup));
}

#[test]
fn a_femur_that_ends_above_the_stem_is_said_to() {
    let case = Case::right();
    let mut planned = case.plan(PlanOptions::default());
    let of = |planned: &Planned| simulate(planned, &case.anatomy, &short(), &|_| {}).unwrap();
    assert_eq!(of(&planned).results.femur_cut_at_mm, None);
    // The head stands for what is left of a femur.
    planned.bones.insert(Bone::FemurRight, planned.implants["head"].clone());
    let cut = of(&planned);
    let seen = cut.results.femur_cut_at_mm.unwrap();
    assert!((seen - planned.plan.head.diameter_mm / 2.0).abs() < 0.5, "{seen}");
    assert!(cut.findings.iter().any(|f| f.code == Code::FemurCut && f.severity == Severity::Caution));
    // What stands out of it below is bare, and of the stem alone.
    let joint = PlannedJoint::new(&planned, &case.anatomy).unwrap();
    let flexed = HipAngles::from_degrees(90.0, 0.0, 0.0);
    let is_bare = |pair, below: f64| joint.is_bare_stem(pair, flexed, Point::new(below, 0.0, 0.0));
    assert!(
        is_bare(ContactPair::StemOnPelvis, seen + 1.0) && !is_bare(ContactPair::StemOnPelvis, seen - 1.0)
    );
    assert!(!is_bare(ContactPair::FemurOnPelvis, seen + 1.0));
}

#[test]
fn a_hip_that_is_blocked_in_neutral_has_no_map_and_says_so() {
    let case = Case::right();
    let mut planned = case.plan(PlanOptions::default());
    let femur = planned.bones[&Bone::FemurRight].clone();
    planned.bones.insert(Bone::HipRight, femur);
    let simulated = |map| {
        let options = SimulationOptions { map, ..short() };
        simulate(&planned, &case.anatomy, &options, &|_| {}).unwrap()
    };
    for (is_wanted, severity) in [(false, Severity::Caution), (true, Severity::Refusal)] {
        let simulated = simulated(is_wanted);
        // The bones coincide, and the stem lies deep within the one that stands for the pelvis.
        assert_eq!(simulated.results.blocked_at_neutral, Some(ContactPair::StemOnPelvis));
        assert!(simulated.map.is_none() && simulated.results.map.is_none());
        let found = simulated.findings.into_iter().find(|f| f.code == Code::BlockedAtNeutral).unwrap();
        assert_eq!((found.severity, found.about), (severity, Subject::RangeOfMotion));
        let flexion = &simulated.results.limits[0];
        assert!(flexion.is_blocked() && flexion.limit_deg == Some(Angle::ZERO));
    }
}
