//! How far turns go until surfaces meet: conservative advancement, as the module above says.

use super::cells::Extent;
use super::field::LANES;
use super::spheres::Block;
use super::{
    ContactLimit, ContactModel, FINEST_STEP_DEG, Pose, RESOLUTION_DEG, STEPS_DEG, Touch, centred, placed,
};
use crate::rom::Motion;
use crate::rom::motion::FixedAxisTurn;
use crate::rom::path::{Path, PathPlace};
use coxa_geometry::Angle;
use coxa_geometry::frame::Frame;
use coxa_geometry::mesh::triangle::distance_of_corners;
use nalgebra::Vector3;
use rayon::prelude::*;

/// Where a path first meets something.
#[derive(Debug, Clone, PartialEq)]
pub struct PathContact<P: Frame> {
    /// The last free position found, within [`RESOLUTION_DEG`] of the contact; the path's start, with nothing travelled, where
    /// that is already in contact.
    pub place: PathPlace,
    /// What meets.
    pub touch: Touch<P>,
}

/// Margin up to which the distances of single triangles are looked at.
const WIDEST_MARGIN_MM: f64 = 3.0;

impl<P: Frame> ContactModel<P> {
    /// How far each motion goes. Motions run in parallel; the results do not depend on it.
    pub fn limits(&self, motions: &[Motion]) -> Vec<ContactLimit<P>> {
        motions.par_iter().map(|motion| self.limit(motion)).collect()
    }

    /// How far one motion goes.
    pub fn limit(&self, motion: &Motion) -> ContactLimit<P> {
        let turn = FixedAxisTurn::of(motion);
        if let Some(touch) = self.touch_in(&pose(&turn, 0.0)) {
            return ContactLimit::BlockedAtStart(touch);
        }
        match self.advance(&turn, motion.range.degrees(), &mut 0) {
            Some((degrees, touch)) => ContactLimit::At { angle: Angle::from_degrees(degrees), touch },
            None => ContactLimit::Free,
        }
    }

    /// Where a path first meets something; `None` where all of it is free.
    pub fn first_contact(&self, path: &Path) -> Option<PathContact<P>> {
        if let Some(touch) = self.touch(path.start()) {
            return Some(PathContact { place: path.place(0, 0.0), touch });
        }
        let mut level = 0;
        path.pieces().iter().enumerate().find_map(|(index, piece)| {
            let (degrees, touch) = self.advance(&piece.turn, piece.range.to_degrees(), &mut level)?;
            Some(PathContact { place: path.place(index, degrees.to_radians()), touch })
        })
    }

    /// The last free turn in degrees, and what meets after it, for a turn that begins free; `None` where nothing is met within
    /// the range. `level` is the step to begin with, and becomes the one to go on with.
    fn advance(&self, turn: &FixedAxisTurn, range: f64, level: &mut usize) -> Option<(f64, Touch<P>)> {
        let axis = turn.axis.into_inner();
        let mut free = 0.0;
        while free < range {
            let left = range - free;
            match STEPS_DEG.get(*level) {
                Some(&step) if self.is_clear_for(&pose(turn, free), &axis, step.min(left).to_radians()) => {
                    free = if step < left { free + step } else { range };
                    *level = level.saturating_sub(1);
                }
                Some(_) => *level += 1,
                None => {
                    let next = if FINEST_STEP_DEG < left { free + FINEST_STEP_DEG } else { range };
                    if let Some(touch) = self.meeting(&pose(turn, next)) {
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
        turn: &FixedAxisTurn,
        mut free: f64,
        mut met: f64,
        mut touch: Touch<P>,
    ) -> (f64, Touch<P>) {
        while met - free > RESOLUTION_DEG {
            let middle = (free + met) / 2.0;
            match self.meeting(&pose(turn, middle)) {
                Some(nearer) => (met, touch) = (middle, nearer),
                None => free = middle,
            }
        }
        (free, touch)
    }

    /// Whether a turn by `turn` radians either way about an axis, given in the pelvis, surely touches nothing.
    fn is_clear_for(&self, pose: &Pose, axis: &Vector3<f64>, turn: f64) -> bool {
        let in_femur = pose.rotation.inverse_transform_vector(axis);
        let [kx, ky, kz] = [0, 1, 2].map(|i| in_femur[i] as f32);
        // Rounded up, for the search is in single precision.
        let by = (turn * 1.001) as f32;
        let margin = |block: &Block| {
            let [x, y, z] = block.centres();
            let mut margin = [0f32; LANES];
            for i in 0..LANES {
                let (p, q, r) = (y[i] * kz - z[i] * ky, z[i] * kx - x[i] * kz, x[i] * ky - y[i] * kx);
                margin[i] = by * ((p * p + q * q + r * r).sqrt() + block.radius[i]);
            }
            margin
        };
        !self.sides().any_within(&self.sides().placed(pose), margin, |moving| {
            let placed = placed(pose, &self.moving.faces[moving as usize].corners);
            let reach = turn * placed.iter().map(|p| p.coords.cross(axis).norm()).fold(0.0, f64::max);
            // Over a wide margin the search through cells costs more than the shorter step that follows.
            reach > WIDEST_MARGIN_MM
                || self.cells.any_near(&Extent::of(&placed, reach), |fixed| {
                    distance_of_corners(&self.fixed.faces[fixed].corners, &placed) <= reach
                })
        })
    }
}

/// The pose after some degrees of a turn.
fn pose(turn: &FixedAxisTurn, degrees: f64) -> Pose {
    centred(turn.at(degrees.to_radians()).to_rotation_matrix())
}
