//! Neck, shaft axis and trochanters of a femur, from its head downwards; seen as of a right hip.

use super::ball::Sphere;
use super::outline::outline_around;
use super::rocking::{Found, NotFound, rocked_extreme};
use super::shape::Shape;
use super::tip::Tip;
use coxa_geometry::fit::{self, Method};
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Point, Vector};
use nalgebra::{Point3, Vector3};

/// Head radius that the lengths of this module are given for; they scale with the patient's own.
const NOMINAL_RADIUS_MM: f64 = 24.0;

/// The proximal shaft is what lies from below the lesser trochanter to this much further down, in nominal mm.
const SHAFT_LENGTH_MM: f64 = 120.0;

/// The shaft axis starts this far below the apex of the lesser trochanter, in nominal mm.
const BELOW_LESSER_TROCHANTER_MM: f64 = 20.0;

/// Less shaft than this gives no axis, in nominal mm.
const MIN_SHAFT_MM: f64 = 15.0;

/// Step between sections along the shaft.
const SHAFT_STEP_MM: f64 = 3.0;

/// The lesser trochanter projects this far from medial towards posterior.
const LESSER_TROCHANTER_AZIMUTH_DEG: f64 = 60.0;

/// Planes touch the top of the greater trochanter within this angle of the shaft axis, or of the pelvis' superior direction for want of
/// one, and its ridge is this long.
const GREATER_HELD_DEG: f64 = 20.0;
const GREATER_HELD_BY_PELVIS_DEG: f64 = 40.0;
const GREATER_MM: f64 = 20.0;

/// The neck's narrowest section.
#[derive(Debug, Clone, Copy)]
pub struct NeckFit {
    /// Centroid of the section.
    pub isthmus: Point<RightSide>,
    /// Unit vector towards the head.
    pub axis: Vector<RightSide>,
    /// Radius in mm of the circle with its area.
    pub radius: f64,
    /// One standard deviation of the isthmus per axis.
    pub spread: f64,
}

/// The shaft axis.
#[derive(Debug, Clone, Copy)]
pub struct ShaftFit {
    /// On the axis, at the highest section used.
    pub point: Point<RightSide>,
    /// Unit vector, proximal.
    pub axis: Vector<RightSide>,
    /// Length of shaft that it was fitted to.
    pub seen_mm: f64,
    /// One standard deviation of the direction.
    pub spread_rad: f64,
}

/// Everything near the hip that a femur shows.
#[derive(Debug, Clone, Copy)]
pub struct ProximalFemur {
    /// The neck; `None` where no isthmus shows.
    pub neck: Option<NeckFit>,
    /// The shaft axis.
    pub shaft: Result<ShaftFit, NotFound>,
    /// Tip of the greater trochanter.
    pub greater: Result<Found, NotFound>,
    /// Apex of the lesser trochanter.
    pub lesser: Result<Found, NotFound>,
    /// Proximal direction used: the shaft axis, or the given hint where there is none.
    pub up: Vector3<f64>,
    /// Medial direction, normal to `up`, by the neck.
    pub medial: Vector3<f64>,
}

/// Finds them. `superior` is the pelvis' superior direction, used only where too little of the femur is seen.
pub fn find(shape: &Shape, head: &Sphere, superior: Vector3<f64>) -> Option<ProximalFemur> {
    let scale = head.radius / NOMINAL_RADIUS_MM;
    let neck = find_neck(shape, head);
    let away = neck.map_or_else(|| below_head(shape, head), |n| Some(n.axis.coords()))?;

    let mut up = rough_up(shape, head, superior)?;
    let mut start = -3.0 * head.radius;
    let mut shaft = Err(NotFound::OnCut);
    let mut lesser = Err(NotFound::Empty);
    // The lesser trochanter is sought about the axis and the axis starts below the lesser trochanter.
    for _ in 0..4 {
        shaft = find_shaft(shape, head, up, start);
        let rock = if shaft.is_ok() { 8.0 } else { 15.0 };
        up = shaft.as_ref().map_or(up, |s| s.axis.coords());
        lesser = find_lesser(shape, head, up, away, rock);
        if let Ok(found) = &lesser {
            start = (found.point - head.centre).coords().dot(&up) - BELOW_LESSER_TROCHANTER_MM * scale;
        }
    }
    let medial = (away - up * up.dot(&away)).try_normalize(1e-6)?;
    // The greater trochanter lies lateral to the narrowest part of the neck; without it, to the head.
    let lateral_of = neck.map_or(head.centre.coords() - medial * head.radius, |n| n.isthmus.coords());
    let region = shape.select(|p| (p - lateral_of).dot(&medial) < -5.0 * scale);
    // Its top is a ridge with several summits, between which observers differ.
    let held_deg = if shaft.is_ok() { GREATER_HELD_DEG } else { GREATER_HELD_BY_PELVIS_DEG };
    let size_mm = GREATER_MM * scale;
    let greater = Tip {
        region: &region,
        towards: up,
        across: medial,
        around_mm: None,
        normal_to: None,
        held_deg,
        size_mm,
    };
    let greater = greater.find(shape);
    Some(ProximalFemur { neck, shaft, greater, lesser, up, medial })
}

