//! Simulation of a plan: how far each motion goes, in which posture, what stops it and where.
//!
//! The pelvis stands still, the femur turns about the planned centre of rotation. Hip angles are zero where the ISB femur frame
//! is parallel to the supine functional frame; where the condyles are not seen, zero is the pose of the leg in the scan.
//! Another posture tilts the pelvis about the axis from side to side. What is done with the leg is given in the room, so a
//! pelvis that is tilted backwards by some angle is by that angle nearer to extension: hip flexion = flexion in the room less
//! the tilt.

mod frames;
mod joint;
mod limits;
mod neck;
mod options;

pub use frames::JointFrames;
pub use joint::{ContactPair, PlannedJoint, Reach};
pub use limits::{MotionGroup, MotionLimit, PairLimit};
pub use options::{OptionsError, SimulationOptions};

use crate::implants::{Catalogue, CatalogueError};
use crate::plan::Planned;
use coxa_anatomy::HipAnatomy;
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::Gravity;
use coxa_geometry::{Angle, Finding};
use coxa_sim::rom::cone::ConeError;
use coxa_sim::rom::contact::ContactError;
use coxa_sim::rom::posture::Posture;
use coxa_sim::rom::rim::RimError;
use coxa_sim::rom::stability::BearingError;
use serde::{Deserialize, Serialize};

/// Form of `rom.json` that this program writes.
pub const FORMAT: u32 = 1;

/// Why a plan cannot be simulated.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// The plan names a part that the catalogue does not have.
    #[error(transparent)]
    Part(#[from] CatalogueError),
    /// Head, neck and liner do not make a joint.
    #[error(transparent)]
    Bearing(#[from] BearingError),
    /// The cone of the neck has no axis.
    #[error(transparent)]
    Cone(#[from] ConeError),
    /// The rim of the liner cannot be met.
    #[error(transparent)]
    Rim(#[from] RimError),
    /// A surface cannot be moved against another.
    #[error(transparent)]
    Contact(#[from] ContactError),
    /// The plan has no neck at the rim, or its surfaces are missing.
    #[error("the planned {0} cannot be simulated")]
    Incomplete(&'static str),
}

/// Result of the simulation of a plan (`rom.json`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Simulation {
    /// Version of this file's form.
    pub format: u32,
    /// Posture the pelvis was held in.
    pub posture: Posture,
    /// Pelvic tilt from supine, backwards positive.
    pub pelvic_tilt_deg: Angle,
    /// The cup against gravity in this posture, radiographic.
    pub cup: Radiographic<Gravity>,
    /// Oscillation angle (full cone) of head, neck and liner, away from any lip.
    pub oscillation_deg: Angle,
    /// Jumping distance in this posture (Sariali 2009), away from any lip.
    pub jumping_distance_mm: f64,
    /// Limits by motion, first those of an examination, then those in which hips dislocate.
    pub limits: Vec<MotionLimit>,
}

/// A simulated plan: results, and what is needed to draw them.
#[derive(Debug, Clone)]
pub struct Simulated {
    /// The results, as files hold them.
    pub results: Simulation,
    /// Where the joint turns.
    pub frames: JointFrames,
}

/// Simulates range of motion and stability.
///
/// # Errors
/// A plan that does not belong to the catalogue, or components and surfaces without sense.
pub fn simulate(
    planned: &Planned,
    anatomy: &HipAnatomy,
    catalogue: &Catalogue,
    options: &SimulationOptions,
) -> Result<Simulated, SimulateError> {
    let joint = PlannedJoint::new(planned, anatomy, catalogue)?;
    let tilt = options.tilt();
    let results = Simulation {
        format: FORMAT,
        posture: options.posture,
        pelvic_tilt_deg: tilt,
        cup: joint.cup(tilt),
        oscillation_deg: joint.oscillation(),
        jumping_distance_mm: joint.jumping_distance_mm(tilt)?,
        limits: limits::limits(&joint, tilt),
    };
    Ok(Simulated { results, frames: *joint.frames() })
}

/// What the user must know about a simulated plan.
pub fn findings(simulation: &Simulation) -> Vec<Finding> {
    limits::findings(&simulation.limits)
}

#[cfg(test)]
mod tests;
