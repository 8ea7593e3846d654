//! Two triangles: whether they meet, and how far apart they are.
//!
//! The decisions come from the signs of six-term determinants in double precision: exact but for configurations
//! within some 1e-12 mm of touching. Touching counts as meeting. Triangles in one plane meet only through their
//! neighbours, as in a closed surface they always do.

use crate::frame::Frame;
use crate::spatial::Point;
use nalgebra::{Point3, Vector3};

/// Corner coordinates in some common frame.
pub type Corners = [Point3<f64>; 3];

/// The least and the greatest coordinate of a triangle along an axis.
pub fn extent(corners: &Corners, axis: usize) -> (f64, f64) {
    let [a, b, c] = [0, 1, 2].map(|i| corners[i][axis]);
    (a.min(b).min(c), a.max(b).max(c))
}

/// Where two triangles that are not in one plane meet: the middle of what they have in common. `None` where they do
/// not.
///
/// ```
/// use coxa_geometry::{Point, frame::Pelvis, mesh::triangle};
/// let at = |x: f64, y: f64, z: f64| Point::<Pelvis>::new(x, y, z);
/// let flat = [at(0.0, 0.0, 0.0), at(4.0, 0.0, 0.0), at(0.0, 4.0, 0.0)];
/// let upright = [at(1.0, 1.0, -1.0), at(1.0, 1.0, 1.0), at(9.0, 9.0, 0.0)];
/// let met = triangle::meeting_point(flat, upright).expect("they cross");
/// assert!(met.distance(at(1.5, 1.5, 0.0)) < 1e-12);
/// ```
pub fn meeting_point<F: Frame>(a: [Point<F>; 3], b: [Point<F>; 3]) -> Option<Point<F>> {
    meeting_point_of_corners(&a.map(Point::coords), &b.map(Point::coords)).map(Point::from_coords)
}

/// As [`meeting_point`], for kernels that have dropped the frame.
pub fn meeting_point_of_corners(a: &Corners, b: &Corners) -> Option<Point3<f64>> {
    if lies_to_one_side(a, b) || lies_to_one_side(b, a) {
        return None;
    }
    // The common segment ends where a side of one pierces the other.
    let (mut sum, mut count) = (Vector3::zeros(), 0.0);
    for (sides, face) in [(a, b), (b, a)] {
        for i in 0..3 {
            if let Some(point) = piercing_point(&sides[i], &sides[(i + 1) % 3], face) {
                sum += point.coords;
                count += 1.0;
            }
        }
    }
    (count > 0.0).then(|| Point3::from(sum / count))
}

/// Whether all corners are strictly on one side of the other triangle's plane.
fn lies_to_one_side(corners: &Corners, plane: &Corners) -> bool {
    let normal = (plane[1] - plane[0]).cross(&(plane[2] - plane[0]));
    let [p, q, r] = corners;
    let height = |c: &Point3<f64>| (c - plane[0]).dot(&normal);
    let (p, q, r) = (height(p), height(q), height(r));
    (p > 0.0 && q > 0.0 && r > 0.0) || (p < 0.0 && q < 0.0 && r < 0.0)
}

/// Where a segment meets a triangle that it is not parallel to.
fn piercing_point(p: &Point3<f64>, q: &Point3<f64>, [a, b, c]: &Corners) -> Option<Point3<f64>> {
    let normal = (b - a).cross(&(c - a));
    let (above, below) = ((p - a).dot(&normal), (q - a).dot(&normal));
    if above * below > 0.0 || above == below {
        return None;
    }
    let direction = q - p;
    let volume = |u: &Point3<f64>, v: &Point3<f64>| direction.dot(&(u - p).cross(&(v - p)));
    let (x, y, z) = (volume(a, b), volume(b, c), volume(c, a));
    let inside = (x >= 0.0 && y >= 0.0 && z >= 0.0) || (x <= 0.0 && y <= 0.0 && z <= 0.0);
    inside.then(|| p + direction * (above / (above - below)))
}

/// Distance of two triangles in millimetres, zero where they meet.
pub fn distance_of_corners(a: &Corners, b: &Corners) -> f64 {
    let [p, q] = closest_points_of_corners(a, b);
    (p - q).norm()
}

/// Whether two triangles are no further apart than this, as [`distance_of_corners`] says; quicker, for most are far apart or near.
pub fn are_within(a: &Corners, b: &Corners, reach: f64) -> bool {
    if gap(a, b) > reach || gap_over_plane(a, b) > reach || gap_over_plane(b, a) > reach {
        return false;
    }
    meeting_point_of_corners(a, b).is_some() || {
        let mut is_within = false;
        each_closest_pair(a, b, |[p, q]| {
            is_within = (p - q).norm() <= reach;
            is_within
        });
        is_within
    }
}

/// What bounds of distances are less than computed, so that rounding cannot hide the nearest triangles.
const ROUNDING_MM: f64 = 1e-9;

