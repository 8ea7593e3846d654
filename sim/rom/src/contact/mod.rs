//! Bones and implants as surfaces: how far a motion goes until two triangles meet.
//!
//! **Where the femur is.** A position is a rotation about the hip centre, which both sides have in common. A pose is any rigid
//! transform from femur to pelvis: it also says how far the hip centre of the femur is off, as where a stem is deeper or a cup higher
//! than planned. How far a pose may be off is the model's play, for what may ever meet depends on it. A position is a pose
//! that is not off, and is answered in the same way.
//!
//! **One pose.** The moving side is a tree of spheres about points of its surface, the fixed side a grid of safe lower bounds
//! of the distance to it, signed where it is watertight. A sphere further out than its radius is done with; a sphere's centre
//! further in than the grid's error is contact. A triangle that remains is compared with a plane that the fixed surface near it
//! does not rise above, and only then with single triangles, in double precision. All short cuts err to the side of the exact
//! test, so every answer is that of all triangles against all triangles.
//!
//! **Many positions.** A region of rotations, all within some angle of one, is looked at like a pose, with every sphere and
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
mod error;
mod field;
mod fixed;
mod free;
mod lanes;
mod mount;
mod path;
mod path_contact;
mod planes;
mod pose;
mod region;
mod search;
mod spheres;
mod touch;

pub use body::NamedMesh;
pub use clearance::Clearance;
pub use error::ContactError;
pub use fixed::FixedSide;
pub use mount::{Mount, Mounted};
pub use path_contact::PathContact;

use body::Body;
use coxa_geometry::frame::{Femur, Frame};
use coxa_geometry::mesh::triangle::Corners;
use coxa_geometry::{Angle, Point};
use error::MOST_PLAY_MM;
use nalgebra::Point3;
use pose::{FURTHEST_MM, pose_of};
pub(super) use pose::{Pose, centred};
pub(super) use region::{Around, Memory, Open, Span};
use search::Sides;
use spheres::SphereTree;
use std::sync::Arc;

/// Turns that are tried, largest first, with a proof that nothing is touched on the way.
pub const STEPS_DEG: [f64; 6] = [8.0, 4.0, 2.0, 1.0, 0.5, 0.25];
/// Turn where no proof is found: the widest contact that can go unnoticed.
pub const FINEST_STEP_DEG: f64 = 0.1;
/// To what a limit is bisected.
pub const RESOLUTION_DEG: f64 = 0.01;

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
    fixed: Arc<FixedSide<P>>,
    moving: Body<Femur>,
    tree: SphereTree,
    /// How far the femur's origin may be off the pelvis'.
    play_mm: f64,
}

/// Longest side of a moving triangle in the tree: longer ones would be in doubt from too far off.
const LONGEST_SIDE_MM: f64 = 3.0;
/// Poses that one thread answers in a row.
const BATCH: usize = 128;

impl<P: Frame> ContactModel<P> {
    /// Prepares surfaces whose frames both have the hip centre as origin; with all hip angles zero the frames have
    /// the same axes. What can never meet for its distance from the hip centre is set aside.
    ///
    /// # Errors
    /// A part without triangles, with a vertex that is not finite or an index out of range; sides that both reach further
    /// than a metre from the hip centre.
    pub fn new(fixed: &[NamedMesh<'_, P>], moving: &[NamedMesh<'_, Femur>]) -> Result<Self, ContactError> {
        Self::with_play(fixed, moving, 0.0)
    }

    /// As [`ContactModel::new`], for poses of the femur too whose hip centre is off that of the pelvis by up to `play_mm`. More is
    /// kept of both sides, the more the larger the play.
    ///
    /// # Errors
    /// As [`ContactModel::new`]; a play that is negative, above 100 mm or not a number.
    pub fn with_play(
        fixed: &[NamedMesh<'_, P>],
        moving: &[NamedMesh<'_, Femur>],
        play_mm: f64,
    ) -> Result<Self, ContactError> {
        check_play(play_mm)?;
        let (fixed, moving) = rayon::join(|| Body::new(fixed), || Body::new(moving));
        let (fixed, moving) = (fixed?, moving?);
        let reach = fixed.reach();
        let (least, furthest) = common_reach(reach, moving.reach(), play_mm)?;
        let (fixed, (moving, tree)) = rayon::join(
            || FixedSide::within(fixed, reach, (least, furthest)),
            || prepared(moving, least - play_mm, furthest + play_mm),
        );
        Ok(ContactModel { fixed: Arc::new(fixed), moving, tree, play_mm })
    }

    /// As [`ContactModel::with_play`], against a side of the pelvis that was prepared already.
    ///
    /// # Errors
    /// As [`ContactModel::with_play`].
    pub fn against(
        fixed: Arc<FixedSide<P>>,
        moving: &[NamedMesh<'_, Femur>],
        play_mm: f64,
    ) -> Result<Self, ContactError> {
        check_play(play_mm)?;
        let moving = Body::new(moving)?;
        let (least, furthest) = common_reach(fixed.reach, moving.reach(), play_mm)?;
        let (moving, tree) = prepared(moving, least - play_mm, furthest + play_mm);
        Ok(ContactModel { fixed, moving, tree, play_mm })
    }

    fn sides(&self) -> Sides<'_> {
        Sides { field: &self.fixed.field, planes: &self.fixed.planes, tree: &self.tree }
    }
}

fn check_play(play_mm: f64) -> Result<(), ContactError> {
    if (0.0..=MOST_PLAY_MM).contains(&play_mm) { Ok(()) } else { Err(ContactError::Play(play_mm)) }
}

/// Distances from the pelvis' hip centre at which both sides may have something, from what each has by itself.
fn common_reach(fixed: (f64, f64), moving: (f64, f64), play_mm: f64) -> Result<(f64, f64), ContactError> {
    let (least, furthest) = (fixed.0.max(moving.0 - play_mm), fixed.1.min(moving.1 + play_mm));
    if furthest > FURTHEST_MM {
        return Err(ContactError::TooLarge { reach_mm: furthest });
    }
    Ok((least, furthest))
}

/// The moving side within some distances of its hip centre.
fn prepared(mut moving: Body<Femur>, least_mm: f64, furthest_mm: f64) -> (Body<Femur>, SphereTree) {
    moving.refine(LONGEST_SIDE_MM, least_mm, furthest_mm);
    let tree = SphereTree::new(&moving.corners());
    (moving, tree)
}

/// Written out, for the general product is not inlined.
#[inline]
fn placed(pose: &Pose, [a, b, c]: &Corners) -> Corners {
    let (r, offset) = (&pose.rotation, &pose.translation.vector);
    let row = |i: usize, p: &Point3<f64>| r[(i, 0)] * p.x + r[(i, 1)] * p.y + r[(i, 2)] * p.z + offset[i];
    let placed = |p: &Point3<f64>| Point3::new(row(0, p), row(1, p), row(2, p));
    [placed(a), placed(b), placed(c)]
}

#[cfg(test)]
mod tests;
