//! Filters that are given by their response to frequencies.
//!
//! A periodic image is a sum of waves, and a filter changes the amplitude and phase of each. A mirrored image is a sum of cosines whose
//! maxima stand at its edges: an even filter scales them, an odd one makes sines of them. Neither needs the image to be copied beyond its edges.

use ndarray::Array3;
use rayon::prelude::*;
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};
use std::f64::consts::PI;
use std::sync::Arc;

type Number = Complex<f64>;

/// Fewest lines that a thread takes at once.
const LINES: usize = 16;

/// Edge of the squares in which matrices are transposed.
const TILE: usize = 32;

/// How the image goes on beyond its edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extension {
    Periodic,
    Mirror,
}

/// Frequencies at which a periodic image's response is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sampling {
    /// Those of its waves.
    Exact,
    /// N frequencies from -pi to pi with both ends, along each axis; the constant part stays at 0. The gain is the mean of those of a wave's two
    /// frequencies, which this grid tells apart where N is even.
    BothEnds,
}

/// A response to frequencies: gain(r) times the product of (-i w / r)^order over the axes, w the angular frequency along an axis in radians
/// a voxel and r the length of that vector.
pub(super) struct Response<'a> {
    /// Gain at an angular frequency.
    pub(super) gain: &'a (dyn Fn(f64) -> f64 + Sync),
    /// Power of each axis of [z, y, x].
    pub(super) order: [u32; 3],
    /// Constant factor.
    pub(super) factor: f64,
    /// Frequencies at which the gain is taken; exact for a mirrored image.
    pub(super) sampling: Sampling,
}

/// The response of an image [z, y, x], as a volume.
pub(super) fn respond_volume(
    image: &Array3<f64>,
    extension: Extension,
    response: &Response<'_>,
) -> Array3<f64> {
    let (depth, height, width) = image.dim();
    let grid = Spectral::new([depth, height, width], extension);
    let data = image.iter().map(|&value| Number::new(value, 0.0)).collect();
    let found = grid.respond(data, response).into_iter().map(|number| number.re).collect();
    shaped(image, found)
}

/// The response of each slice of an image [z, y, x] by itself.
pub(super) fn respond_slices(
    image: &Array3<f64>,
    extension: Extension,
    response: &Response<'_>,
) -> Array3<f64> {
    let (_, height, width) = image.dim();
    let size = height * width;
    let grid = Spectral::new([1, height, width], extension);
    let values: Vec<f64> = image.iter().copied().collect();
    let mut found = vec![0.0; values.len()];
    // The response is real, so that one transform serves two slices: as real and as imaginary part.
    found.par_chunks_mut(2 * size).zip(values.par_chunks(2 * size)).for_each(|(found, values)| {
        let (one, other) = values.split_at(size);
        let imaginary = other.iter().copied().chain(std::iter::repeat(0.0));
        let data = one.iter().zip(imaginary).map(|(&re, im)| Number::new(re, im)).collect();
        for (at, number) in grid.respond(data, response).into_iter().enumerate() {
            found[at] = number.re;
            if let Some(other) = found.get_mut(size + at) {
                *other = number.im;
            }
        }
    });
    shaped(image, found)
}

/// Values in the shape of an image; they are as many as its voxels.
fn shaped(image: &Array3<f64>, values: Vec<f64>) -> Array3<f64> {
    Array3::from_shape_vec(image.dim(), values).unwrap_or_else(|_| Array3::zeros(image.dim()))
}

/// Transforms of a grid.
struct Spectral {
    shape: [usize; 3],
    extension: Extension,
    axes: [Axis; 3],
}

/// Transforms of one axis.
struct Axis {
    length: usize,
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
    /// A quarter of a voxel's shift for each frequency: exp(-i pi k / 2 length).
    turns: Vec<Number>,
}

impl Spectral {
    fn new(shape: [usize; 3], extension: Extension) -> Spectral {
        let mut planner = FftPlanner::new();
        let axes = shape.map(|length| Axis {
            length,
            forward: planner.plan_fft_forward(length),
            inverse: planner.plan_fft_inverse(length),
            turns: (0..length)
                .map(|k| Number::from_polar(1.0, -PI * k as f64 / (2 * length) as f64))
                .collect(),
        });
        Spectral { shape, extension, axes }
    }

