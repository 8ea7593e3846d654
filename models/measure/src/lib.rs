//! From bone surfaces and a CT to measurements: surfaces of labelled bones, landmarks, frames, canal, tissue, osteoarthritis.

mod canal;
mod measure;
pub mod osteoarthritis;
pub mod surfaces;
pub mod tissue;

pub use measure::{
    PELVIS_MODES, complete, complete_femora, complete_pelvis, complete_pelvis_by, measure, measure_calibrated,
};
