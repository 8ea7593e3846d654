//! Lever-out: a motion carried on past the contact of neck and rim, until the head leaves the liner.

use super::body::{Body, ContactLaw, Force, Freedom, LinerForces, State, check, fibre_forces};
use super::course::{Climb, Means};
use super::joint::CheckedJoint;
use super::lever_out_sample::{Dislocation, LeverOutSample};
use super::{DynamicsError, Fibre, HipJoint, Leg, Settings, within};
use crate::Motion;
use coxa_geometry::frame::Pelvis;
use coxa_geometry::{Angle, Point, Vector};
use nalgebra::{UnitQuaternion, Vector3};
use serde::Serialize;

/// A motion of a planned hip and what holds the head in.
#[derive(Debug, Clone, PartialEq)]
pub struct LeverOutInput {
    /// Cup, liner, head and neck.
    pub joint: HipJoint,
    /// The leg, whose weight acts where `gravity` is not zero.
    pub leg: Leg,
    /// The motion. The femur is turned as it says, at the speed of the settings; the head centre is free.
    pub motion: Motion,
    /// A constant force on the head centre in N, such as that of the muscles together; zero if fibres do it.
    pub joint_force_n: Vector<Pelvis>,
    /// Gravity in m/s² in the posture at hand; zero for a leg that is held.
    pub gravity_m_per_s2: Vector<Pelvis>,
    /// Capsule and muscles.
    pub fibres: Vec<Fibre>,
}

/// Where the neck first met the rim.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NeckContact {
    /// From the start of the motion.
    #[serde(rename = "turn_deg")]
    pub turn: Angle,
    /// On the rim.
    #[serde(rename = "place_mm")]
    pub place: Point<Pelvis>,
}

/// What became of a motion.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeverOut {
    /// Name of the motion.
    pub motion: String,
    /// First contact of the neck; `None` where the motion ends before.
    pub neck_contact: Option<NeckContact>,
    /// `None` where the head stayed in to the end of the motion.
    pub dislocation: Option<Dislocation>,
    /// Largest resisting moment from the neck's contact until the head left, or to the end: a moment that grows slowly
    /// carries the head out when it reaches this. Zero without contact.
    pub peak_moment_n_m: f64,
    /// Where it was reached.
    #[serde(rename = "peak_turn_deg")]
    pub peak_turn: Angle,
    /// Work done on the femur from the neck's contact until the head left, or to the end of the motion.
    pub work_j: f64,
    /// The course, one sample per [`Settings::sample_every_deg`].
    pub samples: Vec<LeverOutSample>,
}

/// Time for the head to settle before the motion begins, in s.
const SETTLING_S: f64 = 0.3;

/// Turns a femur until its head leaves the liner, or to the end of the motion.
///
/// The turning is given; the head centre moves under the forces of liner, fibres, joint force and weight. The mass of the
/// leg acts at the head centre and the inertia of turning is left out, which at the default 10° a second amounts to less
/// than a newton. The outer face of the cup and the bones are not there: what the head does once it is out is not told.
///
/// # Errors
/// [`DynamicsError`] for numbers out of range, a start in contact or with nothing that holds the head, or a simulation
/// that is too long or diverges.
pub fn lever_out(input: &LeverOutInput, settings: &Settings) -> Result<LeverOut, DynamicsError> {
    let joint = check(&input.leg, &input.joint, &input.fibres, settings)?;
    within("joint force in N", input.joint_force_n.norm(), 0.0, 1e5)?;
    within("gravity in m/s2", input.gravity_m_per_s2.norm(), 0.0, 100.0)?;
    let range = within("range of the motion in degrees", input.motion.range.degrees(), 0.0, 360.0)?;
    let start = input.motion.start;
    for angle in [start.flexion, start.adduction, start.internal_rotation] {
        within("angle at the start in degrees", angle.degrees(), -360.0, 360.0)?;
    }
    let steps = settings.steps(range / settings.turning_speed_deg_per_s)?;
    let settling = settings.steps(SETTLING_S)?;
    let mut run = Run::new(input, &joint, settings);
    run.settle(settling)?;
    run.turn(steps)?;
    Ok(run.result)
}

/// Place of the neck's force among those gathered.
const NECK_FORCE: usize = 0;

struct Run<'a> {
    input: &'a LeverOutInput,
    joint: &'a CheckedJoint,
    settings: &'a Settings,
    law: ContactLaw,
    body: Body,
    /// Axis and sense of the motion, fixed in the pelvis.
    axis: Vector3<f64>,
    /// Kept so that a step allocates nothing.
    forces: Vec<Force>,
    result: LeverOut,
}

