//! Frames a second of the four views at 1280 x 800 while the camera turns and all slices move. On the case in `COXA_CASE`, else on one
//! of a virtual patient made here.

#[path = "../tests/common/mod.rs"]
mod common;

use coxa_case::progress::Silent;
use coxa_viewer::opened::{Keeping, Opened};
use coxa_viewer::window;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

const SIZE_PX: [u32; 2] = [1280, 800];
const FRAMES: usize = 120;

fn main() -> ExitCode {
    let made = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => return failed(&error),
    };
    let folder = std::env::var_os("COXA_CASE").map(PathBuf::from).unwrap_or_else(|| {
        common::write_case(&made.path().join("case"), 1.0);
        made.path().join("case")
    });
    let measured = Opened::read(&folder, Keeping::Nothing, &Silent)
        .and_then(|opened| window::speed(opened, SIZE_PX, FRAMES));
    let speed = match measured {
        Ok(speed) => speed,
        Err(error) => return failed(&format!("{error:#}")),
    };
    let ms = |of: &[Duration], part: f64| of[(part * (of.len() - 1) as f64) as usize].as_secs_f64() * 1e3;
    let [width, height] = SIZE_PX;
    println!(
        "four views of {width} x {height} pixels, {} triangles in space and three slices, on {}",
        speed.triangles, speed.adapter
    );
    for (what, of) in [("all", &speed.frames), ("slices and panels alone", &speed.without_space)] {
        let (median, most) = (ms(of, 0.5), ms(of, 0.9));
        let rate = 1e3 / median;
        println!("{what}: median {median:.1} ms ({rate:.1} frames/s), nine of ten within {most:.1} ms");
    }
    ExitCode::SUCCESS
}

fn failed(error: &dyn std::fmt::Display) -> ExitCode {
    eprintln!("{error}");
    ExitCode::FAILURE
}
