//! Rim, opening, roof and teardrop of an acetabulum, seen from the centre of its socket; seen as of a right hip.
//!
//! Everything here is cast from the joint's centre: the rim is where rays that sweep outwards last meet bone, the edge
//! of the roof is the same in the coronal plane, the teardrop's tip is where rays that sweep down the medial wall last meet
//! it before they leave through the acetabular notch.

use super::axes::Axes;
use super::ball::Sphere;
use super::rocking::{Found, NotFound};
use super::shape::Shape;
use coxa_geometry::fit::{self, Method};
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Point, Vector};
use nalgebra::{Point3, Vector3};

/// Joint radius that the lengths of this module are given for; they scale with the patient's own.
const NOMINAL_RADIUS_MM: f64 = 24.0;

/// Bone further from the centre than this many radii is not the socket's.
const WALL_RADII: f64 = 1.35;

/// The fossa's floor and its lower lip lie within this many radii.
const FOSSA_RADII: f64 = 1.9;

/// Directions around the opening in which the rim is sought.
const RIM_DIRECTIONS: usize = 72;

/// Fewer rim points than this give no plane.
const MIN_RIM_POINTS: usize = 30;

/// Rim points further than this from the plane, in nominal mm, are gaps of the rim such as the notch.
const RIM_BAND_MM: f64 = 7.0;

/// The roof ends medially where the wall has receded from it by this much into the fossa, in nominal mm.
const FOSSA_STEP_MM: f64 = 1.0;

/// The medial end of the roof is sought over this angle.
const MEDIAL_SWEEP_DEG: u32 = 70;

/// The roof ends laterally where its normal has turned this far from the joint's centre: halfway round the lip.
const LIP_DEG: f64 = 45.0;

/// Coronal planes in which the teardrop is sought, anterior of the centre, in nominal mm.
const TEARDROP_PLANES_MM: [f64; 7] = [-6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0];

/// The rim and its plane.
#[derive(Debug, Clone)]
pub struct Rim {
    /// In order around the opening.
    pub points: Vec<Point<RightSide>>,
    /// Unit normal of the rim's plane, out of the socket.
    pub opening: Vector<RightSide>,
    /// Root mean square distance of the points to the plane, mm.
    pub rms: f64,
    /// One standard deviation of the normal.
    pub spread_rad: f64,
}

/// The weight-bearing roof in a coronal plane.
#[derive(Debug, Clone, Copy)]
pub struct Roof {
    /// Lateral end of the sourcil: the acetabular edge.
    pub lateral: Point<RightSide>,
    /// Medial end, where the fossa begins; `None` where no fossa shows.
    pub medial: Option<Point<RightSide>>,
}

/// Distance to the bone in a direction, no further than `reach`.
fn wall(shape: &Shape, from: Point3<f64>, direction: Vector3<f64>, reach: f64) -> Option<f64> {
    shape.query.ray(Point::from_coords(from), Vector::from_coords(direction), reach).map(|hit| hit.distance)
}

/// Sweeps a ray from `start` by `step` degrees up to `end` and returns the last angle at which it met bone before the
/// first gap, to a hundredth of a degree; `None` where there is no bone at the start, or no gap.
fn last_bone(is_bone: impl Fn(f64) -> bool, start: f64, end: f64, step: f64) -> Option<f64> {
    if !is_bone(start) {
        return None;
    }
    let mut inside = start;
    let outside = loop {
        let next = inside + step;
        if (next - end) * step > 0.0 {
            return None;
        }
        // A pinhole in the surface is no gap.
        if !is_bone(next) && !is_bone(next + step) {
            break next;
        }
        inside = next;
    };
    let (mut inside, mut outside) = (inside, outside);
    while (outside - inside).abs() > 0.01 {
        let middle = (inside + outside) / 2.0;
        if is_bone(middle) { inside = middle } else { outside = middle }
    }
    Some(inside)
}

