//! Muscles and forces of a planned hip: what a plan does to lengths, lever arms and strength of muscles, and they to the joint.

mod options;
mod results;

pub use options::{LoadOptions, LoadOptionsError};
pub use results::{
    Abductors, ActivityLoad, BeforeAfter, FORMAT, JointLoad, JointPeak, LinerPlace, Loads, ModelSummary,
    MuscleLoad, MusclePeak, MuscleState, StanceForce, StrengthSource,
};
