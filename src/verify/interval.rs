//! Intervals over people: of a person the values belong together, so that people are drawn again, not values.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Draws of people.
const DRAWS: usize = 4000;
/// Shares below and above a 95 % interval.
const TAILS: [f64; 2] = [0.025, 0.975];

/// The 95 % interval of a statistic of all values, by the bootstrap over people (percentiles of draws with replacement; Efron 1979,
/// Ann Stat 7:1). `None` of fewer than two people. The same values give the same interval.
pub(super) fn by_person<T: Clone>(people: &[Vec<T>], statistic: impl Fn(&[T]) -> f64) -> Option<[f64; 2]> {
    if people.len() < 2 {
        return None;
    }
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut drawn: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let values: Vec<T> = (0..people.len())
                .flat_map(|_| people[random.random_range(0..people.len())].clone())
                .collect();
            statistic(&values)
        })
        .collect();
    drawn.sort_by(f64::total_cmp);
    Some(TAILS.map(|tail| drawn[((DRAWS - 1) as f64 * tail).round() as usize]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(values: &[f64]) -> f64 {
        values.iter().sum::<f64>() / values.len() as f64
    }

    #[test]
    fn values_of_one_person_are_no_more_than_one_person() {
        let alone: Vec<Vec<f64>> = (0..8).map(|n| vec![f64::from(n)]).collect();
        let often: Vec<Vec<f64>> = (0..8).map(|n| vec![f64::from(n); 10]).collect();
        let interval = by_person(&alone, mean).unwrap();
        assert_eq!(interval, by_person(&often, mean).unwrap());
        // Of eight people with a standard deviation of 2.29 the mean has one of 0.81.
        assert!((interval[1] - interval[0] - 2.0 * 1.96 * 0.81).abs() < 0.3, "{interval:?}");
        assert!(interval[0] < 3.5 && interval[1] > 3.5);
        assert_eq!(by_person(&alone[..1], mean), None);
    }
}
