//! What is said of a series to choose it by.

use serde::Serialize;
use std::fmt;

/// A series that could be read, told apart without patient data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeriesInfo {
    /// Number in the list, from 1.
    pub number: usize,
    /// Short stable id: the start of a hash of its Series Instance UID.
    pub id: String,
    /// Modality code, such as CT.
    pub modality: String,
    /// Number of files.
    pub files: usize,
    /// Number of slices or frames, scout views left out.
    pub slices: usize,
    /// Columns and rows of a slice.
    pub size: [usize; 2],
    /// Distance of neighbouring columns and rows in mm, where the series says.
    pub pixel_spacing_mm: Option<[f64; 2]>,
    /// Distance of neighbouring slices in mm by their positions, where they make an even stack.
    pub slice_spacing_mm: Option<f64>,
    /// Reconstruction kernel, where the series says.
    pub kernel: Option<String>,
}

impl fmt::Display for SeriesInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SeriesInfo { number, id, modality, slices, size: [columns, rows], .. } = self;
        write!(f, "{number}  {id}  {modality}, {slices} slices of {columns} x {rows}")?;
        if let Some([x, y]) = self.pixel_spacing_mm {
            write!(f, ", {x:.3} x {y:.3}")?;
            match self.slice_spacing_mm {
                Some(z) => write!(f, " x {z:.3} mm")?,
                None => write!(f, " mm")?,
            }
        }
        match &self.kernel {
            Some(kernel) => write!(f, ", kernel {kernel}"),
            None => Ok(()),
        }
    }
}
