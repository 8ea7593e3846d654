//! A path to a CT, whatever lies there.

use super::blob::{self, Blob};
use super::damage::Damaged;
use super::error::ReadError;
use super::hounsfield;
use super::joint_hash::joint_hash;
use super::opened::{Identity, Opened, ReadOptions, SourceKind};
use crate::dicom::{self, series};
use crate::nifti;
use rayon::iter::Either;
use rayon::prelude::*;
use std::path::Path;

/// Reads a CT from a folder (searched with its subfolders), a zip, a multi-frame DICOM file or a NIfTI file.
///
/// # Errors
/// Whatever cannot make one CT volume is refused with the reason; see [`ReadError`].
///
/// # Examples
/// The [crate's page](crate) opens a NIfTI file, [`dicom::write_series`] a folder.
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
    if !metadata.is_file() {
        let (file, reason) =
            (blob::file_name(path), "it is a pipe or device; give a file or a folder".into());
        return Err(ReadError::NotAnImage { file, reason });
    }
    let file = Blob::file(path)?;
    if let Some(entries) = archive_of(&file)? {
        return open_files(path, entries, options);
    }
    let gzip = file.prefix(2)? == [0x1F, 0x8B];
    if gzip || nifti_mark(&file.prefix(352)?) {
        return open_nifti(path);
    }
    let Some(dicom) = dicom::file::DicomFile::open(&file)? else {
        let reason = "it is neither DICOM, zip nor NIfTI".to_owned();
        return Err(ReadError::NotAnImage { file: file.name().to_owned(), reason });
    };
    series::open(vec![(file, dicom)], Vec::new(), options)
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

/// The files of a zip; `None` where the file is none.
pub(super) fn archive_of(file: &Blob) -> Result<Option<Vec<Blob>>, ReadError> {
    let head = file.prefix(4)?;
    let zip = head == *b"PK\x03\x04" || head == *b"PK\x05\x06";
    zip.then(|| blob::archive(file.bytes()?.into())).transpose()
}

/// Whether a file starts with a NIfTI-1 or NIfTI-2 header in one of the two byte orders.
fn nifti_mark(head: &[u8]) -> bool {
    let one = matches!(head.get(344..348), Some(b"n+1\0" | b"ni1\0"));
    one || matches!(head.get(4..8), Some(b"n+2\0" | b"ni2\0"))
}

fn open_nifti(path: &Path) -> Result<Opened, ReadError> {
    let (ct, mut notes) = nifti::read_ct(path)?;
    notes.extend(hounsfield::judge(&ct, false)?);
    let mut hasher = blake3::Hasher::new();
    std::fs::File::open(path)
        .and_then(|file| hasher.update_reader(file).map(drop))
        .map_err(|source| blob::io(path, source))?;
    let hash = joint_hash(vec![hasher.finalize()]);
    Ok(Opened { ct, notes, kind: SourceKind::Nifti, hash, files: 1, identity: Identity::default() })
}

fn open_files(path: &Path, blobs: Vec<Blob>, options: &ReadOptions) -> Result<Opened, ReadError> {
    let files = blobs.len();
    let (parsed, damaged) = parse(blobs);
    if parsed.is_empty() {
        let first = damaged.into_iter().find(Damaged::claims_to_be_dicom);
        return Err(first.map_or(ReadError::NoImages { path: path.to_owned(), files }, |file| file.error));
    }
    series::open(parsed, damaged, options)
}

/// Parts the DICOM files from those that cannot be read as such.
pub(super) fn parse(blobs: Vec<Blob>) -> (Vec<(Blob, dicom::file::DicomFile)>, Vec<Damaged>) {
    blobs.into_par_iter().partition_map(|blob| match dicom::file::DicomFile::open(&blob) {
        Ok(Some(dicom)) if dicom.pixels.is_some() || dicom.series().is_some() => Either::Left((blob, dicom)),
        Ok(Some(dicom)) => Either::Right(Damaged::headless(&blob, &dicom)),
        Ok(None) => Either::Right(Damaged::foreign(&blob)),
        Err(error) => Either::Right(Damaged::new(&blob, error)),
    })
}
