//! Cup orientation: Murray's three definitions of inclination and anteversion, always with the plane they refer to.
//!
//! Murray 1993 (J Bone Joint Surg Br 75:228) defines three pairs of angles for one and the same cup axis. Each is a
//! type here, and each carries its reference plane: the [`AnteriorPelvicPlane`] or the functional plane
//! ([`Gravity`]). The pairs convert into one another exactly, through the axis; a change of plane needs a stated
//! pelvic tilt ([`Radiographic::tilted`]).
//!
//! All angles are those of a right hip: the axis points out of the opening, with X anterior, Y superior and Z
//! lateral. A left cup is mirrored before, like everything else ([`crate::side`]).
//!
//! ```
//! use coxa_geometry::cup::{Operative, Radiographic};
//! use coxa_geometry::{Angle, frame::AnteriorPelvicPlane, frame::Gravity};
//!
//! let planned: Radiographic<AnteriorPelvicPlane> = Radiographic::from_degrees(40.0, 15.0);
//! let operative: Operative<AnteriorPelvicPlane> = planned.into();
//! assert!((operative.inclination.degrees() - 38.380802).abs() < 1e-6);
//! let standing: Radiographic<Gravity> = planned.tilted(Angle::from_degrees(10.0));
//! assert!((standing.anteversion.degrees() - 22.542995).abs() < 1e-6);
//! ```
//!
//! Angles of different planes do not mix:
//!
//! ```compile_fail
//! use coxa_geometry::cup::{Operative, Radiographic};
//! use coxa_geometry::frame::{AnteriorPelvicPlane, Gravity};
//! let to_pelvis: Radiographic<AnteriorPelvicPlane> = Radiographic::from_degrees(40.0, 15.0);
//! let to_gravity: Operative<Gravity> = to_pelvis.into(); // needs the pelvic tilt
//! ```
//!
//! nor do definitions:
//!
//! ```compile_fail
//! use coxa_geometry::cup::{Operative, Radiographic};
//! use coxa_geometry::frame::Gravity;
//! let radiographic: Radiographic<Gravity> = Radiographic::from_degrees(40.0, 15.0);
//! let operative: Operative<Gravity> = radiographic; // 40 degrees radiographic are 38.4 degrees operative
//! ```
//!
//! and only a plane is a reference:
//!
//! ```compile_fail
//! use coxa_geometry::{cup::Radiographic, frame::Stem};
//! let nonsense: Radiographic<Stem> = Radiographic::from_degrees(40.0, 15.0);
//! ```

use crate::Angle;
use crate::frame::{AnteriorPelvicPlane, Frame, Gravity};
use crate::spatial::{Transform, Vector};
use nalgebra::{Isometry3, Translation3, UnitQuaternion, Vector3};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// A plane that cup angles may refer to.
pub trait ReferencePlane: Frame + sealed::Sealed {}
impl ReferencePlane for AnteriorPelvicPlane {}
impl ReferencePlane for Gravity {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::AnteriorPelvicPlane {}
    impl Sealed for super::Gravity {}
}

macro_rules! definitions {
    ($($(#[$doc:meta])* $name:ident, $label:literal, $inclination:literal, $anteversion:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Serialize, Deserialize)]
        #[serde(bound = "")]
        pub struct $name<Plane> {
            #[doc = $inclination]
            #[serde(rename = "inclination_deg")]
            pub inclination: Angle,
            #[doc = $anteversion]
            #[serde(rename = "anteversion_deg")]
            pub anteversion: Angle,
            #[serde(skip)]
            plane: PhantomData<Plane>,
        }

        impl<P: ReferencePlane> $name<P> {
            /// From the two angles.
            pub const fn new(inclination: Angle, anteversion: Angle) -> Self {
                $name { inclination, anteversion, plane: PhantomData }
            }

            /// From the two angles in degrees.
            pub fn from_degrees(inclination: f64, anteversion: f64) -> Self {
                Self::new(Angle::from_degrees(inclination), Angle::from_degrees(anteversion))
            }
        }

        impl<P> Clone for $name<P> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<P> Copy for $name<P> {}

        impl<P> PartialEq for $name<P> {
            fn eq(&self, other: &Self) -> bool {
                (self.inclination, self.anteversion) == (other.inclination, other.anteversion)
            }
        }

        impl<P: ReferencePlane> fmt::Debug for $name<P> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl<P: ReferencePlane> fmt::Display for $name<P> {
            /// Such as `40.0°/15.0° radiographic, anterior pelvic plane`; the precision applies to both angles.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let d = f.precision().unwrap_or(1);
                write!(f, "{:.d$}/{:.d$} {}, {}", self.inclination, self.anteversion, $label, P::NAME)
            }
        }
    )*};
}

