//! DICOM in and out: CT series, segmentations, structure sets and radiographs.

mod assemble;
mod attributes;
mod codec;
pub(crate) mod file;
mod image;
mod layout;
mod pixels;
mod radiograph;
pub(crate) mod series;
mod shear;
mod stack;
mod write;

pub use pixels::{PixelValues, read_pixels};
pub use radiograph::{Radiograph, SpacingSource, read_radiograph};
pub use series::SeriesInfo;
pub use write::{WriteError, write_series};
