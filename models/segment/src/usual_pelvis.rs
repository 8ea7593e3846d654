//! The pelvis of the shape model laid on the bone of a scan: where the sacrum meets the hip bones, however a pelvis is tilted and shaped.

use super::field::{Field, Lattice, OUTSIDE};
use super::midplane::{Midplane, PelvicAxes};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Mesh, Point, Side};
use coxa_imaging::distance::squared_distance;
use coxa_shape::landmarks::ball::{Facing, find_sphere};
use coxa_shape::landmarks::shape::Shape;
use coxa_shape::shape_model::{Pieces, ShapeModel, shipped};
use nalgebra::{Point3, Rotation3, Vector3};
use rayon::prelude::*;
use std::sync::OnceLock;

/// Modes of the model that are used: the sizes and proportions that people differ most in.
type Modes = [f64; 8];
const MODES: usize = 8;
/// Points of the hip bones that are laid on bone, at most.
const POINTS: usize = 1500;
/// No point counts as further from bone than this: it may belong to what the scan does not show as a surface.
const FURTHEST_MM: f64 = 8.0;
/// Share of the points that the scan must show.
const LEAST_SEEN: f64 = 0.15;
/// How far pelves are tilted from the usual, and in what steps that is tried.
const MOST_TILT_DEG: i32 = 50;
const TILT_STEP_DEG: usize = 5;
/// First steps of the search: turns, shifts, share of the size, standard deviations of a mode; halved so often.
const TURN: f64 = 0.06;
const SHIFT_MM: f64 = 4.0;
const SIZE: f64 = 0.03;
const MODE: f64 = 0.5;
const HALVINGS: usize = 5;
/// What a squared standard deviation of a mode costs, in mm of distance.
const MODE_COST_MM: f64 = 0.01;
/// A pelvis that stays further away from bone than this, on average, is not laid on it.
const MOST_AWAY_MM: f64 = 3.5;
/// Nearer to its surfaces than this the laid pelvis says which bone a place is of.
const KNOWN_MM: f64 = 20.0;

/// Which way the upper end of a sacrum faces in a pelvis that lies as usual, how near to the midplane it is looked for, and how uneven it is.
const ENDPLATE: Vector3<f64> = Vector3::new(0.0, -0.616, 0.788);
const ENDPLATE_HALF_WIDTH_MM: f64 = 12.0;
const ENDPLATE_DEPTH_MM: f64 = 5.0;

/// The model with what laying it on a scan needs.
struct Usual {
    model: &'static ShapeModel,
    pieces: Pieces,
    /// Middle between the centres of the sockets, and half their distance.
    middle: Point3<f64>,
    half_mm: f64,
    /// Vertices of the hip bones that are laid on bone.
    sampled: Vec<usize>,
}

impl Usual {
    fn shipped() -> Option<&'static Usual> {
        static USUAL: OnceLock<Option<Usual>> = OnceLock::new();
        USUAL.get_or_init(|| Usual::new(shipped::pelvis()?)).as_ref()
    }

    fn new(model: &'static ShapeModel) -> Option<Usual> {
        let pieces = model.pieces();
        let mean = model.mean_mesh();
        // The model lies as a patient does: left, back, up.
        let vertices = mean.vertices.iter().map(|v| Point::from_coords(v.coords())).collect();
        let mean = Mesh::<Patient> { vertices, triangles: mean.triangles };
        let socket = |piece: usize, side: Side| {
            let bone = pieces.mesh(&mean, piece);
            let sphere = find_sphere(&Shape::whole(side.enter(bone))?, Facing::Socket)?;
            Some(side.leave(sphere.centre).coords())
        };
        let (right, left) = (socket(0, Side::Right)?, socket(1, Side::Left)?);
        let hips: Vec<usize> = (0..2).flat_map(|piece| pieces.vertices(piece)).collect();
        let every = hips.len().div_ceil(POINTS);
        let sampled = hips.into_iter().step_by(every).collect();
        let (middle, half_mm) = (nalgebra::center(&right, &left), (left - right).norm() / 2.0);
        Some(Usual { model, pieces, middle, half_mm, sampled })
    }

    /// A vertex, relative to the middle of the sockets.
    fn vertex(&self, v: usize, modes: &Modes) -> Vector3<f64> {
        let row = |a: usize| {
            let along = modes.iter().enumerate().take(self.model.mode_count());
            let off =
                along.map(|(k, c)| self.model.modes[(3 * v + a, k)] * self.model.variances[k].sqrt() * c);
            self.model.mean[3 * v + a] + off.sum::<f64>()
        };
        Vector3::new(row(0), row(1), row(2)) - self.middle.coords
    }
}

