//! Around an ellipsoid: the geodesic.
//!
//! OpenSim's ways (hybrid, midpoint, axial) are curves in a plane that a rule chooses, longer than need be, and the slope of their length
//! is not what the tension of a path does. Here planes only say where to look: of those through both ends, turned about their line, the
//! ones whose curve is shorter (or longer) than that of both neighbours are led on to the geodesic near them, and the shortest of these is
//! taken. The way that a model asks for therefore makes no difference.

use super::super::model::Quadrant;
use super::detour::Detour;
use super::geodesic::{Surface, settle, settle_between};
use nalgebra::{Point3, Vector3};
use std::f64::consts::TAU;

/// Planes that are looked at, and parts in which the length of a curve is summed (Simpson's rule).
const PLANES: usize = 24;
const PARTS: usize = 12;
/// Curves longer than the shortest by this factor are not led on: no geodesic gains as much.
const GAIN: f64 = 1.1;

pub(super) struct Ellipsoid {
    /// One over the square of each half axis.
    pub(super) inverse: Vector3<f64>,
}

impl Surface for Ellipsoid {
    fn gradient(&self, at: &Vector3<f64>) -> Vector3<f64> {
        at.component_mul(&self.inverse)
    }

    fn turn(&self, _: &Vector3<f64>, velocity: &Vector3<f64>) -> Vector3<f64> {
        velocity.component_mul(&self.inverse)
    }

    fn curvature(&self, at: &Vector3<f64>) -> f64 {
        self.inverse.product() / self.gradient(at).norm_squared().powi(2)
    }

    fn onto(&self, at: &Vector3<f64>) -> Vector3<f64> {
        at / at.component_mul(at).dot(&self.inverse).sqrt()
    }
}

/// A curve in a plane: tangent, arc, tangent.
#[derive(Clone, Copy)]
struct Curve {
    touches: [Vector3<f64>; 2],
    middle: Vector3<f64>,
    on_surface: f64,
    length: f64,
}

pub(super) fn around(
    radii: &Vector3<f64>,
    quadrant: Option<Quadrant>,
    from: &Point3<f64>,
    to: &Point3<f64>,
) -> Option<Detour> {
    // Where the ellipsoid is a sphere of radius one.
    let (a, b) = (from.coords.component_div(radii), to.coords.component_div(radii));
    let line = b - a;
    if a.norm_squared() <= 1.0 || b.norm_squared() <= 1.0 || line.norm_squared() == 0.0 {
        return None;
    }
    let ahead = line.normalize();
    let foot = a - ahead * ahead.dot(&a);
    let reach = [ahead.dot(&a), ahead.dot(&b)];
    if foot.norm_squared() >= 1.0 || reach[0] >= 0.0 || reach[1] <= 0.0 {
        return None;
    }
    let up = foot.try_normalize(1e-9);
    let up = up.unwrap_or_else(|| ahead.cross(&Vector3::ith(ahead.iamin(), 1.0)).normalize());
    let side = ahead.cross(&up);
    let curves: [Curve; PLANES] = std::array::from_fn(|n| {
        let (sin, cos) = (TAU * n as f64 / PLANES as f64).sin_cos();
        curve(radii, [from, to], &ahead, &(up * cos + side * sin), &foot, reach)
    });
    let allowed = |middle: &Vector3<f64>| quadrant.is_none_or(|quadrant| quadrant.has(middle));
    let is_turn = |n: usize| {
        let [before, own, after] = [PLANES - 1, 0, 1].map(|by| curves[(n + by) % PLANES].length);
        // With a half given the way over it may be one that is shorter on either side.
        own <= before.min(after) || (quadrant.is_some() && own >= before.max(after))
    };
    let found = || curves.iter().enumerate().filter(|(n, curve)| is_turn(*n) && allowed(&curve.middle));
    let least = found().map(|(_, curve)| curve.length).fold(f64::INFINITY, f64::min);
    let surface = Ellipsoid { inverse: radii.map(|r| 1.0 / (r * r)) };
    let ends = [&from.coords, &to.coords];
    let start = |n: f64| {
        let (sin, cos) = (TAU * n / PLANES as f64).sin_cos();
        let curve = curve(radii, [from, to], &ahead, &(up * cos + side * sin), &foot, reach);
        (curve.touches[0], curve.on_surface)
    };
    let ways = found().filter(|(_, curve)| curve.length <= GAIN * least).map(|(n, curve)| {
        // Where there is no geodesic near a curve, which never was the shortest one of 400,000 random pairs of ends, the curve itself:
        // longer, but around.
        let plane = Detour { touches: curve.touches.map(Point3::from), on_surface: curve.on_surface };
        settle(&surface, ends, (curve.touches[0], curve.on_surface))
            .or_else(|| settle_between(&surface, ends, start, [n as f64 - 1.0, n as f64 + 1.0]))
            .unwrap_or(plane)
    });
    ways.min_by(|one, other| one.length(from, to).total_cmp(&other.length(from, to)))
}

/// Over the side of the line from end to end that `over` points to, in the sphere's frame.
fn curve(
    radii: &Vector3<f64>,
    ends: [&Point3<f64>; 2],
    ahead: &Vector3<f64>,
    over: &Vector3<f64>,
    foot: &Vector3<f64>,
    reach: [f64; 2],
) -> Curve {
    // The plane cuts a circle out of the sphere.
    let above = foot.dot(over);
    let centre = foot - over * above;
    let radius = (1.0 - centre.norm_squared()).max(0.0).sqrt();
    let round = |reach: f64| (reach.atan2(above), (radius / reach.hypot(above)).min(1.0).acos());
    let ((start, first), (end, last)) = (round(reach[0]), round(reach[1]));
    let (start, end) = (start + first, end - last);
    let at = |angle: f64| (centre + (ahead * angle.sin() + over * angle.cos()) * radius).component_mul(radii);
    let rate = |angle: f64| ((ahead * angle.cos() - over * angle.sin()) * radius).component_mul(radii).norm();
    let step = (end - start) / PARTS as f64;
    let sum: f64 = (0..=PARTS)
        .map(|n| {
            let weight = match n {
                0 | PARTS => 1.0,
                n if n % 2 == 1 => 4.0,
                _ => 2.0,
            };
            weight * rate(start + step * n as f64)
        })
        .sum();
    let on_surface = sum * step / 3.0;
    let touches = [at(start), at(end)];
    let straight = (touches[0] - ends[0].coords).norm() + (touches[1] - ends[1].coords).norm();
    Curve { touches, middle: at((start + end) / 2.0), on_surface, length: on_surface + straight }
}
