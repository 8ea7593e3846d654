//! Bones from CT without a network: hip bones, femora, sacrum and metal, at the resolution of the scan.
//!
//! What belongs to which bone is decided on an isotropic copy along the patient axes (`field`), where a voxel means
//! the same in every scan; where exactly a bone ends is decided in the scan itself (`native`).
//!
//! 1. `levels`: thresholds from the muscle of this scan; `metal` apart, its `streaks` reduced before anything is looked for.
//! 2. `heads`: femoral heads by sphere voting, told from other round things by socket and neck; `misread`: scans that
//!    lie otherwise than their header says, or are of a child.
//! 3. `joint`: heads placed by the sphere that fits best (`probe`), or by the shell of a `replaced` joint; femur from hip bone by
//!    a minimum cut with that sphere as prior.
//! 4. `midplane`, `pelvis`, `lumbosacral`: hip bones from sacrum, left from right, sacrum from spine, each by a
//!    minimum cut between what anatomy is sure of.
//! 5. `solid`: marrow belongs to the bone. `native`: surface and uncertainty voxel by voxel.

mod body;
mod bones;
mod by_network;
mod by_threshold;
mod cut;
mod field;
mod findings;
mod given;
mod heads;
mod joint;
mod levels;
mod lumbosacral;
mod maxflow;
mod metal;
mod metal_pieces;
mod midplane;
mod misread;
mod morphology;
pub mod muscles;
mod native;
mod pelvis;
mod probe;
mod replaced;
mod sample;
mod scan;
mod segmentation;
mod solid;
mod streaks;

pub use by_threshold::{SegmentOptions, ThresholdSegmenter, segment};
pub use given::judge_given;
pub use segmentation::{Metal, SegmentError, Segmentation, Segmenter};
