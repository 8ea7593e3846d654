//! Metal at the resolution of the scan, by side and place.

use super::field::Field;
use super::found::{self, Bones};
use super::heads::side_sign;
use super::morphology;
use super::native::Walker;
use super::scan::Scan;
use super::segmentation::Metal;
use coxa_anatomy::Bone;
use coxa_anatomy::thresholds::METAL_HU;
use coxa_geometry::Side;
use nalgebra::Point3;

/// Id of metal, that of [`coxa_anatomy::label_names::our_table`].
pub(super) const ID: u8 = 6;
/// Metal this far from its piece on the working lattice is still of it.
const REACH_MM: f64 = 4.0;
/// Metal this far from a bone belongs to it.
const BESIDE_BONE_MM: f64 = 6.0;
/// Beyond the head: the wall of the socket.
const SOCKET_WALL_MM: f64 = 12.0;

/// Takes away labels within the shell of a replaced socket: there is plastic and what has grown in, but no bone.
pub(super) fn clear_shells(ct: &Scan<'_>, bones: &Bones, labels: &mut [u8]) {
    let lattice = bones.metal.lattice;
    let [ni, nj, _] = ct.grid.dims;
    let walker = Walker::new(ct, lattice);
    let replaced: Vec<_> = bones.heads.iter().filter(|head| head.is_replaced).collect();
    if replaced.is_empty() {
        return;
    }
    for (n, label) in labels.iter_mut().enumerate().filter(|(_, label)| **label != 0) {
        let Some(at) = walker.index(n % ni, n / ni % nj, n / (ni * nj)) else { continue };
        let place = lattice.place(at);
        if replaced.iter().any(|head| (head.centre - place).norm() < head.radius) {
            *label = 0;
        }
    }
}

/// Marks the voxels of metal in or beside bone, and measures them by side.
pub(super) fn mark(ct: &Scan<'_>, bones: &Bones, labels: &mut [u8]) -> Vec<Metal> {
    if !bones.metal.data.contains(&true) {
        return Vec::new();
    }
    let lattice = bones.metal.lattice;
    let near_metal = morphology::dilated(&bones.metal, REACH_MM);
    let beside = |bone: Bone| {
        let set = Field { lattice, data: bones.solids.data.iter().map(|&l| l == found::id(bone)).collect() };
        morphology::dilated(&set, BESIDE_BONE_MM)
    };
    let femora = Side::BOTH.map(|side| beside(Bone::femur(side)));
    let hips = Side::BOTH.map(|side| beside(Bone::hip(side)));
    let sacrum = beside(Bone::Sacrum);
    let voxel = ct.grid.voxel_volume_mm3();
    let [ni, nj, _] = ct.grid.dims;
    let walker = Walker::new(ct, lattice);
    let mut found =
        Side::BOTH.map(|side| Metal { side, volume_mm3: 0.0, in_femur_mm3: 0.0, at_joint_mm3: 0.0 });
    for (n, _) in ct.voxels.iter().enumerate().filter(|(_, value)| **value >= METAL_HU) {
        let Some(at) = walker.index(n % ni, n / ni % nj, n / (ni * nj)) else { continue };
        if !near_metal.data[at] {
            continue;
        }
        let place = lattice.place(at);
        let side = side_of(place, bones);
        let index = usize::from(side == Side::Left);
        let in_femur = femora[index].data[at];
        if !(in_femur || hips[index].data[at] || sacrum.data[at]) {
            continue;
        }
        labels[n] = ID;
        let metal = &mut found[index];
        metal.volume_mm3 += voxel;
        if in_femur {
            metal.in_femur_mm3 += voxel;
        }
        if bones.heads.iter().any(|h| h.side == side && (h.centre - place).norm() < h.radius + SOCKET_WALL_MM)
        {
            metal.at_joint_mm3 += voxel;
        }
    }
    found.into_iter().filter(|metal| metal.volume_mm3 > 0.0).collect()
}

/// The side that a place belongs to: that of the nearer head, or of the only one unless the place is far medial of it.
fn side_of(place: Point3<f64>, bones: &Bones) -> Side {
    let nearest = bones.heads.iter().min_by(|a, b| {
        let distance = |p: &Point3<f64>| (p.x - place.x).abs();
        distance(&a.centre).total_cmp(&distance(&b.centre))
    });
    match nearest {
        Some(head) if (place.x - head.centre.x) * side_sign(head.side) < 90.0 => head.side,
        Some(head) => head.side.other(),
        None => Side::Right,
    }
}
