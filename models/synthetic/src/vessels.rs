//! The great vessels of the hip: iliac and femoral artery and vein, and the obturator vessels, as tubes along their courses (`courses`).

use super::blood::Blood;
use super::courses::{Obstacles, Ways};
use super::flesh::Muscles;
use super::person::{Person, Sex};
use super::pose::normal;
use super::shape::Anatomy;
use super::spine::Spine;
use super::tube::Tube;
use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Mesh, Point, Side};
use nalgebra::{Point3, Vector3};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Stream of the seed that calibres are drawn from.
const STREAM: u64 = 5;
/// Muscles that vessels are kept out of, by name.
const BESIDE: [&str; 11] = [
    "psoas_major",
    "iliacus",
    "pectineus",
    "obturator_internus",
    "obturator_externus",
    "adductor_longus",
    "rectus_femoris",
    "piriformis",
    "sartorius",
    "vastus_medialis",
    "adductors",
];

/// A vessel of a virtual patient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vessel {
    /// Name of its label without side.
    pub name: String,
    /// Side.
    pub side: Side,
    /// Mean outer diameter.
    pub diameter_mm: f64,
    /// Mean CT number of its blood.
    pub blood_hu: f64,
    /// Its middle, from the heart outwards, whether or not the scan holds it.
    pub course_mm: Vec<Point<Patient>>,
}

impl Vessel {
    /// A tube of its mean diameter along its course, closed at both ends.
    pub fn surface(&self) -> Mesh<Patient> {
        const SIDES: usize = 12;
        let course = &self.course_mm;
        let mut mesh = Mesh { vertices: Vec::new(), triangles: Vec::new() };
        let mut across = Vector3::x();
        for (n, place) in course.iter().enumerate() {
            let (before, after) = (course[n.saturating_sub(1)], course[(n + 1).min(course.len() - 1)]);
            let along = (after - before).coords().try_normalize(1e-9).unwrap_or_else(Vector3::z);
            // Carried on from ring to ring, so that the tube does not twist.
            across = (across - along * along.dot(&across)).try_normalize(1e-6).unwrap_or_else(Vector3::y);
            let beside = along.cross(&across);
            mesh.vertices.extend((0..SIDES).map(|side| {
                let (sin, cos) = (std::f64::consts::TAU * side as f64 / SIDES as f64).sin_cos();
                let out = (across * cos + beside * sin) * (self.diameter_mm / 2.0);
                Point::from_coords(place.coords() + out)
            }));
        }
        let id = |ring: usize, side: usize| (ring * SIDES + side % SIDES) as u32;
        for ring in 1..course.len() {
            for side in 0..SIDES {
                let [a, b] = [id(ring - 1, side), id(ring - 1, side + 1)];
                let [c, d] = [id(ring, side), id(ring, side + 1)];
                mesh.triangles.extend([[a, b, d], [a, d, c]]);
            }
        }
        let last = course.len().saturating_sub(1);
        for side in 1..SIDES - 1 {
            mesh.triangles.push([id(0, 0), id(0, side + 1), id(0, side)]);
            mesh.triangles.push([id(last, 0), id(last, side), id(last, side + 1)]);
        }
        mesh
    }
}

/// Vessels of both sides.
#[derive(Debug, Clone)]
pub(super) struct Vessels {
    tubes: Vec<Tube>,
}

/// The pieces of vessels near a slice.
pub(super) struct VesselSlice<'a> {
    pieces: Vec<Piece<'a>>,
}

/// A straight piece.
struct Piece<'a> {
    tube: &'a Tube,
    from: (Point3<f64>, f64),
    to: (Point3<f64>, f64),
}

/// What a place has of a vessel.
#[derive(Debug, Clone, Copy)]
pub(super) struct InVessel {
    /// Signed distance to its outer wall, negative inside.
    pub(super) distance_mm: f64,
    pub(super) label: u8,
    pub(super) blood_hu: f64,
}

