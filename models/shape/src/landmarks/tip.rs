//! Tips of processes, by how the bone itself stands out.
//!
//! Where a plane first touches a process depends on how the plane is held; observers who mark the tip of a spine or tubercle turn the bone
//! until it stands out. Here a process stands out from the centroid of the bone around it towards its tip, and direction and tip are found
//! by turns. Planes held about that direction touch the bone in many places, and touch a tip most often, because the surface turns most
//! there: the tip is the middle of the densest cluster of contacts, those near the direction counting most. The contacts of small turns
//! scatter about it as observers do; where a second tip is near, they scatter widely.

use super::rocking::{Found, NotFound, furthest, rises, slope_reach, spread_of};
use super::shape::Shape;
use nalgebra::{Point3, Unit, UnitQuaternion, Vector3};

/// Observers hold a bone within this part of [`Tip::held_deg`] of each other: what stands out clearly they hold alike.
const OBSERVED: f64 = 0.25;

/// Directions in which a process is touched, within [`Tip::held_deg`].
const DIRECTIONS: usize = 150;

/// Rounds of tip and direction at most.
const ROUNDS: usize = 8;

/// A tip that moves by less has settled, mm.
const SETTLED_MM: f64 = 0.05;

/// What is sought, and where.
pub(super) struct Tip<'a> {
    /// Vertices that may be touched.
    pub(super) region: &'a [usize],
    /// Direction in which the process stands out, roughly.
    pub(super) towards: Vector3<f64>,
    /// Not parallel to it; fixes directions to the bone, not to the scanner.
    pub(super) across: Vector3<f64>,
    /// The bone within this many millimetres says in which direction the process stands out; `None` keeps `towards`.
    pub(super) around_mm: Option<f64>,
    /// The direction stays at right angles to this one.
    pub(super) normal_to: Option<Vector3<f64>>,
    /// Planes are held within this angle of that direction, twice the standard deviation.
    pub(super) held_deg: f64,
    /// Size of the tip in mm: contacts this near to each other are of one.
    pub(super) size_mm: f64,
}

