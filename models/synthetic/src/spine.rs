//! The lumbar spine above the sacrum: vertebrae, discs between them and the dural sac, stacked on the sacrum's upper endplate.
//!
//! Vertebrae are implicit solids of textbook size, scaled by the sacrum: plausible, not measured. Each leans less than the one below
//! it, by the wedge of disc and body (lordosis of about 45 degrees from L3 to S1 in the mean).

use super::pose::normal;
use super::shape::Anatomy;
use coxa_anatomy::Bone;
use coxa_anatomy::label_names::structure_id;
use nalgebra::{Matrix3, Point3, Vector3};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Stream of the seed that the spine is drawn from.
const STREAM: u64 = 4;

/// Name, half width and half depth of the body, its height and wedge in degrees; height and wedge of the disc below it.
const LEVELS: [(&str, [f64; 6]); 3] = [
    ("vertebrae_L5", [25.5, 17.5, 27.0, 9.0, 11.0, 13.0]),
    ("vertebrae_L4", [25.0, 17.5, 28.0, 3.0, 11.0, 10.0]),
    ("vertebrae_L3", [24.0, 17.0, 28.0, 1.0, 10.0, 8.0]),
];
/// Width of the sacrum for which they are written.
const SACRUM_WIDTH_MM: f64 = 115.0;
/// Half the depth of the sacrum's endplate.
const ENDPLATE_HALF_DEPTH_MM: f64 = 16.5;
/// The endplate is looked for in vertices this near to the midplane, behind its front edge by the second.
const ENDPLATE_MM: [f64; 2] = [10.0, 19.0];
/// Limits of the endplate's slope, in degrees.
const SLOPES_DEG: [f64; 2] = [25.0, 60.0];
/// Nothing of a vertebra is farther from the middle of its body.
const REACH_MM: f64 = 85.0;
/// Joint space of the facets, at least.
const FACET_GAP_MM: f64 = 1.0;
/// From the middle of a body to that of the dural sac, and its half width and depth.
const SAC_MM: [f64; 3] = [25.0, 8.5, 6.5];

/// The spine of one patient.
#[derive(Debug, Clone)]
pub(super) struct Spine {
    levels: Vec<Level>,
}

#[derive(Debug, Clone)]
struct Level {
    label: u8,
    centre: Point3<f64>,
    /// Rows: to the patient's left, back, and up along its own axis, in a vertebra of the size of the table.
    to_own: Matrix3<f64>,
    half_width: f64,
    half_depth: f64,
    half_height: f64,
    disc_below: f64,
    /// Millimetres of the patient to one of the table.
    scale: f64,
}

/// What a place has of the spine: signed distances, negative inside.
#[derive(Debug, Clone, Copy)]
pub(super) struct NearSpine {
    /// To the nearest vertebra.
    pub(super) bone_mm: f64,
    /// Its label.
    pub(super) label: u8,
    /// To a disc.
    pub(super) disc_mm: f64,
    /// To the dural sac.
    pub(super) sac_mm: f64,
}

