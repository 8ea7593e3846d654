//! The femur with its leg as a body of rapier3d: the only place that knows rapier and its metres.

use super::contact::Touch;
use super::joint::CheckedJoint;
use super::springs::Fibre;
use super::{DynamicsError, HipJoint, Leg, Settings};
use coxa_geometry::joint::HipAngles;
use nalgebra::{Quaternion, UnitQuaternion, Vector3};
use rapier3d_f64::math::{Rotation, Vector as RapierVector};
use rapier3d_f64::prelude::{
    LockedAxes, MassProperties, PhysicsWorld, RigidBodyBuilder, RigidBodyHandle, SphericalJointBuilder,
};

/// Position and motion of the femur: origin at the head centre, mm and s, in the pelvis' axes.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub(super) centre: Vector3<f64>,
    pub(super) rotation: UnitQuaternion<f64>,
    /// Of the head centre, in mm/s.
    pub(super) velocity: Vector3<f64>,
    /// In rad/s.
    pub(super) spin: Vector3<f64>,
}

impl State {
    /// Where a fibre's end on the femur lies.
    pub(super) fn in_pelvis(&self, fibre: &Fibre) -> Vector3<f64> {
        self.centre + self.rotation * fibre.on_femur.coords().coords
    }
}

/// A force on the femur in N and where it acts, in mm.
#[derive(Debug, Clone, Copy)]
pub(super) struct Force {
    pub(super) at: Vector3<f64>,
    pub(super) force: Vector3<f64>,
}

/// How the femur may move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Freedom {
    /// Its rotation is given from outside; the head centre is free. The mass acts at the head centre.
    RotationGiven,
    /// It turns about the origin, held by a ball joint of rapier.
    BallJoint,
    /// Free in all six degrees.
    Free,
}

/// The simulated femur.
pub(super) struct Body {
    world: PhysicsWorld,
    handle: RigidBodyHandle,
    step_s: f64,
}

const MM_PER_M: f64 = 1e3;

/// Rate at which the head centre of a driven femur loses speed. Sliding friction does not damp what happens along the
/// sliding; this lets it settle in some tenths of a second, for a force of about half a newton at the default turning speed.
const SETTLING_RATE_PER_S: f64 = 5.0;

fn to_rapier(v: Vector3<f64>) -> RapierVector {
    RapierVector::new(v.x, v.y, v.z)
}

fn from_rapier(v: RapierVector) -> Vector3<f64> {
    Vector3::new(v.x, v.y, v.z)
}

fn rotation_to_rapier(q: &UnitQuaternion<f64>) -> Rotation {
    Rotation::from_xyzw(q.i, q.j, q.k, q.w)
}

impl Body {
    /// A femur at rest with its head at the origin.
    pub(super) fn new(leg: &Leg, freedom: Freedom, start: HipAngles, settings: &Settings) -> Body {
        let mut world = PhysicsWorld::new();
        world.gravity = RapierVector::ZERO;
        world.integration_parameters.dt = settings.step_s;
        // The forces hold for one step, so finer steps inside it would not see the contact change.
        world.integration_parameters.num_solver_iterations = 1;
        let rotation = UnitQuaternion::from_rotation_matrix(&start.rotation());
        let (centre, inertia) = match freedom {
            Freedom::RotationGiven => (Vector3::zeros(), Vector3::repeat(1.0)),
            Freedom::BallJoint | Freedom::Free => {
                (leg.centre_of_mass.coords() / MM_PER_M, Vector3::from(leg.inertia_kg_m2))
            }
        };
        let locked = match freedom {
            Freedom::RotationGiven => LockedAxes::ROTATION_LOCKED,
            Freedom::BallJoint | Freedom::Free => LockedAxes::empty(),
        };
        let damping = if freedom == Freedom::RotationGiven { SETTLING_RATE_PER_S } else { 0.0 };
        let body = RigidBodyBuilder::dynamic()
            .locked_axes(locked)
            .linear_damping(damping)
            .gyroscopic_forces_enabled(true)
            .can_sleep(false)
            .additional_mass_properties(MassProperties::new(
                to_rapier(centre),
                leg.mass_kg,
                to_rapier(inertia),
            ));
        let handle = world.insert_body(body);
        world.bodies[handle].set_rotation(rotation_to_rapier(&rotation), true);
        if freedom == Freedom::BallJoint {
            let pelvis = world.insert_body(RigidBodyBuilder::fixed());
            world.insert_impulse_joint(pelvis, handle, SphericalJointBuilder::new());
        }
        // Mass properties take effect with a step; one without time leaves everything where it is.
        world.integration_parameters.dt = 0.0;
        world.step();
        world.integration_parameters.dt = settings.step_s;
        Body { world, handle, step_s: settings.step_s }
    }

