//! Hip bones apart from the sacrum at the sacro-iliac joints, and from each other at the symphysis.

use super::cut::{self, SOLID, Seed};
use super::field::Field;
use super::midplane::PelvicAxes;
use super::usual_pelvis::LaidPelvis;
use nalgebra::Vector3;

/// Depth of a valley that makes a voxel e times easier to cut.
const VALLEY_HU: f64 = 40.0;

/// Band around the usual place of the sacro-iliac joint where only the image speaks, in half hip distances.
const TOLERANCE: f64 = 0.08;
/// The same where a pelvis is laid on the scan, which knows the place better. Of 0.02, 0.05 and 0.08 the one that did best on one real CT;
/// scans made of eight people's bones did not tell them apart.
const LAID_TOLERANCE: f64 = 0.02;
/// The symphysis is not further than this from the midplane, and not further than this from where the laid pelvis has it.
const SYMPHYSIS_MM: f64 = 15.0;
const LAID_SYMPHYSIS_MM: f64 = 10.0;
/// What a voxel costs for every millimetre beyond that band, and at most.
const PRIOR_PER_MM: f64 = 40.0;
const PRIOR_MOST: f64 = 400.0;

/// Usual distance of the sacro-iliac joint from the midplane at a place relative to the middle of the hip centres. The
/// joint runs from in front and outside to behind and inside, and is twisted: steep below, slanting above.
fn joint_lateral(relative: Vector3<f64>, half_mm: f64) -> f64 {
    let behind = relative.y / half_mm;
    let above = relative.z / half_mm;
    let slant = 0.25 + 0.45 * ((above - 0.75) / 0.4).clamp(0.0, 1.0);
    (0.66 - slant * (behind - 0.45)) * half_mm
}

/// Parts of the pelvis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PelvicPart {
    HipRight,
    HipLeft,
    /// Sacrum, coccyx and spine.
    Central,
}

/// Assigns voxels (ascending) to hip bones and what lies between them. `hip` says which voxels are known to be hip
/// bone.
pub(super) fn split(
    field: &Field<i16>,
    nodes: &[u32],
    axes: &PelvicAxes,
    laid: Option<&LaidPelvis>,
    bone_hu: i16,
    hip: impl Fn(usize) -> bool,
) -> Vec<PelvicPart> {
    let central = from_spine(field, nodes, axes, laid, bone_hu, hip);
    let hips: Vec<u32> =
        nodes.iter().zip(&central).filter(|(_, central)| !**central).map(|(&n, _)| n).collect();
    let mut left = at_symphysis(field, &hips, axes, laid, bone_hu).into_iter();
    central
        .into_iter()
        .map(|central| match central {
            true => PelvicPart::Central,
            false if left.next().unwrap_or(false) => PelvicPart::HipLeft,
            false => PelvicPart::HipRight,
        })
        .collect()
}

/// Whether each voxel belongs to sacrum or spine.
fn from_spine(
    field: &Field<i16>,
    nodes: &[u32],
    axes: &PelvicAxes,
    laid: Option<&LaidPelvis>,
    bone_hu: i16,
    hip: impl Fn(usize) -> bool,
) -> Vec<bool> {
    let half = axes.half_mm;
    // How far outside the sacro-iliac joint a voxel is expected to be.
    let outwards = |n: usize, relative: Vector3<f64>| {
        let known = laid.and_then(|laid| laid.outwards(n));
        known.unwrap_or_else(|| relative.x.abs() - joint_lateral(relative, half))
    };
    let tolerance = if laid.is_some() { LAID_TOLERANCE } else { TOLERANCE };
    let seed = |n: usize| {
        if hip(n) {
            return Seed::Second;
        }
        let relative = axes.relative(field.lattice.place(n));
        let outwards = outwards(n, relative);
        let behind = relative.z > 60.0 || relative.y > 30.0;
        let below_coccyx = relative.z < -0.2 * half;
        if behind && !below_coccyx && (relative.x.abs() < 0.2 * half || relative.z > 1.9 * half) {
            // Above the crest of any ilium there is only spine (and ribs, which nothing joins to the pelvis).
            Seed::First
        } else if outwards > 0.2 * half && relative.z < 1.1 * half || !behind || below_coccyx {
            Seed::Second
        } else {
            let beyond = (outwards.abs() - tolerance * half).max(0.0) * outwards.signum();
            Seed::Lean((-beyond * PRIOR_PER_MM).clamp(-PRIOR_MOST, PRIOR_MOST) as i32)
        }
    };
    let directions = |left: f64| {
        // The sacro-iliac joints face forwards and outwards.
        [-10.0f64, 10.0, 30.0, 50.0].map(|deg| {
            let (sin, cos) = deg.to_radians().sin_cos();
            axes.direction(Vector3::new(left * cos, -sin, 0.0))
        })
    };
    let strength = |n: usize| {
        let relative = axes.relative(field.lattice.place(n));
        if outwards(n, relative).abs() > 0.25 * half {
            return SOLID;
        }
        let mut depth = cut::valley(field, n, &directions(relative.x.signum()), 4.5);
        if field.data[n] < bone_hu {
            depth += 20.0;
        }
        cut::strength(depth, VALLEY_HU)
    };
    cut::split(&field.lattice, nodes, strength, seed)
}

/// Whether each voxel of the hip bones belongs to the left one.
fn at_symphysis(
    field: &Field<i16>,
    nodes: &[u32],
    axes: &PelvicAxes,
    laid: Option<&LaidPelvis>,
    bone_hu: i16,
) -> Vec<bool> {
    // How far to the left of the symphysis a voxel is.
    let leftwards = |n: usize| {
        let known = laid.and_then(|laid| laid.leftwards(n));
        known.unwrap_or_else(|| axes.relative(field.lattice.place(n)).x)
    };
    let open = if laid.is_some() { LAID_SYMPHYSIS_MM } else { SYMPHYSIS_MM };
    let seed = |n: usize| match leftwards(n) {
        left if left > open => Seed::First,
        left if left < -open => Seed::Second,
        _ => Seed::Open,
    };
    let strength = |n: usize| {
        let mut depth = cut::valley(field, n, &[axes.direction(Vector3::x())], 6.0);
        if field.data[n] < bone_hu {
            depth += 60.0;
        }
        cut::strength(depth + 15.0 * (-(leftwards(n) / 5.0).powi(2)).exp(), VALLEY_HU)
    };
    cut::split(&field.lattice, nodes, strength, seed)
}
