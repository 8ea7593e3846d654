//! The strands of the thigh in a scan: carried by the bones that the shape models complete, at the size of what the scan shows.
//!
//! They are schematic, cross-sections as in anatomy books between the patient's bones, not surfaces of real muscles. Muscles that have
//! such surfaces go before them.

use super::patch::Patch;
use super::pose::{Pose, Said};
use super::prediction::Prediction;
use crate::median::median;
use coxa_shape::interpolate::interpolate;
use coxa_shape::muscle_atlas::thigh::Thigh;
use coxa_shape::muscle_atlas::{STRAND_NAMES, ThighCarrier};
use rayon::prelude::*;

/// Radius of the compartment where the scan shows too little of it, as in the average person.
const USUAL_RADIUS_MM: f64 = 60.0;
const RADIUS_LIMITS_MM: [f64; 2] = [40.0, 95.0];
/// Radius of the compartment over that at mid-thigh, by share of the way from the lesser trochanter to the knee.
const TAPER: [[f64; 2]; 4] = [[0.0, 1.07], [0.33, 1.0], [0.76, 0.83], [1.0, 0.76]];
/// Sections that show its size: levels between these, of this thickness.
const SECTIONS: std::ops::Range<f64> = 0.1..0.8;
const SECTION: f64 = 0.02;
/// Middle of the compartment before the shaft's axis (medial, anterior), over its radius, as the stations are drawn; how far from there
/// muscle is of this thigh at all, and how far strands shift to the middle that the scan shows, in mm.
const MIDDLE: [f64; 2] = [0.16, -0.13];
const REACH_MM: f64 = 105.0;
const MOST_SHIFT_MM: f64 = 18.0;
/// So many voxels of a thigh are asked for at most, and those used of which the network says rather than not that they are strands.
const MOST_ASKED: usize = 12_000;
const LEAST_SAID: f32 = 0.5;
/// The borders of strands are this much less sure than those of surfaces that were laid on the scan.
const UNSURE: f32 = 0.5;

/// Places in [`STRAND_NAMES`] of the strands that the scan shows, and how deep each voxel of the patch lies in them, in mm. Where a muscle with a
/// surface of its own lies, whose `depths` these are, is no strand. What a network says of the strands, the first of which is
/// its muscle `first`, moves them.
pub(super) fn depths(
    carrier: &ThighCarrier,
    patch: &Patch,
    depths: &[Vec<f32>],
    prediction: Option<&Prediction>,
    first: usize,
) -> Vec<(usize, Vec<f32>)> {
    let unseen = Compartment { radius_mm: USUAL_RADIUS_MM, shift_mm: [0.0; 2] };
    let Compartment { radius_mm, shift_mm } = compartment(carrier, patch).unwrap_or(unseen);
    let mut pose = Pose { turn: 0.0, stretch: 1.0, radius_mm, shift_mm };
    // A strand of which it knows nothing would shrink to nothing.
    if let Some(prediction) =
        prediction.filter(|prediction| (0..STRAND_NAMES.len()).all(|strand| prediction.knows(first + strand)))
    {
        pose = pose.agreeing(&carrier.bones, carrier.is_knee_seen, &said(carrier, patch, prediction, first));
    }
    let Some(thigh) = pose.thigh(&carrier.bones) else { return Vec::new() };
    let [ni, nj, nk] = patch.grid.dims;
    let mut found = vec![vec![f32::NEG_INFINITY; ni * nj * nk]; STRAND_NAMES.len()];
    // Slice by slice, as all muscles of a voxel are known together.
    let slices: Vec<Vec<(usize, [f32; STRAND_NAMES.len()])>> = (0..nk)
        .into_par_iter()
        .map(|k| {
            let mut own = [f32::NEG_INFINITY; STRAND_NAMES.len()];
            let of = |n: usize| {
                let point = patch.point(n);
                if !patch.soft[n] || point.x > carrier.middle_x {
                    return None;
                }
                thigh.depths(point, &mut own);
                let beside = depths.iter().map(|d| d[n]).fold(f32::NEG_INFINITY, f32::max);
                let own = own.map(|depth| (UNSURE * depth).min(-beside));
                own.iter().any(|depth| *depth > f32::NEG_INFINITY).then_some((n, own))
            };
            (k * ni * nj..(k + 1) * ni * nj).filter_map(of).collect()
        })
        .collect();
    let mut seen = [false; STRAND_NAMES.len()];
    for (n, own) in slices.into_iter().flatten() {
        for (strand, depth) in own.into_iter().enumerate() {
            found[strand][n] = depth;
            seen[strand] |= depth > 0.0 && patch.candidate[n];
        }
    }
    found.into_iter().enumerate().filter(|(strand, _)| seen[*strand]).collect()
}

