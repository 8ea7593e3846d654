//! The surfaces of a planned joint, about its centre.

use super::SimulateError;
use super::frames::JointFrames;
use super::joint::ContactPair;
use crate::plan::{Planned, SCREW_PREFIX};
use coxa_anatomy::Bone;
use coxa_geometry::Mesh;
use coxa_geometry::frame::{Femur, Gravity};
use coxa_sim::rom::contact::{ContactError, ContactModel, Part};

/// What may meet.
pub(super) struct JointSurfaces {
    pelvis: Mesh<Gravity>,
    shell: Mesh<Gravity>,
    liner: Mesh<Gravity>,
    screws: Vec<Mesh<Gravity>>,
    pub(super) femur: Mesh<Femur>,
    pub(super) stem: Mesh<Femur>,
}

impl JointSurfaces {
    pub(super) fn new(planned: &Planned, frames: &JointFrames) -> Result<Self, SimulateError> {
        let side = planned.plan.side;
        let bone = |bone, what| planned.bones.get(&bone).ok_or(SimulateError::Incomplete(what));
        let implant = |name| planned.implants.get(name).ok_or(SimulateError::Incomplete(name));
        let screws = planned.implants.iter().filter(|(name, _)| name.starts_with(SCREW_PREFIX));
        Ok(JointSurfaces {
            pelvis: frames.on_pelvis(bone(Bone::hip(side), "hip bone")?),
            shell: frames.on_pelvis(implant("shell")?),
            liner: frames.on_pelvis(implant("liner")?),
            screws: screws.map(|(_, mesh)| frames.on_pelvis(mesh)).collect(),
            femur: frames.on_femur(bone(Bone::femur(side), "femur")?),
            stem: frames.on_femur(implant("stem")?),
        })
    }

    /// The bodies of a pair of surfaces; `None` of the neck, which is a closed form's.
    pub(super) fn model(
        &self,
        pair: ContactPair,
        play_mm: f64,
    ) -> Option<Result<ContactModel<Gravity>, ContactError>> {
        let pelvis = [Part { name: "pelvis", mesh: &self.pelvis }];
        let screws = || self.screws.iter().map(|mesh| Part { name: "screw", mesh });
        let femur = [Part { name: "femur", mesh: &self.femur }];
        let stem = [Part { name: "stem", mesh: &self.stem }];
        Some(match pair {
            ContactPair::NeckOnLiner => return None,
            ContactPair::FemurOnPelvis => ContactModel::with_play(&pelvis, &femur, play_mm),
            ContactPair::StemOnPelvis => {
                let fixed: Vec<_> = pelvis.into_iter().chain(screws()).collect();
                ContactModel::with_play(&fixed, &stem, play_mm)
            }
            ContactPair::FemurOnCup => {
                let cup = [Part { name: "cup", mesh: &self.shell }, Part { name: "cup", mesh: &self.liner }];
                let fixed: Vec<_> = cup.into_iter().chain(screws()).collect();
                ContactModel::with_play(&fixed, &femur, play_mm)
            }
        })
    }
}

/// How far below the hip centre a surface of the femur reaches.
pub(super) fn reach_mm<'a>(vertices: impl IntoIterator<Item = &'a coxa_geometry::Point<Femur>>) -> f64 {
    vertices.into_iter().map(|v| -v.y()).fold(0.0, f64::max)
}
