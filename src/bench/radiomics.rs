//! Radiomics of a made-up image.

use super::BenchReport;
use anyhow::Result;
use coxa_geometry::Point;
use coxa_imaging::{Grid, Volume};
use coxa_radiomics::{Mode, Settings, extract};
use ndarray::Array3;
use std::hint::black_box;
use std::time::Instant;

const SIDE: usize = 100;

/// Each quantity is the least of this many runs: what the machine does besides only ever adds.
const RUNS: usize = 5;

/// The features of a ball of 382,000 voxels and of a box of 980,000 in an image of 100 x 100 x 100, in both modes.
pub fn run() -> Result<BenchReport> {
    let mut report = BenchReport::new(
        "radiomics",
        "made-up image, 100x100x100; bins of 25; ball of radius 45 voxels and box of 100x100x98; least of 5 runs",
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
            let mut least = f64::INFINITY;
            let mut features = 0;
            for _ in 0..RUNS {
                let start = Instant::now();
                features = black_box(extract(&image, &mask, &settings)?).features.len();
                least = least.min(start.elapsed().as_secs_f64());
            }
            report.push(format!("{name}_{mode_name}_{features}_features_wall_milliseconds"), 1000.0 * least);
        }
    }
    Ok(report)
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
