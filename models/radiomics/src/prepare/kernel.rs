//! Weights of interpolation along one axis.

use crate::settings::Method;

/// Most samples that a value is interpolated from.
pub(crate) const MOST_TAPS: usize = 4;

/// Samples and their weights for one new voxel along an axis.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taps {
    /// Indices of samples.
    pub(crate) at: [usize; MOST_TAPS],
    /// Their weights; those that are not used are 0.
    pub(crate) weight: [f64; MOST_TAPS],
}

/// Taps at `position` (in old voxels) of an axis with `n` of them. Beyond the outermost centres the image goes on as its
/// nearest voxel (nearest, linear), or mirrored about it (cubic).
pub(crate) fn taps(method: Method, position: f64, n: usize) -> Taps {
    let last = n - 1;
    match method {
        Method::Nearest => {
            let nearest = position.round().clamp(0.0, last as f64) as usize;
            Taps { at: [nearest; MOST_TAPS], weight: [1.0, 0.0, 0.0, 0.0] }
        }
        Method::Linear => {
            let inside = position.clamp(0.0, last as f64);
            // Positions a rounding error beside a centre are on it, lest voxels of no consequence be mixed in.
            let snapped = if (inside - inside.round()).abs() < 1e-9 { inside.round() } else { inside };
            let (below, part) = (snapped.floor() as usize, snapped - snapped.floor());
            Taps { at: [below, (below + 1).min(last), below, below], weight: [1.0 - part, part, 0.0, 0.0] }
        }
        Method::Cubic => {
            let floor = position.floor();
            let part = position - floor;
            let rest = 1.0 - part;
            let weight = [
                rest.powi(3) / 6.0,
                2.0 / 3.0 - part * part * (2.0 - part) / 2.0,
                2.0 / 3.0 - rest * rest * (2.0 - rest) / 2.0,
                part.powi(3) / 6.0,
            ];
            Taps { at: std::array::from_fn(|tap| mirrored(floor as i64 - 1 + tap as i64, n)), weight }
        }
    }
}

/// Index within an axis that is mirrored about its outermost voxels.
fn mirrored(index: i64, n: usize) -> usize {
    if n == 1 {
        return 0;
    }
    let period = 2 * (n as i64 - 1);
    let folded = index.rem_euclid(period);
    folded.min(period - folded) as usize
}

/// Coefficients of the cubic B-spline through `values`, mirrored about the ends, in place.
///
/// Recursive filter of Unser, Aldroubi and Eden (IEEE Trans Signal Process 1993;41:821), with the exact first value.
pub(crate) fn spline_coefficients(values: &mut [f64]) {
    let n = values.len();
    if n < 2 {
        return;
    }
    let pole = 3.0_f64.sqrt() - 2.0;
    values.iter_mut().for_each(|value| *value *= 6.0);
    let (mut power, mut first) = (pole, values[0]);
    let end = pole.powi(n as i32 - 1);
    let mut from_end = end * end / pole;
    for &value in &values[1..n - 1] {
        first += (power + from_end) * value;
        power *= pole;
        from_end /= pole;
        // Beyond this neither power reaches a digit any more, and the one from the end would be 0 / 0 at last.
        if power.abs() < 1e-30 && from_end.abs() < 1e-30 {
            break;
        }
    }
    first += end * values[n - 1];
    values[0] = first / (1.0 - end * end);
    for index in 1..n {
        values[index] += pole * values[index - 1];
    }
    values[n - 1] = pole / (pole * pole - 1.0) * (values[n - 1] + pole * values[n - 2]);
    for index in (0..n - 1).rev() {
        values[index] = pole * (values[index + 1] - values[index]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(method: Method, samples: &[f64], position: f64) -> f64 {
        let taps = taps(method, position, samples.len());
        (0..MOST_TAPS).map(|tap| taps.weight[tap] * samples[taps.at[tap]]).sum()
    }

    #[test]
    fn every_method_gives_samples_at_their_places() {
        for n in [1, 2, 3, 7, 200] {
            let values: Vec<f64> = (0..n).map(|i| ((i * 37) % 11) as f64 - 3.0).collect();
            let mut coefficients = values.clone();
            spline_coefficients(&mut coefficients);
            for (i, &value) in values.iter().enumerate() {
                assert_eq!(at(Method::Nearest, &values, i as f64 + 0.3), value);
                assert_eq!(at(Method::Linear, &values, i as f64), value);
                let cubic = if n == 1 { value } else { at(Method::Cubic, &coefficients, i as f64) };
                assert!((cubic - value).abs() < 1e-12, "{n} {i}: {cubic} {value}");
            }
        }
    }

    #[test]
    fn a_spline_follows_a_cubic_far_from_the_ends() {
        let cubic = |x: f64| 0.01 * x.powi(3) - 0.3 * x * x + x;
        let mut values: Vec<f64> = (0..80).map(|i| cubic(f64::from(i) - 40.0)).collect();
        spline_coefficients(&mut values);
        for x in [38.25, 40.5, 41.9] {
            assert!((at(Method::Cubic, &values, x) - cubic(x - 40.0)).abs() < 1e-9);
        }
    }
}
