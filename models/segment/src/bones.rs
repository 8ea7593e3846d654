//! The decisions on the working lattice: which solid voxel belongs to which bone.

use super::body;
use super::field::{Field, OUTSIDE};
use super::found::{Bones, SPINE, id};
use super::heads::{self, Head};
use super::joint;
use super::levels::Levels;
use super::metal_pieces;
use super::midplane::Midplane;
use super::misread;
use super::morphology;
use super::passages;
use super::pelvic_bones;
use super::scan::Scan;
use super::solid::{self, Walls};
use super::usual_pelvis::LaidPelvis;
use coxa_anatomy::Bone;
use nalgebra::{Matrix3, Vector3};
use rayon::prelude::*;

/// Largest hole in an axial slice that the search for bones closes.
const LARGEST_HOLE_MM2: f64 = 1500.0;
/// How far bright haze reaches around metal.
const HAZE_MM: f64 = 25.0;
/// How bright it is.
const HAZE_HU: i16 = 120;
/// What of it stays where streaks were reduced.
const REDUCED_HAZE_HU: i16 = 30;
/// Cortex is brighter than the threshold of bone by this, and at least this share of a piece of bone.
const CORTEX_ABOVE_BONE_HU: i16 = 200;
const CORTEX_SHARE: f64 = 0.06;

/// Finds bones and metal; `is_reduced` says whether the streaks of metal are.
pub(super) fn find(ct: &Scan<'_>, field: &Field<i16>, levels: &Levels, is_reduced: bool) -> Bones {
    let lattice = field.lattice;
    let metal = metal_pieces::pieces(field);
    let (heads, misread) = misread::heads(ct, levels);
    let mut bones = Bones {
        solids: Field::filled(lattice, 0u8),
        metal,
        heads,
        guessed: Vec::new(),
        blind_sacrum: false,
        misread,
    };
    if bones.heads.is_empty() {
        return bones;
    }
    let solid = solid_voxels(ct, field, levels, &bones.metal, is_reduced);
    guess_other_side(field, &solid, &mut bones);
    // Femora first; what of the hip bones the joints show becomes certain for the next step.
    let mut certain_hip = vec![false; lattice.len()];
    bones.heads = joint::place(ct, &bones.heads, &bones.metal, levels.weak_bone);
    let pelvic = Midplane::of(field, &bones.heads).map_or_else(Matrix3::identity, |plane| plane.axes());
    for head in &bones.heads {
        let femur = id(Bone::femur(head.side));
        for (v, is_femur) in joint::open(field, &solid, head, &pelvic, levels.weak_bone) {
            let v = v as usize;
            if is_femur {
                bones.solids.data[v] = femur;
            } else if (lattice.place(v) - head.centre).norm() < head.radius + 12.0 {
                certain_hip[v] = true;
            }
        }
        add_shaft(&mut bones.solids, &solid, head, femur);
    }
    let parted = Midplane::of(field, &bones.heads)
        .map(|midplane| pelvic_bones::split(field, &solid, levels, &midplane, &certain_hip, &mut bones));
    let laid = parted.as_ref().and_then(|parted| parted.laid.as_ref());
    for bone in Bone::ALL {
        keep_main_pieces(field, levels, &mut bones, bone, laid);
    }
    // What was laid is as large as the scan, and not needed any more.
    let known = parted.and_then(|parted| Some((parted.disc?, parted.above, parted.axes)));
    // The filling that held the parts together while they were split may be marrow or joint space; the bone itself
    // shows which.
    for (label, &value) in bones.solids.data.iter_mut().zip(&field.data) {
        if value <= levels.weak_bone {
            *label = 0;
        }
    }
    let hollow =
        |(disc, above, axes)| passages::hollow(field, above, &disc, &axes, levels.weak_bone, &ct.grid.step);
    let hollow = known.map(hollow).unwrap_or_default();
    solid::fill(field, &mut bones.solids, SPINE, Walls::Own, |_| true);
    for bone in Bone::ALL {
        // What the first round closes encloses the rest of the widest marrow.
        for _ in 0..2 {
            match bone {
                Bone::Sacrum => {
                    let allowed = |n: usize| hollow.get(n) != Some(&true);
                    solid::fill(field, &mut bones.solids, id(bone), Walls::All, allowed);
                }
                _ => solid::fill(field, &mut bones.solids, id(bone), Walls::Own, |_| true),
            }
        }
    }
    bones
}

/// Bone and what it encloses.
fn solid_voxels(
    ct: &Scan<'_>,
    field: &Field<i16>,
    levels: &Levels,
    metal: &Field<bool>,
    is_reduced: bool,
) -> Field<bool> {
    let lattice = field.lattice;
    let body = body::of(ct);
    let bony = |n: usize| {
        let value = field.data[n];
        value != OUTSIDE && value > levels.weak_bone && body.at(lattice.place(n)) == Some(true)
    };
    let mut solid = Field { lattice, data: (0..lattice.len()).into_par_iter().map(bony).collect() };
    if metal.data.contains(&true) {
        let haze = morphology::dilated(metal, HAZE_MM);
        let least = levels.weak_bone.saturating_add(if is_reduced { REDUCED_HAZE_HU } else { HAZE_HU });
        for (n, solid) in solid.data.iter_mut().enumerate() {
            *solid &= !haze.data[n] || field.data[n] > least;
        }
    }
    morphology::fill_cavities(&mut solid);
    morphology::fill_axial_holes(&mut solid, LARGEST_HOLE_MM2);
    solid
}

