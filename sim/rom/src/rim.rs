//! Neck against a liner rim of any shape, in closed form for every rim point.
//!
//! Seen from the head centre, a neck of revolution keeps its axis out of a cone around each rim point: half taper +
//! asin(r0 cos(half taper) / distance) wide, with r0 the neck radius extrapolated to the head centre. A pose is
//! free where the axis is outside all of them; along a one-axis motion each point blocks one arc. The rim is
//! sampled, so a limit is late by what lies between two points: with [`RIM_POINTS`] below 0.0001° for a round rim. An axis
//! that points beyond the rim, into the cup, has passed through the rim and is blocked too.

use super::edge_loading::Socket;
use super::motion::FixedAxisTurn;
use super::path::{Path, PathPlace};
use super::rotation::{Arc, CosineOfTurn};
use super::stability::keep_out_angle;
use super::{FreeInterval, JointAxis, Limit, Motion};
use coxa_geometry::frame::{Cup, Femur, Frame};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Point, Transform, Vector};
use std::f64::consts::TAU;

/// Points on a rim that is sampled by [`profile`].
pub const RIM_POINTS: u32 = 3600;

/// Points of a rim given by its contact circle at each azimuth about the cup axis: `at(azimuth)` gives its radius
/// and its height above the head centre along the axis, in millimetres. Azimuth is from the cup's x axis towards
/// its y axis.
pub fn profile(at: impl Fn(Angle) -> (f64, f64)) -> Vec<Point<Cup>> {
    (0..RIM_POINTS)
        .map(|i| {
            let azimuth = Angle::from_radians(TAU * f64::from(i) / f64::from(RIM_POINTS));
            let (radius, height) = at(azimuth);
            Point::new(radius * azimuth.cos(), radius * azimuth.sin(), height)
        })
        .collect()
}

/// A neck of revolution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neck {
    /// Axis from the head centre along the neck.
    pub axis: Vector<Femur>,
    /// Diameter, extrapolated along the taper to the head centre.
    pub diameter_mm: f64,
    /// Half the included angle, positive where the neck widens away from the head.
    pub half_taper: Angle,
}

/// A rim in the pelvis frame `P` around a neck in the femur.
#[derive(Debug, Clone)]
pub struct RimHip<P: Frame> {
    neck: Vector<Femur>,
    keep_out: Vec<KeepOut<P>>,
    /// What the rim is the edge of; fewer than three points enclose nothing.
    wall: Option<Socket<P>>,
}

/// A rim point, from the head centre, and the angle that the neck's axis must keep from it.
#[derive(Debug, Clone, Copy)]
struct KeepOut<P: Frame> {
    direction: Vector<P>,
    angle: f64,
    cosine: f64,
}

/// Why a rim and a neck do not make a hip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RimError {
    /// The neck axis has no direction.
    #[error("the neck axis has no direction")]
    NoDirection,
    /// There are no rim points.
    #[error("the rim has no points")]
    NoRim,
    /// The neck is wider than the distance of this rim point.
    #[error("rim point {0} is too close to the head centre for this neck")]
    InsideNeck(usize),
}

impl<P: Frame> RimHip<P> {
    /// From rim points in the cup frame (origin at the head centre), the cup's pose and the neck.
    ///
    /// # Errors
    /// Any [`RimError`].
    pub fn new(rim: &[Point<Cup>], cup: &Transform<Cup, P>, neck: &Neck) -> Result<Self, RimError> {
        let axis = neck.axis.normalised().ok_or(RimError::NoDirection)?;
        if rim.is_empty() {
            return Err(RimError::NoRim);
        }
        let keep_out = rim
            .iter()
            .enumerate()
            .map(|(i, &point)| {
                let direction = point - Point::origin();
                let angle = keep_out_angle(neck.diameter_mm / 2.0, neck.half_taper, direction.norm())
                    .ok_or(RimError::InsideNeck(i))?;
                let direction = cup.apply(direction).normalised().ok_or(RimError::InsideNeck(i))?;
                Ok(KeepOut { direction, angle: angle.radians(), cosine: angle.cos() })
            })
            .collect::<Result<_, _>>()?;
        // Which way the neck points does not depend on the size of the head.
        Ok(RimHip { neck: axis, keep_out, wall: Socket::with_rim(rim, cup, 1.0).ok() })
    }

    /// Whether the neck is clear of the rim.
    pub fn is_free(&self, angles: HipAngles) -> bool {
        let neck = self.neck_in_pelvis(angles);
        self.keep_out.iter().all(|point| neck.dot(point.direction) < point.cosine) && !self.is_beyond(neck)
    }

    /// Whether the neck's axis points into the cup.
    fn is_beyond(&self, neck: Vector<P>) -> bool {
        self.wall.as_ref().is_some_and(|wall| wall.holds(neck))
    }

