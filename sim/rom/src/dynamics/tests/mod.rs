//! The simulation against mechanics that does not use it: closed forms, convergence, and the order of the textbook.

mod hip;
mod swing;

use super::*;
use crate::cone::{ConeHip, neck_axis};
use crate::stability::{Bearing, Rim};
use crate::{Direction, JointAxis, Motion};
use coxa_geometry::STANDARD_GRAVITY;
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::{AnteriorPelvicPlane, Pelvis};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Vector};
use std::f64::consts::{FRAC_PI_2, TAU};

const NONE: Vector<Pelvis> = Vector::new(0.0, 0.0, 0.0);

const DOWN: Vector<Pelvis> = Vector::new(0.0, -STANDARD_GRAVITY, 0.0);

fn leg() -> Leg {
    Leg::de_leva(Sex::Male, 75.0, 1750.0).unwrap()
}

/// A leg whose centre of mass hangs straight below the head, so that flexion is zero at rest.
fn plumb_leg() -> Leg {
    Leg { centre_of_mass: Vector::new(0.0, -320.0, 0.0), ..leg() }
}

fn close(found: f64, expected: f64, relative: f64) {
    assert!((found / expected - 1.0).abs() <= relative, "found {found}, expected {expected}");
}

/// Frictionless, without clearance, neck and cup both straight down: flexion turns the neck in a plane through the
/// cup's axis.
fn planar_joint(head_mm: f64) -> HipJoint {
    HipJoint {
        cup_axis: Vector::new(0.0, -1.0, 0.0),
        neck_axis: Vector::new(0.0, -1.0, 0.0),
        bearing: Bearing::flush(head_mm, 12.0),
        radial_clearance_mm: 0.0,
        friction: 0.0,
    }
}

/// A cup as planned on an anteroposterior radiograph, with an ordinary stem.
fn planned_joint(inclination: f64, head_mm: f64) -> HipJoint {
    let cup = Radiographic::<AnteriorPelvicPlane>::from_degrees(inclination, 15.0).axis();
    HipJoint {
        cup_axis: Vector::from_coords(cup.coords()),
        neck_axis: neck_axis(Angle::from_degrees(135.0), Angle::from_degrees(15.0)),
        bearing: Bearing::flush(head_mm, 12.0),
        radial_clearance_mm: 0.05,
        friction: 0.05,
    }
}

fn flexion(range: f64) -> Motion {
    Motion::new(
        "flexion",
        HipAngles::default(),
        JointAxis::Flexion,
        Direction::Positive,
        Angle::from_degrees(range),
    )
}

fn table(name: &str) -> Motion {
    Motion::table().into_iter().find(|motion| motion.name == name).unwrap()
}

fn lever(joint: HipJoint, motion: Motion, force: Vector<Pelvis>) -> LeverOutInput {
    LeverOutInput {
        joint,
        leg: leg(),
        motion,
        joint_force_n: force,
        gravity_m_per_s2: NONE,
        fibres: Vec::new(),
    }
}

/// A frictionless lever-out in a plane: the head, of radius R, rolls over the rim's far point B while the rim's near
/// point A bears on a neck of radius r. With `turn` from the cup's axis and phi the angle by which the head centre has
/// gone round B, A's distance from the neck's axis gives cos(turn + phi) = 2 cos(turn) - r/R. The load leans by `lean`
/// from the cup's axis towards B, so the head's potential is F R (sin lean (cos phi - 1) + cos lean sin phi), the
/// moment its derivative, and the top lies at phi = 90 degrees - lean.
struct PlanarLever {
    head_radius_mm: f64,
    neck_to_head: f64,
    load_n: f64,
    lean: f64,
}

impl PlanarLever {
    fn phi(&self, turn: f64) -> f64 {
        (2.0 * turn.cos() - self.neck_to_head).acos() - turn
    }

    fn moment_n_m(&self, turn: f64) -> f64 {
        let cosine = 2.0 * turn.cos() - self.neck_to_head;
        let rate = 2.0 * turn.sin() / (1.0 - cosine * cosine).sqrt() - 1.0;
        self.load_n * self.head_radius_mm / 1e3 * (self.phi(turn) + self.lean).cos() * rate
    }

    fn work_j(&self) -> f64 {
        self.load_n * self.head_radius_mm / 1e3 * (1.0 - self.lean.sin())
    }

    /// Where phi reaches the top, by bisection.
    fn leaves_at(&self) -> f64 {
        let (mut low, mut high) = (self.neck_to_head.acos(), 2.0);
        for _ in 0..60 {
            let middle = (low + high) / 2.0;
            if self.phi(middle) + self.lean < FRAC_PI_2 { low = middle } else { high = middle }
        }
        low
    }

