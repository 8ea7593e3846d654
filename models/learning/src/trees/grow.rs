//! Grows one tree of boosting, the leaf with the highest gain first.

use super::bins::{Binned, MISSING};
use super::histogram::{Sums, fill};
use super::settings::BoostingSettings;
use super::split::{Bounds, Rule, Split, best_split};
use super::tree::{Grown, Tree};
use rayon::prelude::*;

/// Sums by bin that a tree may keep for its leaves, bytes; a tree that would need more sums the rows of both children.
const KEPT_BYTES: usize = 512 << 20;
/// Rows x columns below which one thread is faster.
const ALONE: usize = 1 << 15;

/// What the trees of a model have in common.
#[derive(Debug)]
pub(super) struct Grower<'a> {
    binned: &'a Binned,
    rule: Rule,
    directions: &'a [i8],
    leaves: usize,
    depth: usize,
    learning_rate: f64,
    /// Length of the sums of a column.
    stride: usize,
    keeps_sums: bool,
}

/// A leaf that may be split yet.
#[derive(Debug)]
struct Leaf {
    node: usize,
    /// Its rows, from and to places of the list of rows.
    rows: (usize, usize),
    depth: usize,
    sums: Sums,
    bounds: Bounds,
    /// Sums by bin, column after column.
    bins: Option<Vec<Sums>>,
    split: Option<Split>,
}

/// A tree and the rows in its leaves.
#[derive(Debug)]
pub(super) struct Growth {
    /// The tree; its values are multiplied by the learning rate.
    pub(super) tree: Tree,
    /// Rows, those of a leaf beside each other.
    pub(super) rows: Vec<u32>,
    /// Of each leaf, from and to places among the rows, and its value.
    pub(super) leaves: Vec<(usize, usize, f64)>,
}

