//! Components in their places: what a plan or a design names, found in the catalogue once, and where in the hip it lies.
//!
//! [`Components`] are the parts, [`Pose`] is where they are; placement, adjustment by hand, simulation, optimisation and
//! drawing take these and neither look anything up nor place it again.

mod axes;
mod components;
mod pose;
pub(crate) mod resection;

pub(crate) use axes::version_against;
pub use axes::{HipAxes, VersionReference};
pub use components::{ComponentError, ComponentNames, Components, ShellScrew};
pub use pose::{Pose, PoseError};
pub(crate) use pose::{StemPlace, cup_angles};
