//! What a network says of the muscles, beside what the atlas says.
//!
//! Two ways that know nothing of each other: the atlas knows bones and anatomy and looks at fat, the network has seen many virtual
//! patients and knows no bone. Where they agree they are rarely both wrong.

use super::patch::Patch;
use coxa_imaging::resample;
use coxa_network::Predictions;
use rayon::prelude::*;

/// Weight of the network's odds against those of the surfaces in a logarithmic pool (Genest and Zidek 1986, Stat Sci 1:114).
const WEIGHT: f32 = 0.5;
/// The network is never surer than this that a voxel is not of a muscle.
const LEAST: f32 = 0.02;

/// A network's members on a patch, or in some of its voxels.
pub(super) struct Prediction {
    /// Which of the muscles the network knows.
    known: Vec<bool>,
    /// Of each member, of each muscle, 255 times its probability in each voxel.
    members: Vec<Vec<Vec<u8>>>,
}

impl Prediction {
    /// On a patch, of the muscles with these ids; `None` where the network knows none of them.
    pub(super) fn on(patch: &Patch, predictions: &Predictions, ids: &[u8]) -> Option<Prediction> {
        let grid = patch.in_patient();
        let known: Vec<bool> = ids.iter().map(|&id| predictions.of(0, id).is_some()).collect();
        let members = (0..predictions.members())
            .map(|member| {
                ids.par_iter()
                    .map(|&id| match predictions.of(member, id) {
                        Some(volume) => resample::linear(volume, &grid).as_slice().to_vec(),
                        None => vec![0; patch.hu.len()],
                    })
                    .collect()
            })
            .collect();
        known.contains(&true).then_some(Prediction { known, members })
    }

    /// Of each muscle, 255 times the mean of its probability over the members in each voxel; `None` where the network does not know it.
    pub(super) fn shares(&self) -> Vec<Option<Vec<u8>>> {
        let count = self.members.len() as u16;
        let of = |muscle: usize| {
            let mut sums = vec![0u16; self.members.first()?.get(muscle)?.len()];
            for member in &self.members {
                sums.iter_mut().zip(&member[muscle]).for_each(|(sum, said)| *sum += u16::from(*said));
            }
            self.knows(muscle).then(|| sums.into_iter().map(|sum| (sum / count) as u8).collect())
        };
        (0..self.known.len()).into_par_iter().map(of).collect()
    }

    /// In these voxels of the patch alone.
    pub(super) fn at(self, near: &[usize]) -> Prediction {
        let there = |muscle: Vec<u8>| near.iter().map(|&n| muscle[n]).collect();
        let of = |member: Vec<Vec<u8>>| member.into_iter().map(there).collect();
        Prediction { known: self.known, members: self.members.into_iter().map(of).collect() }
    }

    /// How many members there are.
    pub(super) fn members(&self) -> usize {
        self.members.len()
    }

    /// Whether the network knows a muscle, counted from 0.
    pub(super) fn knows(&self, muscle: usize) -> bool {
        self.known.get(muscle) == Some(&true)
    }

    /// Probability by one member that voxels are of no muscle (first), or of each.
    pub(super) fn of(&self, member: usize) -> Vec<Vec<f32>> {
        let Some(muscles) = self.members.get(member) else { return Vec::new() };
        let mut shares = vec![vec![1.0; muscles.first().map_or(0, Vec::len)]];
        for muscle in muscles {
            let said: Vec<f32> = muscle.iter().map(|&said| f32::from(said) / 255.0).collect();
            for (outside, said) in shares[0].iter_mut().zip(&said) {
                *outside = f32::max(*outside - said, 0.0);
            }
            shares.push(said);
        }
        shares
    }

    /// Mean over the members.
    pub(super) fn mean(&self) -> Vec<Vec<f32>> {
        let share = 1.0 / self.members.len() as f32;
        let mut mean: Vec<Vec<f32>> = Vec::new();
        for member in 0..self.members.len() {
            let said = self.of(member);
            if mean.is_empty() {
                mean = said.iter().map(|said| vec![0.0; said.len()]).collect();
            }
            for (sum, said) in mean.iter_mut().flatten().zip(said.iter().flatten()) {
                *sum += share * said;
            }
        }
        mean
    }

    /// Priors of the surfaces weighed with the mean of what the network says of the same places, summing to 1 over the muscles and none. Of a muscle that it does not
    /// know it says as much as of none.
    pub(super) fn weighed(&self, mut priors: Vec<Vec<f32>>, said: &[Vec<f32>]) -> Vec<Vec<f32>> {
        for (class, prior) in priors.iter_mut().enumerate() {
            let said = if class == 0 || self.knows(class - 1) { &said[class] } else { &said[0] };
            for (prior, said) in prior.iter_mut().zip(said) {
                *prior *= (said + LEAST).powf(WEIGHT);
            }
        }
        for place in 0..priors.first().map_or(0, Vec::len) {
            let total: f32 = priors.iter().map(|p| p[place]).sum();
            if total > 0.0 {
                priors.iter_mut().for_each(|p| p[place] /= total);
            }
        }
        priors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two members on three voxels, of two muscles of which the network knows the first.
    fn prediction() -> Prediction {
        let member = |said: [u8; 3]| vec![said.to_vec(), vec![0; 3]];
        Prediction { known: vec![true, false], members: vec![member([255, 51, 0]), member([255, 153, 0])] }
    }

    #[test]
    fn members_say_what_is_left_for_none() {
        let mean = prediction().mean();
        assert_eq!(mean[1], [1.0, 0.4, 0.0]);
        assert!(mean[0].iter().zip([0.0, 0.6, 1.0]).all(|(said, expected)| (said - expected).abs() < 1e-6));
        assert_eq!(prediction().at(&[1]).of(1)[1], [0.6]);
    }

    #[test]
    fn pooled_odds_move_to_what_the_network_says_and_stay_where_it_knows_nothing() {
        let priors = vec![vec![1.0 / 3.0; 3]; 3];
        let said = prediction().mean();
        let pooled = prediction().weighed(priors, &said);
        for place in 0..3 {
            assert!((pooled.iter().map(|p| p[place]).sum::<f32>() - 1.0).abs() < 1e-6);
            // Of the second muscle and of none the priors are alike, and the network tells them not apart.
            assert_eq!(pooled[0][place], pooled[2][place]);
        }
        assert!(pooled[1][0] > 0.7 && pooled[1][2] < 0.1);
        let sure = vec![vec![0.0; 3], vec![1.0; 3], vec![0.0; 3]];
        assert_eq!(prediction().weighed(sure, &said)[1], [1.0; 3]);
    }
}
