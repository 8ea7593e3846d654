#![doc = include_str!("../README.md")]

mod canal;
mod measure;
pub mod osteoarthritis;
pub mod surfaces;
pub mod tissue;

pub use measure::{
    FemurTemplate, PELVIS_MODES, complete, complete_femora, complete_femora_by, complete_pelvis,
    complete_pelvis_by, measure, measure_calibrated, measure_whole,
};
