//! What a motion asks of every coordinate: inverse dynamics by virtual work.
//!
//! The generalised force of a coordinate is the sum over bodies of what changes their momentum, less gravity and the push of the
//! ground, along the motion that the coordinate makes of them. Momentum is differentiated by time along the motion.

use super::activity::drive::GroundPush;
use super::kinematics::{Posture, Skeleton, Twist};
use super::model::Model;
use nalgebra::{Matrix3, Point3, Vector3};

/// Step of time of the difference, s: its error is of the second order, and that of rounding is as small.
const STEP_S: f64 = 1e-4;

/// The bodies of a model with their masses, by their places in its skeleton.
#[derive(Debug, Clone)]
pub(super) struct Masses {
    bodies: Vec<Mass>,
    gravity: Vector3<f64>,
    beyond: Vec<Vec<bool>>,
    foot: usize,
}

#[derive(Debug, Clone, Copy)]
struct Mass {
    body: usize,
    mass: f64,
    centre: Point3<f64>,
    inertia: Matrix3<f64>,
}

/// Momentum and its moment about ground's origin, or their rates.
type Wrench = [Vector3<f64>; 2];

impl Masses {
    /// Of a model; `None` where the foot that the ground pushes, or a body, is not in the skeleton.
    pub(super) fn new(model: &Model, skeleton: &Skeleton, foot: &str) -> Option<Masses> {
        let mass = |body: &super::model::Body| {
            Some(Mass {
                body: skeleton.body(&body.name)?,
                mass: body.mass,
                centre: body.mass_centre,
                inertia: body.inertia,
            })
        };
        Some(Masses {
            bodies: model.bodies.iter().map(mass).collect::<Option<_>>()?,
            gravity: model.gravity,
            beyond: skeleton.beyond(),
            foot: skeleton.body(foot)?,
        })
    }

    /// Generalised forces, N m about rotations and N along translations, that make a motion of these values, velocities and accelerations
    /// of all coordinates under gravity and the push of the ground on the foot. Coordinates that follow
    /// others have forces of their own.
    ///
    /// # Panics
    /// Where the lists are not of this skeleton.
    pub(super) fn effort(
        &self,
        skeleton: &Skeleton,
        q: &[f64],
        rate: &[f64],
        acceleration: &[f64],
        ground: Option<&GroundPush>,
    ) -> Vec<f64> {
        let mut posture = Posture::default();
        let mut momenta = |time: f64| {
            let mut at: Vec<f64> = q.to_vec();
            for ((value, rate), acceleration) in at.iter_mut().zip(rate).zip(acceleration) {
                *value += time * (rate + 0.5 * time * acceleration);
            }
            let rates: Vec<f64> = rate.iter().zip(acceleration).map(|(v, a)| v + time * a).collect();
            skeleton.place(&at, &mut posture);
            self.momenta(&posture, &rates)
        };
        let (before, after) = (momenta(-STEP_S), momenta(STEP_S));
        skeleton.place(q, &mut posture);
        let mut forces = vec![0.0; q.len()];
        let mut bear = |body: usize, wrench: Wrench| {
            for (coordinate, motions) in posture.motions.iter().enumerate() {
                for (_, twist) in motions.iter().filter(|(first, _)| self.beyond[*first][body]) {
                    forces[coordinate] += twist.linear.dot(&wrench[0]) + twist.angular.dot(&wrench[1]);
                }
            }
        };
        for ((mass, before), after) in self.bodies.iter().zip(before).zip(after) {
            let centre = posture.frames[mass.body].point(&mass.centre).coords;
            let weight = mass.mass * self.gravity;
            let rate = |n: usize| (after[n] - before[n]) / (2.0 * STEP_S);
            bear(mass.body, [rate(0) - weight, rate(1) - centre.cross(&weight)]);
        }
        if let Some(push) = ground {
            bear(self.foot, [-push.force_n, -push.point_m.coords.cross(&push.force_n)]);
        }
        forces
    }

    fn momenta(&self, posture: &Posture, rates: &[f64]) -> Vec<Wrench> {
        let of = |mass: &Mass| {
            let mut velocity = Twist { angular: Vector3::zeros(), linear: Vector3::zeros() };
            for (motions, rate) in posture.motions.iter().zip(rates) {
                for (_, twist) in motions.iter().filter(|(first, _)| self.beyond[*first][mass.body]) {
                    velocity.angular += twist.angular * *rate;
                    velocity.linear += twist.linear * *rate;
                }
            }
            let frame = &posture.frames[mass.body];
            let centre = frame.point(&mass.centre).coords;
            let momentum = mass.mass * (velocity.linear + velocity.angular.cross(&centre));
            let spin = frame.turn * (mass.inertia * (frame.turn.transpose() * velocity.angular));
            [momentum, spin + centre.cross(&momentum)]
        };
        self.bodies.iter().map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::moved_hip::tests::hip;
    use super::*;

    /// A pendulum: a femur of 2 kg that hangs from the hip, its centre of mass 0.2 m below; with the hip open.
    #[test]
    fn a_swinging_leg_asks_for_the_moment_and_the_force_of_a_pendulum() {
        let mut model = hip([0.0, 0.09, 0.03], [0.0, 0.0, 0.06]);
        model.gravity = Vector3::new(0.0, -9.81, 0.0);
        let (mass, arm) = (2.0, 0.2);
        (model.bodies[1].mass, model.bodies[1].mass_centre) = (mass, Point3::new(0.0, -arm, 0.0));
        model.bodies[1].inertia = Matrix3::from_diagonal(&Vector3::new(0.02, 0.004, 0.03));
        let (open, names) = model.with_open_joint("femur").unwrap();
        let skeleton = Skeleton::new(&open).unwrap();
        let masses = Masses::new(&open, &skeleton, "femur").unwrap();
        let (angle, speed, gain) = (0.5f64, 1.7, -3.0);
        let mut list = [[0.0; 6]; 3];
        for (list, value) in list.iter_mut().zip([angle, speed, gain]) {
            list[skeleton.coordinate("hip_flexion").unwrap()] = value;
        }
        let [q, rate, acceleration] = list;
        let at = |name: &str| skeleton.coordinate(name).unwrap();
        let effort = |ground| masses.effort(&skeleton, &q, &rate, &acceleration, ground);
        let free = effort(None);
        let moment = (0.03 + mass * arm * arm) * gain + mass * 9.81 * arm * angle.sin();
        assert!((free[at("hip_flexion")] - moment).abs() < 1e-6, "{free:?} {moment}");
        assert!(free[at("hip_adduction")].abs() < 1e-9);
        let (sin, cos) = angle.sin_cos();
        let along = [
            mass * arm * (gain * cos - speed * speed * sin),
            mass * (arm * (gain * sin + speed * speed * cos) + 9.81),
            0.0,
        ];
        for (name, force) in names.iter().zip(along) {
            assert!((free[at(name)] - force).abs() < 1e-6, "{name}: {free:?} {along:?}");
        }
        // What the ground bears, the hip need not.
        let push = GroundPush { force_n: Vector3::new(1.0, 20.0, 3.0), point_m: Point3::origin() };
        let pushed = effort(Some(&push));
        for (n, name) in names.iter().enumerate() {
            assert!((free[at(name)] - pushed[at(name)] - push.force_n[n]).abs() < 1e-9);
        }
        assert!((free[at("hip_flexion")] - pushed[at("hip_flexion")]).abs() < 1e-9);
    }
}
