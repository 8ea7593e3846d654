//! The side of the pelvis, prepared once for whatever femur is moved against it.

use super::body::Body;
use super::body::NamedMesh;
use super::cells::Cells;
use super::error::ContactError;
use super::field::Field;
use super::planes::Planes;
use super::pose::FURTHEST_MM;
use super::spheres::SphereTree;
use coxa_geometry::frame::Frame;
use std::sync::OnceLock;

/// The surfaces of the pelvis' side with what finds them quickly. One can serve several [`super::ContactModel`]s: of femur and stem, and
/// of the femurs that follow one another while a stem is moved.
pub struct FixedSide<P: Frame> {
    pub(super) body: Body<P>,
    pub(super) field: Field,
    pub(super) cells: Cells,
    pub(super) planes: Planes,
    /// Least and largest distance of its triangles from the hip centre.
    pub(super) reach: (f64, f64),
    /// Made when a distance is first asked for.
    tree: OnceLock<SphereTree>,
}

impl<P: Frame> FixedSide<P> {
    /// Prepares surfaces whose frame has the hip centre as origin, all of them: a [`super::ContactModel`] that is made of both
    /// sides at once keeps only what its femur can meet.
    ///
    /// # Errors
    /// A part without triangles, with a vertex that is not finite or an index out of range.
    pub fn new(parts: &[NamedMesh<'_, P>]) -> Result<Self, ContactError> {
        let body = Body::new(parts)?;
        let reach = body.reach();
        Ok(FixedSide::within(body, reach, (reach.0, reach.1.min(FURTHEST_MM))))
    }

    /// Of surfaces with some reach what lies within some distances of the hip centre.
    pub(super) fn within(mut body: Body<P>, reach: (f64, f64), (least_mm, furthest_mm): (f64, f64)) -> Self {
        let solids = body.watertight();
        // The way from a point within reach to its node in the field, half a cell's diagonal, must not leave what is kept.
        let beyond = 2.0 + furthest_mm * 0.02;
        body.crop(least_mm - beyond, furthest_mm + beyond);
        let corners = body.corners();
        let (field, nearest) = Field::new(&corners, &solids, furthest_mm);
        let cells = Cells::new(field.grid(), &corners);
        let planes = Planes::new(&field, &nearest, &corners);
        FixedSide { body, field, cells, planes, reach, tree: OnceLock::new() }
    }

    pub(super) fn tree(&self) -> &SphereTree {
        self.tree.get_or_init(|| SphereTree::new(&self.body.corners()))
    }
}
