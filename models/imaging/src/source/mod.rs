//! One door for everything a CT comes in: folder, zip, single DICOM file or NIfTI.

mod blob;
mod error;
#[cfg(test)]
mod tests;

pub(crate) use blob::Blob;
pub use error::ReadError;

use crate::CtVolume;
use crate::dicom::{self, series};
use crate::nifti;
use coxa_geometry::Finding;
use rayon::prelude::*;
use std::path::Path;

/// What to read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Which series, where there are several: the id or the number in the list that
    /// [`ReadError::SeveralSeries`]
    /// shows.
    pub series: Option<String>,
}

/// A CT that was read.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The volume, in its native orientation.
    pub ct: CtVolume,
    /// What the user must know about how it was read.
    pub notes: Vec<Finding>,
    /// What it was read from.
    pub kind: SourceKind,
    /// Hash of the files that were used, 64 hexadecimal digits: BLAKE3 over the sorted BLAKE3 hashes of their
    /// bytes, so
    /// that neither names nor order matter.
    pub hash: String,
    /// Number of files that were used.
    pub files: usize,
}

/// What a volume was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// A DICOM series of one file a slice.
    DicomSeries,
    /// A multi-frame DICOM file.
    DicomMultiFrame,
    /// A NIfTI file.
    Nifti,
}

/// Reads a CT from a folder (searched with its subfolders), a zip, a multi-frame DICOM file or a NIfTI file.
///
/// # Errors
/// Whatever cannot make one CT volume is refused with the reason; see [`ReadError`].
pub fn open(path: &Path, options: &ReadOptions) -> Result<Opened, ReadError> {
    open_any(path, options).map(on_rounded_grid)
}

/// The same CT has the same grid, whichever format it came in.
fn on_rounded_grid(mut opened: Opened) -> Opened {
    opened.ct.grid = opened.ct.grid.rounded();
    opened
}

fn open_any(path: &Path, options: &ReadOptions) -> Result<Opened, ReadError> {
    let metadata = std::fs::metadata(path).map_err(|source| blob::io(path, source))?;
    if metadata.is_dir() {
        return open_files(path, blob::folder(path)?, options);
    }
    let file = Blob::file(path)?;
    let head = file.prefix(4)?;
    if head == *b"PK\x03\x04" || head == *b"PK\x05\x06" {
        return open_files(path, blob::archive(file.bytes()?.into())?, options);
    }
    let gzip = head.starts_with(&[0x1F, 0x8B]);
    if gzip || nifti_mark(&file.prefix(352)?) {
        return open_nifti(path);
    }
    let Some(dicom) = dicom::file::DicomFile::open(&file)? else {
        let reason = "it is neither DICOM, zip nor NIfTI".to_owned();
        return Err(ReadError::NotAnImage { file: file.name().to_owned(), reason });
    };
    series::open(vec![(file, dicom)], options)
}

/// Reads a CT from the bytes of DICOM files in memory; otherwise as [`open`].
///
/// # Errors
/// As [`open`].
pub fn open_bytes(files: Vec<Vec<u8>>, options: &ReadOptions) -> Result<Opened, ReadError> {
    let blobs = files.into_iter().enumerate();
    let blobs =
        blobs.map(|(index, bytes)| Blob::memory(&format!("file {}", index + 1), bytes.into())).collect();
    open_files(Path::new("memory"), blobs, options).map(on_rounded_grid)
}

/// Whether a file starts with a NIfTI-1 or NIfTI-2 header in one of the two byte orders.
fn nifti_mark(head: &[u8]) -> bool {
    let one = matches!(head.get(344..348), Some(b"n+1\0" | b"ni1\0"));
    one || matches!(head.get(4..8), Some(b"n+2\0" | b"ni2\0"))
}

fn open_nifti(path: &Path) -> Result<Opened, ReadError> {
    let (ct, notes) = nifti::read_ct(path)?;
    let mut hasher = blake3::Hasher::new();
    std::fs::File::open(path)
        .and_then(|file| hasher.update_reader(file).map(drop))
        .map_err(|source| blob::io(path, source))?;
    let hash = joint_hash(vec![hasher.finalize()]);
    Ok(Opened { ct, notes, kind: SourceKind::Nifti, hash, files: 1 })
}

fn open_files(path: &Path, blobs: Vec<Blob>, options: &ReadOptions) -> Result<Opened, ReadError> {
    let files = blobs.len();
    let parsed: Vec<_> = blobs
        .into_par_iter()
        .filter_map(|blob| match dicom::file::DicomFile::open(&blob) {
            Ok(None) => None,
            Ok(Some(dicom)) => Some(Ok((blob, dicom))),
            Err(error) => Some(Err(error)),
        })
        .collect::<Result<_, _>>()?;
    if parsed.is_empty() {
        return Err(ReadError::NoImages { path: path.to_owned(), files });
    }
    series::open(parsed, options)
}

/// BLAKE3 over the sorted hashes.
pub(crate) fn joint_hash(mut hashes: Vec<blake3::Hash>) -> String {
    hashes.sort_by_key(|hash| *hash.as_bytes());
    let mut joint = blake3::Hasher::new();
    for hash in &hashes {
        joint.update(hash.as_bytes());
    }
    joint.finalize().to_hex().to_string()
}
