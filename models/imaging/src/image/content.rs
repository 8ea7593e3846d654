//! An image in memory.

use crate::{Grid, Volume};
use ndarray::Array3;

/// Most pixels of an image, all slices together.
pub const MAX_PIXELS: usize = 1 << 28;

/// An image: one slice or a stack of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    /// Columns, rows and slices.
    pub size: [usize; 3],
    /// Values by slice, row and column, rescaled as the file says.
    pub values: Vec<f64>,
    /// Centre and width of the window that the file asks for.
    pub window: Option<[f64; 2]>,
    /// Low values are to be shown white.
    pub is_inverted: bool,
    /// Distance of neighbouring columns and rows, mm.
    pub spacing_mm: Option<[f64; 2]>,
    /// Patient directions at the left, right, upper and lower edge: R, L, A, P, H or F.
    pub edges: Option<[char; 4]>,
    /// Where the pixels lie in the patient, columns, rows and slices as shown.
    pub grid: Option<Grid>,
    /// DICOM modality, where the file says it.
    pub modality: Option<String>,
    /// DICOM view position, where the file says it.
    pub view: Option<String>,
}

impl Image {
    /// Values without anything else known of them. `size` and the number of values agree.
    pub fn new(size: [usize; 3], values: Vec<f64>) -> Image {
        Image {
            size,
            values,
            window: None,
            is_inverted: false,
            spacing_mm: None,
            edges: None,
            grid: None,
            modality: None,
            view: None,
        }
    }

    /// As a volume in the patient; `None` where the image does not say where it lies.
    pub fn volume(&self) -> Option<Volume<f64>> {
        let [columns, rows, slices] = self.size;
        let voxels = Array3::from_shape_vec((slices, rows, columns), self.values.clone()).ok()?;
        Some(Volume::new(self.grid.clone()?, voxels))
    }

    /// Values of a slice, from 0, row by row; `None` where there is no such slice.
    pub fn slice(&self, slice: usize) -> Option<&[f64]> {
        let length = self.size[0] * self.size[1];
        self.values.get(slice * length..(slice + 1) * length).filter(|_| slice < self.size[2])
    }
}
