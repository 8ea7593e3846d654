//! What of a planned hip can be played: motions until something meets, activities, lever-out; with muscles that go along and the force
//! in the joint.
//!
//! A [`Track`] says where the hip is at each part of its way, in the simulator's own angles; [`Moves`] is all of them of one plan with the
//! way from angles to the patient. What takes time is made on a thread of its own ([`Stagehand`]). Nothing here knows of graphics.

mod force;
mod moves;
mod played;
mod range;
mod range_view;
pub mod shapes;
mod stagehand;
mod tissue;
mod track;

pub use force::{ForceNow, JointForce};
pub use moves::{HipPose, Moves};
pub use played::Played;
pub use range::{RangeSurface, RotationEnd, Sheet};
pub use range_view::{Face, RangePicture, RangeView, cause_colour};
pub use stagehand::{Nearest, Prepared, Stagehand};
pub use tissue::Tissue;
pub use track::{Mark, MotionFrame, Stop, Track, TrackKind};
