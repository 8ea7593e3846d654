//! One program at a time in a case: a lock that the system takes back when its holder ends, and that says who holds it.

use super::names::{HISTORY_FILE, LOCK_FILE, SUBFOLDERS, linked};
use crate::failure::file_error;
use crate::trail::{invocation, now};
use anyhow::{Result, anyhow, bail};
use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A command that only saves has ended by then.
const PATIENCE: Duration = Duration::from_secs(3);
const LOOK: Duration = Duration::from_millis(30);
/// No name of a holder is longer.
const MOST_BYTES: u64 = 4096;

/// The lock of a case, until it is dropped or the process ends.
pub struct Lock {
    path: PathBuf,
    /// `None` where files cannot be locked: nobody is kept out there.
    file: Option<File>,
}

impl Lock {
    /// Takes the lock of a folder that is there.
    ///
    /// # Errors
    /// Another program that has it and does not end soon, with its name; a folder that cannot be written.
    pub(super) fn take(folder: &Path) -> Result<Self> {
        Lock::try_take(folder).map_err(|refused| match refused {
            Refused::InUse(words) => anyhow!(words),
            Refused::Denied(e) => file_error("write into", folder, &e),
        })
    }

    fn try_take(folder: &Path) -> Result<Self, Refused> {
        let path = folder.join(LOCK_FILE);
        let start = Instant::now();
        loop {
            let opened = File::options().read(true).write(true).create(true).truncate(false).open(&path);
            let mut file = opened.map_err(Refused::Denied)?;
            match file.try_lock() {
                // Its holder removes it in the end: whoever waited for that file has a lock of nothing.
                Ok(()) if !is_at(&file, &path) => {
                    if start.elapsed() > PATIENCE {
                        return Err(Refused::InUse(in_use(folder, &path)));
                    }
                    std::thread::sleep(LOOK);
                }
                Ok(()) => {
                    let text = format!("{} (process {}, since {})", first_words(), std::process::id(), now());
                    // It is the lock that keeps others out; the words are for people.
                    let _ = file.set_len(0).and_then(|()| file.rewind());
                    let _ = file.write_all(text.as_bytes());
                    return Ok(Lock { path, file: Some(file) });
                }
                Err(TryLockError::WouldBlock) if start.elapsed() > PATIENCE => {
                    return Err(Refused::InUse(in_use(folder, &path)));
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(LOOK),
                Err(TryLockError::Error(_)) => return Ok(Lock { path, file: None }),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // By now it may be another's. A file that stays locks nothing: the system holds the lock, not the file.
        if self.file.as_ref().is_some_and(|file| is_at(file, &self.path)) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Why there is no lock.
enum Refused {
    InUse(String),
    Denied(std::io::Error),
}

/// Holds a case, for who writes into it without a command of its own; `None` where the folder may only be read.
///
/// # Errors
/// Another program that has it, with its name; a link where Coxa writes; whatever else the system refuses.
pub fn hold(folder: &Path) -> Result<Option<Lock>> {
    refuse_links(folder)?;
    match Lock::try_take(folder) {
        Ok(lock) => Ok(Some(lock)),
        Err(Refused::InUse(words)) => bail!(words),
        Err(Refused::Denied(e))
            if matches!(e.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) =>
        {
            Ok(None)
        }
        Err(Refused::Denied(e)) => Err(file_error("write into", folder, &e)),
    }
}

/// Refuses links where Coxa writes and removes files of a case, and files where it keeps folders.
pub(super) fn refuse_links(folder: &Path) -> Result<()> {
    if let Some(path) = SUBFOLDERS.map(|name| folder.join(name)).iter().find(|path| path.is_file()) {
        bail!("{} is a file where Coxa keeps a folder; move it away", path.display());
    }
    let names = SUBFOLDERS.into_iter().chain([LOCK_FILE, HISTORY_FILE]);
    match names.map(|name| folder.join(name)).find(|path| path.is_symlink()) {
        Some(path) => bail!(linked(&path)),
        None => Ok(()),
    }
}

/// Who has a case at work; `None` where nobody has.
pub fn holder(folder: &Path) -> Option<String> {
    let path = folder.join(LOCK_FILE);
    let file = File::open(&path).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Some(said_by(&path)),
        _ => None,
    }
}

fn in_use(folder: &Path, path: &Path) -> String {
    format!(
        "{} is in use by {}; run this command again when that has finished",
        folder.display(),
        said_by(path)
    )
}

/// The holder's own words.
fn said_by(path: &Path) -> String {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(MOST_BYTES).read_to_string(&mut text));
    let text = text.trim();
    if read.is_err() || text.is_empty() || text.chars().any(char::is_control) {
        return "another program".into();
    }
    text.into()
}

/// `coxa plan` of the whole command line.
fn first_words() -> String {
    invocation().command.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

/// Whether a file is still the one of this name.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |found: fs::Metadata| (found.dev(), found.ino());
    match (file.metadata(), fs::metadata(path)) {
        (Ok(own), Ok(there)) => id(own) == id(there),
        (_, Err(e)) if e.kind() == ErrorKind::NotFound => false,
        _ => true,
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    !matches!(fs::metadata(path), Err(e) if e.kind() == ErrorKind::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_a_case_at_a_time_and_says_who() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::take(folder.path()).unwrap();
        let said = Lock::take(folder.path()).err().unwrap().to_string();
        assert!(said.contains("in use by coxa-case (process "), "{said}");
        assert!(holder(folder.path()).unwrap().contains(&std::process::id().to_string()));
        drop(first);
        assert_eq!(holder(folder.path()), None);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        // What a killed program leaves locks nothing.
        fs::write(folder.path().join(LOCK_FILE), "coxa plan (process 1)").unwrap();
        assert_eq!(holder(folder.path()), None);
        let again = Lock::take(folder.path()).unwrap();
        assert!(again.file.is_some());
    }

    #[test]
    fn who_waited_takes_the_lock_that_counts() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::take(folder.path()).unwrap();
        std::thread::scope(|scope| {
            let waits = [(); 3].map(|()| {
                scope.spawn(|| {
                    let lock = Lock::take(folder.path()).unwrap();
                    let is_alone = holder(folder.path()).is_some();
                    std::thread::sleep(Duration::from_millis(20));
                    drop(lock);
                    is_alone
                })
            });
            std::thread::sleep(Duration::from_millis(50));
            drop(first);
            assert!(waits.into_iter().all(|wait| wait.join().unwrap()));
        });
    }
}
