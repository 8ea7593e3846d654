//! What forces a motion takes: velocities and accelerations of bodies, inverse dynamics, joint reactions, mass matrix, energy.
//!
//! Spatial vectors (Featherstone 2008, Rigid Body Dynamics Algorithms) about ground's origin and along its axes: of a motion the turn
//! and the velocity of the point of the body that lies in the origin, of a force the moment about the origin and the force. An axis of
//! a joint that turns or slides at rate r adds s r to the velocity V of the body before it, and s r' + (V x s) r to its acceleration;
//! r = df/dq qd and r' = df/dq qdd + qd d2f/dq2 qd of the function f that drives the axis. What a body needs is m (a - g) at its mass centre and
//! I w' + w x I w about it; what a joint bears is the sum over all bodies beyond it, less what acts on these from outside.

mod balance;

pub use balance::Balance;

use super::kinematics::{Axis, Frame, Skeleton, Twist};
use super::model::Model;
use nalgebra::{DMatrix, Matrix3, Point3, Rotation3, Vector3};

/// A force and a moment about ground's origin, along ground's axes: N and N m.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wrench {
    /// N.
    pub force: Vector3<f64>,
    /// N m, about ground's origin.
    pub moment: Vector3<f64>,
}

impl Wrench {
    /// Nothing.
    pub const ZERO: Wrench =
        Wrench { force: Vector3::new(0.0, 0.0, 0.0), moment: Vector3::new(0.0, 0.0, 0.0) };

    /// A force at a point in ground, in m.
    pub fn at(point: Point3<f64>, force: Vector3<f64>) -> Wrench {
        Wrench { force, moment: point.coords.cross(&force) }
    }

    /// A moment without a force.
    pub fn moment(moment: Vector3<f64>) -> Wrench {
        Wrench { force: Vector3::zeros(), moment }
    }

    /// Its moment about a point in ground.
    pub fn moment_about(&self, point: Point3<f64>) -> Vector3<f64> {
        self.moment - point.coords.cross(&self.force)
    }

    fn add(&mut self, other: &Wrench) {
        self.force += other.force;
        self.moment += other.moment;
    }

    fn take(&mut self, other: &Wrench) {
        self.force -= other.force;
        self.moment -= other.moment;
    }

    fn power(&self, twist: &Twist) -> f64 {
        self.force.dot(&twist.linear) + self.moment.dot(&twist.angular)
    }
}

impl Twist {
    const ZERO: Twist = Twist { angular: Vector3::new(0.0, 0.0, 0.0), linear: Vector3::new(0.0, 0.0, 0.0) };

    fn add(&mut self, other: &Twist, times: f64) {
        self.angular += other.angular * times;
        self.linear += other.linear * times;
    }

    /// How fast a twist changes that is fixed to a body of this velocity.
    fn carries(&self, other: &Twist) -> Twist {
        Twist {
            angular: self.angular.cross(&other.angular),
            linear: self.angular.cross(&other.linear) + self.linear.cross(&other.angular),
        }
    }
}

/// Coordinates of a model with their rates.
#[derive(Debug, Clone, Copy)]
pub struct State<'a> {
    /// Values, rad or m.
    pub q: &'a [f64],
    /// Velocities.
    pub velocities: &'a [f64],
    /// Accelerations.
    pub accelerations: &'a [f64],
}

/// The masses of a model.
#[derive(Debug, Clone)]
pub struct Dynamics {
    /// In the order of the skeleton's bodies, ground first.
    masses: Vec<Mass>,
    gravity: Vector3<f64>,
}

#[derive(Debug, Clone)]
struct Mass {
    mass: f64,
    centre: Vector3<f64>,
    inertia: Matrix3<f64>,
}

/// What came out of a motion, and room to compute it in.
#[derive(Debug, Clone, Default)]
pub struct BodyMotion {
    /// Place of each body.
    frames: Vec<Frame>,
    velocity: Vec<Twist>,
    acceleration: Vec<Twist>,
    /// What the joint of each body has to bear.
    borne: Vec<Wrench>,
    /// Directions in which coordinates move the axes of a joint.
    directions: Vec<Direction>,
    /// Centre of each joint in ground.
    centres: Vec<Point3<f64>>,
    /// Generalised forces.
    forces: Vec<f64>,
}

