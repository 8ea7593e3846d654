//! Muscles of a CT: an atlas of real ones, carried by the bones, laid on the fat around them, and trimmed to the scan's voxels.
//!
//! 1. `atlas`: closed surfaces of one woman's hip muscles about the mean bones of the shape models ([`MuscleAtlas`]).
//! 2. `carry`: shape models of pelvis and femur fitted to the patient's bones carry them there.
//! 3. `slide`: the psoas above the pelvis follows the spine. `lay`: the surfaces move, smoothly, to where muscle meets fat or bone in the scan.
//! 4. `prediction`: what a network says of the same voxels, which knows nothing of atlas and bones.
//! 5. `strands`, `thigh`: muscles of the thigh for which there is no real surface are schematic strands between the bones, in the `pose` in
//!    which they agree best with the network.
//! 6. `label`: each voxel of muscle goes to one of them or to none by a random walk between them, which fat stops.
//! 7. `trust`: how far atlas and samples of the network agree, by voxel and by muscle.

mod label;
mod lay;
mod patch;
mod pose;
mod prediction;
mod slide;
mod strands;
mod trust;

use coxa_anatomy::BoneSurfaces;
use coxa_anatomy::calibration::Calibration;
use coxa_anatomy::label_names;
use coxa_anatomy::muscle::{MusclePrior, MuscleTrust};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Finding, Point, Side, finding};
use coxa_imaging::{CtVolume, LabelMap, Volume};
use coxa_network::{Network, Predictions};
use coxa_shape::muscle_atlas::{CarriedMuscles, MuscleAtlas, STRAND_NAMES, carry};
use patch::{Patch, Tissues};
use prediction::Prediction;
use rayon::prelude::*;

/// Less of the carried muscles than this is muscle in the scan where they were carried to a wrong place, or there is none.
const LEAST_MUSCLE_SHARE: f64 = 0.3;

/// Less of a muscle than this, in cm³, is no muscle but what its neighbours left over, or a sliver at the end of the scan.
const LEAST_CM3: f64 = 0.3;

/// What finding muscles had to say.
#[derive(Debug, Default)]
pub struct FoundMuscles {
    /// How far each label is to be trusted.
    pub trust: Vec<MuscleTrust>,
    /// Where none are found, why.
    pub findings: Vec<Finding>,
}

