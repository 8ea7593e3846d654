//! Whether poses are free: one, many, or all within some angle or way of one.

use super::cells::Extent;
use super::region::{Around, Memory, Open, Span};
use super::search::each;
use super::{BATCH, ContactModel, Pose, centred, placed, pose_of};
use coxa_geometry::Transform;
use coxa_geometry::frame::{Femur, Frame};
use coxa_geometry::mesh::triangle::meeting_point_of_corners;
use nalgebra::Rotation3;
use rayon::prelude::*;

impl<P: Frame> ContactModel<P> {
    /// Whether nothing meets in a position, from femur to pelvis axes, and no solid lies within another.
    pub fn is_free(&self, rotation: &Rotation3<f64>) -> bool {
        self.is_free_alone(&centred(*rotation))
    }

    /// As [`ContactModel::is_free`], for many positions on all threads; quicker where neighbours in the list are similar.
    pub fn are_free(&self, rotations: &[Rotation3<f64>]) -> Vec<bool> {
        self.all_free(rotations, |rotation| centred(*rotation))
    }

    /// As [`ContactModel::is_free`], for a femur whose hip centre is off that of the pelvis, by no more than the model's play.
    /// What is off by more, or is not finite, is never free.
    pub fn is_free_at(&self, femur: &Transform<Femur, P>) -> bool {
        self.is_free_alone(&pose_of(femur))
    }

    /// As [`ContactModel::is_free_at`], for many poses on all threads; quicker where neighbours in the list are similar.
    pub fn are_free_at(&self, femurs: &[Transform<Femur, P>]) -> Vec<bool> {
        self.all_free(femurs, pose_of)
    }

    /// How far in millimetres all points of the femur may be moved from where they are in a pose, without contact: no pose is
    /// in contact in which each is nearer than this to where it is here, if that pose is within the play too. From the field
    /// alone, so it is quick, and less than [`ContactModel::clearance_at`] finds. Zero in contact, near it, and
    /// where the pose itself is not within the play; infinite where the sides can never meet.
    pub fn free_within_mm(&self, femur: &Transform<Femur, P>) -> f64 {
        let pose = pose_of(femur);
        if !self.takes(&pose) {
            return 0.0;
        }
        let away = self.sides().least_away(&self.sides().placed(&pose));
        if away > 0.0 && self.containment(&pose).is_none() { away } else { 0.0 }
    }

    fn is_free_alone(&self, pose: &Pose) -> bool {
        self.is_free_within(pose, &mut Open::new(), Span::ALL, &mut Memory::new())
    }

    fn all_free<T: Sync>(&self, list: &[T], pose: impl Fn(&T) -> Pose + Sync) -> Vec<bool> {
        let pose = &pose;
        let batches = list.par_chunks(BATCH).flat_map_iter(|batch| {
            let (mut open, mut memory) = (Open::new(), Memory::new());
            batch.iter().map(move |item| self.is_free_within(&pose(item), &mut open, Span::ALL, &mut memory))
        });
        batches.collect()
    }

    /// Whether a pose is one that this model was made for. Of any other nothing can be said to be free.
    fn takes(&self, pose: &Pose) -> bool {
        let offset = &pose.translation.vector;
        pose.rotation.matrix().sum().is_finite() && offset.norm_squared() <= self.play_mm * self.play_mm
    }

    /// As [`ContactModel::is_free`], where only some spheres can be in contact.
    pub(crate) fn is_free_within(
        &self,
        pose: &Pose,
        open: &mut Open,
        span: Span,
        memory: &mut Memory,
    ) -> bool {
        match self.around(pose, 0.0, open, span, memory) {
            Around::Free => true,
            Around::Contact => false,
            Around::Unknown(span) => {
                !(self.doubtful_meet(pose, open, span, memory) || self.containment(pose).is_some())
            }
        }
    }

    /// What holds for all poses turned by at most `radius` radians from one about the femur's origin, where only the spheres of
    /// a span can be in contact.
    pub(crate) fn around(
        &self,
        pose: &Pose,
        radius: f64,
        open: &mut Open,
        span: Span,
        memory: &mut Memory,
    ) -> Around {
        // Rounded up, for the search is in single precision.
        let chord = (2.0 * (radius.min(std::f64::consts::PI) / 2.0).sin() * 1.001) as f32;
        if !self.takes(pose) {
            return Around::Contact;
        }
        match self.sides().around(&self.sides().placed(pose), chord, open, span, memory) {
            // Where no surface is crossed, what lies within stays within.
            Around::Free if self.containment(pose).is_some() => Around::Contact,
            around => around,
        }
    }

    /// Whether one of the triangles left open meets a fixed one.
    fn doubtful_meet(&self, pose: &Pose, open: &Open, span: Span, memory: &mut Memory) -> bool {
        if let Some((fixed, moving)) = memory.met {
            let placed = placed(pose, &self.moving.faces[moving as usize].corners);
            if meeting_point_of_corners(&self.fixed.body.faces[fixed as usize].corners, &placed).is_some() {
                return true;
            }
        }
        for siblings in open.within(span) {
            let block = &self.tree.blocks[siblings.block as usize];
            for lane in each(siblings.lanes) {
                let moving = block.child[lane];
                let placed = placed(pose, &self.moving.faces[moving as usize].corners);
                let met = self.fixed.cells.any_near(&Extent::of(&placed, 0.0), |fixed| {
                    let meets =
                        meeting_point_of_corners(&self.fixed.body.faces[fixed].corners, &placed).is_some();
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
}
