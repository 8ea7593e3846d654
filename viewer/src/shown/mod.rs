//! What of a case there is to see.

mod cut_face;
mod film;
mod maps;
mod marks;
mod open;
mod painted;
mod parts;
mod poses;
mod soft;

pub use cut_face::CutFace;
pub use film::{Film, Silhouettes};
pub use maps::MapKind;
pub use marks::{Mark, MarkKind, marks};
pub use open::open;
pub use painted::{Colours, Painted};
pub use parts::{Group, Part, planned, scanned};
pub use poses::{Body, Poses};

use coxa_anatomy::Bone;
use coxa_anatomy::{BoneSurfaces, HipAnatomy};
use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::mesh::section::plane_section_by;
use coxa_geometry::{Finding, Mesh, Point, Side, Transform, Vector};
use coxa_imaging::{CtVolume, Volume};
use coxa_planner::Planned;
use coxa_planner::pictures::{GreyWindow, MovedBone, View, slab};
use serde::{Deserialize, Serialize};
use soft::SoftTissue;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// Whether the hip is seen as it was scanned or as it will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// As scanned.
    Before,
    /// With the planned implants, the femur resected and reduced.
    #[default]
    Planned,
}

/// A case as it is shown: the planner's own values, and surfaces made ready for being cut. What is large is shared between clones, so that work in
/// the background has one of its own.
#[derive(Clone)]
pub struct Shown {
    /// Side that is planned.
    pub side: Side,
    /// The CT.
    pub ct: Arc<CtVolume>,
    /// Bones as scanned.
    pub surfaces: Arc<BoneSurfaces>,
    /// Landmarks, frames and measurements.
    pub anatomy: Arc<HipAnatomy>,
    /// The plan with its geometry and numbers, whose surfaces are among the parts; absent where it was refused or there is none.
    pub planned: Option<Arc<Planned>>,
    /// Counts the plans that were shown, so that what was drawn of one is known from what is of another.
    pub plan_count: usize,
    /// Why there is no plan, and what the planner has to say of the one there is.
    pub findings: Vec<Finding>,
    /// What is seen in space; those of the plan come last.
    pub parts: Vec<Part>,
    /// The case, for what is read when it is first asked for.
    pub folder: PathBuf,
    uncertainty: Arc<Uncertainty>,
    /// What makes soft tissue, until it is there.
    soft: Option<Arc<SoftTissue>>,
}

/// How unsure labels are, or why that is not known.
type Uncertainty = OnceLock<Result<Option<Volume<u16>>, String>>;

impl Shown {
    /// A scan without anatomy and plan.
    #[cfg(test)]
    pub(crate) fn of_scan(side: Side, ct: CtVolume, surfaces: BoneSurfaces, parts: Vec<Part>) -> Self {
        Shown {
            side,
            ct: Arc::new(ct),
            surfaces: Arc::new(surfaces),
            anatomy: Arc::default(),
            planned: None,
            plan_count: 0,
            findings: Vec::new(),
            parts,
            folder: PathBuf::new(),
            uncertainty: Arc::default(),
            soft: None,
        }
    }

    /// Whether surfaces of soft tissue are still being made.
    pub const fn is_making_soft_tissue(&self) -> bool {
        self.soft.is_some()
    }

    /// Takes in the surfaces of soft tissue where they are there by now; with `waits`, when they are. What was drawn of the case is then to be
    /// drawn anew, as of another plan.
    pub fn take_in_soft_tissue(&mut self, waits: bool) {
        let Some(made) = self.soft.as_ref().map(|soft| soft.take(waits)) else { return };
        let made = match made {
            Ok(None) => return,
            Ok(Some(made)) => made,
            Err(()) => HashMap::new(),
        };
        self.soft = None;
        for part in self.parts.iter_mut().filter(|part| part.group == Group::SoftTissue) {
            if let Some(surface) = made.get(&part.name) {
                part.surface = surface.clone();
            }
        }
        self.plan_count += 1;
    }

    /// How unsure the labels are, from 0 to 100, where they came with it; why not, where the file is damaged.
    pub fn uncertainty(&self) -> &Result<Option<Volume<u16>>, String> {
        let read =
            || coxa_case::folder::read_uncertainty(&self.folder).map_err(|e| coxa_case::failure::message(&e));
        self.uncertainty.get_or_init(read)
    }

    /// Where one looks first: the centre of the planned hip, else of the femoral head, else the middle of the scan.
    pub fn hip_centre(&self) -> Point<Patient> {
        let head = || self.anatomy.side(self.side).head.as_ref().map(|head| head.centre_mm);
        let planned = self.planned.as_ref().map(|planned| planned.pose.hip_centre);
        planned.or_else(head).unwrap_or_else(|| {
            let [low, high] = self.ct.grid.bounds(0.0);
            low.midpoint(high)
        })
    }

    /// Lowest and highest coordinates of the bones, or of the scan where there are none.
    pub fn bounds(&self) -> [Point<Patient>; 2] {
        let boxes = self.surfaces.values().filter_map(Mesh::bounds);
        let joined = boxes.reduce(|(low, high), (l, h)| {
            let join = |a: Point<Patient>, b: Point<Patient>, up: bool| {
                let (a, b) = (a.coords(), b.coords());
                Point::from_coords(if up { a.sup(&b) } else { a.inf(&b) })
            };
            (join(low, l, false), join(high, h, true))
        });
        joined.map_or_else(|| self.ct.grid.bounds(0.5), |(low, high)| [low, high])
    }

