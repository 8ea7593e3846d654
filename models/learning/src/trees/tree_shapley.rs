//! Exact Shapley values of trees, path-dependent.
//!
//! The game of a row is that of TreeSHAP (Lundberg et al. 2018, arXiv:1802.03888): a split at a column that is known sends the row where its value
//! goes, one at a column that is not known sends it both ways by the rows of the fit that went there. Of one leaf the value of a
//! coalition S is then v ∏ o_i (i in S) ∏ z_i (i not in S), over the columns of its path: o_i is 1 where the row follows the path at all splits of
//! column i and else 0, z_i is the part of rows that follow it there.
//!
//! Owen's multilinear extension (1972, Manag Sci 18:64) gives the Shapley value of such a product as an integral,
//! φ_i = v (o_i − z_i) ∫ ∏ (t o_j + (1 − t) z_j) dt from 0 to 1 over the other columns j. Its integrand is a polynomial in t whose degree is below
//! the number of columns on the path, so Gauss-Legendre quadrature of half as many places gives it exactly. All terms of the product are
//! positive, so nothing cancels; Lundberg's algorithm 2, which unwinds paths by subtraction, loses digits in deep trees. The products are
//! carried from the root down and summed from the leaves up, once for each place: the time grows with nodes x depth / 2.

use super::quadrature::Quadrature;
use super::rows::each_row;
use super::tree::{DEEPEST, Tree};
use crate::data::Table;
use crate::error::LearningError;
use crate::shapley::Shapley;

/// Most places of a quadrature.
const PLACES: usize = DEEPEST / 2;

/// Explains a sum of trees.
#[derive(Debug)]
pub(super) struct Explainer<'a> {
    /// Trees, each with the output to which its first value belongs.
    trees: Vec<(&'a Tree, usize)>,
    /// Factor of all values of leaves.
    scale: f64,
    base: Vec<f64>,
    /// Of 1 place and more.
    quadratures: Vec<Quadrature>,
}

impl<'a> Explainer<'a> {
    /// Of trees whose scaled sum is added to a value of each output.
    pub(super) fn new(trees: Vec<(&'a Tree, usize)>, scale: f64, start: Vec<f64>) -> Explainer<'a> {
        let mut base = start;
        for (tree, first) in &trees {
            let all = tree.nodes()[0].cover as f64;
            for leaf in tree.nodes().iter().filter(|node| node.is_leaf()) {
                for (output, value) in tree.values(leaf).iter().enumerate() {
                    base[first + output] += scale * value * (leaf.cover as f64 / all);
                }
            }
        }
        let deepest = trees.iter().map(|(tree, _)| tree.depth()).max().unwrap_or(0);
        let quadratures = (1..=deepest.div_ceil(2).max(1)).map(Quadrature::new).collect();
        Explainer { trees, scale, base, quadratures }
    }

    /// Contributions of the columns named to each row.
    pub(super) fn explain(self, table: &Table, names: &[String]) -> Result<Shapley, LearningError> {
        let rows = each_row(table, names, |_, row| self.row(row))?;
        let contributions = rows.concat();
        Shapley::new(names.to_vec(), self.base, table.rows(), contributions)
    }

    fn row(&self, row: &[f64]) -> Vec<f64> {
        let mut found = vec![0.0; self.base.len() * row.len()];
        let mut paths = vec![Path { follows: true, part: 1.0 }; row.len()];
        for (tree, first) in &self.trees {
            let quadrature = &self.quadratures[tree.depth().div_ceil(2).max(1) - 1];
            let places = quadrature.places.len();
            let mut walk = Walk {
                tree,
                quadrature,
                row,
                scale: self.scale,
                paths: &mut paths,
                sums: vec![0.0; (tree.depth() + 1) * tree.outputs() * places],
                found: &mut found[first * row.len()..],
            };
            walk.descend(0, 0, &[1.0; PLACES][..places]);
        }
        found
    }
}

/// What a path has asked of a column so far: o and z of the module.
#[derive(Debug, Clone, Copy)]
struct Path {
    /// Whether the row follows.
    follows: bool,
    /// Part of rows that follow.
    part: f64,
}

impl Path {
    fn known(self) -> f64 {
        if self.follows { 1.0 } else { 0.0 }
    }

    /// t o + (1 − t) z.
    fn factor(self, t: f64) -> f64 {
        t * self.known() + (1.0 - t) * self.part
    }
}

/// One tree and one row.
struct Walk<'a> {
    tree: &'a Tree,
    quadrature: &'a Quadrature,
    row: &'a [f64],
    scale: f64,
    /// By column; those of columns that no split above asked for are whole.
    paths: &'a mut [Path],
    /// Sums over the leaves below, by depth, output and place.
    sums: Vec<f64>,
    /// Contributions, output x column.
    found: &'a mut [f64],
}

impl Walk<'_> {
    /// Sums the leaves below a node, whose products of factors are given, and adds what its splits contribute.
    fn descend(&mut self, at: usize, depth: usize, products: &[f64]) {
        let node = self.tree.nodes()[at];
        let places = products.len();
        let width = self.tree.outputs() * places;
        let level = depth * width;
        if node.is_leaf() {
            let values = self.tree.values(&node);
            for (sums, value) in self.sums[level..level + width].chunks_mut(places).zip(values) {
                for (sum, product) in sums.iter_mut().zip(products) {
                    *sum = product * value * self.scale;
                }
            }
            return;
        }
        self.sums[level..level + width].fill(0.0);
        let column = node.column as usize;
        let before = self.paths[column];
        let goes_left = node.goes_left(self.row[column]);
        for (child, is_way) in [(at + 1, goes_left), (node.right as usize, !goes_left)] {
            let part = before.part * (self.tree.nodes()[child].cover as f64 / node.cover as f64);
            let path = Path { follows: before.follows && is_way, part };
            let (mut below, mut shares) = ([0.0; PLACES], [0.0; PLACES]);
            for (place, &t) in self.quadrature.places.iter().enumerate() {
                let (factor, old) = (path.factor(t), before.factor(t));
                below[place] = products[place] / old * factor;
                // Leaves below count with this path of the column, no more with the one before.
                let share = (path.known() - path.part) / factor - (before.known() - before.part) / old;
                shares[place] = self.quadrature.weights[place] * share;
            }
            self.paths[column] = path;
            self.descend(child, depth + 1, &below[..places]);
            self.paths[column] = before;
            let (own, leaves) = self.sums[level..level + 2 * width].split_at_mut(width);
            for (output, (own, leaves)) in own.chunks_mut(places).zip(leaves.chunks(places)).enumerate() {
                let mut contribution = 0.0;
                for ((own, leaves), share) in own.iter_mut().zip(leaves).zip(&shares) {
                    *own += leaves;
                    contribution += share * leaves;
                }
                self.found[output * self.row.len() + column] += contribution;
            }
        }
    }
}
