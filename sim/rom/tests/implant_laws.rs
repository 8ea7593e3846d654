//! Neck against liner in closed form: laws that hold for any cup and stem.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::Gravity;
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Vector};
use coxa_rom::cone::{ConeHip, neck_axis};
use coxa_rom::stability::Bearing;
use coxa_rom::{Limit, Motion};
use proptest::prelude::*;

fn cup(inclination: f64, anteversion: f64) -> Vector<Gravity> {
    Radiographic::<Gravity>::from_degrees(inclination, anteversion).axis()
}

fn hip(cup: Vector<Gravity>, version: f64, head_mm: f64) -> ConeHip<Gravity> {
    let neck = neck_axis(Angle::from_degrees(132.0), Angle::from_degrees(version));
    ConeHip::new(cup, neck, Bearing::flush(head_mm, 12.0).oscillation_angle().unwrap()).unwrap()
}

proptest! {
    #[test]
    fn a_larger_head_never_loses_motion(
        ri in 25.0..60.0f64, ra in -5.0..35.0f64, version in -5.0..40.0f64, head in 22.0..40.0f64, more in 0.1..8.0f64,
    ) {
        let (small, large) = (hip(cup(ri, ra), version, head), hip(cup(ri, ra), version, head + more));
        for motion in Motion::table() {
            match (small.limit(&motion), large.limit(&motion)) {
                (Limit::At(a), Limit::At(b)) => prop_assert!(b >= a),
                (Limit::Unlimited, after) => prop_assert_eq!(after, Limit::Unlimited),
                (_, after) => prop_assert!(after != Limit::Blocked || small.limit(&motion) == Limit::Blocked),
            }
        }
    }

    #[test]
    fn limits_are_continuous_in_the_angles_of_the_cup(
        ri in 25.0..60.0f64, ra in -5.0..35.0f64, version in -5.0..40.0f64, head in 22.0..40.0f64,
        more in (-1e-3..1e-3f64, -1e-3..1e-3f64),
    ) {
        let (before, after) = (cup(ri, ra), cup(ri + more.0, ra + more.1));
        let turned = before.angle_to(after).radians();
        let (before, after) = (hip(before, version, head), hip(after, version, head));
        for motion in Motion::table() {
            // In any position no more clearance is lost than the cup has turned.
            let start = motion.start;
            prop_assert!((before.margin(start) - after.margin(start)).abs().radians() <= turned + 1e-9);
            if let (Limit::At(a), Limit::At(b)) = (before.limit(&motion), after.limit(&motion)) {
                // At the limit clearance shrinks at some rate; where that is not near zero, the limit moves by the clearance lost over it.
                let step = Angle::from_radians(1e-4);
                let rate = (before.margin(motion.at(a - step)) - before.margin(motion.at(a + step))).radians() / 2e-4;
                if rate > 0.1 {
                    prop_assert!((a - b).abs().radians() <= 1.5 * turned / rate + 1e-9, "{} {a} {b} {rate}", motion.name);
                }
            }
        }
    }

    #[test]
    fn turning_pelvis_and_femur_together_changes_no_clearance(
        ri in 25.0..60.0f64, ra in -5.0..35.0f64, tilt in -40.0..40.0f64, flexion in -30.0..120.0f64,
        adduction in -40.0..40.0f64, rotation in -50.0..50.0f64,
    ) {
        let axis = cup(ri, ra);
        let turn = HipAngles::from_degrees(tilt, 0.0, 0.0).rotation();
        let tilted = Vector::<Gravity>::from_coords(turn * axis.coords());
        let at = |flexion| HipAngles::from_degrees(flexion, adduction, rotation);
        let (plain, tilted) = (hip(axis, 15.0, 32.0), hip(tilted, 15.0, 32.0));
        prop_assert!((plain.margin(at(flexion)) - tilted.margin(at(flexion + tilt))).abs().degrees() < 1e-6);
    }
}
