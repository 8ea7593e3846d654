//! What is read, and what comes of it.

use crate::CtVolume;
use coxa_geometry::Finding;
use std::fmt;

/// What to read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Which series, where there are several: the id or the number in the list that
    /// [`ReadError::SeveralSeries`](super::ReadError::SeveralSeries)
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
    /// Whose scan it is, where the files say.
    pub identity: Identity,
}

/// Whose scan it is, by the words of its files: for comparing alone, never to be shown or kept.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// Patient ID.
    pub patient: Option<String>,
    /// Study Instance UID.
    pub study: Option<String>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_known = |word: &Option<String>| if word.is_some() { "known" } else { "unknown" };
        write!(f, "Identity {{ patient {}, study {} }}", is_known(&self.patient), is_known(&self.study))
    }
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
