//! What the pose of a leg on the table adds to the spread of leg length and offset.
//!
//! Leg length and offset are taken from the legs as they lay in the scanner. Had a leg lain otherwise, a point of the femur
//! at r from the hip centre would have moved by w x r, with w the small turn between the two poses. With r_a, r_s, r_l
//! the components of r along the anterior, superior and lateral axis and s_f, s_a, s_r the standard deviations of
//! flexion, adduction and rotation in radians, taken as independent, the variances are
//!
//! - along the superior axis: (s_a r_l)^2 + (s_f r_a)^2,
//! - along the lateral axis: (s_a r_s)^2 + (s_r r_a)^2,
//! - along the anterior axis: (s_r r_l)^2 + (s_f r_s)^2.
//!
//! The standard deviations are assumptions of this program for a patient who was asked to lie straight, not a study.

use crate::placed::HipAxes;
use coxa_anatomy::{HipAnatomy, LandmarkKind};
use coxa_geometry::frame::{Patient, RightSide};
use coxa_geometry::{Point, Side, Vector};

/// Flexion and adduction of a leg on the table.
pub(super) const LEAN_SPREAD_DEG: f64 = 3.0;
/// Rotation of a leg on the table: feet fall outwards by more or less.
pub(super) const ROTATION_SPREAD_DEG: f64 = 12.0;

/// Standard deviations of a point's place along the functional axes.
#[derive(Debug, Clone, Copy)]
pub(super) struct PoseSpread {
    pub(super) superior_mm: f64,
    pub(super) lateral_mm: f64,
    pub(super) anterior_mm: f64,
}

impl PoseSpread {
    /// Of a point of the femur at `lever` from the hip centre, seen as of a right hip as the axes are.
    pub(super) fn of(lever: Vector<RightSide>, axes: &HipAxes) -> Self {
        let (ahead, up, out) = (lever.dot(axes.anterior), lever.dot(axes.superior), lever.dot(axes.lateral));
        let (lean, turn) = (LEAN_SPREAD_DEG.to_radians(), ROTATION_SPREAD_DEG.to_radians());
        PoseSpread {
            superior_mm: (lean * out).hypot(lean * ahead),
            lateral_mm: (lean * up).hypot(turn * ahead),
            anterior_mm: (turn * out).hypot(lean * up),
        }
    }
}

/// Spread of the hip length of a side, which is measured at the lesser trochanter of a femur that turns about `centre`, in
/// the patient frame. `None` where that landmark is neither seen nor completed.
pub(super) fn hip_length_spread(anatomy: &HipAnatomy, side: Side, centre: Point<Patient>) -> Option<f64> {
    let seen = anatomy.landmark(LandmarkKind::LesserTrochanter, side).map(|l| l.position_mm);
    let completion = anatomy.side(side).completion.as_ref();
    let apex = seen.or(completion.map(|c| c.lesser_trochanter_mm))?;
    let lever = side.enter(apex - centre);
    Some(PoseSpread::of(lever, &HipAxes::new(anatomy, side)).superior_mm)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The formulas against turns carried out: the standard deviation of a linear function of independent turns is the
    /// root of the summed squares of its steps.
    #[test]
    fn the_spread_is_that_of_turns_carried_out() {
        let axes = HipAxes::new(&HipAnatomy::default(), Side::Right);
        let lever = Vector::<RightSide>::new(-31.0, 17.0, -58.0);
        let found = PoseSpread::of(lever, &axes);
        let turns = [
            (axes.lateral, LEAN_SPREAD_DEG),
            (axes.anterior, LEAN_SPREAD_DEG),
            (axes.superior, ROTATION_SPREAD_DEG),
        ];
        for (axis, expected) in [
            (axes.superior, found.superior_mm),
            (axes.lateral, found.lateral_mm),
            (axes.anterior, found.anterior_mm),
        ] {
            let variance: f64 = turns
                .iter()
                .map(|(about, degrees)| {
                    let unit = nalgebra::Unit::new_normalize(about.coords());
                    let small = 1e-4;
                    let turned = nalgebra::Rotation3::from_axis_angle(&unit, small) * lever.coords();
                    let step = (turned - lever.coords()).dot(&axis.coords()) / small;
                    (step * degrees.to_radians()).powi(2)
                })
                .sum();
            assert!((variance.sqrt() - expected).abs() < 1e-3, "{} against {expected}", variance.sqrt());
        }
    }

    #[test]
    fn three_degrees_of_adduction_move_a_trochanter_by_its_lever() {
        let axes = HipAxes::new(&HipAnatomy::default(), Side::Right);
        let spread = PoseSpread::of(axes.lateral * 30.0 - axes.superior * 50.0, &axes);
        assert!((spread.superior_mm - 1.571).abs() < 1e-3);
        assert!((spread.lateral_mm - 2.618).abs() < 1e-3);
    }
}
