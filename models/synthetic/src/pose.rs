//! How a virtual patient lies on the table.

use super::joint::Socket;
use coxa_shape::shape_model::model::standard_normal;
use nalgebra::{Isometry3, Rotation3, Translation3, UnitQuaternion, Vector3};
use rand_chacha::ChaCha8Rng;

/// Normal numbers are cut at this many standard deviations: the tails of few training subjects are not trusted.
const NORMAL_LIMIT: f64 = 1.8;

/// A standard normal number, cut at [`NORMAL_LIMIT`].
pub(super) fn normal(rng: &mut ChaCha8Rng) -> f64 {
    standard_normal(rng).clamp(-NORMAL_LIMIT, NORMAL_LIMIT)
}

/// Supine: the plane of spines and pubis within some degrees of the table, a little oblique and turned, hip centres
/// near the middle of the scanner.
pub(super) fn pelvis_pose(rng: &mut ChaCha8Rng, size: f64) -> Isometry3<f64> {
    let mut draw = |mean: f64, spread: f64| mean + spread * normal(rng);
    let rotation = Rotation3::from_euler_angles(
        draw(2.0, 4.0).to_radians(),
        draw(0.0, 1.2).to_radians(),
        draw(0.0, 1.2).to_radians(),
    );
    // The hip centres lie about 52 mm behind and 73 mm below the iliac spines.
    let shift = Vector3::new(draw(0.0, 4.0), draw(0.0, 4.0), draw(0.0, 4.0));
    Isometry3::from_parts(Translation3::from(shift), UnitQuaternion::from(rotation))
        * Translation3::new(0.0, -52.0 * size, 73.0 * size)
}

/// Lays the femur down: a little flexed, in slight adduction, turned out, its head in the socket or migrated from its centre
/// by so many millimetres.
pub(super) fn femur_pose(
    rng: &mut ChaCha8Rng,
    migration: f64,
    hip_pose: &Isometry3<f64>,
    socket: &Socket,
) -> Isometry3<f64> {
    let mut draw = |mean: f64, spread: f64| (mean + spread * normal(rng)).to_radians();
    // Right hip, LPS: flexion brings the knee forwards (-y), adduction brings it inwards (+x), and external
    // rotation turns the front of the knee to -x.
    let flexion = Rotation3::from_axis_angle(&Vector3::x_axis(), -draw(2.0, 1.0));
    let adduction = Rotation3::from_axis_angle(&Vector3::y_axis(), -draw(1.0, 1.0));
    let rotation = Rotation3::from_axis_angle(&Vector3::z_axis(), -draw(8.0, 4.0));
    // A worn joint loses its space above: the head migrates upwards and somewhat outwards.
    let up = Vector3::new(-0.3, 0.0, 0.95).normalize() * migration;
    let centre = hip_pose * socket.centre + up;
    Isometry3::from_parts(
        Translation3::from(centre.coords),
        UnitQuaternion::from(flexion * adduction * rotation),
    )
}
