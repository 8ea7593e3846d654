//! Gabor filters.

use super::common::{Boundary, Pooling};
use super::error::FilterError;
use super::rotation::pool;
use ndarray::{Array2, Array3, ArrayView2, Axis};
use rayon::prelude::*;
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;
use std::sync::Arc;

type Number = Complex<f64>;

/// Distance at which a kernel ends, standard deviations of its longer axis: the envelope is 1e-12 there.
const CUTOFF: f64 = 7.5;
/// Longest such distance, voxels.
const FARTHEST: usize = 512;
/// Most orientations.
const MOST: usize = 180;

/// Planes in which a Gabor filter looks at the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GaborPlanes {
    /// Axial slices.
    Axial,
    /// Axial, coronal and sagittal slices, whose responses are pooled.
    Orthogonal,
}

/// Modulus of the response to a complex Gabor kernel in slices (IBSI 2, section 3.5).
///
/// The kernel is exp(-(u^2 + (gamma v)^2) / (2 sigma^2) + 2 pi i u / lambda) with u = a cos(theta) + b sin(theta), v = b cos(theta) - a sin(theta), where a
/// and b are the axes of the plane in mm: x and y, x and z, or y and z. It is not normalised, as the IBSI defines it, so that responses grow with the number
/// of voxels under it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gabor {
    /// Standard deviation of the envelope along the wave, mm (sigma).
    pub sigma_mm: f64,
    /// Wavelength, mm (lambda).
    pub wavelength_mm: f64,
    /// Standard deviation along the wave over that across it (gamma).
    pub aspect_ratio: f64,
    /// Direction of the wave from the first axis of the plane to the second, degrees (theta).
    #[serde(default)]
    pub orientation_deg: f64,
    /// Step by which the kernel is turned through all directions, degrees, a whole part of 360; without it there is one direction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orientation_step_deg: Option<f64>,
    /// How the responses to directions and planes are pooled.
    pub pooling: Pooling,
    /// Planes of the slices.
    pub planes: GaborPlanes,
    /// Intensities beyond the edge.
    pub boundary: Boundary,
}

impl Gabor {
    /// The response of an image [z, y, x]. Spacings stand in the order of the axes, mm.
    pub(super) fn respond(
        &self,
        image: &Array3<f64>,
        spacing_mm: [f64; 3],
    ) -> Result<Array3<f64>, FilterError> {
        FilterError::positive("sigma_mm", self.sigma_mm)?;
        FilterError::positive("wavelength_mm", self.wavelength_mm)?;
        FilterError::positive("aspect_ratio", self.aspect_ratio)?;
        let orientations = self.orientations()?;
        let normals: &[usize] = match self.planes {
            GaborPlanes::Axial => &[0],
            GaborPlanes::Orthogonal => &[0, 1, 2],
        };
        let mut pooled: Option<Array3<f64>> = None;
        for &normal in normals {
            let [b, a] = [[1, 2], [0, 2], [0, 1]][normal];
            let shape = [image.shape()[b], image.shape()[a]];
            let bank = Bank::new(self, &orientations, shape, [spacing_mm[b], spacing_mm[a]])?;
            let slices: Vec<Array2<f64>> = (0..image.shape()[normal])
                .into_par_iter()
                .map(|at| bank.respond(image.index_axis(Axis(normal), at), self.pooling, self.boundary))
                .collect();
            let mut response = Array3::zeros(image.dim());
            for (at, slice) in slices.into_iter().enumerate() {
                response.index_axis_mut(Axis(normal), at).assign(&slice);
            }
            match &mut pooled {
                None => pooled = Some(response),
                Some(pooled) => pool(pooled, &response, self.pooling),
            }
        }
        let mut pooled = pooled.unwrap_or_else(|| image.clone());
        if self.pooling == Pooling::Average {
            let count = (orientations.len() * normals.len()) as f64;
            pooled.par_mapv_inplace(|sum| sum / count);
        }
        Ok(pooled)
    }

