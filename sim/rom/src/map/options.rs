//! Which positions a map has, and of which pairs.

use crate::cone::ConeHip;
use crate::contact::ContactModel;
use crate::rim::RimHip;
use coxa_geometry::frame::Frame;
use coxa_geometry::joint::HipAngles;

/// Values of one angle at equal steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MapAxis {
    /// First value in degrees.
    pub first_deg: f64,
    /// Step in degrees.
    pub step_deg: f64,
    /// How many values.
    pub count: usize,
}

/// Which positions a map has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MapOptions {
    /// Flexion, extension negative.
    pub flexion: MapAxis,
    /// Adduction, abduction negative.
    pub adduction: MapAxis,
    /// Internal rotation, external negative.
    pub internal_rotation: MapAxis,
}

/// Why there is no map.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum MapError {
    /// An axis without values, with a step that is not above zero, or beyond a full turn (adduction beyond 90 degrees).
    #[error("the {0} axis of the map is empty, has no positive step or exceeds the range of the angle")]
    Axis(&'static str),
    /// More cells than can be counted in 32 bits.
    #[error("a map of {0} cells is too large; take a larger step")]
    TooLarge(usize),
    /// More pairs than causes can be told apart.
    #[error("a map takes 1 to {most} contact pairs, not {0}", most = MOST_PAIRS)]
    Pairs(usize),
}

/// Pairs that one map can hold.
pub(super) const MOST_PAIRS: usize = 32;

impl MapAxis {
    /// From one value to another, both in degrees and included.
    pub fn new(first_deg: f64, last_deg: f64, step_deg: f64) -> Self {
        let count = ((last_deg - first_deg) / step_deg + 1e-9).floor() + 1.0;
        // What is no number becomes zero, and is refused when the map is made.
        MapAxis { first_deg, step_deg, count: count.max(0.0) as usize }
    }

    /// The value at an index, which may lie between two.
    pub(super) fn at(&self, index: f64) -> f64 {
        self.first_deg + self.step_deg * index
    }

    pub(super) fn is_sound(&self, most_deg: f64) -> bool {
        let last = self.at(self.count as f64 - 1.0);
        self.count > 0 && self.step_deg > 0.0 && self.first_deg.abs() <= most_deg && last.abs() <= most_deg
    }
}

/// Two bodies that may meet, by surfaces or in closed form.
#[derive(Clone, Copy)]
pub enum Pair<'a, P: Frame> {
    /// Surfaces of both sides.
    Surfaces(&'a ContactModel<P>),
    /// A neck in a round liner.
    Cone(&'a ConeHip<P>),
    /// A neck in a liner with a rim of any shape.
    Rim(&'a RimHip<P>),
}

impl<P: Frame> Pair<'_, P> {
    /// For a closed form, the angle by which the hip may turn any way, or must turn back, until contact begins or ends; `None` for
    /// surfaces.
    pub(super) fn margin(&self, angles: HipAngles) -> Option<f64> {
        match self {
            Pair::Surfaces(_) => None,
            Pair::Cone(cone) => Some(cone.margin(angles).radians()),
            Pair::Rim(rim) => Some(rim.margin(angles).radians()),
        }
    }
}
