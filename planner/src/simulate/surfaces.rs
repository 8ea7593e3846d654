//! The surfaces of a planned joint, about its centre.

use super::error::SimulateError;
use super::frames::JointFrames;
use super::pair::ContactPair;
use crate::plan::SCREW_PREFIX;
use crate::planned::Planned;
use coxa_anatomy::Bone;
use coxa_geometry::Mesh;
use coxa_geometry::frame::{Femur, Gravity};
use coxa_rom::contact::{ContactError, ContactModel, FixedSide, NamedMesh};
use std::sync::Arc;

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
    pub(super) fn model(&self, pair: ContactPair) -> Option<Result<ContactModel<Gravity>, ContactError>> {
        Some(ContactModel::new(&self.fixed_parts(pair)?, &self.moving_parts(pair)?))
    }

    /// What of the pelvis belongs to a pair, made ready for any femur; `None` of the neck.
    pub(super) fn fixed(&self, pair: ContactPair) -> Option<Result<FixedSide<Gravity>, ContactError>> {
        Some(FixedSide::new(&self.fixed_parts(pair)?))
    }

    /// What of the femur belongs to a pair, against what was made ready of the pelvis; `None` of the neck.
    pub(super) fn against(
        &self,
        pair: ContactPair,
        fixed: Arc<FixedSide<Gravity>>,
        play_mm: f64,
    ) -> Option<Result<ContactModel<Gravity>, ContactError>> {
        Some(ContactModel::against(fixed, &self.moving_parts(pair)?, play_mm))
    }

    fn fixed_parts(&self, pair: ContactPair) -> Option<Vec<NamedMesh<'_, Gravity>>> {
        let pelvis = NamedMesh { name: "pelvis", mesh: &self.pelvis };
        let screws = self.screws.iter().map(|mesh| NamedMesh { name: "screw", mesh });
        Some(match pair {
            ContactPair::NeckOnLiner => return None,
            ContactPair::FemurOnPelvis => vec![pelvis],
            ContactPair::StemOnPelvis => std::iter::once(pelvis).chain(screws).collect(),
            ContactPair::FemurOnCup => {
                let cup = [&self.shell, &self.liner].map(|mesh| NamedMesh { name: "cup", mesh });
                cup.into_iter().chain(screws).collect()
            }
        })
    }

    fn moving_parts(&self, pair: ContactPair) -> Option<[NamedMesh<'_, Femur>; 1]> {
        Some([match pair {
            ContactPair::NeckOnLiner => return None,
            ContactPair::FemurOnPelvis | ContactPair::FemurOnCup => {
                NamedMesh { name: "femur", mesh: &self.femur }
            }
            ContactPair::StemOnPelvis => NamedMesh { name: "stem", mesh: &self.stem },
        }])
    }
}

/// How far below the hip centre a surface of the femur reaches.
pub(super) fn reach_mm<'a>(vertices: impl IntoIterator<Item = &'a coxa_geometry::Point<Femur>>) -> f64 {
    vertices.into_iter().map(|v| -v.y()).fold(0.0, f64::max)
}