    /// Directions, radians. Opposite ones have one modulus, so that half a turn is enough where steps meet it.
    fn orientations(&self) -> Result<Vec<f64>, FilterError> {
        if !self.orientation_deg.is_finite() {
            return Err(FilterError::setting("orientation_deg", self.orientation_deg, "give an angle"));
        }
        let first = self.orientation_deg.to_radians();
        let Some(step) = self.orientation_step_deg else { return Ok(vec![first]) };
        let wanted = "give a step that is a whole part of 360, from 2";
        let turn = 360.0 / step;
        let count = turn.round();
        if !(step > 0.0 && count >= 1.0 && count <= MOST as f64 && (turn - count).abs() < 1e-6) {
            return Err(FilterError::setting("orientation_step_deg", step, wanted));
        }
        let count = count as usize;
        let needed = if count.is_multiple_of(2) { count / 2 } else { count };
        Ok((0..needed).map(|n| first + 2.0 * PI * n as f64 / count as f64).collect())
    }
}

/// The spectra of the kernels of all directions for slices of one shape.
struct Bank {
    /// Reach of the kernels along the rows and columns' axes, voxels.
    reach: [usize; 2],
    /// Shape of the transforms.
    shape: [usize; 2],
    /// Spectra, transposed, with the scale of the inverse transform.
    spectra: Vec<Vec<Number>>,
    plans: [Plans; 2],
}

#[derive(Clone)]
struct Plans {
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
}

impl Bank {
    fn new(
        filter: &Gabor,
        orientations: &[f64],
        slice: [usize; 2],
        spacing_mm: [f64; 2],
    ) -> Result<Bank, FilterError> {
        let longer_mm = filter.sigma_mm.max(filter.sigma_mm / filter.aspect_ratio);
        let radius = spacing_mm.map(|spacing| (CUTOFF * longer_mm / spacing).ceil());
        if let Some(found) = radius.into_iter().find(|&radius| radius > FARTHEST as f64) {
            let name = if filter.aspect_ratio < 1.0 { "aspect_ratio" } else { "sigma_mm" };
            return Err(FilterError::TooWide { name, found: 2.0 * found + 1.0, limit: 2 * FARTHEST + 1 });
        }
        let radius = radius.map(|radius| radius as isize);
        // Beyond the length of an axis a kernel reads voxels again that it has read already.
        let reach = [0, 1].map(|n| radius[n].unsigned_abs().min(slice[n]));
        let shape = [0, 1].map(|n| fast_length(slice[n] + 2 * reach[n]));
        let mut planner = FftPlanner::new();
        let plans = shape.map(|length| Plans {
            forward: planner.plan_fft_forward(length),
            inverse: planner.plan_fft_inverse(length),
        });
        let mut bank = Bank { reach, shape, spectra: Vec::new(), plans };
        let spectrum = |&theta: &f64| {
            let mut kernel = vec![Number::default(); shape[0] * shape[1]];
            for b in -radius[0]..=radius[0] {
                let Some(row) = filter.boundary.fold(b, slice[0]) else { continue };
                let row = row.rem_euclid(shape[0].cast_signed()).unsigned_abs();
                for a in -radius[1]..=radius[1] {
                    let Some(column) = filter.boundary.fold(a, slice[1]) else { continue };
                    let column = column.rem_euclid(shape[1].cast_signed()).unsigned_abs();
                    kernel[row * shape[1] + column] +=
                        filter.weight(theta, [b as f64 * spacing_mm[0], a as f64 * spacing_mm[1]]);
                }
            }
            let scale = 1.0 / (shape[0] * shape[1]) as f64;
            let mut spectrum = bank.forward(kernel);
            spectrum.iter_mut().for_each(|number| *number *= scale);
            spectrum
        };
        bank.spectra = orientations.par_iter().map(spectrum).collect();
        Ok(bank)
    }

