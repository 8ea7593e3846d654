//! Muscles of a CT: an atlas of real ones, carried by the bones, laid on the fat around them, and trimmed to the scan's voxels.
//!
//! 1. `atlas`: closed surfaces of one woman's hip muscles about the mean bones of the shape models ([`MuscleAtlas`]).
//! 2. `carry`: shape models of pelvis and femur fitted to the patient's bones carry them there.
//! 3. `slide`: the psoas above the pelvis follows the spine. `lay`: the surfaces move, smoothly, to where muscle meets fat or bone in the scan.
//! 4. `label`: each voxel of muscle goes to one of them or to none by a random walk between them, which fat stops.

mod atlas;
mod carry;
mod label;
mod lay;
mod patch;
mod slide;
mod warp;

pub use atlas::{AtlasMuscle, MuscleAtlas};
pub use carry::{CarriedMuscles, carry};

use crate::label_names;
use crate::patient::BoneSurfaces;
use crate::tissue::Calibration;
use coxa_geometry::{Finding, Severity, Side};
use coxa_imaging::{CtVolume, LabelMap};
use patch::{Patch, Tissues};
use rayon::prelude::*;

/// Less of the carried muscles than this is muscle in the scan where they were carried to a wrong place, or there is none.
const LEAST_MUSCLE_SHARE: f64 = 0.3;

/// Adds the muscles of both sides to labels of bones on the grid of the CT; where none are found, a finding says why.
///
/// Bone and everything else that is labelled stays as it is.
pub fn add_muscles(ct: &CtVolume, labels: &mut LabelMap, surfaces: &BoneSurfaces) -> Vec<Finding> {
    let found: Vec<(Side, Result<Vec<u8>, String>)> = match Tissues::of(&Calibration::from_tissues(ct)) {
        Some(tissues) => Side::BOTH
            .into_par_iter()
            .map(|side| (side, find(ct, labels, surfaces, side, &tissues)))
            .collect(),
        None => {
            let why = "the scan shows no fat beside muscle";
            Side::BOTH.map(|side| (side, Err(why.to_owned()))).into()
        }
    };
    let mut findings = Vec::new();
    let mut seen = [false; 256];
    for (side, found) in found {
        match found {
            Ok(ids) => {
                for (label, id) in labels.volume.as_mut_slice().iter_mut().zip(ids) {
                    if *label == 0 && id != 0 {
                        *label = id;
                        seen[usize::from(id)] = true;
                    }
                }
            }
            Err(why) => findings.push(Finding::new(
                Severity::Note,
                "muscles_not_found",
                &format!("muscles_{side}"),
                format!("Muscles not found on the {side}: {why}."),
            )),
        }
    }
    labels.table.extend(label_names::structures().into_iter().filter(|l| seen[usize::from(l.id)]));
    labels.table.sort_by_key(|label| label.id);
    labels.table.dedup_by_key(|label| label.id);
    findings
}

/// Ids of the muscles of one side on the grid of the CT, 0 where there is none.
fn find(
    ct: &CtVolume,
    labels: &LabelMap,
    surfaces: &BoneSurfaces,
    side: Side,
    tissues: &Tissues,
) -> Result<Vec<u8>, String> {
    let atlas = MuscleAtlas::shipped().ok_or("the atlas of the program is damaged")?;
    let mut carried = carry(atlas, surfaces, side)?;
    let patch = Patch::around(ct, labels, side, &carried, tissues).ok_or("they lie outside the scan")?;
    slide::slide(&mut carried.muscles, &patch);
    lay::lay(&mut carried.muscles, &patch);
    let share = patch.muscle_share(&carried.muscles);
    if share < LEAST_MUSCLE_SHARE {
        return Err(format!(
            "where they should lie, only {:.0} % of the scan has the CT numbers of muscle",
            100.0 * share
        ));
    }
    let ids: Vec<u8> = carried
        .muscles
        .iter()
        .map(|(name, _)| label_names::structure_id(&format!("{name}_{side}")).unwrap_or(0))
        .collect();
    let places = label::label(&carried.muscles, &patch);
    Ok(patch.to_scan(ct, labels, &places, &ids, tissues))
}
