//! The ramp filter of filtered back-projection.

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};
use std::f64::consts::PI;
use std::sync::Arc;

/// Ramp filter with the window of Shepp and Logan for views of one length.
///
/// The ramp is sampled in space (Kak and Slaney 1988, equation 3.61), for sampled in frequency it would lose the mean.
pub(super) struct RampFilter {
    detectors: usize,
    forward: Arc<dyn Fft<f32>>,
    inverse: Arc<dyn Fft<f32>>,
    /// Gain of each frequency, with the scale of the inverse transform.
    gain: Vec<f32>,
}

impl RampFilter {
    pub(super) fn new(detectors: usize, spacing_mm: f64) -> Self {
        let length = (2 * detectors).next_power_of_two();
        let mut planner = FftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(length), planner.plan_fft_inverse(length));
        let mut kernel: Vec<Complex<f32>> = (0..length)
            .map(|n| {
                let n = n.min(length - n);
                let value = match n {
                    0 => 0.25,
                    n if n % 2 == 1 => -1.0 / (PI * n as f64).powi(2),
                    _ => 0.0,
                };
                Complex::new((value / spacing_mm) as f32, 0.0)
            })
            .collect();
        forward.process(&mut kernel);
        let gain = kernel
            .iter()
            .enumerate()
            .map(|(n, k)| {
                let frequency = n.min(length - n) as f64 / length as f64;
                let window = if n == 0 { 1.0 } else { (PI * frequency).sin() / (PI * frequency) };
                (f64::from(k.re) * window / length as f64) as f32
            })
            .collect();
        RampFilter { detectors, forward, inverse, gain }
    }

    /// Filters every view. Two views are the real and the imaginary part of one transform.
    pub(super) fn apply(&self, sinogram: &mut [f32]) {
        let mut buffer = vec![Complex::default(); self.gain.len()];
        for pair in sinogram.chunks_mut(2 * self.detectors) {
            let (one, two) = pair.split_at_mut(self.detectors.min(pair.len()));
            buffer.fill(Complex::default());
            for (n, value) in one.iter().enumerate() {
                buffer[n].re = *value;
            }
            for (n, value) in two.iter().enumerate() {
                buffer[n].im = *value;
            }
            self.forward.process(&mut buffer);
            for (value, gain) in buffer.iter_mut().zip(&self.gain) {
                *value *= *gain;
            }
            self.inverse.process(&mut buffer);
            for (value, filtered) in one.iter_mut().zip(&buffer) {
                *value = filtered.re;
            }
            for (value, filtered) in two.iter_mut().zip(&buffer) {
                *value = filtered.im;
            }
        }
    }
}
