//! The pelvis of the shape model laid on the bone of a scan: where the sacrum meets the hip bones, however a pelvis is tilted and shaped.

mod lay;
mod model;

use super::field::{Field, Lattice, OUTSIDE};
use super::heads::Head;
use super::lumbosacral::{self, Disc};
use super::midplane::{Midplane, PelvicAxes};
use coxa_geometry::Side;
use coxa_geometry::mesh::triangle::Corners;
use coxa_geometry::mesh::winding::Nodes;
use coxa_imaging::distance::squared_distance;
use model::{HIPS, Pose, SACRUM, Usual};
use nalgebra::{Point3, Vector3};
use rayon::prelude::*;

/// Nearer to its surfaces than this the laid pelvis says which bone a place is of.
const KNOWN_MM: f64 = 20.0;

/// How far the surface of the laid sacrum may be off: what lies further outside is none of the sacrum. Assumption.
const OFF_SACRUM_MM: f64 = 8.0;

/// How near to the midplane the upper end of a sacrum is looked for, and how uneven it is.
const ENDPLATE_HALF_WIDTH_MM: f64 = 12.0;
const ENDPLATE_DEPTH_MM: f64 = 5.0;

/// The pelvis as it was laid on a scan.
pub(super) struct LaidPelvis {
    /// Its axes, tilt included.
    pub(super) axes: PelvicAxes,
    /// Middle of the upper end of the sacrum.
    pub(super) endplate: Point3<f64>,
    /// Depths outside right and left hip bone and sacrum in mm, by voxel.
    from_hips: [Vec<f32>; 2],
    from_sacrum: Vec<f32>,
}

impl LaidPelvis {
    /// Lays the pelvis on the voxels that are bone of a pelvis (ascending) and the heads that were found beside it; `None` where too
    /// little of one is seen or the bone does not look like a pelvis.
    pub(super) fn on(
        field: &Field<i16>,
        nodes: &[u32],
        heads: &[Head],
        midplane: &Midplane,
    ) -> Option<LaidPelvis> {
        let usual = Usual::shipped()?;
        let away = from_border(field, nodes);
        let pose = lay::lay(usual, &lay::Seen { field, away: &away, heads }, midplane)?;
        Some(LaidPelvis::at(usual, &pose, field.lattice))
    }

    fn at(usual: &Usual, pose: &Pose, lattice: Lattice) -> LaidPelvis {
        let from = |piece: usize| depths(&lattice, &[pose.triangles(usual, piece)]);
        let from_hips = HIPS.map(from);
        let from_sacrum = from(SACRUM);
        let sockets = [Side::Right, Side::Left].map(|side| pose.socket(usual, side));
        let axes = PelvicAxes {
            hips: nalgebra::center(&sockets[0], &sockets[1]),
            rows: pose.rotation.matrix().transpose(),
            half_mm: (sockets[1] - sockets[0]).norm() / 2.0,
        };
        let up = lumbosacral::usual_up();
        let sacrum = usual.pieces.vertices(SACRUM).into_iter().map(|v| axes.relative(pose.vertex(usual, v)));
        let middle: Vec<Vector3<f64>> = sacrum.filter(|p| p.x.abs() < ENDPLATE_HALF_WIDTH_MM).collect();
        let highest = middle.iter().map(|p| p.dot(&up)).fold(f64::NEG_INFINITY, f64::max);
        let upper: Vec<Vector3<f64>> =
            middle.into_iter().filter(|p| p.dot(&up) > highest - ENDPLATE_DEPTH_MM).collect();
        let endplate = axes.place(upper.iter().sum::<Vector3<f64>>() / upper.len().max(1) as f64);
        LaidPelvis { axes, endplate, from_hips, from_sacrum }
    }

    /// The disc where it usually lies on the sacrum, for one that is not seen.
    pub(super) fn usual_disc(&self) -> Disc {
        Disc::on(self.endplate, self.axes.direction(lumbosacral::usual_up()))
    }

    /// Whether a voxel lies too far outside the laid sacrum to be of it.
    pub(super) fn is_off_sacrum(&self, n: usize) -> bool {
        f64::from(self.from_sacrum[n]) > OFF_SACRUM_MM
    }

    /// Whether a voxel lies at the hip bones as they were laid.
    pub(super) fn is_at_hips(&self, n: usize) -> bool {
        self.depth_outside_hips(n) < KNOWN_MM
    }

