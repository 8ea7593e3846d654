//! Planes.

use super::reweight::reweighted;
use super::{
    Centred, Fit, FitError, Method, Spread, half_sphere, median, noise_variance, principal_axes, rms_of_kept,
    sample,
};
use crate::Angle;
use crate::frame::Frame;
use crate::spatial::{Point, Vector};
use nalgebra::Vector3;

/// A plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane<F: Frame> {
    /// A point of the plane; after a fit, the centroid of the points.
    pub point: Point<F>,
    /// Unit normal. Its sign means nothing after a fit (the largest component is positive).
    pub normal: Vector<F>,
}

impl<F: Frame> Plane<F> {
    /// Distance in millimetres, positive on the side that the normal points to.
    pub fn signed_distance(&self, point: Point<F>) -> f64 {
        (point - self.point).dot(self.normal)
    }

    /// The foot of the perpendicular.
    pub fn project(&self, point: Point<F>) -> Point<F> {
        point - self.normal * self.signed_distance(point)
    }
}

/// The plane with the least squared distances, by principal axes; the robust fit starts from the best of many
/// normals, because principal axes alone follow outliers that spread further than the plane is wide.
///
/// # Errors
/// Any [`FitError`]; undetermined where the points lie on a line.
pub fn plane<F: Frame>(points: &[Point<F>], method: Method) -> Result<Fit<Plane<F>>, FitError> {
    const NEEDED: usize = 3;
    let local = Centred::new(points, "plane", NEEDED)?;
    let (shape, weights) = weighted(&local, method).ok_or(FitError::Undetermined("plane"))?;
    let (rms, kept) = rms_of_kept(&shape.distances(&local.points), &weights);
    if kept < NEEDED {
        return Err(FitError::TooFewPoints { shape: "plane", needed: NEEDED, found: kept });
    }
    let (_, _, sums) = principal_axes(&local.points, &weights);
    if sums[1] <= 1e-18 * sums[0] {
        return Err(FitError::Undetermined("plane"));
    }
    let variance = noise_variance(rms, kept, 3);
    Ok(Fit {
        shape: Plane { point: local.restore(shape.point), normal: Vector::from_coords(shape.normal) },
        rms,
        kept,
        spread: Spread {
            position: (variance / weights.iter().sum::<f64>()).sqrt(),
            direction: Some(Angle::from_radians((variance / sums[1]).sqrt())),
            radius: None,
        },
    })
}

/// A plane about the centroid of the points.
pub(super) struct Local {
    point: Vector3<f64>,
    normal: Vector3<f64>,
}

impl Local {
    fn distances(&self, points: &[Vector3<f64>]) -> Vec<f64> {
        points.iter().map(|p| (p - self.point).dot(&self.normal)).collect()
    }
}

/// The plane with the weights of its points.
pub(super) fn weighted(local: &Centred, method: Method) -> Option<(Local, Vec<f64>)> {
    let refit = |start: Option<&Local>, weights: &[f64]| {
        if start.is_none() && method == Method::Robust {
            return best_start(&local.points);
        }
        let (point, [_, _, normal], _) = principal_axes(&local.points, weights);
        point.iter().all(|c| c.is_finite()).then_some(Local { point, normal })
    };
    reweighted(local.points.len(), local.extent, method, refit, |s| s.distances(&local.points))
}

/// The plane with the least median distance over principal axes and an even spread of normals.
fn best_start(points: &[Vector3<f64>]) -> Option<Local> {
    let sample = sample(points);
    let (_, principal, _) = principal_axes(&sample, &vec![1.0; sample.len()]);
    principal
        .into_iter()
        .chain(half_sphere())
        .map(|normal| {
            let middle = median(&mut sample.iter().map(|p| p.dot(&normal)).collect::<Vec<_>>());
            let start = Local { point: normal * middle, normal };
            let distance =
                median(&mut start.distances(&sample).into_iter().map(f64::abs).collect::<Vec<_>>());
            (distance, start)
        })
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, start)| start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::tests::noise;
    use crate::frame::Pelvis;

    fn patch(seed: u64, size: f64) -> (Vector<Pelvis>, Vec<Point<Pelvis>>) {
        let normal = Vector::new(0.3, -0.5, 0.8).normalised().unwrap();
        let u = normal.cross(Vector::new(1.0, 0.0, 0.0)).normalised().unwrap();
        let v = normal.cross(u);
        let mut noise = noise(seed);
        let points = (0..400)
            .map(|_| {
                Point::new(100.0, -50.0, 900.0) + u * noise(40.0) + v * noise(20.0) + normal * noise(size)
            })
            .collect();
        (normal, points)
    }

    #[test]
    fn an_exact_plane_is_found_to_rounding() {
        let (normal, points) = patch(1, 0.0);
        for method in [Method::LeastSquares, Method::Robust] {
            let fit = plane(&points, method).unwrap();
            assert!(fit.shape.normal.cross(normal).norm() < 1e-12);
            assert!(fit.rms < 1e-12);
            assert!(points.iter().all(|&p| fit.shape.project(p).distance(p) < 1e-11));
        }
    }

    #[test]
    fn the_spread_is_the_scatter_of_repeated_fits() {
        let errors: Vec<f64> = (0..200)
            .map(|seed| {
                let (normal, points) = patch(seed, 1.0);
                plane(&points, Method::LeastSquares).unwrap().shape.normal.cross(normal).norm()
            })
            .collect();
        let measured = (errors.iter().map(|e| e * e).sum::<f64>() / errors.len() as f64).sqrt();
        let fit = plane(&patch(0, 1.0).1, Method::LeastSquares).unwrap();
        // Two tilts: the worst by definition, the other half of it, because the patch is twice as long as wide.
        let expected = fit.spread.direction.unwrap().radians() * 1.25f64.sqrt();
        assert!((measured / expected - 1.0).abs() < 0.15, "{measured} {expected}");
        assert!((fit.rms - 1.0 / 3f64.sqrt()).abs() < 0.05);
    }

    #[test]
    fn a_quarter_of_outliers_does_not_move_the_robust_plane() {
        let (normal, mut points) = patch(3, 0.2);
        for (i, point) in points.iter_mut().enumerate().filter(|(i, _)| i % 4 == 0) {
            *point = *point + normal * (10.0 + i as f64 / 10.0);
        }
        let plain = plane(&points, Method::LeastSquares).unwrap();
        let robust = plane(&points, Method::Robust).unwrap();
        let tilt = robust.shape.normal.angle_to(normal).radians();
        assert!(tilt < 3.0 * robust.spread.direction.unwrap().radians(), "{tilt} {:?}", robust.spread);
        assert_eq!(robust.kept, 300);
        assert!(plain.rms > 10.0 * robust.rms);
    }
}