/// How one coordinate moves a body against the one that carries it.
#[derive(Debug, Clone, Copy)]
struct Direction {
    body: usize,
    coordinate: usize,
    twist: Twist,
}

impl BodyMotion {
    /// Generalised forces that make the motion, of all coordinates, N m or N. Those of coordinates that follow others are handed on to these.
    pub fn generalised_forces(&self) -> &[f64] {
        &self.forces
    }

    /// What the joint of a body exerts on it.
    pub fn borne(&self, body: usize) -> Wrench {
        self.borne[body]
    }

    /// What the joint of each body exerts on it where these wrenches act too, on bodies by their places: the pulls of muscles, say, with
    /// which joints bear their reactions. `borne` is written over.
    ///
    /// # Panics
    /// Where a load or the skeleton is not of this motion.
    pub fn borne_with(&self, skeleton: &Skeleton, loads: &[(usize, Wrench)], borne: &mut Vec<Wrench>) {
        borne.clear();
        borne.resize(self.borne.len(), Wrench::ZERO);
        for (body, load) in loads {
            borne[*body].take(load);
        }
        for link in skeleton.links().iter().rev() {
            let beyond = borne[link.child];
            borne[link.parent].add(&beyond);
        }
        for (sum, without) in borne.iter_mut().zip(&self.borne) {
            sum.add(without);
        }
    }

    /// Generalised forces of what joints bear, as [`BodyMotion::borne_with`] tells it, in a state of the motion: what muscles and loads leave to
    /// be borne along each coordinate, N m or N.
    ///
    /// # Panics
    /// Where `borne` or the skeleton is not of this motion.
    pub fn along_coordinates(&self, skeleton: &Skeleton, q: &[f64], borne: &[Wrench]) -> Vec<f64> {
        let mut forces = vec![0.0; q.len()];
        for direction in &self.directions {
            forces[direction.coordinate] += borne[direction.body].power(&direction.twist);
        }
        skeleton.pull_back(q, &mut forces);
        forces
    }

    /// Where the frame of a body's joint lies in ground, m.
    pub fn joint_centre(&self, body: usize) -> Point3<f64> {
        self.centres[body]
    }

    /// A vector of ground along the axes of a body.
    pub fn in_body(&self, body: usize, vector: Vector3<f64>) -> Vector3<f64> {
        self.frames[body].turn.transpose() * vector
    }

    /// A point of a body in ground, m.
    pub fn point(&self, body: usize, at: &Point3<f64>) -> Point3<f64> {
        self.frames[body].point(at)
    }

    /// A direction of a body in ground.
    pub fn direction(&self, body: usize, along: &Vector3<f64>) -> Vector3<f64> {
        self.frames[body].turn * along
    }
}

/// Energy of a model, J.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Energy {
    /// Of motion.
    pub kinetic: f64,
    /// Of height: zero where a mass centre lies in ground's origin.
    pub potential: f64,
}

impl Dynamics {
    /// Of a model and its skeleton.
    pub fn new(model: &Model, skeleton: &Skeleton) -> Dynamics {
        let nothing = Mass { mass: 0.0, centre: Vector3::zeros(), inertia: Matrix3::zeros() };
        let mut masses = vec![nothing; skeleton.body_count()];
        for body in &model.bodies {
            if let Some(place) = skeleton.body(&body.name) {
                masses[place] =
                    Mass { mass: body.mass, centre: body.mass_centre.coords, inertia: body.inertia };
            }
        }
        Dynamics { masses, gravity: model.gravity }
    }

    /// Mass of all bodies, kg.
    pub fn total_mass(&self) -> f64 {
        self.masses.iter().map(|mass| mass.mass).sum()
    }

    /// Acceleration of gravity in ground, m/s².
    pub fn gravity(&self) -> Vector3<f64> {
        self.gravity
    }

