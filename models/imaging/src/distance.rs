//! Exact Euclidean distance from every voxel to the nearest voxel of a set.

use rayon::prelude::*;

/// Squared distance in mm² from every voxel centre to the nearest voxel centre for which `seeds` is true, infinite
/// where there is none.
///
/// `seeds` has i running fastest, then j, then k; `dims` are the counts and `spacing_mm` the steps along i, j and k.
/// Lower envelopes of parabolas, one axis after the other (Felzenszwalb and Huttenlocher 2012, Theory of Computing
/// 8:415), so the cost is linear in the number of voxels. Panics where `seeds` is not of that length.
pub fn squared_distance(seeds: &[bool], dims: [usize; 3], spacing_mm: [f64; 3]) -> Vec<f32> {
    let [ni, nj, nk] = dims;
    assert_eq!(seeds.len(), ni * nj * nk, "one seed flag a voxel");
    if seeds.is_empty() {
        return Vec::new();
    }
    let mut field = vec![f32::INFINITY; seeds.len()];
    // Along i and j, slice by slice.
    field.par_chunks_mut(ni * nj).zip(seeds.par_chunks(ni * nj)).for_each(|(slice, seeds)| {
        let mut envelope = Envelope::default();
        for (row, seeds) in slice.chunks_mut(ni).zip(seeds.chunks(ni)) {
            nearest_in_row(row, seeds, spacing_mm[0]);
        }
        let mut column = Vec::with_capacity(nj);
        for i in 0..ni {
            column.clear();
            column.extend((0..nj).map(|j| slice[i + ni * j]));
            envelope.of(&column, spacing_mm[1]);
            for j in 0..nj {
                slice[i + ni * j] = envelope.value(j);
            }
        }
    });
    // Along k, in bands of neighbouring columns so that memory is walked in order.
    let plane = ni * nj;
    const BAND: usize = 512;
    let bands: Vec<(usize, Vec<f32>)> = (0..plane.div_ceil(BAND))
        .into_par_iter()
        .map(|band| {
            let from = band * BAND;
            let width = BAND.min(plane - from);
            let mut out = vec![0.0; width * nk];
            let mut envelope = Envelope::default();
            let mut column = Vec::with_capacity(nk);
            for c in 0..width {
                column.clear();
                column.extend((0..nk).map(|k| field[from + c + plane * k]));
                envelope.of(&column, spacing_mm[2]);
                for k in 0..nk {
                    out[c + width * k] = envelope.value(k);
                }
            }
            (from, out)
        })
        .collect();
    field.par_chunks_mut(plane).enumerate().for_each(|(k, slice)| {
        for (from, band) in &bands {
            let width = BAND.min(plane - from);
            slice[*from..from + width].copy_from_slice(&band[width * k..width * (k + 1)]);
        }
    });
    field
}

/// One dimension of flags: two sweeps.
fn nearest_in_row(row: &mut [f32], seeds: &[bool], spacing: f64) {
    let mut last: Option<usize> = None;
    for (n, (value, &seed)) in row.iter_mut().zip(seeds).enumerate() {
        if seed {
            last = Some(n);
        }
        if let Some(last) = last {
            *value = ((n - last) as f64 * spacing).powi(2) as f32;
        }
    }
    let mut next: Option<usize> = None;
    for (n, (value, &seed)) in row.iter_mut().zip(seeds).enumerate().rev() {
        if seed {
            next = Some(n);
        }
        if let Some(next) = next {
            *value = value.min(((next - n) as f64 * spacing).powi(2) as f32);
        }
    }
}

/// Lower envelope of the parabolas `(x - x_n)² + f_n`.
#[derive(Default)]
struct Envelope {
    /// Apex position and height of each parabola in the envelope, and where it takes over from the one before.
    parts: Vec<(f64, f64, f64)>,
    spacing: f64,
    cursor: usize,
}

impl Envelope {
    fn of(&mut self, heights: &[f32], spacing: f64) {
        self.parts.clear();
        self.spacing = spacing;
        self.cursor = 0;
        for (n, &height) in heights.iter().enumerate() {
            if height.is_infinite() {
                continue;
            }
            let (x, h) = (n as f64 * spacing, f64::from(height));
            let mut from = f64::NEG_INFINITY;
            while let Some(&(x0, h0, start)) = self.parts.last() {
                from = ((h + x * x) - (h0 + x0 * x0)) / (2.0 * (x - x0));
                if from > start {
                    break;
                }
                self.parts.pop();
                from = f64::NEG_INFINITY;
            }
            self.parts.push((x, h, from));
        }
    }

    /// The envelope at voxel `n`; to be asked in ascending order.
    fn value(&mut self, n: usize) -> f32 {
        let x = n as f64 * self.spacing;
        while self.parts.get(self.cursor + 1).is_some_and(|next| next.2 <= x) {
            self.cursor += 1;
        }
        match self.parts.get(self.cursor) {
            Some((apex, height, _)) => ((x - apex).powi(2) + height) as f32,
            None => f32::INFINITY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_search_over_all_seeds() {
        let mut state = 7u32;
        for (dims, spacing) in
            [([9, 7, 5], [0.7, 0.8, 2.5]), ([1, 6, 1], [1.0, 2.0, 3.0]), ([5, 1, 8], [1.0; 3])]
        {
            let [ni, nj, _] = dims;
            let count: usize = dims.iter().product();
            let seeds: Vec<bool> = (0..count)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    state >> 16 < 4000
                })
                .collect();
            let place = |n: usize| {
                let cell = [n % ni, n / ni % nj, n / (ni * nj)];
                [0, 1, 2].map(|a| cell[a] as f64 * spacing[a])
            };
            let found = squared_distance(&seeds, dims, spacing);
            for (n, &value) in found.iter().enumerate() {
                let nearest = (0..count)
                    .filter(|&s| seeds[s])
                    .map(|s| (0..3).map(|a| (place(n)[a] - place(s)[a]).powi(2)).sum::<f64>())
                    .fold(f64::INFINITY, f64::min);
                assert!(
                    f64::from(value) == nearest || (f64::from(value) - nearest).abs() < 1e-4,
                    "{value} {nearest}"
                );
            }
        }
    }

    #[test]
    fn without_seeds_everything_is_infinitely_far() {
        assert!(squared_distance(&[false; 8], [2; 3], [1.0; 3]).iter().all(|d| d.is_infinite()));
        assert!(squared_distance(&[], [0, 3, 3], [1.0; 3]).is_empty());
    }
}