impl Tip<'_> {
    /// Finds the tip.
    ///
    /// # Errors
    /// Where the region is empty, the tip lies on a cut face, or all contacts are slopes at the region's border.
    pub(super) fn find(&self, shape: &Shape) -> Result<Found, NotFound> {
        let mut direction = self.towards.try_normalize(1e-12).ok_or(NotFound::Empty)?;
        let mut patch = Patch::of_region(shape, self.region);
        let mut last: Option<Vector3<f64>> = None;
        let rounds = if self.around_mm.is_some() { ROUNDS } else { 0 };
        for _ in 0..rounds {
            let contacts = self.contacts(&patch, direction)?;
            let tip = self.densest(shape, &contacts);
            let settled = last.is_some_and(|last| (tip - last).norm() < SETTLED_MM);
            let outwards = self.outwards(shape, tip);
            let Some(outwards) = outwards.filter(|_| !settled) else { break };
            if let (None, Some(reach)) = (last, self.around_mm) {
                patch.keep_within(tip, reach);
            }
            direction = outwards;
            last = Some(tip);
        }
        self.found(&patch, direction)
    }

    /// The tip seen in a direction, on the surface, with its spread.
    fn found(&self, patch: &Patch<'_>, direction: Vector3<f64>) -> Result<Found, NotFound> {
        let shape = patch.shape;
        let contacts = self.contacts(patch, direction)?;
        let tip = self.densest(shape, &contacts);
        let near: Vec<usize> = contacts
            .iter()
            .map(|&(i, _)| i)
            .filter(|&i| (shape.points[i].coords - tip).norm() < self.size_mm)
            .collect();
        if near.iter().filter(|&&i| shape.cut[i]).count() * 3 > near.len() {
            return Err(NotFound::OnCut);
        }
        let observed = OBSERVED * self.held_deg.to_radians();
        // Where all planes that are held well touch slopes, the others say how little is known.
        let within = if contacts.iter().any(|(_, angle)| *angle <= observed) { observed } else { f64::MAX };
        let squares: Vec<f64> = contacts
            .iter()
            .filter(|(_, angle)| *angle <= within)
            .map(|&(i, _)| (shape.points[i].coords - tip).norm_squared())
            .collect();
        let scatter = (squares.iter().sum::<f64>() / squares.len() as f64).sqrt();
        // The middle of contacts lies a little inside.
        let point = shape.query.closest(coxa_geometry::Point::from_coords(Point3::from(tip))).0;
        Ok(Found { point, spread: spread_of(shape, scatter) })
    }

    /// Vertices that planes touch, with the angle of each plane's direction to the axis of the cone.
    fn contacts(&self, patch: &Patch<'_>, direction: Vector3<f64>) -> Result<Vec<(usize, f64)>, NotFound> {
        let touched: Vec<(usize, Vector3<f64>, f64)> =
            cone(direction, self.across, self.held_deg.to_radians())
                .ok_or(NotFound::Empty)?
                .filter_map(|(d, angle)| Some((furthest(patch.shape, &patch.vertices, d)?, d, angle)))
                .collect();
        if touched.is_empty() {
            return Err(NotFound::Empty);
        }
        let contacts = patch.without_slopes(&touched);
        if contacts.is_empty() { Err(NotFound::NoProminence) } else { Ok(contacts) }
    }

    /// Middle of the densest cluster of contacts of the tip's size, by mean shift from the contact with the most others around it.
    fn densest(&self, shape: &Shape, contacts: &[(usize, f64)]) -> Vector3<f64> {
        let deviation = self.held_deg.to_radians() / 2.0;
        let places: Vec<(Vector3<f64>, f64)> = contacts
            .iter()
            .map(|&(i, angle)| (shape.points[i].coords, (-0.5 * (angle / deviation).powi(2)).exp()))
            .collect();
        let around = |middle: Vector3<f64>| {
            let near = places.iter().filter(move |(p, _)| (p - middle).norm() < self.size_mm);
            near.fold((Vector3::zeros(), 0.0), |(sum, total), (p, weight)| {
                (sum + p * *weight, total + weight)
            })
        };
        let most = places.iter().map(|&(p, _)| (p, around(p).1)).rev().max_by(|a, b| a.1.total_cmp(&b.1));
        let mut middle = most.map_or_else(Vector3::zeros, |(p, _)| p);
        for _ in 0..6 {
            let (sum, total) = around(middle);
            if total > 0.0 {
                middle = sum / total;
            }
        }
        middle
    }

    /// Direction in which the bone around a tip stands out; `None` where it is kept, or cut off near the tip.
    fn outwards(&self, shape: &Shape, tip: Vector3<f64>) -> Option<Vector3<f64>> {
        let reach = self.around_mm?;
        let (mut sum, mut total) = (Vector3::zeros(), 0.0);
        for ((p, area), cut) in shape.points.iter().zip(&shape.areas).zip(&shape.cut) {
            if (p.coords - tip).norm() < reach {
                if *cut {
                    return None;
                }
                sum += p.coords * *area;
                total += area;
            }
        }
        if total <= 0.0 {
            return None;
        }
        let outwards = tip - sum / total;
        let outwards = self.normal_to.map_or(outwards, |n| outwards - n * n.dot(&outwards));
        outwards.try_normalize(1e-6)
    }
}

/// The part of a surface that may be touched.
struct Patch<'a> {
    shape: &'a Shape,
    vertices: Vec<usize>,
    /// Whether a vertex is no slope towards a higher one: of the region, or further away than the process reaches.
    is_inside: Vec<bool>,
}

impl<'a> Patch<'a> {
    fn of_region(shape: &'a Shape, region: &[usize]) -> Self {
        let mut is_inside = vec![false; shape.points.len()];
        region.iter().for_each(|&i| is_inside[i] = true);
        Patch { shape, vertices: region.to_vec(), is_inside }
    }

    fn keep_within(&mut self, tip: Vector3<f64>, reach: f64) {
        let points = &self.shape.points;
        self.vertices.retain(|&i| (points[i].coords - tip).norm() < reach);
        for (inside, p) in self.is_inside.iter_mut().zip(points) {
            *inside |= (p.coords - tip).norm() > reach;
        }
    }