impl Vessels {
    /// Along the bones and muscles of a patient, with the blood that was drawn.
    pub(super) fn along(
        anatomy: &Anatomy,
        spine: &Spine,
        muscles: &Muscles,
        person: &Person,
        blood: &Blood,
        seed: u64,
        sides: &[Side],
    ) -> Vessels {
        let bones: Vec<MeshQuery<Patient>> =
            anatomy.bones.iter().filter_map(|posed| MeshQuery::new(&posed.mesh).ok()).collect();
        let tubes = sides
            .par_iter()
            .map(|&side| {
                let mut rng = ChaCha8Rng::seed_from_u64(seed);
                rng.set_stream(STREAM);
                // One person's vessels are wide or narrow together.
                let by_sex = if person.sex == Sex::Female { 0.88 } else { 1.0 };
                let wide = by_sex * (1.0 + 0.08 * normal(&mut rng));
                let beside: Vec<MeshQuery<Patient>> = BESIDE
                    .iter()
                    .flat_map(|name| muscles.surfaces_of(name, side))
                    .filter_map(|mesh| MeshQuery::new(mesh).ok())
                    .collect();
                let ways = Ways { anatomy, spine, muscles, side };
                let obstacles = Obstacles { bones: &bones, muscles: &beside };
                ways.tubes(&obstacles, blood, wide)
            })
            .collect::<Vec<_>>();
        Vessels { tubes: tubes.into_iter().flatten().collect() }
    }

    /// What is known of them.
    pub(super) fn truth(&self) -> Vec<Vessel> {
        let of = |tube: &Tube| Vessel {
            name: tube.name.to_owned(),
            side: tube.side,
            diameter_mm: 2.0 * tube.course.iter().map(|(_, radius)| radius).sum::<f64>()
                / tube.course.len().max(1) as f64,
            blood_hu: tube.blood_hu,
            course_mm: tube.course.iter().map(|(place, _)| *place).collect(),
        };
        self.tubes.iter().map(of).collect()
    }

    /// Those within a margin of a height.
    pub(super) fn slice(&self, z: f64, margin_mm: f64) -> VesselSlice<'_> {
        let pieces = self.tubes.iter().flat_map(|tube| {
            let bare = |(place, radius): (Point<Patient>, f64)| (place.coords(), radius);
            tube.course.windows(2).map(move |pair| Piece { tube, from: bare(pair[0]), to: bare(pair[1]) })
        });
        let near = |piece: &Piece<'_>| {
            let reach = piece.from.1.max(piece.to.1) + margin_mm;
            let (a, b) = (piece.from.0.z, piece.to.0.z);
            a.min(b) - reach < z && z < a.max(b) + reach
        };
        VesselSlice { pieces: pieces.filter(near).collect() }
    }
}

impl VesselSlice<'_> {
    /// Whether any piece comes within a margin of a row along x.
    pub(super) fn meets_row(&self, y: f64, margin_mm: f64) -> bool {
        self.pieces.iter().any(|piece| {
            let reach = piece.from.1.max(piece.to.1) + margin_mm;
            let (a, b) = (piece.from.0.y, piece.to.0.y);
            a.min(b) - reach < y && y < a.max(b) + reach
        })
    }

    /// The vessel nearest to a place, if it is within a margin of its wall.
    pub(super) fn at(&self, place: Point3<f64>, margin_mm: f64) -> Option<InVessel> {
        let mut nearest: Option<InVessel> = None;
        for piece in &self.pieces {
            let (a, b) = (piece.from.0, piece.to.0);
            let reach = piece.from.1.max(piece.to.1) + margin_mm;
            if a.x.min(b.x) - reach > place.x || a.x.max(b.x) + reach < place.x {
                continue;
            }
            let along = b - a;
            let t = ((place - a).dot(&along) / along.norm_squared().max(1e-9)).clamp(0.0, 1.0);
            let radius = piece.from.1 + (piece.to.1 - piece.from.1) * t;
            let distance_mm = (place - a - along * t).norm() - radius;
            if distance_mm < margin_mm && nearest.is_none_or(|other| distance_mm < other.distance_mm) {
                let Tube { label, blood_hu, .. } = *piece.tube;
                nearest = Some(InVessel { distance_mm, label, blood_hu });
            }
        }
        nearest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::mesh::validate::is_watertight;

    #[test]
    fn a_tube_is_closed_and_holds_its_volume() {
        let course_mm = (0..60).map(|n| Point::new(0.3 * f64::from(n), 0.0, -2.0 * f64::from(n))).collect();
        let vessel = Vessel {
            name: "external_iliac_artery".into(),
            side: Side::Right,
            diameter_mm: 8.0,
            blood_hu: 45.0,
            course_mm,
        };
        let surface = vessel.surface();
        assert!(is_watertight(&surface));
        let length = 59.0 * 2f64.hypot(0.3);
        // A ring of twelve sides is 4.5 % smaller than its circle.
        let ratio = surface.signed_volume() / (std::f64::consts::PI * 16.0 * length);
        assert!((ratio - 0.955).abs() < 0.01, "{ratio}");
    }
}