definitions! {
    /// Radiographic inclination and anteversion, as read on an anteroposterior radiograph.
    Radiographic, "radiographic",
    "Angle between the longitudinal axis and the cup axis projected on the coronal plane.",
    "Angle between the cup axis and the coronal plane; positive with the opening forwards.";

    /// Operative inclination and anteversion, as set with an inserter.
    Operative, "operative",
    "Angle between the cup axis and the sagittal plane.",
    "Angle between the longitudinal axis and the cup axis projected on the sagittal plane; positive forwards.";

    /// Anatomical inclination and anteversion, as used for the native socket.
    Anatomical, "anatomical",
    "Angle between the cup axis and the longitudinal axis.",
    "Angle between the transverse axis and the cup axis projected on the transverse plane; positive forwards.";
}

impl<P: ReferencePlane> Radiographic<P> {
    /// Unit axis out of the opening: (sin RA, -cos RA cos RI, cos RA sin RI).
    pub fn axis(self) -> Vector<P> {
        let (inclination, anteversion) = (self.inclination, self.anteversion);
        Vector::new(
            anteversion.sin(),
            -anteversion.cos() * inclination.cos(),
            anteversion.cos() * inclination.sin(),
        )
    }

    /// The angles of an axis, which need not have unit length. For an axis straight forwards or backwards the
    /// inclination has no meaning and is zero.
    pub fn from_axis(axis: Vector<P>) -> Self {
        let (anterior, inferior, lateral) = (axis.x(), -axis.y(), axis.z());
        Self::new(
            Angle::from_radians(plane_angle(lateral, inferior)),
            Angle::from_radians(plane_angle(anterior, lateral.hypot(inferior))),
        )
    }
}

impl<P: ReferencePlane> Operative<P> {
    /// Unit axis out of the opening: (cos OI sin OA, -cos OI cos OA, sin OI).
    pub fn axis(self) -> Vector<P> {
        let (inclination, anteversion) = (self.inclination, self.anteversion);
        Vector::new(
            inclination.cos() * anteversion.sin(),
            -inclination.cos() * anteversion.cos(),
            inclination.sin(),
        )
    }

    /// The angles of an axis, which need not have unit length. For an axis straight sideways the anteversion has no
    /// meaning and is zero.
    pub fn from_axis(axis: Vector<P>) -> Self {
        let (anterior, inferior, lateral) = (axis.x(), -axis.y(), axis.z());
        Self::new(
            Angle::from_radians(plane_angle(lateral, anterior.hypot(inferior))),
            Angle::from_radians(plane_angle(anterior, inferior)),
        )
    }
}

impl<P: ReferencePlane> Anatomical<P> {
    /// Unit axis out of the opening: (sin AI sin AA, -cos AI, sin AI cos AA).
    pub fn axis(self) -> Vector<P> {
        let (inclination, anteversion) = (self.inclination, self.anteversion);
        Vector::new(
            inclination.sin() * anteversion.sin(),
            -inclination.cos(),
            inclination.sin() * anteversion.cos(),
        )
    }

    /// The angles of an axis, which need not have unit length. For an axis straight down or up the anteversion has no
    /// meaning and is zero.
    pub fn from_axis(axis: Vector<P>) -> Self {
        let (anterior, inferior, lateral) = (axis.x(), -axis.y(), axis.z());
        Self::new(
            Angle::from_radians(plane_angle(anterior.hypot(lateral), inferior)),
            Angle::from_radians(plane_angle(anterior, lateral)),
        )
    }
}

/// atan2 that gives zero, of either sign of the zeros, where there is no direction.
fn plane_angle(y: f64, x: f64) -> f64 {
    if x == 0.0 && y == 0.0 { 0.0 } else { y.atan2(x) }
}

