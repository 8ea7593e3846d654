//! The model itself: a low-rank normal distribution over the vertices of one surface.

use super::kernel::Kernel;
use super::provenance::Provenance;
use coxa_geometry::frame::Template;
use coxa_geometry::{Mesh, Point};
use nalgebra::{DMatrix, DVector, Matrix3, SymmetricEigen};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Modes below this share of the largest variance are rounding.
const RANK_TOLERANCE: f64 = 1e-9;

/// A shape model of one bone, as a right one.
///
/// The vertices of a shape, one after the other as x, y, z in millimetres, are
/// `mean + sum over j of modes[:, j] * sqrt(variances[j]) * c[j] + noise`, with `c` standard normal and independent noise of
/// variance [`ShapeModel::noise_variance`] in every coordinate.
#[derive(Debug, Clone, PartialEq)]
pub struct ShapeModel {
    /// Name of the bone without side, such as `femur`.
    pub bone: String,
    /// Vertex indices, three to a triangle, counter-clockwise seen from outside.
    pub faces: Vec<[u32; 3]>,
    /// Coordinates of the mean, three for each vertex, in mm.
    pub mean: DVector<f64>,
    /// Orthonormal directions, one to a column of three numbers for each vertex.
    pub modes: DMatrix<f64>,
    /// Variance of the displacement along each mode in mm², largest first.
    pub variances: DVector<f64>,
    /// Variance in mm² of what the modes leave, in each coordinate.
    pub noise_variance: f64,
    /// Kernel that describes how what the modes leave varies over the bone.
    pub kernel: Kernel,
    /// What it was made from.
    pub provenance: Provenance,
}

impl ShapeModel {
    /// Number of vertices.
    pub fn vertex_count(&self) -> usize {
        self.mean.len() / 3
    }

    /// By how much posterior spreads are widened: what few examples say of parts that are not seen is less sure than they make it
    /// look. See [`Metrics::completion_factor`](super::Metrics::completion_factor); one where it was not measured.
    pub fn completion_factor(&self) -> f64 {
        let measured = self.provenance.metrics.as_ref().map(|m| m.completion_factor);
        measured.filter(|f| f.is_finite() && (1.0..100.0).contains(f)).unwrap_or(1.0)
    }

    /// Number of modes.
    pub fn mode_count(&self) -> usize {
        self.variances.len()
    }

    /// The mean surface.
    pub fn mean_mesh(&self) -> Mesh<Template> {
        self.mesh(&self.mean)
    }

    /// The surface with `coefficients` standard deviations along the first modes; those not given are zero, those beyond the last
    /// mode are passed over.
    pub fn reconstruct(&self, coefficients: &[f64]) -> Mesh<Template> {
        self.mesh(&self.displaced(coefficients))
    }

    /// A seeded sample of the modes, without the noise, which no bone's surface shows as such.
    ///
    /// # Examples
    /// ```
    /// use coxa_shape::shape_model::shipped;
    ///
    /// let femur = shipped::femur().unwrap();
    /// let [one, other] = [1, 2].map(|seed| femur.sample(seed));
    /// assert_eq!(one.vertices.len(), femur.vertex_count());
    /// assert!(one != other && one == femur.sample(1));
    /// ```
    pub fn sample(&self, seed: u64) -> Mesh<Template> {
        self.reconstruct(&self.sample_coefficients(seed))
    }

