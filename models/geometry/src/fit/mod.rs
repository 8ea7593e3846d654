//! Shapes through points: plane, line, sphere, circle and cylinder.
//!
//! Every fit minimises geometric distances and comes plain ([`Method::LeastSquares`]) or resistant to outliers
//! ([`Method::Robust`]). The robust one is deterministic: iteratively reweighted least squares, first with weights
//! 1/|r|, whose minimum a few wild points cannot move far, then with Tukey's biweight (c = 4.685, Beaton and Tukey
//! 1974 Technometrics 16:147) on the scale 1.4826 times the median |r|. It stands up to about a third of the points
//! lying elsewhere; a larger coherent structure beside the shape must be cropped before.

mod circle;
mod cylinder;
mod line;
mod plane;
mod radial;
mod reweight;
mod sphere;

pub use circle::{Circle, circle};
pub use cylinder::{Cylinder, cylinder};
pub use line::{Line, line};
pub use plane::{Plane, plane};
pub use sphere::{Sphere, sphere};

use crate::Angle;
use crate::frame::Frame;
use crate::spatial::Point;
use nalgebra::{Matrix3, SymmetricEigen, Vector3};

/// How points are weighted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// All points alike: best where there is only noise.
    LeastSquares,
    /// Points far from the shape, measured by the median distance, count less or not at all.
    Robust,
}

/// A fitted shape and how well it fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit<S> {
    /// The shape.
    pub shape: S,
    /// Root mean square distance in millimetres of the points that were kept.
    pub rms: f64,
    /// Points that count: all with least squares, those with a weight above zero in a robust fit.
    pub kept: usize,
    /// How sure the shape is, if the distances are independent noise. Neighbouring vertices of a smooth surface
    /// are not independent: then this is the least it can be.
    pub spread: Spread,
}

/// One standard deviation of each part of a fitted shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Of the position in millimetres: along the normal (plane), across the axis (line, cylinder), of the
    /// centre in its worst direction (sphere, circle).
    pub position: f64,
    /// Of the normal or axis in its worst direction; `None` for a sphere.
    pub direction: Option<Angle>,
    /// Of the radius in millimetres; `None` for plane and line.
    pub radius: Option<f64>,
}

/// Why no shape was fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// Not enough points, or not enough that agree.
    #[error("a {shape} needs at least {needed} points, found {found}")]
    TooFewPoints {
        /// What was to be fitted.
        shape: &'static str,
        /// The least number of points.
        needed: usize,
        /// The number given or kept.
        found: usize,
    },
    /// A coordinate is infinite or not a number.
    #[error("point {0} has a coordinate that is not finite")]
    NotFinite(usize),
    /// The points do not determine the shape, such as a sphere through points in a plane.
    #[error("the points do not determine a {0}: they coincide, or lie nearly on a line or in a plane")]
    Undetermined(&'static str),
}

/// Points about their centroid, checked, as bare vectors.
struct Centred {
    centroid: Vector3<f64>,
    points: Vec<Vector3<f64>>,
    /// Largest distance from the centroid.
    extent: f64,
}

impl Centred {
    fn new<F: Frame>(points: &[Point<F>], shape: &'static str, needed: usize) -> Result<Self, FitError> {
        if let Some(bad) = points.iter().position(|p| !p.is_finite()) {
            return Err(FitError::NotFinite(bad));
        }
        if points.len() < needed {
            return Err(FitError::TooFewPoints { shape, needed, found: points.len() });
        }
        // About the first point, so that far-away points lose no digits.
        let first = points[0].coords().coords;
        let sum: Vector3<f64> = points.iter().map(|p| p.coords().coords - first).sum();
        let centroid = first + sum / points.len() as f64;
        let points: Vec<_> = points.iter().map(|p| p.coords().coords - centroid).collect();
        let extent = points.iter().map(Vector3::norm).fold(0.0, f64::max);
        if extent <= f64::MIN_POSITIVE || !extent.is_finite() {
            return Err(FitError::Undetermined(shape));
        }
        Ok(Centred { centroid, points, extent })
    }

    fn restore<F: Frame>(&self, local: Vector3<f64>) -> Point<F> {
        Point::from_coords((self.centroid + local).into())
    }
}

/// Weighted centroid, and principal axes from the longest to the shortest with the weighted sums of squares along
/// them.
fn principal_axes(points: &[Vector3<f64>], weights: &[f64]) -> (Vector3<f64>, [Vector3<f64>; 3], [f64; 3]) {
    let total: f64 = weights.iter().sum();
    let centroid = points.iter().zip(weights).map(|(p, &w)| p * w).sum::<Vector3<f64>>() / total;
    let scatter = points.iter().zip(weights).fold(Matrix3::zeros(), |sum, (p, &w)| {
        let d = p - centroid;
        sum + d * d.transpose() * w
    });
    let SymmetricEigen { eigenvectors, eigenvalues } = SymmetricEigen::new(scatter);
    let mut order = [0, 1, 2];
    order.sort_by(|&i, &j| eigenvalues[j].total_cmp(&eigenvalues[i]));
    let axes = order.map(|i| with_fixed_sign(eigenvectors.column(i).into_owned()));
    (centroid, axes, order.map(|i| eigenvalues[i].max(0.0)))
}