/// Adds the muscles of both sides to labels of bones on the grid of the CT; where none are found, a finding says why. What a network
/// says of them counts beside the atlas.
///
/// Bone and everything else that is labelled stays as it is. `uncertainty` on the same grid takes the entropy of the muscles, 0 to 100.
pub fn add_muscles(
    ct: &CtVolume,
    labels: &mut LabelMap,
    uncertainty: Option<&mut Volume<u8>>,
    surfaces: &BoneSurfaces,
    network: Option<&Network>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> FoundMuscles {
    let mut all = FoundMuscles::default();
    let Some(tissues) = Tissues::of(&Calibration::from_tissues(ct)) else {
        all.findings.extend(Side::BOTH.map(|side| not_found(side, "the scan shows no fat beside muscle")));
        return all;
    };
    let patches: Vec<(Side, Result<CarriedPatch, String>)> = Side::BOTH
        .into_par_iter()
        .map(|side| (side, CarriedPatch::new(ct, labels, surfaces, side, &tissues)))
        .collect();
    let wanted: Vec<u8> = MuscleAtlas::shipped().map_or(Vec::new(), |atlas| {
        let names = atlas.muscles.iter().map(|m| m.name.as_str()).chain(STRAND_NAMES);
        let names = names.flat_map(|name| Side::BOTH.map(|side| format!("{name}_{side}")));
        names.filter_map(|name| label_names::structure_id(&name)).collect()
    });
    let predictions = network.and_then(|network| {
        let part =
            patches.iter().filter_map(|(_, patch)| patch.as_ref().ok()).map(|patch| patch.patch.bounds());
        let part = part.reduce(|[a, b], [c, d]| [inf(a, c), sup(b, d)])?;
        match network.predictions(ct, part, |id| wanted.contains(&id), progress) {
            Ok(predictions) => Some(predictions),
            Err(error) => {
                all.findings.push(finding::MusclesWithoutNetwork { error: error.to_string() }.finding());
                None
            }
        }
    });
    let found: Vec<(Side, Result<SideMuscles, String>)> = patches
        .into_par_iter()
        .map(|(side, patch)| {
            (side, patch.map(|patch| patch.find(ct, labels, predictions.as_ref(), &tissues)))
        })
        .collect();
    let mut seen = [false; 256];
    let mut uncertainty = uncertainty.map(Volume::as_mut_slice);
    for (side, found) in found {
        let SideMuscles { ids, entropy, trust } = match found {
            Ok(found) => found,
            Err(why) => {
                all.findings.push(not_found(side, &why));
                continue;
            }
        };
        if let Some(uncertainty) = &mut uncertainty {
            for ((own, entropy), &label) in uncertainty.iter_mut().zip(entropy).zip(labels.volume.as_slice())
            {
                if label == 0 {
                    *own = (*own).max(entropy);
                }
            }
        }
        for (label, id) in labels.volume.as_mut_slice().iter_mut().zip(ids) {
            if *label == 0 && id != 0 {
                *label = id;
                seen[usize::from(id)] = true;
            }
        }
        all.trust.extend(trust);
    }
    labels.table.extend(label_names::structures().into_iter().filter(|l| seen[usize::from(l.id)]));
    labels.table.sort_by_key(|label| label.id);
    labels.table.dedup_by_key(|label| label.id);
    let cut = labels.at_edge();
    for trust in &mut all.trust {
        trust.is_cut = label_names::structure_id(&trust.structure).is_some_and(|id| cut[usize::from(id)]);
    }
    all
}

fn not_found(side: Side, why: &str) -> Finding {
    finding::MusclesNotFound { side, reason: why.to_owned() }.finding()
}

/// Muscles of one side on the grid of the scan.
struct SideMuscles {
    /// 0 where there is none.
    ids: Vec<u8>,
    entropy: Vec<u8>,
    trust: Vec<MuscleTrust>,
}

/// The atlas carried to one side, in the part of the scan around it.
struct CarriedPatch {
    carried: CarriedMuscles,
    patch: Patch,
}

impl CarriedPatch {
    fn new(
        ct: &CtVolume,
        labels: &LabelMap,
        surfaces: &BoneSurfaces,
        side: Side,
        tissues: &Tissues,
    ) -> Result<CarriedPatch, String> {
        let atlas = MuscleAtlas::shipped().ok_or("the built-in atlas is damaged: install Coxa again")?;
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
        Ok(CarriedPatch { carried, patch })
    }

    fn find(
        &self,
        ct: &CtVolume,
        labels: &LabelMap,
        predictions: Option<&Predictions>,
        tissues: &Tissues,
    ) -> SideMuscles {
        let CarriedPatch { carried: CarriedMuscles { side, muscles, thigh, .. }, patch } = self;
        let mut depths: Vec<Vec<f32>> =
            muscles.par_iter().map(|(_, mesh)| patch.depth(mesh, label::REACH_MM)).collect();
        // The atlas's muscles, then all strands, of which the scan may show some.
        let known = muscles.iter().map(|(name, _)| name.as_str()).chain(STRAND_NAMES);
        let names: Vec<String> = known.map(|name| format!("{name}_{side}")).collect();
        let mut ids: Vec<u8> =
            names.iter().map(|name| label_names::structure_id(name).unwrap_or(0)).collect();
        let prediction = predictions.and_then(|predictions| Prediction::on(patch, predictions, &ids));
        let strands = thigh.as_ref().map_or(Vec::new(), |thigh| {
            strands::depths(thigh, patch, &depths, prediction.as_ref(), muscles.len())
        });
        let mut kept: Vec<usize> = (0..muscles.len()).collect();
        for (strand, depth) in strands {
            kept.push(muscles.len() + strand);
            depths.push(depth);
        }
        let found: Vec<(String, MusclePrior)> = kept
            .iter()
            .map(|&n| {
                let is_own = n < muscles.len();
                let prior = if is_own { MusclePrior::Surface } else { MusclePrior::SchematicStrand };
                (names[n].clone(), prior)
            })
            .collect();
        ids = kept.iter().map(|&n| ids[n]).collect();
        let prediction = prediction.and_then(|prediction| prediction.keeping(&kept));
        let shared = label::label(&depths, patch, prediction.as_ref());
        let entropy = trust::entropy(&shared, patch);
        let mut in_scan = patch.to_scan(ct, labels, &shared.labels, &ids, tissues);
        let too_small = clear_slivers(&mut in_scan, LEAST_CM3 * 1000.0 / ct.grid.voxel_volume_mm3());
        let mut trust = trust::trust(&found, &shared, prediction.as_ref(), patch);
        let mut kept = ids.iter().map(|&id| !too_small[usize::from(id)]);
        trust.retain(|_| kept.next().unwrap_or(true));
        SideMuscles { entropy: patch.linear_to_scan(entropy, &ct.grid), ids: in_scan, trust }
    }
}

/// Takes away labels of fewer voxels than this, and says which.
fn clear_slivers(labels: &mut [u8], least: f64) -> [bool; 256] {
    let mut counts = [0u64; 256];
    labels.iter().for_each(|&id| counts[usize::from(id)] += 1);
    let too_small = counts.map(|count| (count as f64) < least);
    labels.iter_mut().filter(|id| too_small[usize::from(**id)]).for_each(|id| *id = 0);
    too_small
}

fn inf(a: Point<Patient>, b: Point<Patient>) -> Point<Patient> {
    Point::from_coords(a.coords().inf(&b.coords()))
}

fn sup(a: Point<Patient>, b: Point<Patient>) -> Point<Patient> {
    Point::from_coords(a.coords().sup(&b.coords()))
}

#[cfg(test)]
mod tests {
    use super::clear_slivers;

    #[test]
    fn slivers_are_taken_away_and_named() {
        let mut labels = [0, 7, 7, 7, 9, 9, 0, 7];
        let too_small = clear_slivers(&mut labels, 3.0);
        assert_eq!(labels, [0, 7, 7, 7, 0, 0, 0, 7]);
        assert!(!too_small[7] && too_small[9] && too_small[8]);
    }
}