/// Where the model lies.
#[derive(Debug, Clone, Copy)]
struct Pose {
    rotation: Rotation3<f64>,
    middle: Point3<f64>,
    scale: f64,
    modes: Modes,
}

impl Pose {
    fn place(&self, vertex: Vector3<f64>) -> Point3<f64> {
        self.middle + self.rotation * vertex * self.scale
    }

    /// Moved by one step of one of its numbers.
    fn moved(mut self, number: usize, by: f64) -> Pose {
        let axis = |n: usize| Vector3::from_fn(|i, _| f64::from(u8::from(i == n)));
        match number {
            0..3 => self.rotation = Rotation3::new(axis(number) * (TURN * by)) * self.rotation,
            3..6 => self.middle += axis(number - 3) * (SHIFT_MM * by),
            6 => self.scale *= 1.0 + SIZE * by,
            _ => self.modes[number - 7] += MODE * by,
        }
        self
    }
}

/// The pelvis as it was laid on a scan.
pub(super) struct LaidPelvis {
    /// Its axes, tilt included.
    pub(super) axes: PelvicAxes,
    /// Middle of the upper end of the sacrum.
    pub(super) endplate: Point3<f64>,
    /// Distances from the surfaces of hip bones and sacrum in mm, by voxel.
    from_hips: Vec<f32>,
    from_sacrum: Vec<f32>,
}

impl LaidPelvis {
    /// Lays the pelvis on the voxels that are bone of a pelvis (ascending); `None` where too little of one is seen or the bone does
    /// not look like a pelvis.
    pub(super) fn on(field: &Field<i16>, nodes: &[u32], midplane: &Midplane) -> Option<LaidPelvis> {
        let usual = Usual::shipped()?;
        let lattice = field.lattice;
        let away = from_border(&lattice, nodes);
        let cost = |pose: &Pose| cost(usual, pose, field, &away);
        let upright = Pose {
            rotation: Rotation3::from_matrix_unchecked(midplane.axes().transpose()),
            middle: midplane.hips,
            scale: midplane.half_mm / usual.half_mm,
            modes: Modes::default(),
        };
        let tilts = (-MOST_TILT_DEG..=MOST_TILT_DEG).step_by(TILT_STEP_DEG);
        let tilted = |degrees: i32| {
            let tilt = Rotation3::from_axis_angle(&Vector3::x_axis(), f64::from(degrees).to_radians());
            Pose { rotation: upright.rotation * tilt, ..upright }
        };
        let tried = tilts.filter_map(|degrees| Some((cost(&tilted(degrees))?, tilted(degrees))));
        let (mut least, mut pose) = tried.min_by(|a, b| a.0.total_cmp(&b.0))?;
        let mut step = 1.0;
        for _ in 0..HALVINGS {
            while let Some((better, moved)) = improved(least, &pose, step, &cost) {
                (least, pose) = (better, moved);
            }
            step /= 2.0;
        }
        (least <= MOST_AWAY_MM).then(|| LaidPelvis::at(usual, &pose, lattice))
    }

