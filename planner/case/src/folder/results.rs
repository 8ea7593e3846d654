//! A new folder of results that appear one by one, each whole or not at all.

use super::interrupt::{remove_partial, set_closed, set_open};
use super::names::PARTIAL;
use crate::failure::{file_error, message};
use anyhow::{Result, anyhow, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder that was empty when it was opened. What goes into it is made in `.partial/` and then renamed; an interrupt or
/// an error leaves only what was finished.
pub struct ResultFolder {
    folder: PathBuf,
}

impl ResultFolder {
    /// Makes the folder, or takes an empty one.
    ///
    /// # Errors
    /// A file, a folder that holds something, and whatever the system refuses.
    pub fn create(folder: &Path) -> Result<Self> {
        if folder.is_file() {
            bail!("{} is a file; name a new folder with -o", folder.display());
        }
        if folder.exists() {
            let mut entries = fs::read_dir(folder).map_err(|e| file_error("open", folder, &e))?;
            if entries.any(|e| e.is_ok_and(|e| e.file_name() != PARTIAL)) {
                bail!("{} is not empty; name a new folder with -o, or remove it", folder.display());
            }
        }
        set_open(folder);
        let made = ResultFolder { folder: folder.to_owned() };
        // What an earlier run was killed over is of no use.
        let _ = fs::remove_dir_all(folder.join(PARTIAL));
        fs::create_dir_all(folder.join(PARTIAL)).map_err(|e| file_error("create", folder, &e))?;
        Ok(made)
    }

    /// Puts a file or folder into the folder that the closure makes at the path it is given.
    ///
    /// # Errors
    /// What the closure says, with the name the result would have had, and whatever the system refuses.
    pub fn put<T>(&self, name: &str, make: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
        let (partial, target) = (self.folder.join(PARTIAL).join(name), self.folder.join(name));
        let made = make(&partial).map_err(|e| {
            let shown = |path: &Path| path.display().to_string();
            anyhow!(message(&e).replace(&shown(&partial), &shown(&target)))
        })?;
        fs::rename(&partial, &target).map_err(|e| file_error("write", &target, &e))?;
        Ok(made)
    }
}

impl Drop for ResultFolder {
    fn drop(&mut self) {
        remove_partial(&self.folder);
        set_closed(&self.folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_whole_or_absent() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("results");
        let results = ResultFolder::create(&folder).unwrap();
        results.put("good", |path| Ok(fs::write(path, "all")?)).unwrap();
        let error = results
            .put("bad", |path| {
                fs::write(path, "half")?;
                Err::<(), _>(anyhow!("cannot write {}: the disk is full", path.display()))
            })
            .unwrap_err()
            .to_string();
        assert!(error.contains("results/bad") && !error.contains(PARTIAL), "{error}");
        drop(results);
        let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["good"]);
        assert!(ResultFolder::create(&folder).err().unwrap().to_string().contains("not empty"));
        let file = ResultFolder::create(&folder.join("good")).err().unwrap();
        assert!(file.to_string().contains("is a file"));
    }
}
