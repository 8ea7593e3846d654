//! Folders that are open, so that an interrupt leaves nothing half-written in them.

use super::names::{LOCK_FILE, PARTIAL, RECORD_FILE};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

// The folders whose half-written files an interrupt has to remove.
static OPEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Held over the steps of a change, which an interrupt waits for.
pub(super) static CHANGING: Mutex<()> = Mutex::new(());

/// Removes what is half-written in every open folder, before the program is ended from outside. Finished stages stay and are
/// taken up again. Whether there was an open folder.
pub fn abandon_open() -> bool {
    // A change that is under way ends first: it takes milliseconds.
    let _changing = CHANGING.lock();
    let Ok(open) = OPEN.lock() else { return false };
    open.iter().for_each(|folder| remove_partial(folder));
    !open.is_empty()
}

pub(super) fn set_open(folder: &Path) {
    if let Ok(mut open) = OPEN.lock() {
        open.push(folder.to_owned());
    }
}

pub(super) fn set_closed(folder: &Path) {
    if let Ok(mut open) = OPEN.lock()
        && let Some(index) = open.iter().position(|one| one == folder)
    {
        open.swap_remove(index);
    }
}

/// Removes half-written files, and the folder itself if nothing else is in it.
pub(super) fn remove_partial(folder: &Path) {
    // Nothing can be done about a failure here, and a stale `.partial` does no harm: the next run reuses it.
    let _ = fs::remove_dir_all(folder.join(PARTIAL));
    if !folder.join(RECORD_FILE).exists() {
        let _ = fs::remove_file(folder.join(LOCK_FILE));
        let _ = fs::remove_dir(folder);
    }
}