    /// The transposed spectrum of data in rows.
    fn forward(&self, mut data: Vec<Number>) -> Vec<Number> {
        data.chunks_mut(self.shape[1]).for_each(|row| self.plans[1].forward.process(row));
        let mut turned = transposed(&data, self.shape[1]);
        turned.chunks_mut(self.shape[0]).for_each(|column| self.plans[0].forward.process(column));
        turned
    }

    /// The sum or maximum over the directions of the modulus of the response of a slice.
    fn respond(&self, slice: ArrayView2<'_, f64>, pooling: Pooling, boundary: Boundary) -> Array2<f64> {
        let (height, width) = slice.dim();
        let places = [0, 1].map(|n: usize| -> Vec<Option<usize>> {
            let (length, reach) = ([height, width][n], self.reach[n].cast_signed());
            let beyond = length.cast_signed() + reach;
            (-reach..beyond).map(|place| boundary.index(place, length)).collect()
        });
        let mut data = vec![Number::default(); self.shape[0] * self.shape[1]];
        for (row, y) in data.chunks_mut(self.shape[1]).zip(&places[0]) {
            let Some(y) = *y else { continue };
            for (number, x) in row.iter_mut().zip(&places[1]) {
                number.re = x.map_or(0.0, |x| slice[[y, x]]);
            }
        }
        let spectrum = self.forward(data);
        let mut pooled =
            Array2::from_elem((height, width), if pooling == Pooling::Max { f64::MIN } else { 0.0 });
        let mut columns = vec![Number::default(); spectrum.len()];
        for kernel in &self.spectra {
            columns
                .iter_mut()
                .zip(&spectrum)
                .zip(kernel)
                .for_each(|((to, image), kernel)| *to = image * kernel);
            columns.chunks_mut(self.shape[0]).for_each(|column| self.plans[0].inverse.process(column));
            // Rows beyond the slice are not needed.
            let mut rows = transposed(&columns, self.shape[0]);
            let rows = &mut rows[self.reach[0] * self.shape[1]..][..height * self.shape[1]];
            rows.chunks_mut(self.shape[1]).for_each(|row| self.plans[1].inverse.process(row));
            for (mut pooled, row) in pooled.outer_iter_mut().zip(rows.chunks(self.shape[1])) {
                for (pooled, number) in pooled.iter_mut().zip(&row[self.reach[1]..]) {
                    *pooled = match pooling {
                        Pooling::Average => *pooled + number.norm(),
                        Pooling::Max => pooled.max(number.norm()),
                    };
                }
            }
        }
        pooled
    }
}

impl Gabor {
    /// The kernel at a place [b, a], mm.
    fn weight(&self, theta: f64, [b, a]: [f64; 2]) -> Number {
        let (sine, cosine) = theta.sin_cos();
        let (along, across) = (a * cosine + b * sine, self.aspect_ratio * (b * cosine - a * sine));
        let distance = (along / self.sigma_mm).powi(2) + (across / self.sigma_mm).powi(2);
        Number::from_polar((-0.5 * distance).exp(), 2.0 * PI * along / self.wavelength_mm)
    }
}

/// The transpose of a matrix with rows of `width`.
fn transposed(data: &[Number], width: usize) -> Vec<Number> {
    const TILE: usize = 16;
    let rows = data.len() / width;
    let mut turned = vec![Number::default(); data.len()];
    for top in (0..rows).step_by(TILE) {
        for left in (0..width).step_by(TILE) {
            for column in left..(left + TILE).min(width) {
                for row in top..(top + TILE).min(rows) {
                    turned[column * rows + row] = data[row * width + column];
                }
            }
        }
    }
    turned
}

/// The next length of which transforms are fast: factors 2, 3 and 5 only.
fn fast_length(length: usize) -> usize {
    let is_fast = |&length: &usize| {
        let without = |rest: usize, factor: usize| {
            let mut rest = rest;
            while rest.is_multiple_of(factor) {
                rest /= factor;
            }
            rest
        };
        [2, 3, 5].into_iter().fold(length, without) == 1
    };
    (length.max(1)..).find(is_fast).unwrap_or(length)
}
