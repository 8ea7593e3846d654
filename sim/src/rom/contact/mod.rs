//! Bones and implants as surfaces: how far a motion goes until two triangles meet.
//!
//! **One position.** The moving side is a tree of spheres about points of its surface, the fixed side a grid of safe lower bounds
//! of the distance to it, signed where it is watertight. A sphere further out than its radius is done with; a sphere's centre
//! further in than the grid's error is contact. A triangle that remains is compared with a plane that the fixed surface near it
//! does not rise above, and only then with single triangles, in double precision. All short cuts err to the side of the exact
//! test, so every answer is that of all triangles against all triangles.
//!
//! **Many positions.** A region of rotations, all within some angle of one, is looked at like a position, with every sphere and
//! margin grown by how far the region can move it. The map of all positions divides regions and hands on what they leave open.
//!
//! **A motion or a path** ([`super::path::Path`]). The method is conservative advancement on one-axis turns. A point at
//! a distance r from the axis moves by at most r times the turn, so a turn touches nothing if every moving triangle is further from the fixed ones than the
//! turn times its own r. The motion advances by the largest step of [`STEPS_DEG`] for which that holds, and only
//! where it does not for the smallest does it go on by [`FINEST_STEP_DEG`] with an exact triangle-triangle test of
//! the pose reached. A contact can therefore be missed only if it begins and ends within one finest step, and no
//! deeper than r times that step (0.3 mm at 150 mm). The limit is then bisected to [`RESOLUTION_DEG`]; what is
//! returned is the last free pose found.
//!
//! A motion must begin free. Where surfaces meet or one solid lies inside another at its start, the motion is
//! reported as [`ContactLimit::BlockedAtStart`] with the place: that is so for overlapping segmentations, or for a
//! start in flexion that bone already prevents. The way from neutral to a motion's start is not followed.
//!
//! Surfaces in constant touch by design, such as head and liner, must not be passed together.

mod body;
mod cells;
mod clearance;
mod field;
mod path;
mod planes;
mod region;
mod search;
mod spheres;

pub use body::Part;
pub use clearance::Clearance;
pub use path::PathContact;

use body::Body;
use cells::{Cells, Extent};
use coxa_geometry::frame::{Femur, Frame};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::mesh::triangle::{Corners, meeting_point_of_corners};
use coxa_geometry::mesh::validate::Defect;
use coxa_geometry::{Angle, Point};
use field::{Field, LANES};
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};
use planes::Planes;
use rayon::prelude::*;
pub(super) use region::{Around, Memory, Open, Span};
use search::{Sides, each};
use spheres::SphereTree;
use std::sync::OnceLock;

/// Turns that are tried, largest first, with a proof that nothing is touched on the way.
pub const STEPS_DEG: [f64; 6] = [8.0, 4.0, 2.0, 1.0, 0.5, 0.25];
/// Turn where no proof is found: the widest contact that can go unnoticed.
pub const FINEST_STEP_DEG: f64 = 0.1;
/// To what a limit is bisected.
pub const RESOLUTION_DEG: f64 = 0.01;

/// Why surfaces cannot be moved against one another.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ContactError {
    /// A surface is empty or broken.
    #[error("the surface `{part}` cannot be used: {defect}")]
    Unusable {
        /// Its name.
        part: String,
        /// What is wrong.
        defect: Defect,
    },
    /// Both sides are larger than any hip.
    #[error(
        "both sides reach {reach_mm:.0} mm from the hip centre, a metre at most can be simulated; check the unit of length"
    )]
    TooLarge {
        /// Distance that both reach.
        reach_mm: f64,
    },
}

/// Where two parts meet.
#[derive(Debug, Clone, PartialEq)]
pub struct Touch<P: Frame> {
    /// Part of the pelvis side.
    pub fixed: String,
    /// Part of the femur side.
    pub moving: String,
    /// Middle of the contact, in the pelvis.
    pub at: Point<P>,
}

/// How far a motion goes before surfaces meet.
#[derive(Debug, Clone, PartialEq)]
pub enum ContactLimit<P: Frame> {
    /// The last free turn, and what meets within the resolution after it.
    At {
        /// Turn from the motion's start, in its direction.
        angle: Angle,
        /// The contact.
        touch: Touch<P>,
    },
    /// Nothing meets within the motion's range.
    Free,
    /// Surfaces already meet, or one part lies within another, where the motion begins.
    BlockedAtStart(Touch<P>),
}

