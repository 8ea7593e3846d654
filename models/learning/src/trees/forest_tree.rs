//! Grows one tree of a forest: each split chooses from some columns, by the fall of the Gini index or of the sum of squares.

use super::bins::{Binned, MISSING};
use super::tree::{Grown, Tree};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// What leaves predict.
#[derive(Debug)]
pub(super) enum Targets<'a> {
    /// Part of each class.
    Classes { count: usize, of: &'a [usize] },
    /// Mean; values are given less their mean over all rows, which is added again.
    Numbers { centred: Vec<f64>, mean: f64 },
}

impl Targets<'_> {
    /// Values of a leaf.
    pub(super) fn outputs(&self) -> usize {
        match self {
            Targets::Classes { count, .. } => *count,
            Targets::Numbers { .. } => 1,
        }
    }

    /// The output that a row adds to, and what it adds.
    fn of(&self, row: usize) -> (usize, f64) {
        match self {
            Targets::Classes { of, .. } => (of[row], 1.0),
            Targets::Numbers { centred, .. } => (0, centred[row]),
        }
    }

    fn leaf(&self, sums: &[f64], weight: u64) -> Vec<f64> {
        let offset = if let Targets::Numbers { mean, .. } = self { *mean } else { 0.0 };
        sums.iter().map(|sum| sum / weight as f64 + offset).collect()
    }
}

/// Limits of a tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Columns that a split chooses from.
    pub(super) columns: usize,
    /// Least rows of a leaf.
    pub(super) rows: u64,
    /// Most splits from root to leaf.
    pub(super) depth: usize,
}

/// A split of a node; its gain is Σ (sum of left)² / rows of left + the same of right.
#[derive(Debug, Clone, Copy)]
struct Split {
    score: f64,
    column: usize,
    code: u8,
    is_missing_left: bool,
}

/// A row that was drawn; rows move with what they add, so that these are read one after the other.
#[derive(Debug, Clone, Copy)]
struct Drawn {
    row: u32,
    times: u32,
    output: u32,
    /// Value times how often it was drawn.
    value: f64,
}

/// Rows of a node that is yet to be split.
struct Open {
    node: usize,
    from: usize,
    to: usize,
    depth: usize,
}

/// Sums of a node by bin, kept empty between uses.
struct Bins {
    outputs: usize,
    weights: [u64; 256],
    sums: Vec<f64>,
    /// Bins that have rows.
    filled: Vec<u8>,
}

/// One tree while it grows.
struct Growing<'a> {
    binned: &'a Binned,
    limits: Limits,
    bins: Bins,
    /// All columns, in an order that draws change.
    columns: Vec<usize>,
}

/// Grows a tree from rows that count as often as `times` says.
pub(super) fn grow(
    binned: &Binned,
    targets: &Targets<'_>,
    times: &[u32],
    limits: Limits,
    random: &mut ChaCha8Rng,
) -> Tree {
    let outputs = targets.outputs();
    let bins = Bins { outputs, weights: [0; 256], sums: vec![0.0; 256 * outputs], filled: Vec::new() };
    let mut growing = Growing { binned, limits, bins, columns: (0..binned.columns()).collect() };
    let drawn = times.iter().enumerate().filter(|(_, times)| **times > 0).map(|(row, &times)| {
        let (output, value) = targets.of(row);
        Drawn { row: row as u32, times, output: output as u32, value: f64::from(times) * value }
    });
    let mut rows: Vec<Drawn> = drawn.collect();
    let empty = || Grown::Leaf { cover: 0, values: Vec::new() };
    let mut nodes = vec![empty()];
    let mut open = vec![Open { node: 0, from: 0, to: rows.len(), depth: 0 }];
    while let Some(Open { node, from, to, depth }) = open.pop() {
        let rows = &mut rows[from..to];
        let (sums, weight, square) = growing.totals(rows);
        let split = if depth < limits.depth && weight >= 2 * limits.rows {
            growing.best(rows, &sums, weight, square, random)
        } else {
            None
        };
        let Some(split) = split else {
            nodes[node] = Grown::Leaf { cover: weight, values: targets.leaf(&sums, weight) };
            continue;
        };
        let codes = binned.codes(split.column);
        let goes_left = |drawn: &Drawn| match codes[drawn.row as usize] {
            MISSING => split.is_missing_left,
            code => code <= split.code,
        };
        let (left, right): (Vec<Drawn>, Vec<Drawn>) = rows.iter().partition(|drawn| goes_left(drawn));
        let middle = from + left.len();
        rows[..left.len()].copy_from_slice(&left);
        rows[left.len()..].copy_from_slice(&right);
        let (left, right) = (nodes.len(), nodes.len() + 1);
        nodes.extend([empty(), empty()]);
        let threshold = binned.threshold(split.column, split.code);
        let (column, is_missing_left) = (split.column, split.is_missing_left);
        nodes[node] = Grown::Split { column, threshold, is_missing_left, left, right };
        open.push(Open { node: right, from: middle, to, depth: depth + 1 });
        open.push(Open { node: left, from, to: middle, depth: depth + 1 });
    }
    Tree::of(&nodes, outputs)
}

