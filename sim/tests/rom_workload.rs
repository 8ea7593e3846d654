//! Contact on real bones against answers that four other collision libraries agree on.
//!
//! The surfaces may be used for tests only, so they are read from the reference data where it is present.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use coxa_geometry::frame::{Femur, Frame, Gravity, Patient};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::mesh::file;
use coxa_geometry::{Angle, Mesh, Point};
use coxa_sim::rom::contact::{ContactLimit, ContactModel, Part};
use coxa_sim::rom::{Direction, JointAxis, Motion};
use std::path::PathBuf;

fn workload() -> Option<PathBuf> {
    let data = std::env::var_os("COXA_REFERENCE_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    let folder = data.join("test-only/rom-workload-lhdl");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: the reference data is not there; set COXA_REFERENCE_DATA to its folder");
    None
}

/// A surface in patient axes about the hip centre, turned to ISB axes.
fn surface<F: Frame>(folder: &std::path::Path, name: &str) -> Mesh<F> {
    let mesh: Mesh<Patient> = file::read(&folder.join(format!("{name}.ply"))).unwrap();
    let turned = |p: &Point<Patient>| Point::new(-p.y(), p.z(), -p.x());
    Mesh { vertices: mesh.vertices.iter().map(turned).collect(), triangles: mesh.triangles }
}

/// Bone on bone, and neck on cup.
fn models(folder: &std::path::Path) -> [ContactModel<Gravity>; 2] {
    [("pelvis", "femur_resected"), ("cup", "neck_and_stem")].map(|(fixed, moving)| {
        let (fixed_mesh, moving_mesh) = (surface(folder, fixed), surface::<Femur>(folder, moving));
        let fixed = [Part { name: fixed, mesh: &fixed_mesh }];
        let moving = [Part { name: moving, mesh: &moving_mesh }];
        ContactModel::new(&fixed, &moving).unwrap()
    })
}

fn rows(folder: &std::path::Path, name: &str) -> Vec<Vec<Option<f64>>> {
    let mut reader = csv::Reader::from_path(folder.join(name)).unwrap();
    reader.records().map(|row| row.unwrap().iter().map(|cell| cell.trim().parse().ok()).collect()).collect()
}

#[test]
fn every_pose_gets_the_agreed_answer() {
    let Some(folder) = workload() else { return };
    let models = models(&folder);
    let poses = rows(&folder, "poses.csv");
    assert!(poses.len() > 9000);
    let angles: Vec<HipAngles> = poses
        .iter()
        .map(|row| HipAngles::from_degrees(row[0].unwrap(), -row[1].unwrap(), row[2].unwrap()))
        .collect();
    let rotations: Vec<_> = angles.iter().map(|angles| angles.rotation()).collect();
    for (column, model) in models.iter().enumerate() {
        let free = model.are_free(&rotations);
        for (i, (row, free)) in poses.iter().zip(free).enumerate() {
            let collides = row[3 + column].unwrap() == 1.0;
            assert_eq!(free, !collides, "{}", angles[i]);
            // Alone and out of order, and with the place: the same answer.
            if i % 7 == 0 {
                assert_eq!(model.is_free(&rotations[i]), free, "{}", angles[i]);
                assert_eq!(model.touch(angles[i]).is_some(), collides, "{}", angles[i]);
            }
        }
    }
}

#[test]
fn the_room_of_a_pose_has_the_sign_of_the_agreed_answer() {
    let Some(folder) = workload() else { return };
    let poses = rows(&folder, "poses.csv");
    let some: Vec<_> = poses.iter().step_by(20).collect();
    let angles: Vec<HipAngles> = some
        .iter()
        .map(|row| HipAngles::from_degrees(row[0].unwrap(), -row[1].unwrap(), row[2].unwrap()))
        .collect();
    for (column, model) in models(&folder).iter().enumerate() {
        for (row, (room, &angles)) in some.iter().zip(model.clearances(&angles).into_iter().zip(&angles)) {
            let room = room.unwrap();
            assert_eq!(room.distance_mm <= 0.0, row[3 + column].unwrap() == 1.0, "{angles}: {room:?}");
            // The places are as far apart as is said, or as deep.
            let apart = room.on_fixed.distance(room.on_moving);
            assert!((apart - room.distance_mm.abs()).abs() < 1e-6, "{angles}: {room:?}");
        }
    }
}

#[test]
fn flexion_stops_where_it_should() {
    let Some(folder) = workload() else { return };
    let models = models(&folder);
    let (start, range) = (60.0, Angle::from_degrees(90.0));
    let mut compared = 0;
    for row in rows(&folder, "flexion_limits.csv") {
        let at_start = HipAngles::from_degrees(start, -row[0].unwrap(), row[1].unwrap());
        let motion = Motion::new("flexion", at_start, JointAxis::Flexion, Direction::Positive, range);
        for (model, expected) in models.iter().zip(&row[2..]) {
            // The table was bisected to 0.02 degrees, and begins by taking 60 degrees as free.
            match (model.limit(&motion), expected) {
                (ContactLimit::At { angle, .. }, Some(expected)) => {
                    assert!(
                        (angle.degrees() + start - expected).abs() < 0.03,
                        "{at_start}: {angle:.3} {expected}"
                    );
                }
                (ContactLimit::Free, None) => {}
                (ContactLimit::BlockedAtStart(_), Some(expected)) => assert!(*expected < start + 0.02),
                (found, expected) => panic!("{at_start}: {found:?}, expected {expected:?}"),
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 750);
}