/// Traces the rim and lays a plane through it.
pub fn find_rim(shape: &Shape, socket: &Sphere, axes: &Axes<RightSide>) -> Option<Rim> {
    let scale = socket.radius / NOMINAL_RADIUS_MM;
    let reach = WALL_RADII * socket.radius + 2.0;
    // Any opening within forty degrees will do to start from: half down, half out, a little forward.
    let outwards = axes.lateral * 0.7 - axes.superior * 0.65 + axes.anterior * 0.25;
    let mut opening = outwards.try_normalize(1e-6)?;
    let mut rim = None;
    for _ in 0..6 {
        let first = (axes.superior - opening * opening.dot(&axes.superior)).try_normalize(1e-6)?;
        let second = opening.cross(&first);
        let points: Vec<Point3<f64>> = (0..RIM_DIRECTIONS)
            .filter_map(|k| {
                let around = std::f64::consts::TAU * k as f64 / RIM_DIRECTIONS as f64;
                let outward = first * around.cos() + second * around.sin();
                let direction = |angle: f64| {
                    let (sine, cosine) = angle.to_radians().sin_cos();
                    outward * sine - opening * cosine
                };
                let angle = last_bone(
                    |a| wall(shape, socket.centre.coords(), direction(a), reach).is_some(),
                    45.0,
                    140.0,
                    1.0,
                )?;
                let distance = wall(shape, socket.centre.coords(), direction(angle), reach)?;
                let point = socket.centre.coords() + direction(angle) * distance;
                (!shape.is_near_cut(&point, 2.0)).then_some(point)
            })
            .collect();
        if points.len() < MIN_RIM_POINTS {
            return None;
        }
        let framed: Vec<Point<RightSide>> = points.iter().map(|&p| Point::from_coords(p)).collect();
        let plane = fit::plane(&framed, Method::Robust).ok()?;
        let normal = plane.shape.normal.coords();
        let normal = if normal.dot(&outwards) < 0.0 { -normal } else { normal };
        let on_rim: Vec<Point3<f64>> = points
            .into_iter()
            .filter(|&p| plane.shape.signed_distance(Point::from_coords(p)).abs() < RIM_BAND_MM * scale)
            .collect();
        let moved = (normal - opening).norm();
        opening = normal;
        rim = Some((on_rim, plane.rms));
        if moved < 1e-5 {
            break;
        }
    }
    let (points, rms) = rim?;
    if points.len() < MIN_RIM_POINTS {
        return None;
    }
    let spread_rad = opening_spread(&points, opening)?;
    let points = points.into_iter().map(Point::from_coords).collect();
    Some(Rim { points, opening: Vector::from_coords(opening), rms, spread_rad })
}

/// Standard deviation of the plane's normal when one sixth of the rim is left out at a time (jackknife).
fn opening_spread(points: &[Point3<f64>], opening: Vector3<f64>) -> Option<f64> {
    const PARTS: usize = 6;
    let mut square = 0.0;
    for part in 0..PARTS {
        let kept: Vec<Point<RightSide>> = points
            .iter()
            .enumerate()
            .filter(|(i, _)| i * PARTS / points.len() != part)
            .map(|(_, &p)| Point::from_coords(p))
            .collect();
        let normal = fit::plane(&kept, Method::LeastSquares).ok()?.shape.normal.coords();
        square += opening.cross(&normal).norm_squared();
    }
    // Half of the variance for either of the two directions of tilt.
    Some((square * (PARTS - 1) as f64 / PARTS as f64 / 2.0).sqrt())
}

