//! Where a joint force meets the bearing: head coverage and edge loading.
//!
//! The pole of a socket is its deepest point, in the direction -c for a cup axis c out of the opening. The bearing reaches from
//! the pole to the polar angle gamma: 90° for a flush hemisphere, 90° + asin(inset / R) with the head centre inside the face. A
//! force f of the cup on the head meets the bearing in the direction u = -f / |f| from the head centre, at epsilon =
//! acos(u.(-c)) from the pole. What is left to the rim is gamma - epsilon, in the plane of pole and u, and as an arc
//! R (gamma - epsilon): the distance from the **centre of the contact patch to the rim**. Less the radius of the patch it is
//! that from the **edge of the patch to the rim**; below zero the patch runs over the edge (Underwood et al. 2012, Proc Inst
//! Mech Eng H 226:217).
//!
//! The head is a ball, so the femur's position matters only for the direction of the force.

use super::stability::{Bearing, BearingError, Rim, positive};
use coxa_geometry::frame::{Cup, Frame};
use coxa_geometry::{Angle, Point, Transform, Vector};
use nalgebra::Vector3;
use std::f64::consts::{FRAC_PI_2, PI, TAU};

/// The bearing surface of a liner in the pelvis frame `P`.
#[derive(Debug, Clone)]
pub struct Socket<P: Frame> {
    /// Towards the pole, and two directions across it.
    pole: Vector3<f64>,
    across: [Vector3<f64>; 2],
    head_radius_mm: f64,
    /// Polar angle of the bearing's edge at equal steps of azimuth from the first direction across to the second.
    edge: Vec<f64>,
    frame: std::marker::PhantomData<P>,
}

/// Why there is no socket.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum SocketError {
    /// The cup axis has no direction.
    #[error("the cup axis has no direction")]
    NoDirection,
    /// The rim has fewer than three points, or one on the cup's axis or not finite.
    #[error("the rim has too few points, a point on the cup axis, or one that is not finite")]
    NoRim,
    /// Head and rim do not go together.
    #[error(transparent)]
    Bearing(#[from] BearingError),
}

/// Where a force meets the bearing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoadPlace {
    /// Angle of the force's line from the pole.
    pub from_pole: Angle,
    /// Angle from there to the rim, in the plane of pole and force; negative where the force points past the rim.
    pub to_rim: Angle,
    /// The same as an arc on the head: from the centre of the contact patch to the rim.
    pub centre_to_rim_mm: f64,
}

/// Azimuths at which the edge is kept.
const AZIMUTHS: usize = 720;

impl<P: Frame> Socket<P> {
    /// A round socket, from the cup axis out of the opening and the bearing. A bevel begins at the bearing's equator.
    ///
    /// # Errors
    /// Any [`SocketError`] but [`SocketError::NoRim`].
    pub fn round(cup_axis: Vector<P>, bearing: &Bearing) -> Result<Self, SocketError> {
        // Refuses what does not go together.
        bearing.oscillation_angle()?;
        let radius = bearing.head_diameter_mm / 2.0;
        let edge = match bearing.rim {
            Rim::Sharp { inset_mm } => FRAC_PI_2 + (inset_mm / radius).asin(),
            Rim::Bevelled { radius_mm, depth_mm } => (PI - radius_mm.atan2(depth_mm)).min(FRAC_PI_2),
        };
        let axis = cup_axis.normalised().ok_or(SocketError::NoDirection)?.coords();
        let least = Vector3::ith(axis.iamin(), 1.0);
        let first = axis.cross(&least).normalize();
        let across = [first, axis.cross(&first)];
        let edge = vec![edge; AZIMUTHS];
        let frame = std::marker::PhantomData;
        Ok(Socket { pole: -axis, across, head_radius_mm: radius, edge, frame })
    }

