//! Circles in space.

use super::plane;
use super::radial::{Radial, improve, unit_covariance};
use super::reweight::reweighted;
use super::{Centred, Fit, FitError, Method, Spread, noise_variance, principal_axes, rms_of_kept};
use crate::Angle;
use crate::frame::Frame;
use crate::spatial::{Point, Vector};
use nalgebra::{Matrix3, Rotation3, Vector3};

/// A circle in space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Circle<F: Frame> {
    /// Centre.
    pub centre: Point<F>,
    /// Unit normal of its plane. Its sign means nothing after a fit (the largest component is positive).
    pub normal: Vector<F>,
    /// Radius in millimetres.
    pub radius: f64,
}

/// A circle through points: the plane of least squared distances, and in it the circle of least squared distances.
/// A tilt of the plane changes distances within it only in second order, so this is the joint least squares
/// solution for points near a circle.
///
/// # Errors
/// Any [`FitError`]; undetermined where the points lie on a line.
pub fn circle<F: Frame>(points: &[Point<F>], method: Method) -> Result<Fit<Circle<F>>, FitError> {
    const NEEDED: usize = 3;
    let undetermined = FitError::Undetermined("circle");
    let local = Centred::new(points, "circle", NEEDED)?;
    let (_, in_plane_weights) = plane::weighted(&local, method).ok_or(undetermined)?;
    let refit = |start: Option<&Local>, weights: &[f64]| {
        // Points off the plane must not decide where the search begins.
        let weights = if start.is_none() { &in_plane_weights } else { weights };
        let (centroid, axes, sums) = principal_axes(&local.points, weights);
        if sums[1].is_nan() || sums[1] <= 1e-18 * sums[0] {
            return None;
        }
        // Into the plane: rows are the axes.
        let into = Rotation3::from_basis_unchecked(&[axes[0], axes[1], axes[0].cross(&axes[1])]).inverse();
        let flat: Vec<_> = local.points.iter().map(|p| into * (p - centroid)).collect();
        let (flat_start, rounds) = match start {
            None => (algebraic(&flat, weights, local.extent)?, 50),
            Some(s) => (InPlane { centre: into * (s.centre() - centroid), radius: s.flat.radius }, 5),
        };
        let fitted = improve(&flat_start, &flat, weights, local.extent, rounds)?;
        Some(Local { centroid, into, flat: fitted })
    };
    let distances = |s: &Local| local.points.iter().map(|p| s.distance(p)).collect::<Vec<_>>();
    let (shape, weights) =
        reweighted(local.points.len(), local.extent, method, refit, distances).ok_or(undetermined)?;
    let (rms, kept) = rms_of_kept(&distances(&shape), &weights);
    if kept < NEEDED {
        return Err(FitError::TooFewPoints { shape: "circle", needed: NEEDED, found: kept });
    }
    let flat: Vec<_> = local.points.iter().map(|p| shape.into * (p - shape.centroid)).collect();
    // Two residuals to a point, out of the plane and in it, with three parameters each.
    let out_of_plane =
        flat.iter().zip(&weights).filter(|(_, w)| **w > 0.0).map(|(p, _)| p.z * p.z).sum::<f64>();
    let in_plane = (rms * rms * kept as f64 - out_of_plane).max(0.0);
    let rms_of = |sum: f64| (sum / kept as f64).sqrt();
    let covariance = unit_covariance(&shape.flat, &flat, &weights).ok_or(undetermined)?
        * noise_variance(rms_of(in_plane), kept, 3);
    let of_centre = covariance.fixed_view::<2, 2>(0, 0).into_owned().symmetric_eigenvalues().max();
    let (_, _, sums) = principal_axes(&local.points, &weights);
    let tilt = (noise_variance(rms_of(out_of_plane), kept, 3) / sums[1]).sqrt();
    let normal = super::with_fixed_sign(shape.into.inverse() * Vector3::z());
    Ok(Fit {
        shape: Circle {
            centre: local.restore(shape.centre()),
            normal: Vector::from_coords(normal),
            radius: shape.flat.radius,
        },
        rms,
        kept,
        spread: Spread {
            position: of_centre.max(0.0).sqrt(),
            direction: Some(Angle::from_radians(tilt)),
            radius: Some(covariance[(2, 2)].max(0.0).sqrt()),
        },
    })
}

struct Local {
    centroid: Vector3<f64>,
    into: Rotation3<f64>,
    flat: InPlane,
}

impl Local {
    fn centre(&self) -> Vector3<f64> {
        self.centroid + self.into.inverse() * self.flat.centre
    }

    fn distance(&self, point: &Vector3<f64>) -> f64 {
        let p = self.into * (point - self.centroid);
        self.flat.residual(&p).0.hypot(p.z)
    }
}

/// A circle in the plane z = 0; z of the points does not count.
#[derive(Clone)]
struct InPlane {
    centre: Vector3<f64>,
    radius: f64,
}

