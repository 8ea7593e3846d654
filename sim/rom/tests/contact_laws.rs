//! Contact of uneven bodies: against every triangle with every triangle, and by laws that hold for any bodies.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod blobs;

use blobs::{blob, model, moved, rotation};
use coxa_geometry::frame::{Femur, Gravity};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::mesh::triangle::meeting_point_of_corners;
use coxa_geometry::{Angle, Mesh, Point};
use coxa_rom::contact::{ContactLimit, RESOLUTION_DEG};
use coxa_rom::{Direction, JointAxis, Motion};
use nalgebra::{Matrix3, Rotation3, Vector3};
use proptest::prelude::*;

/// All triangles with all triangles, and one solid within the other.
fn is_free_by_hand(fixed: &Mesh<Gravity>, moving: &Mesh<Femur>, rotation: &Rotation3<f64>) -> bool {
    let turned = moved(moving, rotation.matrix());
    let inside = MeshQuery::new(fixed).unwrap().contains(Point::from_coords(turned.vertices[0].coords()));
    let around = MeshQuery::new(&turned).unwrap().contains(Point::from_coords(fixed.vertices[0].coords()));
    let pairs = (0..fixed.triangles.len()).flat_map(|a| (0..turned.triangles.len()).map(move |b| (a, b)));
    let mut pairs =
        pairs.map(|(a, b)| (fixed.corners(a).map(Point::coords), turned.corners(b).map(Point::coords)));
    !inside && !around && pairs.all(|(a, b)| meeting_point_of_corners(&a, &b).is_none())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_answer_is_that_of_all_triangles(
        fixed in blob(), moving in blob(), rotations in prop::collection::vec(rotation(), 6),
    ) {
        let (fixed, moving) = (fixed.mesh(), moving.mesh());
        let model = model(std::slice::from_ref(&fixed), &moving);
        let answers = model.are_free(&rotations);
        for (rotation, free) in rotations.iter().zip(answers) {
            prop_assert_eq!(free, is_free_by_hand(&fixed, &moving, rotation));
            prop_assert_eq!(free, model.is_free(rotation));
        }
    }

    #[test]
    fn an_open_surface_has_no_inside_but_is_met(
        fixed in blob(), moving in blob(), rotations in prop::collection::vec(rotation(), 6), missing in 0usize..280,
    ) {
        let (mut fixed, moving) = (fixed.mesh::<Gravity>(), moving.mesh::<Femur>());
        fixed.triangles.remove(missing);
        let model = model(std::slice::from_ref(&fixed), &moving);
        for rotation in &rotations {
            let turned = moved(&moving, rotation.matrix());
            let around = MeshQuery::new(&turned).unwrap().contains(Point::from_coords(fixed.vertices[0].coords()));
            let crosses = (0..fixed.triangles.len()).any(|a| {
                let a = fixed.corners(a).map(Point::coords);
                (0..turned.triangles.len())
                    .any(|b| meeting_point_of_corners(&a, &turned.corners(b).map(Point::coords)).is_some())
            });
            prop_assert_eq!(model.is_free(rotation), !crosses && !around);
        }
    }

    #[test]
    fn a_mirrored_hip_and_a_turned_patient_answer_alike(
        fixed in blob(), moving in blob(), pose in rotation(), turn in rotation(),
    ) {
        let (fixed, moving) = (fixed.mesh::<Gravity>(), moving.mesh::<Femur>());
        let free = model(std::slice::from_ref(&fixed), &moving).is_free(&pose);
        let mirror = Matrix3::from_diagonal(&Vector3::new(1.0, 1.0, -1.0));
        let mirrored = model(&[moved(&fixed, &mirror)], &moved(&moving, &mirror));
        let pose_in_mirror = Rotation3::from_matrix_unchecked(mirror * pose.matrix() * mirror);
        prop_assert_eq!(mirrored.is_free(&pose_in_mirror), free);
        prop_assert_eq!(model(&[moved(&fixed, turn.matrix())], &moving).is_free(&(turn * pose)), free);
    }

    #[test]
    fn a_further_body_frees_nothing(
        fixed in blob(), further in blob(), moving in blob(), rotations in prop::collection::vec(rotation(), 20),
    ) {
        let moving = moving.mesh();
        let one = model(&[fixed.mesh()], &moving).are_free(&rotations);
        let both = model(&[fixed.mesh(), further.mesh()], &moving).are_free(&rotations);
        let other = model(&[further.mesh()], &moving).are_free(&rotations);
        for i in 0..rotations.len() {
            prop_assert_eq!(both[i], one[i] && other[i]);
        }
    }

    #[test]
    fn flexion_moves_with_the_pelvis(fixed in blob(), moving in blob(), tilt in 0.001..0.3f64) {
        let (fixed, moving) = (fixed.mesh::<Gravity>(), moving.mesh::<Femur>());
        let tilted = moved(&fixed, Rotation3::from_axis_angle(&Vector3::z_axis(), tilt).matrix());
        let flexion = |mesh, range| {
            let range = Angle::from_radians(range);
            let motion = Motion::new("", HipAngles::default(), JointAxis::Flexion, Direction::Positive, range);
            model(std::slice::from_ref(mesh), &moving).limit(&motion)
        };
        match (flexion(&fixed, 2.0), flexion(&tilted, 2.0 + tilt)) {
            (ContactLimit::At { angle, .. }, ContactLimit::At { angle: after, .. }) => {
                let off = (after - angle).degrees() - tilt.to_degrees();
                prop_assert!(off.abs() <= 2.0 * RESOLUTION_DEG, "{off}");
            }
            (ContactLimit::Free, ContactLimit::At { angle, .. }) => {
                // Met within the part of the way that the tilt has cleared, or within the resolution of the end.
                prop_assert!(angle.radians() <= tilt + 1e-3 || angle.radians() >= 2.0 + tilt - 1e-3);
            }
            (ContactLimit::At { angle, .. }, ContactLimit::Free) => prop_assert!(angle.radians() > 2.0 - 1e-3),
            (ContactLimit::BlockedAtStart(_), _) | (_, ContactLimit::BlockedAtStart(_)) | (ContactLimit::Free, _) => {}
        }
    }
}
