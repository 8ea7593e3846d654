//! Static optimisation: which muscles bear the moments of a motion, frame by frame.
//!
//! As in OpenSim's tool of this name: the least sum of powers of activations, and of the controls of other actuators, that makes the motion.
//! The force of a muscle is its activation times what it can bear at full activation, by its greatest isometric force alone or by its
//! length and velocity as well, its tendon taken as rigid; passive force has no part in it unless it is asked for. Where OpenSim asks for the accelerations of
//! coordinates that are free, the generalised forces of the same coordinates are asked for here: the mass matrix leads from one to the
//! other, so that the answers are the same.

mod actuators;
mod cholesky;
mod columns;
mod error;
mod passive;
mod sharing;
mod work;

pub use error::OptimisationError;
pub use sharing::{Demand, ExponentError, Outcome, Sharing};
pub use work::{Work, work};

use super::dynamics::Wrench;
use super::kinematics::{Posture, Skeleton};
use super::model::Model;
use super::musculotendon::Musculotendon;
use super::path::{Paths, Workspace};
use actuators::Acting;
use coxa_geometry::{Finding, finding};
use passive::Passive;

/// How moments are shared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Power of activations in the sum that is made least, greater than one.
    pub exponent: f64,
    /// Whether muscles bear less where they are too long, too short or shorten fast.
    pub uses_physiology: bool,
    /// Whether stretched fibres first bear what they do without activation; OpenSim leaves that out.
    pub uses_passive_force: bool,
}

impl Default for Settings {
    /// OpenSim's.
    fn default() -> Self {
        Settings { exponent: 2.0, uses_physiology: true, uses_passive_force: false }
    }
}

/// Static optimisation of a model, compiled.
#[derive(Debug, Clone)]
pub struct StaticOptimisation {
    settings: Settings,
    /// Coordinates whose moments are shared: those that are neither locked nor follow others.
    free: Vec<usize>,
    /// Of each coordinate, whether its own velocity changes lengths: all but those that follow others.
    leads: Vec<bool>,
    coordinates: Vec<String>,
    beyond: Vec<Vec<bool>>,
    /// Muscles that pull, with their places among the paths.
    muscles: Vec<(usize, Musculotendon)>,
    actuators: Vec<Acting>,
    names: Vec<String>,
    bounds: Vec<[f64; 2]>,
    sharing: Sharing,
    passive: Passive,
    /// Room for the work.
    effects: Vec<f64>,
    needed: Vec<f64>,
    on_all: Vec<f64>,
    workspace: Workspace,
}

/// One moment of a motion.
#[derive(Debug, Clone, Copy)]
pub struct Instant<'a> {
    /// Values of the coordinates, rad or m.
    pub q: &'a [f64],
    /// Their velocities.
    pub velocities: &'a [f64],
    /// Where the bodies are at these values.
    pub posture: &'a Posture,
    /// Generalised forces that make the motion, of all coordinates, N m or N: those of inverse dynamics, where what is needed on
    /// coordinates that follow others is handed on to these.
    pub moments: &'a [f64],
}

/// Forces of the muscles and actuators that bear the moments of one instant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MuscleForces {
    /// Activation of each muscle, control of each actuator.
    pub controls: Vec<f64>,
    /// Force of each along its path, N, torques of actuators N m.
    pub forces: Vec<f64>,
    /// Length of each muscle with its tendon, m.
    pub lengths: Vec<f64>,
    /// Its rate, m/s, shortening negative.
    pub velocities: Vec<f64>,
    /// What is missing on each free coordinate, N m or N; zero but for rounding where the moments are met.
    pub missing: Vec<f64>,
    /// Whether the moments are met.
    pub is_met: bool,
    /// Steps of the solver.
    pub rounds: usize,
}

impl MuscleForces {
    /// Power of each muscle, W: what it does on the bones by shortening.
    pub fn powers(&self) -> impl Iterator<Item = f64> {
        self.forces.iter().zip(&self.velocities).map(|(force, velocity)| -force * velocity)
    }
}

