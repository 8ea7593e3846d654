//! Body side, and the one mirror that lets everything inside think of a right hip.
//!
//! What is thought of as a right hip is in a frame of its own, [`RightSide`]. [`Side::enter`] and [`Side::leave`] are the
//! ways between it and the patient, so that a mirror that was forgotten, or done twice, does not compile. Bare coordinates
//! (`coords`, `from_coords`) carry no frame.

use crate::frame::{Frame, Patient, RightSide};
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

    /// Takes something of this side from the patient to where it is seen as one of a right hip: a left thing is mirrored
    /// in the patient's sagittal plane x = 0, a right thing is where it was.
    pub fn enter<T: Crossing<World = Patient>>(self, thing: T) -> T::Across {
        thing.crossed(self)
    }

    /// Takes something that was seen as one of a right hip back to this side of the patient. The inverse of
    /// [`Side::enter`], to the last bit.
    pub fn leave<T: Crossing<World = RightSide>>(self, thing: T) -> T::Across {
        thing.crossed(self)
    }

    /// [`Side::enter`] for a frame whose place is known. A mirror image of a right-handed frame is left-handed, so one
    /// axis turns over; `kept` names the two that keep their meaning.
    pub fn enter_frame<F: Frame>(
        self,
        frame: &Transform<F, Patient>,
        kept: KeptAxes,
    ) -> Transform<F, RightSide> {
        self.crossed_frame(frame, kept)
    }

    /// [`Side::leave`] for a frame whose place is known, with the same `kept` as on entry.
    pub fn leave_frame<F: Frame>(
        self,
        frame: &Transform<F, RightSide>,
        kept: KeptAxes,
    ) -> Transform<F, Patient> {
        self.crossed_frame(frame, kept)
    }

    fn crossed_frame<F: Frame, W: World>(
        self,
        frame: &Transform<F, W>,
        kept: KeptAxes,
    ) -> Transform<F, W::Other> {
        match self {
            Side::Right => Transform::from_isometry(*frame.isometry()),
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
fn mirrored_frame<F: Frame, W: World>(frame: &Transform<F, W>, kept: KeptAxes) -> Transform<F, W::Other> {
    let isometry = frame.isometry();
    let q = isometry.rotation.quaternion();
    let about_x = Quaternion::new(q.w, q.i, -q.j, -q.k);
    let rotation = match kept {
        KeptAxes::YZ => about_x,
        KeptAxes::XY => about_x * Quaternion::new(0.0, 0.0, 1.0, 0.0),
    };
    let origin = frame.apply(Point::origin()).crossed(Side::Left).coords();
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
#[error("unknown side '{0}': use left or right")]
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

/// The two frames in which a hip is told: [`Patient`], as it lies, and [`RightSide`], as a right one.
pub trait World: Frame {
    /// The other one.
    type Other: World<Other = Self>;
}

impl World for Patient {
    type Other = RightSide;
}

impl World for RightSide {
    type Other = Patient;
}

/// What has a place in both worlds: points, directions, surfaces, and what is made of them.
pub trait Crossing {
    /// The world in which it is told.
    type World: World;
    /// The same thing in the other world.
    type Across;

    /// Takes a thing of a side to the other world: a left one is mirrored in x = 0, a right one is where it was.
    /// [`Side::enter`] and [`Side::leave`] also say which way.
    fn crossed(self, side: Side) -> Self::Across;
}

impl<W: World> Crossing for Point<W> {
    type World = W;
    type Across = Point<W::Other>;

    /// Taken from zero, so that no zero gets a sign.
    fn crossed(self, side: Side) -> Point<W::Other> {
        match side {
            Side::Right => Point::from_coords(self.coords()),
            Side::Left => Point::new(0.0 - self.x(), self.y(), self.z()),
        }
    }
}

impl<W: World> Crossing for Vector<W> {
    type World = W;
    type Across = Vector<W::Other>;

    /// Taken from zero, so that no zero gets a sign.
    fn crossed(self, side: Side) -> Vector<W::Other> {
        match side {
            Side::Right => Vector::from_coords(self.coords()),
            Side::Left => Vector::new(0.0 - self.x(), self.y(), self.z()),
        }
    }
}

impl<W: World> Crossing for Mesh<W> {
    type World = W;
    type Across = Mesh<W::Other>;

    /// A mirror also reverses the triangles, so that normals keep pointing outwards.
    fn crossed(self, side: Side) -> Mesh<W::Other> {
        let mut triangles = self.triangles;
        if side == Side::Left {
            triangles.iter_mut().for_each(|triangle| triangle.swap(1, 2));
        }
        Mesh { vertices: self.vertices.crossed(side), triangles }
    }
}

impl<T: Crossing> Crossing for Option<T> {
    type World = T::World;
    type Across = Option<T::Across>;

    fn crossed(self, side: Side) -> Option<T::Across> {
        self.map(|thing| thing.crossed(side))
    }
}

impl<T: Crossing> Crossing for Vec<T> {
    type World = T::World;
    type Across = Vec<T::Across>;

    fn crossed(self, side: Side) -> Vec<T::Across> {
        self.into_iter().map(|thing| thing.crossed(side)).collect()
    }
}

/// Reflection within the patient frame, in the sagittal plane x = 0: what the same thing would be in the patient's mirror image.
pub trait Mirror {
    /// The mirror image; applying it twice gives the original back exactly.
    fn mirror(self) -> Self;
}

impl<T> Mirror for T
where
    T: Crossing<World = Patient>,
    T::Across: Crossing<World = RightSide, Across = T>,
{
    fn mirror(self) -> Self {
        // In as one of the left, out as one of the right.
        Side::Right.leave(Side::Left.enter(self))
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
        fn to_enter_and_to_leave_is_the_identity_to_the_last_bit(
            at in prop::array::uniform3(-1e3..1e3f64), turn in prop::array::uniform3(-2.0..2.0f64),
        ) {
            let bits = |c: [f64; 3]| c.map(f64::to_bits);
            for side in Side::BOTH {
                let p = Point::<Patient>::new(at[0], at[1], at[2]);
                prop_assert_eq!(bits(side.leave(side.enter(p)).coords().into()), bits(at));
                let v = p - Point::origin();
                prop_assert_eq!(bits(side.leave(side.enter(v)).coords().into()), bits(at));
                let mesh = Mesh::<Patient>::cuboid([0.0; 3], at.map(f64::abs));
                prop_assert_eq!(&side.leave(side.enter(mesh.clone())), &mesh);
                let turn = UnitQuaternion::from_scaled_axis(turn.into());
                let frame: Transform<Femur, Patient> =
                    Transform::from_isometry(Isometry3::from_parts(at.into(), turn));
                for kept in [KeptAxes::XY, KeptAxes::YZ] {
                    let back = side.leave_frame(&side.enter_frame(&frame, kept), kept);
                    let [there, here] = [&back, &frame].map(|f| f.isometry().rotation.to_rotation_matrix());
                    prop_assert_eq!(there, here);
                    prop_assert_eq!(back.isometry().translation, frame.isometry().translation);
                }
            }
        }

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
                let mirrored = Side::Left.enter_frame(&frame, kept);
                let kept_as_it_is = Side::Right.enter_frame(&frame, kept);
                prop_assert_eq!(kept_as_it_is.isometry(), frame.isometry());
                let there = mirrored.apply(Point::origin());
                prop_assert!(there.distance(Side::Left.enter(frame.apply(Point::origin()))) < 1e-12);
                for (&axis, sign) in axes.iter().zip(signs) {
                    let expected = Side::Left.enter(frame.apply(axis)) * sign;
                    prop_assert!((mirrored.apply(axis) - expected).norm() < 1e-12);
                }
                let back = Side::Left.leave_frame(&mirrored, kept);
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
