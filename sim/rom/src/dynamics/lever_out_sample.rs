//! What a lever-out shows of its way.

use coxa_geometry::frame::Pelvis;
use coxa_geometry::{Angle, Point};
use serde::Serialize;

/// A short piece of a lever-out: means over [`super::Settings::sample_every_deg`], much longer than the contact's own oscillation,
/// which the neck's arrival starts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LeverOutSample {
    /// From the start of the motion, in its direction.
    #[serde(rename = "turn_deg")]
    pub turn: Angle,
    /// Of the head, from the centre of the bearing.
    #[serde(rename = "head_centre_mm")]
    pub head_centre: Point<Pelvis>,
    /// Moment about the motion's axis through the head centre that must be applied to turn the femur; positive where liner,
    /// fibres and weight resist the motion.
    pub resisting_moment_n_m: f64,
    /// Of the liner on the head.
    pub head_force_n: f64,
    /// Of the liner on the neck.
    pub neck_force_n: f64,
}

/// How the head left.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Dislocation {
    /// Where the neck had done all its pushing against load, fibres, weight and friction: from there the head goes by itself.
    #[serde(rename = "turn_deg")]
    pub turn: Angle,
    /// Where the head centre then was.
    #[serde(rename = "head_centre_mm")]
    pub head_centre: Point<Pelvis>,
}
