//! From a hip CT to bones, landmarks, frames and measurements.

mod canal;
mod completion;
mod interpolate;
pub mod label_names;
mod landmarks;
pub mod measure;
pub mod muscles;
pub mod network;
pub mod osteoarthritis;
pub mod patient;
pub mod segment;
pub mod shape_model;
mod surface_distance;
pub mod surfaces;
pub mod tissue;
mod toml_reason;
pub mod virtual_patient;

pub use canal::ring_directions;
pub use completion::{Completion, PelvisCompletion};
pub use patient::{
    Acetabulum, Bone, BoneSurfaces, Canal, CanalSection, FemoralHead, HipAnatomy, HipSide, Landmark,
    LandmarkKind, Missing, Neck, Pelvis, Shaft,
};
