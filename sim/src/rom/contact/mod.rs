//! Bones and implants as surfaces: how far a motion goes until two triangles meet.
//!
//! The method is conservative advancement on one-axis turns. A point at a distance r from the axis moves by at most
//! r times the turn, so a turn touches nothing if every moving triangle is further from the fixed ones than the
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

pub use body::Part;

use super::Motion;
use super::motion::FixedAxisTurn;
use body::{Body, Pose, box_lever, lever};
use coxa_geometry::frame::{Femur, Frame};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::mesh::triangle::{distance_of_corners, meeting_point_of_corners};
use coxa_geometry::mesh::validate::Defect;
use coxa_geometry::{Angle, Point};
use nalgebra::{Point3, UnitQuaternion, Vector3};
use parry3d_f64::partitioning::BvhNode;
use rayon::prelude::*;

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

/// The surfaces of both sides, the pelvis' in frame `P`.
pub struct ContactModel<P: Frame> {
    fixed: Body<P>,
    moving: Body<Femur>,
}

impl<P: Frame> ContactModel<P> {
    /// Prepares surfaces whose frames both have the hip centre as origin; with all hip angles zero the frames have
    /// the same axes. What can never meet for its distance from the hip centre is set aside.
    ///
    /// # Errors
    /// A part without triangles, with a vertex that is not finite or an index out of range.
    pub fn new(fixed: &[Part<'_, P>], moving: &[Part<'_, Femur>]) -> Result<Self, ContactError> {
        let (fixed, moving) = rayon::join(|| Body::new(fixed), || Body::new(moving));
        let (mut fixed, mut moving) = (fixed?, moving?);
        let ((near_fixed, far_fixed), (near_moving, far_moving)) = (fixed.reach(), moving.reach());
        let (near, far) = (near_fixed.max(near_moving), far_fixed.min(far_moving));
        fixed.crop(near, far);
        moving.crop(near, far);
        Ok(ContactModel { fixed, moving })
    }

    /// Where surfaces meet in a position, or one solid lies within another; `None` where all are apart.
    pub fn touch(&self, angles: HipAngles) -> Option<Touch<P>> {
        let rotation = UnitQuaternion::from_rotation_matrix(&angles.rotation());
        self.meeting(rotation).or_else(|| self.containment(rotation))
    }

    /// How far each motion goes. Motions run in parallel; the results do not depend on it.
    pub fn limits(&self, motions: &[Motion]) -> Vec<ContactLimit<P>> {
        motions.par_iter().map(|motion| self.limit(motion)).collect()
    }

    /// How far one motion goes.
    pub fn limit(&self, motion: &Motion) -> ContactLimit<P> {
        if let Some(touch) = self.touch(motion.start) {
            return ContactLimit::BlockedAtStart(touch);
        }
        let turn = FixedAxisTurn::new(motion.start, motion.axis);
        let pose = |degrees: f64| turn.at(degrees.to_radians() * motion.direction.sign());
        // The axis stands still in the moving side too.
        let axis = turn.start.inverse() * turn.axis.into_inner();
        let range = motion.range.degrees();
        let (mut free, mut level) = (0.0, 0);
        while free < range {
            match STEPS_DEG.get(level) {
                Some(&step) if self.is_clear_for(pose(free), &axis, step.to_radians()) => {
                    free += step;
                    level = level.saturating_sub(1);
                }
                Some(_) => level += 1,
                None => {
                    let next = free + FINEST_STEP_DEG;
                    if let Some(touch) = self.meeting(pose(next)) {
                        let (degrees, touch) = self.bisect(&pose, free, next, touch);
                        // Beyond the range is as free as the range asks for.
                        return if degrees >= range {
                            ContactLimit::Free
                        } else {
                            ContactLimit::At { angle: Angle::from_degrees(degrees), touch }
                        };
                    }
                    free = next;
                    level = STEPS_DEG.len() - 1;
                }
            }
        }
        ContactLimit::Free
    }

