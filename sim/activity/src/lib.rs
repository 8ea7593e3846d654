#![doc = include_str!("../README.md")]

mod activity;
mod catalogue;
mod curve;
mod file;
mod file_error;
mod joint_force;
mod leg_motion;
mod mark;
pub mod posture;

pub use activity::{Activity, ActivityFrame};
pub use catalogue::{ActivityError, Named};
pub use curve::CubicTrack;
pub use file_error::FileError;
pub use leg_motion::{CHANNELS, Channel, DEVIATES, JointState, LegFrame, LegMotion, REFERENCE_LEG_M};
pub use mark::{Evidence, Mark};
