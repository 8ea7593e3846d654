//! A model given where some of its vertices are: the posterior of Gaussian-process regression, a model again.

use super::model::{ShapeModel, orthonormal};
use coxa_geometry::Point;
use coxa_geometry::frame::Template;
use nalgebra::{DMatrix, DVector, Matrix3, Vector3};

/// Where a vertex was seen, in the model's pose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// The vertex.
    pub vertex: usize,
    /// Where it was seen.
    pub point: Point<Template>,
    /// One standard deviation in mm per axis, beyond the noise of the model.
    pub sd_mm: f64,
}

impl ShapeModel {
    /// The model of all shapes that have the observed vertices where they were seen: mean and modes are those of the conditional
    /// distribution (Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, section 2.2, in its low-rank form).
    /// `None` where a vertex does not exist or a number is not finite.
    pub fn given(&self, observations: &[Observation]) -> Option<ShapeModel> {
        let basis = self.scaled_modes();
        let modes = self.mode_count();
        let (mut precision, mut pull) = (DMatrix::identity(modes, modes), DVector::zeros(modes));
        for seen in observations {
            let variance = seen.sd_mm.powi(2) + self.noise_variance;
            if seen.vertex >= self.vertex_count() || !seen.point.is_finite() || !variance.is_finite() {
                return None;
            }
            let weight = 1.0 / variance.max(1e-12);
            let rows = basis.rows(3 * seen.vertex, 3);
            let mean = Vector3::from_iterator(self.mean.rows(3 * seen.vertex, 3).iter().copied());
            let away = seen.point.coords().coords - mean;
            precision.gemm_tr(weight, &rows, &rows, 1.0);
            pull.gemv_tr(weight, &rows, &away, 1.0);
        }
        let factor = precision.cholesky()?;
        let mean = &self.mean + &basis * factor.solve(&pull);
        // With P = L L^T, the posterior covariance of the coefficients is L^-T L^-1.
        let root = factor.l().solve_lower_triangular(&DMatrix::identity(modes, modes))?.transpose();
        let (modes, variances) = orthonormal(&(basis * root));
        Some(ShapeModel { mean, modes, variances, ..self.clone() })
    }

    /// Covariance in mm² between two vertices, without noise; zero for a vertex that does not exist.
    pub fn cross_covariance(&self, a: usize, b: usize) -> Matrix3<f64> {
        if a.max(b) >= self.vertex_count() {
            return Matrix3::zeros();
        }
        let (rows_a, rows_b) = (self.modes.rows(3 * a, 3), self.modes.rows(3 * b, 3));
        rows_a
            .column_iter()
            .zip(rows_b.column_iter())
            .zip(&self.variances)
            .fold(Matrix3::zeros(), |sum, ((x, y), &variance)| sum + x * y.transpose() * variance)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::bumps;
    use super::*;

    fn see(model: &ShapeModel, coefficients: &[f64], vertices: &[usize], sd_mm: f64) -> Vec<Observation> {
        let shape = model.reconstruct(coefficients);
        vertices.iter().map(|&vertex| Observation { vertex, point: shape.vertices[vertex], sd_mm }).collect()
    }

    #[test]
    fn with_everything_seen_the_posterior_is_least_squares() {
        let mut model = bumps(8);
        model.noise_variance = 0.0;
        let wanted = [1.0, -0.5, 0.8];
        let all: Vec<usize> = (0..model.vertex_count()).collect();
        let found = model.given(&see(&model, &wanted, &all, 1e-3)).unwrap();
        let exact = model.displaced(&wanted);
        assert!((&found.mean - exact).amax() < 1e-3);
        assert!(found.vertex_sd().iter().all(|sd| *sd < 1e-2));
    }

    #[test]
    fn spread_grows_away_from_what_was_seen_and_never_beyond_the_prior() {
        let model = bumps(8).extended_by(&super::super::Kernel::new(&[(30.0, 4.0)]), 400);
        let mean = model.mean_mesh();
        // Everything in the upper third is seen.
        let seen: Vec<usize> = (0..model.vertex_count()).filter(|&v| mean.vertices[v].z() > 30.0).collect();
        let posterior = model.given(&see(&model, &[0.5], &seen, 0.1)).unwrap();
        let (before, after) = (model.vertex_sd(), posterior.vertex_sd());
        assert!(before.iter().zip(&after).all(|(b, a)| *a <= b + 1e-9));
        let mean_sd = |low: f64, high: f64| {
            let within: Vec<f64> = (0..model.vertex_count())
                .filter(|&v| (low..high).contains(&mean.vertices[v].z()))
                .map(|v| after[v])
                .collect();
            within.iter().sum::<f64>() / within.len() as f64
        };
        let (near, middle, far) = (mean_sd(30.0, 90.0), mean_sd(-10.0, 15.0), mean_sd(-90.0, -50.0));
        assert!(near < middle && middle < far, "{near} {middle} {far}");
    }

    #[test]
    fn one_observation_follows_the_formula_of_conditioning() {
        let mut model = bumps(8);
        model.noise_variance = 0.04;
        let (seen, other, sd) = (20, 90, 0.3_f64);
        let observation = see(&model, &[1.5], &[seen], sd);
        let posterior = model.given(&observation).unwrap();
        let k = model.cross_covariance(seen, seen) + Matrix3::identity() * (sd * sd + 0.04);
        let gain = model.cross_covariance(other, seen) * k.try_inverse().unwrap();
        let mean = model.mean_mesh();
        let exact =
            mean.vertices[other].coords() + gain * (observation[0].point - mean.vertices[seen]).coords();
        assert!((posterior.mean_mesh().vertices[other].coords() - exact).norm() < 1e-6);
        let covariance = model.cross_covariance(other, other) - gain * model.cross_covariance(seen, other);
        assert!((posterior.cross_covariance(other, other) - covariance).amax() < 1e-6);
    }

    #[test]
    fn what_does_not_exist_is_no_observation() {
        let model = bumps(5);
        let at = |vertex, x| Observation { vertex, point: Point::new(x, 0.0, 0.0), sd_mm: 1.0 };
        assert!(model.given(&[at(1_000_000, 0.0)]).is_none());
        assert!(model.given(&[at(0, f64::NAN)]).is_none());
    }
}
