//! Files that appear whole or not at all.

use std::io;
use std::path::Path;
use tempfile::NamedTempFile;

/// A temporary file in the folder of `path`, to be renamed to it with [`NamedTempFile::persist`] once it is complete.
pub(crate) fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".partial-");
    // Temporary files are private to the user; a result has the usual permissions.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}
