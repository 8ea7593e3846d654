//! Texts that the user names.

use anyhow::{Result, anyhow, bail};
use coxa_case::failure::file_error;
use std::path::Path;

/// No model, motion or set-up has more bytes.
const MOST_BYTES: u64 = 1 << 28;

/// The text of a file of moderate size.
pub(super) fn text(file: &Path) -> Result<String> {
    let size = std::fs::metadata(file).map_err(|e| file_error("read", file, &e))?.len();
    if size > MOST_BYTES {
        bail!("{} has {size} bytes, more than any file of this kind", file.display());
    }
    let bytes = std::fs::read(file).map_err(|e| file_error("read", file, &e))?;
    String::from_utf8(bytes).map_err(|_| anyhow!("{} is no text", file.display()))
}