    /// Depth of a voxel outside the nearer hip bone.
    fn depth_outside_hips(&self, n: usize) -> f64 {
        let [right, left] = &self.from_hips;
        f64::from(right[n].min(left[n]))
    }

    /// Half the difference of a voxel's distances from right and left hip bone in mm, positive on the left; `None` far from both.
    pub(super) fn leftwards(&self, n: usize) -> Option<f64> {
        let [right, left] = &self.from_hips;
        self.is_at_hips(n).then(|| f64::from(right[n] - left[n]) / 2.0)
    }

    /// Half the difference of a voxel's distances from sacrum and hip bones in mm, positive on the hip bones' side; `None` far from both.
    /// In the joint that is the distance from its middle, within a bone the depth in it and half the joint's width.
    pub(super) fn outwards(&self, n: usize) -> Option<f64> {
        let (hip, sacrum) = (self.depth_outside_hips(n), f64::from(self.from_sacrum[n]));
        (hip.min(sacrum) < KNOWN_MM).then_some((sacrum - hip) / 2.0)
    }
}

/// Distance of every voxel from solids in mm, negative within them.
fn depths(lattice: &Lattice, solids: &[Vec<Corners>]) -> Vec<f32> {
    let nodes = Nodes { origin: lattice.origin.coords, spacing: lattice.step, dims: lattice.dims };
    let inside = nodes.inside(solids);
    let outside: Vec<bool> = inside.iter().map(|inside| !inside).collect();
    let squared = |set: &[bool]| squared_distance(set, lattice.dims, [lattice.step; 3]);
    let (to, out) = rayon::join(|| squared(&inside), || squared(&outside));
    // The surface lies midway between the last voxel within and the first one beyond.
    let half = (lattice.step / 2.0) as f32;
    let depth =
        |((inside, to), out): ((bool, f32), f32)| if inside { half - out.sqrt() } else { to.sqrt() - half };
    inside.into_par_iter().zip(to).zip(out).map(depth).collect()
}

