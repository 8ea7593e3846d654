//! DICOM in and out: CT series, segmentations, structure sets and radiographs.

mod assemble;
mod attributes;
mod codec;
pub(crate) mod file;
mod image;
mod layout;
mod pixels;
pub(crate) mod series;
mod shear;
mod stack;

pub use series::SeriesInfo;
