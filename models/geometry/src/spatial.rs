//! Points, vectors and rigid transforms that carry their frame.
//!
//! Locals in kernels may drop to nalgebra through [`Point::coords`] and [`Vector::coords`]; whatever crosses a
//! function boundary keeps its frame.

use crate::frame::Frame;
use nalgebra::{Isometry3, Point3, Rotation3, UnitQuaternion, Vector3};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Add, Mul, Neg, Sub};

/// A place in frame `F`, in millimetres. Serialised as `[x, y, z]`.
#[repr(transparent)]
pub struct Point<F> {
    coords: Point3<f64>,
    frame: PhantomData<F>,
}

/// A displacement or direction in frame `F`, in millimetres. Serialised as `[x, y, z]`.
#[repr(transparent)]
pub struct Vector<F> {
    coords: Vector3<f64>,
    frame: PhantomData<F>,
}

/// A rigid motion that takes coordinates in `From` to coordinates in `To`.
pub struct Transform<From, To> {
    isometry: Isometry3<f64>,
    frames: PhantomData<(From, To)>,
}

impl<F: Frame> Point<F> {
    /// From coordinates in millimetres.
    pub const fn new(x: f64, y: f64, z: f64) -> Self {
        Point { coords: Point3::new(x, y, z), frame: PhantomData }
    }

    /// The frame's origin.
    pub const fn origin() -> Self {
        Point::new(0.0, 0.0, 0.0)
    }

    /// Gives bare coordinates a frame. The caller answers for it.
    pub const fn from_coords(coords: Point3<f64>) -> Self {
        Point { coords, frame: PhantomData }
    }

    /// The bare coordinates.
    pub const fn coords(self) -> Point3<f64> {
        self.coords
    }

    /// First coordinate.
    pub fn x(self) -> f64 {
        self.coords.x
    }

    /// Second coordinate.
    pub fn y(self) -> f64 {
        self.coords.y
    }

    /// Third coordinate.
    pub fn z(self) -> f64 {
        self.coords.z
    }

    /// Distance to another point in millimetres.
    pub fn distance(self, other: Self) -> f64 {
        (self.coords - other.coords).norm()
    }

    /// The point halfway to another.
    pub fn midpoint(self, other: Self) -> Self {
        Self::from_coords(nalgebra::center(&self.coords, &other.coords))
    }

    /// Whether all coordinates are finite.
    pub fn is_finite(self) -> bool {
        self.coords.iter().all(|c| c.is_finite())
    }
}

impl<F: Frame> Vector<F> {
    /// From components in millimetres.
    pub const fn new(x: f64, y: f64, z: f64) -> Self {
        Vector { coords: Vector3::new(x, y, z), frame: PhantomData }
    }

    /// Gives bare components a frame. The caller answers for it.
    pub const fn from_coords(coords: Vector3<f64>) -> Self {
        Vector { coords, frame: PhantomData }
    }

    /// The bare components.
    pub const fn coords(self) -> Vector3<f64> {
        self.coords
    }

    /// First component.
    pub fn x(self) -> f64 {
        self.coords.x
    }

    /// Second component.
    pub fn y(self) -> f64 {
        self.coords.y
    }

    /// Third component.
    pub fn z(self) -> f64 {
        self.coords.z
    }

    /// Length in millimetres.
    pub fn norm(self) -> f64 {
        self.coords.norm()
    }

    /// The unit vector of the same direction; `None` where the length is zero or not finite.
    pub fn normalised(self) -> Option<Self> {
        let norm = self.norm();
        (norm.is_finite() && norm > f64::MIN_POSITIVE).then(|| Self::from_coords(self.coords / norm))
    }

    /// Scalar product.
    pub fn dot(self, other: Self) -> f64 {
        self.coords.dot(&other.coords)
    }

    /// Vector product.
    pub fn cross(self, other: Self) -> Self {
        Self::from_coords(self.coords.cross(&other.coords))
    }

