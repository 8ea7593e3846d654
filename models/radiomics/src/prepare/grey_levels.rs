//! Discretisation: grey levels of the voxels of a region.

use crate::error::RadiomicsError;
use crate::raster::Raster;
use crate::settings::{Discretisation, Mode, Settings};

/// The most grey levels.
const MOST_LEVELS: u32 = 16_384;

/// Grey levels from 1 on the smallest box around a region with a border of one voxel; outside the region 0.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GreyLevels {
    /// Number of voxels along each axis, with the border.
    pub(crate) dims: [usize; 3],
    /// First voxel of the box, without its border, in the image.
    pub(crate) first: [usize; 3],
    /// Levels, x fastest.
    pub(crate) values: Vec<u16>,
    /// Highest level in the region.
    pub(crate) most: u16,
    /// Voxels of the region.
    pub(crate) voxels: usize,
}

impl GreyLevels {
    /// Way in `values` from a voxel to its neighbour.
    pub(crate) fn way(&self, [x, y, z]: [isize; 3]) -> isize {
        (z * self.dims[1] as isize + y) * self.dims[0] as isize + x
    }

    /// Index of the first voxel inside the border of each row of a slice; slices are counted without the border.
    pub(crate) fn rows(&self, slice: usize) -> impl Iterator<Item = usize> + '_ {
        let [nx, ny, _] = self.dims;
        (1..ny - 1).map(move |y| ((slice + 1) * ny + y) * nx + 1)
    }

    /// Length of a row without its border.
    pub(crate) fn row_length(&self) -> usize {
        self.dims[0] - 2
    }

    /// Number of slices without the border.
    pub(crate) fn slices(&self) -> usize {
        self.dims[2] - 2
    }

    /// Number of voxels of each level; `[0]` counts nothing.
    pub(crate) fn histogram(&self) -> Vec<u64> {
        let mut counts = vec![0; usize::from(self.most) + 1];
        for &level in &self.values {
            counts[usize::from(level)] += 1;
        }
        counts[0] = 0;
        counts
    }
}

/// How a value becomes a level.
enum Bins {
    Whole,
    Size { from: f64, width: f64 },
    Number { low: f64, high: f64, number: f64 },
}

impl Bins {
    fn level(&self, value: f64) -> f64 {
        match *self {
            Bins::Whole => value,
            Bins::Size { from, width } => ((value - from) / width).floor() + 1.0,
            Bins::Number { low, high, number } if high > low => {
                (number * ((value - low) / (high - low))).floor().min(number - 1.0) + 1.0
            }
            Bins::Number { .. } => 1.0,
        }
    }
}

