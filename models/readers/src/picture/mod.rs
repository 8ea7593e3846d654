//! Pictures as readers see them: sixteen bits a pixel, slice by slice, without a word of the file they come from.

mod dicom;
mod open;
mod orient;
mod pixels;
mod raster;

pub use open::{files_of, open};
pub use pixels::Picture;
