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

#[cfg(test)]
mod tests {
    use super::super::tree::{Grown, Node};
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// Value of the game when only `known` columns are, by its definition.
    fn game(tree: &Tree, at: usize, row: &[f64], known: usize, output: usize) -> f64 {
        let node: &Node = &tree.nodes()[at];
        if node.is_leaf() {
            return tree.values(node)[output];
        }
        let column = node.column as usize;
        let children = [at + 1, node.right as usize];
        if known >> column & 1 == 1 {
            return game(tree, children[usize::from(!node.goes_left(row[column]))], row, known, output);
        }
        let part = |child: usize| tree.nodes()[child].cover as f64 / node.cover as f64;
        children.iter().map(|&child| part(child) * game(tree, child, row, known, output)).sum()
    }

    /// Shapley's formula over all subsets of columns.
    fn by_subsets(tree: &Tree, row: &[f64], column: usize, output: usize) -> f64 {
        let count = row.len();
        let factorial = |n: usize| (1..=n).map(|n| n as f64).product::<f64>();
        let mut found = 0.0;
        for known in (0..1 << count).filter(|known| known >> column & 1 == 0) {
            let size = (known as u32).count_ones() as usize;
            let weight = factorial(size) * factorial(count - size - 1) / factorial(count);
            let with = game(tree, 0, row, known | 1 << column, output);
            found += weight * (with - game(tree, 0, row, known, output));
        }
        found
    }

    /// A tree of splits at random, columns many times on a path.
    fn random_tree(random: &mut ChaCha8Rng, columns: usize, depth: usize, outputs: usize) -> Tree {
        let mut nodes = vec![];
        let mut open = vec![(0, 0)];
        nodes.push(Grown::Leaf { cover: 1, values: vec![] });
        while let Some((at, level)) = open.pop() {
            if level == depth || (level > 1 && random.random_range(0..5) == 0) {
                let values = (0..outputs).map(|_| random.random_range(-2.0..2.0)).collect();
                nodes[at] = Grown::Leaf { cover: random.random_range(1..50), values };
                continue;
            }
            let (left, right) = (nodes.len(), nodes.len() + 1);
            let column = random.random_range(0..columns as u32) as usize;
            let is_missing_left = random.random_range(0..2) == 0;
            let threshold = random.random_range(-1.0..1.0);
            nodes[at] = Grown::Split { column, threshold, is_missing_left, left, right };
            nodes.extend([const { Grown::Leaf { cover: 1, values: vec![] } }; 2]);
            open.extend([(left, level + 1), (right, level + 1)]);
        }
        Tree::of(&nodes, outputs)
    }

    fn table(random: &mut ChaCha8Rng, rows: usize, columns: usize) -> (Table, Vec<String>) {
        let mut value =
            |_| if random.random_range(0..6) == 0 { f64::NAN } else { random.random_range(-1.5..1.5) };
        let column = |column: usize| (format!("x{column}"), (0..rows).map(&mut value).collect());
        let table = Table::new((0..columns).map(column).collect()).unwrap();
        let names = table.names().to_vec();
        (table, names)
    }

    #[test]
    fn contributions_are_those_of_all_subsets() {
        let mut random = ChaCha8Rng::seed_from_u64(7);
        for (columns, depth, outputs) in [(1, 4, 1), (2, 5, 2), (3, 6, 1), (5, 7, 3), (6, 5, 1)] {
            let tree = random_tree(&mut random, columns, depth, outputs);
            let (table, names) = table(&mut random, 10, columns);
            let found =
                Explainer::new(vec![(&tree, 0)], 1.0, vec![0.0; outputs]).explain(&table, &names).unwrap();
            for row in 0..table.rows() {
                let values: Vec<f64> = (0..columns).map(|column| table.at(row, column)).collect();
                for output in 0..outputs {
                    assert!((found.base()[output] - game(&tree, 0, &values, 0, output)).abs() < 1e-12);
                    for column in 0..columns {
                        let expected = by_subsets(&tree, &values, column, output);
                        let found = found.of(row, output)[column];
                        assert!((found - expected).abs() < 1e-12, "{found} instead of {expected}");
                    }
                }
            }
        }
    }

