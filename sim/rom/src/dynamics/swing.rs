//! The leg let go: pendulum and drop.

use super::body::{Body, ContactLaw, Force, Freedom, LinerForces, State, check, fibre_forces};
use super::joint::CheckedJoint;
use super::{DynamicsError, Fibre, HipJoint, Leg, Settings, within};
use coxa_geometry::frame::Pelvis;
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Point, Vector};
use nalgebra::Vector3;
use serde::Serialize;

/// What the leg hangs from.
#[derive(Debug, Clone, PartialEq)]
pub enum Suspension {
    /// An ideal ball joint at the bearing's centre, without friction.
    BallJoint,
    /// Its liner, in contact, with what holds it there.
    Liner {
        /// Cup, liner, head and neck.
        joint: HipJoint,
        /// Capsule and muscles.
        fibres: Vec<Fibre>,
        /// A constant force on the head centre in N.
        joint_force_n: Vector<Pelvis>,
    },
}

/// A leg let go at rest.
#[derive(Debug, Clone, PartialEq)]
pub struct SwingInput {
    /// Mass and inertia.
    pub leg: Leg,
    /// What it hangs from.
    pub suspension: Suspension,
    /// Where it is let go.
    pub start: HipAngles,
    /// Gravity in m/s², in the pelvis' frame.
    pub gravity_m_per_s2: Vector<Pelvis>,
    /// How long it is followed.
    pub duration_s: f64,
    /// One sample in so much time.
    pub sample_every_s: f64,
}

/// One instant of a swing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SwingSample {
    /// Since the leg was let go.
    pub time_s: f64,
    /// The position of the hip.
    pub angles: HipAngles,
    /// Of the head, from the centre of the bearing.
    #[serde(rename = "head_centre_mm")]
    pub head_centre: Point<Pelvis>,
    /// Kinetic energy.
    pub kinetic_j: f64,
    /// Potential energy of weight, joint force, fibres and contacts, up to a constant.
    pub potential_j: f64,
    /// Of the liner on the head.
    pub head_force_n: f64,
    /// Of the liner on the neck.
    pub neck_force_n: f64,
}

/// The course of a swing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Swing {
    /// One sample per `sample_every_s`.
    pub samples: Vec<SwingSample>,
    /// When the neck first met the rim.
    pub neck_contact_s: Option<f64>,
    /// When the head was out of the liner, where the course ends.
    pub dislocation_s: Option<f64>,
    /// Farthest distance of the head centre from the bearing's centre.
    pub farthest_mm: f64,
}

/// Follows a leg that is let go at rest.
///
/// # Errors
/// [`DynamicsError`] for numbers out of range, or a simulation that is too long or diverges.
pub fn swing(input: &SwingInput, settings: &Settings) -> Result<Swing, DynamicsError> {
    within("gravity in m/s2", input.gravity_m_per_s2.norm(), 0.0, 100.0)?;
    within("duration in s", input.duration_s, 0.0, 1e4)?;
    // At most a million samples.
    let finest = (input.duration_s / 1e6).max(1e-6);
    let every = within("sampling in s", input.sample_every_s, finest, 1e4)?;
    for angle in [input.start.flexion, input.start.adduction, input.start.internal_rotation] {
        within("angle at the start in degrees", angle.degrees(), -360.0, 360.0)?;
    }
    let (held, freedom) = match &input.suspension {
        Suspension::BallJoint => {
            input.leg.check()?;
            settings.check()?;
            (None, Freedom::BallJoint)
        }
        Suspension::Liner { joint, fibres, joint_force_n } => {
            within("joint force in N", joint_force_n.norm(), 0.0, 1e5)?;
            let joint = check(&input.leg, joint, fibres, settings)?;
            let law = ContactLaw::new(settings, input.leg.mass_kg);
            let force = joint_force_n.coords();
            (Some(Held { joint, fibres: fibres.as_slice(), force, law }), Freedom::Free)
        }
    };
    let steps = settings.steps(input.duration_s)?;
    let mut body = Body::new(&input.leg, freedom, input.start, settings);
    let mut result =
        Swing { samples: Vec::new(), neck_contact_s: None, dislocation_s: None, farthest_mm: 0.0 };
    let weight = input.gravity_m_per_s2.coords() * input.leg.mass_kg;
    let mut forces = Vec::new();
    let mut state = body.state();
    for step in 0..=steps {
        let time_s = step as f64 * settings.step_s;
        let centre_of_mass = state.centre + state.rotation * input.leg.centre_of_mass.coords();
        forces.clear();
        forces.push(Force { at: centre_of_mass, force: weight });
        let (liner, stored) = held.as_ref().map_or_else(Default::default, |h| h.push(&state, &mut forces));
        if liner.neck != Vector3::zeros() {
            result.neck_contact_s.get_or_insert(time_s);
        }
        result.farthest_mm = result.farthest_mm.max(state.centre.norm());
        // Half a step of grace, so that rounding does not put a sample off by one step.
        if time_s + settings.step_s / 2.0 >= every * result.samples.len() as f64 {
            result.samples.push(SwingSample {
                time_s,
                angles: HipAngles::from_rotation(&state.rotation.to_rotation_matrix()),
                head_centre: Point::from_coords(state.centre.into()),
                kinetic_j: body.kinetic_energy(),
                potential_j: (stored - weight.dot(&centre_of_mass)) / 1e3,
                head_force_n: liner.head.norm(),
                neck_force_n: liner.neck.norm(),
            });
        }
        if held.as_ref().is_some_and(|held| state.centre.norm() >= held.joint.out_mm) {
            result.dislocation_s = Some(time_s);
            break;
        }
        if step < steps {
            state = body.step(&forces, time_s)?;
        }
    }
    Ok(result)
}

/// What holds a leg in its liner.
struct Held<'a> {
    joint: CheckedJoint,
    fibres: &'a [Fibre],
    force: Vector3<f64>,
    law: ContactLaw,
}

impl Held<'_> {
    /// Adds its forces; gives those of the liner and the energy stored in N mm.
    fn push(&self, state: &State, forces: &mut Vec<Force>) -> (LinerForces, f64) {
        let liner = self.law.forces(&self.joint, state);
        forces.push(Force { at: liner.head_at, force: liner.head });
        forces.push(Force { at: liner.neck_at, force: liner.neck });
        forces.push(Force { at: state.centre, force: self.force });
        forces.extend(fibre_forces(self.fibres, state));
        let ends = self.fibres.iter().map(|fibre| (fibre, state.in_pelvis(fibre)));
        let stretched: f64 = ends.map(|(fibre, end)| fibre.energy(&end)).sum();
        (liner, liner.energy + stretched - self.force.dot(&state.centre))
    }
}
