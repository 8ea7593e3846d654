//! Epicondyles, posterior condyles and intercondylar notch of a whole femur; seen as of a right hip.

use super::ball::Sphere;
use super::outline::outlines;
use super::rocking::{Found, NotFound, contact, rocked_extreme, spread_of};
use super::shape::Shape;
use super::tip::Tip;
use coxa_geometry::Point;
use nalgebra::{Point3, Vector3};

/// Head radius that the lengths of this module are given for; they scale with the patient's own.
const NOMINAL_RADIUS_MM: f64 = 24.0;

/// A femur shorter than this, from head centre to its end, shows no condyles; in head radii.
const MIN_LENGTH_RADII: f64 = 12.5;

/// The condyles are at least this wide, in head radii; a shaft is less than one and a half.
const MIN_WIDTH_RADII: f64 = 2.2;

/// Half angle of the cone of directions in which the condyles lie on a table.
const ROCK_DEG: f64 = 4.0;

/// Epicondyles are blunt: planes touch them within this angle of the line between them, and their tips are this large.
const EPICONDYLE_HELD_DEG: f64 = 15.0;
const EPICONDYLE_MM: f64 = 16.0;

/// The back of the condyles stands out sideways too, and is no epicondyle: this much from behind is left out.
const CONDYLES_BACK_MM: f64 = 15.0;

/// The roof of the intercondylar notch (Blumensaat's line) rises at 30 to 40 degrees to the shaft, the trochlear groove ends at right angles to
/// it: seen from the side, their corner stands out halfway between, this far from distal towards posterior.
const NOTCH_CORNER_DEG: f64 = 30.0;

/// The corner is sought in sections this far to either side of the middle, and turned by this much to either side.
const NOTCH_ASIDE_MM: f64 = 2.0;
const NOTCH_TURN_DEG: f64 = 5.0;

/// Each round turns the axes onto the condyles that the last one found; after four nothing moves any more.
const ROUNDS: usize = 6;

/// Rounds of epicondyles and the line between them.
const EPICONDYLE_ROUNDS: usize = 3;

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
            let (medial_epicondyle, lateral_epicondyle) = epicondyles(shape, &sides, up, lateral, scale)?;
            let corner = Corner { between, lateral, up, floor, scale };
            return Ok(DistalFemur {
                medial_epicondyle,
                lateral_epicondyle,
                medial_posterior,
                lateral_posterior,
                notch: corner.find(shape),
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

/// Medial and lateral epicondyle: the tips along the line between them, which turns against the posterior condyles.
fn epicondyles(
    shape: &Shape,
    sides: &[usize],
    up: Vector3<f64>,
    mut lateral: Vector3<f64>,
    scale: f64,
) -> Result<(Found, Found), NotFound> {
    let behind = |i: usize, anterior: Vector3<f64>| anterior.dot(&shape.points[i].coords);
    let anterior = up.cross(&lateral);
    let back = sides.iter().map(|&i| behind(i, anterior)).fold(f64::MAX, f64::min) + CONDYLES_BACK_MM * scale;
    let region: Vec<usize> = sides.iter().copied().filter(|&i| behind(i, anterior) > back).collect();
    let tip = |towards: Vector3<f64>| {
        let (held_deg, size_mm) = (EPICONDYLE_HELD_DEG, EPICONDYLE_MM * scale);
        let tip =
            Tip { region: &region, towards, across: up, around_mm: None, normal_to: None, held_deg, size_mm };
        tip.find(shape)
    };
    let mut found = (tip(-lateral)?, tip(lateral)?);
    for _ in 0..EPICONDYLE_ROUNDS {
        let line = (found.1.point - found.0.point).coords();
        lateral = (line - up * up.dot(&line)).try_normalize(1e-6).ok_or(NotFound::Empty)?;
        found = (tip(-lateral)?, tip(lateral)?);
    }
    Ok(found)
}

/// Where the trochlear groove turns into the roof of the notch, midway between the condyles.
struct Corner {
    /// Between the most posterior points of the condyles.
    between: Point3<f64>,
    lateral: Vector3<f64>,
    up: Vector3<f64>,
    /// Level of the lowest bone along `up`.
    floor: f64,
    scale: f64,
}

impl Corner {
    /// The mean over sections near the middle and turns of the bone, which scatter as observers do.
    fn find(&self, shape: &Shape) -> Option<Found> {
        let mut corners: Vec<Point3<f64>> = Vec::new();
        for aside in [-1.0, -0.5, 0.0, 0.5, 1.0] {
            let plane = self.between + self.lateral * (aside * NOTCH_ASIDE_MM * self.scale);
            let outlines = outlines(shape, plane, self.lateral);
            let reach = self.floor + 50.0 * self.scale;
            let low: Vec<&Point3<f64>> =
                outlines.iter().flat_map(|o| &o.points).filter(|p| self.up.dot(&p.coords) < reach).collect();
            for turn in [-1.0, 0.0, 1.0] {
                let (sine, cosine) = (NOTCH_CORNER_DEG + turn * NOTCH_TURN_DEG).to_radians().sin_cos();
                // Anterior = up x lateral.
                let out = -self.up * cosine - self.up.cross(&self.lateral) * sine;
                let along = |p: &Point3<f64>| out.dot(&p.coords);
                corners.extend(low.iter().map(|p| **p).max_by(|a, b| along(a).total_cmp(&along(b))));
            }
        }
        if corners.is_empty() {
            return None;
        }
        let n = corners.len() as f64;
        let mean = corners.iter().map(|p| p.coords).sum::<Vector3<f64>>() / n;
        let square: f64 = corners.iter().map(|p| (p.coords - mean).norm_squared()).sum();
        let point = shape.query.closest(Point::from_coords(Point3::from(mean))).0;
        Some(Found { point, spread: spread_of(shape, (square / n).sqrt()) })
    }
}
