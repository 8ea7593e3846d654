//! Iteratively reweighted least squares.

use super::{Method, median};

/// Rounds with weights 1/|r|, and at most with the biweight.
const ABSOLUTE_ROUNDS: usize = 25;
const BIWEIGHT_ROUNDS: usize = 60;
/// Tukey's constant for 95 % efficiency under normal noise, and the factor that makes the median absolute deviation
/// a standard deviation there.
const BIWEIGHT_CONSTANT: f64 = 4.685;
const MAD_TO_SIGMA: f64 = 1.4826;
/// Scale floor as a fraction of the extent of the points: exact data would otherwise divide by zero.
const SCALE_FLOOR: f64 = 1e-9;
/// Weights that change less than this have converged.
const SAME_WEIGHT: f64 = 1e-9;

/// Fits with the weights the method asks for. `refit` improves a shape for given weights (`None` at first) and
/// `distances` gives the points' distances to it; the weights of the last fit come with the result.
pub(super) fn reweighted<S>(
    count: usize,
    extent: f64,
    method: Method,
    refit: impl Fn(Option<&S>, &[f64]) -> Option<S>,
    distances: impl Fn(&S) -> Vec<f64>,
) -> Option<(S, Vec<f64>)> {
    let mut weights = vec![1.0; count];
    let mut shape = refit(None, &weights)?;
    if method == Method::LeastSquares {
        return Some((shape, weights));
    }
    let floor = SCALE_FLOOR * extent;
    for _ in 0..ABSOLUTE_ROUNDS {
        let r = distances(&shape);
        let scale = median_abs(&r).max(floor);
        // Bounded, so that a point the shape happens to pass through does not take over.
        weights = r.iter().map(|r| scale / r.abs().max(1e-3 * scale)).collect();
        shape = refit(Some(&shape), &weights)?;
    }
    for _ in 0..BIWEIGHT_ROUNDS {
        let r = distances(&shape);
        let cut = BIWEIGHT_CONSTANT * (MAD_TO_SIGMA * median_abs(&r)).max(floor);
        let next: Vec<f64> = r.iter().map(|r| (1.0 - (r / cut).powi(2)).max(0.0).powi(2)).collect();
        let change = next.iter().zip(&weights).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        weights = next;
        if change < SAME_WEIGHT {
            break;
        }
        shape = refit(Some(&shape), &weights)?;
    }
    Some((shape, weights))
}

fn median_abs(values: &[f64]) -> f64 {
    median(&mut values.iter().map(|v| v.abs()).collect::<Vec<_>>())
}