macro_rules! conversions {
    ($($from:ident => $to:ident;)*) => {$(
        impl<P: ReferencePlane> From<$from<P>> for $to<P> {
            /// Exact, through the axis.
            fn from(angles: $from<P>) -> Self {
                $to::from_axis(angles.axis())
            }
        }
    )*};
}

conversions! {
    Radiographic => Operative;
    Radiographic => Anatomical;
    Operative => Radiographic;
    Operative => Anatomical;
    Anatomical => Radiographic;
    Anatomical => Operative;
}

/// The functional pose of a pelvis with the given posterior tilt: the sacral end has moved back and down, the cup
/// opens more forwards. A right-hand rotation about the axis to the right.
pub fn pelvic_tilt(posterior_tilt: Angle) -> Transform<AnteriorPelvicPlane, Gravity> {
    let rotation = UnitQuaternion::from_axis_angle(&Vector3::z_axis(), posterior_tilt.radians());
    Transform::from_isometry(Isometry3::from_parts(Translation3::identity(), rotation))
}

macro_rules! tilts {
    ($($name:ident)*) => {$(
        impl $name<AnteriorPelvicPlane> {
            /// The same cup in the functional plane, for a pelvis tilted backwards by `posterior_tilt` against its
            /// anterior pelvic plane.
            pub fn tilted(self, posterior_tilt: Angle) -> $name<Gravity> {
                $name::from_axis(pelvic_tilt(posterior_tilt).apply(self.axis()))
            }
        }

        impl $name<Gravity> {
            /// The same cup against the anterior pelvic plane; the inverse of tilting by `posterior_tilt`.
            pub fn untilted(self, posterior_tilt: Angle) -> $name<AnteriorPelvicPlane> {
                $name::from_axis(pelvic_tilt(posterior_tilt).inverse().apply(self.axis()))
            }
        }
    )*};
}

