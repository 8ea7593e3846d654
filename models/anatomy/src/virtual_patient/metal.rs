//! Metal in a femur: a nail down the canal and a screw into the head, with streaks.

use super::VirtualPatientOptions;
use super::shape::Anatomy;
use crate::patient::LandmarkKind;
use nalgebra::{Point3, Vector3};

/// Beyond the range of most scanners' numbers.
const METAL_HU: f64 = 3071.0;
const NAIL_RADIUS_MM: f64 = 5.5;
const SCREW_RADIUS_MM: f64 = 5.0;
/// Rise of the screw towards the head; 130 degrees to the nail.
const SCREW_SLOPE_DEG: f64 = 40.0;

/// Two rods of metal.
pub(super) struct Implant {
    rods: [(Point3<f64>, Point3<f64>, f64); 2],
}

impl Implant {
    /// The nail of the femur the options ask for.
    pub(super) fn new(options: &VirtualPatientOptions, anatomy: &Anatomy) -> Option<Implant> {
        let side = options.metal?;
        let truth = anatomy.side(side);
        let landmark = |kind| truth.landmarks_mm.get(&kind).map(|p| p.coords());
        let centre = truth.head_centre_mm.coords();
        let femur = anatomy.bones.iter().find(|b| b.bone == crate::patient::Bone::femur(side))?;
        // The canal's middle at two levels of the shaft, from the bone's own surface.
        let length = centre.z - landmark(LandmarkKind::MedialEpicondyle)?.z;
        let middle = |share: f64| {
            let level = centre.z - share * length;
            let near: Vec<_> = femur
                .mesh
                .vertices
                .iter()
                .map(|v| v.coords())
                .filter(|v| (v.z - level).abs() < 8.0)
                .collect();
            let sum = near.iter().fold(Vector3::zeros(), |s, v| s + v.coords);
            (!near.is_empty()).then(|| Point3::from(sum / near.len() as f64))
        };
        let (high, low) = (middle(0.3)?, middle(0.55)?);
        let axis = (high - low).normalize();
        // The nail ends at the height of the head.
        let top = high + axis * (centre - high).dot(&axis);
        // The screw meets the nail's axis at the usual angle.
        let across = centre - top;
        let meeting = top - axis * (across.norm() * SCREW_SLOPE_DEG.to_radians().tan());
        let along = (centre - meeting).normalize();
        let (entry, tip) = (meeting - along * 22.0, centre + along * 8.0);
        Some(Implant { rods: [(top, low, NAIL_RADIUS_MM), (entry, tip, SCREW_RADIUS_MM)] })
    }

    /// Adds metal and streaks to a row of CT numbers along +x.
    pub(super) fn expose(&self, hu: &mut [f64], x0: f64, spacing: f64, y: f64, z: f64) {
        for &(a, b, radius) in &self.rods {
            let (low, high) = (a.z.min(b.z) - radius, a.z.max(b.z) + radius);
            if z < low || z > high {
                continue;
            }
            let t = ((z - a.z) / (b.z - a.z)).clamp(0.0, 1.0);
            let heart = a + (b - a) * t;
            for (i, hu) in hu.iter_mut().enumerate() {
                let p = Point3::new(x0 + i as f64 * spacing, y, z);
                // Photon starvation and beam hardening leave rays of dark and bright about the metal.
                let (dx, dy) = (p.x - heart.x, p.y - heart.y);
                let away = dx.hypot(dy);
                if away > radius && away < 160.0 {
                    let angle = dy.atan2(dx);
                    let rays = (angle * 9.0 + z * 0.4).sin() + 0.7 * (angle * 23.0 - z).sin();
                    *hu += 190.0 * rays * (radius / away).powf(0.8) * (1.0 - away / 160.0);
                }
                let s = ((p - a).dot(&(b - a)) / (b - a).norm_squared()).clamp(0.0, 1.0);
                let outside = (p - a - (b - a) * s).norm() - radius;
                let cover = (0.5 - outside / spacing).clamp(0.0, 1.0);
                *hu += (METAL_HU - *hu) * cover;
            }
        }
    }
}
