//! How the strands of a thigh lie between its bones, in what the bones leave open: as they agree best with a network.
//!
//! Where the knee is not in the scan (where it is, it stays), its turn and its distance are a shape model's guess, off by ten degrees and by centimetres; slender
//! muscles at the rim of the thigh then lie beside where they are. What a network says of each voxel is worse than what strands say
//! in their right place, but it is not off all one way: the few numbers of the pose average it.

use coxa_shape::muscle_atlas::STRAND_NAMES;
use coxa_shape::muscle_atlas::thigh::{Thigh, ThighBones};
use nalgebra::Point3;
use rayon::prelude::*;

/// One standard deviation of turn (radians), of the logarithms of length and radius, and of the shift in each direction (mm): how far a
/// completed knee and a compartment by its sections may be off. The first two after the spread of completed femora, the others assumptions.
const SPREAD: [f64; NUMBERS] = [0.2, 0.06, 0.08, 6.0, 6.0];
const NUMBERS: usize = 5;
/// The first of them are where the knee is.
const OF_THE_KNEE: usize = 2;
/// What one standard deviation costs of the mean share that the network gives to the strands of each voxel: little against what a wrong
/// pose loses. This and the steps were set before the pose was tried and not changed after.
const COST: f64 = 0.002;
/// No number leaves so many standard deviations.
const MOST: f64 = 3.0;
/// First and last step of the search, in standard deviations.
const STEPS: [f64; 2] = [0.6, 0.05];

/// A voxel, and what the network says of each of [`STRAND_NAMES`], 0 to 1.
pub(super) type Said = (Point3<f64>, [f32; STRAND_NAMES.len()]);

/// What of a thigh its bones leave open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pose {
    /// Of the knee about the shaft, in radians.
    pub(super) turn: f64,
    /// Distance of the knee over that of the bones.
    pub(super) stretch: f64,
    /// Radius of the compartment at mid-thigh.
    pub(super) radius_mm: f64,
    /// Of the strands in their compartment, inwards and forwards.
    pub(super) shift_mm: [f64; 2],
}

impl Pose {
    /// The strands between bones in this pose, labelled by their place in [`STRAND_NAMES`], from 1.
    pub(super) fn thigh(&self, bones: &ThighBones) -> Option<Thigh> {
        let label = |name: &str| STRAND_NAMES.iter().position(|own| *own == name).map(|n| n as u8 + 1);
        let mut thigh = Thigh::new(&bones.posed(self.turn, self.stretch)?, self.radius_mm, |_| 1.0, label)?;
        thigh.shift(self.shift_mm);
        Some(thigh)
    }

    /// The pose near this one in which the strands have most of what the network says, less what it costs to leave this one. Steps along one
    /// number at a time, that halve where none helps; a knee that is seen is neither turned nor moved.
    pub(super) fn agreeing(self, bones: &ThighBones, is_knee_seen: bool, said: &[Said]) -> Pose {
        let free = if is_knee_seen { OF_THE_KNEE..NUMBERS } else { 0..NUMBERS };
        let worth = |z: &[f64; NUMBERS]| {
            let cost = COST * z.iter().map(|z| z * z).sum::<f64>();
            self.moved(z).agreement(bones, said).map_or(f64::NEG_INFINITY, |agreement| agreement - cost)
        };
        let mut best = ([0.0; NUMBERS], worth(&[0.0; NUMBERS]));
        let mut step = STEPS[0];
        while step >= STEPS[1] {
            let before = best.1;
            for number in free.clone() {
                for by in [-step, step] {
                    let mut z = best.0;
                    z[number] = (z[number] + by).clamp(-MOST, MOST);
                    let worth = worth(&z);
                    if worth > best.1 {
                        best = (z, worth);
                    }
                }
            }
            if best.1 <= before {
                step /= 2.0;
            }
        }
        self.moved(&best.0)
    }

