//! What the end-to-end tests share: running the program, and inputs made on the spot.

#![allow(dead_code, unreachable_pub)] // Each test binary uses a part of it.

use coxa_geometry::Point;
use coxa_imaging::{CtVolume, Grid, Volume};
use ndarray::Array3;
use std::process::{Command, Output};

/// Runs the program and returns what it printed.
pub fn coxa<S: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = S>) -> Output {
    Command::new(env!("CARGO_BIN_EXE_coxa")).args(args).output().expect("the program starts")
}

/// Standard error as text.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Standard output as text.
pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A small CT of a water ball with a bone core, in air.
pub fn ball(dims: [usize; 3]) -> CtVolume {
    let grid = Grid::axis_aligned(dims, Point::new(-20.0, -30.0, 100.0), [1.0, 1.25, 2.0]);
    let [ni, nj, nk] = dims;
    let voxels = Array3::from_shape_fn((nk, nj, ni), |(k, j, i)| {
        let r = [(i, ni), (j, nj), (k, nk)]
            .map(|(x, n)| (x as f64 / n as f64 - 0.5).powi(2))
            .iter()
            .sum::<f64>()
            .sqrt();
        if r < 0.2 {
            700
        } else if r < 0.4 {
            40 + (i + 2 * j + 3 * k) as i16 % 7
        } else {
            -1000
        }
    });
    Volume::new(grid, voxels)
}
