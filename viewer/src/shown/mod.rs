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
mod stage;
mod surface;

pub use cut_face::CutFace;
pub use film::{Film, Silhouettes};
pub use maps::MapKind;
pub use marks::{Mark, MarkKind, marks};
pub use open::open;
pub use painted::{Colours, Painted};
pub use parts::{Group, ShownPart, planned, scanned};
pub use poses::{Body, Poses};
pub use stage::Stage;
pub use surface::Surface;

use coxa_anatomy::Bone;
use coxa_anatomy::{BoneSurfaces, HipAnatomy};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Finding, Mesh, Point, Side, Vector};
use coxa_imaging::{CtVolume, Volume};
use coxa_planner::Planned;
use coxa_planner::pictures::{GreyWindow, MovedBone, View, slab};
use soft::SoftTissue;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

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
    pub parts: Vec<ShownPart>,
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
    pub(crate) fn of_scan(side: Side, ct: CtVolume, surfaces: BoneSurfaces, parts: Vec<ShownPart>) -> Self {
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
        let lateral = self.side.leave(Vector::new(-1.0, 0.0, -1.0));
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
    pub fn parts_of(&self, stage: Stage) -> impl Iterator<Item = &ShownPart> {
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
