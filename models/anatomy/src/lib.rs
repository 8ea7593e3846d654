#![doc = include_str!("../README.md")]

mod bone;
pub mod calibration;
mod completion;
mod fitted;
pub mod label_names;
mod landmark;
mod median;
pub mod muscle;
pub mod osteoarthritis;
mod patient;
pub mod thresholds;
pub mod toml_reason;
mod vessel;

pub use bone::{Bone, BoneSurfaces};
pub use completion::{Completion, PelvisCompletion};
pub use fitted::{
    Acetabulum, Canal, CanalSection, FemoralHead, LEAST_ADULT_HEAD_MM, Neck, Shaft, ring_directions,
};
pub use landmark::{Landmark, LandmarkKind};
pub use median::OutOfPlace;
pub use patient::{HipAnatomy, HipSide, Missing, Pelvis};
pub use vessel::{CourseEvidence, CourseStation, SCIATIC_NERVE, VesselCourse};
