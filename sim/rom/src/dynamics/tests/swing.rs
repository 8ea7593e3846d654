//! The leg let go: a physical pendulum, its energy, and falls.

use super::*;
use coxa_geometry::STANDARD_GRAVITY;

fn pendulum(start: f64, duration_s: f64, suspension: Suspension) -> SwingInput {
    SwingInput {
        leg: plumb_leg(),
        suspension,
        start: HipAngles::from_degrees(start, 0.0, 0.0),
        gravity_m_per_s2: DOWN,
        duration_s,
        sample_every_s: 1e-3,
    }
}

/// The time between two passages of the lowest point, by linear interpolation.
fn half_period(found: &Swing) -> f64 {
    let passages: Vec<f64> = found
        .samples
        .windows(2)
        .filter_map(|pair| {
            let [a, b] = [pair[0].angles.flexion.radians(), pair[1].angles.flexion.radians()];
            (a * b < 0.0).then(|| pair[0].time_s + (pair[1].time_s - pair[0].time_s) * a / (a - b))
        })
        .collect();
    passages[1] - passages[0]
}

/// Period of a physical pendulum of any amplitude: its small period over the arithmetic-geometric mean of 1 and
/// cos(amplitude / 2), which is the complete elliptic integral.
fn exact_period(leg: &Leg, amplitude: f64) -> f64 {
    let inertia = leg.inertia_about(Vector::new(0.0, 0.0, 1.0));
    let small = TAU * (inertia / (leg.mass_kg * STANDARD_GRAVITY * leg.centre_of_mass.norm() / 1e3)).sqrt();
    let (mut a, mut g) = (1.0, (amplitude / 2.0).cos());
    for _ in 0..8 {
        (a, g) = ((a + g) / 2.0, f64::sqrt(a * g));
    }
    small / a
}

#[test]
fn the_leg_swings_with_the_period_of_a_physical_pendulum() {
    for amplitude in [5.0, 45.0, 90.0, 150.0f64] {
        let found = swing(&pendulum(amplitude, 4.0, Suspension::BallJoint), &Settings::default()).unwrap();
        close(2.0 * half_period(&found), exact_period(&plumb_leg(), amplitude.to_radians()), 5e-3);
        assert!(found.farthest_mm < 0.1, "the ball joint gave by {} mm", found.farthest_mm);
    }
}

fn energy_drift(found: &Swing) -> f64 {
    let energies = found.samples.iter().map(|s| s.kinetic_j + s.potential_j);
    let (least, most) = energies.fold((f64::MAX, f64::MIN), |(l, m), e| (l.min(e), m.max(e)));
    let kinetic = found.samples.iter().map(|s| s.kinetic_j).fold(0.0, f64::max);
    (most - least) / kinetic
}

#[test]
fn a_frictionless_swing_keeps_its_energy() {
    let found = swing(&pendulum(60.0, 10.0, Suspension::BallJoint), &Settings::default()).unwrap();
    assert!(energy_drift(&found) < 0.01, "ball joint: {}", energy_drift(&found));
    // In its liner, held by a force, without friction or damping.
    let liner = Suspension::Liner {
        joint: HipJoint {
            cup_axis: Vector::new(0.0, -1.0, 0.0),
            neck_axis: Vector::new(0.0, -1.0, 0.0),
            ..planar_joint(32.0)
        },
        fibres: Vec::new(),
        joint_force_n: Vector::new(0.0, 700.0, 0.0),
    };
    let settings = Settings { contact_damping_ratio: 0.0, ..Settings::default() };
    let found = swing(&pendulum(40.0, 4.0, liner), &settings).unwrap();
    assert!(found.neck_contact_s.is_none());
    assert!(energy_drift(&found) < 0.01, "liner: {}", energy_drift(&found));
    close(2.0 * half_period(&found), exact_period(&plumb_leg(), 40f64.to_radians()), 0.01);
}

#[test]
fn a_dropped_leg_leaves_a_weakly_held_liner_and_is_caught_in_a_strongly_held_one() {
    let joint = planned_joint(40.0, 32.0);
    // Lying on the side, the leg falls into adduction and arrives with some 40 J. By the closed form of a flat lever-out,
    // load times radius is the scale of the work it takes: 15 J and 480 J.
    let drop = |load: Vector<Pelvis>| {
        let liner = Suspension::Liner { joint, fibres: Vec::new(), joint_force_n: load };
        let mut input = pendulum(0.0, 1.5, liner);
        input.gravity_m_per_s2 = Vector::new(0.0, 0.0, -STANDARD_GRAVITY);
        swing(&input, &Settings::default()).unwrap()
    };
    let weak = Vector::new(0.0, 900.0, -300.0);
    let (weak, strong) = (drop(weak), drop(weak * (30_000.0 / weak.norm())));
    let oscillation = joint.bearing.oscillation_angle().unwrap();
    let cone = ConeHip::new(joint.cup_axis, joint.neck_axis, oscillation).unwrap();
    let limit = cone.limit(&table("adduction")).angle().unwrap().degrees();
    let met = weak.samples.iter().find(|s| s.time_s >= weak.neck_contact_s.unwrap()).unwrap();
    // A sample comes up to 1 ms late, in which the leg turns by 0.4 degrees.
    assert!((met.angles.adduction.degrees() - limit).abs() < 1.0, "{} {limit}", met.angles);
    assert!((30.0..50.0).contains(&met.kinetic_j), "{}", met.kinetic_j);
    assert!(weak.dislocation_s.unwrap() > weak.neck_contact_s.unwrap());
    assert!(strong.dislocation_s.is_none());
}

#[test]
fn a_leg_that_nothing_holds_falls_out_of_its_liner() {
    let liner = Suspension::Liner {
        joint: HipJoint { bearing: Bearing::flush(32.0, 12.0), ..planar_joint(32.0) },
        fibres: Vec::new(),
        joint_force_n: NONE,
    };
    let found = swing(&pendulum(0.0, 1.0, liner), &Settings::default()).unwrap();
    // The way out is a free fall of 1.75 radii.
    let fall_s = (2.0 * 1.75 * 0.016 / STANDARD_GRAVITY).sqrt();
    close(found.dislocation_s.unwrap(), fall_s, 0.01);
}
