//! Many rank correlations in one study, with permutations that keep what the measures share.

use crate::correlation::pair::{Correlation, spearman};
use crate::correlation::partial::{basis, partial_spearman, rest, whole_rows};
use crate::correlation::ranks::{dot, ranks};
use crate::error::StatisticsError;
use crate::interval::Level;
use crate::multiplicity::benjamini_hochberg;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// How often rows are put in another order, and from which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permutations {
    /// Number of orders; 999 let p values be thousandths. At least 19 and at most a million.
    pub draws: usize,
    /// Seed of ChaCha8.
    pub seed: u64,
}

/// Measures of one kind and of another, each pair of which is correlated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ManyCorrelations<'a> {
    /// Measures such as those of muscles: a column each.
    pub x: &'a [Vec<f64>],
    /// Measures such as scores: a column each, with the same rows.
    pub y: &'a [Vec<f64>],
    /// Columns whose part in both is taken out first.
    pub covariates: &'a [Vec<f64>],
    /// Rows that belong together, such as both hips of a patient; `None` where each stands alone.
    pub groups: Option<&'a [usize]>,
}

/// One pair of measures among many.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CorrelationOfMany {
    /// Place of the measure of the first kind.
    pub x: usize,
    /// Place of the other.
    pub y: usize,
    /// Spearman's correlation, partial where there are covariates; `None` where a measure does not vary or too few rows have both. Its own p value takes
    /// rows for independent.
    pub correlation: Option<Correlation>,
    /// p value by permutation of this pair alone.
    pub p_permutation: Option<f64>,
    /// p value by permutation of the largest of all (max-T, step-down): claims below 0.05 are wrong in at most 5 % of studies.
    pub p_family: Option<f64>,
    /// Benjamini and Hochberg's, of the single permutation p values: of claims below 0.05 at most 5 % are wrong on the average.
    pub p_false_discovery: Option<f64>,
}

/// Rank correlations of all pairs, corrected for their number by max-T permutation, step-down (Westfall and Young 1993).
///
/// Whole rows of the second kind are put against those of the first in other orders, so that what measures of a kind share is kept. Groups
/// stay together: those with equally many rows change places, their rows in the order given; a group of a size of its own stays. With covariates what
/// they leave of the ranks changes places, and is taken against them again (Freedman and Lane 1983, J Bus Econ Stat 1:292; right for large samples). A measure with missing values is ranked on
/// the rows that it has, and pairs on those that both have.
///
/// # Errors
/// Too few without a measure of either kind, or without two groups of a size; lengths that differ; range of the number of permutations; as
/// [`partial_spearman`] of the covariates.
pub fn many_correlations(
    of: ManyCorrelations<'_>,
    permutations: Permutations,
    level: Level,
) -> Result<Vec<CorrelationOfMany>, StatisticsError> {
    StatisticsError::within("the number of permutations", 19.0, 1e6, permutations.draws as f64)?;
    StatisticsError::at_least("measures", 1, of.x.len().min(of.y.len()))?;
    let columns = [of.x, of.y, of.covariates].concat();
    whole_rows(&columns.iter().map(Vec::as_slice).collect::<Vec<_>>())?;
    let blocks = Blocks::of(columns[0].len(), of.groups)?;
    let scores = |measures: &[Vec<f64>]| {
        measures.iter().map(|measure| Scores::of(measure, of.covariates)).collect::<Result<Vec<_>, _>>()
    };
    let (x, y) = (scores(of.x)?, scores(of.y)?);
    let found = count(&x, &y, of.covariates.len(), &blocks, permutations);
    let single: Vec<Option<f64>> = found.iter().map(|found| found.map(|p| p.0)).collect();
    let discovery = benjamini_hochberg(&single)?;
    let places = (0..of.x.len()).flat_map(|i| (0..of.y.len()).map(move |j| (i, j)));
    let pairs = places.zip(found).zip(discovery).map(|(((i, j), found), p_false_discovery)| {
        let correlation = match of.covariates {
            [] => spearman(&of.x[i], &of.y[j], level),
            covariates => partial_spearman(&of.x[i], &of.y[j], covariates, level),
        };
        CorrelationOfMany {
            x: i,
            y: j,
            // Too few rows with both are not known.
            correlation: correlation.unwrap_or(None),
            p_permutation: found.map(|p| p.0),
            p_family: found.map(|p| p.1),
            p_false_discovery,
        }
    });
    Ok(pairs.collect())
}

