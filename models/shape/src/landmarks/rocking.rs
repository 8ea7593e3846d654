//! Extreme points of a region, rocked: the bone is laid on a table and rocked a little.
//!
//! A prominence is where a plane touches first. On a flat ridge that point jumps with the slightest turn, on a sharp
//! one it stays. The landmark is therefore the mean contact over directions within a small cone, and the scatter of
//! the contacts is its honest spread: it plays the part of the raters, who differ in how they hold the bone.

use super::shape::Shape;
use coxa_geometry::Point;
use coxa_geometry::frame::RightSide;
use nalgebra::{Point3, Unit, UnitQuaternion, Vector3};

/// A point found on a bone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Where.
    pub point: Point<RightSide>,
    /// One standard deviation per axis.
    pub spread: f64,
}

/// Why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotFound {
    /// The region holds no bone.
    Empty,
    /// The other hip, and with it the midline, is not there.
    NoMidline,
    /// The extreme lies where the scan ends.
    OnCut,
    /// The extreme lies on the region's border: a slope, not a prominence.
    NoProminence,
}

impl NotFound {
    /// For [`coxa_anatomy::Missing::why`].
    pub const fn why(self) -> &'static str {
        match self {
            NotFound::Empty => "the bone surface does not extend there",
            NotFound::NoMidline => "without the other hip joint the midline is not known",
            NotFound::OnCut => "the scan truncates the bone there",
            NotFound::NoProminence => "the surface has no prominence there",
        }
    }
}

/// Observers who follow the same words in the same picture still differ by about a millimetre per axis; no landmark of
/// this kind is surer.
const OBSERVER_MM: f64 = 1.0;

/// Directions on each of the two rings around the central one.
const RING: usize = 8;

/// The point of `region` that lies furthest along `direction`, rocked by up to `rock_deg`. `across` is any direction
/// not parallel to the first; it fixes the ring of rocked directions to the bone, not to the scanner.
pub fn rocked_extreme(
    shape: &Shape,
    region: &[usize],
    direction: Vector3<f64>,
    across: Vector3<f64>,
    rock_deg: f64,
) -> Result<Found, NotFound> {
    let direction = direction.try_normalize(1e-12).ok_or(NotFound::Empty)?;
    let contacts: Vec<usize> =
        cone(direction, across, rock_deg.to_radians())?.filter_map(|d| furthest(shape, region, d)).collect();
    let (Some(&first), n) = (contacts.first(), contacts.len() as f64) else { return Err(NotFound::Empty) };
    if contacts.iter().filter(|&&i| shape.cut[i]).count() * 3 > contacts.len() {
        return Err(NotFound::OnCut);
    }
    if is_on_slope(shape, region, first, direction) {
        return Err(NotFound::NoProminence);
    }
    let mean = contacts.iter().map(|&i| shape.points[i].coords).sum::<Vector3<f64>>() / n;
    // The mean of contacts lies a little inside.
    let point = shape.query.closest(Point::from_coords(Point3::from(mean))).0;
    let square: f64 = contacts.iter().map(|&i| (shape.points[i].coords - mean).norm_squared()).sum();
    Ok(Found { point, spread: spread_of(shape, (square / n).sqrt()) })
}

/// Spread per axis of a landmark whose contacts scatter by this root mean square distance.
pub(super) fn spread_of(shape: &Shape, scatter: f64) -> f64 {
    // A third of the resolution is the scatter of a vertex within its triangle or voxel.
    (scatter / 3.0_f64.sqrt()).hypot(0.33 * shape.resolution_mm).hypot(OBSERVER_MM)
}

/// The point of `region` that lies furthest along `direction`, whatever it may be.
pub fn contact(shape: &Shape, region: &[usize], direction: Vector3<f64>) -> Option<Point3<f64>> {
    furthest(shape, region, direction).map(|i| shape.points[i])
}

/// The vertex of `region` furthest along `direction`, the first of several.
pub(super) fn furthest(shape: &Shape, region: &[usize], direction: Vector3<f64>) -> Option<usize> {
    let height = |i: usize| direction.dot(&shape.points[i].coords);
    region.iter().copied().max_by(|&a, &b| height(a).total_cmp(&height(b)).then(b.cmp(&a)))
}

/// How far around a contact the surface is asked whether it rises, mm.
pub(super) fn slope_reach(shape: &Shape) -> f64 {
    (1.5 * shape.resolution_mm).max(4.0)
}

/// Whether the surface rises along `direction` on the way from a contact to a place within reach of it.
pub(super) fn rises(way: Vector3<f64>, direction: Vector3<f64>, reach: f64) -> bool {
    direction.dot(&way) > 0.05 * reach
}

/// Whether the surface just outside the region rises above the extreme.
fn is_on_slope(shape: &Shape, region: &[usize], extreme: usize, direction: Vector3<f64>) -> bool {
    let reach = slope_reach(shape);
    let p = shape.points[extreme];
    let inside: std::collections::HashSet<usize> =
        region.iter().copied().filter(|&i| (shape.points[i] - p).norm() < reach).collect();
    shape
        .points
        .iter()
        .enumerate()
        .any(|(i, q)| (q - p).norm() < reach && rises(q - p, direction, reach) && !inside.contains(&i))
}

/// The direction itself, then rings at half and at the full angle.
fn cone(
    direction: Vector3<f64>,
    across: Vector3<f64>,
    angle: f64,
) -> Result<impl Iterator<Item = Vector3<f64>>, NotFound> {
    let axis = Unit::new_normalize(direction);
    let tilt_axis = Unit::try_new(direction.cross(&across), 1e-9).ok_or(NotFound::Empty)?;
    let rings = [0.5, 1.0].into_iter().flat_map(move |part| {
        (0..RING).map(move |k| {
            let around = std::f64::consts::TAU * k as f64 / RING as f64;
            UnitQuaternion::from_axis_angle(&axis, around)
                * UnitQuaternion::from_axis_angle(&tilt_axis, part * angle)
                * direction
        })
    });
    Ok(std::iter::once(direction).chain(rings))
}