    fn bisect(
        &self,
        pose: &impl Fn(f64) -> UnitQuaternion<f64>,
        mut free: f64,
        mut met: f64,
        mut touch: Touch<P>,
    ) -> (f64, Touch<P>) {
        while met - free > RESOLUTION_DEG {
            let middle = (free + met) / 2.0;
            match self.meeting(pose(middle)) {
                Some(nearer) => (met, touch) = (middle, nearer),
                None => free = middle,
            }
        }
        (free, touch)
    }

    /// Whether a turn by `turn` radians either way about an axis, given in the moving side, surely touches nothing.
    fn is_clear_for(&self, rotation: UnitQuaternion<f64>, axis: &Vector3<f64>, turn: f64) -> bool {
        let pose = Pose::new(rotation);
        self.near_pairs(&pose, |moving| turn * box_lever(moving, axis)).all(|(fixed, moving)| {
            let (a, b) = (&self.fixed.triangles[fixed].0, &self.moving.triangles[moving].0);
            distance_of_corners(a, &pose.corners(b)) > turn * lever(b, axis)
        })
    }

    /// Pairs of triangles whose boxes are nearer than the margin for the moving one.
    fn near_pairs<'a>(
        &'a self,
        pose: &'a Pose,
        margin: impl Fn(&BvhNode) -> f64 + 'a,
    ) -> impl Iterator<Item = (usize, usize)> + 'a {
        let near = move |fixed: &BvhNode, moving: &BvhNode| pose.boxes_overlap(fixed, moving, margin(moving));
        let pairs = self.fixed.tree.leaf_pairs(&self.moving.tree, near);
        pairs.map(|(fixed, moving)| (fixed as usize, moving as usize))
    }

    /// Where surfaces cross: the mean over all crossing triangles of the first pair of parts in the order given.
    fn meeting(&self, rotation: UnitQuaternion<f64>) -> Option<Touch<P>> {
        let pose = Pose::new(rotation);
        let mut best: Option<((usize, usize), Vector3<f64>, f64)> = None;
        for (fixed, moving) in self.near_pairs(&pose, |_| 0.0) {
            let ((a, fixed_part), (b, moving_part)) =
                (&self.fixed.triangles[fixed], &self.moving.triangles[moving]);
            let parts = (*fixed_part, *moving_part);
            if best.as_ref().is_some_and(|(found, ..)| *found < parts) {
                continue;
            }
            if let Some(point) = meeting_point_of_corners(a, &pose.corners(b)) {
                match &mut best {
                    Some((found, sum, count)) if *found == parts => {
                        *sum += point.coords;
                        *count += 1.0;
                    }
                    _ => best = Some((parts, point.coords, 1.0)),
                }
            }
        }
        best.map(|((fixed, moving), sum, count)| Touch {
            fixed: self.fixed.solids[fixed].name.clone(),
            moving: self.moving.solids[moving].name.clone(),
            at: Point::from_coords(Point3::from(sum / count)),
        })
    }

    /// A piece of one side that lies wholly within a watertight part of the other.
    fn containment(&self, rotation: UnitQuaternion<f64>) -> Option<Touch<P>> {
        for fixed in &self.fixed.solids {
            for moving in &self.moving.solids {
                let swallowed = moving
                    .samples
                    .iter()
                    .map(|&p| Point::from_coords(rotation * p.coords()))
                    .find(|&p| fixed.inside.as_ref().is_some_and(|solid| solid.contains(p)));
                let swallowing = || {
                    fixed.samples.iter().copied().find(|&p| {
                        let there = Point::from_coords(rotation.inverse() * p.coords());
                        moving.inside.as_ref().is_some_and(|solid| solid.contains(there))
                    })
                };
                if let Some(at) = swallowed.or_else(swallowing) {
                    return Some(Touch { fixed: fixed.name.clone(), moving: moving.name.clone(), at });
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