    /// A socket whose bearing reaches as far as the rim points, in the cup frame from the head centre; any number at any
    /// azimuths, joined by straight lines of polar angle over azimuth.
    ///
    /// # Errors
    /// [`SocketError::NoRim`], or a head without size.
    pub fn with_rim(
        rim: &[Point<Cup>],
        cup: &Transform<Cup, P>,
        head_diameter_mm: f64,
    ) -> Result<Self, SocketError> {
        let head_radius_mm = positive("head diameter", head_diameter_mm)? / 2.0;
        let mut points = Vec::with_capacity(rim.len());
        for point in rim {
            let off_axis = point.x().hypot(point.y());
            if off_axis.is_nan() || off_axis <= 0.0 || !point.is_finite() {
                return Err(SocketError::NoRim);
            }
            points.push((point.y().atan2(point.x()).rem_euclid(TAU), PI - off_axis.atan2(point.z())));
        }
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (Some(&first), Some(&last), 3..) = (points.first(), points.last(), points.len()) else {
            return Err(SocketError::NoRim);
        };
        // Once around, so that every azimuth lies between two points.
        points.insert(0, (last.0 - TAU, last.1));
        points.push((first.0 + TAU, first.1));
        let edge = (0..AZIMUTHS).map(|i| between(&points, TAU * i as f64 / AZIMUTHS as f64)).collect();
        let [x, y, z] = [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)]
            .map(|(x, y, z)| cup.apply(Vector::new(x, y, z)).coords());
        let frame = std::marker::PhantomData;
        Ok(Socket { pole: -z, across: [x, y], head_radius_mm, edge, frame })
    }

    /// Where a force of the cup on the head meets the bearing; `None` for a force without direction.
    ///
    /// # Examples
    /// ```
    /// use coxa_geometry::Vector;
    /// use coxa_geometry::{cup::Radiographic, frame::Gravity};
    /// use coxa_rom::edge_loading::Socket;
    /// use coxa_rom::stability::Bearing;
    ///
    /// let axis = Radiographic::<Gravity>::from_degrees(40.0, 15.0).axis();
    /// let socket = Socket::round(axis, &Bearing::flush(36.0, 12.0)).unwrap();
    /// // Along the cup axis into the head: at the pole, a right angle from the rim.
    /// let place = socket.load_place(axis).unwrap();
    /// assert!(place.from_pole.degrees() < 1e-6 && (place.to_rim.degrees() - 90.0).abs() < 1e-6);
    /// // Straight down, nearer to it.
    /// let place = socket.load_place(Vector::new(0.0, -1.0, 0.0)).unwrap();
    /// assert!(place.to_rim.degrees() < 60.0);
    /// ```
    pub fn load_place(&self, force_on_head: Vector<P>) -> Option<LoadPlace> {
        let towards = (-force_on_head).normalised()?.coords();
        let (from_pole, azimuth) = self.polar(&towards);
        let to_rim = self.edge_at(azimuth) - from_pole;
        Some(LoadPlace {
            from_pole: Angle::from_radians(from_pole),
            to_rim: Angle::from_radians(to_rim),
            centre_to_rim_mm: self.head_radius_mm * to_rim,
        })
    }

    /// Whether a direction from the head centre points into the bearing and not out of its opening.
    pub fn holds(&self, direction: Vector<P>) -> bool {
        let (from_pole, azimuth) = self.polar(&direction.coords());
        from_pole <= self.edge_at(azimuth)
    }

    /// The share of the head's surface that lies in the bearing: (1 - cos gamma) / 2, half for a flush hemisphere.
    pub fn coverage(&self) -> f64 {
        self.edge.iter().map(|gamma| (1.0 - gamma.cos()) / 2.0).sum::<f64>() / self.edge.len() as f64
    }

    /// The share of the half of the head around a direction that lies in the bearing, such as of the upper half or of that which
    /// a force loads: 1 - angle to the pole / 180° for a flush hemisphere. `None` without direction.
    pub fn coverage_towards(&self, direction: Vector<P>) -> Option<f64> {
        let (off, azimuth) = self.polar(&direction.normalised()?.coords());
        let (sin, cos) = off.sin_cos();
        // At an azimuth the half ball spans polar angles up to (or, if it looks away from the pole, from) a bound; the area
        // between two polar angles is the difference of their cosines.
        let area = |(i, &gamma): (usize, &f64)| {
            let away = (TAU * i as f64 / AZIMUTHS as f64 - azimuth).cos();
            if cos >= 0.0 {
                1.0 - cos.atan2(-sin * away).min(gamma).cos()
            } else {
                let from = (-cos).atan2(sin * away);
                (from.cos() - gamma.cos()).max(0.0)
            }
        };
        Some(self.edge.iter().enumerate().map(area).sum::<f64>() / self.edge.len() as f64)
    }

    /// Angle from the pole and azimuth of a unit vector.
    fn polar(&self, direction: &Vector3<f64>) -> (f64, f64) {
        let [x, y] = [self.across[0].dot(direction), self.across[1].dot(direction)];
        (x.hypot(y).atan2(self.pole.dot(direction)), y.atan2(x).rem_euclid(TAU))
    }

    fn edge_at(&self, azimuth: f64) -> f64 {
        let at = azimuth / TAU * AZIMUTHS as f64;
        let (before, part) = (at.floor() as usize, at.fract());
        let gamma = |i: usize| self.edge[i % AZIMUTHS];
        gamma(before) * (1.0 - part) + gamma(before + 1) * part
    }
}

