//! Where a path first meets something.

use super::Touch;
use crate::path::PathPlace;
use coxa_geometry::frame::Frame;

/// Where a path first meets something.
#[derive(Debug, Clone, PartialEq)]
pub struct PathContact<P: Frame> {
    /// The last free position found, within [`super::RESOLUTION_DEG`] of the contact; the path's start, with nothing travelled, where
    /// that is already in contact.
    pub place: PathPlace,
    /// What meets.
    pub touch: Touch<P>,
}
