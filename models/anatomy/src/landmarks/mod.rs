//! Landmarks, each with its spread, from bone surfaces in any pose.

pub(crate) mod acetabulum;
pub(crate) mod axes;
pub(crate) mod ball;
mod cut;
pub(crate) mod distal_femur;
pub(crate) mod hip_bone;
pub(crate) mod outline;
pub(crate) mod proximal_femur;
pub(crate) mod rocking;
pub(crate) mod shape;
