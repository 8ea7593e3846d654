//! Muscles and loads: what a hip does to the lengths, lever arms and forces of its muscles, and they to the hip.
//!
//! 1. [`osim`] reads and writes a [`model::Model`].
//! 2. `kinematics` makes a [`Skeleton`] of it: where bodies are, and how coordinates move them.
//! 3. `path` and `wrap`: length of each muscle, and minus its derivative by each coordinate, the moment arm.
//! 4. [`curves`] and [`Musculotendon`]: the force that a muscle can bear at a length and velocity.
//! 5. [`optimisation`]: which muscles bear the moments of a motion.
//! 6. [`dynamics`]: generalised forces of a motion, and what joints bear.
//! 7. [`activity`]: leg motions of the catalogue on a model of a leg.
//! 8. [`leg`]: the leg that ships, and how it is made a person's.
//! 9. [`hip_loads`]: the force in the hip over an activity.
//! 10. [`recorded`]: a motion of a person instead of an average; [`trial`]: either, with what was computed of it, as files of OpenSim.
//! 11. [`followed`]: a motion on any model as OpenSim's AnalyzeTool follows it.
//! 12. [`stance`]: beside it the static balance on one leg, by bones and weight alone.

pub mod activity;
pub mod curves;
pub mod dynamics;
pub mod files;
pub mod followed;
pub mod function;
pub mod hip_loads;
mod kinematics;
pub mod leg;
pub mod model;
mod moved_hip;
mod musculotendon;
mod open_joint;
pub mod optimisation;
pub mod osim;
mod path;
pub mod recorded;
pub mod stance;
pub mod trial;
mod wrap;

pub use kinematics::{Posture, Skeleton, SkeletonError};
pub use moved_hip::MovedHipError;
pub use musculotendon::{Contraction, Musculotendon, MusculotendonError};
pub use path::{OpenSimLengths, PathError, Paths, Workspace};
