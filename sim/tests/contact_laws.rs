//! Contact of uneven bodies: against every triangle with every triangle, and by laws that hold for any bodies.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::{Femur, Frame, Gravity};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::mesh::triangle::meeting_point_of_corners;
use coxa_geometry::{Angle, Mesh, Point};
use coxa_sim::rom::cone::{ConeHip, neck_axis};
use coxa_sim::rom::contact::{ContactLimit, ContactModel, Part, RESOLUTION_DEG};
use coxa_sim::rom::stability::Bearing;
use coxa_sim::rom::{Direction, JointAxis, Motion};
use nalgebra::{Matrix3, Rotation3, Vector3};
use proptest::prelude::*;

/// A ball with bumps, away from the hip centre.
#[derive(Debug, Clone, Copy)]
struct Blob {
    centre: [f64; 3],
    radius: f64,
    bumps: [f64; 3],
}

const RINGS: u32 = 9;

impl Blob {
    fn mesh<F: Frame>(&self) -> Mesh<F> {
        let around = 2 * RINGS;
        let point = |polar: f64, azimuth: f64| {
            let [a, b, c] = self.bumps;
            let waves =
                a * (3.0 * polar).sin() * azimuth.cos() + b * (2.0 * azimuth).sin() * polar.sin().powi(2);
            let r = self.radius * (1.0 + 0.25 * waves + 0.2 * c * (4.0 * polar).cos());
            let [x, y, z] = self.centre;
            Point::new(
                x + r * polar.sin() * azimuth.cos(),
                y + r * polar.cos(),
                z + r * polar.sin() * azimuth.sin(),
            )
        };
        let mut vertices = vec![point(0.0, 0.0)];
        for i in 1..RINGS {
            for j in 0..around {
                let polar = std::f64::consts::PI * f64::from(i) / f64::from(RINGS);
                vertices.push(point(polar, std::f64::consts::TAU * f64::from(j) / f64::from(around)));
            }
        }
        let last = vertices.len() as u32;
        vertices.push(point(std::f64::consts::PI, 0.0));
        let at = |ring: u32, j: u32| 1 + (ring - 1) * around + j % around;
        let mut triangles = Vec::new();
        for j in 0..around {
            triangles.push([0, at(1, j + 1), at(1, j)]);
            for i in 1..RINGS - 1 {
                triangles.push([at(i, j), at(i + 1, j + 1), at(i + 1, j)]);
                triangles.push([at(i, j), at(i, j + 1), at(i + 1, j + 1)]);
            }
            triangles.push([last, at(RINGS - 1, j), at(RINGS - 1, j + 1)]);
        }
        Mesh { vertices, triangles }
    }
}

fn blob() -> impl Strategy<Value = Blob> {
    let centre = prop::array::uniform3(-60.0..60.0f64);
    (centre, 4.0..35.0f64, prop::array::uniform3(-1.0..1.0f64)).prop_map(|(centre, radius, bumps)| Blob {
        centre,
        radius,
        bumps,
    })
}

fn rotation() -> impl Strategy<Value = Rotation3<f64>> {
    prop::array::uniform3(-3.1..3.1f64).prop_map(|[x, y, z]| Rotation3::from_euler_angles(x, y / 2.0, z))
}

fn moved<F: Frame>(mesh: &Mesh<F>, matrix: &Matrix3<f64>) -> Mesh<F> {
    let vertices = mesh.vertices.iter().map(|v| Point::from_coords((matrix * v.coords().coords).into()));
    Mesh { vertices: vertices.collect(), triangles: mesh.triangles.clone() }
}

fn model(fixed: &[Mesh<Gravity>], moving: &Mesh<Femur>) -> ContactModel<Gravity> {
    let fixed: Vec<_> = fixed.iter().map(|mesh| Part { name: "fixed", mesh }).collect();
    ContactModel::new(&fixed, &[Part { name: "moving", mesh: moving }]).unwrap()
}

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

    #[test]
    fn a_larger_head_never_loses_motion(
        ri in 25.0..60.0f64, ra in -5.0..35.0f64, version in -5.0..40.0f64, head in 22.0..40.0f64, more in 0.1..8.0f64,
    ) {
        let limits = |diameter| {
            let cup = Radiographic::<Gravity>::from_degrees(ri, ra).axis();
            let neck = neck_axis(Angle::from_degrees(132.0), Angle::from_degrees(version));
            let hip = ConeHip::new(cup, neck, Bearing::flush(diameter, 12.0).oscillation_angle().unwrap()).unwrap();
            Motion::table().iter().map(|motion| hip.limit(motion).angle()).collect::<Vec<_>>()
        };
        for (small, large) in limits(head).into_iter().zip(limits(head + more)) {
            if let (Some(small), Some(large)) = (small, large) {
                prop_assert!(large >= small);
            }
        }
    }
}
