//! Hip bones, sacrum and spine apart from one another.

use super::field::Field;
use super::found::{Bones, SPINE, id};
use super::heads::Head;
use super::levels::Levels;
use super::lumbosacral::{self, Disc, Expected};
use super::midplane::{Midplane, PelvicAxes};
use super::pelvis::{self, PelvicPart};
use super::usual_pelvis::LaidPelvis;
use coxa_anatomy::Bone;

/// How far above the hip centres the spine is looked at, in half hip distances.
const SPINE_REACH: f64 = 2.6;

/// What is known of a pelvis once its bones are parted.
pub(super) struct Parted {
    pub(super) axes: PelvicAxes,
    /// The disc above the sacrum; where it usually lies on the laid one if it is not seen.
    pub(super) disc: Option<Disc>,
    /// Which voxels lie above the sacrum, which ends at the disc if that is seen.
    pub(super) above: Vec<bool>,
    pub(super) laid: Option<LaidPelvis>,
}

/// Parts hip bones, sacrum and spine.
pub(super) fn split(
    field: &Field<i16>,
    solid: &Field<bool>,
    levels: &Levels,
    midplane: &Midplane,
    certain_hip: &[bool],
    bones: &mut Bones,
) -> Parted {
    let lattice = field.lattice;
    let top = midplane.hips.z + SPINE_REACH * midplane.half_mm;
    let nodes: Vec<u32> = (0..lattice.len())
        .filter(|&n| solid.data[n] && bones.solids.data[n] == 0 && lattice.place(n).z < top)
        .map(|n| n as u32)
        .collect();
    // A side that was guessed is seen where its metal is.
    let is_seen = |head: &&Head| head.is_replaced || !bones.guessed.contains(&head.side);
    let found: Vec<Head> = bones.heads.iter().filter(is_seen).copied().collect();
    let laid = LaidPelvis::on(field, &nodes, &found, midplane);
    let axes = laid.as_ref().map_or_else(|| midplane.pelvic_axes(), |laid| laid.axes);
    let parts = pelvis::split(field, &nodes, &axes, laid.as_ref(), levels.weak_bone, |n| certain_hip[n]);
    let sacrum = id(Bone::Sacrum);
    for (&n, part) in nodes.iter().zip(parts) {
        bones.solids.data[n as usize] = match part {
            PelvicPart::HipRight => id(Bone::HipRight),
            PelvicPart::HipLeft => id(Bone::HipLeft),
            PelvicPart::Central => sacrum,
        };
    }
    let central: Vec<u32> = nodes.into_iter().filter(|&n| bones.solids.data[n as usize] == sacrum).collect();
    let joints_top = top_of_joints(&bones.solids, &central, &axes);
    let expected = match &laid {
        Some(laid) => Expected::Endplate(laid.endplate),
        None => Expected::JointsTop(joints_top),
    };
    let disc = lumbosacral::find_disc(field, &axes, expected, levels.weak_bone);
    let is_above = |n: usize| match &disc {
        Some(disc) => lumbosacral::is_above(lattice.place(n), disc, &axes),
        // A sacrum that lies flatter than any of the model's stands out of the laid one: both must say so.
        None => {
            axes.relative(lattice.place(n)).z > joints_top + 0.3 * axes.half_mm
                && laid.as_ref().is_none_or(|laid| laid.is_off_sacrum(n))
        }
    };
    let above: Vec<bool> = (0..lattice.len()).map(is_above).collect();
    match disc {
        Some(disc) => {
            let below = lumbosacral::split(field, &central, &disc, &axes, levels.weak_bone);
            for (&n, below) in central.iter().zip(below) {
                if !below {
                    bones.solids.data[n as usize] = SPINE;
                }
            }
        }
        None => {
            for n in central.into_iter().map(|n| n as usize).filter(|&n| above[n]) {
                bones.blind_sacrum = true;
                bones.solids.data[n] = SPINE;
            }
        }
    }
    let disc = disc.or_else(|| laid.as_ref().map(LaidPelvis::usual_disc));
    Parted { axes, disc, above, laid }
}

/// Height of the upper end of the sacro-iliac joints over the hips; the usual one where they are not in view.
fn top_of_joints(labels: &Field<u8>, central: &[u32], axes: &PelvicAxes) -> f64 {
    let hip = |n: usize| labels.data[n] == id(Bone::HipRight) || labels.data[n] == id(Bone::HipLeft);
    let mut heights: Vec<f64> = central
        .iter()
        .map(|&n| n as usize)
        .filter(|&n| labels.lattice.neighbours(n).any(hip))
        .map(|n| axes.relative(labels.lattice.place(n)).z)
        .collect();
    heights.sort_by(f64::total_cmp);
    // The last few contacts may be a bridge of bone or a contrast-filled vessel.
    match heights.len() {
        0..50 => 1.15 * axes.half_mm,
        count => heights[count * 95 / 100],
    }
}