    /// Two unit vectors normal to this one and to each other, right-handed with it where it has length 1; which two is fixed, but means
    /// nothing.
    pub fn across(self) -> (Self, Self) {
        let any = if self.x().abs() < 0.8 { Vector::new(1.0, 0.0, 0.0) } else { Vector::new(0.0, 1.0, 0.0) };
        let u = (any - self * any.dot(self)).normalised().unwrap_or(any);
        (u, self.cross(u))
    }

    /// Unsigned angle to another vector, by atan2 so that small angles keep their digits.
    pub fn angle_to(self, other: Self) -> crate::Angle {
        crate::Angle::from_radians(self.cross(other).norm().atan2(self.dot(other)))
    }
}

impl<From: Frame, To: Frame> Transform<From, To> {
    /// From a nalgebra isometry. The caller answers for the frames.
    pub const fn from_isometry(isometry: Isometry3<f64>) -> Self {
        Transform { isometry, frames: PhantomData }
    }

    /// Same axes, same origin.
    pub fn identity() -> Self {
        Self::from_isometry(Isometry3::identity())
    }

    /// The transform of a frame `From` whose origin and axes are known in `To`. The axes are orthonormalised
    /// (x kept, y made normal to it, z = x cross y); `None` where they are parallel or not finite.
    pub fn from_axes(origin: Point<To>, x: Vector<To>, y: Vector<To>) -> Option<Self> {
        let x = x.normalised()?;
        let y = (y - x * x.dot(y)).normalised()?;
        let rotation = Rotation3::from_basis_unchecked(&[x.coords, y.coords, x.cross(y).coords]);
        Some(Self::from_isometry(Isometry3::from_parts(
            origin.coords.into(),
            UnitQuaternion::from_rotation_matrix(&rotation),
        )))
    }

    /// The nalgebra isometry.
    pub const fn isometry(&self) -> &Isometry3<f64> {
        &self.isometry
    }

    /// The same motion the other way.
    pub fn inverse(&self) -> Transform<To, From> {
        Transform::from_isometry(self.isometry.inverse())
    }

    /// Takes a point or vector from `From` to `To`.
    pub fn apply<M: Moved<From, To>>(&self, thing: M) -> M::Moved {
        thing.moved(&self.isometry)
    }

    /// First `self`, then `next`.
    pub fn then<Last: Frame>(&self, next: &Transform<To, Last>) -> Transform<From, Last> {
        Transform::from_isometry(next.isometry * self.isometry)
    }
}

/// What a [`Transform`] can take from one frame to another.
pub trait Moved<From, To> {
    /// The same kind of thing in the target frame.
    type Moved;
    /// Applies the isometry.
    fn moved(self, isometry: &Isometry3<f64>) -> Self::Moved;
}

impl<From: Frame, To: Frame> Moved<From, To> for Point<From> {
    type Moved = Point<To>;
    fn moved(self, isometry: &Isometry3<f64>) -> Point<To> {
        Point::from_coords(isometry * self.coords)
    }
}

impl<From: Frame, To: Frame> Moved<From, To> for Vector<From> {
    type Moved = Vector<To>;
    fn moved(self, isometry: &Isometry3<f64>) -> Vector<To> {
        Vector::from_coords(isometry.rotation * self.coords)
    }
}

// Derives would ask `F` for the same traits; the frame is only a marker.
macro_rules! marker_impls {
    ($name:ident) => {
        impl<F> Clone for $name<F> {
            fn clone(&self) -> Self {
                *self
            }
        }
        impl<F> Copy for $name<F> {}
        impl<F> PartialEq for $name<F> {
            fn eq(&self, other: &Self) -> bool {
                self.coords == other.coords
            }
        }
        impl<F: Frame> fmt::Debug for $name<F> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let c = &self.coords;
                write!(f, "({}, {}, {}) in {}", c.x, c.y, c.z, F::NAME)
            }
        }
        impl<F: Frame> Serialize for $name<F> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                [self.coords.x, self.coords.y, self.coords.z].serialize(serializer)
            }
        }
        impl<'de, F: Frame> Deserialize<'de> for $name<F> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                // An array of the language would leave out what TOML has beyond its length, as a decimal comma makes it.
                let numbers = Vec::<f64>::deserialize(deserializer)?;
                match numbers[..] {
                    [x, y, z] => Ok(Self::new(x, y, z)),
                    _ => Err(serde::de::Error::invalid_length(numbers.len(), &"an array of length 3")),
                }
            }
        }
    };
}

