//! Pictures as readers see them: sixteen bits a pixel, slice by slice, without a word of the file they come from.

mod pixels;

pub use pixels::Picture;
