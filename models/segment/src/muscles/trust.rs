//! How far the labels of muscles are to be trusted: where the two ways and the samples of the network differ.

use super::label::{self, Shared, decided};
use super::patch::Patch;
use super::prediction::Prediction;
use coxa_anatomy::muscle::MuscleTrust;
use coxa_geometry::{Finding, Side, finding};
use rayon::prelude::*;

/// Dice that a label is expected to have: without agreement at a volume of 1 cm³, its growth with the logarithm of the volume and with the agreement. A
/// regression over the muscles of seven virtual patients, of four of whom neither atlas nor network had seen the muscles
/// (`models/weights/muscle_network.md`): how Dice falls, not how good labels are on real scans.
const DICE: [f64; 3] = [0.0706, 0.0383, 0.7034];

/// Logit of the chance that the label of a voxel is right, at half of the predictions and its growth with the logit of their share: where the label is
/// a muscle; where it is none but might be; where it is none because the voxel is more fat than muscle. Logistic regressions over the voxels of six virtual
/// patients, two with muscles between those of the atlas, two each with one person's found by an atlas of the other (`models/weights/muscle_network.md`).
const RIGHT_AS_MUSCLE: [f64; 2] = [1.52, 0.69];
const RIGHT_AS_NONE: [f64; 2] = [-1.26, 0.47];
const RIGHT_AS_FAT: [f64; 2] = [1.60, 0.45];

/// A label of which less Dice is expected is doubtful, unless by all predictions the muscle is so small, in cm³, that nothing rests on it.
const LEAST_DICE: f64 = 0.5;
const SMALL_CM3: f64 = 5.0;

/// Compares label and members of each of the muscles, named with their side; whether one is cut off is for who knows the scan.
pub(super) fn trust(
    muscles: &[String],
    shared: &Shared,
    prediction: Option<&Prediction>,
    patch: &Patch,
) -> Vec<MuscleTrust> {
    let own: Vec<u8> = shared.near.iter().map(|&n| shared.labels[n]).collect();
    let mut members = vec![shared.by_surfaces.clone()];
    if let Some(prediction) = prediction {
        members.extend((0..prediction.members()).map(|m| decided(&prediction.of(m))));
    }
    let mean = shared.network.as_ref().map(|said| decided(said));
    let to_cm3 = patch.grid.voxel_volume_mm3() / 1000.0;
    let volume = |labels: &[u8], muscle: u8| to_cm3 * labels.iter().filter(|&&l| l == muscle).count() as f64;
    muscles
        .iter()
        .enumerate()
        .map(|(n, name)| {
            let muscle = n as u8 + 1;
            let knows = prediction.is_some_and(|prediction| prediction.knows(n));
            let members = &members[..if knows { members.len() } else { 1 }];
            let agreement =
                members.iter().map(|member| dice(member, &own, muscle)).sum::<f64>() / members.len() as f64;
            MuscleTrust {
                structure: name.clone(),
                is_cut: false,
                predicted_dice: predicted_dice(volume(&own, muscle), agreement),
                agreement,
                atlas_with_network: mean
                    .as_ref()
                    .filter(|_| knows)
                    .map(|mean| dice(&members[0], mean, muscle)),
                volume_cm3: volume(&own, muscle),
                member_volumes_cm3: members.iter().map(|member| volume(member, muscle)).collect(),
            }
        })
        .collect()
}

/// Dice that is expected of a label of so many cm³ with which the members agree so far; 0 of none.
fn predicted_dice(volume_cm3: f64, agreement: f64) -> f64 {
    let [at_one, by_size, by_agreement] = DICE;
    if volume_cm3 <= 0.0 {
        return 0.0;
    }
    (at_one + by_size * volume_cm3.ln() + by_agreement * agreement).clamp(0.0, 1.0)
}

/// Chance, in per cent, that the label of a voxel of the patch is wrong: by what the walk and the members of the network say of it, or, of fat, by how
/// far it lies from the surfaces of the muscles. At them it may be theirs; deep in them it mostly is what a wasted muscle left.
pub(super) fn doubt(shared: &Shared, depths: &[Vec<f32>], patch: &Patch) -> Vec<u8> {
    let of_near = |(place, &n): (usize, &usize)| {
        let label = usize::from(shared.labels[n]);
        let walk = shared.ends[label][place];
        let share = shared.network.as_ref().map_or(walk, |network| (walk + network[label][place]) / 2.0);
        (n, wrong(share, if label == 0 { RIGHT_AS_NONE } else { RIGHT_AS_MUSCLE }))
    };
    let fat = label::beside(&shared.near, depths);
    let of_fat = |&n: &usize| {
        let outside = label::outside(n, depths);
        (n, wrong(outside.max(1.0 - outside), RIGHT_AS_FAT))
    };
    let near: Vec<_> = shared.near.par_iter().enumerate().map(of_near).collect();
    let fat: Vec<_> = fat.par_iter().map(of_fat).collect();
    let mut all = vec![0; patch.hu.len()];
    near.into_iter().chain(fat).for_each(|(n, doubt)| all[n] = doubt);
    all
}

