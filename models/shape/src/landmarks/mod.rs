//! Landmarks, each with its spread, from bone surfaces in any pose.

pub mod acetabulum;
pub mod axes;
pub mod ball;
mod cut;
pub mod distal_femur;
pub mod hip_bone;
pub mod outline;
pub mod proximal_femur;
pub mod rocking;
pub mod shape;
mod tip;
