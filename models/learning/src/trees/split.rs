//! The best split of a node at a column: second-order gain, missing values, least rows, monotone constraints.

use super::bins::MISSING;
use super::histogram::Sums;

/// Limits that splits keep.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    /// Least rows of a leaf.
    pub(super) rows: u64,
    /// Least sum of second derivatives of a leaf.
    pub(super) curvature: f64,
    /// Ridge penalty.
    pub(super) l2: f64,
    /// Gain that a split exceeds.
    pub(super) gain: f64,
    /// Whether any column has a direction.
    pub(super) is_constrained: bool,
}

/// Least and most that a leaf's value may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    /// Least.
    pub(super) least: f64,
    /// Most.
    pub(super) most: f64,
}

impl Bounds {
    /// No bounds.
    pub(super) const NONE: Bounds = Bounds { least: f64::NEG_INFINITY, most: f64::INFINITY };

    /// Bounds of the children of a split at a column with a direction: neither may cross the middle of their values.
    ///
    /// All leaves below the left child then stay at one side of all leaves below the right one, whatever is split further down.
    pub(super) fn parted(self, direction: i8, left: f64, right: f64) -> (Bounds, Bounds) {
        // Halves of the smallest numbers are rounded beyond them.
        let middle = (left / 2.0 + right / 2.0).clamp(self.least, self.most);
        match direction {
            1 => (Bounds { most: middle, ..self }, Bounds { least: middle, ..self }),
            -1 => (Bounds { least: middle, ..self }, Bounds { most: middle, ..self }),
            _ => (self, self),
        }
    }
}

impl Rule {
    /// The value of a leaf that makes the loss least, to second order, within bounds.
    pub(super) fn value(&self, sums: Sums, bounds: Bounds) -> f64 {
        let curvature = sums.curvature + self.l2;
        let value = if curvature > 0.0 { -sums.gradient / curvature } else { 0.0 };
        value.clamp(bounds.least, bounds.most)
    }

    /// Twice the fall of the penalised loss by a leaf.
    fn score(&self, sums: Sums, bounds: Bounds) -> f64 {
        let value = self.value(sums, bounds);
        -value * (2.0 * sums.gradient + (sums.curvature + self.l2) * value)
    }

    fn allows(&self, sums: Sums) -> bool {
        sums.rows >= self.rows && sums.curvature >= self.curvature
    }
}

/// A split of a node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Split {
    /// Twice the fall of the penalised loss.
    pub(super) gain: f64,
    /// Column.
    pub(super) column: usize,
    /// Values in bins up to it go left.
    pub(super) code: u8,
    /// Whether missing values go left.
    pub(super) is_missing_left: bool,
    /// Sums of the rows that go left.
    pub(super) left: Sums,
    /// Sums of the rows that go right.
    pub(super) right: Sums,
}

/// The best split of a node at a column, whose sums by bin are given; the first of those that are as good.
pub(super) fn best_split(
    bins: &[Sums],
    column: usize,
    total: Sums,
    bounds: Bounds,
    direction: i8,
    rule: &Rule,
) -> Option<Split> {
    let missing = bins[usize::from(MISSING)];
    let parent = rule.score(total, bounds);
    // What rounding leaves of a node that is pure is no gain.
    let mut least = parent + rule.gain.max(1e-12 * parent.abs());
    let mut best: Option<Split> = None;
    let ways: &[bool] = if missing.rows > 0 { &[false, true] } else { &[false] };
    for &is_missing_left in ways {
        let mut left = if is_missing_left { missing } else { Sums::default() };
        for (code, &bin) in bins.iter().enumerate().skip(1) {
            left += bin;
            let right = total.without(left);
            if right.rows < rule.rows {
                break;
            }
            if bin.rows == 0 || !rule.allows(left) || !rule.allows(right) {
                continue;
            }
            let found = if rule.is_constrained {
                let (below, above) = (rule.value(left, bounds), rule.value(right, bounds));
                if f64::from(direction) * (above - below) < 0.0 {
                    continue;
                }
                rule.score(left, bounds) + rule.score(right, bounds)
            } else {
                let (below, above) = (left.curvature + rule.l2, right.curvature + rule.l2);
                let squares = left.gradient * left.gradient * above + right.gradient * right.gradient * below;
                squares / (below * above)
            };
            if found > least {
                least = found;
                let (gain, code) = (found - parent, code as u8);
                best = Some(Split { gain, column, code, is_missing_left, left, right });
            }
        }
    }
    best.map(|split| in_the_gap(bins, split, missing.rows > 0))
}

