#![doc = include_str!("../README.md")]

mod body;
mod bones;
mod by_network;
mod by_threshold;
mod cut;
mod field;
mod findings;
mod found;
mod given;
mod heads;
mod joint;
mod levels;
mod lumbosacral;
mod maxflow;
mod median;
mod metal;
mod metal_pieces;
mod midplane;
mod misread;
mod morphology;
pub mod muscles;
mod native;
mod passages;
mod pelvic_bones;
mod pelvis;
mod probe;
mod replaced;
mod sample;
mod scan;
mod segmentation;
mod solid;
mod streaks;
mod usual_pelvis;

pub use by_threshold::{SegmentOptions, ThresholdSegmenter, segment};
pub use given::judge_given;
pub use segmentation::{Metal, SegmentError, Segmentation, Segmenter};
