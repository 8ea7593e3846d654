//! Files that the user asks for by name.

use anyhow::{Result, bail};
use coxa_case::failure::file_error;
use std::io::Write;
use std::path::Path;

/// Writes a file that is not there yet: somebody may have edited it.
///
/// # Errors
/// Where there is one already, or it cannot be written.
pub fn write(path: &Path, text: &str) -> Result<()> {
    let mut file = match std::fs::File::create_new(path) {
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{} exists already; name another file, or remove it", path.display())
        }
        file => file.map_err(|e| file_error("write", path, &e))?,
    };
    file.write_all(text.as_bytes()).map_err(|e| file_error("write", path, &e))
}
