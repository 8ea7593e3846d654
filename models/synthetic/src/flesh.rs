//! The muscles of a virtual patient: real surfaces carried by the bones, of the bulk that was drawn, and the strands of the thigh
//! between them.

use super::bulk::resized;
use super::composition::Composition;
use super::marbling::{Marbling, long_axis};
use super::outline::MID_THIGH_MM;
use super::shape::Anatomy;
use super::smooth::smoothstep;
use coxa_anatomy::label_names;
use coxa_anatomy::muscle::MUSCLES;
use coxa_anatomy::{Bone, BoneSurfaces, LandmarkKind};
use coxa_geometry::frame::{Patient, RightSide};
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Mesh, Point, Side, Vector};
use coxa_imaging::Grid;
use coxa_imaging::surface_distance::DistanceField;
use coxa_shape::muscle_atlas::MuscleAtlas;
use coxa_shape::muscle_atlas::carry;
use coxa_shape::muscle_atlas::thigh::{Thigh, ThighBones, ThighLandmarks};
use nalgebra::{Point3, Vector3};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// From the edge of a muscle to where it is muscle alone.
const EDGE_MM: f64 = 1.0;
/// A side on which a virtual patient has none of the muscles that have surfaces of their own.
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
    /// Name and closed surface in the patient; or why there are none.
    surfaces: Result<Vec<(String, Mesh<Patient>)>, String>,
    /// Strands, as of a right thigh.
    thigh: Option<Thigh>,
}

impl Muscles {
    /// Carries the atlas to the bones, with the bulk that was drawn. A side whose bones are too far from usual ones has none of its
    /// surfaces, and no side is looked at that is not asked for.
    pub(super) fn on(anatomy: &Anatomy, composition: &Composition, sides: &[Side]) -> Muscles {
        let bones = &anatomy.surfaces();
        let queries: Vec<MeshQuery<Patient>> =
            bones.values().filter_map(|mesh| MeshQuery::new(mesh).ok()).collect();
        let sides = sides
            .par_iter()
            .map(|&side| {
                let surfaces = MuscleAtlas::shipped()
                    .ok_or_else(|| "the built-in atlas is damaged: install Coxa again".to_owned())
                    .and_then(|atlas| carry(atlas, bones, side))
                    .map(|carried| {
                        let resize = |(name, mesh): (String, Mesh<RightSide>)| {
                            let ratio = composition.muscle(&name, side).volume_ratio;
                            let mesh = resized(&side.leave(mesh), ratio, &queries);
                            (name, mesh)
                        };
                        carried.muscles.into_par_iter().map(resize).collect()
                    });
                let thigh = thigh_bones(anatomy, bones, side).and_then(|bones| {
                    let radius = MID_THIGH_MM * composition.thigh_radius_ratio(side);
                    let girth = |name: &str| {
                        (composition.muscle(name, side).volume_ratio / composition.muscle_volume_ratio).sqrt()
                    };
                    Thigh::new(&bones, radius, girth, |name| id(name, side))
                });
                SideMuscles { side, surfaces, thigh }
            })
            .collect();
        Muscles { sides }
    }

    /// Surfaces of both sides.
    pub(super) fn surfaces(&self) -> impl Iterator<Item = &Mesh<Patient>> {
        self.sides.iter().flat_map(|side| side.surfaces.iter().flatten().map(|(_, mesh)| mesh))
    }

    /// A muscle of its own surface, by its name without side.
    pub(super) fn surface(&self, name: &str, side: Side) -> Option<&Mesh<Patient>> {
        let own = self.sides.iter().find(|own| own.side == side)?;
        own.surfaces.iter().flatten().find(|(own, _)| own == name).map(|(_, mesh)| mesh)
    }

