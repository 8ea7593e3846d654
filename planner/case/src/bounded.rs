//! Files of text that are looked at before they are read: a pipe has no end, and no description is as long as a scan.

use crate::failure::file_error;
use anyhow::{Result, anyhow, bail};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The text of a file of at most so many bytes.
///
/// # Errors
/// What is no file (a folder, a pipe, a device), is longer, or is no text in UTF-8.
pub fn read_text(path: &Path, most_bytes: u64) -> Result<String> {
    String::from_utf8(read_bytes(path, most_bytes)?)
        .map_err(|_| anyhow!("{} is not text: it is damaged, or another kind of file", path.display()))
}

/// The bytes of a file of at most so many.
///
/// # Errors
/// What is no file (a folder, a pipe, a device), or is longer.
pub fn read_bytes(path: &Path, most_bytes: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = open_file(path)?;
    file.take(most_bytes + 1).read_to_end(&mut bytes).map_err(|e| file_error("read", path, &e))?;
    if bytes.len() as u64 > most_bytes {
        let most = most_bytes / (1 << 20);
        bail!("{} is larger than {most} MiB: it is another kind of file; check its name", path.display());
    }
    Ok(bytes)
}

/// Opens a file, and nothing else that has a name.
///
/// # Errors
/// What is not there or may not be read; a folder, a pipe or a device.
pub fn open_file(path: &Path) -> Result<File> {
    let found = std::fs::metadata(path).map_err(|e| file_error("read", path, &e))?;
    if !found.is_file() {
        let what = if found.is_dir() { "a folder" } else { "a pipe or device" };
        bail!("{} is {what}; name a file", path.display());
    }
    File::open(path).map_err(|e| file_error("read", path, &e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_of_moderate_length_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        let said = |path: &Path| read_text(path, 1 << 20).unwrap_err().to_string();
        std::fs::write(&path, "a = 1").unwrap();
        assert_eq!(read_text(&path, 1 << 20).unwrap(), "a = 1");
        assert!(read_text(&path, 4).unwrap_err().to_string().contains("larger"));
        std::fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
        assert!(said(&path).contains("is not text"));
        assert!(said(folder.path()).contains("is a folder"));
        assert!(said(&folder.path().join("b")).contains("no such file"));
    }

    #[cfg(unix)]
    #[test]
    fn nobody_waits_for_a_pipe() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(read_text(&pipe, 10).unwrap_err().to_string().contains("pipe"));
    }
}
