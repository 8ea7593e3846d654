//! Around a sphere.

use super::circle::{Arc, arc};
use super::detour::Detour;
use crate::model::Quadrant;
use nalgebra::{Point3, Vector2, Vector3};

/// Sine of the angle between the directions of two points below which they span no plane with the centre.
const IN_LINE: f64 = 1e-9;

/// Around a sphere about the origin, along the great circle in the plane of both points and the centre.
///
/// As in OpenSim only a straight line that meets the sphere is led around it, and a quadrant sends it the longer way where that goes over
/// its half ([`Quadrant::sends_over`]).
pub(super) fn sphere(
    radius: f64,
    quadrant: Option<Quadrant>,
    from: &Point3<f64>,
    to: &Point3<f64>,
) -> Option<Detour> {
    let (a, b) = (from.coords, to.coords);
    if !(a.norm() > radius && b.norm() > radius) {
        return None;
    }
    let way = b - a;
    let nearest = a + way * (-a.dot(&way) / way.norm_squared()).clamp(0.0, 1.0);
    // Not a number where both points are one, too.
    let is_through = nearest.norm() < radius;
    if !is_through {
        return None;
    }
    // In the plane the first axis points to the first point, and the second point is on the positive side of the other axis.
    let along = a.normalize();
    let beyond = b - along * along.dot(&b);
    let across = match beyond.norm() {
        least if least <= IN_LINE * b.norm() => perpendicular(&along, quadrant),
        _ => beyond.normalize(),
    };
    let flat = |p: &Vector3<f64>| Vector2::new(p.dot(&along), p.dot(&across));
    let lift = |p: &Vector2<f64>| along * p.x + across * p.y;
    let ways = [1.0, -1.0].map(|turn| arc(radius, &flat(&a), &flat(&b), turn));
    // Through the centre both are of one length, and the first goes over the half.
    let short = usize::from(ways[1].length < ways[0].length - IN_LINE * radius);
    let long = 1 - short;
    let is_sent = |quadrant: Quadrant| {
        let touches = ways[long].touches.map(|at| lift(&at));
        quadrant.sends_over([&a, &b], [&touches[0], &touches[1]])
    };
    let chosen = if quadrant.is_some_and(is_sent) { long } else { short };
    let Arc { touches, length, .. } = ways[chosen];
    Some(Detour { touches: touches.map(|at| Point3::from(lift(&at))), on_surface: length })
}

/// A direction across another one: towards the quadrant where there is one, else towards the axis that is farthest from it.
fn perpendicular(along: &Vector3<f64>, quadrant: Option<Quadrant>) -> Vector3<f64> {
    let across = |axis: usize| {
        let unit = Vector3::ith(axis, 1.0);
        unit - along * along[axis]
    };
    let wanted = quadrant.map(|q| across(q.axis.min(2)) * if q.is_positive { 1.0 } else { -1.0 });
    wanted
        .and_then(|wanted| wanted.try_normalize(IN_LINE))
        .unwrap_or_else(|| across(along.iamin()).normalize())
}

#[cfg(test)]
mod tests {
    use super::super::Detour;
    use super::*;
    use proptest::prelude::*;
    use std::f64::consts::PI;

    const RADIUS: f64 = 0.03;

    fn way(quadrant: Option<Quadrant>, from: [f64; 3], to: [f64; 3]) -> Option<Detour> {
        sphere(RADIUS, quadrant, &Point3::from(from), &Point3::from(to))
    }

    fn length(from: &Point3<f64>, to: &Point3<f64>) -> f64 {
        sphere(RADIUS, None, from, to).map_or((to - from).norm(), |found| found.length(from, to))
    }

    /// A point 31 to 90 mm from the centre.
    fn outside() -> impl Strategy<Value = Point3<f64>> {
        let unit = prop::array::uniform3(-1.0..1.0)
            .prop_map(Vector3::<f64>::from)
            .prop_filter("a direction", |v| v.norm() > 0.1);
        (unit, 0.031..0.09).prop_map(|(v, far)| Point3::from(v.normalize() * far))
    }

    #[test]
    fn the_way_over_a_sphere_is_tangent_arc_tangent() {
        let (from, to) = ([0.0, -0.05, 0.01], [0.0, 0.05, 0.01]);
        let found = way(None, from, to).unwrap();
        let far = 0.05_f64.hypot(0.01);
        let arc = 2.0 * (0.05_f64 / 0.01).atan() - 2.0 * (RADIUS / far).acos();
        let expected = 2.0 * (far * far - RADIUS * RADIUS).sqrt() + RADIUS * arc;
        assert!((found.length(&from.into(), &to.into()) - expected).abs() < 1e-12);
        assert!(found.touches.iter().all(|touch| touch.z > 0.0 && touch.x.abs() < 1e-15));
    }