    fn at(usual: &Usual, pose: &Pose, lattice: Lattice) -> LaidPelvis {
        let places: Vec<Point3<f64>> =
            (0..usual.model.vertex_count()).map(|v| pose.place(usual.vertex(v, &pose.modes))).collect();
        let from = |pieces: std::ops::Range<usize>| {
            let mut seeds = vec![false; lattice.len()];
            for &triangle in pieces.flat_map(|piece| usual.pieces.triangles(piece)) {
                let [a, b, c] = usual.model.faces[triangle].map(|v| places[v as usize]);
                let middle = Point3::from((a.coords + b.coords + c.coords) / 3.0);
                for p in [a, middle, nalgebra::center(&a, &b), nalgebra::center(&b, &c)] {
                    if let Some(cell) = lattice.nearest(p) {
                        seeds[lattice.index(cell)] = true;
                    }
                }
            }
            let squared = squared_distance(&seeds, lattice.dims, [lattice.step; 3]);
            squared.into_par_iter().map(f32::sqrt).collect()
        };
        let (from_hips, from_sacrum) = rayon::join(|| from(0..2), || from(2..3));
        let rows = pose.rotation.matrix().transpose();
        let axes = PelvicAxes { hips: pose.middle, rows };
        let sacrum = usual.pieces.vertices(2).into_iter().map(|v| axes.relative(places[v]));
        let middle: Vec<Vector3<f64>> = sacrum.filter(|p| p.x.abs() < ENDPLATE_HALF_WIDTH_MM).collect();
        let highest = middle.iter().map(|p| p.dot(&ENDPLATE)).fold(f64::NEG_INFINITY, f64::max);
        let upper: Vec<Vector3<f64>> =
            middle.into_iter().filter(|p| p.dot(&ENDPLATE) > highest - ENDPLATE_DEPTH_MM).collect();
        let endplate = axes.place(upper.iter().sum::<Vector3<f64>>() / upper.len().max(1) as f64);
        LaidPelvis { axes, endplate, from_hips, from_sacrum }
    }

    /// Half the difference of a voxel's distances from the surfaces of sacrum and hip bones in mm, positive on the hip bones' side; `None` far from both.
    /// In the joint that is the distance from its middle. Within the bones it grows more slowly, for distances have no sign.
    pub(super) fn outwards(&self, n: usize) -> Option<f64> {
        let (hip, sacrum) = (f64::from(self.from_hips[n]), f64::from(self.from_sacrum[n]));
        (hip.min(sacrum) < KNOWN_MM).then_some((sacrum - hip) / 2.0)
    }
}

/// The best step of one number, if any comes nearer.
fn improved(
    least: f64,
    pose: &Pose,
    step: f64,
    cost: &(dyn Fn(&Pose) -> Option<f64> + Sync),
) -> Option<(f64, Pose)> {
    let steps: Vec<Pose> =
        (0..7 + MODES).flat_map(|number| [step, -step].map(|by| pose.moved(number, by))).collect();
    let costs: Vec<Option<f64>> = steps.par_iter().map(cost).collect();
    let found = steps.into_iter().zip(costs).filter_map(|(pose, cost)| Some((cost?, pose)));
    found.min_by(|a, b| a.0.total_cmp(&b.0)).filter(|(cost, _)| *cost < least - 1e-3)
}

/// Mean distance of the model's points from the border of bone, where the scan shows their places, and what its modes cost.
fn cost(usual: &Usual, pose: &Pose, field: &Field<i16>, away: &[f32]) -> Option<f64> {
    let (mut sum, mut seen) = (0.0, 0usize);
    for &v in &usual.sampled {
        let Some(cell) = field.lattice.nearest(pose.place(usual.vertex(v, &pose.modes))) else { continue };
        let n = field.lattice.index(cell);
        if field.data[n] != OUTSIDE {
            sum += f64::from(away[n]).min(FURTHEST_MM);
            seen += 1;
        }
    }
    let modes: f64 = pose.modes.iter().map(|c| c * c).sum();
    (seen as f64 > LEAST_SEEN * usual.sampled.len() as f64).then(|| sum / seen as f64 + MODE_COST_MM * modes)
}

/// Distance of every voxel from the border of a set of voxels, in mm.
fn from_border(lattice: &Lattice, nodes: &[u32]) -> Vec<f32> {
    let mut set = vec![false; lattice.len()];
    nodes.iter().for_each(|&n| set[n as usize] = true);
    let mut border = vec![false; lattice.len()];
    for &n in nodes {
        border[n as usize] = lattice.neighbours(n as usize).any(|m| !set[m]);
    }
    squared_distance(&border, lattice.dims, [lattice.step; 3]).into_par_iter().map(f32::sqrt).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heads::Head;
    use coxa_geometry::mesh::query::MeshQuery;

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
            let laid = LaidPelvis::on(&field, &nodes, &midplane).unwrap();
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
        assert!(LaidPelvis::on(&field, &block, &midplane).is_none());
        assert!(LaidPelvis::on(&field, &[], &midplane).is_none());
    }
}
