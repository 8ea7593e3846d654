//! What happens after contact: a planned hip as bodies under force.
//!
//! The pelvis stands still with the liner in it. The femur, with head, neck and the mass of the leg, is a rigid body of
//! rapier3d, which integrates its motion and holds its joints. Head and neck meet the liner, capsule and muscles pull as
//! springs, the leg has weight.
//!
//! - [`lever_out()`]: a motion is carried on past the contact of neck and rim until the head leaves the liner;
//! - [`swing()`]: the leg is let go, from a ball joint or in its liner;
//! - [`HipJoint`], [`Leg`], [`Capsule`], [`Fibre`]: what is simulated; [`Settings`]: how finely, and why.
//!
//! ## Why the contact is not rapier's own
//!
//! Head and liner are conformal: their radii differ by some hundredths of a millimetre, and the whole bearing surface
//! lies within reach of a contact. With the liner as a triangle mesh around a 28 mm head with 0.05 mm of clearance,
//! rapier's contact put the resting head centre 80 to 200 µm from its true place for 1,104 triangles, 8 to 10 µm for 4,512 and
//! 0.7 to 2.1 µm for 18,240 (1.4 to 4.2 % of its way, over time steps of 0.1 and 1 ms and softnesses of 60 and 2,000 Hz); the
//! finest mesh took 6 to 160 ms a step on a busy machine, and a motion takes a hundred thousand steps. So the contact here
//! is computed from the surfaces of revolution themselves
//! (`contact.rs`): the penetration of head and neck into the liner, exact, gives an elastic force with a potential, and
//! rapier's step applies it as an external force.
//!
//! ## Steep cups turned in at a right angle
//!
//! A 60° cup should give way before a 40° one, and does in adduction and in external rotation. In internal rotation at 90° of
//! flexion its neck meets the rim later, by 17° to 20°, as the closed form of the cone says too: the opening then looks further to
//! the side. From the contact on the order is the textbook's again: held by a force alone the steep cup leaves at the smaller turn
//! and for less work; in a capsule, which tightens with every degree, it leaves at the larger turn but the shorter way after
//! the contact. So compare cups by work and by the way from contact, and look at limits for the way to it.
//!
//! Lengths are millimetres, forces newtons, moments newton metres, work and energy joules, time seconds. Vectors are in
//! the pelvis' frame (X anterior, Y superior, Z right) with the origin at the centre of the bearing, or in the femur's
//! with the origin at the centre of the head. The hip is a right one.
//!
//! The same input gives the same bytes on one kind of machine: a simulation runs on one thread.

mod body;
mod contact;
mod course;
mod joint;
mod leg;
mod lever_out;
mod lever_out_sample;
mod settings;
mod springs;
mod swing;
#[cfg(test)]
mod tests;

pub use joint::HipJoint;
pub use leg::{Leg, Sex};
pub use lever_out::{LeverOut, LeverOutInput, NeckContact, lever_out};
pub use lever_out_sample::{Dislocation, LeverOutSample};
pub use settings::Settings;
pub use springs::{Capsule, Fibre};
pub use swing::{Suspension, Swing, SwingInput, SwingSample, swing};

use crate::stability::BearingError;

/// Why a hip cannot be simulated.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DynamicsError {
    /// A number is outside what it can be.
    #[error("the {name} is {value}; it must be between {least} and {greatest}")]
    OutOfRange {
        /// What it is, with its unit.
        name: &'static str,
        /// The value.
        value: f64,
        /// The smallest allowed.
        least: f64,
        /// The greatest allowed.
        greatest: f64,
    },
    /// A vector has no direction or is not finite.
    #[error("the {0} has no direction or is not finite")]
    Direction(&'static str),
    /// Head, neck and rim do not go together.
    #[error(transparent)]
    Bearing(#[from] BearingError),
    /// The rim reaches into the head.
    #[error(
        "the rim lies {distance_mm} mm from the centre of a head with a radius of {head_radius_mm} mm; the head does not fit"
    )]
    RimInsideHead {
        /// Distance of the rim's contact circle from the head centre.
        distance_mm: f64,
        /// Radius of the head.
        head_radius_mm: f64,
    },
    /// The neck touches the liner where the motion begins.
    #[error("the neck impinges on the liner at the start of the motion; start from a free position")]
    StartBlocked,
    /// Nothing keeps the head in.
    #[error(
        "the forces pull the head out of the liner at the start of the motion; give a joint force or fibres that hold it"
    )]
    NotHeld,
    /// More steps than a simulation may take.
    #[error(
        "{steps} steps are needed but at most {most} are allowed; use a faster motion or a longer time step"
    )]
    TooLong {
        /// Steps needed.
        steps: f64,
        /// Most allowed.
        most: usize,
    },
    /// The numbers ran away.
    #[error("the simulation became unstable after {time_s} s; use a shorter time step")]
    Diverged {
        /// Simulated time.
        time_s: f64,
    },
}

/// `value` if it lies within the bounds, which NaN does not.
fn within(name: &'static str, value: f64, least: f64, greatest: f64) -> Result<f64, DynamicsError> {
    if value >= least && value <= greatest {
        Ok(value)
    } else {
        Err(DynamicsError::OutOfRange { name, value, least, greatest })
    }
}
