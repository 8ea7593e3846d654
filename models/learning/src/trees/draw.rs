//! Draws of rows and columns, by ChaCha8 with a stream of its own for each tree.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Random numbers of one tree: the same whichever thread grows it, and whatever other trees draw.
pub(super) fn of_tree(seed: u64, tree: usize) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(tree as u64);
    random
}

/// Part of a number of things, at least one.
pub(super) fn part_of(count: usize, part: f64) -> usize {
    ((count as f64 * part).round() as usize).clamp(count.min(1), count)
}

/// `drawn` of the numbers below `count`, without replacement, ascending.
pub(super) fn without_replacement(random: &mut ChaCha8Rng, count: usize, drawn: usize) -> Vec<u32> {
    let mut numbers: Vec<u32> = (0..count as u32).collect();
    if drawn >= count {
        return numbers;
    }
    for at in 0..drawn {
        let other = random.random_range(at as u32..count as u32);
        numbers.swap(at, other as usize);
    }
    numbers.truncate(drawn);
    numbers.sort_unstable();
    numbers
}

/// How often each number below `count` is among `drawn` with replacement.
pub(super) fn with_replacement(random: &mut ChaCha8Rng, count: usize, drawn: usize) -> Vec<u32> {
    let mut times = vec![0; count];
    for _ in 0..drawn {
        times[random.random_range(0..count as u32) as usize] += 1;
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_of_their_size_and_stream() {
        let drawn = without_replacement(&mut of_tree(1, 0), 100, 30);
        assert!(drawn.len() == 30 && drawn.is_sorted_by(|a, b| a < b) && drawn[29] < 100);
        assert_eq!(drawn, without_replacement(&mut of_tree(1, 0), 100, 30));
        assert_ne!(drawn, without_replacement(&mut of_tree(1, 1), 100, 30));
        assert_ne!(drawn, without_replacement(&mut of_tree(2, 0), 100, 30));
        let times = with_replacement(&mut of_tree(1, 0), 10_000, 10_000);
        assert_eq!(times.iter().sum::<u32>(), 10_000);
        // 1/e of all are not drawn; standard deviation 31.
        let none = times.iter().filter(|times| **times == 0).count();
        assert!((3520..3840).contains(&none), "{none}");
        assert_eq!([part_of(10, 0.26), part_of(10, 1e-9), part_of(10, 1.0), part_of(0, 0.5)], [3, 1, 10, 0]);
    }
}
