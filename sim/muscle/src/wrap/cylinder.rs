//! Around a cylinder about z. Unrolled it is flat: in the plane across the axis the way is tangent, arc, tangent, and along the axis it
//! rises evenly over all three.

use super::super::model::Quadrant;
use super::detour::Detour;
use nalgebra::{Point3, Vector2, Vector3};
use std::f64::consts::TAU;

/// Which way around and how far: the turn from end to end about the axis, less what the tangents take of it. With a half of the cylinder
/// given a way may not cross the half plane from the axis through the other half, so that the turn is the difference of two angles counted
/// from there.
pub(super) fn around(
    radius: f64,
    length: f64,
    quadrant: Option<Quadrant>,
    from: &Point3<f64>,
    to: &Point3<f64>,
) -> Option<Detour> {
    let (a, b) = (from.coords.xy(), to.coords.xy());
    let (far_a, far_b) = (a.norm(), b.norm());
    if far_a <= radius || far_b <= radius {
        return None;
    }
    // A half along the axis says nothing of the side.
    let barred = quadrant.filter(|quadrant| quadrant.axis < 2).map(|quadrant| {
        let mut away = Vector2::zeros();
        away[quadrant.axis] = -quadrant.sign();
        away
    });
    if !meets(radius, &a, &b) && !barred.is_some_and(|barred| crosses(&barred, &a, &b)) {
        return None;
    }
    let turn = match barred {
        None => a.perp(&b).atan2(a.dot(&b)),
        Some(barred) => {
            let angle = |p: &Vector2<f64>| barred.perp(p).atan2(barred.dot(p)).rem_euclid(TAU);
            angle(&b) - angle(&a)
        }
    };
    let [first, second] = [far_a, far_b].map(|far| (radius / far).acos());
    let swept = turn.abs() - first - second;
    if swept <= 0.0 {
        return None;
    }
    // A tangent's foot: so far round from the point's direction that its cosine is radius over distance.
    let foot = |p: &Vector2<f64>, far: f64, sense: f64| {
        let (cos, tangent) = (radius / far, (far * far - radius * radius).sqrt());
        let across = Vector2::new(-p.y, p.x) * (sense * tangent / far);
        ((p * cos + across) * (radius / far), tangent)
    };
    let sense = turn.signum();
    let ((first, begin), (second, end)) = (foot(&a, far_a, sense), foot(&b, far_b, -sense));
    let on_circle = radius * swept;
    let total = begin + on_circle + end;
    let rise = to.z - from.z;
    let heights = [begin, begin + on_circle].map(|way| from.z + rise * way / total);
    // As OpenSim: a way that neither meets nor leaves the surface between its ends passes it by.
    if heights.iter().all(|z| z.abs() > length / 2.0) {
        return None;
    }
    Some(Detour {
        touches: [Point3::new(first.x, first.y, heights[0]), Point3::new(second.x, second.y, heights[1])],
        on_surface: on_circle.hypot(rise * on_circle / total),
    })
}

/// The same way as OpenSim 4.6 leads it around a single cylinder: its touching points lie in the plane through both ends and the edge of the
/// cylinder between them, in place of on the helix that is tangent to the straight parts, so that the way is longer; none where they lie
/// beyond its ends. For comparisons.
pub(in super::super) fn through_apex(
    radius: f64,
    length: f64,
    from: &Point3<f64>,
    to: &Point3<f64>,
    way: &Detour,
) -> Option<Detour> {
    let [first, second] = way.touches;
    let (far_a, far_b) = (from.coords.xy().norm(), to.coords.xy().norm());
    // The edge lies across the axis from the line of the ends, at the height that divides these as their distances from the axis.
    let middle = from + (to - from) * (far_a / (far_a + far_b));
    let axis = Vector3::new(0.0, 0.0, middle.z);
    let normal = (from.coords - axis).cross(&(to.coords - axis));
    let Some(edge) = Vector3::z().cross(&normal).try_normalize(1e-15) else { return Some(*way) };
    // The way over the far side is the one whose feet are farther apart than those of the other way.
    let turned = |p: &Point3<f64>, foot: &Point3<f64>| {
        let (p, foot) = (p.coords.xy().normalize(), foot.coords.xy());
        p * (2.0 * p.dot(&foot)) - foot
    };
    let other = turned(from, &first).dot(&turned(to, &second));
    let is_far = first.coords.xy().dot(&second.coords.xy()) < other;
    let sign = if ((edge * radius + axis - middle.coords).norm()
        < (edge * radius + middle.coords - axis).norm())
        == is_far
    {
        -1.0
    } else {
        1.0
    };
    let apex = axis + edge * (sign * radius);
    let plane = (from.coords - apex).cross(&(to.coords - apex));
    let rise = (to.z - from.z).abs();
    // Feet stay at the height of their ends where the plane would slide them beyond the other end.
    let slid = |foot: &Point3<f64>, own: f64, other: f64| {
        let z = from.z - plane.xy().dot(&(foot.coords.xy() - from.coords.xy())) / plane.z;
        Point3::new(foot.x, foot.y, if (z - other).abs() < rise { z } else { own })
    };
    let touches = [slid(&first, from.z, to.z), slid(&second, to.z, from.z)];
    let on_circle = (way.on_surface.powi(2) - (second.z - first.z).powi(2)).max(0.0).sqrt();
    let is_beyond = touches.iter().all(|touch| touch.z.abs() > length / 2.0);
    (!is_beyond).then(|| Detour { touches, on_surface: on_circle.hypot(touches[1].z - touches[0].z) })
}

/// Whether a segment runs through the circle about the origin.
fn meets(radius: f64, a: &Vector2<f64>, b: &Vector2<f64>) -> bool {
    let way = b - a;
    let along = -a.dot(&way);
    let squared = way.norm_squared();
    if along <= 0.0 || along >= squared {
        return false;
    }
    let across = a.perp(&way);
    across * across < radius * radius * squared
}

/// Whether a segment crosses the ray from the origin along a direction.
fn crosses(ray: &Vector2<f64>, a: &Vector2<f64>, b: &Vector2<f64>) -> bool {
    let (side_a, side_b) = (ray.perp(a), ray.perp(b));
    if (side_a >= 0.0) == (side_b >= 0.0) {
        return false;
    }
    let at = a + (b - a) * (side_a / (side_a - side_b));
    ray.dot(&at) > 0.0
}
