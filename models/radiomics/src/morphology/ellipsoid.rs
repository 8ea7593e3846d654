//! Ellipsoids: area, and the smallest around points.

use nalgebra::{Matrix3, Matrix4, Vector4};

/// Area of an ellipsoid of semi-axes `a` >= `b` >= `c`, by the series of the IBSI reference manual (chapter 3.1.22) to degree 20.
///
/// The manual has eccentricities of `b` and of `c` against `a`; the series gives the area with those of `c` against `a` and against `b`. For a
/// sphere both are exact; an ellipsoid of 2 : 2 : 1 is a quarter too large. The consensus values are those of the manual, so it is kept.
pub(super) fn ellipsoid_area([a, b, c]: [f64; 3]) -> f64 {
    let alpha = (1.0 - (b / a).powi(2)).max(0.0);
    let beta = (1.0 - (c / a).powi(2)).max(0.0);
    // (alpha beta)^n P_n((alpha^2 + beta^2) / (2 alpha beta)), by the recurrence of Legendre polynomials times powers, which holds where an
    // eccentricity is 0 too.
    let (mean, squared) = (0.5 * (alpha + beta), alpha * beta);
    let (mut before, mut term, mut sum) = (0.0, 1.0, 1.0);
    for degree in 0..20 {
        let n = f64::from(degree);
        let next = ((2.0 * n + 1.0) * mean * term - n * squared * before) / (n + 1.0);
        (before, term) = (term, next);
        sum += term / (1.0 - 4.0 * (n + 1.0).powi(2));
    }
    4.0 * std::f64::consts::PI * a * b * sum
}

/// Semi-axes of the smallest ellipsoid around points, longest first. `None` where the points lie in a plane.
///
/// Khachiyan's algorithm with away steps (Todd and Yildirim, Discrete Appl Math 2007;155:1731), to a thousandth of a per cent, then
/// enlarged until no point is outside.
pub(super) fn enclosing_ellipsoid(points: &[[f64; 3]]) -> Option<[f64; 3]> {
    const MOST_STEPS: usize = 5000;
    const TOLERANCE: f64 = 1e-5;
    let n = points.len();
    if n < 4 {
        return None;
    }
    let mut centre = [0.0; 3];
    for point in points {
        (0..3).for_each(|axis| centre[axis] += point[axis] / n as f64);
    }
    let lifted: Vec<Vector4<f64>> = points
        .iter()
        .map(|p| Vector4::new(p[0] - centre[0], p[1] - centre[1], p[2] - centre[2], 1.0))
        .collect();
    let mut weights = vec![1.0 / n as f64; n];
    let spread = |weights: &[f64]| {
        let used = lifted.iter().zip(weights).filter(|&(_, &weight)| weight > 0.0);
        used.fold(Matrix4::zeros(), |sum, (q, &weight)| sum + weight * q * q.transpose())
    };
    for _ in 0..MOST_STEPS {
        let inverse = spread(&weights).try_inverse()?;
        let (mut far, mut near) = ((f64::NEG_INFINITY, 0), (f64::INFINITY, 0));
        for (i, q) in lifted.iter().enumerate() {
            let distance = q.dot(&(inverse * q));
            if distance > far.0 {
                far = (distance, i);
            }
            if weights[i] > 0.0 && distance < near.0 {
                near = (distance, i);
            }
        }
        let (outside, inside) = (far.0 / 4.0 - 1.0, 1.0 - near.0 / 4.0);
        if outside.max(inside) < TOLERANCE {
            break;
        }
        if outside > inside {
            let step = (far.0 - 4.0) / (4.0 * (far.0 - 1.0));
            weights.iter_mut().for_each(|weight| *weight *= 1.0 - step);
            weights[far.1] += step;
        } else {
            let all = weights[near.1] / (1.0 - weights[near.1]);
            // A point in the very middle never is one of the ellipsoid.
            let wanted = if near.0 > 1.0 { (4.0 - near.0) / (4.0 * (near.0 - 1.0)) } else { f64::INFINITY };
            let step = wanted.min(all);
            weights.iter_mut().for_each(|weight| *weight *= 1.0 + step);
            weights[near.1] = if step == all { 0.0 } else { weights[near.1] - step };
        }
    }
    let spread = spread(&weights);
    let inverse = spread.try_inverse()?;
    // In four dimensions the points lie within q' M q <= 4, which is (p - c)' S^-1 (p - c) <= 3 in three.
    let farthest = lifted.iter().map(|q| q.dot(&(inverse * q)) - 1.0).fold(0.0, f64::max);
    let middle = spread.fixed_view::<3, 1>(0, 3).into_owned();
    let shape: Matrix3<f64> = spread.fixed_view::<3, 3>(0, 0).into_owned() - middle * middle.transpose();
    let mut axes: Vec<f64> =
        shape.symmetric_eigenvalues().iter().map(|&value| (value.max(0.0) * farthest).sqrt()).collect();
    axes.sort_by(|a, b| b.total_cmp(a));
    (axes[2] > 0.0).then(|| [axes[0], axes[1], axes[2]])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn areas_of_the_manual() {
        assert!((ellipsoid_area([2.0; 3]) - 16.0 * PI).abs() < 1e-9);
        // With one eccentricity 0 the series has the sum (c / a + arcsin e / e) / 2.
        let e = 0.75_f64.sqrt();
        let oblate = 4.0 * PI * 0.5 * (0.5 + e.asin() / e);
        assert!((ellipsoid_area([1.0, 1.0, 0.5]) - oblate).abs() < 1e-5);
    }

    #[test]
    fn the_ellipsoid_around_a_box_touches_its_corners() {
        let corners: Vec<[f64; 3]> = (0..8)
            .map(|i| [f64::from(i & 1) * 4.0, f64::from(i >> 1 & 1) * 2.0, f64::from(i >> 2 & 1) * 6.0])
            .collect();
        let axes = enclosing_ellipsoid(&corners).unwrap();
        for (found, half) in axes.iter().zip([3.0, 2.0, 1.0]) {
            assert!((found - half * 3.0_f64.sqrt()).abs() < 1e-3, "{axes:?}");
        }
        assert!(enclosing_ellipsoid(&corners[..4]).is_none());
    }
}