/// The roof in the coronal plane through `centre` (the head's, or the socket's).
pub fn find_roof(
    shape: &Shape,
    socket: &Sphere,
    centre: Point<RightSide>,
    coronal: &Axes<RightSide>,
) -> Option<Roof> {
    let scale = socket.radius / NOMINAL_RADIUS_MM;
    let reach = WALL_RADII * socket.radius + 2.0;
    // Angle from superior, lateral positive.
    let direction = |angle: f64| {
        let (sine, cosine) = angle.to_radians().sin_cos();
        coronal.superior * cosine + coronal.lateral * sine
    };
    let hit = |angle: f64| shape.query.ray(centre, Vector::from_coords(direction(angle)), reach);
    let at = |angle: f64| hit(angle).map(|h| centre + Vector::from_coords(direction(angle)) * h.distance);
    // The bone's lip goes on, rounded, where the roof has ended.
    let facing = LIP_DEG.to_radians().cos();
    let is_roof = |angle: f64| {
        hit(angle).is_some_and(|h| {
            let [a, b, c] = shape.mesh.corners(h.triangle).map(Point::coords);
            let normal = (b - a).cross(&(c - a));
            -normal.dot(&direction(angle)) > facing * normal.norm()
        })
    };
    // A shallow socket may end medial of the vertical: start within the socket's dome.
    let edge = [0.0, -15.0, -30.0].into_iter().find_map(|start| last_bone(is_roof, start, 110.0, 1.0))?;
    let lateral = at(edge)?;
    if shape.is_near_cut(&lateral.coords(), 2.0) {
        return None;
    }
    let depth = |angle: f64| at(angle).map_or(f64::INFINITY, |p| p.distance(socket.centre));
    let mut shallowest = f64::INFINITY;
    let medial = (0..MEDIAL_SWEEP_DEG * 2)
        .map(|k| edge.min(5.0) - f64::from(k) * 0.5)
        .find(|&a| {
            shallowest = shallowest.min(depth(a));
            depth(a) > shallowest + FOSSA_STEP_MM * scale
        })
        .and_then(at);
    Some(Roof { lateral, medial })
}

/// The teardrop's tip: the lowest point of the medial wall above the acetabular notch, over a few coronal planes.
pub fn find_teardrop(shape: &Shape, socket: &Sphere, axes: &Axes<RightSide>) -> Result<Found, NotFound> {
    let scale = socket.radius / NOMINAL_RADIUS_MM;
    let reach = FOSSA_RADII * socket.radius;
    let mut tips: Vec<Point3<f64>> = Vec::new();
    for offset in TEARDROP_PLANES_MM {
        let from = socket.centre.coords() + axes.anterior * (offset * scale);
        // Angle from medial, inferior positive.
        let direction = |angle: f64| {
            let (sine, cosine) = angle.to_radians().sin_cos();
            -axes.lateral * cosine - axes.superior * sine
        };
        let lip = last_bone(|a| wall(shape, from, direction(a), reach).is_some(), 0.0, 95.0, 1.0);
        if let Some(distance) = lip.and_then(|a| wall(shape, from, direction(a), reach)) {
            tips.push(from + direction(lip.unwrap_or_default()) * distance);
        }
    }
    if tips.len() < 3 {
        return Err(NotFound::NoProminence);
    }
    let middle = |axis: usize| {
        let mut along: Vec<f64> =
            tips.iter().map(|t| axes.components(Point::from_coords(*t), socket.centre)[axis]).collect();
        along.sort_by(f64::total_cmp);
        along[along.len() / 2]
    };
    let median = socket.centre.coords()
        + axes.anterior * middle(0)
        + axes.superior * middle(1)
        + axes.lateral * middle(2);
    let point = shape.query.closest(Point::from_coords(median)).0;
    if shape.is_near_cut(&point.coords(), 2.0) {
        return Err(NotFound::OnCut);
    }
    // Along the fossa's lip the tip is drawn out from front to back; that is spread, not error.
    let square: f64 = tips.iter().map(|t| (t - median).norm_squared()).sum();
    let spread = (square / tips.len() as f64 / 3.0).sqrt().hypot(0.33 * shape.resolution_mm);
    Ok(Found { point, spread })
}
