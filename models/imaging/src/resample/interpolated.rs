//! Voxel types that are interpolated.

use crate::{Grid, Volume};
use ndarray::Array3;

/// Voxel types that can be interpolated.
pub trait Interpolated: Copy + Send + Sync + Default + Into<f64> {
    /// What stands where there is no volume: air for CT numbers, else 0.
    const OUTSIDE: Self;
    /// As a real number.
    fn to_f32(self) -> f32;
    /// The nearest value of the type.
    fn from_f32(value: f32) -> Self;
}

/// Added to a number below 2^22, it leaves the nearest whole number in the lowest bits of the sum (ties to even):
/// rounding that runs on whole vector registers.
const ROUNDING: f32 = 12_582_912.0;

impl Interpolated for i16 {
    const OUTSIDE: i16 = -1024;
    #[inline(always)]
    fn to_f32(self) -> f32 {
        f32::from(self)
    }
    #[inline(always)]
    fn from_f32(value: f32) -> i16 {
        (value + ROUNDING).to_bits() as i16
    }
}

impl Interpolated for u8 {
    const OUTSIDE: u8 = 0;
    #[inline(always)]
    fn to_f32(self) -> f32 {
        f32::from(self)
    }
    #[inline(always)]
    fn from_f32(value: f32) -> u8 {
        (value + ROUNDING).to_bits() as u8
    }
}

impl Interpolated for f32 {
    const OUTSIDE: f32 = 0.0;
    #[inline(always)]
    fn to_f32(self) -> f32 {
        self
    }
    #[inline(always)]
    fn from_f32(value: f32) -> f32 {
        value
    }
}

pub(super) fn filled<T: Clone>(grid: &Grid, value: T) -> Volume<T> {
    let [ni, nj, nk] = grid.dims;
    Volume::new(grid.clone(), Array3::from_elem((nk, nj, ni), value))
}
