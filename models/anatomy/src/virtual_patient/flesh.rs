//! The muscles of a virtual patient: real surfaces carried by the bones, and the strands of the thigh between them.

use super::shape::{Anatomy, smoothstep};
use super::thigh::{Thigh, ThighBones};
use crate::label_names;
use crate::muscles::{MuscleAtlas, carry};
use crate::patient::{Bone, BoneSurfaces, LandmarkKind};
use crate::surface_distance::DistanceField;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Mesh, Point, Side};
use coxa_imaging::Grid;
use nalgebra::{Point3, Vector3};
use rayon::prelude::*;

/// Half the thickness of the fat between two muscles.
const SEPTUM_MM: f64 = 0.7;
/// From the edge of a muscle to where it is muscle alone.
const EDGE_MM: f64 = 1.0;
/// The shaft's axis is the middle of the femur so far below the apex of the lesser trochanter.
const BELOW_TROCHANTER_MM: std::ops::Range<f64> = 15.0..35.0;
/// From the pubic tubercle of a right hip to the middle of the inferior ramus: to the right, back and down.
const TUBERCLE_TO_RAMUS_MM: [f64; 3] = [-14.0, 10.0, -28.0];

/// Muscles of both sides where the bones carry them.
pub(super) struct Muscles {
    sides: Vec<SideMuscles>,
}

struct SideMuscles {
    side: Side,
    /// Label and closed surface in the patient.
    surfaces: Vec<(u8, Mesh<Patient>)>,
    /// Strands in the right-hip world.
    thigh: Option<Thigh>,
}

impl Muscles {
    /// Carries the atlas to the bones. A side whose bones are too far from usual ones has none of its surfaces.
    pub(super) fn on(anatomy: &Anatomy, thigh_radius_mm: f64) -> Muscles {
        let bones = &anatomy.surfaces();
        let sides = Side::BOTH
            .into_par_iter()
            .map(|side| {
                let carried = MuscleAtlas::shipped().and_then(|atlas| carry(atlas, bones, side).ok());
                let surfaces = carried
                    .into_iter()
                    .flat_map(|carried| carried.muscles)
                    .filter_map(|(name, mesh)| Some((id(&name, side)?, side.to_right(mesh))))
                    .collect();
                let thigh = thigh_bones(anatomy, bones, side)
                    .and_then(|b| Thigh::new(&b, thigh_radius_mm, |name| id(name, side)));
                SideMuscles { side, surfaces, thigh }
            })
            .collect();
        Muscles { sides }
    }

    /// Surfaces of both sides.
    pub(super) fn surfaces(&self) -> impl Iterator<Item = &Mesh<Patient>> {
        self.sides.iter().flat_map(|side| side.surfaces.iter().map(|(_, mesh)| mesh))
    }

    /// Their distances on a grid.
    pub(super) fn rasterise(self, grid: &Grid) -> Flesh {
        let sides = self
            .sides
            .into_par_iter()
            .map(|SideMuscles { side, surfaces, thigh }| {
                let fields = surfaces
                    .par_iter()
                    .map(|(id, mesh)| (*id, DistanceField::new(mesh, grid, |_| 2.0 * EDGE_MM + SEPTUM_MM)))
                    .collect();
                SideFlesh { side, fields, thigh }
            })
            .collect();
        Flesh { sides }
    }
}

fn id(name: &str, side: Side) -> Option<u8> {
    label_names::structure_id(&format!("{name}_{side}"))
}

/// Where the strands of a thigh are fastened, in the right-hip world.
fn thigh_bones(anatomy: &Anatomy, bones: &BoneSurfaces, side: Side) -> Option<ThighBones> {
    let truth = anatomy.side(side);
    let at = |kind| truth.landmarks_mm.get(&kind).map(|&p| side.to_right(p).coords());
    let trochanter = at(LandmarkKind::LesserTrochanter)?;
    let lateral = at(LandmarkKind::LateralEpicondyle)?;
    let knee = nalgebra::center(&at(LandmarkKind::MedialEpicondyle)?, &lateral);
    let down = (knee - trochanter).try_normalize(1.0)?;
    let right = |point: &Point<Patient>| side.to_right(*point).coords();
    let (sum, count) = bones
        .get(&Bone::femur(side))?
        .vertices
        .iter()
        .map(right)
        .filter(|p| BELOW_TROCHANTER_MM.contains(&(p - trochanter).dot(&down)))
        .fold((Vector3::zeros(), 0.0), |(sum, count), p| (sum + p.coords, count + 1.0));
    let middle = Point3::from(sum / f64::max(count, 1.0));
    let ischium =
        bones.get(&Bone::hip(side))?.vertices.iter().map(right).min_by(|a, b| a.z.total_cmp(&b.z))?;
    Some(ThighBones {
        // At the level of the trochanter's apex.
        shaft: middle + down * (trochanter - middle).dot(&down),
        knee,
        lateral,
        asis: at(LandmarkKind::Asis)?,
        ramus: at(LandmarkKind::PubicTubercle)? + Vector3::from(TUBERCLE_TO_RAMUS_MM),
        ischium,
    })
}

/// The muscles in the voxels of a grid.
pub(super) struct Flesh {
    sides: Vec<SideFlesh>,
}

struct SideFlesh {
    side: Side,
    fields: Vec<(u8, DistanceField)>,
    thigh: Option<Thigh>,
}

/// What muscle a voxel is of, and how much of it is muscle rather than the fat between muscles.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct InMuscle {
    /// Label; 0 where there is no muscle.
    pub(super) id: u8,
    /// 0 in the fat beside it, 1 inside.
    pub(super) share: f64,
}

impl Flesh {
    /// The muscles that have surfaces, along a row of the grid.
    pub(super) fn row(&self, j: usize, k: usize, out: &mut [InMuscle]) {
        // Signed distance to the nearest muscle and to the next: where two overlap, each has what is deeper in it.
        let mut nearest = vec![(f64::INFINITY, f64::INFINITY, 0u8); out.len()];
        for (id, field) in self.sides.iter().flat_map(|side| &side.fields) {
            let Some((first, distances)) = field.row(j, k) else { continue };
            for (own, &distance) in nearest.iter_mut().skip(first).zip(distances) {
                let distance = f64::from(distance);
                if distance < own.0 {
                    *own = (distance, own.0, *id);
                } else if distance < own.1 {
                    own.1 = distance;
                }
            }
        }
        for (out, (distance, next, id)) in out.iter_mut().zip(nearest) {
            let border = if distance == f64::NEG_INFINITY && next == f64::NEG_INFINITY {
                0.0
            } else if next < 0.0 {
                ((next - distance) / 2.0).min(-distance)
            } else {
                -distance
            };
            *out = if distance < 0.0 { InMuscle { id, share: covered(border) } } else { InMuscle::default() };
        }
    }

    /// The strand of a thigh at a place of its compartment.
    pub(super) fn strand_at(&self, place: Point3<f64>) -> Option<InMuscle> {
        let nearest = |side: &SideFlesh| {
            let right = side.side.to_right(Point::<Patient>::from_coords(place)).coords();
            let (id, margin) = side.thigh.as_ref()?.muscle_at(right)?;
            Some(InMuscle { id, share: covered(margin) })
        };
        // The strands of one thigh do not reach the other: the first that claims the place has it.
        self.sides.iter().find_map(nearest)
    }
}

/// How much of a voxel is muscle at a depth under the muscle's border.
fn covered(depth_mm: f64) -> f64 {
    smoothstep((depth_mm - SEPTUM_MM) / EDGE_MM + 0.5)
}