impl Radial<3> for InPlane {
    fn residual(&self, point: &Vector3<f64>) -> (f64, Vector3<f64>) {
        let (x, y) = (point.x - self.centre.x, point.y - self.centre.y);
        let distance = x.hypot(y);
        let outward = if distance > 0.0 { (x / distance, y / distance) } else { (0.0, 0.0) };
        (distance - self.radius, Vector3::new(-outward.0, -outward.1, -1.0))
    }

    fn moved(&self, step: &Vector3<f64>) -> Self {
        let centre = Vector3::new(self.centre.x + step.x, self.centre.y + step.y, 0.0);
        InPlane { centre, radius: self.radius + step.z }
    }
}

/// Start by the linear fit, as for the sphere.
fn algebraic(flat: &[Vector3<f64>], weights: &[f64], extent: f64) -> Option<InPlane> {
    let (mut matrix, mut right) = (Matrix3::zeros(), Vector3::zeros());
    for (point, &weight) in flat.iter().zip(weights) {
        let row = Vector3::new(point.x / extent, point.y / extent, 1.0);
        matrix += row * row.transpose() * weight;
        right += row * row.xy().norm_squared() * weight;
    }
    let eigenvalues = matrix.symmetric_eigenvalues();
    if eigenvalues.min() <= 1e-14 * eigenvalues.max() {
        return None;
    }
    let solution = matrix.cholesky()?.solve(&right);
    let centre = solution.xy() / 2.0;
    let radius = (solution.z + centre.norm_squared()).max(0.0).sqrt();
    Some(InPlane { centre: Vector3::new(centre.x, centre.y, 0.0) * extent, radius: radius * extent })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::tests::noise;
    use crate::frame::Pelvis;

    const CENTRE: Point<Pelvis> = Point::new(-80.0, 20.0, 850.0);
    const RADIUS: f64 = 26.0;

    fn normal() -> Vector<Pelvis> {
        Vector::new(0.26, -0.74, 0.62).normalised().unwrap()
    }

    /// An arc of the given share of a turn.
    fn arc(seed: u64, share: f64, size: f64) -> Vec<Point<Pelvis>> {
        let u = normal().cross(Vector::new(0.0, 1.0, 0.0)).normalised().unwrap();
        let v = normal().cross(u);
        let mut noise = noise(seed);
        (0..300)
            .map(|_| {
                let azimuth = noise(std::f64::consts::PI * share);
                let outward = u * azimuth.cos() + v * azimuth.sin();
                CENTRE + outward * (RADIUS + noise(size)) + normal() * noise(size)
            })
            .collect()
    }

    #[test]
    fn an_exact_circle_or_arc_is_found_to_rounding() {
        for share in [1.0, 0.5, 0.25] {
            for method in [Method::LeastSquares, Method::Robust] {
                let fit = circle(&arc(1, share, 0.0), method).unwrap();
                assert!(fit.shape.centre.distance(CENTRE) < 1e-8);
                assert!((fit.shape.radius - RADIUS).abs() < 1e-8);
                assert!(fit.shape.normal.cross(normal()).norm() < 1e-9);
            }
        }
        let three = &arc(2, 1.0, 0.0)[..3];
        assert!(circle(three, Method::LeastSquares).unwrap().shape.centre.distance(CENTRE) < 1e-6);
    }

    #[test]
    fn the_spread_is_the_scatter_of_repeated_fits() {
        let fits: Vec<_> =
            (0..200).map(|s| circle(&arc(s, 1.0, 1.0), Method::LeastSquares).unwrap()).collect();
        let rms = |f: &dyn Fn(&Circle<Pelvis>) -> f64| {
            (fits.iter().map(|fit| f(&fit.shape).powi(2)).sum::<f64>() / fits.len() as f64).sqrt()
        };
        let spread = fits[0].spread;
        let radius = rms(&|c| c.radius - RADIUS);
        assert!((radius / spread.radius.unwrap() - 1.0).abs() < 0.15, "{radius}");
        let tilt = rms(&|c| c.normal.cross(normal()).norm()) / 2f64.sqrt();
        assert!((tilt / spread.direction.unwrap().radians() - 1.0).abs() < 0.15, "{tilt}");
    }

    #[test]
    fn a_notch_in_the_rim_does_not_move_the_robust_circle() {
        let mut points = arc(4, 1.0, 0.2);
        for point in points.iter_mut().step_by(4) {
            *point = *point - normal() * 8.0 + (CENTRE - *point) * 0.2;
        }
        let robust = circle(&points, Method::Robust).unwrap();
        assert!(robust.shape.centre.distance(CENTRE) < 0.1);
        assert!(robust.shape.normal.cross(normal()).norm() < 2e-3);
        assert_eq!(robust.kept, 225);
    }
}
