#![doc = include_str!("../README.md")]

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
pub mod scaling;
pub mod stance;
pub mod tracking;
pub mod trial;
mod wrap;

pub use kinematics::{Posture, Skeleton, SkeletonError};
pub use moved_hip::MovedHipError;
pub use musculotendon::{Contraction, Musculotendon, MusculotendonError};
pub use path::{OpenSimLengths, PathError, Paths, Workspace};