marker_impls!(Point);
marker_impls!(Vector);

impl<A, B> Clone for Transform<A, B> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, B> Copy for Transform<A, B> {}

impl<A, B> PartialEq for Transform<A, B> {
    fn eq(&self, other: &Self) -> bool {
        self.isometry == other.isometry
    }
}

impl<A: Frame, B: Frame> fmt::Debug for Transform<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}: {}", A::NAME, B::NAME, self.isometry)
    }
}

impl<A: Frame, B: Frame> Serialize for Transform<A, B> {
    /// A 4x4 matrix, row by row.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let m = self.isometry.to_homogeneous();
        let rows: [[f64; 4]; 4] = std::array::from_fn(|r| std::array::from_fn(|c| m[(r, c)]));
        rows.serialize(serializer)
    }
}

impl<'de, A: Frame, B: Frame> Deserialize<'de> for Transform<A, B> {
    /// Refuses a matrix that is no rigid motion.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = <[[f64; 4]; 4]>::deserialize(deserializer)?;
        let m = nalgebra::Matrix3::from_fn(|r, c| rows[r][c]);
        let residual = (m.transpose() * m - nalgebra::Matrix3::identity()).norm();
        if residual.is_nan() || residual > 1e-6 || m.determinant() < 0.0 {
            return Err(serde::de::Error::custom("the 4x4 matrix is not a rigid motion"));
        }
        let rotation = UnitQuaternion::from_rotation_matrix(&Rotation3::from_matrix_unchecked(m));
        let translation = Vector3::new(rows[0][3], rows[1][3], rows[2][3]);
        Ok(Self::from_isometry(Isometry3::from_parts(translation.into(), rotation)))
    }
}

impl<F: Frame> Sub for Point<F> {
    type Output = Vector<F>;
    fn sub(self, other: Self) -> Vector<F> {
        Vector::from_coords(self.coords - other.coords)
    }
}

impl<F: Frame> Add<Vector<F>> for Point<F> {
    type Output = Point<F>;
    fn add(self, step: Vector<F>) -> Point<F> {
        Point::from_coords(self.coords + step.coords)
    }
}

impl<F: Frame> Sub<Vector<F>> for Point<F> {
    type Output = Point<F>;
    fn sub(self, step: Vector<F>) -> Point<F> {
        Point::from_coords(self.coords - step.coords)
    }
}

impl<F: Frame> Add for Vector<F> {
    type Output = Vector<F>;
    fn add(self, other: Self) -> Self {
        Vector::from_coords(self.coords + other.coords)
    }
}

impl<F: Frame> Sub for Vector<F> {
    type Output = Vector<F>;
    fn sub(self, other: Self) -> Self {
        Vector::from_coords(self.coords - other.coords)
    }
}

impl<F: Frame> Neg for Vector<F> {
    type Output = Vector<F>;
    fn neg(self) -> Self {
        Vector::from_coords(-self.coords)
    }
}

