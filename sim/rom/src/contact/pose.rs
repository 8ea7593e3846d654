//! Where the femur is in the pelvis.

use coxa_geometry::Transform;
use coxa_geometry::frame::{Femur, Frame};
use nalgebra::{IsometryMatrix3, Rotation3, Translation3};

/// Where the femur is in the pelvis.
pub(crate) type Pose = IsometryMatrix3<f64>;

/// The pose of a femur that has its hip centre where the pelvis has it.
pub(crate) fn centred(rotation: Rotation3<f64>) -> Pose {
    Pose::from_parts(Translation3::identity(), rotation)
}

pub(super) fn pose_of<P: Frame>(femur: &Transform<Femur, P>) -> Pose {
    let isometry = femur.isometry();
    Pose::from_parts(isometry.translation, isometry.rotation.to_rotation_matrix())
}

/// Furthest from the hip centre that both sides may reach, for the search is in single precision.
pub(super) const FURTHEST_MM: f64 = 1000.0;
