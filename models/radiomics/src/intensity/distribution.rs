//! Distinct values with their counts: order statistics and sums of any number of voxels in one short list.

/// Values that occur, ascending, with how often each does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Distribution {
    /// Distinct values and counts.
    pub(crate) values: Vec<(f64, u64)>,
    /// Number of values.
    pub(crate) n: u64,
}

/// Whole numbers within a range of this length are counted; others are sorted.
const COUNTED: f64 = (1 << 20) as f64;

impl Distribution {
    /// Of finite values.
    pub(crate) fn of(values: impl Iterator<Item = f64>) -> Distribution {
        // Adding zero makes a negative zero positive.
        let mut all: Vec<f64> = values.map(|value| value + 0.0).collect();
        let n = all.len() as u64;
        let (mut low, mut high, mut whole) = (f64::INFINITY, f64::NEG_INFINITY, true);
        for &value in &all {
            low = low.min(value);
            high = high.max(value);
            whole &= value.fract() == 0.0;
        }
        if whole && high - low < COUNTED {
            let mut counts = vec![0_u64; (high - low) as usize + 1];
            for &value in &all {
                counts[(value - low) as usize] += 1;
            }
            let present = counts.into_iter().enumerate().filter(|&(_, count)| count > 0);
            return Distribution { values: present.map(|(i, count)| (low + i as f64, count)).collect(), n };
        }
        all.sort_unstable_by(f64::total_cmp);
        let runs = all.chunk_by(|a, b| a == b);
        Distribution { values: runs.map(|run| (run[0], run.len() as u64)).collect(), n }
    }

    /// Of grey levels, whose counts are in the list by level.
    pub(crate) fn of_levels(histogram: &[u64]) -> Distribution {
        let present = histogram.iter().enumerate().filter(|&(_, &count)| count > 0);
        let values: Vec<(f64, u64)> = present.map(|(level, &count)| (level as f64, count)).collect();
        let n = values.iter().map(|&(_, count)| count).sum();
        Distribution { values, n }
    }

    /// Least value.
    pub(crate) fn least(&self) -> f64 {
        self.values.first().map_or(f64::NAN, |&(value, _)| value)
    }

    /// Highest value.
    pub(crate) fn most(&self) -> f64 {
        self.values.last().map_or(f64::NAN, |&(value, _)| value)
    }

    /// Mean of a function of the values.
    pub(crate) fn mean_of(&self, f: impl Fn(f64) -> f64) -> f64 {
        self.values.iter().map(|&(value, count)| count as f64 * f(value)).sum::<f64>() / self.n as f64
    }

    /// Quantile with linear interpolation between order statistics (type 7).
    pub(crate) fn quantile(&self, part: f64) -> f64 {
        let place = part * (self.n.max(1) - 1) as f64;
        let (below, rest) = (place.floor(), place - place.floor());
        let lower = self.order_statistic(below as u64);
        if rest == 0.0 {
            return lower;
        }
        lower + rest * (self.order_statistic(below as u64 + 1) - lower)
    }

    fn order_statistic(&self, index: u64) -> f64 {
        let mut passed = 0;
        for &(value, count) in &self.values {
            passed += count;
            if index < passed {
                return value;
            }
        }
        self.most()
    }

    /// The values within two ends.
    pub(crate) fn within(&self, low: f64, high: f64) -> Distribution {
        let values: Vec<(f64, u64)> =
            self.values.iter().copied().filter(|&(value, _)| value >= low && value <= high).collect();
        let n = values.iter().map(|&(_, count)| count).sum();
        Distribution { values, n }
    }

    /// Fraction of the values that are at least this.
    pub(crate) fn fraction_from(&self, low: f64) -> f64 {
        let from = self.values.partition_point(|&(value, _)| value < low);
        self.values[from..].iter().map(|&(_, count)| count).sum::<u64>() as f64 / self.n as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counted_and_sorted_values_agree() {
        let whole = [3.0, -1.0, 3.0, 0.0, -0.0, 8.0];
        let counted = Distribution::of(whole.into_iter());
        let sorted = Distribution::of(whole.into_iter().map(|value| value + 0.25));
        assert_eq!(counted.values, [(-1.0, 1), (0.0, 2), (3.0, 2), (8.0, 1)]);
        for part in [0.0, 0.1, 0.5, 0.77, 1.0] {
            assert_eq!(counted.quantile(part) + 0.25, sorted.quantile(part));
        }
        assert_eq!(counted.quantile(0.5), 1.5);
        assert_eq!(counted.fraction_from(3.0), 0.5);
        assert_eq!(counted.within(0.0, 3.0).n, 4);
    }
}
