//! What lies around the bones of a made scan: skin, fat, muscle with fat in it, bladder, vessels, arms, air.

use super::posed::{Head, Posed};
use coxa_geometry::Point;
use coxa_geometry::frame::Patient;
use coxa_synthetic::materials::{AIR_HU, BLADDER_HU, SKIN_HU};
use coxa_synthetic::noise::texture;
use nalgebra::{Point3, Vector3};

/// Virtual patients draw fat and muscle from a person's age and build; a made scan, whose bones are a person's, has one of each.
const FAT_HU: f64 = -105.0;
const MUSCLE_HU: f64 = 55.0;
/// Of a cluttered scan alone, which virtual patients are not: contrast medium in the bladder, plaques, arms.
const CONTRAST_HU: f64 = 420.0;
const CALCIUM_HU: f64 = 900.0;
const ARM_CORTEX_HU: f64 = 1200.0;
/// Thickness of the skin, and of the fat under it.
const SKIN_MM: f64 = 2.0;
const FAT_MM: f64 = 14.0;
/// The trunk reaches so far beyond the hip bones to the sides, and so far before and behind the hips, or further in steps until all bones of
/// a turned pelvis lie this deep.
const BESIDE_HIPS_MM: f64 = 22.0;
const HALF_DEPTH_MM: f64 = 112.0;
const DEEPER_MM: f64 = 4.0;
const MOST_STEPS: i32 = 30;
const LEAST_COVER_MM: f64 = 6.0;
/// How far behind the hips the middle of the trunk lies, and how far below them it ends.
const BEHIND_HIPS_MM: f64 = 20.0;
const CROTCH_MM: f64 = 45.0;
/// Radius of the thigh at the hip and at the knee.
const THIGH_MM: (f64, f64) = (88.0, 62.0);
const BLADDER_MM: f64 = 32.0;
const ARM_MM: f64 = 42.0;
const HUMERUS_MM: (f64, f64) = (11.0, 7.0);
/// Calcified plaques: one for every so many mm of a vessel.
const PLAQUES_EVERY_MM: f64 = 16.0;
const PLAQUE_MM: f64 = 2.2;

/// The soft parts of a person in a pose.
pub(super) struct Body {
    hips: Point3<f64>,
    half_width: f64,
    half_depth: f64,
    legs: Vec<Head>,
    is_cluttered: bool,
    seed: u64,
}

impl Body {
    pub(super) fn around(posed: &Posed, is_cluttered: bool, seed: u64) -> Self {
        let reach = |v: &Point<Patient>| (v.x() - posed.hips.x).abs();
        let pelvis = || posed.bones.iter().filter(|b| b.is_of_pelvis()).flat_map(|b| &b.mesh.vertices);
        let half_width = pelvis().map(reach).fold(120.0, f64::max) + BESIDE_HIPS_MM;
        let covers = |half_depth: &f64| {
            pelvis().all(|v| trunk(v.coords() - posed.hips, half_width, *half_depth) > LEAST_COVER_MM)
        };
        let mut deeper = (0..MOST_STEPS).map(|n| HALF_DEPTH_MM + DEEPER_MM * f64::from(n));
        let deepest = HALF_DEPTH_MM + DEEPER_MM * f64::from(MOST_STEPS);
        Body {
            hips: posed.hips,
            half_width,
            half_depth: deeper.find(covers).unwrap_or(deepest),
            legs: posed.heads.iter().flatten().copied().collect(),
            is_cluttered,
            seed,
        }
    }

    /// Least and greatest x and y of what is between two heights.
    pub(super) fn bounds(&self, (low, high): (f64, f64)) -> [[f64; 2]; 2] {
        let arms = if self.is_cluttered { 2.2 * ARM_MM } else { 0.0 };
        let across = self.half_width + arms;
        let mut back = self.hips.y + BEHIND_HIPS_MM + self.half_depth;
        let mut front = self.hips.y + BEHIND_HIPS_MM - self.half_depth;
        for leg in &self.legs {
            let along = leg.knee - leg.centre;
            for z in [low, high] {
                let t = ((z - leg.centre.z) / along.z).clamp(0.0, 1.0);
                let y = leg.centre.y + t * along.y;
                front = front.min(y - THIGH_MM.0);
                back = back.max(y + THIGH_MM.0);
            }
        }
        [[self.hips.x - across, self.hips.x + across], [front, back]]
    }

