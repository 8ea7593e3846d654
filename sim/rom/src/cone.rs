//! Neck against liner in closed form: the liner's opening as a cone.
//!
//! The neck's axis may leave the cup's axis by half the oscillation angle in every direction. With c the cup axis
//! (out of the opening, in the pelvis), n the neck axis (from the head centre along the neck, in the femur) and R
//! the rotation of femur in pelvis, a pose is free where (R n).c >= cos(oscillation angle / 2). For a turn about
//! one joint axis this is an inequality in cos t and sin t, solved exactly ([`ConeHip::free_interval`]). Exact for
//! a round rim without lip and a neck of revolution; [`super::rim`] has the rest.

use super::motion::FixedAxisTurn;
use super::path::{Path, PathPlace};
use super::rotation::{Arc, CosineOfTurn};
use super::{FreeInterval, JointAxis, Limit, Motion};
use coxa_geometry::frame::{Femur, Frame};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Vector};

/// A stem's neck axis in the femur, from the head centre along the neck: (-sin SA sin b, -cos b, cos SA sin b) with
/// b = 180° minus the neck-shaft angle. `anteversion` is positive with the head forwards.
pub fn neck_axis(neck_shaft: Angle, anteversion: Angle) -> Vector<Femur> {
    let b = Angle::from_degrees(180.0) - neck_shaft;
    Vector::new(-anteversion.sin() * b.sin(), -b.cos(), anteversion.cos() * b.sin())
}

/// A cup axis in the pelvis frame `P`, a neck axis in the femur, and the cone between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConeHip<P: Frame> {
    cup: Vector<P>,
    neck: Vector<Femur>,
    half_angle: Angle,
}

/// Why there is no cone.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ConeError {
    /// An axis has no direction.
    #[error("the {0} axis has no direction")]
    NoDirection(&'static str),
    /// The oscillation angle is not between 0 and 360 degrees.
    #[error("an oscillation angle of {0} degrees is not between 0 and 360")]
    Oscillation(f64),
}

impl<P: Frame> ConeHip<P> {
    /// From the cup axis out of the opening, the neck axis away from the head centre, and the oscillation angle (full
    /// cone). The axes need not have unit length.
    ///
    /// # Errors
    /// Any [`ConeError`].
    pub fn new(cup: Vector<P>, neck: Vector<Femur>, oscillation: Angle) -> Result<Self, ConeError> {
        let degrees = oscillation.degrees();
        if !(0.0..=360.0).contains(&degrees) {
            return Err(ConeError::Oscillation(degrees));
        }
        Ok(ConeHip {
            cup: cup.normalised().ok_or(ConeError::NoDirection("cup"))?,
            neck: neck.normalised().ok_or(ConeError::NoDirection("neck"))?,
            half_angle: oscillation / 2.0,
        })
    }

    /// Angle between neck and cup axis in a position; contact is at half the oscillation angle.
    pub fn axis_angle(&self, angles: HipAngles) -> Angle {
        Vector::<P>::from_coords(angles.rotation() * self.neck.coords()).angle_to(self.cup)
    }

    /// The free poses of a turn about one joint axis.
    pub fn free_interval(&self, start: HipAngles, axis: JointAxis) -> FreeInterval {
        let turn = FixedAxisTurn::new(start, axis);
        let cosine = CosineOfTurn::new(&turn, &self.neck.coords(), &self.cup.coords());
        match cosine.at_least(self.half_angle.cos()) {
            Arc::All => FreeInterval::Everywhere,
            Arc::None => FreeInterval::Nowhere,
            Arc::About { centre, half } => FreeInterval::Between {
                from: Angle::from_radians(centre - half),
                to: Angle::from_radians(centre + half),
            },
        }
    }

    /// The angle that is left until contact: by how much the neck may turn any way, or, negative, by how much it must turn
    /// back at least. It changes by no more than the hip turns.
    pub fn margin(&self, angles: HipAngles) -> Angle {
        self.half_angle - self.axis_angle(angles)
    }

    /// Where a path first meets the cone; its start where that is outside, `None` where all of it is inside.
    pub fn first_contact(&self, path: &Path) -> Option<PathPlace> {
        if self.margin(path.start()) < Angle::ZERO {
            return Some(path.place(0, 0.0));
        }
        path.pieces().iter().enumerate().find_map(|(index, piece)| {
            let cosine = CosineOfTurn::new(&piece.turn, &self.neck.coords(), &self.cup.coords());
            let leaves = cosine.at_least(self.half_angle.cos()).end_from_zero()?;
            (leaves < piece.range).then(|| path.place(index, leaves))
        })
    }

