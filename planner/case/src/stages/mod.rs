//! The stages of a case: each is taken from its files where they stand, else made from those before it and kept.
//!
//! A stage stands where it was made from the same (the hashes of what it rests on, its options, the version of the program) and
//! nobody touched its files since. Values are read when they are asked for: the CT where a stage that needs voxels is made, labels
//! and surfaces where the plan is carried out anew.

mod anatomy;
mod edited;
mod held;
mod labels;
mod loads;
mod motion;
mod optimise;
mod plan;
mod planned;
mod report;
mod surfaces;

pub use held::{Hip, Labels, Stages};
pub use optimise::OptimiseRequest;
pub use plan::{GivenPlan, UnusablePlan};
pub use report::{DrawScenes, Drawn, DrawnScene, Outcome};