/// Direction from the bone beside the head to the head: a rough neck axis.
fn below_head(shape: &Shape, head: &Sphere) -> Option<Vector3<f64>> {
    let (mut sum, mut total) = (Vector3::zeros(), 0.0);
    for (p, area) in shape.points.iter().zip(&shape.areas) {
        let arm = p - head.centre.coords();
        if (1.25 * head.radius..2.4 * head.radius).contains(&arm.norm()) {
            sum += arm * *area;
            total += area;
        }
    }
    (-sum / total).try_normalize(1e-6)
}

/// The narrowest section between head and trochanters; its normal is the line to the head centre.
fn find_neck(shape: &Shape, head: &Sphere) -> Option<NeckFit> {
    let r = head.radius;
    let mut axis = below_head(shape, head)?;
    let mut sections: Vec<(f64, Point3<f64>, f64)> = Vec::new();
    let mut narrowest = 0;
    for _ in 0..8 {
        sections.clear();
        let steps = (1.3 * r) as usize;
        for step in 0..=steps {
            let distance = 0.6 * r + step as f64;
            let Some(o) = outline_around(shape, head.centre.coords() - axis * distance, axis, 0.2 * r * r)
            else {
                continue;
            };
            sections.push((distance, o.centroid, o.area));
        }
        narrowest = first_narrowing(&sections)?;
        let next = (head.centre.coords() - sections[narrowest].1).try_normalize(1e-6)?;
        let moved = (next - axis).norm();
        axis = next;
        if moved < 1e-4 {
            break;
        }
    }
    // A minimum at the end of the search is no isthmus: the femur ends, or has no neck.
    if narrowest == 0 || narrowest + 1 == sections.len() {
        return None;
    }
    let (_, isthmus, area) = sections[narrowest];
    if shape.is_near_cut(&isthmus, 0.6 * (area / std::f64::consts::PI).sqrt()) {
        return None;
    }
    // Sections within 3 % of the least area are as good: their extent along the neck is the uncertainty.
    let flat = sections.iter().filter(|(_, _, a)| *a < 1.03 * area);
    let (low, high) = flat.fold((f64::MAX, f64::MIN), |(low, high), (d, _, _)| (low.min(*d), high.max(*d)));
    let along = (high - low) / 12.0_f64.sqrt();
    Some(NeckFit {
        isthmus: Point::from_coords(isthmus),
        axis: Vector::from_coords(axis),
        radius: (area / std::f64::consts::PI).sqrt(),
        spread: (along / 3.0_f64.sqrt()).hypot(0.33 * shape.resolution_mm),
    })
}

/// The narrowest section before the sections grow again. Where the end of the scan cuts the trochanters obliquely,
/// sections further down are smaller than the neck's and mean nothing.
fn first_narrowing(sections: &[(f64, Point3<f64>, f64)]) -> Option<usize> {
    const GROWN: f64 = 1.05;
    let mut narrowest = 0;
    for (n, (_, _, area)) in sections.iter().enumerate() {
        if *area < sections[narrowest].2 {
            narrowest = n;
        } else if narrowest > 0 && *area > GROWN * sections[narrowest].2 {
            break;
        }
    }
    (!sections.is_empty()).then_some(narrowest)
}

/// From the far end of the femur to its head; on a stub, the pelvis' superior direction.
fn rough_up(shape: &Shape, head: &Sphere, superior: Vector3<f64>) -> Option<Vector3<f64>> {
    let distance = |p: &Point3<f64>| (p - head.centre.coords()).norm();
    let far = shape.points.iter().map(distance).fold(0.0, f64::max);
    if far < 5.0 * head.radius {
        return superior.try_normalize(1e-6);
    }
    let end = shape.select(|p| distance(p) > 0.85 * far);
    let sum = end.iter().map(|&i| shape.points[i].coords).sum::<Vector3<f64>>();
    (head.centre.coords().coords - sum / end.len() as f64).try_normalize(1e-6)
}

