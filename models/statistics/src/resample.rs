//! Intervals from patients drawn again, with all rows of each.

use crate::bootstrap::Bootstrap;
use crate::error::StatisticsError;
use crate::interval::{Interval, Level};
use crate::student;
use crate::summary::of_sorted;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// How an interval is read from the draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BootstrapInterval {
    /// Quantiles of the draws.
    #[default]
    Percentile,
    /// Bias-corrected and accelerated (Efron 1987, J Am Stat Assoc 82:171), with the acceleration of the jackknife over groups. As percentile
    /// where every draw lies on one side of the value.
    Bca,
}

/// How rows are drawn again where some belong together: groups, such as patients, are drawn with all of their rows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Resampling<'a> {
    /// Group of each row, in any numbers; `None` where every row is its own.
    pub groups: Option<&'a [usize]>,
    /// Stratum of each row: of each stratum as many groups are drawn as it has. A group is in the highest stratum of its rows. With
    /// the truth as stratum every draw has both kinds of cases.
    pub strata: Option<&'a [usize]>,
    /// How the interval is read.
    pub interval: BootstrapInterval,
}

/// Rows of each group, by stratum.
struct Groups(Vec<Vec<Vec<usize>>>);

impl Groups {
    fn of(rows: usize, how: &Resampling<'_>) -> Result<Groups, StatisticsError> {
        for list in [how.groups, how.strata].into_iter().flatten() {
            StatisticsError::same_length("rows and their groups", rows, list.len())?;
        }
        let mut by_group = std::collections::BTreeMap::<usize, (usize, Vec<usize>)>::new();
        for row in 0..rows {
            let group = how.groups.map_or(row, |groups| groups[row]);
            let stratum = how.strata.map_or(0, |strata| strata[row]);
            let (highest, rows) = by_group.entry(group).or_default();
            *highest = stratum.max(*highest);
            rows.push(row);
        }
        StatisticsError::at_least("groups", 2, by_group.len())?;
        let mut strata = std::collections::BTreeMap::<usize, Vec<Vec<usize>>>::new();
        for (stratum, rows) in by_group.into_values() {
            strata.entry(stratum).or_default().push(rows);
        }
        Ok(Groups(strata.into_values().collect()))
    }

    fn draw(&self, random: &mut ChaCha8Rng, rows: &mut Vec<usize>) {
        rows.clear();
        for groups in &self.0 {
            for _ in 0..groups.len() {
                rows.extend_from_slice(&groups[random.random_range(0..groups.len())]);
            }
        }
    }

    /// All rows but those of each group in turn.
    fn without_each(&self) -> impl Iterator<Item = Vec<usize>> {
        let all = || self.0.iter().flatten();
        (0..all().count()).map(move |left| {
            let others = all().enumerate().filter(move |(i, _)| *i != left);
            others.flat_map(|(_, rows)| rows.iter().copied()).collect()
        })
    }
}

/// Intervals of several statistics by the bootstrap of groups.
///
/// `statistic` is given rows, some more than once, and writes as many numbers as are asked for, NaN where there is none. A statistic
/// without a number of all rows, or in as many draws as a tail of the interval holds, has no interval. The draws depend on the seed
/// alone.
///
/// # Errors
/// Lengths where groups or strata are not one for each row; too few below two groups; range of the number of draws.
pub fn resampled(
    rows: usize,
    statistics: usize,
    how: Resampling<'_>,
    bootstrap: Bootstrap,
    level: Level,
    mut statistic: impl FnMut(&[usize], &mut [f64]),
) -> Result<Vec<Option<Interval>>, StatisticsError> {
    let tail = bootstrap.tail(level)?;
    let groups = Groups::of(rows, &how)?;
    let mut random = ChaCha8Rng::seed_from_u64(bootstrap.seed);
    let mut drawn = vec![Vec::with_capacity(bootstrap.draws); statistics];
    let (mut chosen, mut values) = (Vec::with_capacity(rows), vec![f64::NAN; statistics]);
    for _ in 0..bootstrap.draws {
        groups.draw(&mut random, &mut chosen);
        statistic(&chosen, &mut values);
        for (all, value) in drawn.iter_mut().zip(&values) {
            all.push(*value);
        }
    }
    let all: Vec<usize> = (0..rows).collect();
    let mut whole = vec![f64::NAN; statistics];
    statistic(&all, &mut whole);
    let mut left = vec![Vec::new(); statistics];
    if how.interval == BootstrapInterval::Bca {
        for rows in groups.without_each() {
            statistic(&rows, &mut values);
            left.iter_mut().zip(&values).for_each(|(all, value)| all.push(*value));
        }
    }
    let places = drawn.into_iter().zip(whole).zip(left);
    let interval = |((mut drawn, whole), left): ((Vec<f64>, f64), Vec<f64>)| {
        bootstrap.keep_numbers(&mut drawn, tail).filter(|()| whole.is_finite())?;
        let [low, high] = match how.interval {
            BootstrapInterval::Percentile => [tail, 1.0 - tail],
            BootstrapInterval::Bca => bca(&drawn, whole, &left, tail),
        };
        Interval::new(of_sorted(&drawn, low), of_sorted(&drawn, high), level)
    };
    Ok(places.map(interval).collect())
}