    /// What generalised forces a motion takes with wrenches on bodies from outside (`loads`, by the body's place), and what each joint
    /// bears, by recursion over the tree (Luh, Walker and Paul 1980). Where muscles are among the loads, what the joints bear are joint reactions;
    /// those are told by [`BodyMotion::borne_with`] too.
    ///
    /// # Panics
    /// Where the state or a load is not of this skeleton.
    pub fn inverse(
        &self,
        skeleton: &Skeleton,
        state: &State<'_>,
        loads: &[(usize, Wrench)],
        motion: &mut BodyMotion,
    ) {
        self.move_bodies(skeleton, state, motion);
        let bodies = self.masses.len();
        motion.borne.clear();
        motion.borne.resize(bodies, Wrench::ZERO);
        for body in 1..bodies {
            motion.borne[body] = self.needed(body, motion);
        }
        for (body, load) in loads {
            motion.borne[*body].take(load);
        }
        for link in skeleton.links().iter().rev() {
            let borne = motion.borne[link.child];
            motion.borne[link.parent].add(&borne);
        }
        motion.forces = motion.along_coordinates(skeleton, state.q, &motion.borne);
    }

    /// What a body needs to move as it does, against gravity.
    fn needed(&self, body: usize, motion: &BodyMotion) -> Wrench {
        let (mass, frame) = (&self.masses[body], &motion.frames[body]);
        let (velocity, acceleration) = (&motion.velocity[body], &motion.acceleration[body]);
        let centre = frame.turn * mass.centre + frame.origin;
        let turn = velocity.angular;
        let speed = velocity.linear + turn.cross(&centre);
        let gained = acceleration.linear + acceleration.angular.cross(&centre) + turn.cross(&speed);
        let force = mass.mass * (gained - self.gravity);
        // Along the body's own axes, in which its inertia stays.
        let (own_turn, own_gain) =
            (frame.turn.transpose() * turn, frame.turn.transpose() * acceleration.angular);
        let moment = frame.turn * (mass.inertia * own_gain + own_turn.cross(&(mass.inertia * own_turn)));
        Wrench { force, moment: moment + centre.cross(&force) }
    }

    /// Places, velocities and accelerations from ground outwards.
    fn move_bodies(&self, skeleton: &Skeleton, state: &State<'_>, motion: &mut BodyMotion) {
        let bodies = self.masses.len();
        let still = Frame { turn: Matrix3::identity(), origin: Vector3::zeros() };
        for (list, value) in [(&mut motion.velocity, Twist::ZERO), (&mut motion.acceleration, Twist::ZERO)] {
            list.clear();
            list.resize(bodies, value);
        }
        motion.frames.clear();
        motion.frames.resize(bodies, still);
        motion.centres.clear();
        motion.centres.resize(bodies, Point3::origin());
        motion.directions.clear();
        for link in skeleton.links() {
            let Frame { mut turn, mut origin } = motion.frames[link.parent].of(&link.in_parent);
            let mut velocity = motion.velocity[link.parent];
            let mut acceleration = motion.acceleration[link.parent];
            let joint_turn = turn;
            // Translations first: rotations turn about where they lead to.
            let translations = link.axes.iter().filter(|axis| !axis.is_rotation);
            for axis in translations.chain(link.axes.iter().filter(|axis| axis.is_rotation)) {
                let unit = if axis.is_rotation {
                    let angular = turn * axis.axis.into_inner();
                    Twist { angular, linear: origin.cross(&angular) }
                } else {
                    Twist { angular: Vector3::zeros(), linear: joint_turn * axis.axis.into_inner() }
                };
                let driven = Driven::new(axis, state, |coordinate, rate| {
                    let twist = Twist { angular: unit.angular * rate, linear: unit.linear * rate };
                    motion.directions.push(Direction { body: link.child, coordinate, twist });
                });
                acceleration.add(&unit, driven.acceleration);
                acceleration.add(&velocity.carries(&unit), driven.velocity);
                velocity.add(&unit, driven.velocity);
                if axis.is_rotation {
                    turn *= Rotation3::from_axis_angle(&axis.axis, driven.value).matrix();
                } else {
                    origin += unit.linear * driven.value;
                }
            }
            motion.velocity[link.child] = velocity;
            motion.acceleration[link.child] = acceleration;
            motion.centres[link.child] = Point3::from(origin);
            motion.frames[link.child] = Frame { turn, origin }.of(&link.from_child);
        }
    }

