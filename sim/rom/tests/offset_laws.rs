//! A femur whose hip centre is off: as a femur that was made so, and by laws that hold for any bodies.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod blobs;

use blobs::{blob, model, model_with_play, rotation};
use coxa_geometry::frame::{Femur, Gravity};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Mesh, Transform, Vector};
use nalgebra::{Isometry3, Rotation3, Translation3, UnitQuaternion, Vector3};
use proptest::prelude::*;

type Pose = Transform<Femur, Gravity>;

const PLAY_MM: f64 = 30.0;

fn pose(rotation: &Rotation3<f64>, offset: Vector3<f64>) -> Pose {
    let rotation = UnitQuaternion::from_rotation_matrix(rotation);
    Transform::from_isometry(Isometry3::from_parts(Translation3::from(offset), rotation))
}

/// An offset of any length up to the play, so also one near zero.
fn offset() -> impl Strategy<Value = Vector3<f64>> {
    let direction = prop::array::uniform3(-1.0..1.0f64).prop_map(Vector3::from);
    let direction = direction.prop_filter_map("no direction", |v| v.try_normalize(1e-3));
    (direction, 0.0..PLAY_MM).prop_map(|(direction, length)| direction * length)
}

/// The femur as it would have been made for its own hip centre to be the pelvis': R x + t = R (x + R^-1 t).
fn made_off(moving: &Mesh<Femur>, rotation: &Rotation3<f64>, offset: &Vector3<f64>) -> Mesh<Femur> {
    let shift = Vector::from_coords(rotation.inverse() * offset);
    let vertices = moving.vertices.iter().map(|&v| v + shift).collect();
    Mesh { vertices, triangles: moving.triangles.clone() }
}

/// Largest distance of a body's vertices from the hip centre.
fn reach(mesh: &Mesh<Femur>) -> f64 {
    mesh.vertices.iter().map(|v| v.coords().coords.norm()).fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_femur_that_is_off_is_as_one_made_so(
        fixed in blob(), moving in blob(), poses in prop::collection::vec((rotation(), offset()), 6),
    ) {
        let (fixed, moving) = (fixed.mesh(), moving.mesh());
        let with_play = model_with_play(std::slice::from_ref(&fixed), &moving, PLAY_MM);
        let femurs: Vec<Pose> = poses.iter().map(|(rotation, offset)| pose(rotation, *offset)).collect();
        let (free, clearances) = (with_play.are_free_at(&femurs), with_play.clearances_at(&femurs));
        for (i, (rotation, offset)) in poses.iter().enumerate() {
            let made = model(std::slice::from_ref(&fixed), &made_off(&moving, rotation, offset));
            prop_assert_eq!(free[i], made.is_free(rotation));
            prop_assert_eq!(free[i], with_play.is_free_at(&femurs[i]));
            let alone = with_play.clearance_at(&femurs[i]).map(|c| c.distance_mm);
            prop_assert_eq!(clearances[i].as_ref().map(|c| c.distance_mm), alone);
            let within = with_play.free_within_mm(&femurs[i]);
            let Some(clearance) = &clearances[i] else { continue };
            prop_assert_eq!(clearance.distance_mm > 0.0, free[i]);
            // Nothing is said of what is out of reach.
            if clearance.on_fixed.coords().coords.norm() <= reach(&moving) + PLAY_MM {
                prop_assert!(within <= clearance.distance_mm.max(0.0), "{within} {}", clearance.distance_mm);
            }
            prop_assert!((clearance.on_fixed.distance(clearance.on_moving) - clearance.distance_mm.abs()).abs() < 1e-6);
            // The one made so sets more aside, so it can only find the same or more clearance.
            if let Some(clearance_made) = made.clearance(HipAngles::from_rotation(rotation)) && free[i] {
                prop_assert!(clearance.distance_mm <= clearance_made.distance_mm + 1e-6);
            }
        }
    }

    #[test]
    fn without_an_offset_a_pose_is_a_position(
        fixed in blob(), moving in blob(), rotations in prop::collection::vec(rotation(), 10), play_mm in 0.0..PLAY_MM,
    ) {
        let (fixed, moving) = (fixed.mesh(), moving.mesh());
        let plain = model(std::slice::from_ref(&fixed), &moving);
        let with_play = model_with_play(std::slice::from_ref(&fixed), &moving, play_mm);
        let free = plain.are_free(&rotations);
        let centred: Vec<Pose> = rotations.iter().map(|rotation| pose(rotation, Vector3::zeros())).collect();
        prop_assert_eq!(&plain.are_free_at(&centred), &free);
        prop_assert_eq!(&with_play.are_free_at(&centred), &free);
        prop_assert_eq!(&with_play.are_free(&rotations), &free);
    }

    #[test]
    fn no_way_shorter_than_the_free_one_leads_to_contact(
        fixed in blob(), moving in blob(), rotation in rotation(), way in offset(), share in 0.0..1.0f64,
    ) {
        let model = model_with_play(&[fixed.mesh()], &moving.mesh(), PLAY_MM);
        let within = model.free_within_mm(&pose(&rotation, Vector3::zeros())).min(PLAY_MM);
        let moved = pose(&rotation, way.normalize() * within * share);
        prop_assert!(within == 0.0 || model.is_free_at(&moved), "{within} {share}");
    }
}