/// Distance of every voxel from the border of a set of voxels, in mm. The end of the scan is no border.
fn from_border(field: &Field<i16>, nodes: &[u32]) -> Vec<f32> {
    let lattice = field.lattice;
    let mut set = vec![false; lattice.len()];
    nodes.iter().for_each(|&n| set[n as usize] = true);
    let mut border = vec![false; lattice.len()];
    for &n in nodes {
        border[n as usize] = lattice.neighbours(n as usize).any(|m| !set[m] && field.data[m] != OUTSIDE);
    }
    squared_distance(&border, lattice.dims, [lattice.step; 3]).into_par_iter().map(f32::sqrt).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heads::{Head, side_sign};
    use coxa_geometry::frame::Patient;
    use coxa_geometry::mesh::query::MeshQuery;
    use coxa_geometry::{Mesh, Point};
    use nalgebra::Rotation3;

    /// A person drawn from the model, tilted by so many degrees, as voxels of bone: which are of a hip bone.
    fn tilted(seed: u64, degrees: f64) -> (Field<i16>, Vec<u32>, Vec<bool>, Midplane) {
        let usual = Usual::shipped().unwrap();
        let tilt = Rotation3::from_axis_angle(&Vector3::x_axis(), degrees.to_radians());
        let person = usual.model.sample(seed);
        let place = |p: Point3<f64>| tilt * (p - usual.middle);
        let vertices = person.vertices.iter().map(|v| Point::from_coords(place(v.coords()).into())).collect();
        let whole = Mesh::<Patient> { vertices, triangles: person.triangles };
        let bones: Vec<_> = (0..3).map(|n| MeshQuery::new(&usual.pieces.mesh(&whole, n)).unwrap()).collect();
        let lattice = Lattice { dims: [80, 80, 80], origin: Point3::new(-158.0, -158.0, -158.0), step: 4.0 };
        let of = |n: usize| {
            let at = Point::from_coords(lattice.place(n));
            // A little thicker, so that the joints are closed.
            bones.iter().position(|bone| bone.contains(at) || bone.closest(at).2 < 1.5)
        };
        let bone: Vec<(u32, usize)> =
            (0..lattice.len() as u32).into_par_iter().filter_map(|n| Some((n, of(n as usize)?))).collect();
        let head = |side, x: f64| Head {
            side,
            centre: Point3::new(x * usual.half_mm, 0.0, 0.0),
            radius: 24.0,
            score: 1.0,
            is_replaced: false,
        };
        let field = Field::filled(lattice, 300i16);
        let midplane = Midplane::of(&field, &[head(Side::Right, -1.0), head(Side::Left, 1.0)]).unwrap();
        let (nodes, hip) = bone.into_iter().map(|(n, piece)| (n, piece < 2)).unzip();
        (field, nodes, hip, midplane)
    }

    #[test]
    fn a_tilted_pelvis_is_known_for_what_it_is() {
        for (seed, degrees) in [(1, 0.0), (2, 30.0), (3, -25.0)] {
            let (field, nodes, hip, midplane) = tilted(seed, degrees);
            let laid = LaidPelvis::on(&field, &nodes, &[], &midplane).unwrap();
            let up = laid.axes.direction(Vector3::z());
            let tilt = (-up.y).atan2(up.z).to_degrees();
            assert!((tilt - degrees).abs() < 8.0, "tilted by {degrees}, found {tilt}");
            let agreeing = nodes.iter().zip(&hip).filter(|(n, hip)| {
                laid.outwards(**n as usize).is_some_and(|outwards| (outwards > 0.0) == **hip)
            });
            let share = agreeing.count() as f64 / nodes.len() as f64;
            assert!(share > 0.96, "seed {seed}: {share:.3} of the voxels");
        }
    }

    #[test]
    fn a_head_that_left_its_socket_does_not_draw_the_pelvis_with_it() {
        let (field, nodes, _, whole) = tilted(6, 0.0);
        let laid = LaidPelvis::on(&field, &nodes, &[], &whole).unwrap();
        let head = |side, away: Vector3<f64>| Head {
            side,
            centre: whole.hips - Vector3::x() * (side_sign(side) * whole.half_mm) + away,
            radius: 24.0,
            score: 1.0,
            is_replaced: false,
        };
        let dislocated = Vector3::new(20.0, 10.0, 22.0);
        let heads = [head(Side::Right, Vector3::zeros()), head(Side::Left, dislocated)];
        let with_heads = LaidPelvis::on(&field, &nodes, &heads, &whole).unwrap();
        let off = (with_heads.axes.hips - laid.axes.hips).norm();
        assert!(off < 3.0, "{off:.1} mm");
    }

    #[test]
    fn half_a_pelvis_beside_one_head_lies_where_the_whole_did() {
        for (seed, degrees, side) in [(4, 0.0, Side::Right), (5, 20.0, Side::Right), (4, 10.0, Side::Left)] {
            let (mut field, nodes, hip, whole) = tilted(seed, degrees);
            let laid = LaidPelvis::on(&field, &nodes, &[], &whole).unwrap();
            let medial = side_sign(side);
            // The scan ends a little beyond the midline.
            let lattice = field.lattice;
            let is_in = |n: u32| lattice.place(n as usize).x * medial < 16.0;
            (0..lattice.len() as u32).filter(|n| !is_in(*n)).for_each(|n| field.data[n as usize] = OUTSIDE);
            let seen: Vec<(u32, bool)> = nodes.into_iter().zip(hip).filter(|(n, _)| is_in(*n)).collect();
            let head = Head {
                side,
                centre: whole.hips - Vector3::x() * (medial * whole.half_mm),
                radius: 24.0,
                score: 1.0,
                is_replaced: false,
            };
            let midplane = Midplane::of(&field, &[head]).unwrap();
            let nodes: Vec<u32> = seen.iter().map(|(n, _)| *n).collect();
            let half = LaidPelvis::on(&field, &nodes, &[head], &midplane).unwrap();
            let off = (half.axes.hips - laid.axes.hips).norm();
            assert!(off < 10.0, "seed {seed}: {off:.1} mm");
            let agreeing = seen
                .iter()
                .filter(|(n, hip)| half.outwards(*n as usize).is_some_and(|out| (out > 0.0) == *hip));
            let share = agreeing.count() as f64 / seen.len() as f64;
            assert!(share > 0.95, "seed {seed}: {share:.3} of the voxels");
        }
    }

    #[test]
    fn what_is_no_pelvis_has_none_laid_on_it() {
        let (field, _, _, midplane) = tilted(1, 0.0);
        let lattice = field.lattice;
        // A block behind the hips.
        let block: Vec<u32> = (0..lattice.len() as u32)
            .filter(|n| {
                let at = lattice.place(*n as usize);
                at.x.abs() < 30.0 && (60.0..120.0).contains(&at.y) && at.z.abs() < 100.0
            })
            .collect();
        assert!(LaidPelvis::on(&field, &block, &[], &midplane).is_none());
        assert!(LaidPelvis::on(&field, &[], &[], &midplane).is_none());
    }
}
