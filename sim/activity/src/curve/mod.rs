//! Curves through key values: monotone between its keys, or smooth to its second derivative.

mod cubic;
mod monotone;

pub use cubic::CubicTrack;
pub(crate) use monotone::MonotoneTrack;