impl StaticOptimisation {
    /// Of a model, its skeleton and its paths.
    ///
    /// # Errors
    /// Where a muscle or an actuator cannot be computed with, or the exponent is not greater than one.
    pub fn new(
        model: &Model,
        skeleton: &Skeleton,
        paths: &Paths,
        settings: Settings,
    ) -> Result<StaticOptimisation, OptimisationError> {
        let follows = |name: &str| model.couplers.iter().any(|coupler| coupler.dependent == name);
        let coordinates: Vec<_> = model.joints.iter().flat_map(|joint| &joint.coordinates).collect();
        let leads: Vec<bool> = coordinates.iter().map(|c| !follows(&c.name)).collect();
        let free: Vec<usize> =
            (0..coordinates.len()).filter(|&n| leads[n] && !coordinates[n].is_locked).collect();
        let (mut muscles, mut names, mut bounds) = (Vec::new(), Vec::new(), Vec::new());
        for muscle in model.muscles.iter().filter(|muscle| muscle.applies_force) {
            let Some(path) = paths.muscle(&muscle.name) else { continue };
            let unit = Musculotendon::new(muscle)?;
            names.push(muscle.name.clone());
            bounds.push([unit.least_activation(), 1.0]);
            muscles.push((path, unit));
        }
        let mut actuators = Vec::new();
        for actuator in &model.actuators {
            let [least, most] = actuator.control;
            if least.is_nan() || most.is_nan() || least >= most {
                return Err(OptimisationError::Range(actuator.name.clone()));
            }
            actuators.push(Acting::new(actuator, skeleton)?);
            names.push(actuator.name.clone());
            bounds.push(actuator.control);
        }
        Ok(StaticOptimisation {
            settings,
            coordinates: free.iter().map(|&n| coordinates[n].name.clone()).collect(),
            leads,
            beyond: skeleton.beyond(),
            effects: vec![0.0; names.len() * free.len()],
            needed: vec![0.0; free.len()],
            passive: Passive::default(),
            on_all: vec![0.0; coordinates.len()],
            workspace: Workspace::default(),
            free,
            muscles,
            actuators,
            names,
            bounds,
            sharing: Sharing::new(settings.exponent)?,
        })
    }

    /// Names of the muscles that pull, then of the actuators: the order of controls and forces.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many of them are muscles.
    pub fn muscles(&self) -> usize {
        self.muscles.len()
    }

    /// Names of the coordinates whose moments are shared.
    pub fn coordinates(&self) -> &[String] {
        &self.coordinates
    }

    /// Forgets the last instant, where the next would begin. What is found is the same but for rounding: this makes it the same bytes
    /// whatever was solved before.
    pub fn restart(&mut self) {
        self.sharing.restart();
    }

    /// Shares the moments of an instant out to muscles; `shares` is written over.
    ///
    /// # Panics
    /// Where the instant is not of this model.
    pub fn solve(
        &mut self,
        skeleton: &Skeleton,
        paths: &Paths,
        instant: &Instant<'_>,
        shares: &mut MuscleForces,
    ) {
        self.look(skeleton, paths, instant, shares);
        for (needed, &coordinate) in self.needed.iter_mut().zip(&self.free) {
            *needed = instant.moments[coordinate];
        }
        self.passive.relieve(&mut self.needed);
        let demand = Demand { effects: &self.effects, bounds: &self.bounds, moments: &self.needed };
        let outcome = self.sharing.solve(&demand, &mut shares.controls);
        for (force, control) in shares.forces.iter_mut().zip(&shares.controls) {
            *force *= control;
        }
        self.passive.add_to(&mut shares.forces);
        shares.missing.clear();
        shares.missing.extend(self.sharing.excess().map(|excess| -excess));
        (shares.is_met, shares.rounds) = (outcome.is_met, outcome.rounds);
    }

    /// What a control of one of each does, and where it is.
    fn look(&mut self, skeleton: &Skeleton, paths: &Paths, instant: &Instant<'_>, shares: &mut MuscleForces) {
        let rows = self.free.len();
        self.passive.clear(rows);
        for list in [&mut shares.controls, &mut shares.forces] {
            list.clear();
            list.resize(self.names.len(), 0.0);
        }
        shares.lengths.clear();
        shares.velocities.clear();
        for (n, (path, unit)) in self.muscles.iter().enumerate() {
            let (on_all, workspace) = (&mut self.on_all, &mut self.workspace);
            let length = paths.length_in(*path, skeleton, instant.q, instant.posture, on_all, workspace);
            // Minus the arms: what follows other coordinates is in the arms of those.
            let leading = self.on_all.iter().zip(instant.velocities).zip(&self.leads);
            let velocity: f64 = leading.filter(|(_, leads)| **leads).map(|((arm, v), _)| -arm * v).sum();
            let force = if self.settings.uses_physiology {
                unit.active_force(length, velocity)
            } else {
                unit.max_isometric_force()
            };
            for (effect, &coordinate) in self.effects[n * rows..].iter_mut().zip(&self.free) {
                *effect = force * self.on_all[coordinate];
            }
            if self.settings.uses_passive_force {
                let passive = unit.with_rigid_tendon(0.0, length, 0.0).passive_force;
                self.passive.bear(passive, self.free.iter().map(|&coordinate| self.on_all[coordinate]));
            }
            shares.forces[n] = force;
            shares.lengths.push(length);
            shares.velocities.push(velocity);
        }
        for (n, actuator) in self.actuators.iter().enumerate() {
            let n = self.muscles.len() + n;
            self.on_all.fill(0.0);
            actuator.add(&self.beyond, instant.posture, &mut self.on_all);
            skeleton.pull_back(instant.q, &mut self.on_all);
            for (effect, &coordinate) in self.effects[n * rows..].iter_mut().zip(&self.free) {
                *effect = self.on_all[coordinate];
            }
            shares.forces[n] = actuator.optimal_force();
        }
    }

