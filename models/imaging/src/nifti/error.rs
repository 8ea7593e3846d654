//! Why a NIfTI file could not be read or written.

/// A [`Problem`] with the file it was found in.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {problem}")]
pub struct NiftiError {
    /// Name of a file that was read, without its folder; path as given of one that was to be written.
    pub file: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a NIfTI file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The operating system refused.
    #[error("cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// The bytes are of another kind.
    #[error("this is not a NIfTI-1 file: {0}; give a single .nii or .nii.gz file")]
    NotNifti(&'static str),
    /// A header field has a value that cannot be meant.
    #[error("the header field {field} is {value}, {expected}; write the file again from its source")]
    Field {
        /// Field name as in nifti1.h.
        field: &'static str,
        /// Its value.
        value: String,
        /// What was expected.
        expected: &'static str,
    },
    /// More than one volume, or a voxel type that is no number.
    #[error("{what} cannot be used here; {remedy}")]
    Unsupported {
        /// What the file holds.
        what: String,
        /// What to give instead.
        remedy: &'static str,
    },
    /// More voxels than any CT has.
    #[error(
        "the header claims {voxels} voxels, more than the limit of {limit}; the file is damaged or not a CT"
    )]
    TooLarge {
        /// Voxels claimed.
        voxels: u64,
        /// The limit.
        limit: u64,
    },
    /// The file ends too early.
    #[error(
        "the file is truncated: its header announces {expected} voxels, but only {found} are present; copy it again"
    )]
    Truncated {
        /// Voxels in the header.
        expected: u64,
        /// Voxels found, or that could be there at most.
        found: u64,
    },
    /// The file goes on behind its voxels.
    #[error(
        "the file continues after the {expected} voxels that its header announces, so its dimensions are not those of the volume; \
         write it again from its source"
    )]
    Longer {
        /// Voxels in the header.
        expected: u64,
    },
    /// The gzip stream is damaged.
    #[error("the compressed data are damaged ({0}); copy the file again")]
    Gzip(std::io::Error),
    /// Neither sform nor qform say where the voxels are.
    #[error(
        "the file does not state the orientation of the patient (sform_code and qform_code are 0), so left and right cannot \
         be told apart; convert it again from DICOM with a tool that keeps the orientation"
    )]
    NoOrientation,
    /// The voxel axes are not at right angles.
    #[error(
        "the voxel axes are {degrees:.2} degrees off a right angle (gantry tilt or a sheared transform); resample \
         the volume to a rectangular grid, or give the DICOM series"
    )]
    Sheared {
        /// Largest departure from 90 degrees.
        degrees: f64,
    },
    /// A voxel of a label file that is no label.
    #[error(
        "voxel {index} of the label file has the value {value}; labels are whole numbers from 0 to {largest}"
    )]
    NotALabel {
        /// Place in the file, counted from 0.
        index: usize,
        /// The value.
        value: f64,
        /// The largest id allowed.
        largest: u32,
    },
    /// The table of names beside a label file cannot be used.
    #[error("{0}")]
    Table(#[from] crate::labels::TableError),
}

impl Problem {
    pub(super) fn field(field: &'static str, value: impl ToString, expected: &'static str) -> Self {
        Problem::Field { field, value: value.to_string(), expected }
    }
}
