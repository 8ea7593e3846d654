//! Epicondyles, posterior condyles and intercondylar notch of a whole femur; seen as of a right hip.

use super::ball::Sphere;
use super::outline::outlines;
use super::rocking::{Found, NotFound, contact, rocked_extreme};
use super::shape::Shape;
use coxa_geometry::Point;
use nalgebra::{Point3, Vector3};

/// Head radius that the lengths of this module are given for; they scale with the patient's own.
const NOMINAL_RADIUS_MM: f64 = 24.0;

/// A femur shorter than this, from head centre to its end, shows no condyles; in head radii.
const MIN_LENGTH_RADII: f64 = 12.5;

/// The condyles are at least this wide, in head radii; a shaft is less than one and a half.
const MIN_WIDTH_RADII: f64 = 2.2;

/// Half angle of the cone of directions in which a prominence is approached.
const ROCK_DEG: f64 = 5.0;

/// Each round turns the axes onto the condyles that the last one found; after four nothing moves any more.
const ROUNDS: usize = 6;

/// Landmarks of the knee end.
#[derive(Debug, Clone, Copy)]
pub struct DistalFemur {
    /// Medial epicondyle.
    pub medial_epicondyle: Found,
    /// Lateral epicondyle.
    pub lateral_epicondyle: Found,
    /// Most posterior point of the medial condyle.
    pub medial_posterior: Found,
    /// Most posterior point of the lateral condyle.
    pub lateral_posterior: Found,
    /// Intercondylar notch.
    pub notch: Option<Found>,
}

/// Finds them; `shaft_up` is the shaft axis, `neck_medial` the medial direction of the neck.
pub fn find(
    shape: &Shape,
    head: &Sphere,
    shaft_up: Vector3<f64>,
    neck_medial: Vector3<f64>,
) -> Result<DistalFemur, NotFound> {
    let scale = head.radius / NOMINAL_RADIUS_MM;
    let mut up = shaft_up;
    let mut lateral = -neck_medial;
    for round in 0..ROUNDS {
        let level = |p: &Point3<f64>| (p - head.centre.coords()).dot(&up);
        let lowest = shape.points.iter().map(level).fold(f64::MAX, f64::min);
        if -lowest < MIN_LENGTH_RADII * head.radius {
            return Err(NotFound::OnCut);
        }
        let end = shape.select(|p| level(p) < lowest + 45.0 * scale);
        if round == 0 {
            lateral = widest(shape, &end, up, lateral).ok_or(NotFound::Empty)?;
        }
        lateral = (lateral - up * up.dot(&lateral)).try_normalize(1e-6).ok_or(NotFound::Empty)?;
        let anterior = up.cross(&lateral);
        let across = |i: &usize| lateral.dot(&shape.points[*i].coords);
        let (least, most) =
            end.iter().map(across).fold((f64::MAX, f64::MIN), |(l, m), x| (l.min(x), m.max(x)));
        if most - least < MIN_WIDTH_RADII * head.radius {
            return Err(NotFound::OnCut);
        }
        let middle = (least + most) / 2.0;
        let (outer, inner): (Vec<usize>, Vec<usize>) = end.iter().partition(|i| across(i) > middle);
        let sides = shape.select(|p| (10.0 * scale..55.0 * scale).contains(&(level(p) - lowest)));
        if round + 1 == ROUNDS {
            let lateral_posterior = rocked_extreme(shape, &outer, -anterior, up, ROCK_DEG)?;
            let medial_posterior = rocked_extreme(shape, &inner, -anterior, up, ROCK_DEG)?;
            let between = lateral_posterior.point.midpoint(medial_posterior.point).coords();
            let floor = lowest + up.dot(&head.centre.coords().coords);
            return Ok(DistalFemur {
                medial_epicondyle: rocked_extreme(shape, &sides, -lateral, up, ROCK_DEG)?,
                lateral_epicondyle: rocked_extreme(shape, &sides, lateral, up, ROCK_DEG)?,
                medial_posterior,
                lateral_posterior,
                notch: find_notch(shape, between, lateral, up, floor, 50.0 * scale),
            });
        }
        let contact = |region: &[usize], direction| contact(shape, region, direction).ok_or(NotFound::Empty);
        let epicondyles = nalgebra::center(&contact(&sides, lateral)?, &contact(&sides, -lateral)?);
        lateral = contact(&outer, -anterior)? - contact(&inner, -anterior)?;
        up = (head.centre.coords() - epicondyles).try_normalize(1e-6).ok_or(NotFound::Empty)?;
    }
    Err(NotFound::Empty)
}

/// Direction normal to `up` in which the end of the bone is widest, on the side of `like`.
fn widest(shape: &Shape, end: &[usize], up: Vector3<f64>, like: Vector3<f64>) -> Option<Vector3<f64>> {
    let first = (like - up * up.dot(&like)).try_normalize(1e-6)?;
    let second = up.cross(&first);
    let extent = |d: Vector3<f64>| {
        let (l, m) = end
            .iter()
            .map(|&i| d.dot(&shape.points[i].coords))
            .fold((f64::MAX, f64::MIN), |(l, m), x| (l.min(x), m.max(x)));
        m - l
    };
    // The neck is within 60 degrees of the condylar line in any femur that walks.
    (-30..=30)
        .map(|k| {
            let angle = f64::from(2 * k).to_radians();
            first * angle.cos() + second * angle.sin()
        })
        .max_by(|a, b| extent(*a).total_cmp(&extent(*b)))
}

/// The lowest point of the section midway between the condyles: where trochlear groove and notch roof meet.
fn find_notch(
    shape: &Shape,
    between: Point3<f64>,
    lateral: Vector3<f64>,
    up: Vector3<f64>,
    lowest: f64,
    reach: f64,
) -> Option<Found> {
    let point = outlines(shape, between, lateral)
        .into_iter()
        .flat_map(|o| o.points)
        .filter(|p| up.dot(&p.coords) - lowest < reach)
        .min_by(|a, b| up.dot(&a.coords).total_cmp(&up.dot(&b.coords)))?;
    Some(Found { point: Point::from_coords(point), spread: (0.5 * shape.resolution_mm).hypot(1.0) })
}
