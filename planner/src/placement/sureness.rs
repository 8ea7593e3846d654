//! How sure directions and surfaces of a plan are.

use super::hip::RightHip;
use super::input::PlanningInput;
use super::numbers::Numbers;
use super::pose::{LEAN_SPREAD_DEG, ROTATION_SPREAD_DEG};
use crate::planned::MotionSpread;
use coxa_anatomy::{HipAnatomy, LandmarkKind};
use coxa_geometry::{Angle, Quantity};

/// A surface drawn from voxels is sure to about this part of one.
const SURFACE_SPREAD_VOXELS: f64 = 0.3;
/// Spread of the functional axes where the scanner's stand in for them.
const TABLE_SPREAD_DEG: f64 = 4.0;

/// Spread of a bone's surface along its normal.
pub(super) fn surface_spread_mm(hip: &RightHip) -> f64 {
    SURFACE_SPREAD_VOXELS * hip.voxel_mm
}

impl Numbers {
    /// What the numbers' spreads mean for motion. Where the femur's frame is not seen, its zero is that of the completed
    /// femur, else the leg on the table, with the spread of that and, about the long axis, of the version of the stem.
    pub(crate) fn motion_spread(&self, hip: &RightHip, anatomy: &HipAnatomy) -> MotionSpread {
        let side = anatomy.side(hip.side);
        let epicondyle = |kind| anatomy.landmark(kind, hip.side);
        let seen = epicondyle(LandmarkKind::MedialEpicondyle)
            .zip(epicondyle(LandmarkKind::LateralEpicondyle))
            .filter(|_| side.femur_frame.is_some());
        let version = self.get(Quantity::StemVersion).map_or(0.0, |version| version.spread);
        let (rotation_deg, lean_deg) = match seen {
            Some((medial, lateral)) => {
                let both = medial.spread_mm.hypot(lateral.spread_mm);
                let middle = medial.position_mm + (lateral.position_mm - medial.position_mm) * 0.5;
                let length = middle.distance(hip.side.leave(hip.head.centre_mm));
                let width = medial.position_mm.distance(lateral.position_mm);
                (turn_deg(both, width), turn_deg(hip.head.spread_mm.hypot(both / 2.0), length))
            }
            None => match &side.completion {
                Some(completion) => (completion.rotation_spread_deg.max(version), completion.lean_spread_deg),
                None => (version.max(ROTATION_SPREAD_DEG), LEAN_SPREAD_DEG),
            },
        };
        MotionSpread {
            bone_surface_mm: surface_spread_mm(hip),
            pelvis_deg: Angle::from_degrees(self.functional_deg),
            femur_rotation_deg: Angle::from_degrees(rotation_deg),
            femur_lean_deg: Angle::from_degrees(lean_deg),
        }
    }
}

/// By how much a line turns when its ends, so far apart, move across it by a spread.
fn turn_deg(spread_mm: f64, apart_mm: f64) -> f64 {
    (spread_mm / apart_mm.max(1.0)).atan().to_degrees()
}

/// How sure the directions of the pelvic frames are.
pub(super) struct FrameSpread {
    pub(super) functional_deg: f64,
    pub(super) anterior_plane_deg: f64,
}

impl FrameSpread {
    pub(super) fn new(hip: &RightHip, input: &PlanningInput<'_>) -> Self {
        let anatomy = input.anatomy;
        let landmark = |kind, side| anatomy.landmark(kind, side);
        let own = landmark(LandmarkKind::Asis, hip.side);
        let other = landmark(LandmarkKind::Asis, hip.side.other());
        let line = own
            .zip(other)
            .map(|(a, b)| turn_deg(a.spread_mm.hypot(b.spread_mm), a.position_mm.distance(b.position_mm)));
        let functional_deg =
            if hip.axes.of_table { TABLE_SPREAD_DEG } else { line.unwrap_or(TABLE_SPREAD_DEG) };
        let pubis = landmark(LandmarkKind::PubicTubercle, hip.side);
        let tilt = own.zip(pubis).map_or(TABLE_SPREAD_DEG, |(a, p)| {
            turn_deg(a.spread_mm.hypot(p.spread_mm), a.position_mm.distance(p.position_mm))
        });
        // The turns of a completed plane hold those of its transverse axis.
        let anterior_plane_deg = match &hip.completed_pelvis {
            Some(completed) => completed.turn_spread_deg.hypot(completed.tilt_spread_deg),
            None => functional_deg.hypot(tilt),
        };
        FrameSpread { functional_deg, anterior_plane_deg }
    }
}
