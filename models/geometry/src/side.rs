//! Body side, and the one mirror that lets everything inside think of a right hip.

use crate::frame::{Frame, Patient};
use crate::mesh::Mesh;
use crate::spatial::{Point, Transform, Vector};
use nalgebra::{Isometry3, Quaternion, Translation3, UnitQuaternion};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Left or right side of the patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The patient's right.
    Right,
    /// The patient's left.
    Left,
}

impl Side {
    /// Both sides, right first.
    pub const BOTH: [Side; 2] = [Side::Right, Side::Left];

    /// The other side.
    pub const fn other(self) -> Side {
        match self {
            Side::Right => Side::Left,
            Side::Left => Side::Right,
        }
    }

    /// `right` or `left`.
    pub const fn name(self) -> &'static str {
        match self {
            Side::Right => "right",
            Side::Left => "left",
        }
    }

    /// Takes something of this side to the right-hip world: a left thing is mirrored in the patient's sagittal
    /// plane x = 0, a right thing is returned as it is. Its own inverse.
    pub fn to_right<T: Mirror>(self, thing: T) -> T {
        match self {
            Side::Right => thing,
            Side::Left => thing.mirror(),
        }
    }

    /// Takes a frame of this side to the right-hip world or back. A mirror image of a right-handed frame is
    /// left-handed, so one axis turns over; `kept` names the two that keep their meaning.
    pub fn frame_to_right<F: Frame>(
        self,
        frame: &Transform<F, Patient>,
        kept: KeptAxes,
    ) -> Transform<F, Patient> {
        match self {
            Side::Right => *frame,
            Side::Left => mirrored_frame(frame, kept),
        }
    }
}

/// The two axes of a frame that mean the same on both sides, such as anterior and superior.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptAxes {
    /// X and Y; Z turns over. Frames of pelvis, femur and stem.
    XY,
    /// Y and Z; X turns over. Cups: superior, and out of the opening.
    YZ,
}