    /// The strands of a thigh, as of a right one.
    pub(super) fn thigh(&self, side: Side) -> Option<&Thigh> {
        self.sides.iter().find(|own| own.side == side)?.thigh.as_ref()
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
        let mut marbling: Vec<Option<Marbling>> = (0..=u8::MAX).map(|_| None).collect();
        for SideMuscles { side, surfaces, thigh } in &self.sides {
            let down = thigh.as_ref().map_or_else(Vector3::z, |thigh| {
                side.leave(Vector::<RightSide>::from_coords(thigh.down())).coords()
            });
            for name in MUSCLES {
                let Some(id) = id(name, *side) else { continue };
                let own = surfaces.iter().flatten().find(|(own, _)| own == name);
                let fibres = own.map_or(down, |(_, mesh)| long_axis(mesh));
                let fat = composition.muscle(name, *side).fat_fraction;
                marbling[usize::from(id)] = Some(Marbling::new(seed ^ u64::from(id) << 32, fat, fibres));
            }
        }
        let sides = self
            .sides
            .into_par_iter()
            .map(|SideMuscles { side, surfaces, thigh }| {
                let fields = surfaces
                    .unwrap_or_default()
                    .par_iter()
                    .filter_map(|(name, mesh)| {
                        Some((id(name, side)?, DistanceField::new(mesh, grid, |_| 2.0 * EDGE_MM + septum_mm)))
                    })
                    .collect();
                SideFlesh { side, fields, thigh }
            })
            .collect();
        Flesh { sides, septum_mm, marbling }
    }
}

fn id(name: &str, side: Side) -> Option<u8> {
    label_names::structure_id(&format!("{name}_{side}"))
}

/// Where the strands of a thigh are fastened, as of a right one.
fn thigh_bones(anatomy: &Anatomy, bones: &BoneSurfaces, side: Side) -> Option<ThighBones> {
    let truth = anatomy.side(side);
    let at = |kind| truth.landmarks_mm.get(&kind).map(|&p| side.enter(p).coords());
    let landmarks = ThighLandmarks {
        trochanter: at(LandmarkKind::LesserTrochanter)?,
        medial: at(LandmarkKind::MedialEpicondyle)?,
        lateral: at(LandmarkKind::LateralEpicondyle)?,
        asis: at(LandmarkKind::Asis)?,
        tubercle: at(LandmarkKind::PubicTubercle)?,
    };
    let right = |bone| Some(bones.get(&bone)?.vertices.iter().map(|p| side.enter(*p).coords()));
    ThighBones::of(&landmarks, right(Bone::femur(side))?, right(Bone::hip(side))?)
}

/// The muscles in the voxels of a grid.
pub(super) struct Flesh {
    sides: Vec<SideFlesh>,
    /// Half the thickness of the fat between two muscles.
    septum_mm: f64,
    /// Fat within the muscles, by their labels.
    marbling: Vec<Option<Marbling>>,
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
            *out = if distance < 0.0 {
                InMuscle { id, share: self.covered(border) }
            } else {
                InMuscle::default()
            };
        }
    }

    /// The strand of a thigh at a place of its compartment.
    pub(super) fn strand_at(&self, place: Point3<f64>) -> Option<InMuscle> {
        let nearest = |side: &SideFlesh| {
            let right = side.side.enter(Point::<Patient>::from_coords(place)).coords();
            let (id, margin) = side.thigh.as_ref()?.muscle_at(right)?;
            Some(InMuscle { id, share: self.covered(margin) })
        };
        // The strands of one thigh do not reach the other: the first that claims the place has it.
        self.sides.iter().find_map(nearest)
    }

    /// Share of fat at a place within a muscle.
    pub(super) fn fat_in(&self, id: u8, place: Point3<f64>) -> f64 {
        self.marbling[usize::from(id)].as_ref().map_or(0.0, |marbling| marbling.fat_at(place))
    }

    /// How much of a voxel is muscle at a depth under the muscle's border.
    fn covered(&self, depth_mm: f64) -> f64 {
        smoothstep((depth_mm - self.septum_mm) / EDGE_MM + 0.5)
    }
}
