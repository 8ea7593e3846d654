//! The body around the bones: skin, fat, the wall of the trunk, and what fills the pelvis.
//!
//! Muscles of hip and thigh are real ones (`flesh`) and make the shape of buttocks, groin and thigh; the trunk beyond them is schematic,
//! ellipses in the axial plane that follow the bones.

use super::composition::Composition;
use super::flesh::{Flesh, InMuscle, Muscles};
use super::materials::{AIR_HU, BLADDER_HU, BOWEL_HU, CARTILAGE_HU, SKIN_HU};
use super::noise::texture;
use super::outline::Outline;
use super::person::Person;
use super::shape::Anatomy;
use super::skin::{Skin, SkinSampler};
use super::smooth::smoothstep;
use super::tissue::Tissue;
use coxa_geometry::Side;
use coxa_shape::interpolate::interpolate;
use nalgebra::Point3;

const SKIN_MM: f64 = 1.8;

/// Body mass index in kg/m² of those whose fat the tables tell of; its thickness goes with the square of the index.
const BMI_OF_FAT: f64 = 26.0;
/// Above this height, in mm over the hip centres, the trunk has a wall of muscle, so thick.
const WALL_ABOVE_MM: f64 = 55.0;
const WALL_MM: f64 = 17.0;
/// Muscle lies no nearer to the skin than this.
const LEAST_COVER_MM: f64 = 3.0;

/// The soft tissue of one patient.
pub(super) struct Body {
    seed: u64,
    /// CT numbers of fat and of muscle without fat.
    fat_hu: f64,
    lean_hu: f64,
    /// Share of fat in the muscles of the trunk.
    trunk_fat: f64,
    outline: Outline,
    /// Sockets: centre and radius; centre of the head.
    sockets: [(Point3<f64>, f64, Point3<f64>); 2],
    skin: Skin,
    /// Corners of the box that holds the skin.
    bounds: [Point3<f64>; 2],
    /// Thickness of fat over that of the tables.
    fat: f64,
}

/// What is at a place of the body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) hu: f64,
    pub(super) tissue: Tissue,
    /// Label; 0 where there is none.
    pub(super) label: u8,
    /// Share of fat in what is labelled.
    pub(super) fat: f64,
}

/// One axial slice of the body.
pub(super) struct BodySlice<'a> {
    body: &'a Body,
    skin: SkinSampler<'a>,
    z: f64,
    height: f64,
}

impl Body {
    /// A body around posed bones and the muscles on them.
    pub(super) fn around(
        anatomy: &Anatomy,
        person: &Person,
        composition: &Composition,
        muscles: &Muscles,
        seed: u64,
    ) -> Body {
        let sockets = Side::BOTH.map(|side| {
            let truth = anatomy.side(side);
            (truth.socket_centre_mm.coords(), truth.socket_radius_mm, truth.head_centre_mm.coords())
        });
        let outline = Outline::of(anatomy);
        let fat =
            (person.bmi_kg_per_m2 / BMI_OF_FAT).powi(2).clamp(0.4, 2.5) * composition.subcutaneous_fat_ratio;
        let skin = Skin::over(muscles.surfaces(), |place| outline.holds(place), outline.bounds());
        let bounds = outline.bounds();
        let mut body = Body {
            seed,
            fat_hu: composition.fat_hu,
            lean_hu: composition.lean_muscle_hu,
            // Of psoas, which lies beside them.
            trunk_fat: Side::BOTH
                .map(|side| composition.muscle("psoas_major", side).fat_fraction)
                .iter()
                .sum::<f64>()
                / 2.0,
            outline,
            sockets,
            skin,
            bounds,
            fat,
        };
        body.bounds = body.skin.bounds(|place| body.fat_at(place)).unwrap_or(body.bounds);
        body
    }

    /// Corners of a box around its skin.
    pub(super) fn bounds(&self) -> [Point3<f64>; 2] {
        self.bounds
    }

    /// The slice at a height of the patient frame.
    pub(super) fn slice(&self, z: f64) -> BodySlice<'_> {
        BodySlice { body: self, skin: self.skin.sampler(), z, height: z - self.outline.hips.z }
    }

    /// Thickness of the fat: more of it on the buttocks.
    fn fat_at(&self, place: Point3<f64>) -> f64 {
        let hips = self.outline.hips;
        let height = place.z - hips.z;
        let buttocks = smoothstep((height + 110.0) / 60.0) * smoothstep((90.0 - height) / 60.0);
        let behind = smoothstep((place.y - hips.y - 20.0) / 50.0);
        self.fat * self.outline.fat(height) * (1.0 + 0.5 * buttocks * behind)
    }
}

