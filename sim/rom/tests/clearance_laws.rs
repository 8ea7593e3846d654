//! The clearance between uneven bodies: against every triangle with every triangle, and by laws that hold for any bodies.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod blobs;

use blobs::{Blob, blob, model, moved, rotation};
use coxa_geometry::Mesh;
use coxa_geometry::frame::{Femur, Frame, Gravity};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::mesh::triangle::{Corners, closest_points_of_corners};
use coxa_geometry::{Angle, Point};
use coxa_rom::contact::{ContactLimit, RESOLUTION_DEG};
use coxa_rom::path::Path;
use coxa_rom::{Direction, JointAxis, Motion};
use nalgebra::{Matrix3, Vector3};
use proptest::prelude::*;

fn corners<F: Frame>(mesh: &Mesh<F>) -> Vec<Corners> {
    (0..mesh.triangles.len()).map(|t| mesh.corners(t).map(Point::coords)).collect()
}

/// Smallest and largest distance of a body's vertices from the hip centre.
fn reach<F: Frame>(mesh: &Mesh<F>) -> (f64, f64) {
    let distances = mesh.vertices.iter().map(|v| v.coords().coords.norm());
    distances.fold((f64::INFINITY, 0.0), |(least, most), d| (least.min(d), f64::max(most, d)))
}

fn angles() -> impl Strategy<Value = HipAngles> {
    rotation().prop_map(|rotation| HipAngles::from_rotation(&rotation))
}

