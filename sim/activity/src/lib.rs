//! One catalogue of activities of daily life, read by range of motion and by loads.
//!
//! A file in `data/` is one activity: name, posture, source, and the angles of the hip over its course. `data/README.md` describes the form.
//! Angles are given in one of two ways:
//! - **key positions**: the extremes of the joint, for what may meet what. Nothing is known of the rest of the body, so that muscles
//!   and loads cannot be computed ([`Activity::leg`] is `None`);
//! - **a leg motion** ([`LegMotion`]): pelvis, hip, knee and ankle over the whole course with the push of the ground. Range of motion and
//!   loads then look at the same hip angles.
//!
//! Every number has a [`Mark`]: found in a source, derived from one, or known and still to be verified. They are means of groups of people;
//! single people differ from them by ten degrees and more.

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
