//! Random numbers from one seed, each use with a stream of its own.

use crate::data::Outcomes;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A seed for one use of another seed, named by its place (SplitMix64 over the parts).
pub(crate) fn mixed(seed: u64, place: &[u64]) -> u64 {
    let mut state = 0u64;
    for part in [&[seed], place, &[place.len() as u64]].concat() {
        state = (state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^= state >> 31;
    }
    state
}

/// The generator of one use of a seed.
pub(crate) fn generator(seed: u64, place: &[u64]) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(mixed(seed, place))
}

/// Puts a list into random order (Fisher and Yates).
pub(crate) fn shuffled<T>(list: &mut [T], generator: &mut ChaCha8Rng) {
    for last in (1..list.len()).rev() {
        list.swap(last, generator.random_range(0..=last));
    }
}

/// Outcomes in random order: what no table can predict. A model that does better than chance on them has seen its test rows.
pub fn shuffled_outcomes(outcomes: &Outcomes, seed: u64) -> Outcomes {
    let mut rows: Vec<usize> = (0..outcomes.rows()).collect();
    shuffled(&mut rows, &mut generator(seed, &[]));
    outcomes.rows_at(&rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_has_a_seed_of_its_own() {
        let places: [&[u64]; 6] = [&[], &[0], &[1], &[0, 0], &[0, 1], &[1, 0]];
        let mut seeds: Vec<u64> =
            places.iter().flat_map(|place| [mixed(1, place), mixed(2, place)]).collect();
        seeds.sort_unstable();
        seeds.dedup();
        assert_eq!(seeds.len(), 12);
    }

    #[test]
    fn shuffled_outcomes_are_the_same_in_another_order() {
        let outcomes = Outcomes::Numbers((0..50).map(f64::from).collect());
        let Outcomes::Numbers(mut found) = shuffled_outcomes(&outcomes, 5) else {
            panic!("numbers stay numbers")
        };
        assert_ne!(Outcomes::Numbers(found.clone()), outcomes);
        found.sort_by(f64::total_cmp);
        assert_eq!(Outcomes::Numbers(found), outcomes);
    }
}
