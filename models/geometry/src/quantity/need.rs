//! How far motions have to go: limits of the quantity `motion.*`, one for each motion of which something is asked.

use super::source::{ANTERIOR, KOMIYAMA, SLEEP, WIDMER_MOTION, YOSHIMINE};
use super::{Ideal, Limit};
use crate::finding::Severity::Caution;

/// What is asked of a motion, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MotionNeed {
    /// Name of the motion.
    pub motion: &'static str,
    /// How far it goes at least.
    pub limit: Limit,
    /// From where on nothing is gained.
    pub ideal: Ideal,
}

/// Beyond these turns, degrees, capsule and muscles usually end single motions of a hip, whatever bone and implants leave. Assumptions of this
/// program, set generously: 120 adults turned 30 degrees inwards and 38 outwards in the mean (Kouyoumdjian et al. 2012, Orthop Traumatol
/// Surg Res 98:17).
pub const SOFT_TISSUE_MOST_DEG: [(&str, f64); 5] = [
    ("flexion", 147.0),
    ("extension", 35.0),
    ("abduction", 64.0),
    ("internal_rotation", 48.0),
    ("external_rotation", 50.0),
];

impl MotionNeed {
    /// That of a motion; `None` of one of which nothing is asked.
    pub fn of(motion: &str) -> Option<&'static MotionNeed> {
        MOTION_NEEDS.iter().find(|need| need.motion == motion)
    }
}

/// All of them. Soft tissue is not modelled: a motion that goes this far here may end earlier in a patient.
#[rustfmt::skip]
pub const MOTION_NEEDS: &[MotionNeed] = &[
    MotionNeed { motion: "flexion", limit: Limit::least(Caution, 110.0, KOMIYAMA), ideal: Ideal::least(120.0, YOSHIMINE) },
    MotionNeed { motion: "extension", limit: Limit::least(Caution, 30.0, KOMIYAMA), ideal: Ideal::least(40.0, WIDMER_MOTION) },
    MotionNeed { motion: "external_rotation", limit: Limit::least(Caution, 30.0, KOMIYAMA), ideal: Ideal::least(40.0, YOSHIMINE) },
    MotionNeed { motion: "internal_rotation_at_90", limit: Limit::least(Caution, 30.0, KOMIYAMA), ideal: Ideal::least(45.0, YOSHIMINE) },
    MotionNeed { motion: "external_rotation_extended_10", limit: Limit::least(Caution, 30.0, ANTERIOR), ideal: Ideal::least(40.0, YOSHIMINE) },
    MotionNeed { motion: "internal_rotation_at_45_adducted_15", limit: Limit::least(Caution, 30.0, SLEEP), ideal: Ideal::least(40.0, SLEEP) },
];
