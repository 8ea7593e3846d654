//! Levenberg-Marquardt for shapes that have a radius.

use nalgebra::linalg::Cholesky;
use nalgebra::{Const, SMatrix, SVector, Vector3};

/// A shape with `N` parameters, all in millimetres, so that their sizes compare.
pub(super) trait Radial<const N: usize>: Clone {
    /// Signed distance of a point to the surface, and its derivatives by the parameters.
    fn residual(&self, point: &Vector3<f64>) -> (f64, SVector<f64, N>);
    /// The shape after a small change of the parameters.
    fn moved(&self, step: &SVector<f64, N>) -> Self;
}

/// Weighted normal equations at a shape.
struct Normal<const N: usize> {
    matrix: SMatrix<f64, N, N>,
    gradient: SVector<f64, N>,
    cost: f64,
}

fn normal<const N: usize>(shape: &impl Radial<N>, points: &[Vector3<f64>], weights: &[f64]) -> Normal<N> {
    let mut sum = Normal { matrix: SMatrix::zeros(), gradient: SVector::zeros(), cost: 0.0 };
    for (point, &w) in points.iter().zip(weights).filter(|(_, w)| **w > 0.0) {
        let (r, j) = shape.residual(point);
        sum.matrix += j * j.transpose() * w;
        sum.gradient += j * (w * r);
        sum.cost += w * r * r;
    }
    sum
}

/// Improves a shape until the step is below a billionth of `extent`, for at most `rounds` rounds.
pub(super) fn improve<const N: usize, S: Radial<N>>(
    start: &S,
    points: &[Vector3<f64>],
    weights: &[f64],
    extent: f64,
    rounds: usize,
) -> Option<S> {
    let mut shape = start.clone();
    let mut at = normal(&shape, points, weights);
    let mut damping = 1e-6;
    for _ in 0..rounds {
        let mut damped = at.matrix;
        for i in 0..N {
            damped[(i, i)] += damping * (at.matrix[(i, i)] + f64::MIN_POSITIVE);
        }
        let step = -Cholesky::<f64, Const<N>>::new(damped)?.solve(&at.gradient);
        if !step.iter().all(|s| s.is_finite()) {
            return None;
        }
        let next = shape.moved(&step);
        let there = normal(&next, points, weights);
        let small = step.norm() <= 1e-9 * extent;
        if there.cost <= at.cost {
            (shape, at) = (next, there);
            damping = (damping * 0.1).max(1e-12);
        } else {
            damping *= 10.0;
        }
        if small || damping > 1e12 {
            break;
        }
    }
    Some(shape)
}

/// Covariance of the parameters for unit noise variance; `None` where the points do not determine them.
pub(super) fn unit_covariance<const N: usize>(
    shape: &impl Radial<N>,
    points: &[Vector3<f64>],
    weights: &[f64],
) -> Option<SMatrix<f64, N, N>> {
    let matrix = normal(shape, points, weights).matrix;
    let factor = Cholesky::<f64, Const<N>>::new(matrix)?;
    let diagonal = factor.l_dirty().diagonal();
    // The factor's diagonal bounds the condition number; beyond this the solution is rounding noise.
    if diagonal.min() <= 1e-7 * diagonal.max() {
        return None;
    }
    Some(factor.inverse())
}
