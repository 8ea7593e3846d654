//! Where surfaces meet.

use super::cells::Extent;
use super::lanes::LANES;
use super::{ContactModel, Pose, Touch, centred, placed};
use coxa_geometry::Point;
use coxa_geometry::frame::Frame;
use coxa_geometry::joint::HipAngles;
use coxa_geometry::mesh::triangle::meeting_point_of_corners;
use nalgebra::{Point3, Vector3};

impl<P: Frame> ContactModel<P> {
    /// Where surfaces meet in a position, or one solid lies within another; `None` where all are apart.
    pub fn touch(&self, angles: HipAngles) -> Option<Touch<P>> {
        self.touch_in(&centred(angles.rotation()))
    }

    pub(super) fn touch_in(&self, pose: &Pose) -> Option<Touch<P>> {
        self.meeting(pose).or_else(|| self.containment(pose))
    }

    /// Where surfaces cross: the mean over all crossing triangles of the first pair of parts in the order given.
    pub(super) fn meeting(&self, pose: &Pose) -> Option<Touch<P>> {
        let mut best: Option<((u32, u32), Vector3<f64>, f64)> = None;
        self.sides().any_within(
            &self.sides().placed(pose),
            |_| [0.0; LANES],
            |moving| {
                let moving = &self.moving.faces[moving as usize];
                let placed = placed(pose, &moving.corners);
                self.fixed.cells.any_near(&Extent::of(&placed, 0.0), |fixed| {
                    let fixed = &self.fixed.body.faces[fixed];
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
            fixed: self.fixed.body.solids[fixed as usize].name.clone(),
            moving: self.moving.solids[moving as usize].name.clone(),
            at: Point::from_coords(Point3::from(sum / count)),
        })
    }

    /// A piece of one side that lies wholly within a watertight part of the other, where surfaces do not cross.
    pub(super) fn containment(&self, pose: &Pose) -> Option<Touch<P>> {
        let back = pose.inverse();
        for fixed in &self.fixed.body.solids {
            for moving in &self.moving.solids {
                let held = fixed.swallowed(&moving.pieces, pose);
                let holding = || moving.swallowed(&fixed.pieces, &back).map(|p| pose * p);
                if let Some(at) = held.or_else(holding) {
                    let at = Point::from_coords(at);
                    return Some(Touch { fixed: fixed.name.clone(), moving: moving.name.clone(), at });
                }
            }
        }
        None
    }
}
