//! The main path on a full-size CT.

use super::BenchReport;
use crate::terminal::Terminal;
use anyhow::Result;
use coxa_case::folder::Case;
use coxa_case::input::Scan;
use coxa_case::pipeline::{self, PlanFrom};
use coxa_case::request::Request;
use coxa_case::stages::{DrawScenes, Stages};
use coxa_geometry::Side;
use coxa_imaging::resample;
use coxa_imaging::{Grid, dicom};
use coxa_synthetic::VirtualPatientOptions;
use std::time::Instant;

const DIMS: [usize; 3] = [512, 512, 400];

/// From a DICOM series of 512x512x400 voxels on disk to the finished report, stage by stage.
pub fn run() -> Result<BenchReport> {
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path().join("series");
    {
        let patient = coxa_synthetic::generate(&VirtualPatientOptions::default())?;
        let extent = |axis: usize| patient.ct.grid.spacing_mm()[axis] * patient.ct.grid.dims[axis] as f64;
        let spacing = std::array::from_fn(|axis| extent(axis) / DIMS[axis] as f64);
        let grid = Grid::axis_aligned(DIMS, patient.ct.grid.origin, spacing);
        dicom::write_series(&resample::linear(&patient.ct, &grid), &folder)?;
    }
    forget_peak_memory();
    let mut report = BenchReport::new("plan", "virtual patient, 512x512x400, DICOM series to report.html");
    let start = Instant::now();
    let terminal = Terminal::new(false);
    let scan = Scan::read(&folder, None, &terminal)?;
    report.push("read_seconds", start.elapsed().as_secs_f64());
    let request = Request { side: Some(Side::Right), ..Request::of_ct(scan.source.clone()) };
    let mut case = Case::create(&scratch.path().join("case"), request)?;
    let mut stages = Stages::of_scan(&mut case, scan, &terminal)?;
    let outcome = pipeline::run(&mut stages, PlanFrom::Rule, DrawScenes::OWN)?;
    report.push("total_seconds", start.elapsed().as_secs_f64());
    report.push("planned", f64::from(u8::from(outcome.planned.is_some())));
    if let Some(peak) = peak_memory_gb() {
        report.push("peak_memory_gb", peak);
    }
    Ok(report)
}

/// Begins the high-water mark of resident memory anew, where the system can: making the scan is no part of planning on it.
fn forget_peak_memory() {
    // Where this fails, as outside Linux, the mark is that of the whole process, which is never too small.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// High-water mark of resident memory, where the system tells.
fn peak_memory_gb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0 / 1024.0)
}