    /// The angle that is left until contact: by how much the neck may turn any way, or, negative, by how much it must turn back
    /// at least. It changes by no more than the hip turns.
    pub fn margin(&self, angles: HipAngles) -> Angle {
        let neck = self.neck_in_pelvis(angles);
        let apart = |point: &KeepOut<P>| neck.angle_to(point.direction).radians();
        let least =
            |left: &dyn Fn(&KeepOut<P>) -> f64| self.keep_out.iter().map(left).fold(f64::INFINITY, f64::min);
        // From beyond the rim the way out leads across some point of it and as far again as that keeps the neck off.
        Angle::from_radians(if self.is_beyond(neck) {
            -least(&|point| apart(point) + point.angle)
        } else {
            least(&|point| apart(point) - point.angle)
        })
    }

    fn neck_in_pelvis(&self, angles: HipAngles) -> Vector<P> {
        Vector::from_coords(angles.rotation() * self.neck.coords())
    }

    /// How far a turn goes until the neck meets the rim, in radians; zero where it begins in contact.
    fn first_blocked(&self, turn: &FixedAxisTurn) -> Option<f64> {
        let begins = |point: &KeepOut<P>| {
            CosineOfTurn::new(turn, &self.neck.coords(), &point.direction.coords())
                .at_least(point.cosine)
                .begin_from_zero()
        };
        self.keep_out.iter().filter_map(begins).reduce(f64::min)
    }

    /// Where a path first meets the rim; its start where that is blocked, `None` where all of it is free.
    pub fn first_contact(&self, path: &Path) -> Option<PathPlace> {
        if !self.is_free(path.start()) {
            return Some(path.place(0, 0.0));
        }
        path.pieces().iter().enumerate().find_map(|(index, piece)| {
            let met = self.first_blocked(&piece.turn).filter(|&met| met < piece.range)?;
            Some(path.place(index, met))
        })
    }

    /// The free poses around the start of a turn about one joint axis; nowhere where the start itself is blocked.
    pub fn free_interval(&self, start: HipAngles, axis: JointAxis) -> FreeInterval {
        if !self.is_free(start) {
            return FreeInterval::Nowhere;
        }
        let turn = FixedAxisTurn::new(start, axis);
        let (mut from, mut to) = (f64::NEG_INFINITY, f64::INFINITY);
        for point in &self.keep_out {
            let cosine = CosineOfTurn::new(&turn, &self.neck.coords(), &point.direction.coords());
            match cosine.at_least(point.cosine) {
                Arc::None => {}
                Arc::All => return FreeInterval::Nowhere,
                Arc::About { centre, half } => {
                    // The blocked arc as [begin, begin + 2 half] with begin within a turn above zero.
                    let begin = (centre - half).rem_euclid(TAU);
                    let end = begin + 2.0 * half - TAU;
                    if end >= 0.0 {
                        return FreeInterval::Nowhere;
                    }
                    (from, to) = (from.max(end), to.min(begin));
                }
            }
        }
        if to.is_infinite() {
            FreeInterval::Everywhere
        } else {
            FreeInterval::Between { from: Angle::from_radians(from), to: Angle::from_radians(to) }
        }
    }

    /// How far a motion goes; its range does not count. [`Limit::Blocked`] where the start is blocked.
    pub fn limit(&self, motion: &Motion) -> Limit {
        self.free_interval(motion.start, motion.axis).limit(motion.direction)
    }

