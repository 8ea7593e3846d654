//! Sliding windows: where they lie, how much each of their voxels counts, and what they say together.
//!
//! Windows overlap, and a graph knows least at the edge of what it sees: each voxel's probabilities are the mean of those of
//! all windows that hold it, weighted by a Gaussian around the middle of the window (Isensee et al. 2021, Nat Methods 18:203).
//! Windows go layer by layer along the first axis, and what no later layer reaches is decided and let go, so that memory
//! holds the probabilities of one layer alone.

use ndarray::{Array3, ArrayView3, Slice};
use std::ops::Range;

/// Standard deviation of the weights as a part of the window.
const SIGMA: f64 = 0.125;
/// Least weight along one axis, so that a voxel at the edge of every window is still decided, and by the window that sees it
/// best along the other axes.
const LEAST_WEIGHT: f64 = 0.01;

/// Where windows begin along one axis: evenly spread, no farther apart than the overlap allows.
pub(super) fn starts(length: usize, patch: usize, overlap: f64) -> Vec<usize> {
    if length <= patch {
        return vec![0];
    }
    let step = (patch as f64 * (1.0 - overlap)).max(1.0);
    let gaps = ((length - patch) as f64 / step).ceil().max(1.0) as usize;
    (0..=gaps).map(|n| ((length - patch) as f64 * n as f64 / gaps as f64).round() as usize).collect()
}

/// Gaussian weights of a window.
pub(super) fn weights(patch: [usize; 3]) -> Array3<f32> {
    let along = |axis: usize, n: usize| {
        let centre = (patch[axis] as f64 - 1.0) / 2.0;
        (-0.5 * ((n as f64 - centre) / (SIGMA * patch[axis] as f64)).powi(2)).exp().max(LEAST_WEIGHT)
    };
    Array3::from_shape_fn(patch, |(a, b, c)| (along(0, a) * along(1, b) * along(2, c)) as f32)
}

/// The voxels of a window, those beyond the volume filled.
pub(super) fn window(
    volume: &ArrayView3<'_, f32>,
    start: [usize; 3],
    patch: [usize; 3],
    fill: f32,
) -> Vec<f32> {
    let mut voxels = Array3::from_elem(patch, fill);
    let ranges = inside(volume.dim(), start, patch);
    let part = volume.slice_each_axis(|axis| Slice::from(ranges[axis.axis.index()].clone()));
    voxels.slice_each_axis_mut(|axis| Slice::from(..ranges[axis.axis.index()].len())).assign(&part);
    voxels.into_raw_vec_and_offset().0
}

fn inside(dims: (usize, usize, usize), start: [usize; 3], patch: [usize; 3]) -> [Range<usize>; 3] {
    let dims = [dims.0, dims.1, dims.2];
    std::array::from_fn(|axis| start[axis]..(start[axis] + patch[axis]).min(dims[axis]))
}

/// What the network says of each voxel.
pub(super) struct Decision {
    /// The most probable class.
    pub(super) class: Array3<u8>,
    /// Its probability, 0 to 1.
    pub(super) probability: Array3<f32>,
    /// Entropy of the classes as a part of the most that there can be, 0 to 1.
    pub(super) entropy: Array3<f32>,
    /// Probabilities of the classes that are to be kept, 0 to 255, class outermost.
    pub(super) kept: Vec<Array3<u8>>,
}

/// Sums of one layer of windows.
pub(super) struct Layer {
    /// Weighted probabilities, class innermost, of as many slices as a window is deep; a slice lies at its number modulo
    /// this depth.
    sums: Vec<f32>,
    weights: Array3<f32>,
    dims: [usize; 3],
    patch: [usize; 3],
    classes: usize,
    /// Classes whose probabilities are kept.
    keep: Vec<usize>,
    /// Slices before this one are decided.
    begin: usize,
    decision: Decision,
}

impl Layer {
    /// Bytes that it will hold.
    pub(super) fn bytes(dims: [usize; 3], patch: [usize; 3], classes: usize) -> u64 {
        [patch[0].min(dims[0]), dims[1], dims[2], classes, 4].iter().map(|&n| n as u64).product()
    }

    /// Nothing said yet of so many classes; probabilities of those in `keep` will be kept.
    pub(super) fn new(dims: [usize; 3], patch: [usize; 3], classes: usize, keep: &[usize]) -> Layer {
        let empty = Array3::zeros(dims);
        Layer {
            sums: vec![0.0; patch[0].min(dims[0]) * dims[1] * dims[2] * classes],
            weights: weights(patch),
            dims,
            patch,
            classes,
            keep: keep.to_vec(),
            begin: 0,
            decision: Decision {
                class: Array3::zeros(dims),
                probability: empty.clone(),
                entropy: empty,
                kept: vec![Array3::zeros(dims); keep.len()],
            },
        }
    }

    fn row(&self, a: usize, b: usize) -> usize {
        let depth = self.patch[0].min(self.dims[0]);
        ((a % depth) * self.dims[1] + b) * self.dims[2] * self.classes
    }

