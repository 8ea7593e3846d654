//! What the tests of this crate share.

use std::path::{Path, PathBuf};

/// The folder of real reference data, or `None` with a line that says so.
pub(crate) fn reference_data(what: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("COXA_REFERENCE_DATA").map_or(beside, PathBuf::from);
    let path = folder.join(what);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no reference data at {} (COXA_REFERENCE_DATA names the folder)", path.display());
    None
}