/// A lower bound of the distance of two triangles: the gap between them along the line of their middles.
pub fn gap(a: &Corners, b: &Corners) -> f64 {
    let middle = |t: &Corners| t[0].coords + t[1].coords + t[2].coords;
    let Some(along) = (middle(b) - middle(a)).try_normalize(0.0) else { return 0.0 };
    let ends = |t: &Corners| t.map(|p| p.coords.dot(&along));
    let (a, b) = (ends(a), ends(b));
    b[0].min(b[1]).min(b[2]) - a[0].max(a[1]).max(a[2]) - ROUNDING_MM
}

/// A lower bound of the distance of two triangles: how far one lies off the plane of the other, on one side.
fn gap_over_plane(corners: &Corners, plane: &Corners) -> f64 {
    let (u, v) = (plane[1] - plane[0], plane[2] - plane[0]);
    // Of a sliver rounding decides which way it faces.
    let least = 1e-3 * u.norm_squared().max(v.norm_squared());
    let Some(normal) = u.cross(&v).try_normalize(least) else { return 0.0 };
    let [p, q, r] = corners.map(|c| (c - plane[0]).dot(&normal));
    p.min(q).min(r).max(-p.max(q).max(r)) - ROUNDING_MM
}

/// A point of each of two triangles that are nearest to each other; twice the same point where they meet.
pub fn closest_points_of_corners(a: &Corners, b: &Corners) -> [Point3<f64>; 2] {
    if let Some(point) = meeting_point_of_corners(a, b) {
        return [point; 2];
    }
    let (mut least, mut closest) = (f64::INFINITY, [a[0], b[0]]);
    each_closest_pair(a, b, |pair| {
        let squared = (pair[0] - pair[1]).norm_squared();
        if squared < least {
            (least, closest) = (squared, pair);
        }
        false
    });
    closest
}

/// Calls with pairs of points, one of which is the closest of two triangles that do not meet, until one is enough: those are on two
/// sides, or on a corner and a face.
#[inline]
fn each_closest_pair(a: &Corners, b: &Corners, mut is_enough: impl FnMut([Point3<f64>; 2]) -> bool) {
    for i in 0..3 {
        for j in 0..3 {
            let side = |t: &Corners, k: usize| [t[k], t[(k + 1) % 3]];
            if is_enough(closest_points_of_segments(&side(a, i), &side(b, j))) {
                return;
            }
        }
        if is_enough([a[i], closest_point(&a[i], b)]) || is_enough([closest_point(&b[i], a), b[i]]) {
            return;
        }
    }
}

/// The point of a triangle closest to another, by the regions of its plane (Ericson 2005, Real-Time Collision
/// Detection, 5.1.5).
pub fn closest_point(p: &Point3<f64>, [a, b, c]: &Corners) -> Point3<f64> {
    let (ab, ac, ap) = (b - a, c - a, p - a);
    let (d1, d2) = (ab.dot(&ap), ac.dot(&ap));
    if d1 <= 0.0 && d2 <= 0.0 {
        return *a;
    }
    let bp = p - b;
    let (d3, d4) = (ab.dot(&bp), ac.dot(&bp));
    if d3 >= 0.0 && d4 <= d3 {
        return *b;
    }
    let vc = d1 * d4 - d3 * d2;
    if vc <= 0.0 && d1 >= 0.0 && d3 <= 0.0 && d1 > d3 {
        return a + ab * (d1 / (d1 - d3));
    }
    let cp = p - c;
    let (d5, d6) = (ab.dot(&cp), ac.dot(&cp));
    if d6 >= 0.0 && d5 <= d6 {
        return *c;
    }
    let vb = d5 * d2 - d1 * d6;
    if vb <= 0.0 && d2 >= 0.0 && d6 <= 0.0 && d2 > d6 {
        return a + ac * (d2 / (d2 - d6));
    }
    let va = d3 * d6 - d5 * d4;
    let (along, back) = (d4 - d3, d5 - d6);
    if va <= 0.0 && along >= 0.0 && back >= 0.0 && along + back > 0.0 {
        return b + (c - b) * (along / (along + back));
    }
    let area = va + vb + vc;
    if area > 0.0 { a + ab * (vb / area) + ac * (vc / area) } else { *a }
}

