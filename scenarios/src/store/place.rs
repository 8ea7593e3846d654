//! Files are put in place whole, or not at all.

use crate::table::TableError;
use anyhow::Result;
use coxa_case::failure::file_error;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// What to do about a block that is damaged.
pub(crate) const REMEDY: &str = "remove it and go on with coxa scenario run to make it again";
/// What a killed run left unfinished begins so.
pub(crate) const PARTIAL: &str = ".partial-";

/// Puts a file in place whole.
pub(crate) fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    put_with(path, |mut file| Ok(file.write_all(bytes).map_err(TableError::from)?))
}

/// Puts what is written into a file in place, synced before it has its name.
pub(super) fn put_with(path: &Path, write: impl FnOnce(&File) -> Result<()>) -> Result<()> {
    let refused = |error: std::io::Error| file_error("write", path, &error);
    let parent = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(refused)?;
    let file = partial(parent).map_err(refused)?;
    write(file.as_file()).map_err(|error| match error.downcast::<TableError>() {
        Ok(TableError::System(error)) => refused(error),
        Ok(other) => other.into(),
        Err(error) => error,
    })?;
    file.as_file().sync_all().map_err(refused)?;
    file.persist(path).map_err(|error| refused(error.error))?;
    coxa_case::folder::sync_folder(parent)
}

/// A file without a name yet, that others of the cluster may read.
fn partial(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PARTIAL);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}