    /// What each muscle bears at full activation, and each actuator at a control of one, N or N m: what controls are multiplied by.
    ///
    /// # Panics
    /// Where the instant is not of this model.
    pub fn bearable(&mut self, skeleton: &Skeleton, paths: &Paths, instant: &Instant<'_>) -> Vec<f64> {
        let mut shares = MuscleForces::default();
        self.look(skeleton, paths, instant, &mut shares);
        shares.forces
    }

    /// Generalised forces of given forces of the muscles and actuators, in the order of their names, on the free coordinates; `moments` is
    /// written over.
    ///
    /// # Panics
    /// Where the values, the posture or the forces are not of this model.
    pub fn moments_of(
        &mut self,
        skeleton: &Skeleton,
        paths: &Paths,
        q: &[f64],
        posture: &Posture,
        forces: &[f64],
        moments: &mut Vec<f64>,
    ) {
        moments.clear();
        moments.resize(self.free.len(), 0.0);
        let (of_muscles, of_actuators) = forces.split_at(self.muscles.len());
        let mut add = |on_all: &[f64], factor: f64| {
            for (sum, &coordinate) in moments.iter_mut().zip(&self.free) {
                *sum += factor * on_all[coordinate];
            }
        };
        for ((path, _), force) in self.muscles.iter().zip(of_muscles) {
            paths.length_in(*path, skeleton, q, posture, &mut self.on_all, &mut self.workspace);
            add(&self.on_all, *force);
        }
        for (actuator, force) in self.actuators.iter().zip(of_actuators) {
            self.on_all.fill(0.0);
            actuator.add(&self.beyond, posture, &mut self.on_all);
            skeleton.pull_back(q, &mut self.on_all);
            add(&self.on_all, force / actuator.optimal_force());
        }
    }

    /// Adds what given forces of the muscles and actuators, in the order of their names, do on bodies. With these among the loads of
    /// [`Dynamics::inverse`](super::dynamics::Dynamics::inverse) joints bear their reactions, as OpenSim's `JointReaction` has them; actuators on
    /// coordinates are borne by the joint.
    ///
    /// # Panics
    /// As [`StaticOptimisation::moments_of`].
    pub fn add_pulls(
        &self,
        paths: &Paths,
        q: &[f64],
        posture: &Posture,
        forces: &[f64],
        workspace: &mut Workspace,
        on_bodies: &mut Vec<(usize, Wrench)>,
    ) {
        let (of_muscles, of_actuators) = forces.split_at(self.muscles.len());
        for ((path, _), force) in self.muscles.iter().zip(of_muscles) {
            paths.add_pulls(*path, *force, q, posture, workspace, on_bodies);
        }
        for (actuator, force) in self.actuators.iter().zip(of_actuators) {
            let control = force / actuator.optimal_force();
            let scaled = |(body, wrench): (usize, Wrench)| {
                (body, Wrench { force: wrench.force * control, moment: wrench.moment * control })
            };
            on_bodies.extend(actuator.wrenches(posture).into_iter().flatten().map(scaled));
        }
    }

    /// What must be known of instants whose moments cannot be met: each coordinate on which most is missing, by how much at most, and in how
    /// many instants.
    pub fn findings<'a>(&self, instants: impl IntoIterator<Item = &'a MuscleForces>) -> Vec<Finding> {
        let mut worst = vec![(0usize, 0.0f64); self.coordinates.len()];
        let mut all = 0;
        for shares in instants {
            all += 1;
            if shares.is_met {
                continue;
            }
            let most = shares.missing.iter().fold(0.0, |most, m: &f64| m.abs().max(most));
            for ((count, worst), missing) in worst.iter_mut().zip(&shares.missing) {
                // Coordinates that miss a thousandth of the worst are met.
                if missing.is_nan() || missing.abs() > 1e-3 * most {
                    *count += 1;
                    if missing.is_nan() || missing.abs() > worst.abs() {
                        *worst = *missing;
                    }
                }
            }
        }
        let missed = self.coordinates.iter().zip(worst).filter(|(_, (count, _))| *count > 0);
        missed
            .map(|(coordinate, (beyond, missing))| {
                let (coordinate, most) = (coordinate.to_string(), missing.abs());
                finding::MomentOutOfReach { coordinate, beyond, instants: all, most, missing }.finding()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