/// Ranks, or what covariates leave of them, with a length of one; NaN where missing.
#[derive(Clone)]
struct Scores {
    values: Vec<f64>,
    is_whole: bool,
    /// What the covariates say, of a measure without missing values.
    basis: Vec<Vec<f64>>,
    /// Length of what covariates leave of the values in the order in which they are: less than one once they have changed places.
    length: f64,
}

impl Scores {
    fn of(measure: &[f64], covariates: &[Vec<f64>]) -> Result<Scores, StatisticsError> {
        let columns: Vec<&[f64]> =
            std::iter::once(measure).chain(covariates.iter().map(Vec::as_slice)).collect();
        let whole = whole_rows(&columns)?;
        let of = |column: &[f64]| ranks(&whole.iter().map(|&i| column[i]).collect::<Vec<f64>>());
        let mut values = vec![f64::NAN; measure.len()];
        let mut directions = Vec::new();
        if whole.len() > covariates.len() + 3 {
            let given: Vec<Vec<f64>> = covariates.iter().map(|column| of(column)).collect();
            directions = basis(&given)?;
            let left = rest(&of(measure), &directions);
            // A measure that does not vary is missing as a whole.
            for (row, value) in whole.iter().zip(left.unwrap_or(vec![f64::NAN; whole.len()])) {
                values[*row] = value;
            }
        }
        let is_whole = values.iter().all(|value| !value.is_nan());
        Ok(Scores { values, is_whole, basis: if is_whole { directions } else { Vec::new() }, length: 1.0 })
    }

    /// Takes the rows of another order.
    fn take(&mut self, from: &Scores, places: &[usize]) {
        self.values.iter_mut().zip(places).for_each(|(value, row)| *value = from.values[*row]);
        let said: f64 = self.basis.iter().map(|direction| dot(&self.values, direction).powi(2)).sum();
        self.length = (1.0 - said).max(0.0).sqrt();
    }

    /// Size of t of this against the other; NaN where too few rows have both.
    fn t(&self, other: &Scores, covariates: usize) -> f64 {
        let (r, n) = if self.is_whole && other.is_whole {
            (dot(&self.values, &other.values) / other.length, self.values.len())
        } else {
            self.correlation_of_both(other)
        };
        let freedom = n as f64 - 2.0 - covariates as f64;
        if freedom < 1.0 { f64::NAN } else { r.abs() * (freedom / (1.0 - r * r).max(1e-15)).sqrt() }
    }

    fn correlation_of_both(&self, other: &Scores) -> (f64, usize) {
        let both = || {
            let pairs = self.values.iter().zip(&other.values);
            pairs.filter(|(a, b)| !a.is_nan() && !b.is_nan())
        };
        let n = both().count();
        let (mut a, mut b) = (0.0, 0.0);
        both().for_each(|pair| (a, b) = (a + pair.0 / n as f64, b + pair.1 / n as f64));
        let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
        for pair in both() {
            let (x, y) = (pair.0 - a, pair.1 - b);
            (aa, bb, ab) = (aa + x * x, bb + y * y, ab + x * y);
        }
        (if aa * bb > 1e-24 { ab / (aa * bb).sqrt() } else { f64::NAN }, n)
    }
}

/// Rows of groups, by the number of rows in them.
struct Blocks(Vec<Vec<Vec<usize>>>);