    /// How far a motion goes; its range does not count.
    pub fn limit(&self, motion: &Motion) -> Limit {
        self.free_interval(motion.start, motion.axis).limit(motion.direction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::cup::Radiographic;
    use coxa_geometry::frame::Gravity;
    use proptest::prelude::*;

    fn hip(ri: f64, ra: f64, version: f64, neck_shaft: f64, oscillation: f64) -> ConeHip<Gravity> {
        ConeHip::new(
            Radiographic::<Gravity>::from_degrees(ri, ra).axis(),
            neck_axis(Angle::from_degrees(neck_shaft), Angle::from_degrees(version)),
            Angle::from_degrees(oscillation),
        )
        .unwrap()
    }

    #[test]
    fn a_hip_without_anteversion_can_be_checked_by_hand() {
        // Cup and neck both 45 degrees from the long axis in the frontal plane: abduction and adduction use up the
        // half cone, and a quarter turn of flexion tilts the axes to 60 degrees.
        let hip = hip(45.0, 0.0, 0.0, 135.0, 120.0);
        let degrees: Vec<f64> =
            Motion::table().iter().map(|m| hip.limit(m).angle().unwrap().degrees()).collect();
        let expected = [90.0, 90.0, 60.0, 60.0, 90.0, 90.0, 0.0, 90.0];
        for (found, expected) in degrees.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{degrees:?}");
        }
    }

    #[test]
    fn a_wide_cone_never_stops_and_a_closed_one_never_frees() {
        let wide = hip(40.0, 15.0, 15.0, 135.0, 359.9);
        let closed = hip(40.0, 15.0, 15.0, 135.0, 0.0);
        for motion in Motion::table() {
            assert_eq!(wide.limit(&motion), Limit::Unlimited);
            assert_eq!(closed.limit(&motion), Limit::Blocked);
        }
    }

    #[test]
    fn a_path_along_a_motion_stops_where_the_motion_does() {
        let hip = hip(40.0, 15.0, 15.0, 135.0, 120.0);
        for motion in Motion::table() {
            let positions: Vec<HipAngles> =
                (0..=36).map(|i| motion.at(Angle::from_degrees(f64::from(i) * 4.0))).collect();
            let path = Path::new(&positions).unwrap();
            let limit = hip.limit(&motion).angle().unwrap();
            match hip.first_contact(&path) {
                Some(place) => {
                    assert!((place.travelled - limit).abs().degrees() < 1e-9, "{}", motion.name);
                    assert!(hip.margin(place.angles).abs().degrees() < 1e-6, "{}", motion.name);
                }
                None => assert!(limit.degrees() > 144.0, "{}", motion.name),
            }
        }
        let outside = Motion::table()[0].at(Angle::from_degrees(150.0));
        let back = Path::new(&[outside, HipAngles::default()]).unwrap();
        assert_eq!(hip.first_contact(&back).unwrap().travelled, Angle::ZERO);
        assert!(hip.margin(outside) < Angle::ZERO);
    }

    #[test]
    fn what_is_no_cone_is_refused() {
        let axis = Vector::<Gravity>::new(0.0, -1.0, 1.0);
        let neck = neck_axis(Angle::from_degrees(135.0), Angle::ZERO);
        let theta = Angle::from_degrees(120.0);
        let zero = Vector::<Gravity>::new(0.0, 0.0, 0.0);
        assert_eq!(ConeHip::new(zero, neck, theta), Err(ConeError::NoDirection("cup")));
        let none = Vector::new(f64::NAN, 0.0, 0.0);
        assert_eq!(ConeHip::new(axis, none, theta), Err(ConeError::NoDirection("neck")));
        assert!(matches!(
            ConeHip::new(axis, neck, Angle::from_degrees(-1.0)),
            Err(ConeError::Oscillation(_))
        ));
        assert!(matches!(
            ConeHip::new(axis, neck, Angle::from_radians(f64::NAN)),
            Err(ConeError::Oscillation(_))
        ));
    }

    proptest! {
        #[test]
        fn the_interval_is_where_stepping_finds_free_poses(
            ri in 20.0..65.0f64,
            ra in -10.0..40.0f64,
            version in -10.0..45.0f64,
            oscillation in 60.0..170.0f64,
            start in (-30.0..100.0f64, -30.0..30.0f64, -40.0..40.0f64),
            axis in prop_oneof![
                Just(JointAxis::Flexion),
                Just(JointAxis::Adduction),
                Just(JointAxis::InternalRotation)
            ],
        ) {
            let hip = hip(ri, ra, version, 130.0, oscillation);
            let start = HipAngles::from_degrees(start.0, start.1, start.2);
            let interval = hip.free_interval(start, axis);
            for degrees in -180..180 {
                let turn = Angle::from_degrees(f64::from(degrees));
                let motion = Motion::new("", start, axis, super::super::Direction::Positive, turn);
                let margin = (hip.axis_angle(motion.at(turn)) - hip.half_angle).degrees();
                let inside = match interval {
                    FreeInterval::Everywhere => true,
                    FreeInterval::Nowhere => false,
                    FreeInterval::Between { from, to } => [-360.0, 0.0, 360.0].iter().any(|whole| {
                        let t = Angle::from_degrees(f64::from(degrees) + whole);
                        from <= t && t <= to
                    }),
                };
                prop_assert!(margin.abs() < 1e-6 || inside == (margin < 0.0), "{degrees} {interval:?} {margin}");
            }
        }

        #[test]
        fn the_margin_changes_by_no_more_than_the_hip_turns(
            ri in 20.0..65.0f64, ra in -10.0..40.0f64, oscillation in 60.0..170.0f64,
            a in (-30.0..120.0f64, -40.0..40.0f64, -60.0..60.0f64), b in (-30.0..120.0f64, -40.0..40.0f64, -60.0..60.0f64),
        ) {
            let hip = hip(ri, ra, 12.0, 130.0, oscillation);
            let (a, b) = (HipAngles::from_degrees(a.0, a.1, a.2), HipAngles::from_degrees(b.0, b.1, b.2));
            prop_assert!((hip.margin(a) - hip.margin(b)).abs().radians() <= a.angle_to(b).radians() + 1e-7);
        }

        #[test]
        fn at_the_limit_the_neck_is_half_the_oscillation_angle_from_the_cup(
            ri in 30.0..55.0f64, ra in 0.0..30.0f64, version in 0.0..30.0f64, oscillation in 100.0..150.0f64,
        ) {
            let hip = hip(ri, ra, version, 130.0, oscillation);
            for motion in Motion::table() {
                if let Limit::At(angle) = hip.limit(&motion) {
                    let off = hip.axis_angle(motion.at(angle)) - hip.half_angle;
                    prop_assert!(off.abs().degrees() < 1e-6);
                }
            }
        }
    }
}