impl BodySlice<'_> {
    /// What is at a place in the slice, as if there were no bone.
    pub(super) fn at(&self, x: f64, y: f64, muscle: InMuscle, flesh: &Flesh) -> Place {
        let place = Point3::new(x, y, self.z);
        // Negative inside the flesh.
        let outside = self.skin.distance(place);
        let depth = self.body.fat_at(place) - outside;
        if depth <= -1.5 {
            return Place { hu: AIR_HU, tissue: Tissue::Air, label: 0, fat: 0.0 };
        }
        let soft = self.tissue(place, depth, outside, muscle, flesh);
        // Skin and its edge, a millimetre wide.
        let under = smoothstep((depth - SKIN_MM) / 1.0 + 0.5);
        let hu = SKIN_HU + (soft.hu - SKIN_HU) * under;
        Place { hu: AIR_HU + (hu - AIR_HU) * (depth / 1.2 + 0.5).clamp(0.0, 1.0), ..soft }
    }

    fn tissue(&self, place: Point3<f64>, depth: f64, outside: f64, muscle: InMuscle, flesh: &Flesh) -> Place {
        let (seed, Point3 { coords, .. }) = (self.body.seed, place);
        let [x, y, z] = coords.into();
        for (centre, radius, head) in self.body.sockets {
            if (place - centre).norm() < radius + 0.5 && (place - head).norm() < radius {
                return Place { hu: CARTILAGE_HU, tissue: Tissue::Cartilage, label: 0, fat: 0.0 };
            }
        }
        let wander = texture(seed ^ 0xb0d1, x / 28.0, y / 28.0, z / 40.0);
        let fat = self.body.fat_hu + 12.0 * wander;
        let soft = |hu| Place { hu, tissue: Tissue::Soft, label: 0, fat: 0.0 };
        let of_muscle = |muscle: InMuscle| {
            let lean = (1.0 - flesh.fat_in(muscle.id, place)) * muscle.share;
            let label = if muscle.share > 0.5 { muscle.id } else { 0 };
            Place { label, fat: 1.0 - lean, ..soft(fat + (self.grain(place) - fat) * lean) }
        };
        if muscle.id != 0 && depth > LEAST_COVER_MM {
            return of_muscle(muscle);
        }
        // The border of fat and muscle wanders.
        let inside = smoothstep((3.0 * wander - outside) / 2.0 + 0.5);
        if inside == 0.0 {
            return soft(fat);
        }
        if let Some((inner, kind)) = self.cavity(x, y) {
            return Place { tissue: kind, ..soft(fat + (inner - fat) * inside) };
        }
        soft(fat + (self.wall(place, outside) - fat) * inside)
    }

    /// Muscle without septa and without fat.
    fn grain(&self, place: Point3<f64>) -> f64 {
        let (u, v) = turned(place);
        self.body.lean_hu + 5.0 * texture(self.body.seed ^ 0x37, u / 5.0, v / 5.0, place.z / 9.0)
    }

    /// What the trunk has between its skin and its cavity: a wall of muscle above the hips, and muscle beside the spine, with fat in
    /// the septa; fat where there is neither.
    fn wall(&self, place: Point3<f64>, outside: f64) -> f64 {
        let hips = self.body.outline.hips;
        let beside_spine =
            smoothstep((52.0 - (place.x - hips.x).abs()) / 6.0) * smoothstep((place.y - hips.y - 50.0) / 6.0);
        let rim = smoothstep((WALL_MM + outside) / 3.0).max(beside_spine);
        let wall = rim * smoothstep((self.height - WALL_ABOVE_MM) / 15.0);
        // Septa follow the zero surface of a smooth field, turned off the lattice's axes.
        let (seed, z, (u, v)) = (self.body.seed, place.z, turned(place));
        let sheet = texture(seed ^ 0x5e9a, u / 31.0, v / 31.0, z / 110.0)
            + 0.45 * texture(seed ^ 0x5e9b, (u - v) / 19.0, (u + v) / 19.0, z / 80.0);
        let septum = 1.0 - smoothstep(sheet.abs() / 0.06);
        let (fat, lean) = (self.body.fat_hu, self.grain(place));
        fat + (lean - fat) * (1.0 - self.body.trunk_fat) * (1.0 - 0.66 * septum) * wall
    }

    /// What fills the pelvis in front of the sacrum: fat, bowel, bladder. `None` outside the cavity.
    fn cavity(&self, x: f64, y: f64) -> Option<(f64, Tissue)> {
        if self.height < -45.0 {
            return None;
        }
        let hips = self.body.outline.hips;
        let (u, v) = (x - hips.x, y - hips.y);
        let [half_width, half_depth, centre] = interpolate(
            &[
                [-45.0, 22.0, 28.0, 12.0],
                [0.0, 44.0, 46.0, 8.0],
                [60.0, 62.0, 58.0, -8.0],
                [110.0, 96.0, 58.0, -32.0],
                [220.0, 104.0, 62.0, -34.0],
            ],
            self.height,
        );
        let s = (u / (half_width * self.body.outline.scale)).powi(2) + ((v - centre) / half_depth).powi(2);
        if s > 1.0 {
            return None;
        }
        let bladder = (u / 32.0).powi(2) + ((v + 12.0) / 24.0).powi(2) + ((self.height - 8.0) / 30.0).powi(2);
        if bladder < 1.0 {
            return Some((BLADDER_HU, Tissue::Fluid));
        }
        let loops = texture(self.body.seed ^ 0xb0e1, x / 17.0, y / 17.0, self.z / 17.0);
        let kind = if loops > 0.0 { Tissue::Bowel } else { Tissue::Soft };
        let fat = self.body.fat_hu;
        Some((fat + (BOWEL_HU - fat) * smoothstep((loops + 0.1) / 0.2), kind))
    }
}

/// A place across the body in axes that are not those of the lattice of textures.
fn turned(place: Point3<f64>) -> (f64, f64) {
    (0.82 * place.x + 0.57 * place.y, 0.82 * place.y - 0.57 * place.x)
}
