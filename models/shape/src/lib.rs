#![doc = include_str!("../README.md")]

pub mod interpolate;
pub mod landmarks;
pub mod muscle_atlas;
pub mod shape_model;