impl Spine {
    /// On the sacrum of posed bones.
    pub(super) fn on(anatomy: &Anatomy, seed: u64) -> Spine {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(STREAM);
        let to_pelvis = anatomy.pelvis.inverse();
        let sacrum: Vec<Point3<f64>> = anatomy
            .bones
            .iter()
            .filter(|posed| posed.bone == Bone::Sacrum)
            .flat_map(|posed| posed.mesh.vertices.iter().map(|v| to_pelvis * v.coords()))
            .collect();
        let Some((front, slope)) = endplate(&sacrum) else { return Spine { levels: Vec::new() } };
        let sides = sacrum.iter().fold([0.0f64; 2], |[l, h], v| [l.min(v.x), h.max(v.x)]);
        let scale = ((sides[1] - sides[0]) / SACRUM_WIDTH_MM).clamp(0.85, 1.2);
        // Along the endplate backwards, and away from a plane that leans forwards by an angle.
        let mut at = front + Vector3::new(0.0, slope.cos(), slope.sin()) * ENDPLATE_HALF_DEPTH_MM * scale;
        let up = |lean: f64| Vector3::new(0.0, -lean.sin(), lean.cos());
        let mut lean = slope;
        let turn = anatomy.pelvis.rotation.to_rotation_matrix();
        let levels = LEVELS
            .iter()
            .filter_map(|(name, [half_width, half_depth, height, wedge, disc, disc_wedge])| {
                let mut draw = |mean: f64, share: f64| mean * (1.0 + share * normal(&mut rng));
                let (wedge, disc_wedge) =
                    (draw(*wedge, 0.2).to_radians(), draw(*disc_wedge, 0.2).to_radians());
                let (height, disc) = (draw(*height, 0.04) * scale, draw(*disc, 0.15) * scale);
                at += up(lean - disc_wedge / 2.0) * disc;
                lean -= disc_wedge + wedge / 2.0;
                let axis = up(lean);
                let centre = at + axis * height / 2.0;
                at += axis * height;
                lean -= wedge / 2.0;
                let own = Matrix3::from_rows(&[
                    Vector3::x().transpose(),
                    Vector3::new(0.0, axis.z, -axis.y).transpose(),
                    axis.transpose(),
                ]);
                Some(Level {
                    label: structure_id(name)?,
                    centre: anatomy.pelvis * centre,
                    to_own: own * turn.matrix().transpose() / scale,
                    half_width: draw(*half_width, 0.04),
                    half_depth: draw(*half_depth, 0.04),
                    half_height: height / 2.0 / scale,
                    disc_below: disc / scale,
                    scale,
                })
            })
            .collect();
        Spine { levels }
    }

    /// The front of the fourth vertebra at its lower edge, where the aorta forks.
    pub(super) fn front_of_l4(&self) -> Option<Point3<f64>> {
        let level = self.levels.get(1)?;
        let own = Vector3::new(0.0, -level.half_depth, -level.half_height) * level.scale;
        Some(level.centre + (level.to_own * level.scale).transpose() * own)
    }

    /// What is near a place; `None` far from the spine.
    pub(super) fn near(&self, place: Point3<f64>) -> Option<NearSpine> {
        let mut near: Option<NearSpine> = None;
        for level in &self.levels {
            let from = place - level.centre;
            if from.norm_squared() > (REACH_MM * level.scale).powi(2) {
                continue;
            }
            let p = level.to_own * from;
            let [bone_mm, disc_mm, sac_mm] =
                [level.bone(p), level.disc(p), level.sac(p)].map(|distance| distance * level.scale);
            let own = NearSpine { bone_mm, label: level.label, disc_mm, sac_mm };
            near = Some(match near {
                None => own,
                Some(other) => {
                    let (first, second) = if other.bone_mm <= bone_mm { (other, own) } else { (own, other) };
                    NearSpine {
                        bone_mm: first.bone_mm.max(FACET_GAP_MM - second.bone_mm),
                        label: first.label,
                        disc_mm: first.disc_mm.min(second.disc_mm),
                        sac_mm: first.sac_mm.min(second.sac_mm),
                    }
                }
            });
        }
        near
    }
}