    /// The response of complex data, of which real and imaginary part are images.
    fn respond(&self, data: Vec<Number>, response: &Response<'_>) -> Vec<Number> {
        let is_mirror = self.extension == Extension::Mirror;
        let data = self.each_axis(data, &|axis, line, scratch| {
            if is_mirror { axis.cosines(line, scratch) } else { axis.waves(line, scratch, true) }
        });
        let data = self.scaled(data, response);
        let order = response.order;
        self.each_axis_numbered(data, &|number, axis, line, scratch| match (is_mirror, order[number] % 2) {
            (false, _) => axis.waves(line, scratch, false),
            (true, 0) => axis.sum_cosines(line, scratch),
            (true, _) => axis.sum_sines(line, scratch),
        })
    }

    fn each_axis(&self, data: Vec<Number>, change: &Change<'_>) -> Vec<Number> {
        self.each_axis_numbered(data, &|_, axis, line, scratch| change(axis, line, scratch))
    }

    /// The data after `change` of all lines along x, then y, then z.
    fn each_axis_numbered(&self, mut data: Vec<Number>, change: &NumberedChange<'_>) -> Vec<Number> {
        let mut turned = vec![Number::default(); data.len()];
        for (number, axis) in self.axes.iter().enumerate().rev() {
            if axis.length == 1 {
                continue;
            }
            data.par_chunks_mut(axis.length).with_min_len(LINES).for_each_init(Vec::new, |scratch, line| {
                change(number, axis, line, scratch);
            });
            // The next axis becomes the last, and after three steps all are where they were.
            transpose(&data, axis.length, &mut turned);
            std::mem::swap(&mut data, &mut turned);
        }
        data
    }

    /// The spectrum [z, y, x] times the response.
    fn scaled(&self, mut data: Vec<Number>, response: &Response<'_>) -> Vec<Number> {
        let Response { gain, order, factor, sampling } = response;
        let total: u32 = order.iter().sum();
        let is_mirror = self.extension == Extension::Mirror;
        // (-i)^order of each axis; a cosine becomes minus itself by two steps, and a sine by one, which is what `sum_sines` adds up.
        let phase = if is_mirror {
            let turns: u32 = order.iter().map(|order| order / 2).sum();
            Number::new(if turns.is_multiple_of(2) { 1.0 } else { -1.0 }, 0.0)
        } else {
            Number::new(0.0, -1.0).powu(total)
        };
        let frequencies = [0, 1, 2].map(|axis: usize| self.frequencies(axis));
        let powers = [0, 1, 2].map(|axis: usize| self.powers(axis, &frequencies[axis], order[axis]));
        let both_ends = [0, 1, 2].map(|axis: usize| self.with_both_ends(axis));
        let is_exact = is_mirror || *sampling == Sampling::Exact;
        let [_, height, width] = self.shape;
        data.par_chunks_mut(width).enumerate().for_each(|(row, line)| {
            let (z, y) = (row / height, row % height);
            let (square, power) =
                (frequencies[0][z].powi(2) + frequencies[1][y].powi(2), powers[0][z] * powers[1][y]);
            for (x, number) in line.iter_mut().enumerate() {
                let radius = (square + frequencies[2][x].powi(2)).sqrt();
                let gain = if is_exact {
                    gain(radius)
                } else {
                    let [z, y, x] = [both_ends[0][z], both_ends[1][y], both_ends[2][x]];
                    let radius = |sign: usize| (z[sign].powi(2) + y[sign].powi(2) + x[sign].powi(2)).sqrt();
                    0.5 * (gain(radius(0)) + gain(radius(1)))
                };
                // The direction of the constant part is not known, and it has none.
                let direction = match (total, radius > 0.0) {
                    (0, _) => 1.0,
                    (_, false) => 0.0,
                    (_, true) => power * powers[2][x] / radius.powi(total.cast_signed()),
                };
                *number *= phase * (factor * gain * direction);
            }
        });
        data
    }

    /// Angular frequencies along an axis, radians a voxel.
    fn frequencies(&self, axis: usize) -> Vec<f64> {
        let length = self.shape[axis];
        let frequency = |k: usize| match self.extension {
            Extension::Mirror => PI * k as f64 / length as f64,
            Extension::Periodic if 2 * k <= length => 2.0 * PI * k as f64 / length as f64,
            Extension::Periodic => -2.0 * PI * (length - k) as f64 / length as f64,
        };
        (0..length).map(frequency).collect()
    }

    /// Angular frequencies of `Sampling::BothEnds` along an axis, of each wave and of its opposite.
    fn with_both_ends(&self, axis: usize) -> Vec<[f64; 2]> {
        let length = self.shape[axis];
        let frequency = |k: usize| {
            // The place in the grid, of which the constant part has the middle, or in grids of even length the place behind it.
            let place = (k + length / 2) % length;
            if k == 0 { 0.0 } else { PI * (2.0 * place as f64 / (length - 1) as f64 - 1.0) }
        };
        (0..length).map(|k| [frequency(k), frequency((length - k) % length)]).collect()
    }

