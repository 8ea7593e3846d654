//! Contact against closed solutions, laws and a real workload.

use super::*;
use crate::cone::neck_axis;
use crate::path::Path;
use crate::{Direction, JointAxis, Limit, Motion, cone::ConeHip};
use coxa_geometry::Transform;
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::Gravity;
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Mesh, Vector};
use nalgebra::Isometry3;
use std::f64::consts::TAU;
use std::sync::Arc;

fn model(fixed: &Mesh<Gravity>, moving: &Mesh<Femur>) -> ContactModel<Gravity> {
    let fixed = [NamedMesh { name: "pelvis", mesh: fixed }];
    let moving = [NamedMesh { name: "femur", mesh: moving }];
    ContactModel::new(&fixed, &moving).unwrap()
}

/// A thigh: a rod straight down.
fn rod() -> Mesh<Femur> {
    Mesh::cuboid([-10.0, -200.0, -10.0], [10.0, -50.0, 10.0])
}

fn flexion(direction: Direction, range: f64) -> Motion {
    Motion::new("", HipAngles::default(), JointAxis::Flexion, direction, Angle::from_degrees(range))
}

#[test]
fn a_rod_meets_a_wall_where_trigonometry_says() {
    let wall = Mesh::cuboid([0.0, 0.0, -40.0], [300.0, 20.0, 40.0]);
    let model = model(&wall, &rod());
    let ContactLimit::At { angle, touch } = model.limit(&flexion(Direction::Positive, 120.0)) else {
        panic!("the rod must meet the wall")
    };
    // The front corners (10, -50) and (10, -200) reach the underside y = 0 after 90 degrees less the angle that
    // they lie before the rod's axis; the upper corner lies further before it.
    let expected = 90.0 - (10.0f64 / 50.0).atan().to_degrees();
    assert!((angle.degrees() - expected).abs() <= RESOLUTION_DEG, "{angle:.4} {expected}");
    assert_eq!((touch.fixed.as_str(), touch.moving.as_str()), ("pelvis", "femur"));
    assert!(touch.at.y().abs() < 0.1 && touch.at.x() > 40.0, "{:?}", touch.at);
    assert_eq!(model.limit(&flexion(Direction::Negative, 90.0)), ContactLimit::Free);
}

#[test]
fn the_clearance_of_a_rod_before_a_wall_is_that_of_its_corner() {
    let wall = Mesh::cuboid([0.0, 0.0, -40.0], [300.0, 20.0, 40.0]);
    let model = model(&wall, &rod());
    for degrees in [20.0, 60.0, 78.0, 79.0, 80.0, 82.0f64] {
        let found = model.clearance(HipAngles::from_degrees(degrees, 0.0, 0.0)).unwrap();
        // Height of the corner (10, -50) under the wall's lower face, in which it later sinks.
        let (sin, cos) = degrees.to_radians().sin_cos();
        let expected = 50.0 * cos - 10.0 * sin;
        let distance = found.distance_mm;
        assert!((distance - expected).abs() < 1e-9, "{degrees}: {distance} {expected}");
        assert!((found.on_moving.x() - (10.0 * cos + 50.0 * sin)).abs() < 1e-6, "{degrees}");
        assert!(found.on_fixed.y().abs() < 1e-9, "{degrees}");
        assert_eq!((found.fixed.as_str(), found.moving.as_str()), ("pelvis", "femur"));
    }
}

#[test]
fn a_swallowed_body_is_as_deep_as_its_deepest_corner() {
    let swallowing = Mesh::cuboid([-300.0, -300.0, -300.0], [300.0, 300.0, 300.0]);
    let found = model(&swallowing, &rod()).clearance(HipAngles::default()).unwrap();
    assert!((found.distance_mm + 250.0).abs() < 1e-9, "{}", found.distance_mm);
    let far = Mesh::cuboid([0.0, -1000.0, 0.0], [10.0, -900.0, 10.0]);
    assert_eq!(model(&far, &rod()).clearance(HipAngles::default()), None);
}

#[test]
fn a_thin_wall_is_not_stepped_over() {
    // A sheet of 1/100 mm across the way, less than the finest step at its distance.
    let sheet = Mesh::cuboid([100.0, -30.0, -40.0], [100.01, -20.0, 40.0]);
    let limit = model(&sheet, &rod()).limit(&flexion(Direction::Positive, 150.0));
    assert!(matches!(limit, ContactLimit::At { .. }), "{limit:?}");
}

