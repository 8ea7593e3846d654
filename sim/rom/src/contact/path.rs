//! How far turns go until surfaces meet: conservative advancement, as the module above says.

use super::cells::Extent;
use super::lanes::LANES;
use super::path_contact::PathContact;
use super::spheres::Block;
use super::{
    ContactLimit, ContactModel, FINEST_STEP_DEG, Mount, Pose, RESOLUTION_DEG, STEPS_DEG, Touch, placed,
};
use crate::Motion;
use crate::motion::FixedAxisTurn;
use crate::path::Path;
use coxa_geometry::Angle;
use coxa_geometry::frame::Frame;
use coxa_geometry::mesh::triangle::are_within;
use nalgebra::{Point3, UnitQuaternion, Vector3};
use rayon::prelude::*;

/// Margin up to which the distances of single triangles are looked at.
const WIDEST_MARGIN_MM: f64 = 3.0;

impl<P: Frame> ContactModel<P> {
    /// How far each motion goes. Motions run in parallel; the results do not depend on it.
    pub fn limits(&self, motions: &[Motion]) -> Vec<ContactLimit<P>> {
        motions.par_iter().map(|motion| self.limit(motion)).collect()
    }

    /// How far one motion goes.
    pub fn limit(&self, motion: &Motion) -> ContactLimit<P> {
        self.limit_on(motion, &Mount::centred())
    }

    pub(super) fn limit_on(&self, motion: &Motion, mount: &Mount<P>) -> ContactLimit<P> {
        let turn = Turn { turn: &FixedAxisTurn::of(motion), mount };
        if let Some(touch) = self.touch_in(&turn.pose(0.0)) {
            return ContactLimit::BlockedAtStart(touch);
        }
        match self.advance(&turn, motion.range.degrees(), &mut 0) {
            Some((degrees, touch)) => ContactLimit::At { angle: Angle::from_degrees(degrees), touch },
            None => ContactLimit::Free,
        }
    }

    /// Where a path first meets something; `None` where all of it is free.
    pub fn first_contact(&self, path: &Path) -> Option<PathContact<P>> {
        self.first_contact_on(path, &Mount::centred())
    }

    pub(super) fn first_contact_on(&self, path: &Path, mount: &Mount<P>) -> Option<PathContact<P>> {
        let start = UnitQuaternion::from_rotation_matrix(&path.start().rotation());
        if let Some(touch) = self.touch_in(&mount.pose(&start)) {
            return Some(PathContact { place: path.place(0, 0.0), touch });
        }
        let mut level = 0;
        path.pieces().iter().enumerate().find_map(|(index, piece)| {
            let turn = Turn { turn: &piece.turn, mount };
            let (degrees, touch) = self.advance(&turn, piece.range.to_degrees(), &mut level)?;
            Some(PathContact { place: path.place(index, degrees.to_radians()), touch })
        })
    }

    /// The last free turn in degrees, and what meets after it, for a turn that begins free; `None` where nothing is met within
    /// the range. `level` is the step to begin with, and becomes the one to go on with.
    fn advance(&self, turn: &Turn<'_, P>, range: f64, level: &mut usize) -> Option<(f64, Touch<P>)> {
        let axis = turn.axis();
        let mut free = 0.0;
        while free < range {
            let left = range - free;
            match STEPS_DEG.get(*level) {
                Some(&step) if self.is_clear_for(&turn.pose(free), &axis, step.min(left).to_radians()) => {
                    free = if step < left { free + step } else { range };
                    *level = level.saturating_sub(1);
                }
                Some(_) => *level += 1,
                None => {
                    let next = if FINEST_STEP_DEG < left { free + FINEST_STEP_DEG } else { range };
                    if let Some(touch) = self.meeting(&turn.pose(next)) {
                        return Some(self.bisect(turn, free, next, touch));
                    }
                    free = next;
                    *level = STEPS_DEG.len() - 1;
                }
            }
        }
        None
    }

    fn bisect(
        &self,
        turn: &Turn<'_, P>,
        mut free: f64,
        mut met: f64,
        mut touch: Touch<P>,
    ) -> (f64, Touch<P>) {
        while met - free > RESOLUTION_DEG {
            let middle = (free + met) / 2.0;
            match self.meeting(&turn.pose(middle)) {
                Some(nearer) => (met, touch) = (middle, nearer),
                None => free = middle,
            }
        }
        (free, touch)
    }

    /// Whether a turn by `turn` radians either way about an axis surely touches nothing.
    fn is_clear_for(&self, pose: &Pose, axis: &Axis, turn: f64) -> bool {
        let Axis { direction, in_pelvis, in_femur: centre } = axis;
        let [cx, cy, cz] = [0, 1, 2].map(|i| centre[i] as f32);
        let in_femur = pose.rotation.inverse_transform_vector(direction);
        let [kx, ky, kz] = [0, 1, 2].map(|i| in_femur[i] as f32);
        // Rounded up, for the search is in single precision.
        let by = (turn * 1.001) as f32;
        let margin = |block: &Block| {
            let [x, y, z] = block.centres();
            let mut margin = [0f32; LANES];
            for i in 0..LANES {
                let (x, y, z) = (x[i] - cx, y[i] - cy, z[i] - cz);
                let (p, q, r) = (y * kz - z * ky, z * kx - x * kz, x * ky - y * kx);
                margin[i] = by * ((p * p + q * q + r * r).sqrt() + block.radius[i]);
            }
            margin
        };
        !self.sides().any_within(&self.sides().placed(pose), margin, |moving| {
            let placed = placed(pose, &self.moving.faces[moving as usize].corners);
            let reach =
                turn * placed.iter().map(|p| (p - in_pelvis).cross(direction).norm()).fold(0.0, f64::max);
            // Over a wide margin the search through cells costs more than the shorter step that follows.
            reach > WIDEST_MARGIN_MM
                || self.fixed.cells.any_near(&Extent::of(&placed, reach), |fixed| {
                    are_within(&self.fixed.body.faces[fixed].corners, &placed, reach)
                })
        })
    }
}

/// A turn of a joint at which a model is mounted.
struct Turn<'a, P: Frame> {
    turn: &'a FixedAxisTurn,
    mount: &'a Mount<P>,
}

/// The line that a turn is about: its direction in the pelvis, and the joint's centre in the pelvis and in the femur.
struct Axis {
    direction: Vector3<f64>,
    in_pelvis: Point3<f64>,
    in_femur: Point3<f64>,
}

impl<P: Frame> Turn<'_, P> {
    /// The pose after some degrees.
    fn pose(&self, degrees: f64) -> Pose {
        self.mount.pose(&self.turn.at(degrees.to_radians()))
    }

    fn axis(&self) -> Axis {
        let [in_pelvis, in_femur] = self.mount.centres();
        Axis { direction: self.mount.axis(self.turn), in_pelvis, in_femur }
    }
}
