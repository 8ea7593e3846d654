//! Components in a hip: how they sit in its bones, and their surfaces.

use super::canal::{Fit, Outlines};
use super::hip::RightHip;
use super::input::PlanningInput;
use super::screws::{self, PlacedScrew};
use super::socket::Seat;
use crate::implants::{Catalogue, DEFAULT_TOLERANCE_MM};
use crate::placed::resection::{Osteotomy, resected};
use crate::placed::{ComponentError, Components, Pose, PoseError, VersionReference};
use crate::plan::{Plan, SCREW_PREFIX};
use crate::planned::{Planned, Sketch};
use coxa_anatomy::{Bone, BoneSurfaces};
use coxa_geometry::frame::{Cup, RightSide, Stem};
use coxa_geometry::{Angle, Mesh, Transform, Vector};
use std::collections::BTreeMap;

/// A plan's components in their places, seen as of a right hip, and how they sit in the bones.
pub(crate) struct Assembly {
    pub(crate) components: Components,
    pub(crate) pose: Pose<RightSide>,
    /// What the version of the stem refers to.
    pub(crate) reference: VersionReference,
    pub(crate) fit: Fit,
    pub(crate) screws: Vec<PlacedScrew>,
    /// How far the pelvis tilts backwards in standing from the supine one, where that was measured.
    pub(crate) standing_tilt: Option<Angle>,
}

/// Why a plan cannot be put together.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unfit {
    #[error(transparent)]
    Component(#[from] ComponentError),
    #[error(transparent)]
    Pose(#[from] PoseError),
}

impl Assembly {
    pub(crate) fn new(plan: &Plan, hip: &RightHip, catalogue: &Catalogue) -> Result<Self, Unfit> {
        let components = Components::of_plan(plan, catalogue)?;
        let pose = Pose::of_plan(plan, &components, &hip.axes)?;
        let reference = hip.axes.stem_place(&plan.stem)?.reference;
        let outlines = Outlines::new(&components.stem, &components.size, &components.taper);
        let fit = outlines.fit(&hip.canal, &pose.stem_frame);
        let screws = screws::place(&components, &pose);
        let standing_tilt = plan.targets.standing_tilt_deg;
        Ok(Assembly { components, pose, reference, fit, screws, standing_tilt })
    }

    pub(crate) fn seat(&self) -> Seat<'_> {
        Seat::of(&self.components, &self.pose)
    }

    /// Surfaces of the implants, femur reduced.
    fn implants(&self) -> BTreeMap<String, Mesh<RightSide>> {
        let Assembly { components, pose, .. } = self;
        let mut meshes = BTreeMap::new();
        meshes.insert("shell".into(), pose.cup_frame.apply(&components.shell_mesh()));
        if let Some(liner) = components.liner_mesh() {
            meshes.insert("liner".into(), components.lip_turn().then(&pose.cup_frame).apply(&liner));
        }
        if let Some(bearing) = components.mobile_bearing_mesh() {
            meshes.insert("mobile_bearing".into(), pose.cup_frame.apply(&bearing));
        }
        for screw in &self.screws {
            if let Some(mesh) = screw.mesh(&components.screw, DEFAULT_TOLERANCE_MM) {
                meshes.insert(format!("{SCREW_PREFIX}{}", screw.bore.hole), mesh);
            }
        }
        let reduced: Transform<Stem, RightSide> = pose.stem_frame.then(&pose.reduced());
        meshes.insert("stem".into(), reduced.apply(&components.stem_mesh()));
        // The head's mesh has +Z away from the neck.
        let up = reduced.apply(components.neck.axis);
        let across = reduced.apply(Vector::<Stem>::new(0.0, 0.0, 1.0));
        if let Some(frame) = Transform::<Cup, RightSide>::from_axes(pose.hip_centre, across, up.cross(across))
        {
            let Components { head, head_offset_mm, taper, .. } = components;
            let head = head.mesh(*head_offset_mm, taper, DEFAULT_TOLERANCE_MM);
            meshes.insert("head".into(), frame.apply(&head));
        }
        meshes
    }

    /// The surfaces of a plan, everything back in the patient's own side.
    pub(crate) fn planned(&self, sketch: Sketch, hip: &RightHip, input: &PlanningInput<'_>) -> Planned {
        let side = hip.side;
        let osteotomy = Osteotomy::of(&self.components, &self.pose.stem_frame);
        let femur = self.pose.reduced().apply(&resected(&hip.femur, &osteotomy, hip.head.centre_mm));
        let mut bones: BoneSurfaces = input.surfaces.clone();
        bones.insert(Bone::femur(side), side.leave(femur));
        let implants = self.implants().into_iter().map(|(name, mesh)| (name, side.leave(mesh))).collect();
        Planned { sketch, implants, bones }
    }
}