impl<'a> Run<'a> {
    fn new(input: &'a LeverOutInput, joint: &'a CheckedJoint, settings: &'a Settings) -> Self {
        let motion = &input.motion;
        // A motion turns about one axis that stands still in the pelvis, so any turn shows it.
        let by = Angle::from_radians(1.0);
        let turned = motion.at(by).rotation() * motion.at(Angle::ZERO).rotation().inverse();
        Run {
            input,
            joint,
            settings,
            law: ContactLaw::new(settings, input.leg.mass_kg),
            body: Body::new(&input.leg, Freedom::RotationGiven, motion.start, settings),
            axis: turned.scaled_axis().normalize(),
            forces: Vec::with_capacity(input.fibres.len() + 4),
            result: LeverOut {
                motion: motion.name.clone(),
                neck_contact: None,
                dislocation: None,
                peak_moment_n_m: 0.0,
                peak_turn: Angle::ZERO,
                work_j: 0.0,
                samples: Vec::new(),
            },
        }
    }

    /// Lets the head find its place in the liner.
    fn settle(&mut self, steps: usize) -> Result<(), DynamicsError> {
        let mut state = self.body.state();
        for step in 0..steps {
            let liner = self.law.forces(self.joint, &state);
            if liner.neck != Vector3::zeros() {
                return Err(DynamicsError::StartBlocked);
            }
            self.gather(&liner, &state);
            state = self.body.step(&self.forces, step as f64 * self.settings.step_s)?;
            if state.centre.norm() >= self.joint.out_mm {
                return Err(DynamicsError::NotHeld);
            }
        }
        Ok(())
    }

    fn turn(&mut self, steps: usize) -> Result<(), DynamicsError> {
        let speed = self.settings.turning_speed_deg_per_s.to_radians();
        let sampling = self.settings.sample_every_deg.to_radians();
        let (mut climb, mut means) = (Climb::default(), Means::default());
        let (mut before, mut moment_before): (Option<Vector3<f64>>, f64) = (None, 0.0);
        for step in 0..=steps {
            let turn = Angle::from_radians(speed * step as f64 * self.settings.step_s);
            let rotation = UnitQuaternion::from_rotation_matrix(&self.input.motion.at(turn).rotation());
            self.body.turn_to(&rotation);
            let state = State { rotation, spin: self.axis * speed, ..self.body.state() };
            let liner = self.law.forces(self.joint, &state);
            let moment = self.gather(&liner, &state) / 1e3;
            let head_centre = Point::from_coords(state.centre.into());
            if liner.neck != Vector3::zeros() && self.result.neck_contact.is_none() {
                let place = Point::from_coords(liner.neck_at.into());
                self.result.neck_contact = Some(NeckContact { turn, place });
                before = Some(state.centre);
            }
            if let Some(before) = before.replace(state.centre).filter(|_| self.result.neck_contact.is_some())
            {
                let work_j = (moment + moment_before) / 2.0 * speed * self.settings.step_s;
                if climb.step(work_j, &self.holding_force(), &(state.centre - before)) {
                    self.record(&climb);
                    climb.top = Some(Dislocation { turn, head_centre });
                }
            }
            moment_before = moment;
            means.add(turn, &state.centre, moment, &liner);
            if turn.radians() >= sampling * (self.result.samples.len() + 1) as f64 {
                let sample = means.take();
                sample.iter().for_each(|sample| climb.peak(sample));
                self.result.samples.extend(sample);
            }
            if state.centre.norm() >= self.joint.out_mm {
                self.result.samples.extend(means.take());
                self.result.dislocation = climb.top.or(Some(Dislocation { turn, head_centre }));
                return Ok(());
            }
            self.body.step(&self.forces, SETTLING_S + step as f64 * self.settings.step_s)?;
        }
        self.result.samples.extend(means.take());
        self.record(&climb);
        Ok(())
    }

    fn record(&mut self, climb: &Climb) {
        self.result.work_j = climb.work_j;
        (self.result.peak_moment_n_m, self.result.peak_turn) = (climb.peak_n_m, climb.peak_turn);
    }

    /// The force on the femur without the neck's, of the last gathering.
    fn holding_force(&self) -> Vector3<f64> {
        self.forces.iter().skip(NECK_FORCE + 1).map(|force| force.force).sum()
    }

    /// Gathers all forces on the femur and gives the moment in N mm that must be applied against them.
    fn gather(&mut self, liner: &LinerForces, state: &State) -> f64 {
        let leg = &self.input.leg;
        let centre_of_mass = state.centre + state.rotation * leg.centre_of_mass.coords();
        self.forces.clear();
        self.forces.push(Force { at: liner.neck_at, force: liner.neck });
        self.forces.push(Force { at: liner.head_at, force: liner.head });
        self.forces.push(Force { at: state.centre, force: self.input.joint_force_n.coords() });
        let weight = self.input.gravity_m_per_s2.coords() * leg.mass_kg;
        self.forces.push(Force { at: centre_of_mass, force: weight });
        self.forces.extend(fibre_forces(&self.input.fibres, state));
        let moment: Vector3<f64> =
            self.forces.iter().map(|Force { at, force }| (at - state.centre).cross(force)).sum();
        -moment.dot(&self.axis)
    }
}
