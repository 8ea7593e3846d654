//! What a case keeps, whatever happens to it: end to end, on a virtual patient of coarse voxels with its true labels.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

#[path = "../common/mod.rs"]
mod common;
mod durability;
mod lost_nothing;
mod made;
mod right_patient;
mod same_bytes;
