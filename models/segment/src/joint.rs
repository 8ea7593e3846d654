//! Opening the hip joint: the femur apart from the hip bone.

use super::cut::{self, SOLID, Seed};
use super::field::Field;
use super::heads::{Head, side_sign};
use super::probe::{OF_ADULTS, Placed, Probe, Usual};
use super::replaced;
use super::scan::Scan;
use coxa_anatomy::thresholds::METAL_HU;
use coxa_geometry::Side;
use nalgebra::{Matrix3, Point3, Vector3};

/// A head whose radius differs by this from that of the other side would have to fit perfectly.
const BETWEEN_SIDES_MM: f64 = 8.0;
/// Part of the head's radius within which everything is femur.
const CORE: f64 = 0.82;
/// How far below the head femur and hip bone are told apart; below it the femur runs alone.
pub(super) const REACH_BELOW_MM: f64 = 120.0;
/// How far in front of the head that may be, in a hip that is flexed by 45 degrees.
const FLEXED_MM: f64 = 140.0;
/// Joint space and subchondral bone: how far from the sphere the joint may lie.
const JOINT_REACH_MM: f64 = 9.0;
/// From the head's surface to the middle of the joint space, where the cut runs.
const HALF_GAP_MM: f64 = 1.5;
/// Depth of a valley that makes a voxel e times easier to cut.
const VALLEY_HU: f64 = 35.0;
/// What a place on the sphere is worth in valley depth.
const SPHERE_HU: f64 = 25.0;
/// How much of the head the socket covers: cosine to the direction of its pole.
const COVERED: f64 = 0.2;
/// How much brighter than the threshold of bone a subchondral plate is.
const PLATE_ABOVE_BONE_HU: i16 = 120;
/// What it costs to give a voxel behind the plate to the femur.
const BEHIND_PLATE: i32 = 200;

/// Which way the socket covers a head.
fn covered(side: Side) -> Vector3<f64> {
    Vector3::new(0.6 * side_sign(side), 0.1, 0.8).normalize()
}

/// Places the heads that were found, a replaced joint by its metal.
pub(super) fn place(ct: &Scan<'_>, heads: &[Head], metal: &Field<bool>, bone_hu: i16) -> Vec<Head> {
    let mut heads: Vec<Head> =
        heads.iter().map(|head| replaced::find(metal, head, covered(head.side)).unwrap_or(*head)).collect();
    place_native(ct, &mut heads, bone_hu);
    heads
}

/// Places heads of bone and leaves those that were replaced. The two of a person are alike, so the one that fits better says how
/// large the other is.
pub(super) fn place_native(ct: &Scan<'_>, heads: &mut [Head], bone_hu: i16) {
    let mut found: Vec<(&mut Head, Probe)> = heads
        .iter_mut()
        .filter(|head| !head.is_replaced)
        .map(|head| {
            let probe = Probe::new(ct, head.centre, f64::from(bone_hu), f64::from(METAL_HU));
            (head, probe.clear_of_metal(ct))
        })
        .collect();
    let at = |(head, probe): &(&mut Head, Probe), usual| probe.place(head.centre, covered(head.side), usual);
    let mut placed: Vec<Placed> = found.iter().map(|found| at(found, OF_ADULTS)).collect();
    if let [first, second] = placed[..] {
        let (better, worse) = if first.fit >= second.fit { (first, 1) } else { (second, 0) };
        if better.fit.is_finite() {
            placed[worse] = at(&found[worse], Usual { radius: better.radius, spread: BETWEEN_SIDES_MM });
        }
    }
    for ((head, _), placed) in found.iter_mut().zip(placed).filter(|(_, placed)| placed.fit.is_finite()) {
        (head.centre, head.radius) = (placed.centre, placed.radius);
    }
}

/// The solid voxels around a hip (ascending), each with whether it is femur rather than hip bone; `pelvic` takes vectors to the axes of
/// the pelvis.
pub(super) fn open(
    field: &Field<i16>,
    solid: &Field<bool>,
    head: &Head,
    pelvic: &Matrix3<f64>,
    bone_hu: i16,
) -> Vec<(u32, bool)> {
    let nodes = around(field, solid, head);
    let femur = cut(field, &nodes, head, pelvic, bone_hu);
    nodes.into_iter().zip(femur).collect()
}

