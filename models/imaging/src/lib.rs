#![doc = include_str!("../README.md")]

pub mod atomic;
pub mod compare;
pub mod dicom;
pub mod distance;
pub mod drr;
pub mod grid;
pub mod image;
pub mod isosurface;
pub mod label_surface;
pub mod labels;
pub mod nifti;
mod noise;
pub mod phantom;
pub mod resample;
pub mod sample;
pub mod source;
pub mod surface_distance;
pub mod tomography;
pub mod volume;

pub use grid::Grid;
pub use labels::{Label, LabelMap};
pub use volume::{CtVolume, Volume};
