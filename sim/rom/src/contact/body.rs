//! One side of the joint: its triangles and its solids.

use super::error::ContactError;
use super::pose::Pose;
use coxa_geometry::frame::Frame;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::mesh::triangle::{Corners, closest_point};
use coxa_geometry::mesh::{components, validate};
use coxa_geometry::{Mesh, Point};
use nalgebra::{Point3, Vector3};
use std::sync::OnceLock;

/// A named surface of one side.
#[derive(Debug, Clone, Copy)]
pub struct NamedMesh<'a, F: Frame> {
    /// Name used in results, such as `femur`.
    pub name: &'a str,
    /// The surface, origin of its frame at the hip centre.
    pub mesh: &'a Mesh<F>,
}

/// A part's name and, where it is watertight, what tells inside from outside.
pub(super) struct Solid<F: Frame> {
    pub(super) name: String,
    inside: Option<Inside<F>>,
    bounds: (Vector3<f64>, Vector3<f64>),
    /// The outermost vertices of every connected piece; the first is as good as any.
    pub(super) pieces: Vec<Vec<Point3<f64>>>,
}

/// Tells inside from outside, prepared when first asked: most hips have no piece that could lie within another.
struct Inside<F: Frame> {
    mesh: Mesh<F>,
    query: OnceLock<Option<MeshQuery<F>>>,
}

/// A triangle and the part it belongs to.
pub(super) struct Face {
    pub(super) corners: Corners,
    pub(super) part: u32,
}

/// All triangles of one side that can ever meet the other side.
pub(super) struct Body<F: Frame> {
    pub(super) solids: Vec<Solid<F>>,
    pub(super) faces: Vec<Face>,
}

impl<F: Frame> Body<F> {
    pub(super) fn new(parts: &[NamedMesh<'_, F>]) -> Result<Self, ContactError> {
        let mut body = Body { solids: Vec::with_capacity(parts.len()), faces: Vec::new() };
        for (index, part) in parts.iter().enumerate() {
            body.solids.push(Solid::new(part)?);
            let corners = |t| part.mesh.corners(t).map(Point::coords);
            let faces =
                (0..part.mesh.triangles.len()).map(|t| Face { corners: corners(t), part: index as u32 });
            body.faces.extend(faces);
        }
        Ok(body)
    }

    /// Smallest and largest distance of any triangle from the hip centre.
    pub(super) fn reach(&self) -> (f64, f64) {
        let mut reach = (f64::INFINITY, 0.0f64);
        for Face { corners, .. } in &self.faces {
            // No point of a triangle is further than a side from each of its corners.
            let side = (corners[1] - corners[0]).norm().max((corners[2] - corners[0]).norm());
            if corners[0].coords.norm() - side - ROUNDING_MM <= reach.0 {
                reach.0 = reach.0.min(least_from_centre(corners));
            }
            reach.1 = reach.1.max(most_from_centre(corners));
        }
        reach
    }

    /// Drops what lies wholly nearer or further than this from the hip centre. Turning about the hip centre keeps a
    /// point's distance from it, so two points meet only if theirs are equal.
    pub(super) fn crop(&mut self, near: f64, far: f64) {
        self.faces.retain(|face| is_within(&face.corners, near, far));
    }

    /// Halves triangles across their longest side until no side is longer than this, and drops what of them is not within
    /// `near` and `far` of the hip centre. A side that two triangles share is halved in both at the same point.
    pub(super) fn refine(&mut self, longest_mm: f64, near: f64, far: f64) {
        // Enough for any hip; a surface that would need more keeps some long sides, which costs time and nothing else.
        let most = 4 * self.faces.len() + 1_000_000;
        let mut next = 0;
        while next < self.faces.len() {
            let Face { corners: [a, b, c], part } = self.faces[next];
            let sides = [(a, b, c), (b, c, a), (c, a, b)];
            let longest = sides
                .into_iter()
                .max_by(|s, t| (s.1 - s.0).norm_squared().total_cmp(&(t.1 - t.0).norm_squared()));
            match longest {
                _ if !is_within(&[a, b, c], near, far) => {
                    self.faces.swap_remove(next);
                }
                Some((p, q, r)) if (q - p).norm() > longest_mm && self.faces.len() < most => {
                    let middle = Point3::from((p.coords + q.coords) / 2.0);
                    self.faces[next].corners = [p, middle, r];
                    self.faces.push(Face { corners: [middle, q, r], part });
                }
                _ => next += 1,
            }
        }
    }

    pub(super) fn corners(&self) -> Vec<Corners> {
        self.faces.iter().map(|face| face.corners).collect()
    }

    /// The triangles of each watertight part.
    pub(super) fn watertight(&self) -> Vec<Vec<Corners>> {
        let of = |part: usize| self.faces.iter().filter(move |face| face.part as usize == part);
        self.solids
            .iter()
            .enumerate()
            .filter(|(_, solid)| solid.is_watertight())
            .map(|(part, _)| of(part).map(|face| face.corners).collect())
            .collect()
    }
}

impl<F: Frame> Solid<F> {
    fn new(part: &NamedMesh<'_, F>) -> Result<Self, ContactError> {
        let name = part.name.to_owned();
        validate::check_usable(part.mesh)
            .map_err(|defect| ContactError::Unusable { part: name.clone(), defect })?;
        let pieces = components(part.mesh)
            .iter()
            .map(|piece| outermost(&piece.vertices.iter().map(|v| v.coords()).collect::<Vec<_>>()))
            .filter(|piece| !piece.is_empty())
            .collect();
        let bounds = part.mesh.bounds().map_or_else(
            || (Vector3::zeros(), Vector3::zeros()),
            |(low, high)| (low.coords().coords, high.coords().coords),
        );
        let inside = validate::is_watertight(part.mesh)
            .then(|| Inside { mesh: part.mesh.clone(), query: OnceLock::new() });
        Ok(Solid { name, inside, bounds, pieces })
    }

