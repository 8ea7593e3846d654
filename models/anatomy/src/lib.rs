//! From a hip CT to bones, landmarks, frames and measurements.

pub mod patient;

pub use patient::{
    Acetabulum, Bone, BoneSurfaces, Canal, CanalSection, FemoralHead, HipAnatomy, HipSide, Landmark, LandmarkKind,
    Missing, Neck, Pelvis, Shaft,
};
