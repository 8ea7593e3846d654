//! The sacrum apart from the fifth lumbar vertebra.

use super::cut::{self, SOLID, Seed};
use super::field::Field;
use super::midplane::Midplane;
use nalgebra::{Point3, Vector3};

/// Half the width and depth of the disc that is looked for.
const DISC_MM: (f64, f64) = (14.0, 9.0);
/// Depth of a valley that makes a voxel e times easier to cut.
const VALLEY_HU: f64 = 45.0;

/// The disc between sacrum and spine.
#[derive(Debug, Clone, Copy)]
pub(super) struct Disc {
    pub(super) centre: Point3<f64>,
    /// Unit normal, towards the head.
    pub(super) up: Vector3<f64>,
}

/// Finds the disc that lies in the midplane at the height of the upper end of the sacro-iliac joints.
pub(super) fn find_disc(field: &Field<i16>, midplane: &Midplane, joints_top: f64, bone_hu: i16) -> Option<Disc> {
    let mut best: Option<(f64, Disc)> = None;
    let step = 2.0;
    let mut dz = -30.0;
    while dz <= 40.0 {
        let mut dy = -35.0;
        while dy <= 45.0 {
            let centre = midplane.at(midplane.hips.y + dy, joints_top + dz);
            for tilt in (0..=6).map(|n| f64::from(n) * 10.0_f64.to_radians()) {
                let up = Vector3::new(0.0, -tilt.sin(), tilt.cos());
                if let Some(depth) = disc_depth(field, centre, up, bone_hu) {
                    let score = depth * (-(dz / 15.0_f64).powi(2) / 2.0).exp();
                    if best.is_none_or(|(s, _)| score > s) {
                        best = Some((score, Disc { centre, up }));
                    }
                }
            }
            dy += step;
        }
        dz += step;
    }
    best.filter(|(score, _)| *score > 25.0).map(|(_, disc)| disc)
}

/// How much darker a plate is than the bone above and below it; `None` unless there is bone on both sides.
fn disc_depth(field: &Field<i16>, centre: Point3<f64>, up: Vector3<f64>, bone_hu: i16) -> Option<f64> {
    let back = Vector3::x().cross(&up) * -1.0;
    let level = |offset: f64| -> Option<f64> {
        let mut sum = 0.0;
        let mut count = 0usize;
        for x in [-1.0, -0.5, 0.0, 0.5, 1.0] {
            for b in [-1.0, -0.5, 0.0, 0.5, 1.0] {
                let at = centre + up * offset + Vector3::x() * (x * DISC_MM.0) + back * (b * DISC_MM.1);
                sum += field.linear(at)?.min(600.0);
                count += 1;
            }
        }
        Some(sum / count as f64)
    };
    let middle = level(0.0)?;
    let mut sides = [f64::NEG_INFINITY; 2];
    for (side, sign) in sides.iter_mut().zip([-1.0, 1.0]) {
        for offset in [4.0, 6.0, 8.0] {
            *side = side.max(level(sign * offset)?);
        }
        // Behind the endplate there is a vertebral body, not more soft tissue.
        if level(sign * 12.0)? < f64::from(bone_hu) - 40.0 {
            return None;
        }
    }
    let least = sides[0].min(sides[1]);
    (least > f64::from(bone_hu)).then_some(least - middle)
}

/// Whether each voxel (ascending) of sacrum and spine belongs to the sacrum.
pub(super) fn split(field: &Field<i16>, nodes: &[u32], disc: &Disc, midplane: &Midplane, bone_hu: i16) -> Vec<bool> {
    let seed = |n: usize| {
        let at = field.lattice.place(n);
        let from = at - disc.centre;
        let height = from.dot(&disc.up);
        let lateral = midplane.lateral(at).abs();
        if at.z < disc.centre.z - 35.0 {
            return Seed::First;
        }
        if at.z > disc.centre.z + 45.0 {
            return Seed::Second;
        }
        let body = lateral < 20.0 && from.y.abs() < 16.0;
        match height {
            h if body && h < -7.0 => Seed::First,
            h if body && h > 7.0 => Seed::Second,
            _ => Seed::Open,
        }
    };
    let half = std::f64::consts::FRAC_1_SQRT_2;
    let directions = [
        disc.up,
        Vector3::x(),
        Vector3::y(),
        Vector3::new(half, half, 0.0),
        Vector3::new(half, -half, 0.0),
    ];
    let strength = |n: usize| {
        let from = field.lattice.place(n) - disc.centre;
        if from.norm() > 60.0 {
            return SOLID;
        }
        let mut depth = cut::valley(field, n, &directions, 4.5);
        if field.data[n] < bone_hu {
            depth += 40.0;
        }
        let plane = (-(from.dot(&disc.up) / 4.0).powi(2)).exp();
        cut::strength(depth + 20.0 * plane, VALLEY_HU)
    };
    cut::split(&field.lattice, nodes, strength, seed)
}
