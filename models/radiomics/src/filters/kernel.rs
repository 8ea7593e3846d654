//! Kernels along one axis, and their convolution with an image.

use super::common::Boundary;
use ndarray::Array3;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Voxels of a row that are summed before the next, so that they stay in the fastest memory.
const BLOCK: usize = 1024;

/// A kernel along one axis: the response at voxel i is the sum of weight times image at i - offset.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Kernel {
    /// Offset in voxels and weight, by rising offset.
    taps: Vec<(isize, f64)>,
}

impl Kernel {
    /// The kernel of these weights, whose centre is the weight at half the length, rounded down.
    pub(super) fn centred(weights: &[f64]) -> Kernel {
        let centre = (weights.len() / 2).cast_signed();
        Kernel {
            taps: weights.iter().enumerate().map(|(k, &weight)| (k.cast_signed() - centre, weight)).collect(),
        }
    }

    /// The symmetric kernel of `weight` at -radius to radius.
    pub(super) fn sampled(radius: usize, weight: impl Fn(f64) -> f64) -> Kernel {
        let radius = radius.cast_signed();
        Kernel { taps: (-radius..=radius).map(|offset| (offset, weight(offset as f64))).collect() }
    }

    /// The kernel with `step - 1` zeros between neighbours ("à trous").
    pub(super) fn dilated(&self, step: usize) -> Kernel {
        Kernel {
            taps: self.taps.iter().map(|&(offset, weight)| (offset * step.cast_signed(), weight)).collect(),
        }
    }

    /// The kernel mirrored at its centre.
    pub(super) fn mirrored(&self) -> Kernel {
        let mut taps: Vec<(isize, f64)> =
            self.taps.iter().map(|&(offset, weight)| (-offset, weight)).collect();
        taps.reverse();
        Kernel { taps }
    }

    /// The kernel with as few taps as an axis of `length` voxels needs, however wide it is.
    fn folded(&self, length: usize, boundary: Boundary) -> Vec<(isize, f64)> {
        if self.taps.iter().all(|(offset, _)| offset.unsigned_abs() <= length) {
            return self.taps.clone();
        }
        let mut folded: BTreeMap<isize, f64> = BTreeMap::new();
        for &(offset, weight) in &self.taps {
            if let Some(offset) = boundary.fold(offset, length) {
                *folded.entry(offset).or_default() += weight;
            }
        }
        folded.into_iter().collect()
    }
}

/// The convolution of an image [z, y, x] with a kernel along one axis (0 is z).
pub(super) fn convolve(image: &Array3<f64>, axis: usize, kernel: &Kernel, boundary: Boundary) -> Array3<f64> {
    let mut response = Array3::zeros(image.dim());
    add_convolution(&mut response, image, axis, kernel, boundary);
    response
}

/// Adds the convolution of an image with a kernel along one axis to a response of the same shape.
///
/// Each voxel is the sum of its taps in their order, whatever thread computes it.
pub(super) fn add_convolution(
    response: &mut Array3<f64>,
    image: &Array3<f64>,
    axis: usize,
    kernel: &Kernel,
    boundary: Boundary,
) {
    let shape = image.shape();
    let (length, inner) = (shape[axis], shape[axis + 1..].iter().product::<usize>());
    let taps = kernel.folded(length, boundary);
    let (Some(from), Some(to)) = (image.as_slice(), response.as_slice_mut()) else { return };
    if taps.is_empty() || from.is_empty() {
        return;
    }
    if axis == 2 {
        along_rows(from, to, length, &taps, boundary);
        return;
    }
    to.par_chunks_mut(inner).enumerate().for_each(|(row, to)| {
        let (outer, place) = (row / length, (row % length).cast_signed());
        let sources: Vec<(usize, f64)> = taps
            .iter()
            .filter_map(|&(offset, weight)| Some((boundary.index(place - offset, length)?, weight)))
            .map(|(source, weight)| ((outer * length + source) * inner, weight))
            .collect();
        for (block, to) in to.chunks_mut(BLOCK).enumerate() {
            for &(source, weight) in &sources {
                let from = &from[source + block * BLOCK..][..to.len()];
                to.iter_mut().zip(from).for_each(|(to, from)| *to += weight * from);
            }
        }
    });
}

/// As `add_convolution`, along the last axis: rows of `length`, each continued beyond its ends in a buffer.
fn along_rows(from: &[f64], to: &mut [f64], length: usize, taps: &[(isize, f64)], boundary: Boundary) {
    let most = taps.iter().map(|tap| tap.0).max().unwrap_or(0);
    let least = taps.iter().map(|tap| tap.0).min().unwrap_or(0);
    let places: Vec<Option<usize>> =
        (-most..length.cast_signed() - least).map(|place| boundary.index(place, length)).collect();
    let rows = BLOCK.div_ceil(length);
    to.par_chunks_mut(length * rows).zip(from.par_chunks(length * rows)).for_each_init(
        || vec![0.0; places.len()],
        |row, (to, from)| {
            for (to, from) in to.chunks_mut(length).zip(from.chunks(length)) {
                row.iter_mut()
                    .zip(&places)
                    .for_each(|(row, place)| *row = place.map_or(0.0, |place| from[place]));
                for &(offset, weight) in taps {
                    let shifted = &row[(most - offset).unsigned_abs()..][..length];
                    to.iter_mut().zip(shifted).for_each(|(to, from)| *to += weight * from);
                }
            }
        },
    );
}
