//! A smooth curve through key values, with its first two derivatives.

use nalgebra::{DMatrix, DVector};

/// The cubic spline with continuous second derivative: of a cycle periodic, else at rest at both ends.
///
/// A natural spline has neither end condition, and a cycle repeated to both sides under natural ends repeats only nearly.
#[derive(Debug, Clone, PartialEq)]
pub struct CubicTrack {
    x: Vec<f64>,
    y: Vec<f64>,
    /// Second derivatives at the keys.
    bend: Vec<f64>,
}

impl CubicTrack {
    /// Through values at rising phases from 0 to 100; of a cycle the phase 100 is that of 0 and is left out. Less than two keys, or keys
    /// that do not rise, make a constant.
    pub fn new(phase: &[f64], value: &[f64], is_cycle: bool) -> CubicTrack {
        let (mut x, mut y) = (phase.to_vec(), value.to_vec());
        if is_cycle && let Some(&first) = y.first() {
            x.push(x[0] + 100.0);
            y.push(first);
        }
        let pieces = x.len().min(y.len()).saturating_sub(1);
        let flat = CubicTrack { x: x.clone(), y: y.clone(), bend: vec![0.0; x.len()] };
        if pieces == 0 || x.windows(2).any(|pair| pair[0] >= pair[1]) {
            return flat;
        }
        let h = |i: usize| x[i + 1] - x[i];
        let slope = |i: usize| (y[i + 1] - y[i]) / h(i);
        let count = pieces + 1;
        let mut system = DMatrix::zeros(count, count);
        let mut right = DVector::zeros(count);
        for i in 1..pieces {
            system[(i, i - 1)] = h(i - 1);
            system[(i, i)] = 2.0 * (h(i - 1) + h(i));
            system[(i, i + 1)] = h(i);
            right[i] = 6.0 * (slope(i) - slope(i - 1));
        }
        if is_cycle {
            // Slope and second derivative are the same at both ends.
            system[(0, 0)] = 2.0 * h(0);
            system[(0, 1)] += h(0);
            system[(0, pieces)] += 2.0 * h(pieces - 1);
            system[(0, pieces - 1)] += h(pieces - 1);
            right[0] = 6.0 * (slope(0) - slope(pieces - 1));
            system[(pieces, 0)] += 1.0;
            system[(pieces, pieces)] -= 1.0;
        } else {
            system[(0, 0)] = 2.0 * h(0);
            system[(0, 1)] = h(0);
            right[0] = 6.0 * slope(0);
            system[(pieces, pieces)] = 2.0 * h(pieces - 1);
            system[(pieces, pieces - 1)] = h(pieces - 1);
            right[pieces] = -6.0 * slope(pieces - 1);
        }
        match system.lu().solve(&right) {
            Some(bend) => CubicTrack { x, y, bend: bend.iter().copied().collect() },
            None => flat,
        }
    }

    /// Value and first two derivatives by phase in percent; before the first and after the last key it stands still.
    pub fn at(&self, phase: f64) -> [f64; 3] {
        let (Some(&first), Some(&last)) = (self.x.first(), self.x.last()) else { return [0.0; 3] };
        if phase < first || self.x.len() == 1 {
            return [self.y[0], 0.0, 0.0];
        }
        if phase > last {
            return [self.y[self.y.len() - 1], 0.0, 0.0];
        }
        let i = self.x.partition_point(|x| *x <= phase).clamp(1, self.x.len() - 1) - 1;
        let h = self.x[i + 1] - self.x[i];
        let (b, a) = ((phase - self.x[i]) / h, (self.x[i + 1] - phase) / h);
        let (y0, y1, m0, m1) = (self.y[i], self.y[i + 1], self.bend[i], self.bend[i + 1]);
        [
            a * y0 + b * y1 + ((a * a * a - a) * m0 + (b * b * b - b) * m1) * h * h / 6.0,
            (y1 - y0) / h + ((1.0 - 3.0 * a * a) * m0 + (3.0 * b * b - 1.0) * m1) * h / 6.0,
            a * m0 + b * m1,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sampled_wave_comes_back_with_its_derivatives() {
        let phase: Vec<f64> = (0..25).map(|n| 4.0 * f64::from(n)).collect();
        let turn = std::f64::consts::TAU / 100.0;
        let value: Vec<f64> = phase.iter().map(|p| (turn * p).sin()).collect();
        let track = CubicTrack::new(&phase, &value, true);
        for n in 0..200 {
            let p = 0.5 * f64::from(n);
            let [y, rate, bend] = track.at(p);
            assert!((y - (turn * p).sin()).abs() < 2e-5, "{p}");
            assert!((rate - turn * (turn * p).cos()).abs() < 4e-5 * turn.recip() * turn, "{p}");
            assert!((bend + turn * turn * (turn * p).sin()).abs() < 0.01 * turn * turn, "{p}");
        }
        let ([_, a, b], [_, c, d]) = (track.at(0.0), track.at(100.0));
        assert!((a - c).abs() < 1e-12 && (b - d).abs() < 1e-12);
    }

    #[test]
    fn a_motion_that_ends_is_at_rest_at_both_ends() {
        let track = CubicTrack::new(&[0.0, 30.0, 60.0, 100.0], &[1.0, 5.0, -2.0, 3.0], false);
        for (end, value) in [(0.0, 1.0), (100.0, 3.0)] {
            let [y, rate, _] = track.at(end);
            assert!((y - value).abs() < 1e-12 && rate.abs() < 1e-12, "{end}");
        }
        assert_eq!(track.at(-5.0), [1.0, 0.0, 0.0]);
        assert_eq!(track.at(120.0), [3.0, 0.0, 0.0]);
        for p in [29.9, 30.0, 59.9, 60.0, 71.0] {
            let (step, [_, rate, bend]) = (1e-4, track.at(p + 0.05));
            let around = [track.at(p + 0.05 - step), track.at(p + 0.05 + step)];
            assert!(((around[1][0] - around[0][0]) / (2.0 * step) - rate).abs() < 1e-6);
            assert!(((around[1][1] - around[0][1]) / (2.0 * step) - bend).abs() < 1e-6);
        }
        assert_eq!(CubicTrack::new(&[0.0], &[7.0], false).at(50.0), [7.0, 0.0, 0.0]);
    }
}