    /// Unit vector along the neck of the operated femur away from its head, as scanned or as planned; lateral and down where no neck was
    /// found.
    pub fn away_from_joint(&self, stage: Stage) -> Vector<Patient> {
        let lateral = self.side.to_right(Vector::new(-1.0, 0.0, -1.0));
        let neck = self.anatomy.side(self.side).neck.as_ref().map_or(lateral, |neck| -neck.axis);
        let planned = self.planned.as_ref().filter(|_| stage == Stage::Planned);
        let along = planned.map_or(neck, |planned| planned.pose.reduced().apply(neck));
        along.normalised().unwrap_or(along)
    }

    /// Takes up a plan that was carried out: its surfaces come in the place of those of the one before.
    pub fn follow(&mut self, planned: Arc<Planned>) {
        self.parts.retain(|part| part.stage != Some(Stage::Planned));
        self.parts.extend(parts::planned(&planned));
        self.findings.clone_from(&planned.findings);
        self.planned = Some(planned);
        self.plan_count += 1;
    }

    /// The parts of one stage: those that do not change with the plan are in both.
    pub fn parts_of(&self, stage: Stage) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| part.stage.is_none_or(|own| own == stage))
    }

    /// Brightness of the slice in the plane of a view, row by row; of a slab the brightest of every place, through its thickness.
    pub fn slice(&self, view: &View, stage: Stage, window: GreyWindow, slab_mm: f64) -> Vec<u8> {
        let femur = Bone::femur(self.side);
        let planned = self.planned.as_ref().filter(|_| stage == Stage::Planned);
        let moved = planned.and_then(|p| {
            let (scanned, planned) = (self.surfaces.get(&femur)?, p.bones.get(&femur)?);
            Some(MovedBone { scanned, planned, motion: p.pose.reduced() })
        });
        slab(&self.ct, view, moved.as_ref(), window, slab_mm)
    }
}

/// A surface with the tree that its sections are found by.
pub struct Surface {
    /// The surface.
    pub mesh: Mesh<Patient>,
    query: Option<MeshQuery<Patient>>,
}

impl Surface {
    /// A surface made ready; one that is empty or broken has no sections.
    pub fn new(mesh: Mesh<Patient>) -> Self {
        let query = MeshQuery::new(&mesh).ok();
        Surface { mesh, query }
    }

    /// How far away a line of sight first meets the surface where `pose` brings it, of a part of that line, from where to where. Where it
    /// begins further on, inside of the surface, it meets the face along which that is cut.
    pub fn seen_from(
        &self,
        eye: Point<Patient>,
        into: Vector<Patient>,
        [from, to]: [f64; 2],
        pose: &Transform<Patient, Patient>,
    ) -> Option<f64> {
        let (back, query) = (pose.inverse(), self.query.as_ref()?);
        let begin = back.apply(eye + into * from);
        if from > 0.0 && query.contains(begin) {
            return Some(from);
        }
        let hit = query.ray(begin, back.apply(into), to - from)?;
        Some(from + hit.distance)
    }

    /// Outlines in the plane of a view, in millimetres right and down from its middle, of the surface where `pose` brings it.
    pub fn outlines(&self, view: &View, pose: &Transform<Patient, Patient>) -> Vec<Vec<[f64; 2]>> {
        let Some(query) = &self.query else { return Vec::new() };
        // The plane is brought to the surface: it has two vectors, the surface has many.
        let back = pose.inverse();
        let view = View {
            centre: back.apply(view.centre),
            right: back.apply(view.right),
            down: back.apply(view.down),
            ..*view
        };
        let flat = |point: &Point<Patient>| {
            let d = *point - view.centre;
            [d.dot(view.right), d.dot(view.down)]
        };
        plane_section_by(&self.mesh, query, view.centre, view.into_picture())
            .iter()
            .map(|line| line.iter().map(flat).collect())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_lie_in_the_view_to_scale() {
        let surface = Surface::new(Mesh::cuboid([-3.0, -4.0, -5.0], [3.0, 4.0, 5.0]));
        let view = View::coronal(Point::new(1.0, 0.0, 0.0), 100.0, 80.0, 2.0);
        let extents = |pose: &Transform<Patient, Patient>| {
            let lines = surface.outlines(&view, pose);
            assert_eq!(lines.len(), 1);
            [0, 1].map(|axis| {
                let along = || lines[0].iter().map(|p| p[axis]);
                (along().fold(f64::INFINITY, f64::min), along().fold(f64::NEG_INFINITY, f64::max))
            })
        };
        let still = Transform::identity();
        assert_eq!(extents(&still), [(-4.0, 2.0), (-5.0, 5.0)]);
        assert!(Surface::new(Mesh::default()).outlines(&view, &still).is_empty());
        // Moved down and to the left of the patient: up is superior, right is left.
        let moved = Transform::from_isometry(nalgebra::Translation3::new(2.0, 1.0, -3.0).into());
        assert_eq!(extents(&moved), [(-2.0, 4.0), (-2.0, 8.0)]);
    }
}