tilts! { Radiographic Operative Anatomical }

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(a: Angle, b: Angle, degrees: f64) -> bool {
        (a - b).abs().degrees() <= degrees
    }

    /// Murray's formulas as printed in textbooks, independent of the axis.
    mod textbook {
        pub(super) fn operative(ri: f64, ra: f64) -> (f64, f64) {
            ((ri.sin() * ra.cos()).asin(), (ra.tan() / ri.cos()).atan())
        }
        pub(super) fn anatomical(ri: f64, ra: f64) -> (f64, f64) {
            ((ri.cos() * ra.cos()).acos(), (ra.tan() / ri.sin()).atan())
        }
        pub(super) fn tilted(ri: f64, ra: f64, tau: f64) -> (f64, f64) {
            (
                (ra.cos() * ri.sin()).atan2(ra.cos() * ri.cos() * tau.cos() - ra.sin() * tau.sin()),
                (ra.sin() * tau.cos() + ra.cos() * ri.cos() * tau.sin()).asin(),
            )
        }
    }

    #[test]
    fn published_values_hold() {
        for (ri, ra, oi, oa, ai, aa) in [
            (40.0, 15.0, 38.3808, 19.2790, 42.2735, 22.6291),
            (45.0, 20.0, 41.6411, 27.2363, 48.3589, 27.2363),
        ] {
            let radiographic: Radiographic<AnteriorPelvicPlane> = Radiographic::from_degrees(ri, ra);
            let (operative, anatomical) = (Operative::from(radiographic), Anatomical::from(radiographic));
            for (found, expected) in [
                (operative.inclination, oi),
                (operative.anteversion, oa),
                (anatomical.inclination, ai),
                (anatomical.anteversion, aa),
            ] {
                assert!(close(found, Angle::from_degrees(expected), 5e-5), "{found:.6} {expected}");
            }
        }
    }

    #[test]
    fn anteversion_grows_with_posterior_tilt_by_the_cosine_of_inclination() {
        let cup: Radiographic<AnteriorPelvicPlane> = Radiographic::from_degrees(40.0, 15.0);
        let step = Angle::from_degrees(1e-4);
        let slope = (cup.tilted(step).anteversion - cup.anteversion).radians() / step.radians();
        assert!((slope - 40f64.to_radians().cos()).abs() < 1e-5);
    }

    #[test]
    fn serialised_angles_are_degrees_with_their_unit() {
        let cup: Radiographic<Gravity> = Radiographic::from_degrees(40.0, 15.0);
        assert_eq!(cup.to_string(), "40.0\u{b0}/15.0\u{b0} radiographic, functional");
        let json = serde_json::to_value(cup).unwrap();
        assert!((json["inclination_deg"].as_f64().unwrap() - 40.0).abs() < 1e-12);
        assert_eq!(serde_json::from_value::<Radiographic<Gravity>>(json).unwrap(), cup);
    }

    #[test]
    fn an_axis_without_direction_in_a_plane_has_defined_angles() {
        let forwards = Vector::<Gravity>::new(2.0, 0.0, -0.0);
        assert_eq!(Radiographic::from_axis(forwards), Radiographic::from_degrees(0.0, 90.0));
        let sideways = Vector::<Gravity>::new(-0.0, -0.0, 2.0);
        assert_eq!(Operative::from_axis(sideways), Operative::from_degrees(90.0, 0.0));
        let down = Vector::<Gravity>::new(0.0, -2.0, 0.0);
        assert_eq!(Anatomical::from_axis(down), Anatomical::from_degrees(0.0, 0.0));
    }

    proptest! {
        #[test]
        fn conversions_agree_with_the_textbook_and_return(ri in 0.5..89.5f64, ra in -60.0..80.0f64) {
            let r: Radiographic<AnteriorPelvicPlane> = Radiographic::from_degrees(ri, ra);
            let (o, a) = (Operative::from(r), Anatomical::from(r));
            let (oi, oa) = textbook::operative(r.inclination.radians(), r.anteversion.radians());
            prop_assert!((o.inclination.radians() - oi).abs() < 1e-9 && (o.anteversion.radians() - oa).abs() < 1e-9);
            let (ai, aa) = textbook::anatomical(r.inclination.radians(), r.anteversion.radians());
            prop_assert!((a.inclination.radians() - ai).abs() < 1e-9 && (a.anteversion.radians() - aa).abs() < 1e-9);
            for back in [Radiographic::from(o), Radiographic::from(a), Anatomical::from(o).into(), Operative::from(a).into()] {
                prop_assert!(close(back.inclination, r.inclination, 1e-9) && close(back.anteversion, r.anteversion, 1e-9));
            }
            prop_assert!((r.axis().norm() - 1.0).abs() < 1e-12);
        }

        #[test]
        fn the_order_of_the_definitions_holds(ri in 0.5..89.5f64, ra in 0.0..89.0f64) {
            let r: Radiographic<Gravity> = Radiographic::from_degrees(ri, ra);
            let (o, a) = (Operative::from(r), Anatomical::from(r));
            let rounding = Angle::from_degrees(1e-9);
            prop_assert!(a.inclination + rounding >= r.inclination && r.inclination + rounding >= o.inclination);
            prop_assert!(o.anteversion + rounding >= r.anteversion && a.anteversion + rounding >= r.anteversion);
        }

        #[test]
        fn tilt_adds_to_operative_anteversion_alone(ri in 0.5..89.5f64, ra in -60.0..80.0f64, tau in -40.0..40.0f64) {
            let tau = Angle::from_degrees(tau);
            let r: Radiographic<AnteriorPelvicPlane> = Radiographic::from_degrees(ri, ra);
            let (before, after) = (Operative::from(r), Operative::from(r.tilted(tau)));
            prop_assert!(close(after.inclination, before.inclination, 1e-9));
            let turned = (after.anteversion - before.anteversion - tau).radians();
            prop_assert!((turned.sin().abs()) < 1e-9 && turned.cos() > 0.0);
            let (ri, ra) = textbook::tilted(r.inclination.radians(), r.anteversion.radians(), tau.radians());
            prop_assert!((r.tilted(tau).inclination.radians() - ri).abs() < 1e-9);
            prop_assert!((r.tilted(tau).anteversion.radians() - ra).abs() < 1e-7);
            let back = r.tilted(tau).untilted(tau);
            prop_assert!(close(back.inclination, r.inclination, 1e-9) && close(back.anteversion, r.anteversion, 1e-9));
        }
    }
}
