//! One side's bones, cleaned, with the joint between them.

use coxa_anatomy::{Bone, BoneSurfaces};
use coxa_geometry::frame::{Patient, RightSide};
use coxa_geometry::{Point, Side};
use coxa_imaging::Grid;
use coxa_shape::landmarks::ball::{Facing, Sphere, find_socket_around, find_sphere};
use coxa_shape::landmarks::hip_bone::HipBone;
use coxa_shape::landmarks::shape::Shape;

/// One side's bones and joint, seen as those of a right hip.
pub(super) struct Hip {
    pub(super) side: Side,
    pub(super) pelvis: Option<Shape>,
    pub(super) femur: Option<Shape>,
    /// Sphere of the femoral head.
    pub(super) head: Option<Sphere>,
    /// Sphere of the socket.
    pub(super) socket: Option<Sphere>,
}

impl Hip {
    /// The hip bone with the joint it is searched around.
    pub(super) fn bone(&self) -> Option<HipBone<'_>> {
        let joint = self.head.or(self.socket)?;
        Some(HipBone { side: self.side, shape: self.pelvis.as_ref()?, joint })
    }
}

/// Cleans one side's bones and finds its joint.
pub(super) fn prepare(side: Side, surfaces: &BoneSurfaces, grid: Option<&Grid>) -> Hip {
    let voxel_mm = grid.map_or(0.0, |g| g.voxel_volume_mm3().cbrt());
    let is_at_edge = |p: Point<RightSide>| grid.is_some_and(|g| is_at_image_edge(g, side.leave(p)));
    let shape = |bone| Shape::new(&side.enter(surfaces.get(&bone)?.clone()), voxel_mm, &is_at_edge);
    let (pelvis, femur) = rayon::join(|| shape(Bone::hip(side)), || shape(Bone::femur(side)));
    let head = femur.as_ref().and_then(|f| find_sphere(f, Facing::Ball));
    let socket = pelvis.as_ref().and_then(|p| match &head {
        Some(head) => find_socket_around(p, head).or_else(|| find_sphere(p, Facing::Socket)),
        None => find_sphere(p, Facing::Socket),
    });
    Hip { side, pelvis, femur, head, socket }
}

/// Whether a point is within about a voxel of the end of the image.
pub(super) fn is_at_image_edge(grid: &Grid, point: Point<Patient>) -> bool {
    let index = grid.to_voxel(point).coords();
    (0..3).any(|axis| {
        let last = grid.dims[axis] as f64 - 1.0;
        index[axis] < 0.75 || index[axis] > last - 0.75
    })
}
