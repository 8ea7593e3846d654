//! Volume processing on a synthetic CT.

use super::BenchReport;
use anyhow::Result;
use coxa_geometry::Point;
use coxa_imaging::drr::{self, Camera, Source};
use coxa_imaging::isosurface::isosurface;
use coxa_imaging::source::{self, ReadOptions};
use coxa_imaging::{dicom, nifti, phantom, resample};
use cpu_time::ProcessTime;
use rayon::prelude::*;
use std::hint::black_box;
use std::time::Instant;

const DIMS: [usize; 3] = [512, 512, 400];
const DRR_VOXELS: usize = 256;
const DRR_PIXELS: usize = 512;

/// Each quantity is the least of this many runs: what the machine does besides only ever adds.
const RUNS: usize = 5;

/// Surfaces, resampling, projection and files, each as wall and processor seconds and as a multiple of the processor time
/// that merely reading the volume from memory takes in the same run.
pub fn run() -> Result<BenchReport> {
    let mut report = BenchReport::new(
        "imaging",
        "synthetic CT, 512x512x400 int16; least of 5 runs; floor = reading it from memory",
    );
    let ct = phantom::sheets(DIMS);
    let floor = timed(|| {
        ct.as_slice().par_chunks(1 << 16).map(|c| c.iter().map(|&v| i64::from(v)).sum::<i64>()).sum::<i64>()
    })
    .1;
    report.push("floor_cpu_seconds", floor.cpu);
    let mut push = |name: &str, seconds: Seconds| {
        report.push(format!("{name}_wall_seconds"), seconds.wall);
        report.push(format!("{name}_cpu_seconds"), seconds.cpu);
        report.push(format!("{name}_over_floor"), seconds.cpu / floor.cpu);
    };

    let (mesh, seconds) = timed(|| isosurface(&ct, phantom::BONE_LEVEL_HU));
    push("isosurface", seconds);
    let triangles = mesh.triangles.len();
    drop(mesh);

    let isotropic = resample::grid_with_spacing(&ct.grid, [1.0; 3]);
    push("resample_to_1_mm", timed(|| resample::linear(&ct, &isotropic)).1);

    let small = phantom::sheets([DRR_VOXELS; 3]);
    let camera = drr_camera(&small.grid);
    push("drr", timed(|| drr::project(&small, &camera, drr::WATER_60_KEV_PER_MM)).1);

    let scratch = tempfile::tempdir()?;
    let file = scratch.path().join("ct.nii.gz");
    push("nifti_write", timed_once(|| nifti::write_ct(&ct, &file))?.1);
    push("nifti_read", timed_once(|| nifti::read_ct(&file))?.1);
    let series = scratch.path().join("series");
    push("dicom_write", timed_once(|| dicom::write_series(&ct, &series))?.1);
    push("dicom_read", timed_once(|| source::open(&series, &ReadOptions::default()))?.1);

    report.push("isosurface_triangles", triangles as f64);
    Ok(report)
}

/// An anteroposterior exposure of the whole volume: focus 1 m in front of its middle, detector 0.5 m behind.
fn drr_camera(grid: &coxa_imaging::Grid) -> Camera {
    let half = grid.dims.map(|n| (n as f64 - 1.0) / 2.0);
    let middle = grid.to_patient(Point::new(half[0], half[1], half[2]));
    let pixel_mm = 1.2;
    let first = pixel_mm * (DRR_PIXELS as f64 - 1.0) / 2.0;
    Camera {
        source: Source::Focus(Point::new(middle.x(), middle.y() - 1000.0, middle.z())),
        first_pixel: Point::new(middle.x() - first, middle.y() + 500.0, middle.z() + first),
        columns: DRR_PIXELS,
        rows: DRR_PIXELS,
        ..Camera::anteroposterior(grid, pixel_mm)
    }
}

#[derive(Clone, Copy)]
struct Seconds {
    wall: f64,
    cpu: f64,
}

fn timed_once<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<(T, Seconds), E> {
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    let done = work()?;
    Ok((done, Seconds { wall: wall.elapsed().as_secs_f64(), cpu: cpu.elapsed().as_secs_f64() }))
}

fn timed<T>(work: impl Fn() -> T) -> (T, Seconds) {
    let once = || {
        let (wall, cpu) = (Instant::now(), ProcessTime::now());
        let done = black_box(work());
        (done, Seconds { wall: wall.elapsed().as_secs_f64(), cpu: cpu.elapsed().as_secs_f64() })
    };
    let (mut done, mut least) = once();
    for _ in 1..RUNS {
        // The result before goes first, so that memory is never held twice.
        drop(done);
        let again = once();
        done = again.0;
        least = Seconds { wall: least.wall.min(again.1.wall), cpu: least.cpu.min(again.1.cpu) };
    }
    (done, least)
}
