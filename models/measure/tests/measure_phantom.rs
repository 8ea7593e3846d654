//! A femur made of spheres and cones whose angles are known.

use coxa_anatomy::{Bone, BoneSurfaces, HipAnatomy};
use coxa_geometry::frame::{Patient, RightSide};
use coxa_geometry::{Mesh, Point, Quantity, Side, Transform};
use coxa_imaging::isosurface::closed_isosurface;
use coxa_imaging::{Grid, Volume};
use coxa_measure::measure;
use nalgebra::{Isometry3, Translation3, UnitQuaternion, Vector3};

const HEAD_RADIUS: f64 = 24.0;
const NECK_SHAFT_DEG: f64 = 128.0;
const VERSION_DEG: f64 = 18.0;
const NECK_MM: f64 = 52.0;
/// Voxel size of the phantom.
const STEP_MM: f64 = 1.5;

/// Distance to a rounded cone from `a` to `b` whose radius goes from `ra` to `rb`; exact enough near its side.
fn cone(p: Vector3<f64>, a: Vector3<f64>, b: Vector3<f64>, ra: f64, rb: f64) -> f64 {
    let axis = b - a;
    let t = ((p - a).dot(&axis) / axis.norm_squared()).clamp(0.0, 1.0);
    (p - a - axis * t).norm() - (ra + (rb - ra) * t)
}

/// A right femur in LPS with a vertical shaft through the origin and the posterior condylar line along x. Only what
/// lies above `lowest` is in the volume.
fn femur(lowest: f64) -> Mesh<Patient> {
    let up = Vector3::z();
    let version = VERSION_DEG.to_radians();
    // Medial is +x and anterior -y.
    let medial = Vector3::new(version.cos(), -version.sin(), 0.0);
    let tilt = (180.0 - NECK_SHAFT_DEG).to_radians();
    let neck = up * tilt.cos() + medial * tilt.sin();
    let base = Vector3::zeros();
    let head = base + neck * NECK_MM;
    let waist = base + neck * (NECK_MM - 22.0);
    let surface = |p: Vector3<f64>| {
        let parts = [
            (p - head).norm() - HEAD_RADIUS,
            // Hourglass neck.
            cone(p, base, waist, 20.0, 14.0),
            cone(p, waist, head, 14.0, 19.0),
            // Shaft, trochanters, condyles.
            cone(p, base, Vector3::new(0.0, 0.0, -340.0), 15.0, 15.0),
            (p - Vector3::new(-6.0, 2.0, 8.0)).norm() - 20.0,
            (p - Vector3::new(12.0, 12.0, -35.0)).norm() - 9.0,
            cone(p, Vector3::new(0.0, 0.0, -320.0), Vector3::new(24.0, 4.0, -375.0), 15.0, 22.0),
            cone(p, Vector3::new(0.0, 0.0, -320.0), Vector3::new(-24.0, 4.0, -375.0), 15.0, 22.0),
        ];
        parts.into_iter().fold(f64::INFINITY, f64::min)
    };
    let low = Vector3::new(-60.0, -50.0, lowest);
    let high = Vector3::new(80.0, 50.0, 75.0);
    let dims = (high - low).map(|d| (d / STEP_MM) as usize);
    let grid = Grid::axis_aligned([dims.x, dims.y, dims.z], Point::from_coords(low.into()), [STEP_MM; 3]);
    let voxels = ndarray::Array3::from_shape_fn((dims.z, dims.y, dims.x), |(k, j, i)| {
        let p = low + Vector3::new(i as f64, j as f64, k as f64) * STEP_MM;
        (-surface(p) * 1000.0).clamp(-30_000.0, 30_000.0) as i16
    });
    closed_isosurface(&Volume::new(grid, voxels), 0.0)
}

fn measured(anatomy: &HipAnatomy, quantity: Quantity, side: Side) -> f64 {
    let measured = anatomy.measurements.get(quantity.of(side));
    measured.unwrap_or_else(|| panic!("{quantity} is missing: {:?}", anatomy.missing)).value
}

#[test]
fn a_femur_of_known_angles_gives_them_back_in_any_pose_and_on_either_side() {
    let upright = femur(-410.0);
    let offset = NECK_MM * (180.0 - NECK_SHAFT_DEG).to_radians().sin();
    for (turn, side) in
        [([0.0, 0.0, 0.0], Side::Right), ([0.3, -0.2, 0.5], Side::Left), ([-0.5, 0.4, -0.3], Side::Right)]
    {
        let motion = Isometry3::from_parts(
            Translation3::new(-80.0, 30.0, 700.0),
            UnitQuaternion::from_scaled_axis(Vector3::from(turn)),
        );
        let motion: Transform<Patient, RightSide> = Transform::from_isometry(motion);
        let mesh = side.leave(motion.apply(&upright));
        let anatomy = measure(&BoneSurfaces::from([(Bone::femur(side), mesh)]), None);
        let value = |quantity| measured(&anatomy, quantity, side);
        assert!(
            (value(Quantity::NeckShaftAngle) - NECK_SHAFT_DEG).abs() < 0.7,
            "{}",
            value(Quantity::NeckShaftAngle)
        );
        assert!(
            (value(Quantity::FemoralVersion) - VERSION_DEG).abs() < 1.0,
            "{}",
            value(Quantity::FemoralVersion)
        );
        assert!((value(Quantity::FemoralOffset) - offset).abs() < 0.5, "{}", value(Quantity::FemoralOffset));
        assert!(
            (value(Quantity::HeadDiameter) - 2.0 * HEAD_RADIUS).abs() < 0.3,
            "{}",
            value(Quantity::HeadDiameter)
        );
    }
}

#[test]
fn a_capped_femur_has_no_landmark_on_its_cap() {
    // Cut flat and closed, as label surfaces are at the end of a scan.
    let short = measure(&BoneSurfaces::from([(Bone::FemurRight, femur(-110.0))]), None);
    assert!((measured(&short, Quantity::NeckShaftAngle, Side::Right) - NECK_SHAFT_DEG).abs() < 1.0);
    assert!(short.landmark(coxa_anatomy::LandmarkKind::MedialEpicondyle, Side::Right).is_none());
    assert!(short.missing.iter().any(|m| m.what == "femoral_version_right"));

    let stub = measure(&BoneSurfaces::from([(Bone::FemurRight, femur(-34.0))]), None);
    assert!(stub.right.shaft.is_none(), "{:?}", stub.right.shaft);
    assert!(stub.landmark(coxa_anatomy::LandmarkKind::LesserTrochanter, Side::Right).is_none());
}