/// The solid voxels around a hip, ascending.
fn around(field: &Field<i16>, solid: &Field<bool>, head: &Head) -> Vec<u32> {
    let medial = side_sign(head.side);
    let corner = |m: f64, y: f64, z: f64| head.centre + Vector3::new(medial * m, y, z);
    let (a, b) = (corner(-95.0, -FLEXED_MM, -REACH_BELOW_MM), corner(65.0, 80.0, head.radius + 40.0));
    let (first, last) = field.lattice.window(a.inf(&b), a.sup(&b));
    let mut nodes = Vec::new();
    for z in first[2]..=last[2] {
        for y in first[1]..=last[1] {
            for x in first[0]..=last[0] {
                let n = field.lattice.index([x, y, z]);
                if solid.data[n] {
                    nodes.push(n as u32);
                }
            }
        }
    }
    nodes
}

fn cut(field: &Field<i16>, nodes: &[u32], head: &Head, pelvic: &Matrix3<f64>, bone_hu: i16) -> Vec<bool> {
    let medial = side_sign(head.side);
    let covered = pelvic.transpose() * covered(head.side);
    let (c, r) = (head.centre, head.radius);
    let seed = |n: usize| {
        let at = field.lattice.place(n) - c;
        let seen = pelvic * at;
        match seed_of(Vector3::new(medial * seen.x, seen.y, seen.z), r) {
            Seed::Open
                if at.normalize().dot(&covered) > COVERED && behind_plate(field, c, r, at, bone_hu) =>
            {
                Seed::Lean(-BEHIND_PLATE)
            }
            seed => seed,
        }
    };
    let strength = |n: usize| {
        let at: Point3<f64> = field.lattice.place(n);
        let radial = at - c;
        let distance = radial.norm();
        // Bone grows onto the shell of a replaced socket.
        let off = distance - if head.is_replaced { r } else { r + HALF_GAP_MM };
        if off.abs() > JOINT_REACH_MM {
            return SOLID;
        }
        let mut depth = cut::valley(field, n, &[radial / distance.max(1e-6)], 4.5);
        if field.data[n] < bone_hu {
            depth += 60.0;
        }
        // The surface of the head is the likely place of the cut, the more so the nearer.
        let near = (-(off / 4.0).powi(2)).exp();
        cut::strength(depth * (0.3 + 0.7 * near) + SPHERE_HU * near, VALLEY_HU)
    };
    cut::split(&field.lattice, nodes, strength, seed)
}

/// Whether a place lies behind the brightest plate on its way out of the head. The subchondral plate of the socket is
/// brighter than the head and than the bone behind it, so what lies behind is hip bone even where a blurred joint
/// space shows no gap.
fn behind_plate(field: &Field<i16>, centre: Point3<f64>, r: f64, at: Vector3<f64>, bone_hu: i16) -> bool {
    let distance = at.norm();
    if distance < 0.65 * r || distance > r + JOINT_REACH_MM {
        return false;
    }
    let out = at / distance;
    let mut plate = (bone_hu.saturating_add(PLATE_ABOVE_BONE_HU), f64::INFINITY);
    let mut d = 0.65 * r;
    while d <= r + JOINT_REACH_MM {
        if let Some(value) = field.at(centre + out * d)
            && value > plate.0
            && value < METAL_HU
        {
            plate = (value, d);
        }
        d += 0.75;
    }
    distance > plate.1 + 1.0
}

/// What anatomy says for certain about a place relative to the head centre, x medial, y posterior, z superior.
fn seed_of(at: Vector3<f64>, r: f64) -> Seed {
    let distance = at.norm();
    if distance < CORE * r {
        return Seed::First;
    }
    let trochanter = at.x < -(r + 14.0) && at.z < 10.0;
    let shaft = at.x < -12.0 && at.z < -(r + 22.0);
    if trochanter || shaft {
        return Seed::First;
    }
    let inner_wall = at.x > r + JOINT_REACH_MM && at.z > -(r + 70.0);
    let ilium = at.z > r + JOINT_REACH_MM && at.x > -r;
    if inner_wall || ilium { Seed::Second } else { Seed::Open }
}