    /// Powers of the frequencies along an axis. Half the sampling rate stands for both its signs, whose odd powers cancel.
    fn powers(&self, axis: usize, frequencies: &[f64], order: u32) -> Vec<f64> {
        let length = self.shape[axis];
        let cancels = |k: usize| self.extension == Extension::Periodic && 2 * k == length && order % 2 == 1;
        let power = |(k, frequency): (usize, &f64)| {
            if cancels(k) { 0.0 } else { frequency.powi(order.cast_signed()) }
        };
        frequencies.iter().enumerate().map(power).collect()
    }
}

type Change<'a> = dyn Fn(&Axis, &mut [Number], &mut Vec<Number>) + Sync + 'a;
type NumberedChange<'a> = dyn Fn(usize, &Axis, &mut [Number], &mut Vec<Number>) + Sync + 'a;

impl Axis {
    /// The discrete Fourier transform of a line, or its inverse.
    fn waves(&self, line: &mut [Number], scratch: &mut Vec<Number>, is_forward: bool) {
        let plan = if is_forward { &self.forward } else { &self.inverse };
        scratch.resize(self.length + plan.get_inplace_scratch_len(), Number::default());
        plan.process_with_scratch(line, &mut scratch[self.length..]);
        if !is_forward {
            let scale = 1.0 / self.length as f64;
            line.iter_mut().for_each(|number| *number *= scale);
        }
    }

    /// Sum of line times cos(pi k (n + 1/2) / length) for each k, by one transform of the length (Makhoul 1980, IEEE Trans ASSP 28:27).
    fn cosines(&self, line: &mut [Number], scratch: &mut Vec<Number>) {
        let n = self.length;
        scratch.resize(n + self.forward.get_inplace_scratch_len(), Number::default());
        for k in 0..n.div_ceil(2) {
            scratch[k] = line[2 * k];
        }
        for k in 0..n / 2 {
            scratch[n - 1 - k] = line[2 * k + 1];
        }
        line.copy_from_slice(&scratch[..n]);
        self.forward.process_with_scratch(line, &mut scratch[n..]);
        scratch[..n].copy_from_slice(line);
        for k in 0..n {
            let turned = scratch[k] * self.turns[k];
            let mirrored = scratch[(n - k) % n] * self.turns[k].conj();
            line[k] = (turned + mirrored) * 0.5;
        }
    }

    /// The line whose `cosines` are given.
    fn sum_cosines(&self, line: &mut [Number], scratch: &mut Vec<Number>) {
        let n = self.length;
        scratch.resize(n + self.inverse.get_inplace_scratch_len(), Number::default());
        scratch[..n].copy_from_slice(line);
        for k in 0..n {
            let mirrored = if k == 0 { Number::default() } else { scratch[n - k] };
            line[k] = self.turns[k].conj() * (scratch[k] - Number::i() * mirrored);
        }
        self.inverse.process_with_scratch(line, &mut scratch[n..]);
        let scale = 1.0 / n as f64;
        for k in 0..n {
            scratch[k] = line[k] * scale;
        }
        for k in 0..n.div_ceil(2) {
            line[2 * k] = scratch[k];
        }
        for k in 0..n / 2 {
            line[2 * k + 1] = scratch[n - 1 - k];
        }
    }

    /// As `sum_cosines` with sines in the place of cosines: sin(pi k (n + 1/2) / N) = (-1)^n cos(pi (N - k) (n + 1/2) / N).
    fn sum_sines(&self, line: &mut [Number], scratch: &mut Vec<Number>) {
        if let Some(constant) = line.first_mut() {
            *constant = Number::default();
        }
        if let Some(others) = line.get_mut(1..) {
            others.reverse();
        }
        self.sum_cosines(line, scratch);
        line.iter_mut().skip(1).step_by(2).for_each(|number| *number = -*number);
    }
}

/// Transposes a matrix with rows of `width`.
fn transpose(data: &[Number], width: usize, turned: &mut [Number]) {
    let rows = data.len() / width;
    turned.par_chunks_mut(rows * TILE).enumerate().for_each(|(tile, turned)| {
        let columns = turned.len() / rows;
        for from in (0..rows).step_by(TILE) {
            let to = (from + TILE).min(rows);
            for column in 0..columns {
                for row in from..to {
                    turned[column * rows + row] = data[row * width + tile * TILE + column];
                }
            }
        }
    });
}
