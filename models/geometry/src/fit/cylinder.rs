//! Cylinders.

use super::line::Line;
use super::radial::{Radial, improve, unit_covariance};
use super::reweight::reweighted;
use super::{
    Centred, Fit, FitError, Method, Spread, half_sphere, median, noise_variance, principal_axes, rms_of_kept,
    sample,
};
use crate::Angle;
use crate::frame::Frame;
use crate::spatial::Vector;
use nalgebra::{Matrix3, SVector, Vector3, Vector5};

/// A cylinder without ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cylinder<F: Frame> {
    /// The axis; its point is, after a fit, the one nearest to the centroid of the points.
    pub axis: Line<F>,
    /// Radius in millimetres.
    pub radius: f64,
}

/// The cylinder with the least squared distances to its surface. The start is the best of many axis directions
/// (principal axes and an even spread over the half-sphere), so short and partial cylinders are found too.
///
/// # Errors
/// Any [`FitError`]; undetermined where the points lie on a line or in a plane.
pub fn cylinder<F: Frame>(points: &[crate::Point<F>], method: Method) -> Result<Fit<Cylinder<F>>, FitError> {
    const NEEDED: usize = 5;
    let undetermined = FitError::Undetermined("cylinder");
    let local = Centred::new(points, "cylinder", NEEDED)?;
    let refit = |start: Option<&Local>, weights: &[f64]| match start {
        None => improve(&best_start(&local)?, &local.points, weights, local.extent, 100),
        Some(start) => improve(start, &local.points, weights, local.extent, 5),
    };
    let distances = |s: &Local| local.points.iter().map(|p| s.residual(p).0).collect::<Vec<_>>();
    let (shape, weights) =
        reweighted(local.points.len(), local.extent, method, refit, distances).ok_or(undetermined)?;
    let (rms, kept) = rms_of_kept(&distances(&shape), &weights);
    if kept < NEEDED {
        return Err(FitError::TooFewPoints { shape: "cylinder", needed: NEEDED, found: kept });
    }
    let covariance =
        unit_covariance(&shape, &local.points, &weights).ok_or(undetermined)? * noise_variance(rms, kept, 5);
    let worst = |first: usize| {
        covariance.fixed_view::<2, 2>(first, first).into_owned().symmetric_eigenvalues().max().max(0.0).sqrt()
    };
    Ok(Fit {
        shape: Cylinder {
            axis: Line {
                point: local.restore(shape.point),
                direction: Vector::from_coords(super::with_fixed_sign(shape.axes[2])),
            },
            radius: shape.radius,
        },
        rms,
        kept,
        spread: Spread {
            position: worst(0),
            direction: Some(Angle::from_radians(worst(2) / local.extent)),
            radius: Some(covariance[(4, 4)].max(0.0).sqrt()),
        },
    })
}

#[derive(Clone)]
struct Local {
    /// The axis point nearest to the centroid.
    point: Vector3<f64>,
    /// Two directions across the axis, and the axis.
    axes: [Vector3<f64>; 3],
    radius: f64,
    /// Lever arm that turns tilts into millimetres.
    lever: f64,
}

impl Local {
    fn new(point: Vector3<f64>, direction: Vector3<f64>, radius: f64, lever: f64) -> Self {
        let axis = direction.normalize();
        // Across the component that is smallest, so that the cross product is never short.
        let aside = Vector3::ith(axis.iamin(), 1.0);
        let first = axis.cross(&aside).normalize();
        Local {
            point: point - axis * point.dot(&axis),
            axes: [first, axis.cross(&first), axis],
            radius,
            lever,
        }
    }
}

impl Radial<5> for Local {
    /// Parameters: two shifts across the axis, two tilts times the lever, the radius.
    fn residual(&self, point: &Vector3<f64>) -> (f64, SVector<f64, 5>) {
        let [u, v, axis] = &self.axes;
        let from_axis = point - self.point;
        let height = from_axis.dot(axis);
        let across = from_axis - axis * height;
        let distance = across.norm();
        let outward = if distance > 0.0 { across / distance } else { Vector3::zeros() };
        let (nu, nv, arm) = (outward.dot(u), outward.dot(v), height / self.lever);
        (distance - self.radius, Vector5::new(-nu, -nv, -arm * nu, -arm * nv, -1.0))
    }

    fn moved(&self, step: &SVector<f64, 5>) -> Self {
        let [u, v, axis] = &self.axes;
        let tilt = (u * step[2] + v * step[3]) / self.lever;
        Local::new(self.point + u * step[0] + v * step[1], axis + tilt, self.radius + step[4], self.lever)
    }
}

