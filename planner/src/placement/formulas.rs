//! Formulas of numbers that a plan and the optimiser both give, so that each stands once.

use super::canal::Fit;
use super::hip::RightHip;
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::{AnteriorPelvicPlane, Gravity, RightSide, Stem};
use coxa_geometry::{Angle, Transform, Vector};

/// Weight of the stem's version in the combined anteversion of Widmer and Zurfluh 2004.
pub(crate) const WIDMER: f64 = 0.7;

/// The stem against the shaft in the plane of the neck, varus positive; the axis of the shaft, proximal, in the frame of the stem.
pub(crate) fn stem_varus(shaft: Vector<Stem>) -> Angle {
    // A stem in varus has its tip lateral, so that the shaft leans laterally in the stem's frame.
    Angle::from_radians((-shaft.x()).atan2(shaft.y()))
}

/// The stem against the shaft across the neck, tip posterior positive; the axis of the shaft, proximal, in the frame of the stem.
pub(crate) fn stem_flexion(shaft: Vector<Stem>) -> Angle {
    Angle::from_radians(-shaft.z().atan2(shaft.y()))
}

/// Radiographic angles of a cup in the pelvis as it stands, from those in the supine one, which stands in its place where the tilt
/// between them is not known.
pub(crate) fn standing_cup(supine: Radiographic<Gravity>, tilt: Option<Angle>) -> Radiographic<Gravity> {
    let Some(tilt) = tilt else { return supine };
    // The supine pelvis is here what the anterior pelvic plane is elsewhere: what is tilted.
    Radiographic::<AnteriorPelvicPlane>::new(supine.inclination, supine.anteversion).tilted(tilt)
}

/// Radiographic anteversion of the cup and version of the stem together, degrees.
pub(crate) fn combined_anteversion(cup_deg: f64, stem_deg: f64) -> f64 {
    cup_deg + stem_deg
}

/// The same after Widmer and Zurfluh, degrees.
pub(crate) fn combined_anteversion_widmer(cup_deg: f64, stem_deg: f64) -> f64 {
    cup_deg + WIDMER * stem_deg
}

/// Lengthening of the leg, and lateral step of the femur, of a hip whose femur is displaced so in reduction, mm.
pub(crate) fn leg_and_offset_change(hip: &RightHip, reduction: Vector<RightSide>) -> [f64; 2] {
    [-reduction.dot(hip.axes.superior), reduction.dot(hip.axes.lateral)]
}

/// Operated less other side after surgery, mm. Where the other side is not known the change stands in for it: criteria then keep the hip as
/// it was, and a plan leaves the number out.
pub(crate) fn operated_less_other(before_mm: Option<f64>, change_mm: f64) -> f64 {
    before_mm.unwrap_or(0.0) + change_mm
}

/// How far a centre has moved medially, superiorly and anteriorly, along the axes of the supine functional pelvis, mm.
pub(crate) fn centre_shift(hip: &RightHip, shift: Vector<RightSide>) -> [f64; 3] {
    [shift.dot(hip.medial()), shift.dot(hip.axes.superior), shift.dot(hip.axes.anterior)]
}

/// Radiographic angles of a cup against the anterior pelvic plane.
pub(crate) fn cup_in_anterior_plane(
    plane: &Transform<AnteriorPelvicPlane, RightSide>,
    cup_axis: Vector<RightSide>,
) -> Radiographic<AnteriorPelvicPlane> {
    Radiographic::from_axis(plane.inverse().apply(cup_axis))
}

/// Least distance of the stem from the outer surface of the femur, mm.
pub(crate) fn cortex_left(fit: &Fit) -> f64 {
    -fit.beyond_bone_mm
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tip_that_lies_laterally_is_varus_and_one_behind_flexion() {
        // Proximal, lateral and anterior of the stem's frame are y, -x and z: an axis of the shaft that leans so is that of a stem
        // whose tip lies laterally or behind.
        let (sin, cos) = 3_f64.to_radians().sin_cos();
        let lateral = Vector::new(-sin, cos, 0.0);
        assert!((stem_varus(lateral).degrees() - 3.0).abs() < 1e-12 && stem_flexion(lateral) == Angle::ZERO);
        let behind = Vector::new(0.0, cos, -sin);
        assert!((stem_flexion(behind).degrees() - 3.0).abs() < 1e-12);
        assert_eq!(stem_varus(behind).degrees().abs(), 0.0);
    }

    #[test]
    fn combined_anteversions_are_the_weighted_sums() {
        assert_eq!(combined_anteversion(15.0, 12.0), 27.0);
        assert!((combined_anteversion_widmer(15.0, 12.0) - 23.4).abs() < 1e-12);
    }
}
