//! Files of a folder or zip that cannot be read, beside those that can.
//!
//! One damaged file must not keep a user from the series beside it, and a series must not be read without a slice that
//! it had. A file belongs to a series where what is left of its header says so, or else where it is named like the slices
//! of that series and of no other: in the same folder, by a name that differs in its digits only.

use super::{Blob, ReadError};
use crate::dicom::file::DicomFile;
use coxa_geometry::{Finding, finding};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Most files named in a message.
const NAMED: usize = 5;

/// A file that could not be read.
#[derive(Debug)]
pub(crate) struct Damaged {
    /// Series Instance UID, where the file is sound up to there.
    pub(crate) series: Option<String>,
    /// Why it could not be read.
    pub(crate) error: ReadError,
    run: (PathBuf, String),
    foreign: bool,
}

impl Damaged {
    /// A DICOM file that could not be read.
    pub(crate) fn new(blob: &Blob, error: ReadError) -> Self {
        let series = DicomFile::series_of_damaged(blob);
        Damaged { series, error, run: blob.run(), foreign: false }
    }

    /// A DICOM file that ends before it names its series. A directory of files (DICOMDIR) has no elements of that kind.
    pub(crate) fn headless(blob: &Blob, file: &DicomFile) -> Self {
        let reason = "it ends before its Series Instance UID".to_owned();
        let error = ReadError::Malformed { file: blob.name().to_owned(), reason };
        Damaged { series: None, error, run: blob.run(), foreign: file.object.iter().next().is_none() }
    }

    /// Why a slice that ends where its pixel data should begin is refused.
    pub(crate) fn without_pixels(name: &str) -> ReadError {
        ReadError::Malformed { file: name.to_owned(), reason: "it ends before its pixel data".to_owned() }
    }

    /// A file without anything of DICOM in it.
    pub(crate) fn foreign(blob: &Blob) -> Self {
        let reason = if blob.len() == 0 { "it is empty" } else { "it is not a DICOM file" };
        let reason = format!("{reason}, but named like the slices of the series");
        let error = ReadError::NotAnImage { file: blob.name().to_owned(), reason };
        Damaged { series: None, error, run: blob.run(), foreign: true }
    }

    /// Whether it is worth a word where it belongs to no series; letters and thumbnails are not.
    pub(crate) fn claims_to_be_dicom(&self) -> bool {
        !self.foreign
    }

    /// The series whose slices alone are named like this file. `runs` holds the series of each run of names.
    pub(crate) fn in_run<'a>(
        &self,
        runs: &'a BTreeMap<(PathBuf, String), BTreeSet<String>>,
    ) -> Option<&'a String> {
        runs.get(&self.run).filter(|series| series.len() == 1).and_then(BTreeSet::first)
    }
}

/// Damaged files of which nothing shows what they belong to, each with the reason.
#[derive(Debug, Default)]
pub(crate) struct SetAside(Vec<String>);

impl SetAside {
    /// Adds files.
    pub(crate) fn extend(&mut self, files: impl IntoIterator<Item = Damaged>) {
        self.0.extend(files.into_iter().map(|file| file.error.in_short()));
    }

    /// A refusal of what could be read, together with what could not: it may hold what is missing.
    pub(crate) fn beside(&self, error: ReadError) -> ReadError {
        match error {
            // There is nothing wrong with these files; the user only has to choose.
            ReadError::SeveralSeries(_) | ReadError::NoSuchSeries { .. } => error,
            error if self.0.is_empty() => error,
            error => ReadError::SetAside { source: Box::new(error), files: self.named() },
        }
    }

    /// The caution that files were set aside.
    pub(crate) fn caution(&self) -> Option<Finding> {
        match self.0.as_slice() {
            [] => None,
            [file] => Some(finding::FileSetAside { file: file.clone() }.finding()),
            all => {
                Some(finding::FilesSetAside { count: all.len(), files: self.named().join("; ") }.finding())
            }
        }
    }

    fn named(&self) -> Vec<String> {
        let mut named: Vec<String> = self.0.iter().take(NAMED).cloned().collect();
        if self.0.len() > NAMED {
            named.push(format!("and {} more", self.0.len() - NAMED));
        }
        named
    }
}

