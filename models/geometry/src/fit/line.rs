//! Straight lines.

use super::reweight::reweighted;
use super::{Centred, Fit, FitError, Method, Spread, noise_variance, principal_axes, rms_of_kept};
use crate::Angle;
use crate::frame::Frame;
use crate::spatial::{Point, Vector};
use nalgebra::Vector3;

/// A straight line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line<F: Frame> {
    /// A point of the line; after a fit, the one nearest to the centroid of the points.
    pub point: Point<F>,
    /// Unit direction. Its sign means nothing after a fit (the largest component is positive).
    pub direction: Vector<F>,
}

impl<F: Frame> Line<F> {
    /// The foot of the perpendicular.
    pub fn project(&self, point: Point<F>) -> Point<F> {
        self.point + self.direction * (point - self.point).dot(self.direction)
    }

    /// Distance in millimetres.
    pub fn distance(&self, point: Point<F>) -> f64 {
        self.project(point).distance(point)
    }
}

/// The line with the least squared distances, by principal axes.
///
/// # Errors
/// Any [`FitError`]; undetermined where no direction is longer than the others.
pub fn line<F: Frame>(points: &[Point<F>], method: Method) -> Result<Fit<Line<F>>, FitError> {
    const NEEDED: usize = 2;
    let local = Centred::new(points, "line", NEEDED)?;
    let refit = |_: Option<&(Vector3<f64>, Vector3<f64>)>, weights: &[f64]| {
        let (centroid, [axis, ..], _) = principal_axes(&local.points, weights);
        centroid.iter().all(|c| c.is_finite()).then_some((centroid, axis))
    };
    let distances = |(centroid, axis): &(Vector3<f64>, Vector3<f64>)| {
        let across = |p: &Vector3<f64>| (p - centroid) - axis * (p - centroid).dot(axis);
        local.points.iter().map(|p| across(p).norm()).collect::<Vec<_>>()
    };
    let (shape, weights) = reweighted(local.points.len(), local.extent, method, refit, distances)
        .ok_or(FitError::Undetermined("line"))?;
    let (rms, kept) = rms_of_kept(&distances(&shape), &weights);
    if kept < NEEDED {
        return Err(FitError::TooFewPoints { shape: "line", needed: NEEDED, found: kept });
    }
    let (_, _, sums) = principal_axes(&local.points, &weights);
    if sums[0] <= (1.0 + 1e-9) * sums[1] {
        return Err(FitError::Undetermined("line"));
    }
    // Each point has two residuals across the line, which share the squared distance.
    let variance = noise_variance(rms / 2f64.sqrt(), 2 * kept, 4);
    Ok(Fit {
        shape: Line { point: local.restore(shape.0), direction: Vector::from_coords(shape.1) },
        rms,
        kept,
        spread: Spread {
            position: (variance / weights.iter().sum::<f64>()).sqrt(),
            direction: Some(Angle::from_radians((variance / sums[0]).sqrt())),
            radius: None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::tests::noise;
    use crate::frame::Pelvis;

    fn axis() -> Vector<Pelvis> {
        Vector::new(0.1, 0.9, -0.2).normalised().unwrap()
    }

    fn row(seed: u64, size: f64) -> Vec<Point<Pelvis>> {
        let mut noise = noise(seed);
        (0..200)
            .map(|i| {
                let scatter = Vector::new(noise(size), noise(size), noise(size));
                Point::new(10.0, 20.0, 30.0) + axis() * f64::from(i) + scatter
            })
            .collect()
    }

    #[test]
    fn an_exact_line_is_found_to_rounding() {
        for method in [Method::LeastSquares, Method::Robust] {
            let fit = line(&row(1, 0.0), method).unwrap();
            assert!(fit.shape.direction.cross(axis()).norm() < 1e-12);
            assert!(fit.shape.distance(Point::new(10.0, 20.0, 30.0)) < 1e-11);
        }
    }

    #[test]
    fn the_spread_is_the_scatter_of_repeated_fits() {
        let squared = |seed| {
            let fit = line(&row(seed, 1.0), Method::LeastSquares).unwrap();
            fit.shape.direction.cross(axis()).norm().powi(2)
        };
        let measured = ((0..200).map(squared).sum::<f64>() / 200.0).sqrt();
        let spread = line(&row(0, 1.0), Method::LeastSquares).unwrap().spread;
        let expected = spread.direction.unwrap().radians() * 2f64.sqrt();
        assert!((measured / expected - 1.0).abs() < 0.15, "{measured} {expected}");
    }

    #[test]
    fn outliers_do_not_turn_the_robust_line() {
        let mut points = row(5, 0.1);
        for point in points.iter_mut().skip(150).step_by(2) {
            *point = *point + Vector::new(30.0, 0.0, 10.0);
        }
        let robust = line(&points, Method::Robust).unwrap();
        assert!(robust.shape.direction.cross(axis()).norm() < 1e-3);
        assert_eq!(robust.kept, 175);
    }
}