    /// Whether it has an inside.
    pub(super) fn is_watertight(&self) -> bool {
        self.inside.is_some()
    }

    /// How deep a point lies in this solid, and the nearest point of its surface; `None` outside, and where there is no inside.
    pub(super) fn depth(&self, point: &Point3<f64>) -> Option<(f64, Point3<f64>)> {
        let (inside, point) = (self.inside.as_ref()?.query()?, Point::from_coords(*point));
        inside.contains(point).then(|| {
            let (surface, _, depth) = inside.closest(point);
            (depth, surface.coords())
        })
    }

    /// Whether a point may lie deeper than this; a negative number says how far outside it may be.
    pub(super) fn is_deeper_than(&self, point: &Point3<f64>, enough: f64) -> bool {
        let Some(inside) = self.inside.as_ref().and_then(Inside::query) else { return false };
        let at = Point::from_coords(*point);
        if enough < 0.0 {
            inside.closest_within(at, -enough).is_some() || inside.contains(at)
        } else {
            self.depth(point).is_some_and(|(depth, _)| depth > enough)
        }
    }

    /// A point of a piece that lies within this solid, if one does; `pose` leads to the solid's axes. The piece is known not to
    /// cross the surface.
    pub(super) fn swallowed(&self, pieces: &[Vec<Point3<f64>>], pose: &Pose) -> Option<Point3<f64>> {
        let inside = self.inside.as_ref()?;
        let (low, high) = &self.bounds;
        pieces.iter().find_map(|piece| {
            let held = piece.iter().all(|p| {
                let q = pose * p;
                (0..3).all(|i| low[i] <= q[i] && q[i] <= high[i])
            });
            let sample = pose * piece.first()?;
            (held && inside.contains(sample)).then_some(sample)
        })
    }
}

impl<F: Frame> Inside<F> {
    /// A mesh that was found usable has one.
    fn query(&self) -> Option<&MeshQuery<F>> {
        self.query.get_or_init(|| MeshQuery::new(&self.mesh).ok()).as_ref()
    }

    fn contains(&self, point: Point3<f64>) -> bool {
        self.query().is_some_and(|query| query.contains(Point::from_coords(point)))
    }
}

/// The vertices furthest out in fourteen directions.
fn outermost(vertices: &[Point3<f64>]) -> Vec<Point3<f64>> {
    let axes = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let diagonals = [[1.0, 1.0, 1.0], [1.0, 1.0, -1.0], [1.0, -1.0, 1.0], [-1.0, 1.0, 1.0]];
    axes.into_iter()
        .chain(diagonals)
        .flat_map(|d| [Vector3::from(d), -Vector3::from(d)])
        .filter_map(|d| vertices.iter().max_by(|p, q| p.coords.dot(&d).total_cmp(&q.coords.dot(&d))).copied())
        .collect()
}

/// Whether a triangle has points at distances of the hip centre from one to another.
fn is_within(corners: &Corners, near: f64, far: f64) -> bool {
    let most = most_from_centre(corners);
    most >= near && (most <= far || least_from_centre(corners) <= far)
}

/// What bounds of distances are wider than computed, so that rounding loses nothing.
const ROUNDING_MM: f64 = 1e-9;

fn least_from_centre(corners: &Corners) -> f64 {
    (closest_point(&Point3::origin(), corners).coords.norm() - ROUNDING_MM).max(0.0)
}

fn most_from_centre(corners: &Corners) -> f64 {
    corners.iter().map(|p| p.coords.norm()).fold(0.0, f64::max) + ROUNDING_MM
}