/// Voxels of the thigh that the network takes for strands, spread over it, with what it says of them.
fn said(carrier: &ThighCarrier, patch: &Patch, prediction: &Prediction, first: usize) -> Vec<Said> {
    let is_own = |n: &usize| patch.candidate[*n] && patch.point(*n).x < carrier.middle_x;
    let below = |n: &usize| patch.point(*n).z < carrier.bones.shaft.z;
    let own: Vec<usize> = (0..patch.hu.len()).filter(is_own).filter(below).collect();
    let own: Vec<usize> = own.iter().step_by(own.len() / MOST_ASKED + 1).copied().collect();
    let said = prediction.mean(&own);
    let of = |(place, &n): (usize, &usize)| {
        let shares: [f32; STRAND_NAMES.len()] = std::array::from_fn(|strand| said[1 + first + strand][place]);
        (shares.iter().sum::<f32>() > LEAST_SAID).then(|| (patch.point(n), shares))
    };
    own.iter().enumerate().filter_map(of).collect()
}

/// The compartment by the sections that are seen whole; `None` where none is.
fn compartment(carrier: &ThighCarrier, patch: &Patch) -> Option<Compartment> {
    let thigh = Thigh::new(&carrier.bones, USUAL_RADIUS_MM, |_| 1.0, |_| Some(0))?;
    let [ni, nj, nk] = patch.grid.dims;
    let count = ((SECTIONS.end - SECTIONS.start) / SECTION).round() as usize;
    // Of each section, voxels of muscle and the sums of where they are; none where it leaves the patch.
    let mut sections = vec![Some([0.0f64; 3]); count];
    for k in 0..nk {
        for j in 0..nj {
            for i in 0..ni {
                let n = i + ni * (j + nj * k);
                let at_edge = i == 0 || j == 0 || k == 0 || i + 1 == ni || j + 1 == nj || k + 1 == nk;
                let share = f64::from(patch.muscle[n]);
                if share < 0.5 && !at_edge {
                    continue;
                }
                let point = patch.point(n);
                let [level, m, a] = thigh.coordinates(point);
                let [middle_m, middle_a] = MIDDLE.map(|middle| middle * USUAL_RADIUS_MM);
                let is_own = (m - middle_m).hypot(a - middle_a) < REACH_MM && point.x < carrier.middle_x;
                if !SECTIONS.contains(&level) || !is_own {
                    continue;
                }
                let Some(section) = sections.get_mut(((level - SECTIONS.start) / SECTION) as usize) else {
                    continue;
                };
                // A section that ends with the scan in air or fat at its side is whole all the same.
                let cut = at_edge && (share >= 0.5 || k == 0 || k + 1 == nk);
                let sum = |[count, in_m, in_a]: [f64; 3]| [count + share, in_m + share * m, in_a + share * a];
                *section = section.filter(|_| !cut).map(sum);
            }
        }
    }
    let thickness = SECTION * thigh.down().norm();
    let whole = sections.iter().enumerate().filter_map(|(n, section)| {
        let [count, m, a] = section.filter(|section| section[0] > 0.0)?;
        let area = count * patch.grid.voxel_volume_mm3() / thickness;
        let level = SECTIONS.start + (n as f64 + 0.5) * SECTION;
        Some([(area / std::f64::consts::PI).sqrt() / taper(level), m / count, a / count])
    });
    let whole: Vec<[f64; 3]> = whole.collect();
    let [least, most] = RADIUS_LIMITS_MM;
    let radius_mm = median(whole.iter().map(|section| section[0]))?.clamp(least, most);
    let shift = |axis: usize| {
        let seen = median(whole.iter().map(|section| section[axis + 1]))?;
        Some((seen - MIDDLE[axis] * radius_mm).clamp(-MOST_SHIFT_MM, MOST_SHIFT_MM))
    };
    Some(Compartment { radius_mm, shift_mm: [shift(0)?, shift(1)?] })
}

/// What the scan shows of the muscles of a thigh together.
#[derive(Debug, Clone, Copy)]
struct Compartment {
    /// Radius at mid-thigh.
    radius_mm: f64,
    /// From where the strands are drawn to where muscle is: inwards, forwards.
    shift_mm: [f64; 2],
}

/// Radius of the compartment at a level over that at mid-thigh.
fn taper(level: f64) -> f64 {
    let [ratio] = interpolate(&TAPER, level);
    ratio
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thigh_tapers_towards_the_knee() {
        assert_eq!((taper(-1.0), taper(0.33), taper(2.0)), (1.07, 1.0, 0.76));
        assert!((0..20).map(|n| -taper(f64::from(n) / 20.0)).collect::<Vec<_>>().is_sorted());
    }
}
