//! Through the hole of a torus about z: where the path would not pass freely, a geodesic over its inner side.
//!
//! A path that passes outside the ring is drawn into the hole near the place where it passes; far outside, several ways lead there, of
//! which the shorter of two is taken.
//!
//! As OpenSim computes it (not as it draws it): the middle of the tube lies at the outer radius, and the tube has the inner one.

use super::super::model::Quadrant;
use super::cylinder;
use super::detour::Detour;
use super::geodesic::{Surface, settle};
use nalgebra::{Isometry3, Matrix3, Point3, Rotation3, Translation3, UnitQuaternion, Vector3};

/// Parts of the segment that are looked at for the one nearest to the tube, and halvings of the best.
const PARTS: usize = 32;
const HALVINGS: usize = 60;
/// The cylinder that stands for the tube nearby has no end.
const ENDLESS: f64 = f64::INFINITY;

pub(super) struct Torus {
    pub(super) ring: f64,
    pub(super) tube: f64,
}

impl Surface for Torus {
    fn gradient(&self, at: &Vector3<f64>) -> Vector3<f64> {
        let around = at.xy().norm();
        let out = (around - self.ring) / around;
        Vector3::new(at.x * out, at.y * out, at.z).normalize()
    }

    fn turn(&self, at: &Vector3<f64>, velocity: &Vector3<f64>) -> Vector3<f64> {
        let around = at.xy().norm();
        let tangent = Vector3::new(-at.y, at.x, 0.0) / around;
        let along = tangent * tangent.dot(velocity);
        let off = around - self.ring;
        let from_ring = off.hypot(at.z);
        let normal = Vector3::new(at.x * off / around, at.y * off / around, at.z) / from_ring;
        (velocity - along - normal * normal.dot(velocity)) / from_ring + along * (off / (from_ring * around))
    }

    fn curvature(&self, at: &Vector3<f64>) -> f64 {
        let around = at.xy().norm();
        let off = around - self.ring;
        off / (around * (off * off + at.z * at.z))
    }

    fn onto(&self, at: &Vector3<f64>) -> Vector3<f64> {
        let ring = at.xy().try_normalize(1e-12).map_or(Vector3::x(), |out| out.push(0.0)) * self.ring;
        let from_ring = (at - ring).try_normalize(1e-12).unwrap_or(-ring / self.ring);
        ring + from_ring * self.tube
    }
}

pub(super) fn around(
    tube: f64,
    ring: f64,
    quadrant: Option<Quadrant>,
    from: &Point3<f64>,
    to: &Point3<f64>,
) -> Option<Detour> {
    let (a, b) = (from.coords, to.coords);
    let off = |at: &Vector3<f64>| (at.xy().norm() - ring).hypot(at.z);
    if off(&a) <= tube || off(&b) <= tube {
        return None;
    }
    let nearest = a + (b - a) * nearest(|share| off(&(a + (b - a) * share)));
    // Outside the ring a path is drawn into the hole where it goes from one side of the torus to the other.
    let is_drawn_in = a.z * b.z < 0.0;
    let is_free = off(&nearest) >= tube && (nearest.xy().norm() < ring || !is_drawn_in);
    if is_free || quadrant.is_some_and(|quadrant| !quadrant.has(&nearest)) {
        return None;
    }
    // A cylinder in place of the tube there, its x towards the middle of the hole and its z along the tube.
    let out = nearest.xy().try_normalize(1e-12)?.push(0.0);
    let turn = Matrix3::from_columns(&[-out, -Vector3::z(), out.cross(&Vector3::z())]);
    let turn = UnitQuaternion::from_rotation_matrix(&Rotation3::from_matrix_unchecked(turn));
    let place = Isometry3::from_parts(Translation3::from(out * ring), turn);
    let inwards = is_drawn_in.then_some(Quadrant { axis: 0, is_positive: true });
    let [near, far] = [from, to].map(|at| place.inverse_transform_point(at));
    let straight = cylinder::around(tube, ENDLESS, inwards, &near, &far)?;
    let surface = Torus { ring, tube };
    // Where several ways lead into the hole, Newton's method may find another one, or none, from the other end: it is asked from both.
    let [first, last] = straight.touches.map(|touch| (place * touch).coords);
    let there = settle(&surface, [&a, &b], (first, straight.on_surface));
    let back = settle(&surface, [&b, &a], (last, straight.on_surface));
    let back = back
        .map(|Detour { touches: [last, first], on_surface }| Detour { touches: [first, last], on_surface });
    there.into_iter().chain(back).min_by(|one, other| one.length(from, to).total_cmp(&other.length(from, to)))
}

/// Where a function of a share from 0 to 1 is least.
fn nearest(off: impl Fn(f64) -> f64) -> f64 {
    let part = |n: usize| n as f64 / PARTS as f64;
    let best = (0..=PARTS).min_by(|one, other| off(part(*one)).total_cmp(&off(part(*other)))).unwrap_or(0);
    let (mut low, mut high) = (part(best.saturating_sub(1)), part((best + 1).min(PARTS)));
    for _ in 0..HALVINGS {
        let (one, other) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if off(one) < off(other) {
            high = other;
        } else {
            low = one;
        }
    }
    (low + high) / 2.0
}