    /// How deep under the skin a place lies; negative in air.
    fn depth(&self, at: Point3<f64>) -> f64 {
        let from = at - self.hips;
        let trunk = trunk(from, self.half_width, self.half_depth).min(from.z + CROTCH_MM);
        self.legs.iter().map(|leg| thigh(leg, at)).fold(trunk, f64::max)
    }

    /// CT number of soft tissue or air at a place.
    pub(super) fn hu(&self, at: Point3<f64>) -> f64 {
        let depth = self.depth(at);
        let from = at - self.hips;
        if depth < 0.0 {
            return if self.is_cluttered { self.arm(from).unwrap_or(AIR_HU) } else { AIR_HU };
        }
        if depth < SKIN_MM {
            return SKIN_HU;
        }
        let coarse = texture(self.seed, at.x / 13.0, at.y / 11.0, at.z / 40.0);
        if depth < FAT_MM * (1.0 + 0.3 * coarse) {
            return FAT_HU;
        }
        if (from - Vector3::new(0.0, -25.0, 25.0)).norm() < BLADDER_MM {
            return if self.is_cluttered { CONTRAST_HU } else { BLADDER_HU };
        }
        if self.is_cluttered && self.is_plaque(at) {
            return CALCIUM_HU;
        }
        // Septa of fat between muscles, and muscle that is not all alike.
        let septum = texture(self.seed ^ 0x5e7, at.x / 17.0, at.y / 17.0, at.z / 60.0).abs();
        let fine = texture(self.seed ^ 0xf1e, at.x / 5.0, at.y / 5.0, at.z / 9.0);
        let fat = (1.0 - septum / 0.07).clamp(0.0, 1.0);
        MUSCLE_HU + 9.0 * fine + (FAT_HU - MUSCLE_HU) * fat
    }

    fn arm(&self, from: Vector3<f64>) -> Option<f64> {
        let beside = from.x.abs() - self.half_width - ARM_MM;
        let off = beside.hypot(from.y - BEHIND_HIPS_MM);
        match off {
            _ if off > ARM_MM || from.z < -20.0 => None,
            _ if off < HUMERUS_MM.1 => Some(FAT_HU),
            _ if off < HUMERUS_MM.0 => Some(ARM_CORTEX_HU),
            _ => Some(MUSCLE_HU),
        }
    }

    /// Plaques along the femoral arteries, which run before the heads.
    fn is_plaque(&self, at: Point3<f64>) -> bool {
        self.legs.iter().any(|leg| {
            let medial = (self.hips.x - leg.centre.x).signum();
            let from = at - leg.centre - Vector3::new(6.0 * medial, -leg.radius - 16.0, 0.0);
            let along = from.z - PLAQUES_EVERY_MM * (from.z / PLAQUES_EVERY_MM).round();
            Vector3::new(from.x - 3.0, from.y, along).norm() < PLAQUE_MM
        })
    }
}

/// How deep under the skin of a trunk of elliptical section a place relative to the hips lies.
fn trunk(from: Vector3<f64>, half_width: f64, half_depth: f64) -> f64 {
    let (x, y) = (from.x / half_width, (from.y - BEHIND_HIPS_MM) / half_depth);
    let slope = (x / half_width).hypot(y / half_depth) / x.hypot(y).max(1e-6);
    (1.0 - x.hypot(y)) / slope.max(1e-6)
}

fn thigh(leg: &Head, at: Point3<f64>) -> f64 {
    let along = leg.knee - leg.centre;
    let t = ((at - leg.centre).dot(&along) / along.norm_squared().max(1e-6)).clamp(0.0, 1.2);
    THIGH_MM.0 + (THIGH_MM.1 - THIGH_MM.0) * t - (at - (leg.centre + along * t)).norm()
}
