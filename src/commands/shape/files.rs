//! Files that the commands on shapes write.

use anyhow::{Context, Result, bail};
use coxa_case::failure::file_error;
use coxa_geometry::Mesh;
use coxa_geometry::frame::Frame;
use coxa_geometry::mesh::ply;
use coxa_imaging::atomic;
use std::path::Path;

/// Most modes of a model with its kernel.
pub(super) const EXTENDED_MODES: usize = 100;

/// Writes a file.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    atomic::write(path, bytes).map_err(|e| file_error("write", path, &e))
}

/// Writes a surface as PLY.
pub(super) fn write_ply<F: Frame>(mesh: &Mesh<F>, path: &Path) -> Result<()> {
    let mut bytes = Vec::new();
    ply::write(mesh, &mut bytes).context("cannot write a surface into memory")?;
    write(path, &bytes)
}

/// Refuses a name that does not end as its format does.
pub(super) fn check_ending(path: &Path, ending: &str) -> Result<()> {
    match path.extension() {
        Some(found) if found.eq_ignore_ascii_case(ending) => Ok(()),
        _ => bail!("{} must end in .{ending}", path.display()),
    }
}

/// Makes a folder if it is not there.
pub(super) fn make_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).map_err(|e| file_error("create", path, &e))
}