/// Line through the centroids of the sections of the proximal shaft, from `start` (along `up` from the head centre,
/// negative) down to where the scan or the proximal shaft ends.
fn find_shaft(shape: &Shape, head: &Sphere, mut up: Vector3<f64>, start: f64) -> Result<ShaftFit, NotFound> {
    let scale = head.radius / NOMINAL_RADIUS_MM;
    let mut on_axis: Option<Point3<f64>> = None;
    let mut fit = Err(NotFound::OnCut);
    for _ in 0..6 {
        let level = |p: &Point3<f64>| (p - head.centre.coords()).dot(&up);
        let lowest = shape.points.iter().map(level).fold(f64::MAX, f64::min);
        // Keeps clear of the cut's rounded edge.
        let end = (lowest + (2.0 * shape.resolution_mm).max(3.0)).max(start - SHAFT_LENGTH_MM * scale);
        let length = start - end;
        if length < MIN_SHAFT_MM * scale {
            return Err(NotFound::OnCut);
        }
        let count = (length / SHAFT_STEP_MM) as usize + 1;
        let mut centroids = Vec::with_capacity(count);
        let mut guess = on_axis;
        for k in 0..count {
            let at = start - length * k as f64 / (count - 1).max(1) as f64;
            let point = guess.unwrap_or_else(|| shaft_centre(shape, head, up, at));
            let point = point + up * (at - level(&point));
            let Some(o) = outline_around(shape, point, up, 0.25 * head.radius * head.radius) else {
                continue;
            };
            centroids.push(o.centroid);
            guess = Some(o.centroid);
        }
        if centroids.len() < 4 {
            return Err(NotFound::Empty);
        }
        let (point, axis, noise) = line_through(&centroids, up).ok_or(NotFound::Empty)?;
        let n = centroids.len() as f64;
        // Scatter of the centroids, their resolution (the slope of a regression line), and the bow of the shaft as half
        // the angle between the axes of its halves.
        let noise = noise.hypot(0.15 * shape.resolution_mm * (12.0 / n).sqrt() / length);
        let half = centroids.len() / 2;
        let bow = match (line_through(&centroids[..half], up), line_through(&centroids[half..], up)) {
            (Some((_, a, _)), Some((_, b, _))) if half >= 3 => a.angle(&b) / 2.0,
            _ => 0.0,
        };
        let top = point + axis * (start - (point - head.centre.coords()).dot(&axis));
        let moved = (axis - up).norm();
        up = axis;
        on_axis = Some(top);
        fit = Ok(ShaftFit {
            point: Point::from_coords(top),
            axis: Vector::from_coords(axis),
            seen_mm: length,
            spread_rad: noise.hypot(bow),
        });
        if moved < 1e-6 {
            break;
        }
    }
    fit
}

/// Centre of the largest outline at a level: the first guess for the shaft's.
fn shaft_centre(shape: &Shape, head: &Sphere, up: Vector3<f64>, at: f64) -> Point3<f64> {
    let point = head.centre.coords() + up * at;
    super::outline::outlines(shape, point, up)
        .into_iter()
        .max_by(|a, b| a.area.total_cmp(&b.area))
        .map_or(point, |o| o.centroid)
}

/// Least-squares line: a point, the unit direction along `up`, and the standard deviation of the direction.
fn line_through(points: &[Point3<f64>], up: Vector3<f64>) -> Option<(Point3<f64>, Vector3<f64>, f64)> {
    let points: Vec<Point<RightSide>> = points.iter().map(|&p| Point::from_coords(p)).collect();
    let line = fit::line(&points, Method::LeastSquares).ok()?;
    let direction = line.shape.direction.coords();
    let direction = if direction.dot(&up) < 0.0 { -direction } else { direction };
    Some((line.shape.point.coords(), direction, line.spread.direction.map_or(0.0, |a| a.radians())))
}

/// The apex of the lesser trochanter: the furthest point posteromedially, below the neck.
fn find_lesser(
    shape: &Shape,
    head: &Sphere,
    up: Vector3<f64>,
    towards_head: Vector3<f64>,
    rock_deg: f64,
) -> Result<Found, NotFound> {
    let r = head.radius;
    let medial = (towards_head - up * up.dot(&towards_head)).try_normalize(1e-6).ok_or(NotFound::Empty)?;
    let (sine, cosine) = LESSER_TROCHANTER_AZIMUTH_DEG.to_radians().sin_cos();
    // For a right femur, anterior = up x lateral, so posterior = up x medial.
    let direction = medial * cosine + up.cross(&medial) * sine;
    let region = shape.select(|p| (-3.4 * r..-1.2 * r).contains(&(p - head.centre.coords()).dot(&up)));
    rocked_extreme(shape, &region, direction, up, rock_deg)
}