/// Directions some 10 degrees apart over half a sphere, on a Fibonacci spiral: starts for what a local search cannot
/// find.
fn half_sphere() -> impl Iterator<Item = Vector3<f64>> {
    const COUNT: u32 = 200;
    let golden_angle = std::f64::consts::PI * (3.0 - 5f64.sqrt());
    (0..COUNT).map(move |i| {
        let height = (f64::from(i) + 0.5) / f64::from(COUNT);
        let across = (1.0 - height * height).sqrt();
        let azimuth = golden_angle * f64::from(i);
        Vector3::new(across * azimuth.cos(), across * azimuth.sin(), height)
    })
}

/// At most some hundred points, evenly taken: enough to compare starts.
fn sample(points: &[Vector3<f64>]) -> Vec<Vector3<f64>> {
    points.iter().step_by(points.len().div_ceil(500)).copied().collect()
}

/// The middle value, the larger of two; the order of the values is lost. Not a number for none.
fn median(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    if values.is_empty() { f64::NAN } else { *values.select_nth_unstable_by(middle, f64::total_cmp).1 }
}

/// An eigenvector has no sign of its own: the largest component is made positive, so that results do not hang on
/// the eigenvalue routine.
fn with_fixed_sign(v: Vector3<f64>) -> Vector3<f64> {
    if v[v.iamax()] < 0.0 { -v } else { v }
}

/// Root mean square of the distances with a weight, and their number.
fn rms_of_kept(distances: &[f64], weights: &[f64]) -> (f64, usize) {
    let kept: Vec<f64> = distances.iter().zip(weights).filter(|(_, w)| **w > 0.0).map(|(&d, _)| d).collect();
    ((kept.iter().map(|d| d * d).sum::<f64>() / kept.len() as f64).sqrt(), kept.len())
}

/// Variance of the noise per residual, from the root mean square of `residuals` residuals and the number of
/// parameters fitted to them; zero where there is no residual to spare.
fn noise_variance(rms: f64, residuals: usize, parameters: usize) -> f64 {
    let spare = residuals.saturating_sub(parameters);
    if spare == 0 { 0.0 } else { rms * rms * residuals as f64 / spare as f64 }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::frame::Pelvis;
    use rand::{RngExt, SeedableRng};

    /// Reproducible scatter.
    pub(crate) fn noise(seed: u64) -> impl FnMut(f64) -> f64 {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
        move |size| (rng.random::<f64>() - 0.5) * 2.0 * size
    }

    #[test]
    fn errors_name_shape_and_number() {
        let two = [Point::<Pelvis>::origin(), Point::new(1.0, 0.0, 0.0)];
        let message = sphere(&two, Method::Robust).unwrap_err().to_string();
        assert_eq!(message, "a sphere needs at least 4 points, found 2");
        let far = [two[0], two[1], Point::new(f64::INFINITY, 0.0, 0.0)];
        assert_eq!(plane(&far, Method::Robust), Err(FitError::NotFinite(2)));
        let same = [Point::<Pelvis>::new(3.0, 3.0, 3.0); 10];
        for method in [Method::LeastSquares, Method::Robust] {
            assert_eq!(plane(&same, method).err(), Some(FitError::Undetermined("plane")));
            assert_eq!(line(&same, method).err(), Some(FitError::Undetermined("line")));
            assert_eq!(sphere(&same, method).err(), Some(FitError::Undetermined("sphere")));
            assert_eq!(circle(&same, method).err(), Some(FitError::Undetermined("circle")));
            assert_eq!(cylinder(&same, method).err(), Some(FitError::Undetermined("cylinder")));
            let flat: Vec<_> =
                (0..50).map(|i| Point::<Pelvis>::new(f64::from(i % 7), f64::from(i / 7), 2.0)).collect();
            assert_eq!(sphere(&flat, method).err(), Some(FitError::Undetermined("sphere")));
            let row: Vec<_> = (0..50).map(|i| Point::<Pelvis>::new(f64::from(i), 1.0, 2.0)).collect();
            assert_eq!(plane(&row, method).err(), Some(FitError::Undetermined("plane")));
            assert_eq!(circle(&row, method).err(), Some(FitError::Undetermined("circle")));
            assert_eq!(cylinder(&row, method).err(), Some(FitError::Undetermined("cylinder")));
        }
    }
}
