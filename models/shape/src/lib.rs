//! The shape of hips: landmarks on bone surfaces, statistical shape models of bones, and the muscles about them.

pub mod interpolate;
pub mod landmarks;
pub mod muscle_atlas;
pub mod shape_model;
