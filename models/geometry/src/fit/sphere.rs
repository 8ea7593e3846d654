//! Spheres.

use super::radial::{Radial, improve, unit_covariance};
use super::reweight::reweighted;
use super::{Centred, Fit, FitError, Method, Spread, noise_variance, rms_of_kept};
use crate::frame::Frame;
use crate::spatial::Point;
use nalgebra::{Matrix4, Vector3, Vector4};

/// A sphere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sphere<F: Frame> {
    /// Centre.
    pub centre: Point<F>,
    /// Radius in millimetres.
    pub radius: f64,
}

/// The sphere with the least squared distances to its surface.
///
/// # Errors
/// Any [`FitError`]; undetermined where the points lie in a plane.
pub fn sphere<F: Frame>(points: &[Point<F>], method: Method) -> Result<Fit<Sphere<F>>, FitError> {
    const NEEDED: usize = 4;
    let undetermined = FitError::Undetermined("sphere");
    let local = Centred::new(points, "sphere", NEEDED)?;
    let refit = |start: Option<&Local>, weights: &[f64]| match start {
        None => improve(&algebraic(&local)?, &local.points, weights, local.extent, 50),
        Some(start) => improve(start, &local.points, weights, local.extent, 5),
    };
    let distances = |s: &Local| local.points.iter().map(|p| s.residual(p).0).collect::<Vec<_>>();
    let (shape, weights) =
        reweighted(local.points.len(), local.extent, method, refit, distances).ok_or(undetermined)?;
    let (rms, kept) = rms_of_kept(&distances(&shape), &weights);
    if kept < NEEDED {
        return Err(FitError::TooFewPoints { shape: "sphere", needed: NEEDED, found: kept });
    }
    let covariance =
        unit_covariance(&shape, &local.points, &weights).ok_or(undetermined)? * noise_variance(rms, kept, 4);
    let of_centre = covariance.fixed_view::<3, 3>(0, 0).into_owned().symmetric_eigenvalues().max();
    Ok(Fit {
        shape: Sphere { centre: local.restore(shape.centre), radius: shape.radius },
        rms,
        kept,
        spread: Spread {
            position: of_centre.max(0.0).sqrt(),
            direction: None,
            radius: Some(covariance[(3, 3)].max(0.0).sqrt()),
        },
    })
}

#[derive(Clone)]
struct Local {
    centre: Vector3<f64>,
    radius: f64,
}

impl Radial<4> for Local {
    fn residual(&self, point: &Vector3<f64>) -> (f64, Vector4<f64>) {
        let from_centre = point - self.centre;
        let distance = from_centre.norm();
        let outward = if distance > 0.0 { from_centre / distance } else { Vector3::zeros() };
        (distance - self.radius, Vector4::new(-outward.x, -outward.y, -outward.z, -1.0))
    }

    fn moved(&self, step: &Vector4<f64>) -> Self {
        Local { centre: self.centre + step.xyz(), radius: self.radius + step.w }
    }
}

/// Start by the linear fit |p|² = 2 c.p + (r² - |c|²), in units of the extent; `None` for points in a plane.
fn algebraic(local: &Centred) -> Option<Local> {
    let (mut matrix, mut right) = (Matrix4::zeros(), Vector4::zeros());
    for point in &local.points {
        let p = point / local.extent;
        let row = Vector4::new(p.x, p.y, p.z, 1.0);
        matrix += row * row.transpose();
        right += row * p.norm_squared();
    }
    let eigenvalues = matrix.symmetric_eigenvalues();
    if eigenvalues.min() <= 1e-14 * eigenvalues.max() {
        return None;
    }
    let solution = matrix.cholesky()?.solve(&right);
    let centre = solution.xyz() / 2.0;
    let radius = (solution.w + centre.norm_squared()).max(0.0).sqrt();
    Some(Local { centre: centre * local.extent, radius: radius * local.extent })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::tests::noise;
    use crate::frame::Pelvis;
    use crate::spatial::Vector;

    const CENTRE: Point<Pelvis> = Point::new(-80.0, 20.0, 850.0);
    const RADIUS: f64 = 24.0;

    /// Points above the plane z = centre + `from` radii.
    fn cap(seed: u64, from: f64, size: f64) -> Vec<Point<Pelvis>> {
        let mut noise = noise(seed);
        (0..1000)
            .map(|_| {
                let (height, azimuth) =
                    ((from + 1.0) / 2.0 + noise((1.0 - from) / 2.0), noise(std::f64::consts::PI));
                let across = (1.0 - height * height).sqrt();
                let outward = Vector::new(across * azimuth.cos(), across * azimuth.sin(), height);
                CENTRE + outward * (RADIUS + noise(size))
            })
            .collect()
    }

    #[test]
    fn an_exact_sphere_or_cap_is_found_to_rounding() {
        for from in [-1.0, 0.0, 0.8] {
            for method in [Method::LeastSquares, Method::Robust] {
                let fit = sphere(&cap(1, from, 0.0), method).unwrap();
                assert!(fit.shape.centre.distance(CENTRE) < 1e-9);
                assert!((fit.shape.radius - RADIUS).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn the_spread_is_the_scatter_of_repeated_fits() {
        let fits: Vec<_> =
            (0..200).map(|s| sphere(&cap(s, 0.3, 0.5), Method::LeastSquares).unwrap()).collect();
        let rms = |f: &dyn Fn(&Sphere<Pelvis>) -> f64| {
            (fits.iter().map(|fit| f(&fit.shape).powi(2)).sum::<f64>() / fits.len() as f64).sqrt()
        };
        // The cap's axis is z, the worst direction.
        let (axial, radius) = (rms(&|s| s.centre.z() - CENTRE.z()), rms(&|s| s.radius - RADIUS));
        let spread = fits[0].spread;
        assert!((axial / spread.position - 1.0).abs() < 0.15, "{axial} {}", spread.position);
        assert!((radius / spread.radius.unwrap() - 1.0).abs() < 0.15);
    }

    #[test]
    fn a_neck_beside_the_head_does_not_move_the_robust_sphere() {
        let mut points = cap(7, -0.3, 0.3);
        let mut noise = noise(8);
        for _ in 0..350 {
            let (along, azimuth) = (RADIUS + 8.0 + noise(15.0), noise(std::f64::consts::PI));
            points.push(CENTRE + Vector::new(14.0 * azimuth.cos(), 14.0 * azimuth.sin(), -along));
        }
        let plain = sphere(&points, Method::LeastSquares).unwrap();
        let robust = sphere(&points, Method::Robust).unwrap();
        assert!(plain.shape.centre.distance(CENTRE) > 2.0);
        assert!(robust.shape.centre.distance(CENTRE) < 0.1, "{}", robust.shape.centre.distance(CENTRE));
        assert!((robust.shape.radius - RADIUS).abs() < 0.1);
    }
}