    /// The mass matrix M of M qdd + bias = generalised forces, over all coordinates as if none followed another: J' I J with the directions
    /// J in which each coordinate moves each body.
    pub fn mass_matrix(&self, skeleton: &Skeleton, q: &[f64], motion: &mut BodyMotion) -> DMatrix<f64> {
        let zeros = vec![0.0; q.len()];
        self.move_bodies(skeleton, &State { q, velocities: &zeros, accelerations: &zeros }, motion);
        let mut jacobian = vec![vec![Twist::ZERO; q.len()]; self.masses.len()];
        for link in skeleton.links() {
            jacobian[link.child] = jacobian[link.parent].clone();
            for direction in motion.directions.iter().filter(|direction| direction.body == link.child) {
                jacobian[link.child][direction.coordinate].add(&direction.twist, 1.0);
            }
        }
        let mut matrix = DMatrix::zeros(q.len(), q.len());
        for (body, columns) in jacobian.iter().enumerate() {
            for (j, column) in columns.iter().enumerate() {
                let momentum = self.momentum(body, column, motion);
                for (i, row) in columns.iter().enumerate() {
                    matrix[(i, j)] += momentum.power(row);
                }
            }
        }
        matrix
    }

    /// Momentum of a body at a velocity, about ground's origin.
    fn momentum(&self, body: usize, velocity: &Twist, motion: &BodyMotion) -> Wrench {
        let (mass, frame) = (&self.masses[body], &motion.frames[body]);
        let centre = frame.turn * mass.centre + frame.origin;
        let force = mass.mass * (velocity.linear + velocity.angular.cross(&centre));
        let moment = frame.turn * (mass.inertia * (frame.turn.transpose() * velocity.angular));
        Wrench { force, moment: moment + centre.cross(&force) }
    }

    /// Energy of the motion that was computed last.
    pub fn energy(&self, motion: &BodyMotion) -> Energy {
        let (mut kinetic, mut potential) = (0.0, 0.0);
        for (body, mass) in self.masses.iter().enumerate().take(motion.velocity.len()) {
            let velocity = &motion.velocity[body];
            kinetic += self.momentum(body, velocity, motion).power(velocity) / 2.0;
            let frame = &motion.frames[body];
            potential -= mass.mass * self.gravity.dot(&(frame.turn * mass.centre + frame.origin));
        }
        Energy { kinetic, potential }
    }
}

/// What a function drives an axis to.
struct Driven {
    value: f64,
    velocity: f64,
    acceleration: f64,
}

/// Coordinates of one axis; joints have six at most.
const MOST_ARGUMENTS: usize = 6;

impl Driven {
    /// Tells each coordinate's rate on the way.
    fn new(axis: &Axis, state: &State<'_>, mut tell: impl FnMut(usize, f64)) -> Driven {
        let coordinates = &axis.coordinates[..axis.coordinates.len().min(MOST_ARGUMENTS)];
        let mut arguments = [0.0; MOST_ARGUMENTS];
        for (argument, &n) in arguments.iter_mut().zip(coordinates) {
            *argument = state.q[n];
        }
        let arguments = &arguments[..coordinates.len()];
        let mut driven = Driven { value: axis.function.value(arguments), velocity: 0.0, acceleration: 0.0 };
        for (i, &n) in coordinates.iter().enumerate() {
            let rate = axis.function.derivative(arguments, &[i]);
            if rate != 0.0 {
                tell(n, rate);
            }
            driven.velocity += rate * state.velocities[n];
            driven.acceleration += rate * state.accelerations[n];
            for (j, &m) in coordinates.iter().enumerate() {
                let bend = axis.function.derivative(arguments, &[i, j]);
                driven.acceleration += bend * state.velocities[n] * state.velocities[m];
            }
        }
        driven
    }
}

#[cfg(test)]
mod tests;
