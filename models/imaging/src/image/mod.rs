//! Images of any kind that people keep: DICOM of every modality, NIfTI, PNG and JPEG, one slice or a stack, in the usual view.

mod content;
mod error;
mod open;
mod orient;
mod raster;
mod series;

pub use content::{Image, MAX_PIXELS};
pub use error::ImageError;
pub use open::{files_of, is_nifti, open};