/// The nearest points of two segments (Ericson 2005, 5.1.9).
fn closest_points_of_segments([p1, q1]: &[Point3<f64>; 2], [p2, q2]: &[Point3<f64>; 2]) -> [Point3<f64>; 2] {
    let (d1, d2, r) = (q1 - p1, q2 - p2, p1 - p2);
    let (a, e, f) = (d1.norm_squared(), d2.norm_squared(), d2.dot(&r));
    let ratio = |numerator: f64, denominator: f64| {
        if denominator > 0.0 { (numerator / denominator).clamp(0.0, 1.0) } else { 0.0 }
    };
    let (b, c) = (d1.dot(&d2), d1.dot(&r));
    // Parallel segments have many closest points; any start will do.
    let s = ratio(b * f - c * e, a * e - b * b);
    let t = ratio(b * s + f, e);
    let s = ratio(b * t - c, a);
    [p1 + d1 * s, p2 + d2 * t]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn corners() -> impl Strategy<Value = Corners> {
        prop::array::uniform9(-2.0..2.0f64).prop_map(|c| {
            [Point3::new(c[0], c[1], c[2]), Point3::new(c[3], c[4], c[5]), Point3::new(c[6], c[7], c[8])]
        })
    }

    /// Points of a triangle on a fine grid.
    fn grid([a, b, c]: &Corners) -> Vec<Point3<f64>> {
        const N: i32 = 24;
        let mut points = Vec::new();
        for i in 0..=N {
            for j in 0..=N - i {
                let (u, v) = (f64::from(i) / f64::from(N), f64::from(j) / f64::from(N));
                points.push(a + (b - a) * u + (c - a) * v);
            }
        }
        points
    }

    fn longest(t: &Corners) -> f64 {
        (0..3).map(|i| (t[i] - t[(i + 1) % 3]).norm()).fold(0.0, f64::max)
    }

    #[test]
    fn triangles_that_touch_meet() {
        let flat = [Point3::origin(), Point3::new(4.0, 0.0, 0.0), Point3::new(0.0, 4.0, 0.0)];
        let on_face = [Point3::new(1.0, 1.0, 0.0), Point3::new(1.0, 1.0, 2.0), Point3::new(2.0, 1.0, 2.0)];
        let on_edge = [Point3::new(2.0, 0.0, 0.0), Point3::new(2.0, -1.0, 2.0), Point3::new(3.0, -1.0, 2.0)];
        let on_corner = [Point3::origin(), Point3::new(-1.0, 0.0, 2.0), Point3::new(-1.0, -1.0, 2.0)];
        for other in [on_face, on_edge, on_corner] {
            assert!(meeting_point_of_corners(&flat, &other).is_some());
            let lifted = other.map(|p| p + Vector3::new(0.0, 0.0, 1e-9));
            assert!(meeting_point_of_corners(&flat, &lifted).is_none());
            assert!((distance_of_corners(&flat, &lifted) - 1e-9).abs() < 1e-12);
        }
    }

    #[test]
    fn degenerate_triangles_have_distances() {
        let flat = [Point3::origin(), Point3::new(4.0, 0.0, 0.0), Point3::new(0.0, 4.0, 0.0)];
        let point = [Point3::new(1.0, 1.0, 3.0); 3];
        assert!((distance_of_corners(&flat, &point) - 3.0).abs() < 1e-12);
        assert!((distance_of_corners(&point, &point.map(|p| p + Vector3::x())) - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn the_distance_is_what_sampling_finds(a in corners(), b in corners()) {
            let sampled = grid(&a).iter().map(|p| (closest_point(p, &b) - p).norm()).fold(f64::INFINITY, f64::min);
            let exact = distance_of_corners(&a, &b);
            // No point of the triangle is further from the grid than a step.
            prop_assert!(exact <= sampled + 1e-9 && exact >= sampled - longest(&a) / 24.0, "{exact} {sampled}");
            prop_assert!((exact - distance_of_corners(&b, &a)).abs() < 1e-9);
            let [p, q] = closest_points_of_corners(&a, &b);
            prop_assert!((closest_point(&p, &a) - p).norm() < 1e-6 && (closest_point(&q, &b) - q).norm() < 1e-6);
        }

        #[test]
        fn triangles_are_within_their_distance_and_no_less(a in corners(), b in corners(), away in -3.0..3.0f64, reach in 0.0..3.0f64) {
            let b = b.map(|p| p + Vector3::new(away, 0.0, 0.0));
            let distance = distance_of_corners(&a, &b);
            prop_assert_eq!(are_within(&a, &b, reach), distance <= reach);
            prop_assert!(are_within(&a, &b, distance) && gap(&a, &b) <= distance);
            prop_assert!(distance == 0.0 || !are_within(&a, &b, distance * 0.999));
        }

        #[test]
        fn the_closest_point_is_what_sampling_finds(p in prop::array::uniform3(-4.0..4.0f64), t in corners()) {
            let p = Point3::from(p);
            let found = (closest_point(&p, &t) - p).norm();
            let sampled = grid(&t).iter().map(|q| (q - p).norm()).fold(f64::INFINITY, f64::min);
            prop_assert!(found <= sampled + 1e-9 && found >= sampled - longest(&t) / 24.0);
        }

        #[test]
        fn a_meeting_point_is_on_both(a in corners(), b in corners()) {
            if let Some(point) = meeting_point_of_corners(&a, &b) {
                prop_assert!((closest_point(&point, &a) - point).norm() < 1e-6);
                prop_assert!((closest_point(&point, &b) - point).norm() < 1e-6);
            }
        }
    }
}