/// Moves a split to the middle of the empty bins above it. A column without missing values sends those to come with the greater part.
fn in_the_gap(bins: &[Sums], split: Split, has_missing: bool) -> Split {
    let from = usize::from(split.code);
    let empty = bins[from + 1..].iter().take_while(|bin| bin.rows == 0).count();
    // Only missing values above: the split is not among values.
    let code = if from + 1 + empty == bins.len() { bins.len() - 1 } else { from + empty / 2 };
    let is_missing_left =
        if has_missing { split.is_missing_left } else { split.left.rows >= split.right.rows };
    Split { code: code as u8, is_missing_left, ..split }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule { rows: 1, curvature: 0.0, l2: 0.0, gain: 0.0, is_constrained: false };

    /// Bins of squared error: (sum of values, rows), that of missing values first.
    fn bins(of: &[(f64, u64)]) -> (Vec<Sums>, Sums) {
        let bins: Vec<Sums> =
            of.iter().map(|&(sum, rows)| Sums { gradient: -sum, curvature: rows as f64, rows }).collect();
        let total = bins.iter().fold(Sums::default(), |total, &bin| total + bin);
        (bins, total)
    }

    fn found(of: &[(f64, u64)], direction: i8, rule: &Rule) -> Option<Split> {
        let (bins, total) = bins(of);
        best_split(&bins, 0, total, Bounds::NONE, direction, rule)
    }

    #[test]
    fn the_gain_is_the_fall_of_the_sum_of_squares() {
        // Values 1, 1 | 5, 6, 7: between them 2 * 3 / 5 * (6 - 1)² = 30.
        let split = found(&[(0.0, 0), (2.0, 2), (5.0, 1), (13.0, 2)], 0, &RULE).unwrap();
        assert!((split.gain - 30.0).abs() < 1e-12, "{split:?}");
        assert_eq!((split.code, split.left.rows, split.is_missing_left), (1, 2, false));
        let constrained = Rule { is_constrained: true, ..RULE };
        let same = found(&[(0.0, 0), (2.0, 2), (5.0, 1), (13.0, 2)], 1, &constrained).unwrap();
        assert!((same.gain - 30.0).abs() < 1e-12 && same.code == 1);
        assert_eq!(found(&[(0.0, 0), (2.0, 2), (5.0, 1), (13.0, 2)], -1, &constrained), None);
    }

    #[test]
    fn missing_values_go_where_the_gain_is() {
        let left = found(&[(3.0, 3), (2.0, 2), (10.0, 2)], 0, &RULE).unwrap();
        assert!(left.is_missing_left && left.left.rows == 5 && left.code == 1);
        let right = found(&[(15.0, 3), (2.0, 2), (10.0, 2)], 0, &RULE).unwrap();
        assert!(!right.is_missing_left && right.left.rows == 2);
        // Values all alike: they part from missing ones.
        let apart = found(&[(9.0, 3), (2.0, 2), (2.0, 2)], 0, &RULE).unwrap();
        assert_eq!((apart.code, apart.is_missing_left, apart.left.rows), (2, false, 4));
    }

    #[test]
    fn limits_keep_small_leaves_and_small_gains_away() {
        let of = [(0.0, 0), (2.0, 2), (5.0, 1), (13.0, 2)];
        assert_eq!(found(&of, 0, &Rule { rows: 3, ..RULE }), None);
        assert_eq!(found(&of, 0, &Rule { gain: 30.1, ..RULE }), None);
        assert_eq!(found(&of, 0, &Rule { curvature: 2.5, ..RULE }), None);
        assert!(found(&of, 0, &Rule { rows: 2, gain: 29.9, ..RULE }).is_some());
        assert_eq!(found(&[(0.0, 0), (3.0, 3), (3.0, 3)], 0, &RULE), None);
    }

    #[test]
    fn a_split_lies_half_way_in_a_gap() {
        let split = found(&[(0.0, 0), (1.0, 1), (0.0, 0), (0.0, 0), (0.0, 0), (5.0, 1)], 0, &RULE).unwrap();
        assert_eq!(split.code, 2);
    }

    #[test]
    fn bounds_part_at_the_middle() {
        let (low, high) = Bounds::NONE.parted(1, 1.0, 3.0);
        assert_eq!((low.most, high.least), (2.0, 2.0));
        let (high, low) = low.parted(-1, 1.0, 0.0);
        assert_eq!(
            (high, low),
            (Bounds { least: 0.5, most: 2.0 }, Bounds { least: f64::NEG_INFINITY, most: 0.5 })
        );
        assert_eq!(low.parted(0, 5.0, 6.0), (low, low));
    }
}
