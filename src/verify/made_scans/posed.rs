//! A person's bones as they lie in a made scan: the pelvis turned, the legs flexed, the joint spaces set.

use super::condition::Condition;
use anyhow::{Context, Result};
use coxa_anatomy::{Bone, BoneSurfaces};
use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Mesh, Point, Side, Vector};
use coxa_measure::measure;
use nalgebra::{Point3, Rotation3, Vector3};

/// Bones are never nearer to each other than this, whatever mean is asked for.
const LEAST_GAP_MM: f64 = 0.5;
/// The loaded part of the joint, from the vertical.
const LOADED_COSINE: f64 = 0.57;
/// Where the socket is further from the head than this, it does not cover it.
const COVERED_MM: f64 = 15.0;

/// A bone with the way back to the pose in which it was given, relative to its hip centre.
pub(super) struct PosedBone {
    pub(super) bone: Bone,
    pub(super) mesh: Mesh<Patient>,
    pub(super) centre: Point3<f64>,
    pub(super) rotation: Rotation3<f64>,
}

/// A person in the pose of a scan.
pub(super) struct Posed {
    pub(super) bones: Vec<PosedBone>,
    /// Heads, right and left, of the femora there are.
    pub(super) heads: [Option<Head>; 2],
    /// Middle of the hips.
    pub(super) hips: Point3<f64>,
}

/// A femoral head.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    pub(super) centre: Point3<f64>,
    pub(super) radius: f64,
    /// The lower end of the femur.
    pub(super) knee: Point3<f64>,
}

impl Posed {
    /// Poses a person's bones.
    ///
    /// # Errors
    /// Without a hip bone that has a joint, or with broken surfaces.
    pub(super) fn new(given: &BoneSurfaces, how: &Condition) -> Result<Posed> {
        let anatomy = measure(given, None);
        let joints = Side::BOTH.map(|side| anatomy.side(side).head.as_ref().map(|h| h.centre_mm.coords()));
        let known: Vec<Point3<f64>> = joints.iter().flatten().copied().collect();
        let first = known.first().context("no femur has a head")?;
        let hips = known.iter().fold(Vector3::zeros(), |sum, p| sum + p.coords) / known.len() as f64;
        // One leg alone leaves the middle where the hip bones have it.
        let hips = if known.len() == 2 { hips } else { Vector3::new(0.0, first.y, first.z) };
        let middle = given.get(&Bone::Sacrum).and_then(Mesh::bounds);
        let x = middle.map_or(hips.x, |(low, high)| 0.5 * (low.x() + high.x()));
        let hips = Point3::new(if known.len() == 2 { hips.x } else { x }, hips.y, hips.z);
        let [x, y, z] = how.turn_deg.map(f64::to_radians);
        let turn = Rotation3::from_axis_angle(&Vector3::z_axis(), z)
            * Rotation3::from_axis_angle(&Vector3::y_axis(), y)
            * Rotation3::from_axis_angle(&Vector3::x_axis(), x);
        let mut bones = Vec::new();
        let mut heads = [None, None];
        for bone in [Bone::HipRight, Bone::HipLeft, Bone::Sacrum] {
            let Some(mesh) = given.get(&bone) else { continue };
            let side = usize::from(bone == Bone::HipLeft);
            let anchor = if bone == Bone::Sacrum { hips } else { joints[side].unwrap_or(hips) };
            let centre = hips + turn * (anchor - hips);
            bones.push(PosedBone { bone, mesh: moved(mesh, anchor, turn, centre), centre, rotation: turn });
        }
        for (n, side) in Side::BOTH.into_iter().enumerate() {
            let (Some(mesh), Some(joint), Some(head)) =
                (given.get(&Bone::femur(side)), joints[n], anatomy.side(side).head.as_ref())
            else {
                continue;
            };
            // Flexion brings the knee forwards (anterior is -y).
            let flexed = Rotation3::from_axis_angle(&Vector3::x_axis(), -how.flexion_deg[n].to_radians());
            let at = hips + turn * (joint - hips);
            let mut femur = moved(mesh, joint, flexed, at);
            let socket = bones.iter().find(|posed| posed.bone == Bone::hip(side));
            let shift = match socket {
                Some(socket) => closing(&femur, &socket.mesh, at, head.radius_mm, turn, side, how.gap_mm[n])?,
                None => Vector3::zeros(),
            };
            femur.vertices.iter_mut().for_each(|v| *v = Point::from_coords(v.coords() + shift));
            let centre = at + shift;
            let lowest = femur
                .vertices
                .iter()
                .map(|v| v.coords())
                .max_by(|a, b| (a - centre).norm_squared().total_cmp(&(b - centre).norm_squared()));
            let knee = lowest.unwrap_or(centre);
            heads[n] = Some(Head { centre, radius: head.radius_mm, knee });
            bones.push(PosedBone { bone: Bone::femur(side), mesh: femur, centre, rotation: flexed });
        }
        Ok(Posed { bones, heads, hips })
    }