#[cfg(test)]
mod tests {
    use crate::dicom::test_slices::{Slice, series};
    use crate::source::{Opened, ReadError, ReadOptions, open};
    use dicom_core::VR;
    use dicom_dictionary_std::tags;

    /// A series of six slices in a folder, changed and read.
    fn read(change: impl Fn(&mut Vec<(String, Vec<u8>)>)) -> Result<Opened, ReadError> {
        let mut files: Vec<(String, Vec<u8>)> = series(6)
            .into_iter()
            .enumerate()
            .map(|(k, slice)| (format!("IM{k:03}.dcm"), slice.bytes()))
            .collect();
        change(&mut files);
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in &files {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        open(folder.path(), &ReadOptions::default())
    }

    /// Where the header of the slices names the series.
    fn series_element(bytes: &[u8]) -> usize {
        bytes.windows(4).position(|w| w == [0x20, 0, 0x0E, 0]).unwrap()
    }

    fn other_series() -> Vec<u8> {
        Slice::new(9).text(tags::SERIES_INSTANCE_UID, VR::UI, "2.25.99").bytes()
    }

    #[test]
    fn damaged_files_of_another_series_or_of_none_do_not_hinder() {
        let sound = read(|_| {}).unwrap();
        let whole = other_series();
        let behind = series_element(&whole) + 30;
        let known = read(|files| files.push(("stray.dcm".into(), whole[..behind].to_vec()))).unwrap();
        assert_eq!((&known.ct, &known.hash), (&sound.ct, &sound.hash));
        assert!(known.notes.is_empty(), "it is of another series: {:?}", known.notes);

        let garbage = [&[0; 128][..], b"DICM", &[0xA5; 500]].concat();
        for (what, bytes) in [("cut", whole[..behind - 60].to_vec()), ("garbage", garbage)] {
            let opened = read(|files| files.push(("stray.dcm".into(), bytes.clone()))).unwrap();
            assert_eq!(opened.ct, sound.ct, "{what}");
            let [caution] = &opened.notes[..] else { panic!("{what}: {:?}", opened.notes) };
            assert_eq!(caution.code, coxa_geometry::finding::Code::FilesSetAside);
            assert!(caution.message.contains("stray.dcm ("), "{what}: {}", caution.message);
        }
        let many = read(|files| {
            files.extend((0..9).map(|n| (format!("{n}.bad"), [&[0; 128][..], b"DICM"].concat())));
        });
        assert!(
            many.unwrap().notes[0].message.contains("9 files could not be read"),
            "at most five are named"
        );
    }

    #[test]
    fn a_series_is_not_read_without_a_slice_it_had() {
        // The last slice leaves no gap. Cut before, at and behind the element that names the series, and lost altogether.
        for k in [0, 2, 5] {
            let whole = Slice::new(k).bytes();
            let at = series_element(&whole);
            for cut in [0, 60, 140, at - 30, at + 4, at + 30, whole.len() - 61, whole.len() - 1] {
                let error = read(|files| files[usize::from(k)].1.truncate(cut)).unwrap_err().to_string();
                assert!(error.contains(&format!("IM{k:03}.dcm")), "slice {k} cut at {cut}: {error}");
            }
        }
    }

    #[test]
    fn a_gap_names_the_files_that_may_fill_it() {
        let error = read(|files| {
            files[2].0 = "stray.dcm".into();
            files[2].1.truncate(300);
        });
        let message = error.unwrap_err().to_string();
        assert!(message.contains("one slice is missing at 4.00 mm"), "{message}");
        assert!(message.contains("stray.dcm (its header needs"), "{message}");
        assert!(!message.contains("Secret"), "{message}");
    }

    #[test]
    fn a_folder_of_damaged_files_alone_says_what_is_wrong() {
        let error = read(|files| {
            files.iter_mut().for_each(|(_, bytes)| bytes.truncate(300));
            files.push(("letter.txt".into(), b"Dear colleague".to_vec()));
        });
        let message = error.unwrap_err().to_string();
        assert!(message.contains("IM000.dcm is truncated"), "{message}");
    }
}