    #[test]
    fn sums_are_raw_predictions_of_deep_trees_too() {
        let mut random = ChaCha8Rng::seed_from_u64(8);
        // One branch of 64 splits at 40 columns.
        let mut nodes = Vec::new();
        for level in 0..DEEPEST {
            let (left, right) = (2 * level + 1, 2 * level + 2);
            let is_missing_left = level % 3 == 0;
            nodes.push(Grown::Split {
                column: level * 7 % 40,
                threshold: 0.9,
                is_missing_left,
                left: right,
                right: left,
            });
            nodes.push(Grown::Leaf { cover: random.random_range(1..100), values: vec![level as f64] });
        }
        nodes.push(Grown::Leaf { cover: 10, values: vec![1000.0] });
        let deep = Tree::of(&nodes, 1);
        assert_eq!(deep.depth(), DEEPEST);
        let wide = random_tree(&mut random, 40, 12, 1);
        let (table, names) = table(&mut random, 50, 40);
        let found =
            Explainer::new(vec![(&deep, 0), (&wide, 0)], 0.5, vec![3.0]).explain(&table, &names).unwrap();
        for row in 0..table.rows() {
            let predict = |tree: &Tree| tree.predict(|column| table.at(row, column))[0];
            let raw = 3.0 + 0.5 * (predict(&deep) + predict(&wide));
            assert!((found.total(row, 0) - raw).abs() < 1e-9, "{} instead of {raw}", found.total(row, 0));
        }
    }

    #[test]
    fn contributions_are_those_of_the_package_shap() {
        let trees: Vec<Tree> = serde_json::from_str(
            r#"[{"nodes":[0,1,-1,0,-1,-1,2,1,-1,-1,-1],"thresholds":[0.5,-1.0,-0.25,2.0,1.5],"missing_left":[1,0,1,0,1],
                "rows":[7,11,2,5,13,22],"values":[-1.25,0.5,2.0,0.75,-0.375,1.125]},
                {"nodes":[1,2,0,-1,-1,-1,-1],"thresholds":[0.75,0.0,-0.5],"missing_left":[0,1,0],
                "rows":[3,17,20,20],"values":[0.1,-0.7,0.3,0.9]}]"#,
        )
        .unwrap();
        let nan = f64::NAN;
        let columns = [
            [0.0, 0.4, nan, -0.3, 3.0, nan, 0.6],
            [0.0, -2.0, 0.5, nan, 2.5, nan, 1.0],
            [0.0, 1.0, -1.0, 2.0, nan, nan, 1.5],
        ];
        let named =
            columns.iter().zip(["a", "b", "c"]).map(|(values, name)| (name.to_owned(), values.to_vec()));
        let table = Table::new(named.collect()).unwrap();
        let trees = trees.iter().map(|tree| (tree, 0)).collect();
        let found = Explainer::new(trees, 1.0, vec![0.0]).explain(&table, table.names()).unwrap();
        // shap 0.51.0: TreeExplainer of a dictionary of these two trees (children_default where missing values go,
        // node_sample_weight their rows), feature_perturbation="tree_path_dependent"; shap_values and expected_value.
        let expected = [
            [0.8293162393162392, 0.4191559829059828, -0.5613888888888888],
            [-0.41222222222222216, -1.3759722222222226, 0.2252777777777777],
            [-0.4081837606837607, 0.15665598290598282, -0.5613888888888888],
            [-0.34485042735042737, 1.146655982905983, -0.014722222222222251],
            [0.12341346153846153, 0.9341907051282051, 0.35447916666666657],
            [-0.5734615384615384, 1.376378205128205, -0.015833333333333373],
            [0.05723290598290598, 1.1721768162393162, -0.1923263888888889],
        ];
        assert!((found.base()[0] - 0.6129166666666667).abs() < 1e-14);
        for (row, expected) in expected.iter().enumerate() {
            for (found, expected) in found.of(row, 0).iter().zip(expected) {
                assert!((found - expected).abs() < 1e-14, "row {row}: {found} instead of {expected}");
            }
        }
    }
}