impl Growing<'_> {
    /// Sum of each output, number of rows, and sum of squares.
    fn totals(&self, rows: &[Drawn]) -> (Vec<f64>, u64, f64) {
        let mut sums = vec![0.0; self.bins.outputs];
        let (mut weight, mut square) = (0, 0.0);
        for drawn in rows {
            weight += u64::from(drawn.times);
            sums[drawn.output as usize] += drawn.value;
            square += drawn.value * drawn.value / f64::from(drawn.times);
        }
        (sums, weight, square)
    }

    /// The best split among columns drawn; where none of them splits the node, of those drawn next.
    fn best(
        &mut self,
        rows: &[Drawn],
        sums: &[f64],
        weight: u64,
        square: f64,
        random: &mut ChaCha8Rng,
    ) -> Option<Split> {
        let parent = sums.iter().map(|sum| sum * sum).sum::<f64>() / weight as f64;
        // What rounding leaves of a node that is pure is no gain.
        let least = parent + 1e-12 * square;
        if square <= least {
            return None;
        }
        let mut best: Option<Split> = None;
        for drawn in 0..self.columns.len() {
            if drawn >= self.limits.columns && best.is_some() {
                break;
            }
            let other = random.random_range(drawn as u32..self.columns.len() as u32);
            self.columns.swap(drawn, other as usize);
            let column = self.columns[drawn];
            self.fill(column, rows);
            let beyond = best.map_or(least, |best| best.score);
            best = self.split(column, sums, weight, beyond).or(best);
            self.clear();
        }
        best
    }

    fn fill(&mut self, column: usize, rows: &[Drawn]) {
        let codes = self.binned.codes(column);
        for drawn in rows {
            let code = codes[drawn.row as usize];
            let bin = usize::from(code);
            if self.bins.weights[bin] == 0 {
                self.bins.filled.push(code);
            }
            self.bins.weights[bin] += u64::from(drawn.times);
            self.bins.sums[bin * self.bins.outputs + drawn.output as usize] += drawn.value;
        }
        self.bins.filled.sort_unstable();
    }

    fn clear(&mut self) {
        let outputs = self.bins.outputs;
        for code in self.bins.filled.drain(..) {
            let bin = usize::from(code);
            self.bins.weights[bin] = 0;
            self.bins.sums[bin * outputs..(bin + 1) * outputs].fill(0.0);
        }
    }

    /// The best split at a column whose bins are filled, if its score is beyond `least`; half way to the next bin that has rows.
    fn split(&self, column: usize, sums: &[f64], weight: u64, least: f64) -> Option<Split> {
        let bins = &self.bins;
        let of = |code: u8| {
            let from = usize::from(code) * bins.outputs;
            &bins.sums[from..from + bins.outputs]
        };
        let has_missing = bins.filled.first() == Some(&MISSING);
        let values = if has_missing { &bins.filled[1..] } else { &bins.filled[..] };
        let ways: &[bool] = if has_missing { &[false, true] } else { &[false] };
        let mut best: Option<Split> = None;
        let mut left = vec![0.0; bins.outputs];
        for &is_missing_left in ways {
            left.fill(0.0);
            let mut rows = 0;
            if is_missing_left {
                left.copy_from_slice(of(MISSING));
                rows = bins.weights[usize::from(MISSING)];
            }
            for (at, &code) in values.iter().enumerate() {
                left.iter_mut().zip(of(code)).for_each(|(sum, own)| *sum += own);
                rows += bins.weights[usize::from(code)];
                if weight - rows < self.limits.rows {
                    break;
                }
                if rows < self.limits.rows {
                    continue;
                }
                let (mut below, mut above) = (0.0, 0.0);
                for (left, all) in left.iter().zip(sums) {
                    below += left * left;
                    above += (all - left) * (all - left);
                }
                let score = below / rows as f64 + above / (weight - rows) as f64;
                if score > best.map_or(least, |best| best.score) {
                    let last = (self.binned.bins(column) - 1) as u8;
                    let code = values.get(at + 1).map_or(last, |next| code + (next - code - 1) / 2);
                    let is_missing_left = if has_missing { is_missing_left } else { 2 * rows >= weight };
                    best = Some(Split { score, column, code, is_missing_left });
                }
            }
        }
        best
    }
}