/// The cylinder with the least median distance over the starting directions, so that outliers do not choose it.
fn best_start(local: &Centred) -> Option<Local> {
    let weights = vec![1.0; local.points.len()];
    let (_, principal, sums) = principal_axes(&local.points, &weights);
    if sums[1] <= 1e-18 * sums[0] || sums[2] <= 1e-18 * sums[0] {
        return None;
    }
    let sample = sample(&local.points);
    principal
        .into_iter()
        .chain(half_sphere())
        .filter_map(|direction| {
            let start = circle_along(&sample, direction, local.extent)?;
            let distance = median(&mut sample.iter().map(|p| start.residual(p).0.abs()).collect::<Vec<_>>());
            distance.is_finite().then_some((distance, start))
        })
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, start)| start)
}

/// The linear circle fit of the points seen along a direction.
fn circle_along(points: &[Vector3<f64>], direction: Vector3<f64>, extent: f64) -> Option<Local> {
    let frame = Local::new(Vector3::zeros(), direction, 1.0, extent);
    let [u, v, _] = frame.axes;
    let (mut matrix, mut right) = (Matrix3::zeros(), Vector3::zeros());
    for point in points {
        let row = Vector3::new(point.dot(&u) / extent, point.dot(&v) / extent, 1.0);
        matrix += row * row.transpose();
        right += row * row.xy().norm_squared();
    }
    let solution = matrix.cholesky()?.solve(&right);
    let centre = solution.xy() / 2.0;
    let radius = (solution.z + centre.norm_squared()).max(0.0).sqrt() * extent;
    Some(Local { point: (u * centre.x + v * centre.y) * extent, radius, ..frame })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Point;
    use crate::fit::tests::noise;
    use crate::frame::Pelvis;

    const ORIGIN: Point<Pelvis> = Point::new(30.0, -400.0, 10.0);
    const RADIUS: f64 = 8.0;

    fn axis() -> Vector<Pelvis> {
        Vector::new(0.1, 0.95, -0.2).normalised().unwrap()
    }

    fn surface(seed: u64, length: f64, share: f64, size: f64) -> Vec<Point<Pelvis>> {
        let u = axis().cross(Vector::new(0.0, 0.0, 1.0)).normalised().unwrap();
        let v = axis().cross(u);
        let mut noise = noise(seed);
        (0..600)
            .map(|_| {
                let azimuth = noise(std::f64::consts::PI * share);
                let outward = u * azimuth.cos() + v * azimuth.sin();
                ORIGIN + axis() * noise(length / 2.0) + outward * (RADIUS + noise(size))
            })
            .collect()
    }

    #[test]
    fn long_short_and_partial_cylinders_are_found_to_rounding() {
        for (length, share) in [(200.0, 1.0), (10.0, 1.0), (16.0, 1.0), (60.0, 0.4)] {
            for method in [Method::LeastSquares, Method::Robust] {
                let fit = cylinder(&surface(1, length, share, 0.0), method).unwrap();
                assert!((fit.shape.radius - RADIUS).abs() < 1e-7, "{length} {share} {:?}", fit.shape);
                assert!(fit.shape.axis.direction.cross(axis()).norm() < 1e-8);
                assert!(fit.shape.axis.distance(ORIGIN) < 1e-7);
            }
        }
    }

    #[test]
    fn the_spread_is_the_scatter_of_repeated_fits() {
        let fits: Vec<_> =
            (0..200).map(|s| cylinder(&surface(s, 80.0, 1.0, 0.5), Method::LeastSquares).unwrap()).collect();
        let rms = |f: &dyn Fn(&Cylinder<Pelvis>) -> f64| {
            (fits.iter().map(|fit| f(&fit.shape).powi(2)).sum::<f64>() / fits.len() as f64).sqrt()
        };
        let spread = fits[0].spread;
        let tilt = rms(&|c| c.axis.direction.cross(axis()).norm()) / 2f64.sqrt();
        assert!((tilt / spread.direction.unwrap().radians() - 1.0).abs() < 0.15);
        let radius = rms(&|c| c.radius - RADIUS);
        assert!((radius / spread.radius.unwrap() - 1.0).abs() < 0.15);
        let shift = rms(&|c| c.axis.distance(ORIGIN)) / 2f64.sqrt();
        assert!((shift / spread.position - 1.0).abs() < 0.2, "{shift} {}", spread.position);
    }

    #[test]
    fn a_bump_on_one_side_does_not_move_the_robust_axis() {
        let mut points = surface(9, 80.0, 1.0, 0.1);
        for point in points.iter_mut().step_by(5) {
            let outward = *point - ORIGIN;
            let side = axis().cross(Vector::new(0.0, 0.0, 1.0));
            let outward = outward - axis() * outward.dot(axis());
            if outward.dot(side) > 0.0 {
                *point = *point + outward * 0.7;
            }
        }
        let robust = cylinder(&points, Method::Robust).unwrap();
        assert!(robust.shape.axis.direction.cross(axis()).norm() < 1e-3);
        assert!((robust.shape.radius - RADIUS).abs() < 0.03);
    }
}