/// Between which fractions of the sorted draws the interval lies.
fn bca(drawn: &[f64], value: f64, without_each: &[f64], tail: f64) -> [f64; 2] {
    let less = drawn.partition_point(|other| *other < value);
    let not_more = drawn.partition_point(|other| *other <= value);
    let below = (less + not_more) as f64 / (2.0 * drawn.len() as f64);
    if below <= 0.0 || below >= 1.0 || without_each.iter().any(|value| !value.is_finite()) {
        return [tail, 1.0 - tail];
    }
    let mean = without_each.iter().sum::<f64>() / without_each.len() as f64;
    let power = |power: i32| without_each.iter().map(|value| (mean - value).powi(power)).sum::<f64>();
    let squares = power(2);
    let acceleration = if squares > 0.0 { power(3) / (6.0 * squares.powf(1.5)) } else { 0.0 };
    let bias = student::normal_quantile(below);
    [tail, 1.0 - tail].map(|tail| {
        let moved = bias + student::normal_quantile(tail);
        student::normal_below(bias + moved / (1.0 - acceleration * moved))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{cases, near};

    const ONCE: Bootstrap = Bootstrap { draws: 1000, seed: 5 };

    fn mean(values: &[f64]) -> impl Fn(&[usize], &mut [f64]) {
        move |rows, out| out[0] = rows.iter().map(|&row| values[row]).sum::<f64>() / rows.len() as f64
    }

    #[test]
    fn corrected_fractions_are_those_of_scipy() {
        // scipy.stats.bootstrap(method = "BCa") of scipy 1.17.1 takes these: z0 and the acceleration of the draws and of the jackknife below.
        let mut drawn: Vec<f64> = (0..200).map(|i| f64::from(i * i % 97) / 9.0).collect();
        drawn.sort_by(f64::total_cmp);
        let left: Vec<f64> = (0..20).map(|i| f64::from(i * i * i % 31)).collect();
        let found = bca(&drawn, 4.5, &left, 0.025);
        near(found[0], 0.010374978237338);
        near(found[1], 0.947646315571798);
        assert_eq!(bca(&drawn, -1.0, &left, 0.025), [0.025, 0.975]);
    }

    #[test]
    fn rows_of_a_group_stay_together_and_strata_keep_their_sizes() {
        let groups = [4, 4, 9, 9, 9, 1];
        let strata = [0, 1, 0, 0, 0, 0];
        let how = Resampling { groups: Some(&groups), strata: Some(&strata), ..Resampling::default() };
        let mut seen = std::collections::BTreeSet::new();
        resampled(6, 0, how, Bootstrap { draws: 60, seed: 2 }, Level::NINETY_FIVE, |rows, _| {
            seen.insert(rows.to_vec());
        })
        .unwrap();
        // Two of the groups 1 and 9, in the order of their numbers, then group 4, which is alone in stratum 1.
        let both: [&[usize]; 2] = [&[5], &[2, 3, 4]];
        let expected = both.iter().flat_map(|a| both.iter().map(|b| [a, *b, &[0, 1]].concat()));
        let mut expected: std::collections::BTreeSet<Vec<usize>> = expected.collect();
        // The rows themselves, of which the value is computed.
        expected.insert((0..6).collect());
        assert_eq!(seen, expected);
    }

    #[test]
    fn copies_of_a_row_in_one_group_add_nothing() {
        let values: Vec<f64> = cases(2, 40).a;
        let twice: Vec<f64> = values.iter().flat_map(|value| [*value; 2]).collect();
        let groups: Vec<usize> = (0..80).map(|row| row / 2).collect();
        for interval in [BootstrapInterval::Percentile, BootstrapInterval::Bca] {
            let plain = Resampling { interval, ..Resampling::default() };
            let grouped = Resampling { groups: Some(&groups), ..plain };
            let one = resampled(40, 1, plain, ONCE, Level::NINETY_FIVE, mean(&values)).unwrap();
            let other = resampled(80, 1, grouped, ONCE, Level::NINETY_FIVE, mean(&twice)).unwrap();
            near(one[0].unwrap().low, other[0].unwrap().low);
            near(one[0].unwrap().high, other[0].unwrap().high);
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_an_error_and_what_is_no_number_has_no_interval() {
        let of = |groups: &[usize]| {
            let how = Resampling { groups: Some(groups), ..Resampling::default() };
            resampled(3, 1, how, ONCE, Level::NINETY_FIVE, |_, out| out[0] = f64::NAN)
        };
        assert!(matches!(of(&[1, 1, 1]), Err(StatisticsError::TooFew { found: 1, .. })));
        assert!(matches!(of(&[1, 2]), Err(StatisticsError::Lengths { .. })));
        assert_eq!(of(&[1, 2, 3]), Ok(vec![None]));
    }
}
