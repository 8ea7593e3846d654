//! The muscles of a virtual patient: real surfaces carried by the bones, of the form and the bulk that were drawn.

use super::bulk::resized;
use super::composition::{Composition, MuscleCondition};
use super::marbling::{Marbling, long_axis};
use super::shape::Anatomy;
use super::smooth::smoothstep;
use coxa_anatomy::label_names;
use coxa_anatomy::muscle::MUSCLES;
use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Mesh, Side};
use coxa_imaging::Grid;
use coxa_imaging::surface_distance::DistanceField;
use coxa_shape::muscle_atlas::{CarriedMuscle, DAMAGED_ATLAS, MuscleAtlas, carry};
use nalgebra::{Point3, Vector3};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// From the edge of a muscle to where it is muscle alone.
const EDGE_MM: f64 = 1.0;
/// Two surfaces nearer to one another than this touch where one of the muscles has no fat at its border.
const BARE_GAP_MM: f64 = 2.0;
/// Between the first person of the atlas (-1), a usual one (0) and the second (1) lies so the person of whom the ratios of volume are written: a third
/// of the way to the first, wasted, person. An assumption: patients have less muscle than young adults, whose bulk the usual person has (Handsfield
/// 2014, J Biomech 47:631).
const AVERAGE_MEMBER: f64 = -0.35;

/// A side on which a virtual patient has no muscles of the hip and thigh.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NoMuscles {
    /// The side.
    pub side: Side,
    /// Why.
    pub why: String,
}

/// A muscle as it lies in the voxels, without noise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MuscleTruth {
    /// Name without side, such as `gluteus_medius`.
    pub name: String,
    /// Side.
    pub side: Side,
    /// Volume of its label.
    pub volume_ml: f64,
    /// Mean CT number of its label.
    pub mean_hu: f64,
    /// Share of fat in its label, within the muscle and at its edges, 0 to 1.
    pub fat_fraction: f64,
    /// Whether it reaches the first or the last slice, so that these are of what the scan holds.
    pub is_cut: bool,
}

/// Muscles of both sides where the bones carry them.
pub(super) struct Muscles {
    sides: Vec<SideMuscles>,
}

struct SideMuscles {
    side: Side,
    /// Name of its label and closed surface in the patient; or why there are none.
    surfaces: Result<Vec<(String, Mesh<Patient>)>, String>,
}

impl Muscles {
    /// Carries the atlas to the bones, with the form and bulk that were drawn. A side whose bones are too far from usual ones has none, and no
    /// side is looked at that is not asked for. `atlas` is missing where the one that comes with the program is damaged.
    pub(super) fn on(
        anatomy: &Anatomy,
        atlas: Option<&MuscleAtlas>,
        composition: &Composition,
        sides: &[Side],
    ) -> Muscles {
        let bones = &anatomy.surfaces();
        let queries: Vec<MeshQuery<Patient>> =
            bones.values().filter_map(|mesh| MeshQuery::new(mesh).ok()).collect();
        let sides = sides
            .par_iter()
            .map(|&side| {
                let surfaces = atlas
                    .ok_or_else(|| DAMAGED_ATLAS.to_owned())
                    .and_then(|atlas| carry(atlas, bones, side))
                    .map(|carried| {
                        let grown = |muscle: CarriedMuscle| grown(muscle, side, composition, &queries);
                        carried.muscles.into_par_iter().map(grown).collect()
                    });
                SideMuscles { side, surfaces }
            })
            .collect();
        Muscles { sides }
    }

    /// Surfaces of both sides.
    pub(super) fn surfaces(&self) -> impl Iterator<Item = &Mesh<Patient>> {
        self.sides.iter().flat_map(|side| side.surfaces.iter().flatten().map(|(_, mesh)| mesh))
    }

    /// The surfaces of a label, by its name without side.
    pub(super) fn surfaces_of(&self, name: &str, side: Side) -> Vec<&Mesh<Patient>> {
        let own =
            self.sides.iter().filter(|own| own.side == side).flat_map(|own| own.surfaces.iter().flatten());
        own.filter(|(own, _)| own == name).map(|(_, mesh)| mesh).collect()
    }

    /// Sides without surfaces.
    pub(super) fn missing(&self) -> Vec<NoMuscles> {
        let why = |side: &SideMuscles| {
            let why = side.surfaces.as_ref().err()?.clone();
            Some(NoMuscles { side: side.side, why })
        };
        self.sides.iter().filter_map(why).collect()
    }

