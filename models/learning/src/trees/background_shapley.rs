//! Exact Shapley values of trees against a background sample (interventional).
//!
//! Columns that are not known take their values from a row of the background: the game of a row x and a background row b is the prediction of a
//! row mixed of both, and contributions are the mean over the background (Lundberg et al. 2020, Nat Mach Intell 2:56). A leaf is reached by the
//! coalitions that hold all columns of a set A, where only x follows its path, and none of a set B, where only b does. With a and b columns in
//! them, each of A gets v (a − 1)! b! / (a + b)!, and each of B loses v a! (b − 1)! / (a + b)!.

use super::rows::each_row;
use super::tree::{DEEPEST, Tree};
use crate::data::Table;
use crate::error::LearningError;
use crate::shapley::Shapley;

/// (own − 1)! other! / (own + other)!, by own and other.
struct Weights(Vec<f64>);

impl Weights {
    const SIDE: usize = DEEPEST + 1;

    fn new() -> Weights {
        let one = |own: usize, other: usize| {
            // 1 / (own + other) over the binomial coefficient of own + other − 1 and other.
            let all = (own + other) as f64;
            (1..=other).fold(1.0 / all, |weight, k| weight * k as f64 / (own + k - 1) as f64)
        };
        let all = (0..Weights::SIDE * Weights::SIDE).map(|n| (n / Weights::SIDE, n % Weights::SIDE));
        Weights(all.map(|(own, other)| if own == 0 { 0.0 } else { one(own, other) }).collect())
    }

    fn of(&self, own: usize, other: usize) -> f64 {
        self.0[own * Weights::SIDE + other]
    }
}

/// Explains a sum of trees, scaled and added to a start of each output; each tree has the output of its first value beside it.
pub(super) fn explain(
    trees: &[(&Tree, usize)],
    scale: f64,
    start: Vec<f64>,
    (table, background): (&Table, &Table),
    names: &[String],
) -> Result<Shapley, LearningError> {
    let others = each_row(background, names, |_, row| row.to_vec())?;
    if others.is_empty() {
        return Err(LearningError::TooFew { what: "rows of the background", needed: 1, found: 0 });
    }
    let part = scale / others.len() as f64;
    let mut base = start;
    for other in &others {
        for (tree, first) in trees {
            for (output, value) in tree.predict(|column| other[column]).iter().enumerate() {
                base[first + output] += part * value;
            }
        }
    }
    let weights = Weights::new();
    let rows = each_row(table, names, |_, row| {
        let mut found = vec![0.0; base.len() * row.len()];
        let mut sides = vec![None; row.len()];
        for other in &others {
            for (tree, first) in trees {
                let found = &mut found[first * row.len()..];
                let (sides, chosen, weights) = (&mut sides, Vec::new(), &weights);
                Pair { tree, row, other, part, weights, sides, chosen, found }.descend(0);
            }
        }
        found
    })?;
    Shapley::new(names.to_vec(), base, table.rows(), rows.concat())
}

/// One tree, one row and one row of the background.
struct Pair<'a> {
    tree: &'a Tree,
    row: &'a [f64],
    other: &'a [f64],
    /// Factor of all values.
    part: f64,
    weights: &'a Weights,
    /// By column: whether the path needs the row's value; `None` where both rows follow so far.
    sides: &'a mut [Option<bool>],
    /// Columns that have a side.
    chosen: Vec<(usize, bool)>,
    /// Contributions, output x column.
    found: &'a mut [f64],
}

