//! Files of a folder or zip, read without unpacking anything to disk.

use super::ReadError;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zip::ZipArchive;

/// Most files looked at in a folder or zip.
const MAX_FILES: usize = 100_000;
/// Folders nested deeper than this are not entered, which also ends loops of links.
const MAX_FOLDER_DEPTH: usize = 16;
/// Most bytes that a zip may unpack to.
const MAX_UNPACKED: u64 = 16 << 30;
/// Most bytes of one file; more than any clinical multi-frame object.
const MAX_FILE: u64 = 8 << 30;
/// Largest ratio of unpacked to packed bytes. Noise keeps real CT below 10; deflate can reach 1032.
const MAX_RATIO: u64 = 200;
/// Up to this size the ratio is not held against a zip: a small one does no harm.
const RATIO_FREE: u64 = 64 << 20;

/// One file: on disk, in a zip, or in memory.
#[derive(Debug, Clone)]
pub(crate) struct Blob {
    name: String,
    len: u64,
    origin: Origin,
}

#[derive(Debug, Clone)]
enum Origin {
    File(PathBuf),
    Entry { archive: ZipArchive<Cursor<Arc<[u8]>>>, index: usize, folder: PathBuf },
    Memory(Arc<[u8]>),
}

impl Blob {
    /// A file on disk.
    pub(crate) fn file(path: &Path) -> Result<Self, ReadError> {
        let len = std::fs::metadata(path).map_err(|source| io(path, source))?.len();
        Ok(Blob { name: file_name(path), len, origin: Origin::File(path.to_owned()) })
    }

    /// Bytes in memory.
    pub(crate) fn memory(name: &str, bytes: Arc<[u8]>) -> Self {
        Blob { name: name.to_owned(), len: bytes.len() as u64, origin: Origin::Memory(bytes) }
    }

    /// File name without folders.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What the files of one numbered run have in common: the folder, and the name without its digits.
    pub(crate) fn run(&self) -> (PathBuf, String) {
        let folder = match &self.origin {
            Origin::File(path) => path.parent().unwrap_or(Path::new("")).to_owned(),
            Origin::Entry { folder, .. } => folder.clone(),
            Origin::Memory(_) => PathBuf::new(),
        };
        (folder, self.name.chars().filter(|c| !c.is_ascii_digit()).collect())
    }

    /// Number of bytes.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// The first bytes, at most `limit`.
    pub(crate) fn prefix(&self, limit: usize) -> Result<Vec<u8>, ReadError> {
        self.read((limit as u64).min(self.len))
    }

    /// All bytes.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, ReadError> {
        if self.len > MAX_FILE {
            let what = format!("{} bytes", self.len);
            return Err(ReadError::TooLarge { file: self.name.clone(), what, limit: MAX_FILE });
        }
        self.read(self.len)
    }

    fn read(&self, limit: u64) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::with_capacity(usize::try_from(limit).unwrap_or(0));
        match &self.origin {
            Origin::File(path) => File::open(path)
                .and_then(|file| file.take(limit).read_to_end(&mut bytes))
                .map_err(|source| io(Path::new(&self.name), source))?,
            Origin::Entry { archive, index, .. } => {
                let mut archive = archive.clone();
                let entry = archive.by_index(*index).map_err(|error| self.unzip(&error.to_string()))?;
                // The length in the directory was checked; what the stream holds beyond it is not read.
                entry.take(limit).read_to_end(&mut bytes).map_err(|error| self.unzip(&error.to_string()))?
            }
            Origin::Memory(whole) => {
                bytes.extend(whole.iter().take(limit as usize));
                bytes.len()
            }
        };
        Ok(bytes)
    }

    fn unzip(&self, reason: &str) -> ReadError {
        ReadError::Zip { reason: format!("{}: {reason}", self.name) }
    }
}

/// All files below a folder, in the order of their paths.
pub(crate) fn folder(root: &Path) -> Result<Vec<Blob>, ReadError> {
    let mut found = Vec::new();
    let mut pending = vec![(root.to_owned(), 0)];
    while let Some((folder, depth)) = pending.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|source| io(root, source))? {
            let path = entry.map_err(|source| io(root, source))?.path();
            let Ok(metadata) = std::fs::metadata(&path) else { continue };
            if metadata.is_dir() && depth < MAX_FOLDER_DEPTH {
                pending.push((path, depth + 1));
            } else if metadata.is_file() {
                found.push(path);
            }
            if found.len() > MAX_FILES {
                let file = "the folder".to_owned();
                let what = format!("more than {MAX_FILES} files");
                return Err(ReadError::TooLarge { file, what, limit: MAX_FILES as u64 });
            }
        }
    }
    found.sort();
    found.iter().map(|path| Blob::file(path)).collect()
}

/// The files of a zip, after its directory was held against the limits.
pub(crate) fn archive(bytes: Arc<[u8]>) -> Result<Vec<Blob>, ReadError> {
    let refuse = |reason: String| ReadError::Zip { reason };
    let packed = bytes.len() as u64;
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|error| refuse(format!("it is damaged ({error})")))?;
    if archive.len() > MAX_FILES {
        return Err(refuse(format!("it holds more than {MAX_FILES} files")));
    }
    let mut entries = Vec::new();
    let mut unpacked = 0_u64;
    for index in 0..archive.len() {
        let entry =
            archive.by_index_raw(index).map_err(|error| refuse(format!("it is damaged ({error})")))?;
        if entry.is_dir() {
            continue;
        }
        if entry.encrypted() {
            return Err(refuse("it is encrypted; unpack it first".to_owned()));
        }
        let Some(path) = entry.enclosed_name() else {
            return Err(refuse(
                "an entry's path leads out of the zip; zip the DICOM folder again".to_owned(),
            ));
        };
        unpacked = unpacked.saturating_add(entry.size());
        if entry.size() > MAX_FILE || unpacked > MAX_UNPACKED {
            return Err(refuse(format!("it unpacks to more than {} GiB", MAX_UNPACKED >> 30)));
        }
        if unpacked > RATIO_FREE && unpacked / packed.max(1) > MAX_RATIO {
            return Err(refuse(format!(
                "it unpacks to more than {MAX_RATIO} times its size, as a zip bomb does"
            )));
        }
        entries.push((path.clone(), index, entry.size()));
    }
    entries.sort();
    Ok(entries
        .into_iter()
        .map(|(path, index, len)| Blob {
            name: file_name(&path),
            len,
            origin: Origin::Entry {
                archive: archive.clone(),
                index,
                folder: path.parent().unwrap_or(Path::new("")).to_owned(),
            },
        })
        .collect())
}

/// The last component of a path, the only part of it that may be shown.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| "file".to_owned(), |name| name.to_string_lossy().into_owned())
}

pub(crate) fn io(path: &Path, source: std::io::Error) -> ReadError {
    ReadError::Io { path: path.to_owned(), source }
}
