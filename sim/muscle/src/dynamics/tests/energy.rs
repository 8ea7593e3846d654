//! Energy over a whole motion: what generalised forces, pushes and muscles do is what bodies gain.
//!
//! Work is the integral of power by Simpson's rule, whose error falls with the fourth power of the step: a balance that holds to a bound that
//! shrinks so holds in every instant.

use super::*;
use crate::activity::drive::{Drive, DrivenFrame};
use crate::activity::{Names, Person};
use crate::leg;
use crate::model::{ActsOn, Actuator, PathPlace};
use crate::optimisation::{Instant, MuscleForces, Settings, StaticOptimisation, Work, work};
use crate::{Paths, Posture, Workspace};
use coxa_activity::Activity;

/// Simpson's rule over `steps` steps, of what a function tells.
fn integral(from: f64, until: f64, steps: usize, mut power: impl FnMut(f64) -> f64) -> f64 {
    let step = (until - from) / (2 * steps) as f64;
    let weight = |n: usize| match n {
        0 => 1.0,
        n if n == 2 * steps => 1.0,
        n if n % 2 == 1 => 4.0,
        _ => 2.0,
    };
    (0..=2 * steps).map(|n| weight(n) * power(from + step * n as f64)).sum::<f64>() * step / 3.0
}

/// Coordinates that swing, each about a middle by a width of its own.
struct Swing {
    middle: Vec<f64>,
    width: Vec<f64>,
    phase: Vec<f64>,
}

impl Swing {
    const PER_SECOND: f64 = 4.0;

    fn at(&self, time: f64) -> [Vec<f64>; 3] {
        let turns = |n: usize| Self::PER_SECOND * time + self.phase[n];
        let of = |of_one: &dyn Fn(usize) -> f64| (0..self.middle.len()).map(of_one).collect();
        [
            of(&|n| self.middle[n] + self.width[n] * turns(n).sin()),
            of(&|n| self.width[n] * Self::PER_SECOND * turns(n).cos()),
            of(&|n| -self.width[n] * Self::PER_SECOND.powi(2) * turns(n).sin()),
        ]
    }
}

/// What the generalised forces and a push do on bodies, W, and the energy that these have, J.
fn power_and_energy(
    dynamics: &Dynamics,
    motion: &BodyMotion,
    rates: &[f64],
    pushes: &[(usize, Wrench)],
) -> [f64; 2] {
    let of_coordinates: f64 = motion.forces.iter().zip(rates).map(|(force, rate)| force * rate).sum();
    let of_pushes: f64 = pushes.iter().map(|(body, push)| push.power(&motion.velocity[*body])).sum();
    let energy = dynamics.energy(motion);
    [of_coordinates + of_pushes, energy.kinetic + energy.potential]
}

proptest! {
    /// Work of the generalised forces and of a push that goes with the shank is the change of kinetic and potential energy.
    #[test]
    fn work_over_a_swing_is_the_energy_that_is_gained(
        middle in numbers(6, 0.5), width in numbers(6, 0.5), phase in numbers(6, 3.0), force in numbers(3, 200.0), until in 0.2..1.0_f64
    ) {
        let model = chain();
        let skeleton = Skeleton::new(&model).unwrap();
        let dynamics = Dynamics::new(&model, &skeleton);
        let shank = skeleton.body("shank").unwrap();
        let swing = Swing { middle, width, phase };
        let (mut motion, mut posture) = (BodyMotion::default(), Posture::default());
        let mut at = |time: f64| {
            let [q, velocities, accelerations] = swing.at(time);
            skeleton.place(&q, &mut posture);
            let point = posture.frames[shank].point(&Point3::new(0.02, -0.3, 0.01));
            let push = [(shank, Wrench::at(point, Vector3::from_column_slice(&force) * (3.0 * time).cos()))];
            let state = State { q: &q, velocities: &velocities, accelerations: &accelerations };
            dynamics.inverse(&skeleton, &state, &push, &mut motion);
            power_and_energy(&dynamics, &motion, &velocities, &push)
        };
        let gained = at(until)[1] - at(0.0)[1];
        let gross = integral(0.0, until, 64, |time| at(time)[0].abs());
        // At most 63 in 4,000 swings.
        for steps in [64_usize, 256] {
            let off = (integral(0.0, until, steps, |time| at(time)[0]) - gained).abs();
            let step = until / steps as f64;
            prop_assert!(off < 2000.0 * step.powi(4) * gross + 1e-10, "{steps} steps: {off} of {gross} J");
        }
    }

    /// Energy of motion is half of velocities times mass matrix times velocities.
    #[test]
    fn kinetic_energy_is_that_of_the_mass_matrix(q in numbers(6, 1.0), v in numbers(6, 3.0)) {
        let model = chain();
        let skeleton = Skeleton::new(&model).unwrap();
        let dynamics = Dynamics::new(&model, &skeleton);
        let kinetic = dynamics.energy(&moved(&dynamics, &skeleton, [&q, &v, &[0.0; 6]])).kinetic;
        let rates = nalgebra::DVector::from_column_slice(&v);
        let matrix = dynamics.mass_matrix(&skeleton, &q, &mut BodyMotion::default());
        prop_assert!((rates.dot(&(matrix * &rates)) / 2.0 - kinetic).abs() < 1e-12 * (1.0 + kinetic));
    }
}

