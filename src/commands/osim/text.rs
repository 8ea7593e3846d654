//! Texts that the user names.

use anyhow::Result;
use coxa_case::bounded::read_text;
use std::path::Path;

/// No model, motion or set-up has more bytes.
const MOST_BYTES: u64 = 1 << 28;

/// The text of a file of moderate size.
pub(super) fn text(file: &Path) -> Result<String> {
    read_text(file, MOST_BYTES)
}
