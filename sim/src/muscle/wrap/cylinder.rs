//! Around a cylinder.

use super::Detour;
use super::circle::{Arc, arc};
use crate::muscle::model::Quadrant;
use nalgebra::Point3;

/// Around a cylinder about z. Unrolled it is flat: in the plane across the axis the way is tangent, arc, tangent, and along the axis it
/// rises evenly over all three.
pub(super) fn cylinder(
    radius: f64,
    length: f64,
    quadrant: Option<Quadrant>,
    from: &Point3<f64>,
    to: &Point3<f64>,
) -> Option<Detour> {
    let (a, b) = (from.coords.xy(), to.coords.xy());
    if a.norm() <= radius || b.norm() <= radius {
        return None;
    }
    let way = b - a;
    let nearest = match way.norm_squared() {
        length if length > 0.0 => a + way * (-a.dot(&way) / length).clamp(0.0, 1.0),
        _ => a,
    };
    let is_through = nearest.norm() < radius;
    // Counter-clockwise or clockwise about z.
    let ways = [1.0, -1.0].map(|turn| arc(radius, &a, &b, turn));
    let shorter = usize::from(ways[1].length < ways[0].length);
    let chosen = match quadrant.filter(|quadrant| quadrant.axis < 2) {
        None if is_through => shorter,
        None => return None,
        Some(Quadrant { axis, is_positive }) => {
            let sign = if is_positive { 1.0 } else { -1.0 };
            // The way over the allowed half is the one whose arc's middle lies in it.
            let allowed = usize::from(sign * ways[1].middle[axis] > sign * ways[0].middle[axis]);
            let passes = sign * nearest[axis] >= 0.0;
            if passes && !is_through {
                return None;
            }
            allowed
        }
    };
    let Arc { touches: [first, second], length: on_circle, .. } = ways[chosen];
    let (begin, end) = ((first - a).norm(), (b - second).norm());
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

#[cfg(test)]
mod tests {
    use super::super::around;
    use super::*;
    use crate::muscle::model::WrapShape;
    use std::f64::consts::PI;

    const CYLINDER: WrapShape = WrapShape::Cylinder { radius: 0.03, length: 0.2 };

    fn way(quadrant: Option<Quadrant>, from: [f64; 3], to: [f64; 3]) -> Option<Detour> {
        around(&CYLINDER, quadrant, &Point3::from(from), &Point3::from(to))
    }

    #[test]
    fn the_way_around_a_cylinder_is_straight_when_unrolled() {
        // Across the middle: tangents of sqrt(d2 - r2) and an arc of pi - 2 acos(r / d).
        let found = way(None, [-0.05, 0.0, 0.0], [0.05, 0.0, 0.0]).unwrap();
        let across = 2.0 * 0.04 + 0.03 * (PI - 2.0 * 0.6_f64.acos());
        let (from, to) = (Point3::new(-0.05, 0.0, 0.0), Point3::new(0.05, 0.0, 0.0));
        assert!((found.length(&from, &to) - across).abs() < 1e-12);
        // The same with a rise of 30 mm: the hypotenuse.
        let to = Point3::new(0.05, 0.0, 0.03);
        let risen = way(None, [-0.05, 0.0, 0.0], [0.05, 0.0, 0.03]).unwrap();
        assert!((risen.length(&from, &to) - across.hypot(0.03)).abs() < 1e-12);
        for touch in risen.touches {
            assert!((touch.coords.xy().norm() - 0.03).abs() < 1e-12);
        }
    }

    #[test]
    fn ways_that_are_free_or_pass_the_ends_go_straight() {
        assert_eq!(way(None, [-0.05, 0.031, 0.0], [0.05, 0.031, 0.0]), None);
        assert_eq!(way(None, [-0.05, 0.0, 0.2], [0.05, 0.0, 0.2]), None);
        assert_eq!(way(None, [-0.05, 0.0, 0.0], [0.01, 0.0, 0.0]), None, "a point within");
        assert_eq!(way(None, [0.05, 0.01, 0.0], [0.2, 0.01, 0.0]), None, "the surface lies behind");
    }

    #[test]
    fn a_quadrant_sends_the_way_over_its_half() {
        let (from, to) = ([-0.05, -0.005, 0.0], [0.05, -0.005, 0.0]);
        let middle = |quadrant| {
            let [a, b] = way(quadrant, from, to).unwrap().touches;
            (a.y + b.y) / 2.0
        };
        assert!(middle(None) < 0.0, "the shorter way");
        let positive = Quadrant { axis: 1, is_positive: true };
        assert!(middle(Some(positive)) > 0.0);
        assert!(middle(Some(Quadrant { is_positive: false, ..positive })) < 0.0);
        assert_eq!(way(Some(positive), [-0.05, 0.04, 0.0], [0.05, 0.04, 0.0]), None);
    }

    #[test]
    fn length_goes_on_without_a_jump_where_a_way_begins_to_wrap() {
        let length = |y: f64| {
            let (from, to) = (Point3::new(-0.05, y, -0.01), Point3::new(0.06, y, 0.02));
            around(&CYLINDER, None, &from, &to).map_or((to - from).norm(), |found| found.length(&from, &to))
        };
        let steps: Vec<f64> = (0..2000).map(|n| length(0.02 + 1e-5 * f64::from(n))).collect();
        assert!(steps.windows(2).all(|pair| (pair[1] - pair[0]).abs() < 2e-5));
    }
}