    fn input(&self) -> LeverOutInput {
        // The near point lies in front, where flexion brings the neck; the load leans backwards.
        let load = Vector::new(-self.lean.sin(), self.lean.cos(), 0.0) * self.load_n;
        lever(planar_joint(2.0 * self.head_radius_mm), flexion(130.0), load)
    }
}

fn planar_lever(head_mm: f64, lean: f64) -> PlanarLever {
    PlanarLever {
        head_radius_mm: head_mm / 2.0,
        neck_to_head: 12.0 / head_mm,
        load_n: 500.0,
        lean: f64::to_radians(lean),
    }
}

#[test]
fn a_frictionless_head_levered_over_the_rim_follows_the_closed_form() {
    for (head, lean) in [(28.0, 30.0), (28.0, 45.0), (36.0, 30.0), (22.0, 45.0)] {
        let exact = planar_lever(head, lean);
        let found = lever_out(&exact.input(), &Settings::default()).unwrap();
        let out = found.dislocation.unwrap();
        close(found.work_j, exact.work_j(), 0.01);
        close(found.neck_contact.unwrap().turn.radians(), exact.neck_to_head.acos(), 0.01);
        close(out.turn.radians(), exact.leaves_at(), 0.01);
        let contact = exact.neck_to_head.acos() + 0.02;
        let mut compared = 0;
        for sample in &found.samples {
            let turn = sample.turn.radians();
            // The moment falls to zero at the top, where a relative error means nothing.
            if turn < contact || turn > exact.leaves_at() - 0.1 {
                continue;
            }
            close(sample.resisting_moment_n_m, exact.moment_n_m(turn), 0.01);
            let phi = exact.phi(turn);
            let radius = exact.head_radius_mm;
            let centre = [radius * (phi.cos() - 1.0), -radius * phi.sin(), 0.0];
            let off = sample.head_centre.coords().coords - nalgebra::Vector3::from(centre);
            assert!(off.norm() < 0.01 * radius, "{} at {}", off.norm(), sample.turn);
            compared += 1;
        }
        assert!(compared > 50, "{compared}");
    }
}

#[test]
fn the_figures_no_longer_change_with_finer_settings() {
    let figures = |settings: Settings| {
        let found = lever_out(&planar_lever(28.0, 30.0).input(), &settings).unwrap();
        let leaves = found.dislocation.unwrap().turn.degrees();
        [found.work_j, found.peak_moment_n_m, found.neck_contact.unwrap().turn.degrees(), leaves]
    };
    let base = Settings::default();
    let reference = figures(base);
    for finer in [
        Settings { step_s: base.step_s / 2.0, ..base },
        Settings { step_s: base.step_s * 2.0, ..base },
        Settings { contact_stiffness_n_per_mm: base.contact_stiffness_n_per_mm * 2.0, ..base },
        Settings { contact_damping_ratio: base.contact_damping_ratio * 2.0, ..base },
        Settings { turning_speed_deg_per_s: base.turning_speed_deg_per_s / 2.0, ..base },
    ] {
        for (found, expected) in figures(finer).into_iter().zip(reference) {
            close(found, expected, 0.005);
        }
    }
}

#[test]
fn a_head_at_rest_sinks_in_along_the_load_by_load_over_stiffness() {
    let mut joint = planned_joint(40.0, 28.0);
    joint.friction = 0.0;
    let settings = Settings::default();
    for load in [Vector::new(0.0, 800.0, -300.0), Vector::new(200.0, 1500.0, 100.0)] {
        let mut input = lever(joint, flexion(1.0), load);
        input.leg = plumb_leg();
        let found = lever_out(&input, &settings).unwrap();
        let centre = found.samples[0].head_centre.coords().coords;
        let depth = joint.radial_clearance_mm + load.norm() / settings.contact_stiffness_n_per_mm;
        let expected = load.coords().normalize() * depth;
        assert!((centre - expected).norm() < 0.01 * depth, "{centre} {expected}");
        close(found.samples[0].head_force_n, load.norm(), 1e-3);
    }
}

#[test]
fn friction_resists_turning_by_coefficient_times_load_times_radius() {
    let mut joint = planar_joint(32.0);
    joint.friction = 0.1;
    let found =
        lever_out(&lever(joint, flexion(20.0), Vector::new(0.0, 1000.0, 0.0)), &Settings::default()).unwrap();
    let moment = found.samples.last().unwrap().resisting_moment_n_m;
    // Once the head has climbed to the friction angle it slides there, on the normal force F cos(angle).
    let angle = f64::atan(0.1);
    close(moment, 1000.0 * angle.sin() * 0.016, 0.01);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let input = lever(planned_joint(60.0, 22.0), table("adduction"), Vector::new(0.0, 450.0, -218.0));
    let run = || serde_json::to_string(&lever_out(&input, &Settings::default()).unwrap()).unwrap();
    assert_eq!(run(), run());
}