impl Level {
    /// Signed distance to the vertebra.
    fn bone(&self, p: Vector3<f64>) -> f64 {
        let aside = Vector3::new(p.x.abs(), p.y, p.z);
        let capsule = |a: [f64; 3], b: [f64; 3], radius: f64| {
            let (a, b) = (Vector3::from(a), Vector3::from(b));
            let t = ((aside - a).dot(&(b - a)) / (b - a).norm_squared()).clamp(0.0, 1.0);
            (aside - a - (b - a) * t).norm() - radius
        };
        let pedicle = capsule([13.0, 12.0, 5.0], [17.0, 26.0, 3.0], 5.0);
        let lamina = capsule([17.0, 27.0, 1.0], [3.0, 40.0, -5.0], 3.8);
        let transverse = capsule([16.0, 25.0, 3.0], [40.0, 29.0, 5.0], 4.3);
        let superior = capsule([19.5, 28.0, 3.0], [20.5, 31.0, 15.0], 4.0);
        let inferior = capsule([12.0, 36.5, -5.0], [13.0, 39.0, -16.0], 4.0);
        // A blade: narrow from side to side, tall.
        let spinous = {
            let (a, b) = (Vector3::new(0.0, 40.0, -3.0), Vector3::new(0.0, 62.0, -5.0));
            let q = Vector3::new(1.5 * p.x, p.y, 0.55 * p.z);
            let t = ((q - a).dot(&(b - a)) / (b - a).norm_squared()).clamp(0.0, 1.0);
            ((q - a - (b - a) * t).norm() - 5.0) / 1.5
        };
        [pedicle, lamina, transverse, superior, inferior, spinous]
            .into_iter()
            .fold(self.round(p, 0.08).max(p.z.abs() - self.half_height), f64::min)
    }

    /// Distance to the side of the body, which is hollow behind and has a waist.
    fn round(&self, p: Vector3<f64>, waist: f64) -> f64 {
        let hollow = 2.5 * (1.0 - (p.x / 14.0).powi(2)).max(0.0);
        let y = if p.y > 0.0 { p.y + hollow * (p.y / self.half_depth).min(1.0) } else { p.y };
        let waist = 1.0 - waist * (1.0 - (p.z / self.half_height).powi(2)).max(0.0);
        ((p.x / self.half_width).hypot(y / self.half_depth) - waist) * self.half_depth
    }

    /// Signed distance to the disc below the body, which reaches into the endplates on either side, as bone covers it there.
    fn disc(&self, p: Vector3<f64>) -> f64 {
        let middle = -self.half_height - self.disc_below / 2.0;
        let round = self.round(Vector3::new(p.x, p.y, self.half_height), 0.0) + 0.5;
        round.max((p.z - middle).abs() - self.disc_below / 2.0 - 3.0)
    }

    /// Signed distance to the dural sac behind body and disc.
    fn sac(&self, p: Vector3<f64>) -> f64 {
        let [behind, half_width, half_depth] = SAC_MM;
        let round = ((p.x / half_width).hypot((p.y - behind) / half_depth) - 1.0) * half_depth;
        let middle = -self.disc_below / 2.0;
        round.max((p.z - middle).abs() - self.half_height - self.disc_below / 2.0 - 1.0)
    }
}

