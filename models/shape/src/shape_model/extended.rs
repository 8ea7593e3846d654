//! A model extended by a kernel: its covariance and that of the kernel together.

use super::kernel::Kernel;
use super::model::{ShapeModel, orthonormal};
use nalgebra::{DMatrix, Point3};

impl ShapeModel {
    /// The model with its kernel added as further modes, at most `max_modes` in all. What the kernel explains is no longer
    /// noise.
    pub fn extended(&self, max_modes: usize) -> ShapeModel {
        self.extended_by(&self.kernel, max_modes)
    }

    /// The model with a kernel of one's own added to its covariance, at most `max_modes` modes in all.
    pub fn extended_by(&self, kernel: &Kernel, max_modes: usize) -> ShapeModel {
        let rank = max_modes.saturating_sub(self.mode_count()) / 3;
        if rank == 0 || kernel.variance() <= 0.0 || !kernel.is_sound() {
            return self.clone();
        }
        let places: Vec<Point3<f64>> =
            self.mean.as_slice().chunks_exact(3).map(|c| Point3::new(c[0], c[1], c[2])).collect();
        let factor = kernel.low_rank(&places, rank, 0.01);
        let own = self.mode_count();
        let scaled = self.scaled_modes();
        let basis = DMatrix::from_fn(self.mean.len(), own + 3 * factor.ncols(), |row, column| {
            match column.checked_sub(own) {
                None => scaled[(row, column)],
                Some(k) if k % 3 == row % 3 => factor[(row / 3, k / 3)],
                Some(_) => 0.0,
            }
        });
        let (modes, variances) = orthonormal(&basis);
        let explained = factor.norm_squared() / places.len().max(1) as f64;
        ShapeModel {
            modes,
            variances,
            noise_variance: (self.noise_variance - explained).max(0.01 * self.noise_variance),
            kernel: Kernel::default(),
            ..self.clone()
        }
    }
}
