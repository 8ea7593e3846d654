//! Radiomics of a made-up image, beside pyradiomics where a `python3` has it.

use super::BenchReport;
use anyhow::{Context, Result};
use coxa_geometry::Point;
use coxa_imaging::{Grid, Volume, nifti};
use coxa_radiomics::{Extraction, Mode, Settings, extract};
use ndarray::Array3;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const SIDE: usize = 100;

/// Each quantity is the least of this many runs: what the machine does besides only ever adds.
const RUNS: usize = 5;
/// The same of pyradiomics, which takes seconds.
const PEER_RUNS: usize = 3;

/// What runs in Python.
const PEER: &str = include_str!("pyradiomics.py");

/// What pyradiomics says.
#[derive(Debug, Deserialize)]
struct Peer {
    version: String,
    seconds: f64,
    features: BTreeMap<String, f64>,
}

/// The features of a ball of 382,000 voxels and of a box of 980,000 in an image of 100 x 100 x 100, in both modes; where pyradiomics is there, its time and how far its values are from ours.
pub fn run() -> Result<BenchReport> {
    let python = python();
    let beside = match &python {
        Some(_) => "pyradiomics beside it, least of 3 runs",
        None => "no python3 on the PATH has pyradiomics, so that nothing is compared",
    };
    let mut report = BenchReport::new(
        "radiomics",
        format!(
            "made-up image, 100x100x100; bins of 25; ball of radius 45 voxels and box of 100x100x98; least of 5 runs; {beside}"
        ),
    );
    let grid = Grid::axis_aligned([SIDE; 3], Point::new(0.0, 0.0, 0.0), [1.0; 3]);
    let image = Volume::new(grid.clone(), Array3::from_shape_fn((SIDE, SIDE, SIDE), value));
    let middle = 0.5 * (SIDE as f64 - 1.0);
    let ball = Array3::from_shape_fn((SIDE, SIDE, SIDE), |(k, j, i)| {
        [k, j, i].iter().map(|&at| (at as f64 - middle).powi(2)).sum::<f64>() < 2025.0
    });
    let full = Array3::from_shape_fn((SIDE, SIDE, SIDE), |(k, _, _)| k > 0 && k < SIDE - 1);
    for (name, mask) in [("ball", ball), ("box", full)] {
        let mask = Volume::new(grid.clone(), mask);
        for (mode_name, mode) in [("pyradiomics", Mode::Pyradiomics), ("ibsi", Mode::Ibsi)] {
            let settings = Settings { mode, ..Settings::default() };
            let (seconds, found) = timed(&image, &mask, &settings)?;
            let count = found.features.len();
            report.push(
                format!("{name}_{mode_name}_mode_{count}_features_wall_milliseconds"),
                1000.0 * seconds,
            );
            if let (Mode::Pyradiomics, Some(python)) = (mode, &python) {
                let peer = peer(python, &image, &mask)?;
                let version = &peer.version;
                report.push(
                    format!("{name}_by_pyradiomics_{version}_wall_milliseconds"),
                    1000.0 * peer.seconds,
                );
                report.push(format!("{name}_times_as_fast_as_pyradiomics"), peer.seconds / seconds);
                report.push(format!("{name}_features_compared"), shared(&found, &peer).count() as f64);
                report.push(
                    format!("{name}_largest_relative_difference_1e-12"),
                    1e12 * difference(&found, &peer),
                );
            }
        }
    }
    Ok(report)
}

fn timed(image: &Volume<f64>, mask: &Volume<bool>, settings: &Settings) -> Result<(f64, Extraction)> {
    let mut least = f64::INFINITY;
    let mut found = None;
    for _ in 0..RUNS {
        let start = Instant::now();
        found = Some(black_box(extract(image, mask, settings)?));
        least = least.min(start.elapsed().as_secs_f64());
    }
    Ok((least, found.context("there was no run")?))
}

/// The first `python3` on the `PATH` that has pyradiomics.
fn python() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let name = format!("python3{}", std::env::consts::EXE_SUFFIX);
    let mut programs = std::env::split_paths(&path).map(|folder| folder.join(&name));
    programs.find(|program| {
        let tried = Command::new(program).args(["-c", "import radiomics, SimpleITK"]).output();
        tried.is_ok_and(|output| output.status.success())
    })
}

fn peer(python: &Path, image: &Volume<f64>, mask: &Volume<bool>) -> Result<Peer> {
    let scratch = tempfile::tempdir()?;
    let path = |name: &str| scratch.path().join(name);
    // Its values are whole numbers of a few hundred.
    nifti::write_ct(
        &Volume::new(image.grid.clone(), image.voxels.mapv(|value| value as i16)),
        &path("image.nii"),
    )?;
    nifti::write_labels(&Volume::new(mask.grid.clone(), mask.voxels.mapv(u8::from)), &path("mask.nii"))?;
    let mut command = Command::new(python);
    command.args(["-c", PEER]).arg(path("image.nii")).arg(path("mask.nii")).arg(PEER_RUNS.to_string());
    let output = command.output().context("python3 did not start")?;
    serde_json::from_slice(&output.stdout).with_context(|| {
        format!("pyradiomics failed: {}", String::from_utf8_lossy(&output.stderr).trim_end())
    })
}

/// Values of both, of the features that both have.
fn shared<'a>(found: &'a Extraction, peer: &'a Peer) -> impl Iterator<Item = (f64, f64)> + 'a {
    found.features.iter().filter_map(|feature| Some((feature.value?, *peer.features.get(&feature.tag)?)))
}

/// Largest difference in parts of the peer's value.
fn difference(found: &Extraction, peer: &Peer) -> f64 {
    let of = |(ours, theirs): (f64, f64)| match ours == theirs {
        true => 0.0,
        false => (ours - theirs).abs() / theirs.abs(),
    };
    shared(found, peer).map(of).fold(0.0, f64::max)
}

/// Waves and noise in whole numbers; the same everywhere and always.
fn value((k, j, i): (usize, usize, usize)) -> f64 {
    let [x, y, z] = [i, j, k].map(|at| at as f64);
    let mut noise = (i + SIDE * (j + SIDE * k)) as u64;
    noise = (noise ^ noise >> 13).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    noise = (noise ^ noise >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    // The sum of four bytes is near enough to normal.
    let sum: u64 = (0..4).map(|byte| noise >> (8 * byte) & 255).sum();
    let deviate = (sum as f64 - 510.0) / 147.8;
    (40.0 + 60.0 * (x / 7.0).sin() * (y / 9.0).cos() + 50.0 * (z / 5.0).sin() + 30.0 * deviate).round()
}