#[test]
fn a_start_in_contact_or_inside_is_blocked() {
    let crossing = Mesh::cuboid([-5.0, -60.0, -5.0], [300.0, -55.0, 5.0]);
    let swallowing = Mesh::cuboid([-300.0, -300.0, -300.0], [300.0, 300.0, 300.0]);
    let swallowed = Mesh::cuboid([-1.0, -100.0, -1.0], [1.0, -90.0, 1.0]);
    for fixed in [crossing, swallowing, swallowed] {
        let limit = model(&fixed, &rod()).limit(&flexion(Direction::Positive, 90.0));
        assert!(matches!(limit, ContactLimit::BlockedAtStart(_)), "{limit:?}");
    }
}

#[test]
fn parts_out_of_reach_are_set_aside_and_never_meet() {
    let far = Mesh::cuboid([0.0, -1000.0, 0.0], [10.0, -900.0, 10.0]);
    let model = model(&far, &rod());
    assert!(model.fixed.body.faces.is_empty() || model.moving.faces.is_empty());
    assert_eq!(model.limit(&flexion(Direction::Positive, 180.0)), ContactLimit::Free);
}

#[test]
fn broken_surfaces_are_refused_by_name() {
    let empty = Mesh::<Gravity>::default();
    let error = ContactModel::new(
        &[NamedMesh { name: "hip_right", mesh: &empty }],
        &[NamedMesh { name: "femur_right", mesh: &rod() }],
    )
    .err()
    .map(|e| e.to_string());
    assert_eq!(error.as_deref(), Some("the surface `hip_right` cannot be used: the mesh has no triangles"));
}

/// A surface of revolution about an axis through the origin, from radii at distances along it, in order.
fn revolved<F: Frame>(axis: Vector<F>, profile: &[(f64, f64)], around: u32) -> Mesh<F> {
    let axis = axis.normalised().unwrap();
    let aside = if axis.x().abs() < 0.9 { Vector::new(1.0, 0.0, 0.0) } else { Vector::new(0.0, 1.0, 0.0) };
    let u = axis.cross(aside).normalised().unwrap();
    let v = axis.cross(u);
    let mut mesh = Mesh::default();
    for &(radius, along) in profile {
        for i in 0..around {
            let azimuth = TAU * f64::from(i) / f64::from(around);
            let out = u * (radius * azimuth.cos()) + v * (radius * azimuth.sin());
            mesh.vertices.push(Point::origin() + axis * along + out);
        }
    }
    let rings = profile.len() as u32;
    for ring in 0..rings - 1 {
        for i in 0..around {
            let at = |r: u32, j: u32| r * around + j % around;
            mesh.triangles.push([at(ring, i), at(ring, i + 1), at(ring + 1, i + 1)]);
            mesh.triangles.push([at(ring, i), at(ring + 1, i + 1), at(ring + 1, i)]);
        }
    }
    mesh
}

#[test]
fn a_meshed_neck_and_rim_agree_with_the_cone_to_a_tenth_of_a_degree() {
    // 32 mm head, 12 mm neck, flush liner: a hemispherical shell whose inner edge is the rim, and a cylinder that
    // begins outside the head.
    let cup = Radiographic::<Gravity>::from_degrees(40.0, 15.0).axis();
    let neck = neck_axis(Angle::from_degrees(135.0), Angle::from_degrees(15.0));
    let bowl: Vec<(f64, f64)> = (0..=12)
        .map(|i| {
            let polar = std::f64::consts::FRAC_PI_2 * f64::from(i) / 12.0;
            (16.0 * polar.cos(), -16.0 * polar.sin())
        })
        .chain((0..=12).rev().map(|i| {
            let polar = std::f64::consts::FRAC_PI_2 * f64::from(i) / 12.0;
            (20.0 * polar.cos(), -20.0 * polar.sin())
        }))
        .collect();
    let liner = revolved(cup, &bowl, 180);
    // The neck starts within the head's sphere, so that its side passes the rim.
    let cylinder = revolved(neck, &[(6.0, 12.0), (6.0, 40.0)], 180);
    let model = model(&liner, &cylinder);
    let theta = Angle::from_degrees(180.0 - 2.0 * (12.0f64 / 32.0).asin().to_degrees());
    let cone = ConeHip::new(cup, neck, theta).unwrap();
    for (motion, limit) in Motion::table().iter().zip(model.limits(&Motion::table())) {
        match (limit, cone.limit(motion)) {
            (ContactLimit::At { angle, .. }, Limit::At(exact)) => {
                assert!((angle - exact).abs().degrees() < 0.1, "{} {angle:.3} {exact:.3}", motion.name);
            }
            (ContactLimit::Free, Limit::At(exact)) => assert!(exact >= motion.range, "{}", motion.name),
            (found, exact) => panic!("{}: {found:?} {exact:?}", motion.name),
        }
    }
}