impl Pair<'_> {
    fn descend(&mut self, at: usize) {
        let node = self.tree.nodes()[at];
        if node.is_leaf() {
            self.add(at);
            return;
        }
        let column = node.column as usize;
        let child = |goes_left: bool| if goes_left { at + 1 } else { node.right as usize };
        let own = child(node.goes_left(self.row[column]));
        let other = child(node.goes_left(self.other[column]));
        match self.sides[column] {
            Some(is_own) => self.descend(if is_own { own } else { other }),
            None if own == other => self.descend(own),
            None => {
                for (child, is_own) in [(own, true), (other, false)] {
                    self.sides[column] = Some(is_own);
                    self.chosen.push((column, is_own));
                    self.descend(child);
                    self.chosen.pop();
                }
                self.sides[column] = None;
            }
        }
    }

    fn add(&mut self, leaf: usize) {
        let own = self.chosen.iter().filter(|(_, is_own)| *is_own).count();
        let other = self.chosen.len() - own;
        let values = self.tree.values(&self.tree.nodes()[leaf]);
        for &(column, is_own) in &self.chosen {
            let weight = if is_own { self.weights.of(own, other) } else { -self.weights.of(other, own) };
            for (output, value) in values.iter().enumerate() {
                self.found[output * self.row.len() + column] += self.part * weight * value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trees() -> Vec<Tree> {
        let text = r#"[{"nodes":[0,1,-1,0,-1,-1,2,1,-1,-1,-1],"thresholds":[0.5,-1.0,-0.25,2.0,1.5],"missing_left":[1,0,1,0,1],
            "rows":[7,11,2,5,13,22],"values":[-1.25,0.5,2.0,0.75,-0.375,1.125]},
            {"nodes":[1,2,0,-1,-1,-1,-1],"thresholds":[0.75,0.0,-0.5],"missing_left":[0,1,0],
            "rows":[3,17,20,20],"values":[0.1,-0.7,0.3,0.9]}]"#;
        serde_json::from_str(text).unwrap()
    }

    fn table(rows: &[[f64; 3]]) -> Table {
        let column = |n: usize| (["a", "b", "c"][n].to_owned(), rows.iter().map(|row| row[n]).collect());
        Table::new((0..3).map(column).collect()).unwrap()
    }

    const NAN: f64 = f64::NAN;
    const ROWS: [[f64; 3]; 5] =
        [[0.0, 0.0, 0.0], [0.4, -2.0, 1.0], [NAN, 0.5, -1.0], [3.0, 2.5, NAN], [0.6, 1.0, 1.5]];
    const OTHERS: [[f64; 3]; 4] = [[-0.3, NAN, 2.0], [0.7, -1.5, 3.0], [0.45, 1.6, -0.5], [NAN, NAN, NAN]];

    #[test]
    fn contributions_are_those_of_the_package_shap() {
        let trees = trees();
        let trees: Vec<(&Tree, usize)> = trees.iter().map(|tree| (tree, 0)).collect();
        let (own, background) = (table(&ROWS), table(&OTHERS));
        let found = explain(&trees, 1.0, vec![0.0], (&own, &background), own.names()).unwrap();
        // shap 0.51.0: TreeExplainer of a dictionary of these trees, data=OTHERS, feature_perturbation="interventional".
        let expected = [
            [0.609375, -0.6687499284744263, -0.421875],
            [-0.171875, -2.7624999433755875, 0.203125],
            [-0.703125, -0.8562499284744263, -0.421875],
            [-0.1875, 0.2281249761581421, 0.203125],
            [-0.28125, 0.2906249910593033, -0.140625],
        ];
        assert!((found.base()[0] - 1.78125).abs() < 1e-12);
        for (row, expected) in expected.iter().enumerate() {
            for (found, expected) in found.of(row, 0).iter().zip(expected) {
                // It keeps these in single precision.
                assert!((found - expected).abs() < 2e-7, "row {row}: {found} instead of {expected}");
            }
        }
    }

    #[test]
    fn contributions_are_those_of_all_subsets() {
        let trees = trees();
        let scaled: Vec<(&Tree, usize)> = trees.iter().map(|tree| (tree, 0)).collect();
        let (own, background) = (table(&ROWS), table(&OTHERS));
        let found = explain(&scaled, 0.5, vec![2.0], (&own, &background), own.names()).unwrap();
        let raw = |row: [f64; 3]| {
            2.0 + 0.5 * trees.iter().map(|tree| tree.predict(|column| row[column])[0]).sum::<f64>()
        };
        // Mean prediction when the columns whose bits are set are known.
        let game = |row: [f64; 3], known: usize| {
            let mixed = |other: &[f64; 3]| {
                let value = |n: usize| if known >> n & 1 == 1 { row[n] } else { other[n] };
                raw([value(0), value(1), value(2)])
            };
            OTHERS.iter().map(mixed).sum::<f64>() / OTHERS.len() as f64
        };
        for (place, &row) in ROWS.iter().enumerate() {
            for column in 0..3 {
                let mut expected = 0.0;
                for known in (0..8).filter(|known: &usize| known >> column & 1 == 0) {
                    let weight = [1.0 / 3.0, 1.0 / 6.0, 1.0 / 3.0][known.count_ones() as usize];
                    expected += weight * (game(row, known | 1 << column) - game(row, known));
                }
                let found = found.of(place, 0)[column];
                assert!((found - expected).abs() < 1e-14, "{found} instead of {expected}");
            }
            assert!((found.total(place, 0) - raw(row)).abs() < 1e-14);
        }
        let none = background.rows_at(&[]);
        assert!(explain(&scaled, 1.0, vec![0.0], (&own, &none), own.names()).is_err());
    }

    #[test]
    fn weights_are_of_factorials() {
        let weights = Weights::new();
        assert!((weights.of(3, 2) - 2.0 * 2.0 / 120.0).abs() < 1e-16);
        assert!((weights.of(1, 0) - 1.0).abs() < 1e-16 && weights.of(0, 3) == 0.0);
        // Whoever holds how many, the weights of all coalitions sum to 1.
        let binomial =
            |n: usize, k: usize| (0..k).fold(1.0, |found, i| found * (n - i) as f64 / (i + 1) as f64);
        let sum: f64 = (0..20).map(|other| binomial(19, other) * weights.of(20 - other, other)).sum();
        assert!((sum - 1.0).abs() < 1e-13, "{sum}");
    }
}