    /// So many standard deviations away.
    fn moved(&self, z: &[f64; NUMBERS]) -> Pose {
        let [turn, length, radius, medial, anterior] = std::array::from_fn(|n| z[n] * SPREAD[n]);
        Pose {
            turn: self.turn + turn,
            stretch: self.stretch * length.exp(),
            radius_mm: self.radius_mm * radius.exp(),
            shift_mm: [self.shift_mm[0] + medial, self.shift_mm[1] + anterior],
        }
    }

    /// Mean of what the network says of the strand that each voxel lies in; `None` without voxels.
    fn agreement(&self, bones: &ThighBones, said: &[Said]) -> Option<f64> {
        let thigh = self.thigh(bones)?;
        let of = |(place, shares): &Said| {
            let (label, _) = thigh.muscle_at(*place)?;
            shares.get(usize::from(label).checked_sub(1)?).map(|share| f64::from(*share))
        };
        // In the order of the voxels, whatever the number of threads.
        let each: Vec<f64> = said.par_iter().with_min_len(512).map(|said| of(said).unwrap_or(0.0)).collect();
        (!each.is_empty()).then(|| each.iter().sum::<f64>() / each.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A right leg on the table: head towards +z, front towards -y, medial towards +x.
    fn bones() -> ThighBones {
        ThighBones {
            shaft: Point3::new(-90.0, 0.0, -50.0),
            knee: Point3::new(-75.0, 0.0, -400.0),
            lateral: Point3::new(-115.0, 0.0, -400.0),
            asis: Point3::new(-120.0, -55.0, 80.0),
            ramus: Point3::new(-30.0, -30.0, -45.0),
            ischium: Point3::new(-55.0, 45.0, -45.0),
        }
    }

    #[test]
    fn the_pose_that_a_doubtful_network_saw_is_found() {
        let first = Pose { turn: 0.0, stretch: 1.0, radius_mm: 70.0, shift_mm: [0.0; 2] };
        let truth = Pose { turn: 0.25, stretch: 0.94, radius_mm: 66.0, shift_mm: [3.0, -4.0] };
        let thigh = truth.thigh(&bones()).unwrap();
        let mut said = Vec::new();
        // The upper half of the thigh, every third voxel of which the network takes for its neighbour in the list.
        for n in 0..12_000_u32 {
            let [level, m, a] = [n % 12, n / 12 % 32, n / 384].map(f64::from);
            let place = thigh.place(0.05 + 0.04 * level, 5.0 * (m - 14.0), 5.0 * (a - 17.0));
            let Some((label, _)) = thigh.muscle_at(place) else { continue };
            let mut shares = [0.05; STRAND_NAMES.len()];
            shares[(usize::from(label) - 1 + usize::from(n % 3 == 0)) % STRAND_NAMES.len()] = 0.6;
            said.push((place, shares));
        }
        let found = first.agreeing(&bones(), false, &said);
        assert!((found.turn - truth.turn).abs() < 0.05, "{found:?}");
        assert!((found.stretch - truth.stretch).abs() < 0.04, "{found:?}");
        let agreement = |pose: &Pose| pose.agreement(&bones(), &said).unwrap();
        let with_knee = first.agreeing(&bones(), true, &said);
        assert!((with_knee.turn, with_knee.stretch) == (first.turn, first.stretch));
        assert!(agreement(&with_knee) > agreement(&first));
        assert!(agreement(&found) > 0.97 * agreement(&truth) && agreement(&first) < 0.9 * agreement(&truth));
    }

    #[test]
    fn a_network_that_says_nothing_moves_nothing() {
        let first = Pose { turn: 0.0, stretch: 1.0, radius_mm: 60.0, shift_mm: [1.0, 2.0] };
        assert_eq!(first.agreeing(&bones(), false, &[]), first);
        let thigh = first.thigh(&bones()).unwrap();
        let alike: Vec<Said> = (0..600)
            .map(|n| {
                (
                    thigh.place(0.3 + 0.001 * f64::from(n % 100), 30.0, -20.0 - f64::from(n / 100)),
                    [0.1; STRAND_NAMES.len()],
                )
            })
            .collect();
        assert_eq!(first.agreeing(&bones(), false, &alike), first);
    }
}
