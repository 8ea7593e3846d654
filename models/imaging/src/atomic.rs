//! Files that appear whole or not at all.

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use tempfile::{NamedTempFile, TempDir};

/// A temporary file in the folder of `path`, to be renamed to it with [`NamedTempFile::persist`] once it is complete.
pub fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".partial-");
    // Temporary files are private to the user; a result has the usual permissions.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder_of(path)).map_err(without_temporary_name)
}

/// Writes a file that appears whole or not at all.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = beside(path)?;
    file.write_all(bytes)?;
    file.persist(path).map(drop).map_err(|e| e.error)
}

/// A temporary folder in the folder of `path`, which is made where it is missing.
pub(crate) fn folder_beside(path: &Path) -> io::Result<TempDir> {
    let parent = folder_of(path);
    std::fs::create_dir_all(parent).map_err(without_temporary_name)?;
    tempfile::Builder::new().prefix(".partial-").tempdir_in(parent).map_err(without_temporary_name)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The library's error quotes the temporary name, which tells the user nothing; the caller names the path that was given.
fn without_temporary_name(error: io::Error) -> io::Error {
    let kind = error.kind();
    match kind {
        ErrorKind::NotFound => io::Error::new(kind, "its folder does not exist; create it first"),
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            io::Error::new(kind, "a part of its path is a file, not a folder")
        }
        _ => io::Error::from(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_what_is_wrong_without_the_temporary_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        for (error, expected) in [
            (beside(&folder.path().join("none/ct.nii")).map(drop), "does not exist"),
            (beside(&file.join("ct.nii")).map(drop), "is a file"),
            (folder_beside(&file.join("series")).map(drop), "is a file"),
            (folder_beside(&file.join("more/series")).map(drop), "is a file"),
        ] {
            let message = error.unwrap_err().to_string();
            assert!(message.contains(expected) && !message.contains("partial"), "{message}");
        }
    }
}
