//! Muscles of a CT: an atlas of real ones, carried by the bones, laid on the fat around them, and trimmed to the scan's voxels.
//!
//! 1. `atlas`: closed surfaces of the muscles of a woman and a man about the mean bones of the shape models ([`MuscleAtlas`]).
//! 2. `carry`: shape models of pelvis and femur fitted to the patient's bones carry them there.
//! 3. `slide`: the psoas above the pelvis follows the spine.
//! 4. `prediction`: what a network says of the same voxels, which knows nothing of atlas and bones.
//! 5. `lay`: the surfaces move, smoothly and between the two people of the atlas, to where the network sees the muscles (`shift`) and to where
//!    muscle meets fat or bone in the scan (`edges`).
//! 6. `label`: each voxel of muscle goes to one of them or to none by a random walk between them, which fat stops.
//! 7. `trust`: how far atlas and samples of the network agree, by voxel and by muscle.

mod displacement;
mod edges;
mod label;
mod lay;
mod patch;
mod prediction;
mod shift;
mod slide;
mod trust;

use coxa_anatomy::BoneSurfaces;
use coxa_anatomy::calibration::Calibration;
use coxa_anatomy::label_names;
use coxa_anatomy::muscle::MuscleTrust;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Finding, Point, Side, finding};
use coxa_imaging::{CtVolume, LabelMap, Volume};
use coxa_network::{Network, Predictions};
pub use coxa_shape::muscle_atlas::MuscleAtlas;
use coxa_shape::muscle_atlas::{CarriedMuscles, DAMAGED_ATLAS, carry};
use lay::Said;
use patch::{Patch, Tissues};
use prediction::Prediction;
use rayon::prelude::*;

/// Less of the carried muscles than this is muscle in the scan where they were carried to a wrong place, or there is none.
const LEAST_MUSCLE_SHARE: f64 = 0.3;

/// A network is followed where muscles then fill by this much more what is muscle in the scan, in Dice. Set between what both sides of one virtual patient
/// with another person's muscles gained (0.03 to 0.04) and one real scan where following cost the medius (0.005).
const LEAST_GAIN: f64 = 0.01;

/// Less of a muscle than this, in cm³, is no muscle but what its neighbours left over, or a sliver at the end of the scan.
const LEAST_CM3: f64 = 0.3;

/// What muscles are found by.
#[derive(Debug, Clone, Copy, Default)]
pub struct Finders<'a> {
    /// Instead of the atlas that comes with the program.
    pub atlas: Option<&'a MuscleAtlas>,
    /// A network beside the atlas.
    pub network: Option<&'a Network>,
}

/// What finding muscles had to say.
#[derive(Debug, Default)]
pub struct FoundMuscles {
    /// How far each label is to be trusted.
    pub trust: Vec<MuscleTrust>,
    /// Where none are found, why.
    pub findings: Vec<Finding>,
}