/// A model prepared with its sides moved and turned, mounted so that they stand where they would have stood, answers as one that
/// was prepared there.
#[test]
fn a_mounted_model_answers_as_one_prepared_in_its_place() {
    let wall = Mesh::cuboid([20.0, -35.0, -40.0], [300.0, 20.0, 40.0]);
    let direct = model(&wall, &rod());
    let isometry = |step: [f64; 3], turn: [f64; 3]| Isometry3::new(step.into(), turn.into());
    // Where the joint's sides lie in the model's frames.
    let pelvis = Transform::<Gravity, Gravity>::from_isometry(isometry([3.0, -4.0, 2.0], [0.2, -0.1, 0.3]));
    let femur = Transform::<Femur, Femur>::from_isometry(isometry([-2.0, 1.0, 5.0], [-0.3, 0.2, 0.1]));
    let (moved_wall, moved_rod) = (pelvis.apply(&wall), femur.inverse().apply(&rod()));
    let fixed = [NamedMesh { name: "pelvis", mesh: &moved_wall }];
    let moving = [NamedMesh { name: "femur", mesh: &moved_rod }];
    let prepared = |play| Arc::new(ContactModel::with_play(&fixed, &moving, play).unwrap());
    let mount = Mount::new(pelvis, femur);
    assert!(matches!(Mounted::new(prepared(5.0), mount), Err(ContactError::Off { .. })));
    let pelvis_side = Arc::new(FixedSide::new(&fixed).unwrap());
    // Of a pelvis that serves other femurs too nothing is set aside.
    let against = Arc::new(ContactModel::against(pelvis_side, &moving, 15.0).unwrap());
    for model in [prepared(15.0), against] {
        answers_as(&Mounted::new(model, mount).unwrap(), &direct);
    }
}

fn answers_as(mounted: &Mounted<Gravity>, direct: &ContactModel<Gravity>) {
    let mut motions = Motion::table();
    motions.push(flexion(Direction::Positive, 120.0));
    let (mut met, mut free) = (0, 0);
    for (one, other) in mounted.limits(&motions).into_iter().zip(direct.limits(&motions)) {
        match (one, other) {
            (ContactLimit::At { angle: a, touch: s }, ContactLimit::At { angle: b, touch: t }) => {
                assert!((a - b).abs().degrees() <= 2.0 * RESOLUTION_DEG, "{a} {b}");
                assert!(s.at.distance(t.at) < 1.0, "{s:?} {t:?}");
                met += 1;
            }
            (a, b) => {
                assert_eq!(std::mem::discriminant(&a), std::mem::discriminant(&b), "{a:?} {b:?}");
                free += 1;
            }
        }
    }
    assert!(met >= 2 && free >= 2, "{met} {free}");
    let positions: Vec<_> =
        (0..40).map(|i| HipAngles::from_degrees(3.0 * f64::from(i), 5.0, -10.0)).collect();
    for (angles, (one, other)) in
        positions.iter().zip(mounted.clearances(&positions).into_iter().zip(direct.clearances(&positions)))
    {
        let (one, other) = (one.unwrap(), other.unwrap());
        // Depths are looked at in corners, of which a refined surface has others.
        let most = if other.distance_mm < 0.0 { 0.3 } else { 1e-6 };
        assert!((one.distance_mm - other.distance_mm).abs() < most, "{angles:?}: {one:?} {other:?}");
        let rotation = angles.rotation();
        assert_eq!(mounted.is_free(&rotation), direct.is_free(&rotation));
    }
    let path = Path::new(&positions).unwrap();
    let travelled = |met: Option<PathContact<Gravity>>| met.unwrap().place.travelled.degrees();
    let (one, other) = (travelled(mounted.first_contact(&path)), travelled(direct.first_contact(&path)));
    assert!((one - other).abs() <= 2.0 * RESOLUTION_DEG, "{one} {other}");
}
