//! A picture in memory.

use crate::error::ReadersError;
use coxa_imaging::Grid;
use coxa_imaging::image::{self, Image};
use std::path::Path;

/// A picture: one slice or a stack of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Columns, rows and slices.
    pub size: [usize; 3],
    /// Pixels by slice, row and column; a value is `stored * slope + intercept`.
    pub stored: Vec<u16>,
    /// Value of one step of `stored`.
    pub slope: f64,
    /// Value of a stored 0.
    pub intercept: f64,
    /// Centre and width that the file asks for.
    pub window: Option<[f64; 2]>,
    /// Values below and above which half a hundredth of the pixels lie.
    pub range: [f64; 2],
    /// Low values are to be shown white.
    pub inverted: bool,
    /// Distance of neighbouring columns and rows, mm.
    pub spacing_mm: Option<[f64; 2]>,
    /// Patient directions at the left, right, upper and lower edge: R, L, A, P, H or F.
    pub edges: Option<[char; 4]>,
    /// Where the pixels lie in the patient, columns, rows and slices as shown.
    pub grid: Option<Grid>,
}

impl Picture {
    /// Opens a picture.
    ///
    /// # Errors
    /// A path that holds no picture, with the reason.
    pub fn open(path: &Path) -> Result<Picture, ReadersError> {
        Ok(Picture::of(image::open(path)?))
    }

    /// Of an image. Whole numbers that 16 bits hold keep every digit; others are rounded to 65,535 steps.
    fn of(image: Image) -> Picture {
        let values = &image.values;
        let finite = values.iter().copied().filter(|value| value.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        let (low, high) = if low <= high { (low, high) } else { (0.0, 0.0) };
        let top = f64::from(u16::MAX);
        let is_whole =
            high - low <= top && values.iter().all(|value| !value.is_finite() || value.fract() == 0.0);
        // Half the range first: the difference of two finite numbers may not be finite.
        let slope =
            if is_whole || high <= low { 1.0 } else { (high / top - low / top).max(f64::MIN_POSITIVE) };
        let stored: Vec<u16> =
            values
                .iter()
                .map(|value| {
                    if value.is_finite() { ((value - low) / slope).round().clamp(0.0, top) as u16 } else { 0 }
                })
                .collect();
        let mut picture = Picture {
            size: image.size,
            stored,
            slope,
            intercept: low,
            window: image.window,
            range: [low, high],
            inverted: image.is_inverted,
            spacing_mm: image.spacing_mm,
            edges: image.edges,
            grid: image.grid,
        };
        picture.range = picture.middle();
        picture
    }

    /// Values below and above which half a hundredth of the pixels lie.
    fn middle(&self) -> [f64; 2] {
        let mut counts = vec![0usize; 1 << 16];
        self.stored.iter().for_each(|stored| counts[usize::from(*stored)] += 1);
        let tail = self.stored.len() / 200;
        let at = |mut places: Box<dyn Iterator<Item = usize>>| {
            let mut seen = 0;
            let place = places.find(|place| {
                seen += counts[*place];
                seen > tail
            });
            place.unwrap_or(0) as f64 * self.slope + self.intercept
        };
        let low = at(Box::new(0..1 << 16));
        let high = at(Box::new((0..1 << 16).rev()));
        [low.min(high), high.max(low)]
    }

    /// Pixels of a slice, from 1, as little-endian bytes; `None` where there is no such slice.
    pub fn slice_bytes(&self, slice: usize) -> Option<Vec<u8>> {
        let [columns, rows, slices] = self.size;
        let place = slice.checked_sub(1).filter(|place| *place < slices)?;
        let length = columns * rows;
        let pixels = self.stored.get(place * length..(place + 1) * length)?;
        Some(pixels.iter().flat_map(|pixel| pixel.to_le_bytes()).collect())
    }

    /// Bytes that it takes in memory.
    pub(crate) fn bytes(&self) -> usize {
        self.stored.len() * 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_values(size: [usize; 3], values: &[f64]) -> Picture {
        Picture::of(Image::new(size, values.to_vec()))
    }

    #[test]
    fn whole_numbers_keep_their_digits_and_others_their_range() {
        let picture = from_values([2, 1, 2], &[-1024.0, 3071.0, 0.0, f64::NAN]);
        assert_eq!((picture.slope, picture.intercept), (1.0, -1024.0));
        assert_eq!(picture.stored, [0, 4095, 1024, 0]);
        assert_eq!(picture.slice_bytes(2), Some(vec![0, 4, 0, 0]));
        assert_eq!((picture.slice_bytes(0), picture.slice_bytes(3)), (None, None));
        let parts = from_values([3, 1, 1], &[0.0, 0.25, 1.0]);
        assert_eq!(parts.stored, [0, 16384, 65535]);
        for constant in [&[][..], &[7.5; 4], &[f64::NAN; 2]] {
            let picture = from_values([constant.len(), 1, 1], constant);
            assert!(picture.stored.iter().all(|stored| *stored == 0) && picture.slope == 1.0);
        }
        let wide = from_values([2, 1, 1], &[f64::MIN, f64::MAX]);
        assert!(wide.slope.is_finite() && wide.range[0] < wide.range[1]);
    }
}