impl<'a> Grower<'a> {
    /// For trees of a table with a direction of each column.
    pub(super) fn new(binned: &'a Binned, settings: &BoostingSettings, directions: &'a [i8]) -> Grower<'a> {
        let stride = binned.most_bins();
        let bytes = settings.leaves * binned.columns() * stride * size_of::<Sums>();
        Grower {
            binned,
            rule: Rule {
                rows: settings.rows_in_leaf as u64,
                curvature: settings.curvature_in_leaf,
                l2: settings.l2,
                gain: settings.gain,
                is_constrained: directions.iter().any(|direction| *direction != 0),
            },
            directions,
            leaves: settings.leaves,
            depth: settings.depth,
            learning_rate: settings.learning_rate,
            stride,
            keeps_sums: bytes <= KEPT_BYTES,
        }
    }

    /// Number of columns.
    pub(super) fn columns(&self) -> usize {
        self.binned.columns()
    }

    /// Grows a tree from rows in ascending order, at some columns in ascending order, by first and second derivatives of all rows.
    pub(super) fn grow(&self, derivatives: &[[f64; 2]], rows: Vec<u32>, columns: &[usize]) -> Growth {
        let mut rows = rows;
        let sums = rows.iter().fold(Sums::default(), |mut sums, &row| {
            sums += Sums::row(derivatives[row as usize]);
            sums
        });
        let (bounds, all) = (Bounds::NONE, (0, rows.len()));
        let mut root = Leaf { node: 0, rows: all, depth: 0, sums, bounds, bins: None, split: None };
        let gathered = gather(derivatives, &rows);
        self.search(&mut root, &rows, &gathered, columns);
        let mut nodes = vec![Grown::Leaf { cover: 0, values: Vec::new() }];
        let mut leaves = vec![root];
        while leaves.len() < self.leaves {
            let Some(at) = highest_gain(&leaves) else { break };
            let leaf = leaves.swap_remove(at);
            let (left, right) = self.divide(leaf, &mut nodes, &mut rows, derivatives, columns);
            leaves.push(left);
            leaves.push(right);
        }
        self.finish(nodes, leaves, rows)
    }

    /// Splits a leaf and looks for the splits of its children.
    fn divide(
        &self,
        leaf: Leaf,
        nodes: &mut Vec<Grown>,
        rows: &mut [u32],
        derivatives: &[[f64; 2]],
        columns: &[usize],
    ) -> (Leaf, Leaf) {
        let split = leaf.split.expect("only a leaf with a split is divided");
        let codes = self.binned.codes(split.column);
        let goes_left = |row: u32| match codes[row as usize] {
            MISSING => split.is_missing_left,
            code => code <= split.code,
        };
        let (from, to) = leaf.rows;
        let middle = from + part(&mut rows[from..to], goes_left);
        let (below, above) = self.bounds_of_children(&leaf, &split);
        let child = |node, rows, sums, bounds| {
            let depth = leaf.depth + 1;
            Leaf { node, rows, depth, sums, bounds, bins: None, split: None }
        };
        let mut left = child(nodes.len(), (from, middle), split.left, below);
        let mut right = child(nodes.len() + 1, (middle, to), split.right, above);
        nodes[leaf.node] = Grown::Split {
            column: split.column,
            threshold: self.binned.threshold(split.column, split.code),
            is_missing_left: split.is_missing_left,
            left: left.node,
            right: right.node,
        };
        nodes.extend([const { Grown::Leaf { cover: 0, values: Vec::new() } }; 2]);
        let (small, large) =
            if middle - from <= to - middle { (&mut left, &mut right) } else { (&mut right, &mut left) };
        let gathered = |leaf: &Leaf| gather(derivatives, &rows[leaf.rows.0..leaf.rows.1]);
        match leaf.bins {
            Some(bins) if self.may_split(large) => {
                let derivatives = gathered(small);
                self.search_both(small, large, bins, rows, &derivatives, columns);
            }
            _ => {
                for leaf in [small, large] {
                    if self.may_split(leaf) {
                        let derivatives = gathered(leaf);
                        self.search(leaf, rows, &derivatives, columns);
                    }
                }
            }
        }
        (left, right)
    }

    fn bounds_of_children(&self, leaf: &Leaf, split: &Split) -> (Bounds, Bounds) {
        let value = |sums| self.rule.value(sums, leaf.bounds);
        leaf.bounds.parted(self.directions[split.column], value(split.left), value(split.right))
    }

    fn may_split(&self, leaf: &Leaf) -> bool {
        leaf.depth < self.depth && leaf.sums.rows >= 2 * self.rule.rows
    }

    /// Sums the rows of a leaf, whose derivatives are given, and finds its best split.
    fn search(&self, leaf: &mut Leaf, rows: &[u32], derivatives: &[[f64; 2]], columns: &[usize]) {
        if !self.may_split(leaf) {
            return;
        }
        let rows = &rows[leaf.rows.0..leaf.rows.1];
        let mut bins = vec![Sums::default(); columns.len() * self.stride];
        let one = |(&column, bins): (&usize, &mut [Sums])| {
            let bins = &mut bins[..self.binned.bins(column)];
            fill(self.binned.codes(column), rows, derivatives, bins);
            self.best(leaf, column, bins)
        };
        let found: Vec<Option<Split>> = if rows.len() * columns.len() < ALONE {
            columns.iter().zip(bins.chunks_mut(self.stride)).map(one).collect()
        } else {
            columns.par_iter().zip(bins.par_chunks_mut(self.stride)).map(one).collect()
        };
        leaf.split = best_of(found);
        leaf.bins = self.keeps_sums.then_some(bins);
    }

    /// Sums the rows of the smaller of two leaves, takes them from those of their parent, and finds the best split of both.
    fn search_both(
        &self,
        small: &mut Leaf,
        large: &mut Leaf,
        mut parent: Vec<Sums>,
        rows: &[u32],
        derivatives: &[[f64; 2]],
        columns: &[usize],
    ) {
        let rows = &rows[small.rows.0..small.rows.1];
        let mut bins = vec![Sums::default(); columns.len() * self.stride];
        let is_small_open = self.may_split(small);
        let one = |((&column, bins), parent): ((&usize, &mut [Sums]), &mut [Sums])| {
            let count = self.binned.bins(column);
            let (bins, rest) = (&mut bins[..count], &mut parent[..count]);
            fill(self.binned.codes(column), rows, derivatives, bins);
            for (rest, &taken) in rest.iter_mut().zip(&*bins) {
                *rest = rest.without(taken);
            }
            let of_small = if is_small_open { self.best(small, column, bins) } else { None };
            (of_small, self.best(large, column, rest))
        };
        let stride = self.stride;
        let (of_small, of_large): (Vec<_>, Vec<_>) = if rows.len() * columns.len() < ALONE {
            columns.iter().zip(bins.chunks_mut(stride)).zip(parent.chunks_mut(stride)).map(one).unzip()
        } else {
            let parts =
                columns.par_iter().zip(bins.par_chunks_mut(stride)).zip(parent.par_chunks_mut(stride));
            parts.map(one).unzip()
        };
        (small.split, large.split) = (best_of(of_small), best_of(of_large));
        (small.bins, large.bins) = (Some(bins), Some(parent));
    }

    fn best(&self, leaf: &Leaf, column: usize, bins: &[Sums]) -> Option<Split> {
        best_split(bins, column, leaf.sums, leaf.bounds, self.directions[column], &self.rule)
    }

    /// Gives each leaf its value.
    fn finish(&self, mut nodes: Vec<Grown>, leaves: Vec<Leaf>, rows: Vec<u32>) -> Growth {
        let ends = leaves.iter().map(|leaf| {
            let value = self.learning_rate * self.rule.value(leaf.sums, leaf.bounds);
            nodes[leaf.node] = Grown::Leaf { cover: leaf.sums.rows, values: vec![value] };
            (leaf.rows.0, leaf.rows.1, value)
        });
        let leaves = ends.collect();
        Growth { tree: Tree::of(&nodes, 1), rows, leaves }
    }
}

/// Derivatives in the order of rows, so that they are read one after the other for each column.
fn gather(derivatives: &[[f64; 2]], rows: &[u32]) -> Vec<[f64; 2]> {
    rows.iter().map(|&row| derivatives[row as usize]).collect()
}

/// The leaf whose split gains most; of equal ones that which came first.
fn highest_gain(leaves: &[Leaf]) -> Option<usize> {
    let gains = leaves.iter().enumerate().filter_map(|(at, leaf)| Some((leaf.split?.gain, leaf.node, at)));
    let best = gains.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    best.map(|(_, _, at)| at)
}

/// The split that gains most; of equal ones that at the first column.
fn best_of(found: Vec<Option<Split>>) -> Option<Split> {
    found.into_iter().flatten().reduce(|best, split| if split.gain > best.gain { split } else { best })
}

/// Puts the rows that go left before the others, both in their order, and counts them.
fn part(rows: &mut [u32], goes_left: impl Fn(u32) -> bool) -> usize {
    let mut others = Vec::with_capacity(rows.len());
    let mut count = 0;
    for at in 0..rows.len() {
        let row = rows[at];
        if goes_left(row) {
            rows[count] = row;
            count += 1;
        } else {
            others.push(row);
        }
    }
    rows[count..].copy_from_slice(&others);
    count
}