fn state(frame: &DrivenFrame) -> State<'_> {
    State { q: &frame.q, velocities: &frame.rate, accelerations: &frame.acceleration }
}

/// The leg that ships, walking.
struct Walk {
    skeleton: Skeleton,
    dynamics: Dynamics,
    paths: Paths,
    model: Model,
    drive: Drive,
    foot: usize,
}

impl Walk {
    fn new() -> Walk {
        let model = leg::generic().clone();
        let skeleton = Skeleton::new(&model).unwrap();
        let names = Names::default();
        let person = Person::of_leg(&skeleton, &names, leg::generic_landmarks(), 75.0).unwrap();
        let walking = Activity::named("walking").unwrap().activity.leg().unwrap();
        let drive = Drive::new(walking, &skeleton, &names, &person).unwrap();
        Walk {
            dynamics: Dynamics::new(&model, &skeleton),
            paths: Paths::new(&model, &skeleton).unwrap(),
            foot: skeleton.body(&names.foot).unwrap(),
            model,
            skeleton,
            drive,
        }
    }
}

#[test]
fn work_of_walking_is_the_energy_that_the_leg_gains() {
    let walk = Walk::new();
    let mut motion = BodyMotion::default();
    let mut at = |phase: f64| {
        let frame = walk.drive.at(phase);
        let push = frame.ground.map(|push| (walk.foot, Wrench::at(push.point_m, push.force_n)));
        let push: Vec<(usize, Wrench)> = push.into_iter().collect();
        walk.dynamics.inverse(&walk.skeleton, &state(&frame), &push, &mut motion);
        power_and_energy(&walk.dynamics, &motion, &frame.rate, &push)
    };
    let seconds = walk.drive.duration_s() / 100.0;
    let (start, mut done, mut most) = (at(0.0)[1], [0.0; 2], 0.0_f64);
    // The motion is smooth between whole percents but for knots of the knee's curves; a push that sets in has no part in the sum of powers.
    for phase in (0..99).map(f64::from) {
        let gained = at(phase + 1.0)[1] - start;
        most = most.max(gained.abs());
        for (done, (steps, bound_j)) in done.iter_mut().zip([(4, 1e-4), (16, 1e-5)]) {
            *done += seconds * integral(phase, phase + 1.0, steps, |phase| at(phase)[0]);
            assert!((*done - gained).abs() < bound_j, "{phase}, {steps} steps: {done} for {gained} J");
        }
    }
    assert!(most > 10.0, "a leg that walks rises and speeds up: {most} J");
}

#[test]
fn tension_times_shortening_is_the_work_of_moments_and_of_pulls() {
    let walk = Walk::new();
    let Walk { skeleton, paths, dynamics, .. } = &walk;
    let (mut posture, mut motion, mut workspace) =
        (Posture::default(), BodyMotion::default(), Workspace::default());
    let seconds = walk.drive.duration_s() / 100.0;
    let mut arms = vec![0.0; skeleton.coordinates().len()];
    for (n, muscle) in walk.model.muscles.iter().enumerate() {
        let tension = muscle.max_isometric_force;
        // Shortening, power of the moments, power of the pulls.
        let mut at = |phase: f64| {
            let frame = walk.drive.at(phase);
            skeleton.place(&frame.q, &mut posture);
            let length = paths.length(n, skeleton, &frame.q, &posture, Some(&mut arms));
            let of_moments: f64 = arms.iter().zip(&frame.rate).map(|(arm, rate)| tension * arm * rate).sum();
            let mut pulls = Vec::new();
            paths.add_pulls(n, tension, &frame.q, &posture, &mut workspace, &mut pulls);
            dynamics.inverse(skeleton, &state(&frame), &[], &mut motion);
            let of_pulls: f64 = pulls.iter().map(|(body, pull)| pull.power(&motion.velocity[*body])).sum();
            [length, of_moments, of_pulls]
        };
        let has = |kind: fn(&PathPlace) -> bool| muscle.path.points.iter().any(|p| kind(&p.place));
        // A point that joins the path at an angle of the knee makes it longer at once, by less than half a millimetre.
        let jump = if has(|place| matches!(place, PathPlace::Conditional { .. })) { 5e-4 } else { 0.0 };
        // A point that slides in its body is pushed along it by the coordinate that moves it, which is no force on a body.
        let slides = has(|place| matches!(place, PathPlace::Moving(_)));
        let (mut done, mut gross) = ([0.0; 2], 0.0);
        let start = at(0.0)[0];
        for phase in (0..99).map(f64::from) {
            gross += seconds * integral(phase, phase + 1.0, 2, |phase| at(phase)[1].abs());
            let shortened = tension * (start - at(phase + 1.0)[0]);
            for (done, which) in done.iter_mut().zip([1, 2]) {
                *done += seconds * integral(phase, phase + 1.0, 2, |phase| at(phase)[which]);
                let off = (*done - shortened).abs();
                let is_met = off < 1e-6 * gross + tension * jump;
                assert!(is_met || (slides && which == 2), "{} at {phase} %: {off} of {gross} J", muscle.name);
            }
        }
        assert!(gross > 1.0, "{} works: {gross} J", muscle.name);
    }
}