#[test]
fn a_start_in_contact_and_impossible_numbers_are_refused() {
    let blocked = Motion { start: HipAngles::from_degrees(80.0, 0.0, 0.0), ..flexion(10.0) };
    let good = lever(planar_joint(28.0), flexion(10.0), Vector::new(0.0, 500.0, 0.0));
    let refused = |change: &dyn Fn(&mut LeverOutInput, &mut Settings)| {
        let (mut input, mut settings) = (good.clone(), Settings::default());
        change(&mut input, &mut settings);
        lever_out(&input, &settings).unwrap_err()
    };
    assert_eq!(refused(&|i, _| i.motion = blocked.clone()), DynamicsError::StartBlocked);
    assert_eq!(refused(&|i, _| i.joint_force_n = -i.joint_force_n), DynamicsError::NotHeld);
    for change in [
        (|i, _| i.leg.mass_kg = 0.0) as fn(&mut LeverOutInput, &mut Settings),
        |i, _| i.leg.inertia_kg_m2[1] = f64::NAN,
        |i, _| i.leg.centre_of_mass = Vector::new(f64::NAN, 0.0, 0.0),
        |i, _| i.joint.cup_axis = Vector::new(0.0, 0.0, 0.0),
        |i, _| i.joint.neck_axis = Vector::new(f64::NAN, 0.0, 1.0),
        |i, _| i.joint.friction = -0.1,
        |i, _| i.joint.radial_clearance_mm = f64::INFINITY,
        |i, _| i.joint.bearing.head_diameter_mm = 10.0,
        |i, _| i.joint.bearing.rim = Rim::Bevelled { radius_mm: 10.0, depth_mm: 2.0 },
        |i, _| i.joint_force_n = Vector::new(f64::NAN, 0.0, 0.0),
        |i, _| i.gravity_m_per_s2 = Vector::new(0.0, f64::INFINITY, 0.0),
        |i, _| i.motion.range = Angle::from_degrees(f64::NAN),
        |i, _| i.motion.start.flexion = Angle::from_degrees(f64::INFINITY),
        |_, s| s.step_s = 0.0,
        |_, s| s.turning_speed_deg_per_s = 0.0,
        |_, s| s.contact_stiffness_n_per_mm = f64::NAN,
    ] {
        refused(&change);
    }
    let too_long = refused(&|i, s| {
        i.motion.range = Angle::from_degrees(360.0);
        (s.turning_speed_deg_per_s, s.step_s) = (1e-3, 1e-7);
    });
    assert!(matches!(too_long, DynamicsError::TooLong { .. }));
}

#[test]
fn a_step_too_coarse_for_contact_or_fibres_is_refused() {
    let coarse = Settings { step_s: 1e-3, ..Settings::default() };
    let mut input = lever(planned_joint(40.0, 28.0), table("flexion"), Vector::new(0.0, 500.0, 0.0));
    let refused = lever_out(&input, &coarse).unwrap_err().to_string();
    assert!(refused.starts_with("the time step in s is 0.001; it must be between 0 and 0.0003"), "{refused}");
    let stiff =
        Capsule { modulus_n_per_mm2: 1e4, section_mm2: 5e3, ..Capsule::pieroh_2016(28.0, 16.0, 38.0) };
    input.fibres = stiff.fibres(&input.joint, HipAngles::default()).unwrap();
    assert!(matches!(lever_out(&input, &Settings::default()), Err(DynamicsError::OutOfRange { .. })));
}

#[test]
fn weight_resists_flexion_by_its_lever() {
    let input = LeverOutInput {
        leg: plumb_leg(),
        gravity_m_per_s2: DOWN,
        ..lever(planar_joint(36.0), flexion(45.0), Vector::new(0.0, 800.0, 0.0))
    };
    let found = lever_out(&input, &Settings::default()).unwrap();
    for sample in found.samples.iter().filter(|sample| sample.turn.degrees() > 5.0) {
        let lever_m = plumb_leg().centre_of_mass.norm() / 1e3 * sample.turn.sin();
        close(sample.resisting_moment_n_m, plumb_leg().mass_kg * STANDARD_GRAVITY * lever_m, 1e-3);
    }
}
