//! DICOM in and out: CT series, segmentations, structure sets and radiographs.

mod assemble;
mod attributes;
mod codec;
mod contents;
pub(crate) mod file;
mod frame;
mod image;
mod layout;
mod modality;
mod naming;
mod one_patient;
mod padding;
mod pixels;
mod radiograph;
mod rtstruct;
mod seg;
pub(crate) mod series;
mod series_info;
mod shear;
mod stack;
mod syntax;
#[cfg(test)]
pub(crate) mod test_slices;
mod write;
mod write_radiograph;

pub use contents::LabelObject;
pub(crate) use padding::PADDING_HU;
pub use pixels::{PixelValues, read_pixels, read_pixels_from};
pub use radiograph::{Radiograph, SpacingSource, read_radiograph, read_radiograph_from};
pub use rtstruct::{read_rtstruct, read_rtstruct_from};
pub use seg::{read_seg, read_seg_from};
pub use series_info::SeriesInfo;
pub use write::{InStudy, MrSeries, WriteError, write_mr_series, write_series, write_series_in};
pub use write_radiograph::{RadiographImage, write_radiograph};