    pub(super) fn state(&self) -> State {
        let body = &self.world.bodies[self.handle];
        let q = body.rotation();
        let rotation = UnitQuaternion::from_quaternion(Quaternion::new(q.w, q.x, q.y, q.z));
        State {
            centre: from_rapier(body.translation()) * MM_PER_M,
            rotation,
            velocity: from_rapier(body.velocity_at_point(body.translation())) * MM_PER_M,
            spin: from_rapier(body.angvel()),
        }
    }

    /// Turns the femur about its head centre.
    pub(super) fn turn_to(&mut self, rotation: &UnitQuaternion<f64>) {
        self.world.bodies[self.handle].set_rotation(rotation_to_rapier(rotation), true);
    }

    /// Kinetic energy in J.
    pub(super) fn kinetic_energy(&self) -> f64 {
        self.world.bodies[self.handle].kinetic_energy()
    }

    /// One time step under these forces.
    ///
    /// # Errors
    /// [`DynamicsError::Diverged`] where the state is no longer finite or the head is a metre away.
    pub(super) fn step(&mut self, forces: &[Force], time_s: f64) -> Result<State, DynamicsError> {
        let body = &mut self.world.bodies[self.handle];
        body.reset_forces(false);
        body.reset_torques(false);
        for Force { at, force } in forces {
            body.add_force_at_point(to_rapier(*force), to_rapier(at / MM_PER_M), true);
        }
        self.world.step();
        let state = self.state();
        // A comparison that NaN fails.
        let sound = state.centre.norm() < MM_PER_M
            && state.velocity.norm() < 1e3 * MM_PER_M
            && state.spin.norm() < 1e4
            && state.rotation.norm().is_finite();
        if sound { Ok(state) } else { Err(DynamicsError::Diverged { time_s: time_s + self.step_s }) }
    }
}

/// The forces of the liner on the femur, with the parts that a result names.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LinerForces {
    pub(super) head: Vector3<f64>,
    pub(super) head_at: Vector3<f64>,
    pub(super) neck: Vector3<f64>,
    pub(super) neck_at: Vector3<f64>,
    /// Stored in the contacts, in N mm.
    pub(super) energy: f64,
}

/// The contact law: an elastic normal force, damped, never pulling, and Coulomb friction against sliding.
pub(super) struct ContactLaw {
    stiffness: f64,
    damping: f64,
    onset: f64,
}

impl ContactLaw {
    pub(super) fn new(settings: &Settings, mass_kg: f64) -> Self {
        let stiffness = settings.contact_stiffness_n_per_mm;
        // Critical damping 2 sqrt(k m), in N s/mm.
        let critical = 2.0 * (stiffness * mass_kg / MM_PER_M).sqrt();
        let damping = settings.contact_damping_ratio * critical;
        ContactLaw { stiffness, damping, onset: settings.friction_onset_mm_per_s }
    }

    /// What the liner does to a femur in this state; `state.spin` must be the true one.
    pub(super) fn forces(&self, joint: &CheckedJoint, state: &State) -> LinerForces {
        let cup = joint.cup_axis.coords();
        let neck_axis = state.rotation * joint.neck_axis.coords();
        let mut forces = LinerForces::default();
        let head = joint.liner.head_touch(&cup, &state.centre);
        forces.head = self.force(&head, state, joint.liner.friction);
        forces.head_at = head.point;
        forces.energy += self.stiffness / 2.0 * head.depth.max(0.0).powi(2);
        if let Some(neck) = joint.liner.neck_touch(&cup, &state.centre, &neck_axis) {
            forces.neck = self.force(&neck, state, joint.liner.friction);
            forces.neck_at = neck.point;
            forces.energy += self.stiffness / 2.0 * neck.depth.max(0.0).powi(2);
        }
        forces
    }

    fn force(&self, touch: &Touch, state: &State, friction: f64) -> Vector3<f64> {
        if touch.depth <= 0.0 {
            return Vector3::zeros();
        }
        let velocity = state.velocity + state.spin.cross(&(touch.point - state.centre));
        let leaving = velocity.dot(&touch.normal);
        let normal = (self.stiffness * touch.depth - self.damping * leaving).max(0.0);
        let sliding = velocity - touch.normal * leaving;
        touch.normal * normal - sliding * (friction * normal / sliding.norm().max(self.onset))
    }
}

/// The pull of every fibre on the femur.
pub(super) fn fibre_forces(fibres: &[Fibre], state: &State) -> impl Iterator<Item = Force> {
    fibres.iter().map(move |fibre| {
        let at = state.in_pelvis(fibre);
        Force { at, force: fibre.pull(&at) }
    })
}

/// Refuses what cannot be simulated, before anything is built.
pub(super) fn check(
    leg: &Leg,
    joint: &HipJoint,
    fibres: &[Fibre],
    settings: &Settings,
) -> Result<CheckedJoint, DynamicsError> {
    leg.check()?;
    settings.check()?;
    fibres.iter().try_for_each(Fibre::check)?;
    settings.check_step(leg.mass_kg, fibres.iter().map(|fibre| fibre.stiffness_n_per_mm).sum())?;
    joint.checked()
}
