//! The shape model of the pelvis with what laying it on a scan needs.

use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::triangle::Corners;
use coxa_geometry::{Mesh, Point, Side};
use coxa_shape::landmarks::ball::{Facing, find_sphere};
use coxa_shape::landmarks::shape::Shape;
use coxa_shape::shape_model::{Pieces, ShapeModel, shipped};
use nalgebra::{Point3, Rotation3, Vector3};
use std::sync::OnceLock;

/// Modes of the model that are used, in standard deviations: the sizes and proportions that people differ most in.
pub(super) type Modes = [f64; 8];
pub(super) const MODES: usize = 8;
/// Points of the hip bones that are laid on bone, at most.
const POINTS: usize = 1500;
/// Vertices this near to a socket's surface move with it.
const OF_SOCKET_MM: f64 = 3.0;
/// First steps of the search: turns, shifts, share of the size, standard deviations of a mode.
const TURN: f64 = 0.06;
const SHIFT_MM: f64 = 4.0;
const SIZE: f64 = 0.03;
const MODE: f64 = 0.5;

/// The pieces of the model: hip bones and sacrum.
pub(super) const HIPS: [usize; 2] = [0, 1];
pub(super) const SACRUM: usize = 2;

/// A pelvis as people's usually are.
pub(super) struct Usual {
    pub(super) model: &'static ShapeModel,
    pub(super) pieces: Pieces,
    /// Middle between the centres of the sockets, and half their distance.
    pub(super) middle: Point3<f64>,
    pub(super) half_mm: f64,
    /// Vertices of the hip bones that are laid on bone.
    pub(super) sampled: Vec<usize>,
    sockets: [Socket; 2],
}

/// The socket of one side.
struct Socket {
    side: Side,
    /// Relative to the middle of the sockets.
    centre: Vector3<f64>,
    vertices: Vec<usize>,
}

impl Usual {
    /// That of the shipped model; `None` without one.
    pub(super) fn shipped() -> Option<&'static Usual> {
        static USUAL: OnceLock<Option<Usual>> = OnceLock::new();
        USUAL.get_or_init(|| Usual::new(shipped::pelvis()?)).as_ref()
    }

    fn new(model: &'static ShapeModel) -> Option<Usual> {
        let pieces = model.pieces();
        let mean = model.mean_mesh();
        // The model lies as a patient does: left, back, up.
        let vertices: Vec<_> = mean.vertices.iter().map(|v| Point::from_coords(v.coords())).collect();
        let mean = Mesh::<Patient> { vertices, triangles: mean.triangles };
        let socket = |piece: usize, side: Side| {
            let bone = pieces.mesh(&mean, piece);
            let sphere = find_sphere(&Shape::whole(side.enter(bone))?, Facing::Socket)?;
            let centre = side.leave(sphere.centre).coords();
            let near =
                |v: &usize| (mean.vertices[*v].coords() - centre).norm() < sphere.radius + OF_SOCKET_MM;
            let vertices = pieces.vertices(piece).into_iter().filter(near).collect();
            Some((centre, Socket { side, centre: centre.coords, vertices }))
        };
        let ((right, mut on_right), (left, mut on_left)) = (socket(0, Side::Right)?, socket(1, Side::Left)?);
        let (middle, half_mm) = (nalgebra::center(&right, &left), (left - right).norm() / 2.0);
        on_right.centre -= middle.coords;
        on_left.centre -= middle.coords;
        let hips: Vec<usize> = HIPS.into_iter().flat_map(|piece| pieces.vertices(piece)).collect();
        let every = hips.len().div_ceil(POINTS);
        let sampled = hips.into_iter().step_by(every).collect();
        Some(Usual { model, pieces, middle, half_mm, sampled, sockets: [on_right, on_left] })
    }

    /// A vertex, relative to the middle of the mean's sockets.
    pub(super) fn vertex(&self, v: usize, modes: &Modes) -> Vector3<f64> {
        let mean = Vector3::from_fn(|a, _| self.model.mean[3 * v + a]);
        mean - self.middle.coords + self.moved(v, modes)
    }

    /// How far the modes move a vertex.
    fn moved(&self, v: usize, modes: &Modes) -> Vector3<f64> {
        let along = |a: usize| {
            let used = modes.iter().enumerate().take(self.model.mode_count());
            used.map(|(k, c)| self.model.modes[(3 * v + a, k)] * self.model.variances[k].sqrt() * c).sum()
        };
        Vector3::from_fn(|a, _| along(a))
    }

    /// The centre of a side's socket, relative to the middle of the mean's.
    fn socket(&self, side: Side, modes: &Modes) -> Vector3<f64> {
        let [right, left] = &self.sockets;
        let socket = if right.side == side { right } else { left };
        let moved: Vector3<f64> = socket.vertices.iter().map(|&v| self.moved(v, modes)).sum();
        socket.centre + moved / socket.vertices.len().max(1) as f64
    }
}

/// Where the model lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pose {
    pub(super) rotation: Rotation3<f64>,
    /// Where the middle of the mean's sockets comes to lie.
    pub(super) middle: Point3<f64>,
    pub(super) scale: f64,
    pub(super) modes: Modes,
}

impl Pose {
    /// Numbers that the search moves.
    pub(super) const NUMBERS: usize = 7 + MODES;

    /// Where a vertex lies.
    pub(super) fn vertex(&self, usual: &Usual, v: usize) -> Point3<f64> {
        self.place(usual.vertex(v, &self.modes))
    }

    /// Where the centre of a side's socket lies.
    pub(super) fn socket(&self, usual: &Usual, side: Side) -> Point3<f64> {
        self.place(usual.socket(side, &self.modes))
    }

    /// The triangles of a piece.
    pub(super) fn triangles(&self, usual: &Usual, piece: usize) -> Vec<Corners> {
        let faces = usual.pieces.triangles(piece).iter().map(|&t| usual.model.faces[t]);
        faces.map(|corners| corners.map(|v| self.vertex(usual, v as usize))).collect()
    }

    fn place(&self, vertex: Vector3<f64>) -> Point3<f64> {
        self.middle + self.rotation * vertex * self.scale
    }

    /// Moved by so many first steps of one of its numbers.
    pub(super) fn moved(mut self, number: usize, by: f64) -> Pose {
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
