//! Hip joint angles.
//!
//! Grood and Suntay 1983 (J Biomech Eng 105:136) with the signs of Wu et al. 2002 (J Biomech 35:543), for a right
//! hip: flexion about the pelvis' Z (right), internal rotation about the femur's Y (long axis), adduction about the
//! floating axis across both. The rotation of the femur in the pelvis is R = Rz(flexion) Rx(adduction) Ry(internal
//! rotation).
//!
//! Near 90° of adduction or abduction, far outside what a hip does, flexion and rotation turn about the same axis
//! and only their sum or difference is determined (gimbal lock); [`HipAngles::from_rotation`] then gives it all to
//! flexion.

use crate::Angle;
use crate::frame::{Femur, Pelvis};
use crate::spatial::Transform;
use nalgebra::{Isometry3, Rotation3, Translation3, UnitQuaternion, Vector3};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The position of a right hip.
///
/// ```
/// use coxa_geometry::{Angle, joint::HipAngles};
/// let sitting_turned_in = HipAngles::from_degrees(90.0, 0.0, 30.0);
/// let back = HipAngles::from_rotation(&sitting_turned_in.rotation());
/// assert!((back.internal_rotation - Angle::from_degrees(30.0)).abs().degrees() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct HipAngles {
    /// Thigh forwards; extension is negative.
    #[serde(rename = "flexion_deg")]
    pub flexion: Angle,
    /// Thigh towards the other; abduction is negative.
    #[serde(rename = "adduction_deg")]
    pub adduction: Angle,
    /// Kneecap inwards; external rotation is negative.
    #[serde(rename = "internal_rotation_deg")]
    pub internal_rotation: Angle,
}

/// Cosine of adduction below which flexion and rotation are no longer told apart: 1e-8 rad from 90°, where their
/// error reaches the square root of the rounding error.
const GIMBAL_LOCK: f64 = 1e-8;

impl HipAngles {
    /// From the three angles.
    pub const fn new(flexion: Angle, adduction: Angle, internal_rotation: Angle) -> Self {
        HipAngles { flexion, adduction, internal_rotation }
    }

    /// From the three angles in degrees.
    pub fn from_degrees(flexion: f64, adduction: f64, internal_rotation: f64) -> Self {
        Self::new(
            Angle::from_degrees(flexion),
            Angle::from_degrees(adduction),
            Angle::from_degrees(internal_rotation),
        )
    }

    /// Rz(flexion) Rx(adduction) Ry(internal rotation), from femur to pelvis axes.
    pub fn rotation(self) -> Rotation3<f64> {
        Rotation3::from_axis_angle(&Vector3::z_axis(), self.flexion.radians())
            * Rotation3::from_axis_angle(&Vector3::x_axis(), self.adduction.radians())
            * Rotation3::from_axis_angle(&Vector3::y_axis(), self.internal_rotation.radians())
    }

    /// The angles of a rotation from femur to pelvis axes; adduction is within ±90°, the others within ±180°.
    pub fn from_rotation(rotation: &Rotation3<f64>) -> Self {
        let r = rotation.matrix();
        // hypot keeps the digits that asin loses near 90°.
        let cosine = r[(0, 1)].hypot(r[(1, 1)]);
        let adduction = r[(2, 1)].atan2(cosine);
        let (flexion, internal_rotation) = if cosine > GIMBAL_LOCK {
            ((-r[(0, 1)]).atan2(r[(1, 1)]), (-r[(2, 0)]).atan2(r[(2, 2)]))
        } else {
            (r[(1, 0)].atan2(r[(0, 0)]), 0.0)
        };
        Self::new(
            Angle::from_radians(flexion),
            Angle::from_radians(adduction),
            Angle::from_radians(internal_rotation),
        )
    }

    /// The femur's pose in the pelvis with both frames' origins at the hip centre.
    pub fn pose(self) -> Transform<Femur, Pelvis> {
        let rotation = UnitQuaternion::from_rotation_matrix(&self.rotation());
        Transform::from_isometry(Isometry3::from_parts(Translation3::identity(), rotation))
    }

    /// The angles of a femur's pose in the pelvis; its translation does not count.
    pub fn from_pose(pose: &Transform<Femur, Pelvis>) -> Self {
        Self::from_rotation(&pose.isometry().rotation.to_rotation_matrix())
    }

    /// Angle between two positions: of the one rotation that leads from one to the other.
    pub fn angle_to(self, other: Self) -> Angle {
        Angle::from_radians(self.rotation().angle_to(&other.rotation()))
    }
}

