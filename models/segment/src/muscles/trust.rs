//! How far the labels of muscles are to be trusted: where the two ways and the samples of the network differ.

use super::label::Shared;
use super::patch::Patch;
use super::prediction::Prediction;
use coxa_anatomy::muscle::MuscleTrust;
use rayon::prelude::*;

/// Dice that a label is expected to have: without agreement at a volume of 1 cm³, its growth with the logarithm of the volume and with the agreement. A
/// regression over the muscles of seven virtual patients, of four of whom neither atlas nor network had seen the muscles
/// (`models/weights/muscle_network.md`): how Dice falls, not how good labels are on real scans.
const DICE: [f64; 3] = [0.0706, 0.0383, 0.7034];

/// Compares label and members of each of the muscles, named with their side; whether one is cut off is for who knows the scan.
pub(super) fn trust(
    muscles: &[String],
    shared: &Shared,
    prediction: Option<&Prediction>,
    patch: &Patch,
) -> Vec<MuscleTrust> {
    let own: Vec<u8> = shared.near.iter().map(|&n| shared.labels[n]).collect();
    let mut members = vec![decided(&shared.priors)];
    if let Some(prediction) = prediction {
        members.extend((0..prediction.members()).map(|m| decided(&prediction.of(m, &shared.near))));
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

/// Entropy, 0 to 100 of the most that there can be, of what the walk and the members of the network say, in each voxel of the patch.
pub(super) fn entropy(shared: &Shared, patch: &Patch) -> Vec<u8> {
    let most = (shared.ends.len() as f32).ln();
    let of_place: Vec<u8> = (0..shared.near.len())
        .into_par_iter()
        .map(|place| {
            let entropy: f32 = shared
                .ends
                .iter()
                .enumerate()
                .map(|(n, end)| match &shared.network {
                    Some(network) => (end[place] + network[n][place]) / 2.0,
                    None => end[place],
                })
                .filter(|&p| p > 0.0)
                .map(|p| -p * p.ln())
                .sum();
            (100.0 * entropy / most).round().clamp(0.0, 100.0) as u8
        })
        .collect();
    let mut all = vec![0; patch.hu.len()];
    for (&n, &entropy) in shared.near.iter().zip(&of_place) {
        all[n] = entropy;
    }
    all
}

/// The most probable, 0 for none, of each place.
fn decided(shares: &[Vec<f32>]) -> Vec<u8> {
    let places = shares.first().map_or(0, Vec::len);
    (0..places)
        .map(|place| {
            (0..shares.len()).fold(0, |best, n| if shares[n][place] > shares[best][place] { n } else { best })
                as u8
        })
        .collect()
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
}