    #[test]
    fn lines_that_are_free_and_points_without_a_way_go_straight() {
        assert_eq!(way(None, [-0.05, 0.0301, 0.0], [0.05, 0.0301, 0.0]), None);
        assert_eq!(way(None, [0.05, 0.0, 0.0], [0.09, 0.001, 0.0]), None, "the sphere lies behind");
        assert_eq!(way(None, [0.0, 0.0, 0.0], [0.09, 0.0, 0.0]), None, "a point at the centre");
        assert_eq!(way(None, [0.03, 0.0, 0.0], [-0.09, 0.0, 0.0]), None, "a point on the surface");
        assert_eq!(way(None, [0.05, 0.0, 0.0], [0.05, 0.0, 0.0]), None, "one point");
        assert_eq!(way(None, [f64::NAN, 0.0, 0.0], [0.05, 0.0, 0.0]), None);
    }

    #[test]
    fn a_line_through_the_centre_goes_over_the_half_that_is_asked_for() {
        let (from, to) = ([-0.05, 0.0, 0.0], [0.06, 0.0, 0.0]);
        let middle = |quadrant| {
            let [a, b] = way(quadrant, from, to).unwrap().touches;
            (a.coords + b.coords) / 2.0
        };
        for axis in [1, 2] {
            for is_positive in [false, true] {
                let over = middle(Some(Quadrant { axis, is_positive }))[axis];
                assert!(if is_positive { over > 0.01 } else { over < -0.01 });
            }
        }
        assert!(middle(None).norm() > 0.01);
        assert!(middle(Some(Quadrant { axis: 0, is_positive: true })).norm() > 0.01);
    }

    #[test]
    fn a_quadrant_sends_the_way_over_its_half_though_it_be_longer() {
        let (from, to) = ([-0.05, 0.0, -0.005], [0.05, 0.0, -0.005]);
        let on_surface =
            |is_positive| way(Some(Quadrant { axis: 2, is_positive }), from, to).unwrap().on_surface;
        assert!(on_surface(true) > on_surface(false));
        assert!((on_surface(false) - way(None, from, to).unwrap().on_surface).abs() < 1e-15);
    }

    proptest! {
        /// No other two points of the sphere make a shorter way, and the straight parts are tangent.
        #[test]
        fn no_way_is_shorter(from in outside(), to in outside(), other in prop::array::uniform2(outside()), near in 0.0..1.0_f64) {
            let Some(found) = sphere(RADIUS, None, &from, &to) else { return Ok(()) };
            let [first, second] = found.touches;
            prop_assert!((first - from).dot(&first.coords).abs() < 1e-12);
            prop_assert!((to - second).dot(&second.coords).abs() < 1e-12);
            let moved = |at: &Point3<f64>, by: &Point3<f64>| (at.coords + by.coords * near).normalize().scale(RADIUS);
            let [a, b] = [moved(&first, &other[0]), moved(&second, &other[1])];
            // Ways that run through the sphere are none.
            if (a - from.coords).dot(&a) <= 0.0 && (to.coords - b).dot(&b) >= 0.0 {
                let another = (a - from.coords).norm() + RADIUS * a.angle(&b) + (to.coords - b).norm();
                prop_assert!(another > found.length(&from, &to) - 1e-12);
            }
        }

        /// Length changes by no more than an end is moved, where a way begins to wrap and where it changes sides too.
        #[test]
        fn length_never_jumps(from in outside(), to in outside(), by in outside()) {
            let moved = Point3::from(to.coords + by.coords * 1e-4);
            prop_assume!(moved.coords.norm() > RADIUS);
            prop_assert!((length(&from, &moved) - length(&from, &to)).abs() <= (moved - to).norm() * (1.0 + 1e-9) + 1e-13);
        }

        /// From one end as from the other, and no longer than half a turn.
        #[test]
        fn the_way_back_is_the_same(from in outside(), to in outside()) {
            prop_assert!((length(&from, &to) - length(&to, &from)).abs() < 1e-12);
            let found = sphere(RADIUS, None, &from, &to);
            prop_assert!(found.is_none_or(|found| found.on_surface <= PI * RADIUS));
        }
    }
}