    /// The coefficients of [`ShapeModel::sample`]: standard normal numbers by Box and Muller.
    pub fn sample_coefficients(&self, seed: u64) -> Vec<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        (0..self.mode_count()).map(|_| standard_normal(&mut rng)).collect()
    }

    /// Coordinates of [`ShapeModel::reconstruct`].
    pub(crate) fn displaced(&self, coefficients: &[f64]) -> DVector<f64> {
        let used = coefficients.len().min(self.mode_count());
        let weights = DVector::from_fn(used, |j, _| coefficients[j] * self.variances[j].max(0.0).sqrt());
        &self.mean + self.modes.columns(0, used) * weights
    }

    /// A mesh from coordinates, three for each vertex.
    pub(crate) fn mesh(&self, coordinates: &DVector<f64>) -> Mesh<Template> {
        Mesh { vertices: points(coordinates), triangles: self.faces.clone() }
    }

    /// Coefficients (in standard deviations) whose shape is nearest to one in correspondence and in the model's pose, coordinates in mm, by least
    /// squares; `None` where the number of vertices differs.
    pub fn project(&self, shape: &[Point<Template>]) -> Option<Vec<f64>> {
        (shape.len() == self.vertex_count()).then(|| {
            let away = coordinates(shape) - &self.mean;
            let along = self.modes.tr_mul(&away);
            along
                .iter()
                .zip(&self.variances)
                .map(|(a, v)| if *v > 0.0 { a / v.sqrt() } else { 0.0 })
                .collect()
        })
    }

    /// Covariance of one vertex in mm², noise included; zero for a vertex that does not exist.
    pub fn vertex_covariance(&self, vertex: usize) -> Matrix3<f64> {
        if vertex >= self.vertex_count() {
            return Matrix3::zeros();
        }
        let rows = self.modes.rows(3 * vertex, 3);
        let mut covariance = Matrix3::identity() * self.noise_variance;
        for (column, &variance) in rows.column_iter().zip(&self.variances) {
            covariance += column * column.transpose() * variance;
        }
        covariance
    }

    /// Root mean square distance of each vertex from its mean place, in mm.
    pub fn vertex_sd(&self) -> Vec<f64> {
        (0..self.vertex_count()).map(|v| self.vertex_covariance(v).trace().sqrt()).collect()
    }

    /// The model of some of the vertices, in the order given, with the faces that lie among them. Vertices that do not exist are passed over.
    pub fn marginal(&self, vertices: &[usize]) -> ShapeModel {
        let kept: Vec<usize> = vertices.iter().copied().filter(|&v| v < self.vertex_count()).collect();
        let mut place = vec![u32::MAX; self.vertex_count()];
        for (new, &old) in kept.iter().enumerate() {
            place[old] = new as u32;
        }
        let faces = self
            .faces
            .iter()
            .map(|f| f.map(|v| place[v as usize]))
            .filter(|f| f.iter().all(|&v| v != u32::MAX))
            .collect();
        let row = |r: usize| 3 * kept[r / 3] + r % 3;
        let mean = DVector::from_fn(3 * kept.len(), |r, _| self.mean[row(r)]);
        let basis = DMatrix::from_fn(3 * kept.len(), self.mode_count(), |r, j| {
            self.modes[(row(r), j)] * self.variances[j].max(0.0).sqrt()
        });
        let (modes, variances) = orthonormal(&basis);
        ShapeModel { faces, mean, modes, variances, ..self.clone() }
    }

    /// The model with at most `count` modes; the variance of the others goes to the noise, evenly over all coordinates.
    pub fn truncated(&self, count: usize) -> ShapeModel {
        let kept = count.min(self.mode_count());
        let dropped: f64 = self.variances.iter().skip(kept).sum();
        ShapeModel {
            modes: self.modes.columns(0, kept).into_owned(),
            variances: self.variances.rows(0, kept).into_owned(),
            noise_variance: self.noise_variance + dropped / self.mean.len().max(1) as f64,
            ..self.clone()
        }
    }

    /// The modes scaled by their standard deviations: 3V x M, mm.
    pub(crate) fn scaled_modes(&self) -> DMatrix<f64> {
        let mut scaled = self.modes.clone();
        for (mut column, variance) in scaled.column_iter_mut().zip(&self.variances) {
            column *= variance.max(0.0).sqrt();
        }
        scaled
    }
}

/// A standard normal number by Box and Muller.
pub fn standard_normal(rng: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.random::<f64>()).cos()
}

/// Orthonormal directions and their variances of the covariance `B B^T`, through the eigenvectors of the small `B^T B`.
pub(crate) fn orthonormal(basis: &DMatrix<f64>) -> (DMatrix<f64>, DVector<f64>) {
    let SymmetricEigen { eigenvectors, eigenvalues } = SymmetricEigen::new(basis.tr_mul(basis));
    let mut order: Vec<usize> = (0..eigenvalues.len()).collect();
    order.sort_by(|&a, &b| eigenvalues[b].total_cmp(&eigenvalues[a]));
    let largest = order.first().map_or(0.0, |&i| eigenvalues[i]);
    order.retain(|&i| eigenvalues[i] > RANK_TOLERANCE * largest && eigenvalues[i] > 0.0);
    let turn = DMatrix::from_fn(basis.ncols(), order.len(), |r, c| {
        // An eigenvector has no sign of its own: the largest component is made positive.
        let column = eigenvectors.column(order[c]);
        let sign = if column[column.iamax()] < 0.0 { -1.0 } else { 1.0 };
        sign * column[r] / eigenvalues[order[c]].sqrt()
    });
    (basis * turn, DVector::from_iterator(order.len(), order.iter().map(|&i| eigenvalues[i])))
}

/// Coordinates of points, three for each.
pub(crate) fn coordinates<F: coxa_geometry::frame::Frame>(points: &[Point<F>]) -> DVector<f64> {
    DVector::from_iterator(3 * points.len(), points.iter().flat_map(|p| [p.x(), p.y(), p.z()]))
}

/// Points from coordinates, three for each.
pub(crate) fn points<F: coxa_geometry::frame::Frame>(coordinates: &DVector<f64>) -> Vec<Point<F>> {
    coordinates.as_slice().chunks_exact(3).map(|c| Point::new(c[0], c[1], c[2])).collect()
}
