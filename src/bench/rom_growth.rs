//! How the cost of contact grows with triangles and with poses, and a peer in the same run.

use super::BenchReport;
use crate::verify::workload::SurfacePair;
use anyhow::{Context, Result};
use coxa_geometry::frame::{Frame, Patient};
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Mesh, Point};
use coxa_imaging::isosurface::closed_isosurface;
use coxa_imaging::{Grid, Volume};
use coxa_rom::contact::{ContactModel, NamedMesh};
use nalgebra::{Rotation3, UnitQuaternion};
use ndarray::Array3;
use parry3d_f64::math::{Pose, Rotation, Vector as PeerVector};
use parry3d_f64::query::intersection_test;
use parry3d_f64::shape::TriMesh;
use rayon::prelude::*;
use std::hint::black_box;
use std::time::Instant;

/// Triangles of both sides together, about.
const TRIANGLES: [usize; 3] = [5_000, 20_000, 160_000];
/// Poses asked for in a row; fewer where the workload has fewer.
const POSES: [usize; 3] = [100, 1_000, 10_000];
/// Time for which poses are asked, in seconds.
const LONG_ENOUGH_S: f64 = 1.0;
/// Room around a surface that is sampled anew, in spacings.
const ROOM: f64 = 2.5;

/// Set-up and time per pose on one thread for the same two bodies with fewer and more triangles.
pub(super) fn growth(
    report: &mut BenchReport,
    pair: &SurfacePair,
    rotations: &[Rotation3<f64>],
) -> Result<()> {
    let (fixed, moving) = pair.surfaces();
    let area = fixed.area() + moving.area();
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    for wanted in TRIANGLES {
        // An isosurface has about two triangles to a face of a voxel, and a slanted surface crosses more of them.
        let spacing = (area * 3.0 / wanted as f64).sqrt();
        let (fixed, moving) = (sampled(fixed, spacing)?, sampled(moving, spacing)?);
        let of = format!("{}k_triangles", (fixed.triangles.len() + moving.triangles.len() + 500) / 1000);
        let start = Instant::now();
        let model = ContactModel::new(
            &[NamedMesh { name: "fixed", mesh: &fixed }],
            &[NamedMesh { name: "moving", mesh: &moving }],
        )?;
        report.push(format!("setup_seconds_{of}"), start.elapsed().as_secs_f64());
        for poses in POSES {
            let some = &rotations[..poses.min(rotations.len())];
            let seconds = one_thread.install(|| per_round(|| drop(black_box(model.are_free(some)))));
            let name = format!("microseconds_per_pose_{of}_{}_poses", some.len());
            report.push(name, seconds / some.len() as f64 * 1e6);
        }
    }
    Ok(())
}

/// Mean time of one round of some work, which is repeated for long enough.
pub(super) fn per_round(mut work: impl FnMut()) -> f64 {
    let (start, mut rounds) = (Instant::now(), 0);
    while rounds == 0 || start.elapsed().as_secs_f64() < LONG_ENOUGH_S {
        work();
        rounds += 1;
    }
    start.elapsed().as_secs_f64() / f64::from(rounds)
}

/// The same body with another number of triangles: its signed distance, sampled on a grid, and the surface of that.
fn sampled<F: Frame>(mesh: &Mesh<F>, spacing: f64) -> Result<Mesh<F>> {
    let query = MeshQuery::new(mesh)?;
    let (low, high) = mesh.bounds().context("a surface of the workload is empty")?;
    let (low, high) = (low.coords(), high.coords());
    let origin = Point::<Patient>::from_coords(low.map(|c| c - ROOM * spacing));
    let dims = [0, 1, 2].map(|axis| ((high[axis] - low[axis]) / spacing + 2.0 * ROOM).ceil() as usize + 1);
    let grid = Grid::axis_aligned(dims, origin, [spacing; 3]);
    let [nx, ny, nz] = dims;
    let values: Vec<f32> = (0..nx * ny * nz)
        .into_par_iter()
        .map(|i| {
            let steps = [i % nx, i / nx % ny, i / nx / ny].map(|n| n as f64 * spacing);
            let at = origin.coords();
            let point = Point::<F>::new(at.x + steps[0], at.y + steps[1], at.z + steps[2]);
            let (_, _, distance) = query.closest(point);
            if query.contains(point) { distance as f32 } else { -distance as f32 }
        })
        .collect();
    let volume = Volume::new(grid, Array3::from_shape_vec((nz, ny, nx), values)?);
    let surface = closed_isosurface(&volume, 0.0);
    let vertices = surface.vertices.iter().map(|p| Point::new(p.x(), p.y(), p.z())).collect();
    Ok(Mesh { vertices, triangles: surface.triangles })
}

/// Poses a second by the mesh intersection test of parry3d, on one thread.
pub(super) fn peer(pair: &SurfacePair, rotations: &[Rotation3<f64>]) -> Result<f64> {
    let (fixed, moving) = pair.surfaces();
    let (fixed, moving) = (peer_mesh(fixed)?, peer_mesh(moving)?);
    // Evenly over the list, for it is slow.
    let some: Vec<_> = rotations.iter().step_by(rotations.len().div_ceil(PEER_POSES).max(1)).collect();
    let seconds = per_round(|| {
        for rotation in &some {
            let q = UnitQuaternion::from_rotation_matrix(rotation);
            let turned = Pose::from_rotation(Rotation::from_xyzw(q.i, q.j, q.k, q.w));
            black_box(intersection_test(&Pose::IDENTITY, &fixed, &turned, &moving)).ok();
        }
    });
    Ok(some.len() as f64 / seconds)
}

/// Poses that the peer is asked.
const PEER_POSES: usize = 100;

fn peer_mesh<F: Frame>(mesh: &Mesh<F>) -> Result<TriMesh> {
    let vertices = mesh.vertices.iter().map(|p| PeerVector::new(p.x(), p.y(), p.z())).collect();
    Ok(TriMesh::new(vertices, mesh.triangles.clone())?)
}