/// The value at a place between sorted (place, value), which enclose it.
fn between(points: &[(f64, f64)], place: f64) -> f64 {
    let next = points.partition_point(|point| point.0 <= place).clamp(1, points.len() - 1);
    let ((x0, y0), (x1, y1)) = (points[next - 1], points[next]);
    if x1 > x0 { y0 + (y1 - y0) * (place - x0) / (x1 - x0) } else { y0 }
}

impl LoadPlace {
    /// From the edge of a contact patch of this radius to the rim, as an arc; negative where the patch runs over the edge.
    pub fn edge_to_rim_mm(&self, patch_radius_mm: f64) -> f64 {
        self.centre_to_rim_mm - patch_radius_mm
    }
}

/// Two hard bearing materials and their radii, for the size of the contact patch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HardBearing {
    /// Radius of the head.
    pub head_radius_mm: f64,
    /// Radius of the liner's bore less that of the head.
    pub radial_clearance_mm: f64,
    /// Young's modulus of both parts.
    pub modulus_n_per_mm2: f64,
    /// Poisson's ratio of both.
    pub poisson: f64,
}

impl HardBearing {
    /// Radius of the contact patch under a load by Hertz: a³ = 3 F Re / (4 E*), with 1/Re = 1/R1 - 1/R2 and 1/E* =
    /// 2 (1 - nu²)/E. For patches much smaller than the head, so not for polyethylene, which conforms to it.
    ///
    /// # Errors
    /// [`BearingError::OutOfRange`] for a number that is not above zero.
    pub fn patch_radius_mm(&self, load_n: f64) -> Result<f64, BearingError> {
        let head = positive("head radius", self.head_radius_mm)?;
        let bore = head + positive("radial clearance", self.radial_clearance_mm)?;
        let modulus = positive("modulus", self.modulus_n_per_mm2)?;
        let effective_radius = 1.0 / (1.0 / head - 1.0 / bore);
        let effective_modulus = modulus
            / (2.0 * positive("value of 1 minus the square of Poisson's ratio", 1.0 - self.poisson.powi(2))?);
        Ok((3.0 * positive("load", load_n)? * effective_radius / (4.0 * effective_modulus)).cbrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rim::profile;
    use coxa_activity::Activity;
    use coxa_geometry::cup::Radiographic;
    use coxa_geometry::frame::Gravity;
    use proptest::prelude::*;

    fn axis(inclination: f64, anteversion: f64) -> Vector<Gravity> {
        Radiographic::<Gravity>::from_degrees(inclination, anteversion).axis()
    }

    fn flush(inclination: f64, anteversion: f64) -> Socket<Gravity> {
        Socket::round(axis(inclination, anteversion), &Bearing::flush(32.0, 12.0)).unwrap()
    }

    #[test]
    fn a_vertical_force_leaves_a_flat_cup_its_complement_of_inclination() {
        // Without anteversion the pole lies `inclination` from the vertical.
        let place = flush(40.0, 0.0).load_place(Vector::new(0.0, -1.0, 0.0)).unwrap();
        assert!((place.from_pole.degrees() - 40.0).abs() < 1e-9);
        assert!((place.to_rim.degrees() - 50.0).abs() < 1e-9);
        assert!((place.centre_to_rim_mm - 16.0 * 50f64.to_radians()).abs() < 1e-9);
        // A force that leans outwards as the cup does goes through the pole, against the axis past the rim.
        let through = flush(40.0, 15.0).load_place(axis(40.0, 15.0)).unwrap();
        assert!(through.from_pole.degrees() < 1e-6 && (through.to_rim.degrees() - 90.0).abs() < 1e-6);
        assert!(flush(40.0, 15.0).load_place(-axis(40.0, 15.0)).unwrap().to_rim < Angle::ZERO);
        assert_eq!(flush(40.0, 15.0).load_place(Vector::new(0.0, 0.0, 0.0)), None);
    }

    #[test]
    fn the_patch_of_the_reference_is_found_and_shortens_the_way_to_the_rim() {
        let ceramic = HardBearing {
            head_radius_mm: 16.0,
            radial_clearance_mm: 0.05,
            modulus_n_per_mm2: 380e3,
            poisson: 0.23,
        };
        let patch = ceramic.patch_radius_mm(2000.0).unwrap();
        assert!((patch - 3.374).abs() < 5e-4, "{patch}");
        let place = flush(40.0, 0.0).load_place(Vector::new(0.0, -1.0, 0.0)).unwrap();
        assert!((place.centre_to_rim_mm - place.edge_to_rim_mm(patch) - patch).abs() < 1e-12);
        assert!(ceramic.patch_radius_mm(0.0).is_err());
        assert!(HardBearing { poisson: 1.0, ..ceramic }.patch_radius_mm(2000.0).is_err());
    }

    #[test]
    fn coverage_of_hemispheres_is_plane_trigonometry() {
        for (inclination, anteversion) in [(30.0, 0.0), (45.0, 20.0), (60.0, 35.0)] {
            let socket = flush(inclination, anteversion);
            assert!((socket.coverage() - 0.5).abs() < 1e-12);
            for direction in
                [Vector::new(0.0, 1.0, 0.0), Vector::new(0.3, -0.8, 0.4), Vector::new(0.0, 0.0, 1.0)]
            {
                let off = direction.angle_to(-axis(inclination, anteversion)).degrees();
                let found = socket.coverage_towards(direction).unwrap();
                assert!((found - (1.0 - off / 180.0)).abs() < 1e-5, "{off} {found}");
            }
        }
        let deep = Bearing { rim: Rim::Sharp { inset_mm: 4.0 }, ..Bearing::flush(32.0, 12.0) };
        let deep = Socket::round(axis(40.0, 15.0), &deep).unwrap();
        assert!((deep.coverage() - (16.0 + 4.0) / 32.0).abs() < 1e-12);
        assert!((deep.coverage_towards(-axis(40.0, 15.0)).unwrap() - 1.0).abs() < 1e-12);
        // The half around the opening's axis is covered by a belt of height 4 of 16 mm.
        assert!((deep.coverage_towards(axis(40.0, 15.0)).unwrap() - 0.25).abs() < 1e-9);
    }

    #[test]
    fn a_sampled_rim_is_the_round_one_and_a_lip_covers_more_on_its_side() {
        let axis = axis(40.0, 15.0);
        let x = axis.cross(Vector::new(1.0, 0.0, 0.0));
        let cup = Transform::from_axes(Point::origin(), x, axis.cross(x)).unwrap();
        let round = Socket::with_rim(&profile(|_| (16.0, 0.0)), &cup, 32.0).unwrap();
        let force = Vector::new(-0.2, -2.3, 0.5);
        let (a, b) = (round.load_place(force).unwrap(), flush(40.0, 15.0).load_place(force).unwrap());
        assert!(
            (a.to_rim - b.to_rim).abs().degrees() < 1e-9
                && (a.from_pole - b.from_pole).abs().degrees() < 1e-9
        );
        let lip = |azimuth: Angle| {
            let height = 3.0 * azimuth.cos().max(0.0);
            (f64::sqrt(256.0 - height * height), height)
        };
        let lipped = Socket::with_rim(&profile(lip), &cup, 32.0).unwrap();
        assert!(lipped.coverage() > round.coverage());
        // Towards azimuth zero, where the lip is highest, and away from it.
        let [with, against] = [1.0, -1.0].map(|sign| {
            let force = -(cup.apply(Vector::new(sign, 0.0, -1.0)));
            (lipped.load_place(force).unwrap().to_rim - round.load_place(force).unwrap().to_rim).degrees()
        });
        assert!(
            (with - (3.0f64 / 16.0).asin().to_degrees()).abs() < 1e-3 && against.abs() < 1e-9,
            "{with} {against}"
        );
        assert_eq!(Socket::with_rim(&[], &cup, 32.0).err(), Some(SocketError::NoRim));
        assert!(Socket::with_rim(&[Point::new(0.0, 0.0, 1.0); 3], &cup, 32.0).is_err());
    }

    #[test]
    fn measured_forces_of_walking_stay_within_an_ordinary_cup_and_come_nearer_to_the_rim_of_a_steep_one() {
        let force = Activity::named("walking").unwrap().activity.at(0.35).force_in_pelvis().unwrap();
        let to_rim = |inclination| flush(inclination, 15.0).load_place(force).unwrap().to_rim.degrees();
        assert!(to_rim(40.0) > to_rim(50.0) && to_rim(50.0) > to_rim(60.0));
        assert!((25.0..70.0).contains(&to_rim(40.0)), "{}", to_rim(40.0));
    }

    proptest! {
        #[test]
        fn the_way_to_the_rim_changes_by_no_more_than_the_force_turns(
            ri in 20.0..70.0f64, ra in -10.0..40.0f64,
            a in prop::array::uniform3(-1.0..1.0f64), b in prop::array::uniform3(-1.0..1.0f64),
        ) {
            let socket = flush(ri, ra);
            let [a, b] = [a, b].map(|[x, y, z]| Vector::<Gravity>::new(x, y, z));
            if let (Some(p), Some(q)) = (socket.load_place(a), socket.load_place(b)) {
                prop_assert!((p.to_rim - q.to_rim).abs().radians() <= a.angle_to(b).radians() + 1e-9);
            }
        }
    }
}