impl<F: Frame> Mul<f64> for Vector<F> {
    type Output = Vector<F>;
    fn mul(self, factor: f64) -> Self {
        Vector::from_coords(self.coords * factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Cup, Femur, Patient, Pelvis};
    use proptest::prelude::*;

    fn point<F: Frame>() -> impl Strategy<Value = Point<F>> {
        prop::array::uniform3(-1e3..1e3f64).prop_map(|c| Point::new(c[0], c[1], c[2]))
    }

    fn transform<A: Frame, B: Frame>() -> impl Strategy<Value = Transform<A, B>> {
        (prop::array::uniform3(-3.0..3.0f64), prop::array::uniform3(-1e3..1e3f64)).prop_map(|(turn, step)| {
            let rotation = UnitQuaternion::from_scaled_axis(Vector3::from(turn));
            Transform::from_isometry(Isometry3::from_parts(Vector3::from(step).into(), rotation))
        })
    }

    #[test]
    fn axes_that_are_no_axes_are_refused() {
        let (x, zero) = (Vector::<Pelvis>::new(1.0, 0.0, 0.0), Vector::new(0.0, 0.0, 0.0));
        assert!(Transform::<Cup, _>::from_axes(Point::origin(), x, x * -2.0).is_none());
        assert!(Transform::<Cup, _>::from_axes(Point::origin(), zero, x).is_none());
        let nan = Vector::new(f64::NAN, 1.0, 0.0);
        assert!(Transform::<Cup, _>::from_axes(Point::origin(), x, nan).is_none());
    }

    #[test]
    fn a_matrix_that_is_no_rigid_motion_is_refused() {
        let matrix = |scale: f64| format!("[[{scale},0,0,5],[0,1,0,0],[0,0,1,0],[0,0,0,1]]");
        assert!(serde_json::from_str::<Transform<Cup, Pelvis>>(&matrix(1.0)).is_ok());
        for scale in [-1.0, 1.1, 0.0] {
            assert!(serde_json::from_str::<Transform<Cup, Pelvis>>(&matrix(scale)).is_err());
        }
    }

    proptest! {
        #[test]
        fn a_chain_is_its_links_one_after_the_other(
            first in transform::<Femur, Pelvis>(), next in transform::<Pelvis, Patient>(), p in point(),
        ) {
            let chained = first.then(&next);
            prop_assert!(chained.apply(p).distance(next.apply(first.apply(p))) < 1e-9);
            prop_assert!(chained.inverse().apply(chained.apply(p)).distance(p) < 1e-9);
            prop_assert!(first.then(&first.inverse()).apply(p).distance(p) < 1e-9);
        }

        #[test]
        fn a_rigid_motion_keeps_distances_and_angles(
            t in transform::<Femur, Pelvis>(), p in point(), q in point(), r in point(),
        ) {
            prop_assert!((t.apply(p).distance(t.apply(q)) - p.distance(q)).abs() < 1e-9);
            let (u, v) = (q - p, r - p);
            prop_assert!((t.apply(u).angle_to(t.apply(v)) - u.angle_to(v)).abs().radians() < 1e-7);
            prop_assert!((t.apply(u).cross(t.apply(v)) - t.apply(u.cross(v))).norm() < 1e-6);
        }

        #[test]
        fn a_frame_from_axes_has_them(origin in point::<Pelvis>(), x in point::<Pelvis>(), y in point::<Pelvis>()) {
            let (x, y) = (x - Point::origin(), y - Point::origin());
            prop_assume!(x.norm() > 1.0 && x.cross(y).norm() > 1e-3 * x.norm() * y.norm());
            let frame = Transform::<Cup, Pelvis>::from_axes(origin, x, y).unwrap();
            prop_assert!(frame.apply(Point::origin()).distance(origin) < 1e-9);
            prop_assert!(frame.apply(Vector::new(1.0, 0.0, 0.0)).angle_to(x).radians() < 1e-7);
            prop_assert!(frame.apply(Vector::new(0.0, 0.0, 1.0)).angle_to(x.cross(y)).radians() < 1e-7);
        }

        #[test]
        fn transforms_come_back_from_files(t in transform::<Femur, Pelvis>(), p in point()) {
            let read: Transform<Femur, Pelvis> =
                serde_json::from_str(&serde_json::to_string(&t).unwrap()).unwrap();
            prop_assert!(read.apply(p).distance(t.apply(p)) < 1e-9);
        }
    }
}