impl Blocks {
    fn of(rows: usize, groups: Option<&[usize]>) -> Result<Blocks, StatisticsError> {
        let mut by_group = std::collections::BTreeMap::<usize, Vec<usize>>::new();
        if let Some(groups) = groups {
            StatisticsError::same_length("rows and their groups", rows, groups.len())?;
        }
        for row in 0..rows {
            by_group.entry(groups.map_or(row, |groups| groups[row])).or_default().push(row);
        }
        let mut by_size = std::collections::BTreeMap::<usize, Vec<Vec<usize>>>::new();
        for rows in by_group.into_values() {
            by_size.entry(rows.len()).or_default().push(rows);
        }
        let most = by_size.values().map(Vec::len).max().unwrap_or(0);
        StatisticsError::at_least("groups with equally many rows", 2, most)?;
        Ok(Blocks(by_size.into_values().collect()))
    }

    /// Which row comes to each place, in an order drawn anew (Fisher and Yates).
    fn draw(&self, random: &mut ChaCha8Rng, places: &mut [usize]) {
        for blocks in &self.0 {
            let mut order: Vec<usize> = (0..blocks.len()).collect();
            for last in (1..order.len()).rev() {
                order.swap(last, random.random_range(0..=last));
            }
            for (to, from) in blocks.iter().zip(order) {
                to.iter().zip(&blocks[from]).for_each(|(to, from)| places[*to] = *from);
            }
        }
    }
}

