//! `coxa shape`: statistical shape models of bones.

mod build;
mod draw;
mod fit;
mod info;
mod measure;
mod progress;
mod sample;

use crate::cli::shape::ShapeCommand;
use anyhow::{Context, Result, bail};
use coxa_case::failure::file_error;
use coxa_case::progress::Progress;
use coxa_geometry::Mesh;
use coxa_geometry::frame::Frame;
use coxa_geometry::mesh::ply;
use coxa_imaging::atomic;
use std::io::Write;
use std::path::Path;

/// Most modes of a model with its kernel.
const EXTENDED_MODES: usize = 100;

/// Runs the command.
pub fn run(command: &ShapeCommand, progress: &dyn Progress) -> Result<()> {
    match command {
        ShapeCommand::Build(args) => build::run(args, progress),
        ShapeCommand::Fit(args) => fit::run(args, progress),
        ShapeCommand::Sample(args) => sample::run(args),
        ShapeCommand::Measure(args) => measure::run(args, progress),
        ShapeCommand::Info(args) => info::run(args),
        ShapeCommand::Progress(args) => progress::run(args, progress),
    }
}

/// Writes a file.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |e: std::io::Error| file_error("write", path, &e);
    let mut file = atomic::beside(path).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.persist(path).map(drop).map_err(|e| failed(e.error))
}

/// Writes a surface as PLY.
fn write_ply<F: Frame>(mesh: &Mesh<F>, path: &Path) -> Result<()> {
    let mut bytes = Vec::new();
    ply::write(mesh, &mut bytes).context("writing a surface into memory")?;
    write(path, &bytes)
}

/// Refuses a name that does not end as its format does.
fn check_ending(path: &Path, ending: &str) -> Result<()> {
    match path.extension() {
        Some(found) if found.eq_ignore_ascii_case(ending) => Ok(()),
        _ => bail!("{} must end in .{ending}", path.display()),
    }
}

/// Makes a folder if it is not there.
fn make_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).map_err(|e| file_error("create", path, &e))
}