    /// The surfaces, for what is true of them.
    pub(super) fn surfaces(&self) -> BoneSurfaces {
        self.bones.iter().map(|posed| (posed.bone, posed.mesh.clone())).collect()
    }
}

fn moved(
    mesh: &Mesh<Patient>,
    from: Point3<f64>,
    rotation: Rotation3<f64>,
    to: Point3<f64>,
) -> Mesh<Patient> {
    let vertices = mesh.vertices.iter().map(|v| Point::from_coords(to + rotation * (v.coords() - from)));
    Mesh { vertices: vertices.collect(), triangles: mesh.triangles.clone() }
}

/// How far the femur must move towards the socket for the mean joint space asked for, or until the bones nearly touch.
fn closing(
    femur: &Mesh<Patient>,
    socket: &Mesh<Patient>,
    centre: Point3<f64>,
    radius: f64,
    turn: Rotation3<f64>,
    side: Side,
    mean_mm: f64,
) -> Result<Vector3<f64>> {
    let medial = if side == Side::Right { 1.0 } else { -1.0 };
    let pole = (turn * Vector3::new(0.6 * medial, 0.1, 0.8)).normalize();
    let [femur, socket] = [femur, socket].map(MeshQuery::new);
    let (femur, socket) = (femur?, socket?);
    let cap: Vec<Vector3<f64>> = (0..600)
        .map(|k| {
            let z = 1.0 - 2.0 * (f64::from(k) + 0.5) / 600.0;
            let (ring, angle) =
                ((1.0 - z * z).sqrt(), f64::from(k) * std::f64::consts::PI * (3.0 - 5.0_f64.sqrt()));
            Vector3::new(ring * angle.cos(), ring * angle.sin(), z)
        })
        .filter(|u| u.z > LOADED_COSINE)
        .collect();
    // Gaps after a shift along the pole, in every direction from the shifted centre.
    let gaps = |shift: f64| -> Vec<f64> {
        let (at, moved) = (Point::from_coords(centre), Point::from_coords(centre + pole * shift));
        cap.iter()
            .filter_map(|u| {
                let along = Vector::from_coords(*u);
                let bone = femur.ray(at, along, radius + COVERED_MM)?.distance;
                let wall = socket.ray(moved, along, radius + COVERED_MM)?.distance;
                Some(wall - bone)
            })
            .collect()
    };
    let too_near = |shift: f64| {
        let gaps = gaps(shift);
        let mean = gaps.iter().sum::<f64>() / gaps.len().max(1) as f64;
        mean < mean_mm || gaps.iter().copied().fold(f64::INFINITY, f64::min) < LEAST_GAP_MM
    };
    let (mut open, mut shut) = (-12.0, 12.0);
    for _ in 0..30 {
        let half = 0.5 * (open + shut);
        if too_near(half) { shut = half } else { open = half }
    }
    Ok(pole * open)
}