/// Front edge of the upper endplate in the midplane of a sacrum whose front is -y, and its slope against the horizontal.
fn endplate(sacrum: &[Point3<f64>]) -> Option<(Point3<f64>, f64)> {
    let [beside, depth] = ENDPLATE_MM;
    let middle: Vec<&Point3<f64>> = sacrum.iter().filter(|v| v.x.abs() < beside).collect();
    let front = middle.iter().map(|v| v.y).fold(f64::INFINITY, f64::min);
    // The highest of each slice that lies behind the front edge.
    const SLICES: usize = 6;
    let mut highest = [f64::NEG_INFINITY; SLICES];
    for v in middle {
        let slice = (v.y - front) / depth * SLICES as f64;
        if slice < SLICES as f64 {
            let highest = &mut highest[slice.max(0.0) as usize];
            *highest = highest.max(v.z);
        }
    }
    // Least squares through their middles; the first is of the rounded edge.
    let width = depth / SLICES as f64;
    let seen: Vec<(f64, f64)> = highest
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(_, z)| z.is_finite())
        .map(|(n, &z)| ((n as f64 + 0.5) * width, z))
        .collect();
    let count = seen.len() as f64;
    if count < 3.0 {
        return None;
    }
    let (y, z) =
        (seen.iter().map(|s| s.0).sum::<f64>() / count, seen.iter().map(|s| s.1).sum::<f64>() / count);
    let (over, under) = seen
        .iter()
        .fold((0.0, 0.0), |(over, under), s| (over + (s.0 - y) * (s.1 - z), under + (s.0 - y).powi(2)));
    let slope = (over / under).atan().clamp(SLOPES_DEG[0].to_radians(), SLOPES_DEG[1].to_radians());
    Some((Point3::new(0.0, front, z - y * slope.tan()), slope))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::VirtualPatientOptions;
    use crate::template::Template;

    fn anatomy(seed: u64) -> Anatomy {
        let options = VirtualPatientOptions { seed, ..VirtualPatientOptions::default() };
        Anatomy::draw(&Template::shipped().unwrap(), &options).unwrap()
    }

    #[test]
    fn vertebrae_stack_on_the_sacrum_and_lean_less_and_less() {
        for seed in 0..12 {
            let anatomy = anatomy(seed);
            let spine = Spine::on(&anatomy, seed);
            assert_eq!(spine.levels.len(), 3);
            let axis = |level: &Level| level.to_own.row(2).transpose().normalize();
            for pair in spine.levels.windows(2) {
                let apart = (pair[1].centre - pair[0].centre).norm();
                assert!((30.0..50.0).contains(&apart), "seed {seed}: {apart}");
                let lean = [&pair[0], &pair[1]].map(|level| {
                    let axis = axis(level);
                    (-axis.y).atan2(axis.z)
                });
                assert!(lean[1] < lean[0], "seed {seed}: {lean:?}");
            }
            // The lowest body stands no farther from the sacrum than a disc; that they never touch holds of the voxels.
            let sacrum = anatomy.bones.iter().find(|posed| posed.bone == Bone::Sacrum).unwrap();
            let least = |of: fn(&Level, Vector3<f64>) -> f64| {
                let level = &spine.levels[0];
                let distances = sacrum.mesh.vertices.iter().map(|v| {
                    let p = level.to_own * (v.coords() - level.centre);
                    of(level, p) * level.scale
                });
                distances.fold(f64::INFINITY, f64::min)
            };
            let body = least(|level, p| level.round(p, 0.08).max(p.z.abs() - level.half_height));
            assert!(body < 14.0, "seed {seed}: {body}");
            // And its disc lies on it.
            assert!(least(Level::disc) < 0.0, "seed {seed}");
        }
    }

    #[test]
    fn a_vertebra_has_the_parts_of_one() {
        let spine = Spine::on(&anatomy(3), 3);
        let level = &spine.levels[1];
        let inside = |p: [f64; 3]| level.bone(Vector3::from(p)) < 0.0;
        assert!(inside([0.0, 0.0, 0.0]) && inside([0.0, 55.0, -5.0]) && inside([36.0, 28.0, 5.0]));
        assert!(!inside([0.0, 26.0, 0.0]), "the canal is open");
        assert!(level.sac(Vector3::new(0.0, 25.0, 0.0)) < 0.0 && level.sac(Vector3::zeros()) > 0.0);
        // Facets of neighbours never overlap.
        let (a, b) = (&spine.levels[0], &spine.levels[1]);
        let mut near = 0;
        for n in 0..40_000 {
            let [i, j, k] = [n % 40, n / 40 % 40, n / 1600].map(|n| f64::from(n) * 2.0);
            let place = a.centre + Vector3::new(i - 40.0, j - 10.0, k - 20.0);
            let Some(found) = spine.near(place) else { continue };
            let both = [a, b].map(|level| level.bone(level.to_own * (place - level.centre)));
            near += usize::from(found.bone_mm < 0.0);
            assert!(found.bone_mm >= 0.0 || both[0].max(both[1]) > 0.5);
        }
        assert!(near > 3000, "{near}");
    }
}