/// The surfaces of both sides, the pelvis' in frame `P`. Prepared once, asked many times and from several threads.
pub struct ContactModel<P: Frame> {
    fixed: Body<P>,
    moving: Body<Femur>,
    field: Field,
    cells: Cells,
    planes: Planes,
    tree: SphereTree,
    /// Of the fixed side; made when a distance is first asked for.
    fixed_tree: OnceLock<SphereTree>,
}

/// Longest side of a moving triangle in the tree: longer ones would be in doubt from too far off.
const LONGEST_SIDE_MM: f64 = 3.0;
/// Furthest from the hip centre that both sides may reach, for the search is in single precision.
const FURTHEST_MM: f64 = 1000.0;
/// Positions that one thread answers in a row.
const BATCH: usize = 128;

impl<P: Frame> ContactModel<P> {
    /// Prepares surfaces whose frames both have the hip centre as origin; with all hip angles zero the frames have
    /// the same axes. What can never meet for its distance from the hip centre is set aside.
    ///
    /// # Errors
    /// A part without triangles, with a vertex that is not finite or an index out of range; sides that both reach further
    /// than a metre from the hip centre.
    pub fn new(fixed: &[Part<'_, P>], moving: &[Part<'_, Femur>]) -> Result<Self, ContactError> {
        let (fixed, moving) = rayon::join(|| Body::new(fixed), || Body::new(moving));
        let (mut fixed, mut moving) = (fixed?, moving?);
        let ((near_fixed, far_fixed), (near_moving, far_moving)) = (fixed.reach(), moving.reach());
        let (near, far) = (near_fixed.max(near_moving), far_fixed.min(far_moving));
        if far > FURTHEST_MM {
            return Err(ContactError::TooLarge { reach_mm: far });
        }
        let solids = fixed.watertight();
        // The way from a point within reach to its node in the field, half a cell's diagonal, must not leave what is kept.
        let beyond = 2.0 + far * 0.02;
        let ((field, cells, planes), tree) = rayon::join(
            || {
                fixed.crop(near - beyond, far + beyond);
                let corners = fixed.corners();
                let (field, nearest) = Field::new(&corners, &solids, far);
                let cells = Cells::new(field.grid(), &corners);
                let planes = Planes::new(&field, &nearest, &corners);
                (field, cells, planes)
            },
            || {
                moving.refine(LONGEST_SIDE_MM, near, far);
                SphereTree::new(&moving.corners())
            },
        );
        Ok(ContactModel { fixed, moving, field, cells, planes, tree, fixed_tree: OnceLock::new() })
    }

    /// Whether nothing meets in a position, from femur to pelvis axes, and no solid lies within another.
    pub fn is_free(&self, rotation: &Rotation3<f64>) -> bool {
        self.is_free_within(rotation, &mut Open::new(), Span::ALL, &mut Memory::new())
    }

    /// As [`ContactModel::is_free`], for many positions on all threads; quicker where neighbours in the list are similar.
    pub fn are_free(&self, rotations: &[Rotation3<f64>]) -> Vec<bool> {
        let batches = rotations.par_chunks(BATCH).flat_map_iter(|batch| {
            let (mut open, mut memory) = (Open::new(), Memory::new());
            batch.iter().map(move |rotation| self.is_free_within(rotation, &mut open, Span::ALL, &mut memory))
        });
        batches.collect()
    }

    /// As [`ContactModel::is_free`], where only some spheres can be in contact.
    pub(super) fn is_free_within(
        &self,
        rotation: &Rotation3<f64>,
        open: &mut Open,
        span: Span,
        memory: &mut Memory,
    ) -> bool {
        match self.around(rotation, 0.0, open, span, memory) {
            Around::Free => true,
            Around::Contact => false,
            Around::Unknown(span) => {
                let rotation = rotation.matrix();
                !(self.doubtful_meet(rotation, open, span, memory) || self.containment(rotation).is_some())
            }
        }
    }

    /// What holds for all rotations within `radius` radians of one, where only the spheres of a span can be in contact.
    pub(super) fn around(
        &self,
        rotation: &Rotation3<f64>,
        radius: f64,
        open: &mut Open,
        span: Span,
        memory: &mut Memory,
    ) -> Around {
        // Rounded up, for the search is in single precision.
        let chord = (2.0 * (radius.min(std::f64::consts::PI) / 2.0).sin() * 1.001) as f32;
        let rotation = rotation.matrix();
        // Of a position that is none, nothing can be said to be free.
        if !rotation.sum().is_finite() {
            return Around::Contact;
        }
        match self.sides().around(&self.sides().turned(rotation), chord, open, span, memory) {
            // Where no surface is crossed, what lies within stays within.
            Around::Free if self.containment(rotation).is_some() => Around::Contact,
            around => around,
        }
    }

