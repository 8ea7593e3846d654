//! Why an image could not be read.

use crate::dicom::SeriesInfo;
use crate::nifti::NiftiError;
use std::fmt;
use std::path::PathBuf;

/// Why an image could not be read. Files inside a folder or zip are named by their file name alone, and no
/// message
/// holds a patient's name, id or date.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The operating system refused.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The path as given.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Nothing in the folder or zip is a DICOM image.
    #[error(
        "no DICOM image among the {files} files of {}; give the folder that holds the slices, a zip of it, a \
         multi-frame DICOM file, or a NIfTI file (.nii, .nii.gz)", path.display()
    )]
    NoImages {
        /// The path as given.
        path: PathBuf,
        /// Number of files looked at.
        files: usize,
    },
    /// The file is of no kind that is read here.
    #[error(
        "{file} is not an image that can be read: {reason}; give a DICOM file, a folder or zip of them, or a \
         NIfTI file (.nii, .nii.gz)"
    )]
    NotAnImage {
        /// File name.
        file: String,
        /// What it is instead, or what is missing.
        reason: String,
    },
    /// The file is DICOM, but broken.
    #[error("{file} is damaged: {reason}; export the series again")]
    Malformed {
        /// File name.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// The file ends too early, or its pixel data are shorter than its header says.
    #[error("{file} is truncated: {what} needs {expected} bytes and has {found}; export the series again")]
    Truncated {
        /// File name.
        file: String,
        /// Which part.
        what: &'static str,
        /// Bytes needed.
        expected: u64,
        /// Bytes there.
        found: u64,
    },
    /// The header asks for more than is sensible.
    #[error("{file} claims {what}, more than the limit of {limit}; it is damaged or not a clinical image")]
    TooLarge {
        /// File name.
        file: String,
        /// What it claims, with its unit.
        what: String,
        /// The limit, in the same unit.
        limit: u64,
    },
    /// The transfer syntax is not decoded here.
    #[error(
        "{file} is compressed as {name} (transfer syntax {uid}), which is not decoded here; convert the series \
         to Explicit VR Little Endian, for example with `gdcmconv --raw IN OUT` or `dcmdjpeg IN OUT`"
    )]
    UnsupportedSyntax {
        /// File name.
        file: String,
        /// Transfer syntax UID.
        uid: String,
        /// Its name in the standard.
        name: String,
    },
    /// The compressed pixel data could not be decoded.
    #[error("the {syntax} pixel data of {file} could not be decoded: {reason}")]
    Decode {
        /// File name.
        file: String,
        /// Name of the transfer syntax.
        syntax: String,
        /// What the decoder said.
        reason: String,
    },
    /// There are images, but none is CT.
    #[error("{what}, not CT; give a CT series (modality CT)")]
    NotCt {
        /// What it is, such as "this is a radiograph (modality CR)".
        what: String,
    },
    /// Several CT series to choose from.
    #[error("the input contains {} CT series; choose one with `--series ID`:\n{}", .0.len(), listing(.0))]
    SeveralSeries(Vec<SeriesInfo>),
    /// The series asked for is not there.
    #[error("there is no series `{id}`; available series:\n{}", listing(.series))]
    NoSuchSeries {
        /// What was asked for.
        id: String,
        /// What there is.
        series: Vec<SeriesInfo>,
    },
    /// The slices do not make up one volume.
    #[error("the series is not a single volume: {reason}")]
    Inconsistent {
        /// What differs or is missing, and what to do.
        reason: String,
    },
    /// Slices are missing.
    #[error(
        "{} missing at {} mm along the slice normal (slice distance {spacing_mm:.3} mm); \
         export the complete series again",
        slices(*missing), Positions(positions_mm)
    )]
    MissingSlices {
        /// Number of slices missing.
        missing: usize,
        /// Where, along the slice normal.
        positions_mm: Vec<f64>,
        /// Distance of neighbouring slices.
        spacing_mm: f64,
    },
    /// What could be read was refused, and other files could not be read at all.
    #[error("{source}. Files ignored, because nothing shows what they belong to: {}", .files.join("; "))]
    SetAside {
        /// Why the rest was refused.
        source: Box<ReadError>,
        /// The files that could not be read, each with the reason.
        files: Vec<String>,
    },
    /// The NIfTI file cannot be read.
    #[error(transparent)]
    Nifti(#[from] NiftiError),
    /// The zip is dangerous or cannot be opened.
    #[error("the zip cannot be read: {reason}")]
    Zip {
        /// Why.
        reason: String,
    },
}

impl ReadError {
    /// What is wrong with one file of many, with its name and without advice.
    pub(crate) fn in_short(&self) -> String {
        match self {
            ReadError::Malformed { file, reason } | ReadError::NotAnImage { file, reason } => {
                format!("{file} ({reason})")
            }
            ReadError::Truncated { file, what, expected, found } => {
                format!("{file} ({what} needs {expected} bytes and has {found})")
            }
            ReadError::Io { path, source } => format!("{} ({source})", path.display()),
            other => other.to_string(),
        }
    }
}

fn slices(count: usize) -> String {
    if count == 1 { "one slice is".to_owned() } else { format!("{count} slices are") }
}

/// One series a line, to be chosen from.
fn listing(series: &[SeriesInfo]) -> String {
    series.iter().map(|info| format!("  {info}")).collect::<Vec<_>>().join("\n")
}

struct Positions<'a>(&'a [f64]);

impl fmt::Display for Positions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 8;
        let shown: Vec<String> = self.0.iter().take(SHOWN).map(|p| format!("{p:.2}")).collect();
        f.write_str(&shown.join(", "))?;
        if self.0.len() > SHOWN {
            write!(f, " and {} more", self.0.len() - SHOWN)?;
        }
        Ok(())
    }
}