    /// How far the neck's axis can be tipped from the cup axis towards an azimuth: half the oscillation angle for a
    /// round rim, a function of azimuth for a lipped one. `None` where the neck is blocked in the cup axis or never
    /// stopped.
    pub fn half_angle_towards(&self, azimuth: Angle, cup: &Transform<Cup, P>) -> Option<Angle> {
        let axis = cup.apply(Vector::new(0.0, 0.0, 1.0));
        let towards = cup.apply(Vector::new(azimuth.cos(), azimuth.sin(), 0.0));
        let turn_axis = nalgebra::Unit::new_normalize(axis.cross(towards).coords());
        // The neck laid into the cup axis, then turned towards the azimuth.
        let start = nalgebra::UnitQuaternion::rotation_between(&self.neck.coords(), &axis.coords())
            .unwrap_or_else(|| {
                let aside = nalgebra::Unit::new_normalize(towards.coords());
                nalgebra::UnitQuaternion::from_axis_angle(&aside, std::f64::consts::PI)
            });
        let turn = FixedAxisTurn { axis: turn_axis, start };
        self.first_blocked(&turn).filter(|&first| first > 0.0).map(Angle::from_radians)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cone::{ConeHip, neck_axis};
    use crate::stability::{Bearing, Rim};
    use coxa_geometry::cup::Radiographic;
    use coxa_geometry::frame::Gravity;

    fn cup_pose() -> Transform<Cup, Gravity> {
        let axis = Radiographic::<Gravity>::from_degrees(40.0, 15.0).axis();
        // z along the axis; x anywhere across it.
        let x = axis.cross(Vector::new(1.0, 0.0, 0.0));
        Transform::from_axes(Point::origin(), x, axis.cross(x)).unwrap()
    }

    fn neck(half_taper: f64) -> Neck {
        Neck {
            axis: neck_axis(Angle::from_degrees(135.0), Angle::from_degrees(15.0)),
            diameter_mm: 12.0,
            half_taper: Angle::from_degrees(half_taper),
        }
    }

    #[test]
    fn a_round_rim_is_the_cone() {
        for (inset, half_taper) in [(0.0, 0.0), (2.0, 0.0), (-1.5, 2.85)] {
            let bearing = Bearing {
                neck_half_taper: Angle::from_degrees(half_taper),
                rim: Rim::Sharp { inset_mm: inset },
                ..Bearing::flush(32.0, 12.0)
            };
            let (cup, neck) = (cup_pose(), neck(half_taper));
            let axis = cup.apply(Vector::new(0.0, 0.0, 1.0));
            let cone = ConeHip::new(axis, neck.axis, bearing.oscillation_angle().unwrap()).unwrap();
            let radius = (256.0f64 - inset * inset).sqrt();
            let rim = RimHip::new(&profile(|_| (radius, inset)), &cup, &neck).unwrap();
            // All the way round, also where the neck would lie beyond the rim; on the rim itself the next point is up to half a
            // step of the samples away.
            let step = Angle::from_degrees(180.0 / f64::from(RIM_POINTS));
            for (flexion, adduction) in (-180..180).step_by(9).flat_map(|f| [(f, 0), (f, 40), (f, -75)]) {
                let at = HipAngles::from_degrees(f64::from(flexion), f64::from(adduction), 0.0);
                let (a, b) = (rim.margin(at), cone.margin(at));
                assert!((a - b).abs() < step, "{at}: {a:.6} {b:.6}");
                assert!(rim.is_free(at) == (b > Angle::ZERO) || b.abs() < step, "{at}");
            }
            for motion in Motion::table() {
                let (a, b) = (rim.limit(&motion).angle().unwrap(), cone.limit(&motion).angle().unwrap());
                assert!((a - b).abs().degrees() < 1e-4, "{} {a:.6} {b:.6}", motion.name);
                assert!((rim.margin(motion.start) - cone.margin(motion.start)).abs().degrees() < 1e-4);
                let path = Path::new(&[motion.start, motion.at(b * 0.7), motion.at(b * 1.2)]).unwrap();
                if b > Angle::ZERO {
                    let met = rim.first_contact(&path).unwrap();
                    assert!((met.travelled - b).abs().degrees() < 1e-4, "{}", motion.name);
                }
                assert!(rim.is_free(motion.at(b - Angle::from_degrees(1e-3))));
                assert!(!rim.is_free(motion.at(b + Angle::from_degrees(1e-3))));
            }
            for degrees in [0.0, 100.0, 200.0] {
                let half = rim.half_angle_towards(Angle::from_degrees(degrees), &cup).unwrap();
                assert!((half * 2.0 - bearing.oscillation_angle().unwrap()).abs().degrees() < 2e-4);
            }
        }
    }

    #[test]
    fn a_lip_costs_motion_towards_it_and_none_away_from_it() {
        let (cup, neck) = (cup_pose(), neck(0.0));
        let lip_at = Angle::from_degrees(60.0);
        // 10 degrees of elevation over a third of the rim, on the head's sphere.
        let lipped = profile(|azimuth| {
            let off = (azimuth - lip_at).degrees().rem_euclid(360.0);
            let height = if !(60.0..=300.0).contains(&off) { 16.0 * 10f64.to_radians().sin() } else { 0.0 };
            ((256.0 - height * height).sqrt(), height)
        });
        let flush = RimHip::new(&profile(|_| (16.0, 0.0)), &cup, &neck).unwrap();
        let lipped = RimHip::new(&lipped, &cup, &neck).unwrap();
        let half = |hip: &RimHip<Gravity>, azimuth| hip.half_angle_towards(azimuth, &cup).unwrap().degrees();
        let opposite = lip_at + Angle::from_degrees(180.0);
        assert!((half(&flush, lip_at) - half(&lipped, lip_at) - 10.0).abs() < 1e-4);
        assert!((half(&flush, opposite) - half(&lipped, opposite)).abs() < 1e-9);
        let lost: Vec<f64> = Motion::table()
            .iter()
            .map(|m| (flush.limit(m).angle().unwrap() - lipped.limit(m).angle().unwrap()).degrees())
            .collect();
        assert!(
            lost.iter().all(|&l| l > -1e-9)
                && lost.iter().any(|&l| l > 5.0)
                && lost.iter().any(|&l| l < 1e-6)
        );
    }

    #[test]
    fn what_is_no_rim_is_refused_and_a_blocked_start_said() {
        let (cup, neck) = (cup_pose(), neck(0.0));
        assert_eq!(RimHip::new(&[], &cup, &neck).err(), Some(RimError::NoRim));
        let near = [Point::new(20.0, 0.0, 0.0), Point::new(5.0, 0.0, 0.0)];
        assert_eq!(RimHip::new(&near, &cup, &neck).err(), Some(RimError::InsideNeck(1)));
        let tight = RimHip::new(&profile(|_| (8.0, 4.0)), &cup, &neck).unwrap();
        for motion in Motion::table() {
            assert_eq!(tight.limit(&motion), Limit::Blocked);
        }
    }
}