    fn sides(&self) -> Sides<'_> {
        Sides { field: &self.field, planes: &self.planes, tree: &self.tree }
    }

    /// Whether one of the triangles left open meets a fixed one.
    fn doubtful_meet(&self, rotation: &Matrix3<f64>, open: &Open, span: Span, memory: &mut Memory) -> bool {
        if let Some((fixed, moving)) = memory.met {
            let placed = placed(rotation, &self.moving.faces[moving as usize].corners);
            if meeting_point_of_corners(&self.fixed.faces[fixed as usize].corners, &placed).is_some() {
                return true;
            }
        }
        for siblings in open.within(span) {
            let block = &self.tree.blocks[siblings.block as usize];
            for lane in each(siblings.lanes) {
                let moving = block.child[lane];
                let placed = placed(rotation, &self.moving.faces[moving as usize].corners);
                let met = self.cells.any_near(&Extent::of(&placed, 0.0), |fixed| {
                    let meets = meeting_point_of_corners(&self.fixed.faces[fixed].corners, &placed).is_some();
                    if meets {
                        memory.met = Some((fixed as u32, moving));
                    }
                    meets
                });
                if met {
                    return true;
                }
            }
        }
        false
    }

    /// Where surfaces meet in a position, or one solid lies within another; `None` where all are apart.
    pub fn touch(&self, angles: HipAngles) -> Option<Touch<P>> {
        self.touch_at(angles.rotation().matrix())
    }

    fn touch_at(&self, rotation: &Matrix3<f64>) -> Option<Touch<P>> {
        self.meeting(rotation).or_else(|| self.containment(rotation))
    }

    /// Where surfaces cross: the mean over all crossing triangles of the first pair of parts in the order given.
    fn meeting(&self, rotation: &Matrix3<f64>) -> Option<Touch<P>> {
        let mut best: Option<((u32, u32), Vector3<f64>, f64)> = None;
        self.sides().any_within(
            &self.sides().turned(rotation),
            |_| [0.0; LANES],
            |moving| {
                let moving = &self.moving.faces[moving as usize];
                let placed = placed(rotation, &moving.corners);
                self.cells.any_near(&Extent::of(&placed, 0.0), |fixed| {
                    let fixed = &self.fixed.faces[fixed];
                    let parts = (fixed.part, moving.part);
                    if best.as_ref().is_some_and(|(found, ..)| *found < parts) {
                        return false;
                    }
                    if let Some(point) = meeting_point_of_corners(&fixed.corners, &placed) {
                        match &mut best {
                            Some((found, sum, count)) if *found == parts => {
                                *sum += point.coords;
                                *count += 1.0;
                            }
                            _ => best = Some((parts, point.coords, 1.0)),
                        }
                    }
                    false
                })
            },
        );
        best.map(|((fixed, moving), sum, count)| Touch {
            fixed: self.fixed.solids[fixed as usize].name.clone(),
            moving: self.moving.solids[moving as usize].name.clone(),
            at: Point::from_coords(Point3::from(sum / count)),
        })
    }

    /// A piece of one side that lies wholly within a watertight part of the other, where surfaces do not cross.
    fn containment(&self, rotation: &Matrix3<f64>) -> Option<Touch<P>> {
        let back = rotation.transpose();
        for fixed in &self.fixed.solids {
            for moving in &self.moving.solids {
                let held = fixed.swallowed(&moving.pieces, rotation);
                let holding =
                    || moving.swallowed(&fixed.pieces, &back).map(|p| Point3::from(rotation * p.coords));
                if let Some(at) = held.or_else(holding) {
                    let at = Point::from_coords(at);
                    return Some(Touch { fixed: fixed.name.clone(), moving: moving.name.clone(), at });
                }
            }
        }
        None
    }
}

/// Written out, for the general product is not inlined.
#[inline]
fn placed(r: &Matrix3<f64>, [a, b, c]: &Corners) -> Corners {
    let row = |i: usize, p: &Point3<f64>| r[(i, 0)] * p.x + r[(i, 1)] * p.y + r[(i, 2)] * p.z;
    let turned = |p: &Point3<f64>| Point3::new(row(0, p), row(1, p), row(2, p));
    [turned(a), turned(b), turned(c)]
}

#[cfg(test)]
mod tests;
