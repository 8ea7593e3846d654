//! Bone beneath the joint: how dense it is under the roof, and cysts.

use super::joint_space::JointSpace;
use coxa_anatomy::osteoarthritis::Sector;
use coxa_anatomy::thresholds::{FLUID_BELOW_HU, METAL_HU};
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Point, Side, Vector};
use coxa_imaging::sample::Sampler;
use coxa_imaging::{CtVolume, LabelMap};
use std::collections::{BTreeSet, HashMap};

/// Depths of the subchondral band and of the bone it is held against, in mm from the surface of the socket.
const BAND_MM: [f64; 2] = [1.5, 5.0];
const DEEPER_MM: [f64; 2] = [9.0, 15.0];
const STEP_MM: f64 = 0.5;
/// Cysts are sought this near to the loaded surface of the joint, on either side of it.
const CYST_DEPTH_MM: [f64; 2] = [1.5, 14.0];
/// Fluid lies below [`FLUID_BELOW_HU`], or this share of the zone's median where that is less.
const FLUID_SHARE: f64 = 0.45;
/// Fewer voxels, or less volume, are noise.
const LEAST_VOXELS: usize = 8;
const LEAST_MM3: f64 = 30.0;

/// Mean CT number of the band under the loaded roof, and of the bone above it; `None` where metal or the end of the scan leave too
/// little.
pub(crate) fn roof_hu(ct: &CtVolume, space: &JointSpace, side: Side) -> Option<[f64; 2]> {
    let sampler = Sampler::new(ct);
    let mean = |[low, high]: [f64; 2]| {
        let (mut sum, mut count) = (0.0, 0_usize);
        for ((at, out), place) in space.on_socket.iter().zip(&space.places) {
            if !matches!(place.sector, Sector::Superior | Sector::Lateral) {
                continue;
            }
            let steps = ((high - low) / STEP_MM) as usize;
            for step in 0..=steps {
                let p = *at + *out * (low + STEP_MM * step as f64);
                let hu = sampler.linear(ct.grid.to_voxel(side.leave(p)).coords());
                if let Some(hu) = hu.filter(|hu| *hu < f64::from(METAL_HU)) {
                    sum += hu;
                    count += 1;
                }
            }
        }
        (count > 100).then(|| sum / count as f64)
    };
    Some([mean(BAND_MM)?, mean(DEEPER_MM)?])
}

/// Volume in mm³ of fluid enclosed in bone beside the loaded part of the joint. `bones` are the ids of the hip bone and the
/// femur.
pub(crate) fn cyst_volume_mm3(
    ct: &CtVolume,
    labels: &LabelMap,
    bones: [u8; 2],
    space: &JointSpace,
    side: Side,
) -> Option<f64> {
    let mut zone: HashMap<[usize; 3], f64> = HashMap::new();
    let spacing = ct.grid.voxel_volume_mm3().cbrt();
    let steps = ((CYST_DEPTH_MM[1] - CYST_DEPTH_MM[0]) / (0.7 * spacing)).ceil().clamp(1.0, 100.0) as usize;
    let mut walk = |start: Point<RightSide>, out: Vector<RightSide>, sign: f64| {
        for step in 0..=steps {
            let depth = CYST_DEPTH_MM[0] + (CYST_DEPTH_MM[1] - CYST_DEPTH_MM[0]) * step as f64 / steps as f64;
            let p = start + out * (sign * depth);
            let index = ct.grid.to_voxel(side.leave(p)).coords();
            if (0..3).any(|a| index[a] < 0.0) {
                continue;
            }
            let at = [index.z.round() as usize, index.y.round() as usize, index.x.round() as usize];
            let Some(&hu) = ct.voxels.get(at) else { continue };
            if labels.volume.voxels.get(at).is_some_and(|label| bones.contains(label)) && hu < METAL_HU {
                zone.insert(at, f64::from(hu));
            }
        }
    };
    for ((on_socket, out), place) in space.on_socket.iter().zip(&space.places) {
        walk(*on_socket, *out, 1.0);
        walk(place.place_mm, *out, -1.0);
    }
    if zone.len() < 200 {
        return None;
    }
    let mut all: Vec<f64> = zone.values().copied().collect();
    all.sort_by(f64::total_cmp);
    let limit = FLUID_BELOW_HU.min(FLUID_SHARE * all[all.len() / 2]);
    let mut fluid: BTreeSet<[usize; 3]> =
        zone.iter().filter(|(_, hu)| **hu < limit).map(|(at, _)| *at).collect();
    let voxel = ct.grid.voxel_volume_mm3();
    let mut volume = 0.0;
    while let Some(first) = fluid.pop_first() {
        let (mut open, mut count) = (vec![first], 0_usize);
        while let Some([k, j, i]) = open.pop() {
            count += 1;
            let beside = [
                [k.wrapping_sub(1), j, i],
                [k + 1, j, i],
                [k, j.wrapping_sub(1), i],
                [k, j + 1, i],
                [k, j, i.wrapping_sub(1)],
                [k, j, i + 1],
            ];
            open.extend(beside.into_iter().filter(|at| fluid.remove(at)));
        }
        if count >= LEAST_VOXELS && count as f64 * voxel >= LEAST_MM3 {
            volume += count as f64 * voxel;
        }
    }
    Some(volume)
}