/// Grey levels of the voxels in a mask. The mask is not empty and its voxels have finite values.
pub(crate) fn discretise(
    image: &Raster<f64>,
    mask: &Raster<bool>,
    settings: &Settings,
) -> Result<GreyLevels, RadiomicsError> {
    let (first, inner) = mask.bounding_box().ok_or(RadiomicsError::EmptyRegion)?;
    let inside =
        || image.values.iter().zip(&mask.values).filter(|(_, inside)| **inside).map(|(&value, _)| value);
    let low = inside().fold(f64::INFINITY, f64::min);
    let high = inside().fold(f64::NEG_INFINITY, f64::max);
    let bins = match settings.discretisation {
        Discretisation::None => Bins::Whole,
        Discretisation::FixedBinNumber { number } => Bins::Number { low, high, number: f64::from(number) },
        Discretisation::FixedBinSize { width, from } => {
            let lower =
                settings.resegmentation.range.map(|[lower, _]| lower).filter(|lower| lower.is_finite());
            let from = match (from, settings.mode) {
                (Some(from), _) => from,
                (None, Mode::Pyradiomics) => low - low.rem_euclid(width),
                (None, Mode::Ibsi) => lower.unwrap_or(low),
            };
            if low < from {
                return Err(RadiomicsError::BelowFirstBin { value: low, from });
            }
            Bins::Size { from, width }
        }
    };
    if matches!(bins, Bins::Whole)
        && let Some(value) = inside().find(|&value| value < 1.0 || value.fract() != 0.0)
    {
        return Err(RadiomicsError::NotALevel { value });
    }
    let highest = bins.level(high);
    if highest.is_nan() || highest > f64::from(MOST_LEVELS) {
        return Err(RadiomicsError::TooManyLevels { levels: highest, limit: MOST_LEVELS });
    }
    let dims = inner.map(|n| n + 2);
    let mut levels =
        GreyLevels { dims, first, values: vec![0; dims.iter().product()], most: highest as u16, voxels: 0 };
    for z in 0..inner[2] {
        for y in 0..inner[1] {
            let from = image.index([first[0], first[1] + y, first[2] + z]);
            let to = ((z + 1) * dims[1] + y + 1) * dims[0] + 1;
            for x in 0..inner[0] {
                if mask.values[from + x] {
                    levels.values[to + x] = bins.level(image.values[from + x]) as u16;
                    levels.voxels += 1;
                }
            }
        }
    }
    Ok(levels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Resegmentation;

    fn levels_of(
        values: &[f64],
        discretisation: Discretisation,
        mode: Mode,
    ) -> Result<Vec<u16>, RadiomicsError> {
        let dims = [values.len(), 1, 1];
        let image = Raster { dims, spacing_mm: [1.0; 3], values: values.to_vec() };
        let mask = Raster { dims, spacing_mm: [1.0; 3], values: vec![true; values.len()] };
        let settings = Settings { discretisation, mode, ..Settings::default() };
        let levels = discretise(&image, &mask, &settings)?;
        let row = levels.rows(0).next().unwrap();
        Ok(levels.values[row..row + levels.row_length()].to_vec())
    }

    #[test]
    fn bins_are_closed_below() {
        let size = |width| Discretisation::FixedBinSize { width, from: None };
        assert_eq!(levels_of(&[-7.0, -3.0, 3.0], size(10.0), Mode::Ibsi).unwrap(), [1, 1, 2]);
        assert_eq!(levels_of(&[-7.0, -0.1, 0.0], size(10.0), Mode::Pyradiomics).unwrap(), [1, 1, 2]);
        let number = |number| Discretisation::FixedBinNumber { number };
        assert_eq!(levels_of(&[0.0, 1.0, 2.0, 4.0], number(4), Mode::Ibsi).unwrap(), [1, 2, 3, 4]);
        assert_eq!(levels_of(&[5.0, 5.0], number(4), Mode::Ibsi).unwrap(), [1, 1]);
        assert_eq!(levels_of(&[1.0, 6.0], Discretisation::None, Mode::Ibsi).unwrap(), [1, 6]);
    }

    #[test]
    fn levels_that_cannot_be_are_refused() {
        let refused =
            |values: &[f64], discretisation| levels_of(values, discretisation, Mode::Ibsi).unwrap_err();
        let narrow = Discretisation::FixedBinSize { width: 1e-9, from: None };
        assert!(matches!(refused(&[0.0, 1.0], narrow), RadiomicsError::TooManyLevels { .. }));
        assert!(matches!(refused(&[0.5], Discretisation::None), RadiomicsError::NotALevel { value: 0.5 }));
        let from = Discretisation::FixedBinSize { width: 1.0, from: Some(0.0) };
        assert!(matches!(refused(&[-1.0, 1.0], from), RadiomicsError::BelowFirstBin { .. }));
    }

    #[test]
    fn bins_begin_at_the_lower_end_of_the_range() {
        let dims = [2, 1, 1];
        let image = Raster { dims, spacing_mm: [1.0; 3], values: vec![-450.0, 100.0] };
        let mask = Raster { dims, spacing_mm: [1.0; 3], values: vec![true; 2] };
        let resegmentation = Resegmentation { range: Some([-500.0, 400.0]), outliers_sd: None };
        let levels = discretise(&image, &mask, &Settings { resegmentation, ..Settings::default() }).unwrap();
        assert_eq!(levels.most, 25);
        assert_eq!((levels.histogram()[3], levels.histogram()[25]), (1, 1));
    }
}
