//! What a case was made from, by path and hash.

use crate::bounded::open_file;
use crate::failure::file_error;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// One thing that a case was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Where it was; absent for the built-in virtual patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// BLAKE3 of its content.
    pub blake3: String,
}

impl Source {
    /// A file, with the hash of its bytes.
    pub fn file(path: &Path) -> Result<Self> {
        Source::at(path, file_hash(path)?)
    }

    /// A folder of the user's own implants, with the hash of the names and bytes of what describes them.
    pub fn implants(folder: &Path) -> Result<Self> {
        let entries = fs::read_dir(folder).map_err(|e| file_error("open", folder, &e))?;
        let mut files: Vec<PathBuf> =
            entries.flatten().map(|entry| entry.path()).filter(|p| p.is_file()).collect();
        files.sort();
        let mut hasher = blake3::Hasher::new();
        for file in files {
            let ending = file.extension().unwrap_or_default().to_ascii_lowercase();
            if ["toml", "stl", "ply"].iter().any(|known| ending == *known) {
                hasher.update(file.file_name().unwrap_or_default().as_encoded_bytes());
                let bytes = fs::read(&file).map_err(|e| file_error("read", &file, &e))?;
                hasher.update(blake3::hash(&bytes).as_bytes());
            }
        }
        Source::at(folder, hasher.finalize().to_hex().to_string())
    }

    /// A path, made absolute so that the case can be carried on from any folder, with a hash that is known already.
    pub fn at(path: &Path, blake3: String) -> Result<Self> {
        let path = std::path::absolute(path)
            .with_context(|| format!("cannot resolve the path {}", path.display()))?;
        if path.to_str().is_none() {
            bail!(
                "the name of {} is not valid UTF-8 and cannot be stored in case.toml: rename it",
                path.display()
            );
        }
        Ok(Source { path: Some(path), blake3 })
    }
}

/// Refuses what changed since a case was made from it.
///
/// # Errors
/// With the option by which it is named anew.
pub(crate) fn refuse_changed(was: Option<&Source>, is: Option<&Source>, name: &str) -> Result<()> {
    match (was, is) {
        (Some(was), Some(is)) if was.blake3 != is.blake3 => {
            let path = is.path.as_deref().unwrap_or(Path::new(name));
            bail!(
                "{} changed since the case was made; name it with --{} to use it as it is now",
                path.display(),
                name.replace(' ', "-")
            )
        }
        _ => Ok(()),
    }
}

/// What tells one text from another.
pub fn text_hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

/// What tells one value from another: the hash of its JSON.
pub(crate) fn value_hash(value: &impl Serialize) -> Result<String> {
    Ok(text_hash(&serde_json::to_string(value).context("a value cannot be written as JSON")?))
}

/// Hash of a file's bytes.
///
/// # Errors
/// A file that cannot be read, or is none: a pipe has no end.
pub fn file_hash(path: &Path) -> Result<String> {
    let mut file = open_file(path)?;
    let mut hasher = blake3::Hasher::new();
    std::io::copy(&mut file, &mut hasher).map_err(|e| file_error("read", path, &e))?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// The same; `None` where nothing has the name. What is there and cannot be read is somebody's all the same.
///
/// # Errors
/// As [`file_hash`], of a link that leads nowhere too.
pub fn hash_if_there(path: &Path) -> Result<Option<String>> {
    match path.symlink_metadata() {
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(e) => Err(file_error("read", path, &e)),
        Ok(found) if found.is_dir() => {
            bail!("{} is a folder where Coxa keeps a file; move it away", path.display())
        }
        Ok(_) => file_hash(path).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn implants_are_told_apart_by_what_describes_them() {
        let folder = tempfile::tempdir().unwrap();
        let hash = || Source::implants(folder.path()).unwrap().blake3;
        fs::write(folder.path().join("stem.toml"), "a").unwrap();
        let first = hash();
        fs::write(folder.path().join("notes.txt"), "x").unwrap();
        assert_eq!(hash(), first);
        fs::write(folder.path().join("stem.stl"), "solid").unwrap();
        assert_ne!(hash(), first);
    }

    #[test]
    fn a_file_has_the_hash_of_its_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.toml");
        fs::write(&path, "side = \"right\"").unwrap();
        assert_eq!(file_hash(&path).unwrap(), text_hash("side = \"right\""));
        assert_eq!(Source::file(&path).unwrap().blake3, file_hash(&path).unwrap());
    }
}