#[test]
fn muscles_and_reserves_do_the_work_of_the_moments_that_they_bear() {
    let mut walk = Walk::new();
    let borne = ["hip_flexion_r", "hip_adduction_r", "hip_rotation_r", "knee_angle_r", "ankle_angle_r"];
    for coordinate in walk.model.joints.iter_mut().flat_map(|joint| &mut joint.coordinates) {
        coordinate.is_locked = !borne.contains(&coordinate.name.as_str());
    }
    walk.model.actuators.extend(borne.map(|name| Actuator {
        name: format!("{name}_reserve"),
        optimal_force: 1.0,
        control: [-1000.0, 1000.0],
        on: ActsOn::Coordinate(name.to_owned()),
    }));
    let Walk { skeleton, paths, dynamics, model, .. } = &walk;
    let places = borne.map(|name| skeleton.coordinate(name).unwrap());
    let mut optimisation = StaticOptimisation::new(model, skeleton, paths, Settings::default()).unwrap();
    let (mut posture, mut motion) = (Posture::default(), BodyMotion::default());
    let mut times = Vec::new();
    let (mut of_muscles, mut of_lengths, [mut of_reserves, mut of_moments]) =
        (Vec::new(), Vec::new(), [(); 2].map(|()| Vec::new()));
    for phase in (0..=200).map(|n| f64::from(n) / 2.0) {
        let frame = walk.drive.at(phase);
        let push = frame.ground.map(|push| (walk.foot, Wrench::at(push.point_m, push.force_n)));
        let push: Vec<(usize, Wrench)> = push.into_iter().collect();
        dynamics.inverse(skeleton, &state(&frame), &push, &mut motion);
        skeleton.place(&frame.q, &mut posture);
        let moments = motion.generalised_forces();
        let instant = Instant { q: &frame.q, velocities: &frame.rate, posture: &posture, moments };
        let mut shares = MuscleForces::default();
        optimisation.solve(skeleton, paths, &instant, &mut shares);
        assert!(shares.is_met, "at {phase} %");
        let rates = places.map(|place| frame.rate[place]);
        let reserves = &shares.forces[optimisation.muscles()..];
        times.push(frame.time_s);
        of_muscles.push(shares.powers().collect::<Vec<f64>>());
        of_reserves.push(reserves.iter().zip(rates).map(|(force, rate)| force * rate).sum::<f64>());
        of_moments.push(places.iter().zip(rates).map(|(&place, rate)| moments[place] * rate).sum::<f64>());
        of_lengths.push((shares.forces, shares.lengths));
    }
    let works: Vec<Work> = (0..optimisation.muscles())
        .map(|n| work(&times, &of_muscles.iter().map(|powers| powers[n]).collect::<Vec<f64>>()))
        .collect();
    let net: f64 = works.iter().map(Work::net).sum();
    let [reserves, moments] = [&of_reserves, &of_moments].map(|powers| work(&times, powers).net());
    assert!((net + reserves - moments).abs() < 1e-9, "{net} + {reserves} for {moments} J");
    // The same of each muscle by how much its path shortens under the tension between two moments.
    for (n, work) in works.iter().enumerate() {
        let pieces = of_lengths.windows(2).map(|pair| {
            let [(forces, lengths), (then, after)] = [&pair[0], &pair[1]];
            (forces[n] + then[n]) / 2.0 * (lengths[n] - after[n])
        });
        let shortened: f64 = pieces.sum();
        let gross = work.shortening - work.lengthening;
        assert!((shortened - work.net()).abs() < 0.02 * gross + 0.1, "{n}: {shortened} J for {work:?}");
    }
    assert!(works.iter().map(|work| work.shortening).sum::<f64>() > 20.0, "{works:?}");
}