/// Adds the muscles of both sides to labels of bones on the grid of the CT; where none are found, a finding says why. What a network
/// says of them counts beside the atlas, which is the one that comes with the program where none is given.
///
/// Bone and everything else that is labelled stays as it is. `uncertainty` on the same grid takes the chance in per cent that a label of muscle, or of none, is wrong.
pub fn add_muscles(
    ct: &CtVolume,
    labels: &mut LabelMap,
    uncertainty: Option<&mut Volume<u8>>,
    surfaces: &BoneSurfaces,
    by: Finders<'_>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> FoundMuscles {
    let mut all = FoundMuscles::default();
    let Some(atlas) = by.atlas.or(MuscleAtlas::shipped()) else {
        all.findings.extend(Side::BOTH.map(|side| not_found(side, DAMAGED_ATLAS)));
        return all;
    };
    let Some(tissues) = Tissues::of(&Calibration::from_tissues(ct)) else {
        all.findings.extend(Side::BOTH.map(|side| not_found(side, "the scan shows no fat beside muscle")));
        return all;
    };
    let patches: Vec<(Side, Result<CarriedPatch, String>)> = Side::BOTH
        .into_par_iter()
        .map(|side| (side, CarriedPatch::new(atlas, ct, labels, surfaces, side, &tissues)))
        .collect();
    let names =
        structures(atlas).into_iter().flat_map(|name| Side::BOTH.map(|side| format!("{name}_{side}")));
    let wanted: Vec<u8> = names.filter_map(|name| label_names::structure_id(&name)).collect();
    let predictions = by.network.and_then(|network| {
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
    // One side after the other: what one takes is a gigabyte in a scan of thin slices.
    let found: Vec<(Side, Result<SideMuscles, String>)> = patches
        .into_iter()
        .map(|(side, patch)| {
            (side, patch.and_then(|patch| patch.find(ct, labels, predictions.as_ref(), &tissues)))
        })
        .collect();
    let mut seen = [false; 256];
    let mut uncertainty = uncertainty.map(Volume::as_mut_slice);
    for (side, found) in found {
        let SideMuscles { ids, doubt, trust } = match found {
            Ok(found) => found,
            Err(why) => {
                all.findings.push(not_found(side, &why));
                continue;
            }
        };
        if let Some(uncertainty) = &mut uncertainty {
            let places = uncertainty.iter_mut().zip(doubt).zip(labels.volume.as_slice()).zip(&ids);
            for (((own, doubt), _), &muscle) in places.filter(|((_, bone), _)| **bone == 0) {
                // A voxel of no muscle may be wrong for what it is beside bone too.
                *own = if muscle == 0 { (*own).max(doubt) } else { doubt };
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
    all.findings.extend(Side::BOTH.into_iter().filter_map(|side| trust::doubtful(side, &all.trust)));
    all
}

/// Names of the labels of an atlas's muscles without side, each once.
fn structures(atlas: &MuscleAtlas) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for muscle in &atlas.muscles {
        if !names.contains(&muscle.structure.as_str()) {
            names.push(&muscle.structure);
        }
    }
    names
}

fn not_found(side: Side, why: &str) -> Finding {
    finding::MusclesNotFound { side, reason: why.to_owned() }.finding()
}

/// Muscles of one side on the grid of the scan.
struct SideMuscles {
    /// 0 where there is none.
    ids: Vec<u8>,
    /// Chance in per cent that they are wrong.
    doubt: Vec<u8>,
    trust: Vec<MuscleTrust>,
}

/// The atlas carried to one side, in the part of the scan around it.
struct CarriedPatch {
    carried: CarriedMuscles,
    /// Names of the labels without side.
    structures: Vec<String>,
    patch: Patch,
}

impl CarriedPatch {
    fn new(
        atlas: &MuscleAtlas,
        ct: &CtVolume,
        labels: &LabelMap,
        surfaces: &BoneSurfaces,
        side: Side,
        tissues: &Tissues,
    ) -> Result<CarriedPatch, String> {
        let mut carried = carry(atlas, surfaces, side)?;
        for muscle in &mut carried.muscles {
            muscle.mesh = muscle.person(0.0);
        }
        let patch = Patch::around(ct, labels, side, &carried, tissues).ok_or("they lie outside the scan")?;
        slide::slide(&mut carried.muscles, &patch);
        let structures = structures(atlas).into_iter().map(str::to_owned).collect();
        Ok(CarriedPatch { carried, structures, patch })
    }

    /// The muscles of the side; what follows "not found" where the scan shows none.
    fn find(
        mut self,
        ct: &CtVolume,
        labels: &LabelMap,
        predictions: Option<&Predictions>,
        tissues: &Tissues,
    ) -> Result<SideMuscles, String> {
        let side = self.carried.side;
        let names: Vec<String> = self.structures.iter().map(|name| format!("{name}_{side}")).collect();
        let ids: Vec<u8> = names.iter().map(|name| label_names::structure_id(name).unwrap_or(0)).collect();
        let prediction = predictions.and_then(|predictions| Prediction::on(&self.patch, predictions, &ids));
        self.lay(prediction.as_ref())?;
        let patch = &self.patch;
        let depths = self.depths();
        let near = label::near(&depths, patch);
        let prediction = prediction.map(|prediction| prediction.at(&near));
        let shared = label::label(&depths, near, patch, prediction.as_ref());
        let doubt = trust::doubt(&shared, &depths, patch);
        let mut in_scan = patch.to_scan(ct, labels, &shared.labels, &ids, tissues);
        let too_small = clear_slivers(&mut in_scan, LEAST_CM3 * 1000.0 / ct.grid.voxel_volume_mm3());
        let mut trust = trust::trust(&names, &shared, prediction.as_ref(), patch);
        let mut kept = ids.iter().map(|&id| !too_small[usize::from(id)]);
        trust.retain(|_| kept.next().unwrap_or(true));
        Ok(SideMuscles { doubt: patch.linear_to_scan(doubt, &ct.grid), ids: in_scan, trust })
    }

    /// Lays the carried muscles on the scan; what follows "not found" where it shows no muscle there.
    fn lay(&mut self, prediction: Option<&Prediction>) -> Result<(), String> {
        let label_of = |structure: &String| self.structures.iter().position(|own| own == structure);
        let label_of = self.carried.muscles.iter().filter_map(|m| label_of(&m.structure)).collect();
        let said = prediction.map(|prediction| Said { label_of, shares: prediction.shares() });
        let carried = self.carried.muscles.clone();
        lay::lay(&mut self.carried.muscles, &self.patch, None);
        if let Some(said) = said {
            // Bones lead a usual person's muscles nearer than a network does, an unusual one's farther: the scan says which.
            let mut followed = carried;
            lay::lay(&mut followed, &self.patch, Some(&said));
            let without = self.patch.explained(&self.carried.muscles);
            if self.patch.explained(&followed) > without + LEAST_GAIN {
                self.carried.muscles = followed;
            }
        }
        let share = self.patch.muscle_share(&self.carried.muscles);
        if share < LEAST_MUSCLE_SHARE {
            return Err(format!(
                "where they should lie, only {:.0} % of the scan has the CT numbers of muscle",
                100.0 * share
            ));
        }
        Ok(())
    }

    /// How deep each voxel lies in the muscles of each label.
    fn depths(&self) -> Vec<Vec<f32>> {
        let of = |name: &String| {
            let own = self.carried.muscles.iter().filter(|m| m.structure == *name);
            let meshes: Vec<_> = own.map(|m| &m.mesh).collect();
            self.patch.deepest(&meshes, label::REACH_MM)
        };
        self.structures.par_iter().map(of).collect()
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
