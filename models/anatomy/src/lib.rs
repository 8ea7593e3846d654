//! What is known of a patient: bones, landmarks, fitted shapes, muscles, measurements, names of structures, calibration.
//!
//! Data, and what these data mean by themselves. What finds them in a scan is built on top of this crate.

pub mod calibration;
mod completion;
pub mod label_names;
pub mod muscle;
pub mod osteoarthritis;
pub mod patient;
pub mod thresholds;
pub mod toml_reason;

pub use completion::{Completion, PelvisCompletion};
pub use patient::{
    Acetabulum, Bone, BoneSurfaces, Canal, CanalSection, FemoralHead, HipAnatomy, HipSide, Landmark,
    LandmarkKind, Missing, Neck, Pelvis, Shaft, ring_directions,
};