    /// Contacts beside which the bone does not rise any higher outside of the region.
    fn without_slopes(&self, touched: &[(usize, Vector3<f64>, f64)]) -> Vec<(usize, f64)> {
        let shape = self.shape;
        let reach = slope_reach(shape);
        let mut outside: std::collections::HashMap<usize, Vec<Point3<f64>>> =
            std::collections::HashMap::new();
        for &(i, _, _) in touched {
            outside.entry(i).or_insert_with(|| {
                let near = |q: &Point3<f64>| (q - shape.points[i]).norm() < reach;
                let points = shape.points.iter().zip(&self.is_inside);
                points.filter(|(q, inside)| !**inside && near(q)).map(|(q, _)| *q).collect()
            });
        }
        let is_slope =
            |i: usize, d: &Vector3<f64>| outside[&i].iter().any(|q| rises(q - shape.points[i], *d, reach));
        touched.iter().filter(|(i, d, _)| !is_slope(*i, d)).map(|&(i, _, angle)| (i, angle)).collect()
    }
}

/// Directions spread evenly over the cone about an axis, with their angles to it, from the axis outwards.
fn cone(
    axis: Vector3<f64>,
    across: Vector3<f64>,
    held: f64,
) -> Option<impl Iterator<Item = (Vector3<f64>, f64)>> {
    let axis = Unit::new_normalize(axis);
    let tilt_axis = Unit::try_new(axis.cross(&across), 1e-9)?;
    let golden = std::f64::consts::PI * (1.0 + 5.0_f64.sqrt());
    let height = 1.0 - held.cos();
    Some((0..DIRECTIONS).map(move |k| {
        let part = k as f64 + 0.5;
        let angle = (1.0 - height * part / DIRECTIONS as f64).acos();
        let tilted = UnitQuaternion::from_axis_angle(&tilt_axis, angle) * axis.into_inner();
        (UnitQuaternion::from_axis_angle(&axis, golden * part) * tilted, angle)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::frame::RightSide;
    use coxa_geometry::{Mesh, Point};

    /// A ridge that falls off from its tip at the origin, steeply to one side and gently to the other, 60 mm long.
    fn ridge(gentle: f64, steep: f64) -> Shape {
        let height = |x: f64, y: f64| if x < 0.0 { gentle * x } else { -steep * x } - y.abs();
        let at = |i: i32, j: i32| {
            let (x, y) = (f64::from(i), f64::from(j));
            Point::<RightSide>::new(x, y, height(x, y))
        };
        let mut mesh = Mesh { vertices: Vec::new(), triangles: Vec::new() };
        for i in -30..=30 {
            for j in -15..=15 {
                mesh.vertices.push(at(i, j));
            }
        }
        for i in 0..60_u32 {
            for j in 0..30_u32 {
                let v = i * 31 + j;
                mesh.triangles.push([v, v + 31, v + 32]);
                mesh.triangles.push([v, v + 32, v + 1]);
            }
        }
        Shape::whole(mesh).unwrap()
    }

    fn tip(shape: &Shape, towards: Vector3<f64>) -> Result<Found, NotFound> {
        let region = shape.select(|p| p.x.abs() < 25.0);
        let (across, around_mm) = (Vector3::y(), Some(15.0));
        Tip { region: &region, towards, across, around_mm, normal_to: None, held_deg: 30.0, size_mm: 5.0 }
            .find(shape)
    }

    #[test]
    fn a_tip_does_not_depend_on_how_the_plane_is_held() {
        // The crest rises by 11 degrees to the tip: a plane held by more than that the other way touches its far end.
        let shape = ridge(0.2, 2.0);
        for towards in [Vector3::z(), Vector3::new(-0.15, 0.0, 1.0), Vector3::new(0.5, 0.2, 1.0)] {
            let found = tip(&shape, towards).unwrap();
            assert!((found.point - Point::origin()).norm() < 1.5, "{towards}: {:?}", found.point);
        }
    }

    #[test]
    fn a_slope_is_no_tip_and_a_blunt_one_is_less_sure() {
        let slope = ridge(1.0, -1.0);
        assert_eq!(tip(&slope, Vector3::z()).unwrap_err(), NotFound::NoProminence);
        let (sharp, blunt) =
            (tip(&ridge(1.0, 1.0), Vector3::z()).unwrap(), tip(&ridge(0.05, 0.05), Vector3::z()).unwrap());
        assert!(blunt.spread > 2.0 * sharp.spread, "{} {}", blunt.spread, sharp.spread);
    }
}