/// Distance, and the distances of both places from the hip centre.
fn nearest_by_hand(fixed: &Mesh<Gravity>, moving: &Mesh<Femur>, angles: HipAngles) -> (f64, [f64; 2]) {
    let (fixed, moving) = (corners(fixed), corners(&moved(moving, angles.rotation().matrix())));
    let mut least = (f64::INFINITY, [0.0; 2]);
    for a in &fixed {
        for b in &moving {
            let [p, q] = closest_points_of_corners(a, b);
            if (p - q).norm() < least.0 {
                least = ((p - q).norm(), [p.coords.norm(), q.coords.norm()]);
            }
        }
    }
    least
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn the_distance_is_that_of_all_triangles(
        fixed in blob(), moving in blob(), positions in prop::collection::vec(angles(), 3),
    ) {
        let (fixed, moving) = (fixed.mesh(), moving.mesh());
        let model = model(std::slice::from_ref(&fixed), &moving);
        let (near, far) = (reach(&fixed).0.max(reach(&moving).0), reach(&fixed).1.min(reach(&moving).1));
        let together = model.clearances(&positions);
        for (angles, batch) in positions.into_iter().zip(together) {
            let found = model.clearance(angles);
            prop_assert_eq!(found.as_ref().map(|c| c.distance_mm), batch.map(|c| c.distance_mm));
            let Some(found) = found else { continue };
            prop_assert_eq!(found.distance_mm > 0.0, model.is_free(&angles.rotation()));
            if found.distance_mm > 0.0 {
                let (exact, places) = nearest_by_hand(&fixed, &moving, angles);
                prop_assert!(exact <= found.distance_mm + 1e-9);
                // What can never meet does not count.
                if places.iter().all(|&d| near < d && d < far) {
                    prop_assert!((found.distance_mm - exact).abs() < 1e-9, "{} {exact}", found.distance_mm);
                    prop_assert!((found.on_fixed.distance(found.on_moving) - exact).abs() < 1e-9);
                }
            }
        }
    }

    #[test]
    fn it_changes_by_no_more_than_the_furthest_corner_moves(
        fixed in blob(), moving in blob(), a in angles(), small in angles(), share in 0.001..0.2f64,
    ) {
        let (fixed, moving) = (fixed.mesh(), moving.mesh());
        let model = model(std::slice::from_ref(&fixed), &moving);
        // A step of any size from the first position.
        let step = nalgebra::Rotation3::new(small.rotation().scaled_axis() * share);
        let b = HipAngles::from_rotation(&(step * a.rotation()));
        if let (Some(before), Some(after)) = (model.clearance(a), model.clearance(b)) {
            let chord = 2.0 * (step.angle() / 2.0).sin() * reach(&fixed).1.max(reach(&moving).1);
            let change = (before.distance_mm - after.distance_mm).abs();
            prop_assert!(change <= chord + 1e-6, "{} {} {chord}", before.distance_mm, after.distance_mm);
        }
    }

    #[test]
    fn a_mirrored_hip_and_a_turned_patient_have_the_same_clearance(
        fixed in blob(), moving in blob(), pose in rotation(), turn in rotation(),
    ) {
        let (fixed, moving) = (fixed.mesh::<Gravity>(), moving.mesh::<Femur>());
        let clearance = |fixed: &Mesh<Gravity>, moving: &Mesh<Femur>, pose| {
            model(std::slice::from_ref(fixed), moving).clearance(HipAngles::from_rotation(&pose)).map(|c| c.distance_mm)
        };
        let same = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() < 1e-6,
            (a, b) => a == b,
        };
        let plain = clearance(&fixed, &moving, pose);
        let mirror = Matrix3::from_diagonal(&Vector3::new(1.0, 1.0, -1.0));
        let (mut other, mut thigh) = (moved(&fixed, &mirror), moved(&moving, &mirror));
        // A mirrored surface is inside out unless its triangles turn round.
        other.triangles.iter_mut().chain(&mut thigh.triangles).for_each(|t| t.swap(1, 2));
        let mirrored = nalgebra::Rotation3::from_matrix_unchecked(mirror * pose.matrix() * mirror);
        let in_mirror = clearance(&other, &thigh, mirrored);
        prop_assert!(same(plain, in_mirror), "{plain:?} {in_mirror:?}");
        let turned = clearance(&moved(&fixed, turn.matrix()), &moving, turn * pose);
        prop_assert!(same(plain, turned), "{plain:?} {turned:?}");
    }

    #[test]
    fn a_body_that_grows_frees_nothing(
        fixed in blob(), moving in blob(), grown in 1.01..1.4f64, positions in prop::collection::vec(angles(), 6),
    ) {
        let moving = moving.mesh();
        let (small, large) = (model(&[fixed.mesh()], &moving), model(&[grow(&fixed, grown)], &moving));
        for angles in positions {
            if large.is_free(&angles.rotation()) {
                prop_assert!(small.is_free(&angles.rotation()), "{angles}");
            }
        }
    }

    #[test]
    fn a_path_along_a_motion_stops_where_the_motion_does(fixed in blob(), moving in blob(), start in angles()) {
        let model = model(&[fixed.mesh()], &moving.mesh());
        let motion =
            Motion::new("", start, JointAxis::Flexion, Direction::Negative, Angle::from_degrees(130.0));
        let positions: Vec<HipAngles> =
            (0..=13).map(|i| motion.at(Angle::from_degrees(10.0 * f64::from(i)))).collect();
        let found = model.first_contact(&Path::new(&positions).unwrap());
        match (model.limit(&motion), found) {
            (ContactLimit::At { angle, .. }, Some(met)) => {
                let off = (met.place.travelled - angle).abs().degrees();
                prop_assert!(off <= 2.0 * RESOLUTION_DEG, "{off}");
                prop_assert!(model.is_free(&met.place.angles.rotation()));
            }
            (ContactLimit::BlockedAtStart(touch), Some(met)) => {
                prop_assert!(met.touch.at.distance(touch.at) < 1e-9);
                prop_assert_eq!(met.place.travelled, Angle::ZERO);
            }
            (ContactLimit::Free, None) => {}
            (limit, found) => prop_assert!(false, "{limit:?} {found:?}"),
        }
    }
}

/// The same body, larger about its own centre, from which all of its surface is seen.
fn grow(blob: &Blob, by: f64) -> Mesh<Gravity> {
    Blob { radius: blob.radius * by, ..*blob }.mesh()
}
