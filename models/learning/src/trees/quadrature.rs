//! Gauss-Legendre quadrature on 0 to 1.

use std::f64::consts::PI;

/// Places and weights that integrate polynomials of degree 2n − 1 exactly.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Quadrature {
    /// Places, within 0 and 1.
    pub(super) places: Vec<f64>,
    /// Weights, which sum to 1.
    pub(super) weights: Vec<f64>,
}

impl Quadrature {
    /// Of n places: the roots of the Legendre polynomial, by Newton's method from Chebyshev's.
    pub(super) fn new(n: usize) -> Quadrature {
        let mut quadrature = Quadrature { places: Vec::with_capacity(n), weights: Vec::with_capacity(n) };
        for k in 0..n {
            let mut x = (PI * (k as f64 + 0.75) / (n as f64 + 0.5)).cos();
            let mut slope = 1.0;
            for _ in 0..100 {
                let (value, derivative) = legendre(n, x);
                slope = derivative;
                let step = value / derivative;
                x -= step;
                if step.abs() < 1e-15 {
                    slope = legendre(n, x).1;
                    break;
                }
            }
            quadrature.places.push((1.0 - x) / 2.0);
            quadrature.weights.push(1.0 / ((1.0 - x * x) * slope * slope));
        }
        quadrature
    }
}

/// Legendre polynomial of degree n and its derivative.
fn legendre(n: usize, x: f64) -> (f64, f64) {
    let (mut before, mut now) = (1.0, x);
    for k in 2..=n {
        let k = k as f64;
        (before, now) = (now, ((2.0 * k - 1.0) * x * now - (k - 1.0) * before) / k);
    }
    if n == 0 { (1.0, 0.0) } else { (now, n as f64 * (x * now - before) / (x * x - 1.0)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_integrated_exactly() {
        for n in 1..=32 {
            let Quadrature { places, weights } = Quadrature::new(n);
            assert!(places.iter().all(|t| (0.0..1.0).contains(t)) && places.is_sorted_by(|a, b| a < b));
            for power in 0..2 * n as i32 {
                let sum: f64 = places.iter().zip(&weights).map(|(t, w)| w * t.powi(power)).sum();
                let exact = 1.0 / f64::from(power + 1);
                assert!((sum - exact).abs() < 1e-13, "{n} places, power {power}: {sum} {exact}");
            }
        }
    }
}