    /// Their distances on a grid, and the fat within them.
    pub(super) fn rasterise(self, grid: &Grid, composition: &Composition, seed: u64) -> Flesh {
        let septum_mm = composition.intermuscular_fat_mm / 2.0;
        let mut septa = vec![septum_mm; usize::from(u8::MAX) + 1];
        let mut marbling: Vec<Option<Marbling>> = (0..=u8::MAX).map(|_| None).collect();
        for SideMuscles { side, surfaces } in &self.sides {
            for name in MUSCLES {
                let Some(id) = id(name, *side) else { continue };
                let own = surfaces.iter().flatten().find(|(own, _)| own == name);
                let fibres = own.map_or_else(Vector3::z, |(_, mesh)| long_axis(mesh));
                let MuscleCondition { fat_fraction: fat, border_fat_ratio, .. } =
                    composition.muscle(name, *side);
                septa[usize::from(id)] = septum_mm * border_fat_ratio;
                marbling[usize::from(id)] = Some(Marbling::new(seed ^ u64::from(id) << 32, fat, fibres));
            }
        }
        let fields = self
            .sides
            .into_par_iter()
            .flat_map(|SideMuscles { side, surfaces }| {
                let field = |(name, mesh): &(String, Mesh<Patient>)| {
                    let id = id(name, side)?;
                    Some((id, DistanceField::new(mesh, grid, |_| 2.0 * EDGE_MM + septa[usize::from(id)])))
                };
                surfaces.unwrap_or_default().par_iter().filter_map(field).collect::<Vec<_>>()
            })
            .collect();
        Flesh { fields, septum_mm: septa, marbling }
    }
}

/// A muscle of the person that was drawn, about the usual one between the atlas's two, with the volume that was drawn: over the geometric mean of this
/// person's and the average one's, so that form and bulk go together in part. By the name of its label.
fn grown(
    muscle: CarriedMuscle,
    side: Side,
    composition: &Composition,
    bones: &[MeshQuery<Patient>],
) -> (String, Mesh<Patient>) {
    let own = muscle.person(composition.muscle_member);
    let average = muscle.person(AVERAGE_MEMBER).signed_volume() / own.signed_volume();
    let average = if average.is_finite() && average > 0.0 { average.sqrt() } else { 1.0 };
    let ratio = composition.muscle(&muscle.structure, side).volume_ratio;
    let mesh = resized(&side.leave(own), ratio * average, bones);
    (muscle.structure, mesh)
}

fn id(name: &str, side: Side) -> Option<u8> {
    label_names::structure_id(&format!("{name}_{side}"))
}

/// The muscles in the voxels of a grid.
pub(super) struct Flesh {
    fields: Vec<(u8, DistanceField)>,
    /// Half the thickness of the fat at the border of each label.
    septum_mm: Vec<f64>,
    /// Fat within the muscles, by their labels.
    marbling: Vec<Option<Marbling>>,
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
    /// The muscles along a row of the grid.
    pub(super) fn row(&self, j: usize, k: usize, out: &mut [InMuscle]) {
        // Signed distance to the nearest muscle and to the next of another label: where two overlap, each has what is deeper in it.
        let mut nearest = vec![(f64::INFINITY, f64::INFINITY, 0u8); out.len()];
        for (id, field) in &self.fields {
            let Some((first, distances)) = field.row(j, k) else { continue };
            for (own, &distance) in nearest.iter_mut().skip(first).zip(distances) {
                let distance = f64::from(distance);
                if *id == own.2 {
                    own.0 = own.0.min(distance);
                } else if distance < own.0 {
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
            // A muscle without fat at its border fills what its surface and the next one's leave between them.
            let is_bare = self.septum_mm[usize::from(id)] == 0.0;
            *out = if is_bare && distance + next < BARE_GAP_MM {
                InMuscle { id, share: 1.0 }
            } else if distance < 0.0 {
                InMuscle { id, share: self.covered(border, id) }
            } else {
                InMuscle::default()
            };
        }
    }

    /// Share of fat at a place within a muscle.
    pub(super) fn fat_in(&self, id: u8, place: Point3<f64>) -> f64 {
        self.marbling[usize::from(id)].as_ref().map_or(0.0, |marbling| marbling.fat_at(place))
    }

    /// How much of a voxel is muscle at a depth under the border of a muscle.
    fn covered(&self, depth_mm: f64, id: u8) -> f64 {
        smoothstep((depth_mm - self.septum_mm[usize::from(id)]) / EDGE_MM + 0.5)
    }
}