/// Chance, in per cent, that a label is wrong which has this share of the predictions.
fn wrong(share: f32, [at_half, growth]: [f64; 2]) -> u8 {
    let share = f64::from(share).clamp(1e-3, 1.0 - 1e-3);
    let logit = at_half + growth * (share / (1.0 - share)).ln();
    (100.0 / (1.0 + logit.exp())).round() as u8
}

/// A caution that names the muscles of a side whose labels are not to be relied on.
pub(super) fn doubtful(side: Side, trust: &[MuscleTrust]) -> Option<Finding> {
    let of_side = format!("_{side}");
    let named = |one: &MuscleTrust| Some(one.structure.strip_suffix(&of_side)?.replace('_', " "));
    let is_small = |one: &MuscleTrust| {
        one.volume_cm3 < SMALL_CM3 && one.member_volumes_cm3.iter().all(|&volume| volume < SMALL_CM3)
    };
    let poor = trust.iter().filter(|one| one.predicted_dice < LEAST_DICE && !is_small(one));
    let muscles: Vec<String> = poor.filter_map(named).collect();
    (!muscles.is_empty())
        .then(|| finding::MusclesDoubtful { side, muscles: muscles.join(", "), least: LEAST_DICE }.finding())
}

/// Dice of one muscle; 1 where neither has it.
fn dice(a: &[u8], b: &[u8], muscle: u8) -> f64 {
    let (mut both, mut sum) = (0usize, 0usize);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (*a == muscle, *b == muscle);
        both += usize::from(a && b);
        sum += usize::from(a) + usize::from(b);
    }
    if sum == 0 { 1.0 } else { 2.0 * both as f64 / sum as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_probable_is_decided_and_dice_counts_its_voxels() {
        let shares = [vec![0.6, 0.2, 0.1, 0.3], vec![0.4, 0.5, 0.1, 0.3], vec![0.0, 0.3, 0.8, 0.4]];
        let labels = decided(&shares);
        assert_eq!(labels, [0, 1, 2, 2]);
        assert_eq!(dice(&labels, &[0, 1, 1, 2], 2), 2.0 / 3.0);
        assert_eq!(dice(&labels, &labels, 3), 1.0);
    }

    #[test]
    fn expected_dice_rises_with_agreement_and_with_size() {
        assert!(predicted_dice(300.0, 0.8) > predicted_dice(300.0, 0.6));
        assert!(predicted_dice(300.0, 0.7) > predicted_dice(10.0, 0.7));
        assert_eq!((predicted_dice(0.0, 0.9), predicted_dice(1e-9, 0.1)), (0.0, 0.0));
        assert_eq!(predicted_dice(3000.0, 1.0), 1.0);
    }

    #[test]
    fn a_label_is_the_surer_the_larger_its_share_of_the_predictions() {
        for kind in [RIGHT_AS_MUSCLE, RIGHT_AS_NONE, RIGHT_AS_FAT] {
            let doubts = [0.0, 0.3, 0.6, 0.9, 1.0].map(|share| wrong(share, kind));
            assert!(doubts.is_sorted_by(|a, b| a > b), "{doubts:?}");
        }
        // By hand: 100 / (1 + exp(1.52)).
        assert_eq!(wrong(0.5, RIGHT_AS_MUSCLE), 18);
    }

    #[test]
    fn muscles_of_little_expected_dice_are_named_by_side() {
        let of = |structure: &str, predicted_dice: f64, volume_cm3: f64| MuscleTrust {
            structure: structure.to_owned(),
            is_cut: false,
            predicted_dice,
            agreement: predicted_dice,
            atlas_with_network: None,
            volume_cm3,
            member_volumes_cm3: vec![
                volume_cm3,
                if structure.contains("minimus") { 90.0 } else { volume_cm3 },
            ],
        };
        let trust = [
            of("gluteus_medius_left", 0.49, 30.0),
            of("gluteus_minimus_left", 0.2, 2.0),
            of("inferior_gemellus_left", 0.2, 1.0),
            of("gluteus_maximus_right", 0.5, 30.0),
        ];
        assert_eq!(doubtful(Side::Right, &trust), None);
        let left = doubtful(Side::Left, &trust).unwrap();
        assert!(
            left.message.contains("on the left are doubtful: gluteus medius, gluteus minimus."),
            "{}",
            left.message
        );
    }
}
