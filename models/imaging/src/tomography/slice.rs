//! A slice as X-rays meet it.

use super::spectrum::Material;

/// What a slice is made of: the share of each material in every pixel, row by row. A share of 1 is the material at its own density.
pub struct Slice<'a> {
    /// Pixels in a row.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
    /// Side of a pixel.
    pub pixel_mm: f64,
    /// Materials with their shares; all of `columns * rows` values.
    pub shares: &'a [(Material, &'a [f32])],
}