/// A ball at the hip centre, and a hollow body that begins 90 mm from it.
fn ball_and_case() -> (Mesh<Femur>, Mesh<Gravity>) {
    (Mesh::cuboid([-3.0; 3], [3.0; 3]), Mesh::cuboid([90.0, -20.0, -20.0], [130.0, 20.0, 20.0]))
}

#[test]
fn what_is_moved_into_a_solid_is_in_contact() {
    let (ball, case) = ball_and_case();
    let case = std::slice::from_ref(&case);
    let turned = Rotation3::from_euler_angles(0.3, 0.2, 0.1);
    let model = model_with_play(case, &ball, 100.0);
    let at = |x: f64| pose(&turned, Vector3::new(x, 0.0, 0.0));
    assert!(!model.is_free_at(&at(99.0)));
    assert_eq!(model.free_within_mm(&at(99.0)), 0.0);
    assert!(model.clearance_at(&at(99.0)).is_some_and(|c| c.distance_mm < -9.0));
    assert!(model.is_free_at(&at(80.0)) && model.is_free_at(&at(0.0)));
    let (free, exact) = (model.free_within_mm(&at(50.0)), model.clearance_at(&at(50.0)).unwrap().distance_mm);
    assert!(free <= exact && free > exact - 6.0, "{free} {exact}");
    // Without play both are set aside, and nothing is ever in the way.
    let without = blobs::model(case, &ball);
    assert!(without.is_free(&turned) && without.free_within_mm(&at(0.0)) == f64::INFINITY);
}

#[test]
fn what_a_model_was_not_made_for_is_never_free() {
    let (ball, case) = ball_and_case();
    let case = std::slice::from_ref(&case);
    let model = model_with_play(case, &ball, 10.0);
    let at = |x: f64| pose(&Rotation3::identity(), Vector3::new(0.0, -x, 0.0));
    assert!(model.is_free_at(&at(10.0)));
    let nowhere =
        pose(&Rotation3::from_matrix_unchecked(nalgebra::Matrix3::repeat(f64::NAN)), Vector3::zeros());
    for femur in [at(10.001), at(1e300), at(f64::NAN), at(f64::INFINITY), nowhere] {
        assert!(!model.is_free_at(&femur), "{femur:?}");
        assert_eq!(model.free_within_mm(&femur), 0.0);
        assert!(model.clearance_at(&femur).is_some_and(|c| c.distance_mm <= 0.0));
    }
}

#[test]
fn a_play_without_sense_is_refused() {
    let (ball, case) = ball_and_case();
    let fixed = coxa_rom::contact::NamedMesh { name: "case", mesh: &case };
    let moving = coxa_rom::contact::NamedMesh { name: "ball", mesh: &ball };
    for play_mm in [-1.0, f64::NAN, f64::INFINITY, 101.0] {
        let error = coxa_rom::contact::ContactModel::with_play(&[fixed], &[moving], play_mm).err();
        assert!(error.is_some_and(|e| e.to_string().contains("between 0 and 100 mm")), "{play_mm}");
    }
}
