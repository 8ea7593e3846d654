//! Percentile intervals from rows drawn again.

use crate::error::StatisticsError;
use crate::interval::{Interval, Level};
use crate::summary::of_sorted;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// How often rows are drawn again, and from which seed. The same seed draws the same rows on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bootstrap {
    /// Number of draws: a thousand is usual, a million the most. A tail of the interval must hold one at least, so that 95 % need 40.
    pub draws: usize,
    /// Seed of ChaCha8.
    pub seed: u64,
}

/// Numbers of draws are compared with this leave: a tail of 0.025 does not hold one of 40 draws to the last digit.
const LEAVE: f64 = 1e-6;

impl Bootstrap {
    /// Most draws.
    const MOST: usize = 1_000_000;

    /// Intervals of several statistics of the same rows (Efron 1979, Ann Stat 7:1): `statistic` is given the rows of a draw, as many
    /// as there are, and writes its numbers. A statistic without a number in as many draws as a tail holds has no interval, and in fewer is
    /// taken from the others.
    ///
    /// # Errors
    /// Range of a number of draws that is too small or too large.
    pub(crate) fn intervals(
        self,
        rows: usize,
        statistics: usize,
        level: Level,
        mut statistic: impl FnMut(&[usize], &mut [f64]),
    ) -> Result<Vec<Option<Interval>>, StatisticsError> {
        let tail = self.tail(level)?;
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        let mut drawn = vec![Vec::with_capacity(self.draws); statistics];
        let (mut chosen, mut values) = (vec![0; rows], vec![0.0; statistics]);
        for _ in 0..self.draws {
            for row in &mut chosen {
                *row = random.random_range(0..rows);
            }
            statistic(&chosen, &mut values);
            for (all, value) in drawn.iter_mut().zip(&values) {
                all.push(*value);
            }
        }
        let interval = |mut all: Vec<f64>| {
            self.keep_numbers(&mut all, tail)?;
            Interval::new(of_sorted(&all, tail), of_sorted(&all, 1.0 - tail), level)
        };
        Ok(drawn.into_iter().map(interval).collect())
    }

    /// The part of the draws that an interval leaves to either side.
    ///
    /// # Errors
    /// Range of a number of draws that is too small or too large.
    pub(crate) fn tail(self, level: Level) -> Result<f64, StatisticsError> {
        let tail = level.error() / 2.0;
        let least = (1.0 / tail - LEAVE).ceil();
        StatisticsError::within("the number of draws", least, Self::MOST as f64, self.draws as f64)?;
        Ok(tail)
    }

    /// Sorts what was drawn, less what is no number; `None` where that is as much as a tail holds.
    pub(crate) fn keep_numbers(self, drawn: &mut Vec<f64>, tail: f64) -> Option<()> {
        drawn.retain(|value| value.is_finite());
        if (self.draws - drawn.len()) as f64 >= tail * self.draws as f64 - LEAVE {
            return None;
        }
        drawn.sort_by(f64::total_cmp);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_mean(values: &[f64], bootstrap: Bootstrap) -> Result<Vec<Option<Interval>>, StatisticsError> {
        bootstrap.intervals(values.len(), 1, Level::NINETY_FIVE, |rows, out| {
            out[0] = rows.iter().map(|&row| values[row]).sum::<f64>() / rows.len() as f64;
        })
    }

    #[test]
    fn the_interval_of_a_mean_is_as_wide_as_its_standard_error_says() {
        let values: Vec<f64> = (0..50).map(f64::from).collect();
        let found = of_mean(&values, Bootstrap { draws: 4000, seed: 3 }).unwrap()[0].unwrap();
        // The standard deviation, with divisor n, of 0 to 49 is 14.43.
        assert!((found.half_width() - 1.96 * 14.43 / 50.0f64.sqrt()).abs() < 0.15, "{found:?}");
        assert!((found.low + found.half_width() - 24.5).abs() < 0.2, "{found:?}");
        assert_eq!(of_mean(&values, Bootstrap { draws: 4000, seed: 3 }).unwrap()[0], Some(found));
        assert_ne!(of_mean(&values, Bootstrap { draws: 4000, seed: 4 }).unwrap()[0], Some(found));
    }

    #[test]
    fn a_seed_draws_what_it_drew() {
        let mut seen = Vec::new();
        let bootstrap = Bootstrap { draws: 40, seed: 1 };
        bootstrap.intervals(5, 0, Level::NINETY_FIVE, |rows, _| seen.push(rows.to_vec())).unwrap();
        assert_eq!(seen[..2], [[2, 2, 4, 0, 1], [2, 1, 1, 4, 1]]);
    }

    #[test]
    fn a_tail_holds_a_draw() {
        let few = of_mean(&[1.0, 2.0], Bootstrap { draws: 39, seed: 1 });
        assert!(matches!(few, Err(StatisticsError::Range { least: 40.0, .. })), "{few:?}");
        assert!(of_mean(&[1.0, 2.0], Bootstrap { draws: 40, seed: 1 }).is_ok());
        assert!(of_mean(&[1.0, 2.0], Bootstrap { draws: usize::MAX, seed: 1 }).is_err());
    }

    #[test]
    fn a_statistic_that_is_often_no_number_has_no_interval() {
        let bootstrap = Bootstrap { draws: 400, seed: 1 };
        let mut draw = 0;
        let found = bootstrap.intervals(3, 2, Level::NINETY_FIVE, |_, out| {
            draw += 1;
            // In 9 and in 10 of 400 draws, of which a tail holds 10.
            out[0] = if draw <= 9 { f64::NAN } else { f64::from(draw) };
            out[1] = if draw <= 10 { f64::NAN } else { f64::from(draw) };
        });
        let found = found.unwrap();
        assert!(found[0].is_some());
        assert_eq!(found[1], None);
    }
}