    /// Adds the probabilities of a window, class outermost; `None` where the window holds the background alone.
    pub(super) fn add(&mut self, start: [usize; 3], probabilities: Option<&[f32]>) {
        let [depth, height, width] = self.patch;
        let voxels = depth * height * width;
        let [a_range, b_range, c_range] =
            inside((self.dims[0], self.dims[1], self.dims[2]), start, self.patch);
        for a in a_range {
            for b in b_range.clone() {
                let row = self.row(a, b);
                for c in c_range.clone() {
                    let [wa, wb, wc] = [a - start[0], b - start[1], c - start[2]];
                    let weight = self.weights[[wa, wb, wc]];
                    let sums = &mut self.sums[row + c * self.classes..][..self.classes];
                    match probabilities {
                        Some(probabilities) => {
                            let at = (wa * height + wb) * width + wc;
                            for (class, sum) in sums.iter_mut().enumerate() {
                                *sum += weight * probabilities[class * voxels + at];
                            }
                        }
                        None => sums[0] += weight,
                    }
                }
            }
        }
    }

    /// Decides the slices before `end`, which no later window reaches, and lets them go.
    pub(super) fn decide(&mut self, end: usize) {
        let most_entropy = (self.classes as f32).ln();
        for a in self.begin..end.min(self.dims[0]) {
            for b in 0..self.dims[1] {
                let row = self.row(a, b);
                for c in 0..self.dims[2] {
                    let sums = &mut self.sums[row + c * self.classes..][..self.classes];
                    let total: f32 = sums.iter().sum();
                    let best = (0..sums.len()).fold(0, |best, n| if sums[n] > sums[best] { n } else { best });
                    let part = |sum: f32| if total > 0.0 { (sum / total).clamp(0.0, 1.0) } else { 0.0 };
                    let entropy: f32 =
                        sums.iter().map(|&s| part(s)).filter(|&p| p > 0.0).map(|p| -p * p.ln()).sum();
                    self.decision.class[[a, b, c]] = best as u8;
                    self.decision.probability[[a, b, c]] = part(sums[best]);
                    self.decision.entropy[[a, b, c]] = (entropy / most_entropy).clamp(0.0, 1.0);
                    for (&class, kept) in self.keep.iter().zip(&mut self.decision.kept) {
                        kept[[a, b, c]] = (255.0 * part(sums[class])).round() as u8;
                    }
                    sums.fill(0.0);
                }
            }
        }
        self.begin = self.begin.max(end);
    }

    /// All that was decided.
    pub(super) fn finish(mut self) -> Decision {
        self.decide(self.dims[0]);
        self.decision
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn windows_cover_every_voxel_and_overlap_as_asked(
            length in 1_usize..400, patch in 8_usize..100, overlap in 0.0..0.9_f64,
        ) {
            let starts = starts(length, patch, overlap);
            prop_assert_eq!(starts[0], 0);
            prop_assert!(starts.last().unwrap() + patch >= length);
            if length > patch {
                prop_assert_eq!(starts.last().unwrap() + patch, length);
            }
            for pair in starts.windows(2) {
                prop_assert!(pair[1] > pair[0]);
                prop_assert!((pair[1] - pair[0]) as f64 <= (patch as f64 * (1.0 - overlap)).max(1.0) + 1.0);
            }
        }

        #[test]
        fn what_all_windows_say_alike_is_what_is_decided(
            dims in [5_usize..40, 5_usize..30, 5_usize..30], overlap in 0.0..0.8_f64, seed in 0_u8..5,
        ) {
            let (patch, classes) = ([12, 10, 9], 3);
            let class_of = |a: usize, b: usize, c: usize| (a * 7 + b * 3 + c + usize::from(seed)) % classes;
            let mut layer = Layer::new(dims, patch, classes, &[1]);
            let starts: Vec<Vec<usize>> = (0..3).map(|axis| super::starts(dims[axis], patch[axis], overlap)).collect();
            for (n, &a) in starts[0].iter().enumerate() {
                for &b in &starts[1] {
                    for &c in &starts[2] {
                        let mut said = vec![0.1_f32; classes * patch.iter().product::<usize>()];
                        for (at, (wa, wb, wc)) in ndarray::indices(patch).into_iter().enumerate() {
                            let class = class_of(a + wa, b + wb, c + wc);
                            said[class * patch.iter().product::<usize>() + at] = 0.8;
                        }
                        layer.add([a, b, c], Some(&said));
                    }
                }
                layer.decide(starts[0].get(n + 1).copied().unwrap_or(dims[0]));
            }
            let decided = layer.finish();
            for ((a, b, c), &class) in decided.class.indexed_iter() {
                prop_assert_eq!(usize::from(class), class_of(a, b, c));
                prop_assert!((decided.probability[[a, b, c]] - 0.8).abs() < 1e-4);
                let kept = f32::from(decided.kept[0][[a, b, c]]) / 255.0;
                let of_class_1 = if class == 1 { 0.8 } else { 0.1 };
                prop_assert!((kept - of_class_1).abs() < 0.003);
            }
        }
    }

    #[test]
    fn what_lies_beyond_the_volume_is_filled() {
        let volume = Array3::from_shape_fn((3, 4, 5), |(a, b, c)| (a * 100 + b * 10 + c) as f32);
        let voxels = window(&volume.view(), [0, 1, 0], [8, 3, 8], -1.0);
        assert_eq!(voxels[..8], [10.0, 11.0, 12.0, 13.0, 14.0, -1.0, -1.0, -1.0]);
        assert!(voxels[3 * 3 * 8..].iter().all(|&v| v == -1.0));
    }
}
