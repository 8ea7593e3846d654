//! Gaussian-process kernels: how what a model's modes leave varies over the bone.
//!
//! A model of few shapes is extended by a kernel as in Luthi et al. 2018 (Gaussian process morphable models, IEEE Trans Pattern
//! Anal Mach Intell 40:1860): the sum of both covariances is again a normal distribution over the vertices.

use nalgebra::{DMatrix, DVector, Point3};
use serde::{Deserialize, Serialize};

/// Reaches that an estimated kernel is made up of, in mm: from the whole bone to a ridge.
const REACHES_MM: [f64; 5] = [200.0, 100.0, 50.0, 25.0, 12.0];

/// A sum of Gaussian kernels, `variance * exp(-d² / (2 reach²))`, alike in x, y and z.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Kernel {
    /// Its terms; none means no covariance.
    pub terms: Vec<KernelTerm>,
}

/// One Gaussian.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct KernelTerm {
    /// Distance over which displacements go together, in mm.
    pub reach_mm: f64,
    /// Variance of the displacement in each coordinate, in mm².
    pub variance_mm2: f64,
}

impl Kernel {
    /// From pairs of reach in mm and variance in mm².
    pub fn new(terms: &[(f64, f64)]) -> Kernel {
        let terms = terms.iter().map(|&(reach_mm, variance_mm2)| KernelTerm { reach_mm, variance_mm2 });
        Kernel { terms: terms.collect() }
    }

    /// Variance in each coordinate, in mm².
    pub fn variance(&self) -> f64 {
        self.terms.iter().map(|t| t.variance_mm2).sum()
    }

    /// Covariance in mm² of one coordinate of two points, in mm apart.
    pub fn at(&self, distance_mm: f64) -> f64 {
        let term = |t: &KernelTerm| t.variance_mm2 * (-0.5 * (distance_mm / t.reach_mm).powi(2)).exp();
        self.terms.iter().map(term).sum()
    }

    /// Whether every term can be computed with.
    pub fn is_sound(&self) -> bool {
        self.terms.iter().all(|t| {
            t.reach_mm.is_finite() && t.reach_mm > 0.0 && t.variance_mm2.is_finite() && t.variance_mm2 >= 0.0
        })
    }

    /// The kernel nearest to how fields of displacement (a column each, over the vertices of `mean`) vary over the bone:
    /// non-negative least squares of Gaussians of fixed reach against the fields' mean products by distance, scaled to the
    /// variance given.
    pub(super) fn estimate(mean: &DVector<f64>, fields: &DMatrix<f64>, variance: f64) -> Kernel {
        const SAMPLES: usize = 600;
        const BIN_MM: f64 = 4.0;
        const BINS: usize = 150;
        let vertices = mean.len() / 3;
        let step = vertices.div_ceil(SAMPLES).max(1);
        let sampled: Vec<usize> = (0..vertices).step_by(step).collect();
        let point = |v: usize| Point3::new(mean[3 * v], mean[3 * v + 1], mean[3 * v + 2]);
        let (mut products, mut counts) = (vec![0.0; BINS], vec![0.0; BINS]);
        for (n, &i) in sampled.iter().enumerate() {
            for &j in &sampled[n..] {
                let bin = ((point(i) - point(j)).norm() / BIN_MM).round() as usize;
                if bin < BINS {
                    let (a, b) = (fields.rows(3 * i, 3), fields.rows(3 * j, 3));
                    products[bin] += a.dot(&b) / (3 * fields.ncols()) as f64;
                    counts[bin] += 1.0;
                }
            }
        }
        let used: Vec<usize> = (0..BINS).filter(|&b| counts[b] > 0.0).collect();
        let wanted = DVector::from_iterator(used.len(), used.iter().map(|&b| products[b] / counts[b]));
        let gaussians = DMatrix::from_fn(used.len(), REACHES_MM.len(), |row, k| {
            (-0.5 * (used[row] as f64 * BIN_MM / REACHES_MM[k]).powi(2)).exp()
        });
        let amounts = non_negative(&gaussians, &wanted);
        let sum: f64 = amounts.iter().sum();
        if sum.is_nan() || sum <= 0.0 {
            return Kernel::default();
        }
        let terms = REACHES_MM.iter().zip(&amounts).filter(|(_, a)| **a > 1e-3 * sum);
        Kernel::new(&terms.map(|(&reach, &a)| (reach, a * variance / sum)).collect::<Vec<_>>())
    }

    /// A factor L (points x rank) with `L L^T` near the kernel's matrix over the points, by Cholesky decomposition that takes the point
    /// with the largest remaining variance next (Harbrecht et al. 2012 Appl Numer Math 62:428), until less than `tolerance` of
    /// the variance remains or `max_rank` columns are there.
    pub fn low_rank(&self, points: &[Point3<f64>], max_rank: usize, tolerance: f64) -> DMatrix<f64> {
        let mut remaining = vec![self.variance(); points.len()];
        let limit = tolerance * self.variance() * points.len() as f64;
        let mut columns: Vec<Vec<f64>> = Vec::new();
        while columns.len() < max_rank.min(points.len()) {
            let pivot =
                (0..points.len()).fold(0, |best, i| if remaining[i] > remaining[best] { i } else { best });
            let left: f64 = remaining.iter().sum();
            if left <= limit || remaining[pivot] <= 1e-12 * self.variance() {
                break;
            }
            let root = remaining[pivot].sqrt();
            let mut column: Vec<f64> = points.iter().map(|p| self.at((p - points[pivot]).norm())).collect();
            for earlier in &columns {
                let at_pivot = earlier[pivot];
                for (value, e) in column.iter_mut().zip(earlier) {
                    *value -= e * at_pivot;
                }
            }
            for (value, left) in column.iter_mut().zip(&mut remaining) {
                *value /= root;
                *left = (*left - *value * *value).max(0.0);
            }
            remaining[pivot] = 0.0;
            columns.push(column);
        }
        DMatrix::from_fn(points.len(), columns.len(), |row, column| columns[column][row])
    }
}

/// Non-negative least squares by cyclic coordinate descent, which settles for a handful of unknowns.
fn non_negative(a: &DMatrix<f64>, b: &DVector<f64>) -> Vec<f64> {
    let (gram, right) = (a.tr_mul(a), a.tr_mul(b));
    let mut x = vec![0.0_f64; a.ncols()];
    for _ in 0..20_000 {
        for k in 0..x.len() {
            let others: f64 = (0..x.len()).filter(|&j| j != k).map(|j| gram[(k, j)] * x[j]).sum();
            x[k] = ((right[k] - others) / gram[(k, k)].max(f64::MIN_POSITIVE)).max(0.0);
        }
    }
    x
}
