//! What is done to the files of a case: every write, rename and removal, and when the disk has it.
//!
//! A file survives a power cut once it and the folder that names it are synced. Tests note every step, to play a power cut after each.

use crate::failure::file_error;
use anyhow::Result;
use rayon::prelude::*;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// One step, as tests note it.
#[cfg(test)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Write(PathBuf, Vec<u8>),
    Append(PathBuf, Vec<u8>),
    Sync(PathBuf),
    SyncFolder(PathBuf),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
    MakeFolder(PathBuf),
}

#[cfg(test)]
thread_local! {
    /// Steps of this thread, while a test wants them.
    pub(crate) static STEPS: std::cell::RefCell<Option<Vec<Step>>> = const { std::cell::RefCell::new(None) };
}

macro_rules! note {
    ($step:expr) => {
        #[cfg(test)]
        STEPS.with_borrow_mut(|steps| {
            if let Some(steps) = steps {
                let step = $step;
                steps.push(step);
            }
        });
    };
}

/// Writes a file through a function that is given its path. The disk need not have it when this returns.
pub(super) fn write_with(path: &Path, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    write(path)?;
    note!(Step::Write(path.into(), fs::read(path).unwrap_or_default()));
    Ok(())
}

/// Writes a file.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    write_with(path, |path| fs::write(path, bytes).map_err(|e| file_error("write", path, &e)))
}

/// Appends to a file, and waits until the disk has it.
pub(super) fn append(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |e: std::io::Error| file_error("write", path, &e);
    let mut file = File::options().create(true).append(true).open(path).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    note!(Step::Append(path.into(), bytes.into()));
    file.sync_data().map_err(failed)?;
    note!(Step::Sync(path.into()));
    Ok(())
}

/// Waits until the disk has the content of files.
pub(super) fn sync(paths: &[PathBuf]) -> Result<()> {
    let sync_one = |path: &PathBuf| {
        // Windows syncs only what may be written.
        File::options()
            .write(true)
            .open(path)
            .and_then(|file| file.sync_all())
            .map_err(|e| file_error("write", path, &e))
    };
    paths.par_iter().try_for_each(sync_one)?;
    #[cfg(test)]
    paths.iter().for_each(|path| {
        note!(Step::Sync(path.clone()));
    });
    Ok(())
}

/// Waits until the disk knows which files a folder holds, where the system can say so.
///
/// # Errors
/// Whatever the system refuses.
pub fn sync_folder(path: &Path) -> Result<()> {
    #[cfg(unix)]
    match File::open(path).and_then(|folder| folder.sync_all()) {
        // Some network file systems sync no folders.
        Err(e) if !matches!(e.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => {
            return Err(file_error("write into", path, &e));
        }
        _ => {}
    }
    note!(Step::SyncFolder(path.into()));
    Ok(())
}

/// Gives a file the name of another, in the place of what had it.
pub(super) fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|e| file_error("write", to, &e))?;
    note!(Step::Rename(from.into(), to.into()));
    Ok(())
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(file_error("remove", path, &e)),
        _ => {}
    }
    note!(Step::Remove(path.into()));
    Ok(())
}

/// Makes a folder with those above it, unless it is there.
pub(super) fn make_folder(path: &Path) -> Result<()> {
    if !path.is_dir() {
        fs::create_dir_all(path).map_err(|e| file_error("create", path, &e))?;
        note!(Step::MakeFolder(path.into()));
    }
    Ok(())
}