impl fmt::Display for HipAngles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "flexion {}, adduction {}, internal rotation {}",
            self.flexion, self.adduction, self.internal_rotation
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spatial::Vector;
    use nalgebra::Matrix3;
    use proptest::prelude::*;

    fn degrees(angles: HipAngles) -> [f64; 3] {
        [angles.flexion, angles.adduction, angles.internal_rotation].map(Angle::degrees)
    }

    #[test]
    fn each_angle_moves_the_knee_the_way_its_name_says() {
        let knee = Vector::<Femur>::new(0.0, -400.0, 0.0);
        let toes = Vector::<Femur>::new(1.0, 0.0, 0.0);
        let moved = |f, a, i, v| HipAngles::from_degrees(f, a, i).pose().apply(v);
        assert!(moved(20.0, 0.0, 0.0, knee).x() > 100.0, "flexion brings the knee forwards");
        assert!(moved(0.0, 20.0, 0.0, knee).z() < -100.0, "adduction brings a right knee to the left");
        assert!(moved(0.0, 0.0, 20.0, toes).z() < -0.3, "internal rotation turns right toes to the left");
    }

    #[test]
    fn the_matrix_is_the_one_of_the_definition() {
        let (f, a, i) = (0.7f64, -0.3f64, 0.4f64);
        let z = Matrix3::new(f.cos(), -f.sin(), 0.0, f.sin(), f.cos(), 0.0, 0.0, 0.0, 1.0);
        let x = Matrix3::new(1.0, 0.0, 0.0, 0.0, a.cos(), -a.sin(), 0.0, a.sin(), a.cos());
        let y = Matrix3::new(i.cos(), 0.0, i.sin(), 0.0, 1.0, 0.0, -i.sin(), 0.0, i.cos());
        let angles = HipAngles::new(Angle::from_radians(f), Angle::from_radians(a), Angle::from_radians(i));
        assert!((angles.rotation().matrix() - z * x * y).norm() < 1e-15);
    }

    #[test]
    fn at_gimbal_lock_the_rotation_is_kept_though_the_angles_are_not() {
        for adduction in [90.0, -90.0] {
            let angles = HipAngles::from_degrees(30.0, adduction, 20.0);
            let back = HipAngles::from_rotation(&angles.rotation());
            assert_eq!(back.internal_rotation, Angle::ZERO);
            assert!(back.angle_to(angles).degrees() < 1e-5);
        }
    }

    #[test]
    fn serialised_angles_are_degrees() {
        let json = serde_json::to_value(HipAngles::from_degrees(90.0, -10.0, 30.0)).unwrap();
        assert!((json["flexion_deg"].as_f64().unwrap() - 90.0).abs() < 1e-12);
        assert!((json["adduction_deg"].as_f64().unwrap() + 10.0).abs() < 1e-12);
        assert!((json["internal_rotation_deg"].as_f64().unwrap() - 30.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn angles_come_back(f in -179.0..179.0f64, a in -89.9..89.9f64, i in -179.0..179.0f64) {
            let angles = HipAngles::from_degrees(f, a, i);
            let back = degrees(HipAngles::from_pose(&angles.pose()));
            for (x, y) in back.into_iter().zip([f, a, i]) {
                prop_assert!((x - y).abs() < 1e-9, "{:?}", back);
            }
        }

        #[test]
        fn in_the_mirror_adduction_and_rotation_change_sign(f in -90.0..140.0f64, a in -60.0..60.0f64, i in -80.0..80.0f64) {
            let mirror = Matrix3::from_diagonal(&Vector3::new(1.0, 1.0, -1.0));
            let seen = mirror * HipAngles::from_degrees(f, a, i).rotation().matrix() * mirror;
            let expected = HipAngles::from_degrees(f, -a, -i).rotation();
            prop_assert!((seen - expected.matrix()).norm() < 1e-12);
        }

        #[test]
        fn the_floating_axis_is_square_to_both_fixed_axes(f in -90.0..140.0f64, a in -60.0..60.0f64, i in -80.0..80.0f64) {
            // Grood and Suntay: e1 of the pelvis, e3 of the femur, e2 = e3 x e1; a little more adduction turns
            // about e2.
            let angles = HipAngles::from_degrees(f, a, i);
            let e1 = Vector3::z();
            let e3 = angles.rotation() * Vector3::y();
            let e2 = e3.cross(&e1).normalize();
            let more = HipAngles::from_degrees(f, a + 0.01, i).rotation() * angles.rotation().inverse();
            let axis = more.axis().unwrap().into_inner();
            prop_assert!(axis.cross(&e2).norm() < 1e-6 && axis.dot(&e2) > 0.0);
        }
    }
}