/// Where one head was found and bone lies opposite it, takes the other to be there: a joint replacement hides the
/// head, and without a cut its femur would be taken for hip bone.
fn guess_other_side(field: &Field<i16>, solid: &Field<bool>, bones: &mut Bones) {
    let [head] = bones.heads[..] else { return };
    let Some(midplane) = Midplane::of(field, &bones.heads) else { return };
    let centre = head.centre + Vector3::x() * (2.0 * midplane.half_mm * heads::side_sign(head.side));
    let step = field.lattice.step;
    let reach = (head.radius / step) as i32;
    let (mut bony, mut seen) = (0usize, 0usize);
    for x in -reach..=reach {
        for y in -reach..=reach {
            for z in -reach..=reach {
                let offset = Vector3::new(f64::from(x), f64::from(y), f64::from(z)) * step;
                if offset.norm() <= head.radius
                    && let Some(value) = field.at(centre + offset)
                    && value != OUTSIDE
                {
                    seen += 1;
                    bony += usize::from(solid.at(centre + offset) == Some(true));
                }
            }
        }
    }
    let ball = 4.19 * (head.radius / step).powi(3);
    if seen as f64 > 0.8 * ball && bony as f64 > 0.6 * seen as f64 {
        let side = head.side.other();
        bones.heads.push(Head { side, centre, radius: head.radius, score: 0.0, is_replaced: false });
        bones.guessed.push(side);
    }
}

/// Follows the femur below the neighbourhood of the hip.
fn add_shaft(labels: &mut Field<u8>, solid: &Field<bool>, head: &Head, femur: u8) {
    let lattice = labels.lattice;
    let starts: Vec<u32> =
        (0..labels.data.len()).filter(|&n| labels.data[n] == femur).map(|n| n as u32).collect();
    let below = head.centre.z - joint::REACH_BELOW_MM + lattice.step;
    let mut seen = vec![false; labels.data.len()];
    let reached = morphology::flood(&lattice, &starts, &mut seen, |n| {
        labels.data[n] == femur || labels.data[n] == 0 && solid.data[n] && lattice.place(n).z < below
    });
    for n in reached {
        labels.data[n as usize] = femur;
    }
}

/// Drops splinters, calcifications, contrast medium and what else is labelled but is no part of the bone.
fn keep_main_pieces(
    field: &Field<i16>,
    levels: &Levels,
    bones: &mut Bones,
    bone: Bone,
    laid: Option<&LaidPelvis>,
) {
    let label = id(bone);
    let lattice = bones.solids.lattice;
    let set = Field { lattice, data: bones.solids.data.iter().map(|&l| l == label).collect() };
    let millilitre = 1000.0 / lattice.step.powi(3);
    let parts = morphology::parts(&set);
    let largest = parts.first().map_or(0, Vec::len) as f64;
    let cortical = |part: &[u32]| {
        let bright = levels.weak_bone.saturating_add(CORTEX_ABOVE_BONE_HU);
        let count = part.iter().filter(|&&n| field.data[n as usize] > bright).count();
        count as f64 > CORTEX_SHARE * part.len() as f64
    };
    let is_there = |part: &[u32]| {
        let at_hips = |laid: &LaidPelvis| part.iter().filter(|&&n| laid.is_at_hips(n as usize)).count();
        laid.is_none_or(|laid| at_hips(laid) * 2 > part.len())
    };
    for (rank, part) in parts.into_iter().enumerate() {
        let size = part.len() as f64;
        let keep = match bone {
            Bone::FemurRight | Bone::FemurLeft => rank == 0 && size > 5.0 * millilitre,
            // A hip bone is one piece, unless the end of the scan cuts it; arms beside it are cut there too.
            Bone::HipRight | Bone::HipLeft => {
                let cut = || size > 0.03 * largest && cortical(&part) && at_scan_end(field, &part);
                size > 2.0 * millilitre && (rank == 0 || cut() && is_there(&part))
            }
            // The coccyx has pieces of its own.
            Bone::Sacrum => rank == 0 || size > 0.3 * millilitre && cortical(&part),
        };
        if !keep {
            for n in part {
                bones.solids.data[n as usize] = 0;
            }
        }
    }
}

/// Whether a set of voxels reaches the end of the scan.
fn at_scan_end(field: &Field<i16>, part: &[u32]) -> bool {
    part.iter().any(|&n| {
        let mut count = 0;
        let inside = field.lattice.neighbours(n as usize).all(|m| {
            count += 1;
            field.data[m] != OUTSIDE
        });
        !inside || count < 6
    })
}