/// Single and step-down p values of each pair; `None` without a statistic.
fn count(
    x: &[Scores],
    y: &[Scores],
    covariates: usize,
    blocks: &Blocks,
    permutations: Permutations,
) -> Vec<Option<(f64, f64)>> {
    let all = |y: &[Scores], out: &mut Vec<f64>| {
        out.clear();
        x.iter().for_each(|x| out.extend(y.iter().map(|y| x.t(y, covariates))));
    };
    let mut observed = Vec::new();
    all(y, &mut observed);
    // Ascending, so that running maxima are those of a step and all below it.
    let mut order: Vec<usize> = (0..observed.len()).filter(|&i| !observed[i].is_nan()).collect();
    order.sort_by(|one, other| observed[*one].total_cmp(&observed[*other]));
    let (mut single, mut family) = (vec![1u32; observed.len()], vec![1u32; observed.len()]);
    let mut random = ChaCha8Rng::seed_from_u64(permutations.seed);
    let rows = y[0].values.len();
    let mut places: Vec<usize> = (0..rows).collect();
    let mut moved = y.to_vec();
    let mut drawn = Vec::new();
    for _ in 0..permutations.draws {
        blocks.draw(&mut random, &mut places);
        moved.iter_mut().zip(y).for_each(|(moved, y)| moved.take(y, &places));
        all(&moved, &mut drawn);
        let mut most: f64 = 0.0;
        for &i in &order {
            // Rounding must not part what ties.
            let reached = observed[i] * (1.0 - 1e-9);
            most = most.max(drawn[i]);
            single[i] += u32::from(drawn[i] >= reached);
            family[i] += u32::from(most >= reached);
        }
    }
    let mut found = vec![None; observed.len()];
    let of = |count: u32| f64::from(count) / (permutations.draws as f64 + 1.0);
    let mut least: f64 = 0.0;
    for &i in order.iter().rev() {
        least = least.max(of(family[i]));
        found[i] = Some((of(single[i]), least));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::Numbers;

    const PERMUTATIONS: Permutations = Permutations { draws: 1999, seed: 4 };
    const LEVEL: Level = Level::NINETY_FIVE;

    /// Five measures and two scores of 30 rows, of which the first measure goes with the first score.
    fn made() -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
        let mut numbers = Numbers::of(21);
        let mut x = vec![Vec::new(); 5];
        let mut y = vec![Vec::new(); 2];
        for _ in 0..30 {
            x.iter_mut().for_each(|x| x.push(numbers.next()));
            let shared = numbers.next();
            let first = x[0][x[0].len() - 1];
            y[0].push(first + shared + 0.3 * numbers.next());
            y[1].push(shared + 0.5 * numbers.next());
        }
        (x, y)
    }

    fn of<'a>(x: &'a [Vec<f64>], y: &'a [Vec<f64>]) -> ManyCorrelations<'a> {
        ManyCorrelations { x, y, covariates: &[], groups: None }
    }

    #[test]
    fn p_values_are_those_of_numpy_within_chance() {
        let (x, y) = made();
        let found = many_correlations(of(&x, &y), PERMUTATIONS, LEVEL).unwrap();
        // Step-down by numpy with 200,000 permutations of its own: of each pair alone, and of the family. Three standard errors are 0.034.
        let expected = [
            (0.0000, 0.0003),
            (0.6942, 0.9953),
            (0.9695, 0.9953),
            (0.5005, 0.9953),
            (0.5927, 0.9953),
            (0.7738, 0.9953),
            (0.7722, 0.9953),
            (0.6541, 0.9953),
            (0.4125, 0.9893),
            (0.5334, 0.9953),
        ];
        for (found, (single, family)) in found.iter().zip(expected) {
            assert!((found.p_permutation.unwrap() - single).abs() < 0.034, "{found:?} {single}");
            assert!((found.p_family.unwrap() - family).abs() < 0.034, "{found:?} {family}");
        }
        assert_eq!(many_correlations(of(&x, &y), PERMUTATIONS, LEVEL).unwrap(), found);
    }

    #[test]
    fn groups_stay_together() {
        // Two equal rows a patient: as one row each, but for what ties do to ranks.
        let (x, y) = made();
        let twice = |columns: &[Vec<f64>]| -> Vec<Vec<f64>> {
            columns.iter().map(|column| column.iter().flat_map(|value| [*value; 2]).collect()).collect()
        };
        let groups: Vec<usize> = (0..60).map(|row| row / 2).collect();
        let (doubled_x, doubled_y) = (twice(&x), twice(&y));
        let grouped = ManyCorrelations { groups: Some(&groups), ..of(&doubled_x, &doubled_y) };
        let one = many_correlations(of(&x, &y), PERMUTATIONS, LEVEL).unwrap();
        let other = many_correlations(grouped, PERMUTATIONS, LEVEL).unwrap();
        let naive = many_correlations(of(&doubled_x, &doubled_y), PERMUTATIONS, LEVEL).unwrap();
        for (one, other) in one.iter().zip(&other) {
            assert!((one.p_family.unwrap() - other.p_family.unwrap()).abs() < 0.02, "{one:?} {other:?}");
        }
        let sum =
            |pairs: &[CorrelationOfMany]| pairs.iter().filter_map(|pair| pair.p_permutation).sum::<f64>();
        assert!(sum(&naive) < 0.9 * sum(&other));
    }

    #[test]
    fn covariates_take_out_what_two_share() {
        let (x, y) = made();
        let held = [x[0].clone()];
        let of = ManyCorrelations { covariates: &held, ..of(&x[1..], &y) };
        let found = many_correlations(of, PERMUTATIONS, LEVEL).unwrap();
        assert_eq!(found.len(), 8);
        assert!(found.iter().all(|pair| pair.p_family.is_some() && pair.correlation.is_some()));
        let constant = [vec![1.0; 30]];
        let wrong = ManyCorrelations { covariates: &constant, ..of };
        assert_eq!(many_correlations(wrong, PERMUTATIONS, LEVEL), Err(StatisticsError::ConstantFactor(0)));
    }

    #[test]
    fn missing_values_and_constant_measures_take_nothing_from_the_others() {
        let (mut x, y) = made();
        x[3] = vec![2.0; 30];
        x[4][..28].fill(f64::NAN);
        x[1][5] = f64::NAN;
        let found = many_correlations(of(&x, &y), PERMUTATIONS, LEVEL).unwrap();
        assert!(found[..6].iter().all(|pair| pair.p_family.is_some()));
        assert_eq!(found[2].correlation.as_ref().unwrap().left_out, 1);
        assert!(
            found[6..].iter().all(|pair| pair.correlation.is_none() && pair.p_family.is_none()),
            "{found:?}"
        );
        let few = Permutations { draws: 18, seed: 1 };
        assert!(many_correlations(of(&x, &y), few, LEVEL).is_err());
        assert!(many_correlations(of(&[], &y), PERMUTATIONS, LEVEL).is_err());
    }
}