/// With M the reflection in x = 0, the origin goes to M o and the rotation R to M R M, which turns over the frame's own X;
/// half a turn about Y then turns over Z instead.
fn mirrored_frame<F: Frame>(frame: &Transform<F, Patient>, kept: KeptAxes) -> Transform<F, Patient> {
    let isometry = frame.isometry();
    let q = isometry.rotation.quaternion();
    let about_x = Quaternion::new(q.w, q.i, -q.j, -q.k);
    let rotation = match kept {
        KeptAxes::YZ => about_x,
        KeptAxes::XY => about_x * Quaternion::new(0.0, 0.0, 1.0, 0.0),
    };
    let origin = frame.apply(Point::origin()).mirror().coords();
    // A product of unit quaternions needs no scaling, which would cost the last digit.
    Transform::from_isometry(Isometry3::from_parts(
        Translation3::from(origin),
        UnitQuaternion::new_unchecked(rotation),
    ))
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text named no side.
#[derive(Debug, thiserror::Error)]
#[error("unknown side '{0}': say left or right")]
pub struct UnknownSide(String);

impl FromStr for Side {
    type Err = UnknownSide;
    fn from_str(text: &str) -> Result<Self, UnknownSide> {
        match text.trim().to_ascii_lowercase().as_str() {
            "right" | "r" => Ok(Side::Right),
            "left" | "l" => Ok(Side::Left),
            _ => Err(UnknownSide(text.chars().take(40).collect())),
        }
    }
}

/// Reflection in the patient's sagittal plane (x -> -x in LPS).
pub trait Mirror {
    /// The mirror image; applying it twice gives the original back exactly.
    fn mirror(self) -> Self;
}

/// Taken from zero, so that no zero gets a sign.
impl Mirror for Point<Patient> {
    fn mirror(self) -> Self {
        Point::new(0.0 - self.x(), self.y(), self.z())
    }
}

impl Mirror for Vector<Patient> {
    fn mirror(self) -> Self {
        Vector::new(0.0 - self.x(), self.y(), self.z())
    }
}

impl Mirror for Mesh<Patient> {
    /// Also reverses the triangles, so that normals keep pointing outwards.
    fn mirror(mut self) -> Self {
        for vertex in &mut self.vertices {
            *vertex = vertex.mirror();
        }
        for triangle in &mut self.triangles {
            triangle.swap(1, 2);
        }
        self
    }
}

impl<T: Mirror> Mirror for Option<T> {
    fn mirror(self) -> Self {
        self.map(Mirror::mirror)
    }
}

impl<T: Mirror> Mirror for Vec<T> {
    fn mirror(self) -> Self {
        self.into_iter().map(Mirror::mirror).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Femur;
    use proptest::prelude::*;

    #[test]
    fn sides_have_names() {
        for side in Side::BOTH {
            assert_eq!(side.name().parse::<Side>().unwrap(), side);
            assert_eq!(side.other().other(), side);
        }
        assert_eq!(" R ".parse::<Side>().unwrap(), Side::Right);
        assert!("both".parse::<Side>().is_err());
    }

    #[test]
    fn a_mirrored_mesh_keeps_its_inside_inside() {
        let cube = crate::mesh::tests::cube(2.0);
        let vertices = cube.vertices.iter().map(|v| Point::from_coords(v.coords())).collect();
        let mesh: Mesh<Patient> = Mesh { vertices, triangles: cube.triangles };
        let mirrored = mesh.clone().mirror();
        assert!((mirrored.signed_volume() - mesh.signed_volume()).abs() < 1e-12);
        assert_eq!(mirrored.mirror(), mesh);
    }

    #[test]
    fn a_mirror_gives_no_negative_zero() {
        let p = Point::<Patient>::new(0.0, 1.0, 2.0).mirror();
        assert!(p.x().is_sign_positive() && p.mirror().x().is_sign_positive());
    }

    proptest! {
        #[test]
        fn a_mirrored_frame_keeps_two_axes_and_stays_right_handed(
            origin in prop::array::uniform3(-300.0..300.0f64),
            turn in prop::array::uniform3(-2.0..2.0f64),
        ) {
            let turn = UnitQuaternion::from_scaled_axis(turn.into());
            let frame: Transform<Femur, Patient> =
                Transform::from_isometry(Isometry3::from_parts(origin.into(), turn));
            let axes = [Vector::new(1.0, 0.0, 0.0), Vector::new(0.0, 1.0, 0.0), Vector::new(0.0, 0.0, 1.0)];
            for (kept, signs) in [(KeptAxes::XY, [1.0, 1.0, -1.0]), (KeptAxes::YZ, [-1.0, 1.0, 1.0])] {
                let mirrored = Side::Left.frame_to_right(&frame, kept);
                prop_assert_eq!(Side::Right.frame_to_right(&frame, kept), frame);
                let there = mirrored.apply(Point::origin());
                prop_assert!(there.distance(frame.apply(Point::origin()).mirror()) < 1e-12);
                for (&axis, sign) in axes.iter().zip(signs) {
                    let expected: Vector<Patient> = frame.apply(axis).mirror() * sign;
                    prop_assert!((mirrored.apply(axis) - expected).norm() < 1e-12);
                }
                let back = Side::Left.frame_to_right(&mirrored, kept);
                prop_assert!((back.apply(axes[0]) - frame.apply(axes[0])).norm() < 1e-12);
            }
        }

        #[test]
        fn a_mirror_keeps_lengths_and_angles_and_undoes_itself(
            a in prop::array::uniform3(-1e3..1e3f64),
            b in prop::array::uniform3(-1e3..1e3f64),
        ) {
            let (p, q) = (Point::<Patient>::new(a[0], a[1], a[2]), Point::new(b[0], b[1], b[2]));
            prop_assert_eq!(p.mirror().mirror(), p);
            prop_assert_eq!(p.mirror().distance(q.mirror()), p.distance(q));
            let (u, v) = (p - Point::origin(), q - Point::origin());
            prop_assert_eq!(u.mirror().dot(v.mirror()), u.dot(v));
            // A mirror turns a right-handed triple into a left-handed one.
            prop_assert!((u.mirror().cross(v.mirror()) + u.cross(v).mirror()).norm() <= 1e-9);
        }
    }
}
