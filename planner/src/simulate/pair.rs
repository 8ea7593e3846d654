//! The pairs of bodies that may meet, and what is asked of each.

use coxa_geometry::frame::Gravity;
use coxa_geometry::{Angle, Point};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Two bodies of a planned hip that may meet, one of the femur and one of the pelvis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactPair {
    /// Neck, taper or skirt against the rim of liner or shell, in closed form.
    NeckOnLiner,
    /// Femur after resection against the hip bone.
    FemurOnPelvis,
    /// Stem against the hip bone and screws in it.
    StemOnPelvis,
    /// Femur after resection against shell, liner and screws.
    FemurOnCup,
}

impl ContactPair {
    /// All pairs, in the order in which they count where several are in contact at once.
    pub const ALL: [ContactPair; 4] = [
        ContactPair::NeckOnLiner,
        ContactPair::FemurOnPelvis,
        ContactPair::StemOnPelvis,
        ContactPair::FemurOnCup,
    ];

    /// Its name in files: `femur_on_pelvis`.
    pub const fn name(self) -> &'static str {
        match self {
            ContactPair::NeckOnLiner => "neck_on_liner",
            ContactPair::FemurOnPelvis => "femur_on_pelvis",
            ContactPair::StemOnPelvis => "stem_on_pelvis",
            ContactPair::FemurOnCup => "femur_on_cup",
        }
    }
}

impl fmt::Display for ContactPair {
    /// In words: `femur-pelvis`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ContactPair::NeckOnLiner => "neck-liner",
            ContactPair::FemurOnPelvis => "femur-pelvis",
            ContactPair::StemOnPelvis => "stem-pelvis",
            ContactPair::FemurOnCup => "femur-cup",
        })
    }
}

/// How far a motion goes until one pair meets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// Turn from the motion's start; `None` where the pair does not meet within the motion's range. Not above zero where it
    /// already meets at the start: zero for surfaces, and for the neck minus the turn back to where it is free.
    pub limit: Option<Angle>,
    /// Where it meets, in the pelvis.
    pub at: Option<Point<Gravity>>,
}

impl Reach {
    /// Whether the pair already meets at the start.
    pub fn is_blocked(&self) -> bool {
        self.limit.is_some_and(|limit| limit <= Angle::ZERO)
    }
}

/// The clearance that a position leaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairClearance {
    /// The pair that is nearest.
    pub pair: ContactPair,
    /// Its distance, or minus the depth of its contact.
    pub distance_mm: f64,
    /// Where, on the side of the pelvis.
    pub at: Point<Gravity>,
}
