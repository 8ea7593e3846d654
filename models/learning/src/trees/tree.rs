//! A decision tree: what it looks like, in which leaf a row ends, and how it is written to a file.

use super::bins::ABOVE_ALL;
use crate::error::LearningError;
use serde::{Deserialize, Serialize};

/// Deepest tree that is grown or read.
pub(super) const DEEPEST: usize = 64;
/// Largest value of a leaf that is read, so that no sum of them is infinite.
const LARGEST: f64 = 1e150;

/// A node while a tree grows.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Grown {
    /// An end, with its rows (a row drawn twice counts twice) and the value of each output.
    Leaf { cover: u64, values: Vec<f64> },
    /// A question: is the value at most the threshold?
    Split { column: usize, threshold: f64, is_missing_left: bool, left: usize, right: usize },
}

/// A node of a tree in preorder: the left child follows its parent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Node {
    /// Column of a split, number of a leaf.
    pub(super) column: u32,
    /// Place of the right child; 0 of a leaf.
    pub(super) right: u32,
    /// Values up to it go left.
    pub(super) threshold: f64,
    /// Whether missing values go left.
    pub(super) is_missing_left: bool,
    /// Rows of the fit that came here.
    pub(super) cover: u64,
}

impl Node {
    /// Whether a row ends here.
    pub(super) fn is_leaf(&self) -> bool {
        self.right == 0
    }

    /// Whether a value goes to the left child.
    pub(super) fn goes_left(&self, value: f64) -> bool {
        if value.is_nan() { self.is_missing_left } else { value <= self.threshold }
    }
}

/// A tree with one value or more for each leaf.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "TreeFile", into = "TreeFile")]
pub(super) struct Tree {
    nodes: Vec<Node>,
    outputs: usize,
    values: Vec<f64>,
    depth: usize,
}

impl Tree {
    /// Puts grown nodes, whose root is the first, in preorder.
    pub(super) fn of(grown: &[Grown], outputs: usize) -> Tree {
        let mut tree = Tree { nodes: Vec::with_capacity(grown.len()), outputs, values: Vec::new(), depth: 0 };
        // Place of the node that is open, its depth, and of a right child its parent in the tree.
        let mut open = vec![(0, 0, None)];
        while let Some((at, depth, parent)) = open.pop() {
            let place = tree.nodes.len();
            if let Some(parent) = parent {
                let parent: &mut Node = &mut tree.nodes[parent];
                parent.right = place as u32;
            }
            tree.depth = tree.depth.max(depth);
            match &grown[at] {
                Grown::Leaf { cover, values } => {
                    tree.push_leaf(*cover, values);
                }
                &Grown::Split { column, threshold, is_missing_left, left, right } => {
                    let column = column as u32;
                    tree.nodes.push(Node { column, right: 0, threshold, is_missing_left, cover: 0 });
                    open.push((right, depth + 1, Some(place)));
                    open.push((left, depth + 1, None));
                }
            }
        }
        tree.sum_covers();
        tree
    }

    fn push_leaf(&mut self, cover: u64, values: &[f64]) {
        let column = (self.values.len() / self.outputs) as u32;
        self.values.extend_from_slice(values);
        self.nodes.push(Node { column, right: 0, threshold: 0.0, is_missing_left: false, cover });
    }

    /// Rows of splits from those of leaves; children stand behind their parent.
    fn sum_covers(&mut self) {
        for place in (0..self.nodes.len()).rev() {
            if !self.nodes[place].is_leaf() {
                let right = self.nodes[place].right as usize;
                self.nodes[place].cover = self.nodes[place + 1].cover.saturating_add(self.nodes[right].cover);
            }
        }
    }

    /// Nodes in preorder.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Splits on the longest way from root to leaf.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Number of values of a leaf.
    pub(super) fn outputs(&self) -> usize {
        self.outputs
    }

    /// Values of a leaf node, one an output.
    pub(super) fn values(&self, leaf: &Node) -> &[f64] {
        let from = leaf.column as usize * self.outputs;
        &self.values[from..from + self.outputs]
    }

    /// Values of the leaf in which a row ends, whose columns `value` gives.
    pub(super) fn predict(&self, value: impl Fn(usize) -> f64) -> &[f64] {
        let mut at = 0;
        loop {
            let node = &self.nodes[at];
            if node.is_leaf() {
                return self.values(node);
            }
            at = if node.goes_left(value(node.column as usize)) { at + 1 } else { node.right as usize };
        }
    }

    /// Highest column that is asked for, plus 1.
    pub(super) fn columns(&self) -> usize {
        let splits = self.nodes.iter().filter(|node| !node.is_leaf());
        splits.map(|node| node.column as usize + 1).max().unwrap_or(0)
    }
}

/// A tree as it is written: its shape is the order of splits and leaves alone, so that no file can hold a loop.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TreeFile {
    /// Column of each split, -1 of each leaf, in preorder.
    nodes: Vec<i64>,
    /// Threshold of each split.
    thresholds: Vec<f64>,
    /// Of each split 1 where missing values go left, else 0.
    missing_left: Vec<u8>,
    /// Rows of each leaf.
    rows: Vec<u64>,
    /// Values of each leaf, one an output.
    values: Vec<f64>,
}

impl From<Tree> for TreeFile {
    fn from(tree: Tree) -> TreeFile {
        let code = |node: &Node| if node.is_leaf() { -1 } else { i64::from(node.column) };
        let (leaves, splits): (Vec<&Node>, Vec<&Node>) = tree.nodes.iter().partition(|node| node.is_leaf());
        TreeFile {
            nodes: tree.nodes.iter().map(code).collect(),
            thresholds: splits.iter().map(|node| node.threshold).collect(),
            missing_left: splits.iter().map(|node| u8::from(node.is_missing_left)).collect(),
            rows: leaves.iter().map(|node| node.cover).collect(),
            values: tree.values,
        }
    }
}

impl TryFrom<TreeFile> for Tree {
    type Error = LearningError;

    fn try_from(file: TreeFile) -> Result<Tree, LearningError> {
        let damaged = |what| Err(LearningError::Damaged(what));
        let leaves = file.nodes.iter().filter(|code| **code == -1).count();
        let splits = file.nodes.len() - leaves;
        if leaves != splits + 1 || u32::try_from(file.nodes.len()).is_err() {
            return damaged("a tree has one leaf more than splits");
        }
        if file.thresholds.len() != splits || file.missing_left.len() != splits || file.rows.len() != leaves {
            return damaged("a tree lacks thresholds, directions of missing values or rows");
        }
        if file.values.is_empty() || !file.values.len().is_multiple_of(leaves) {
            return damaged("each leaf of a tree has as many values as the others");
        }
        // NaN is not within either.
        let are_values = file.values.iter().all(|value| value.abs() <= LARGEST);
        let are_thresholds = file.thresholds.iter().all(|threshold| threshold.abs() <= ABOVE_ALL);
        let most = u64::from(u32::MAX);
        if !are_values || !are_thresholds || !file.rows.iter().all(|rows| (1..=most).contains(rows)) {
            return damaged("a tree has a threshold, a value or a number of rows beyond its range");
        }
        let outputs = file.values.len() / leaves;
        let mut tree =
            Tree { nodes: Vec::with_capacity(file.nodes.len()), outputs, values: Vec::new(), depth: 0 };
        let mut splits = file.thresholds.iter().zip(&file.missing_left);
        let mut leaves = file.rows.iter().zip(file.values.chunks(outputs));
        // Splits whose right child is yet to come, with their depth.
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut depth = 0;
        for (place, &code) in file.nodes.iter().enumerate() {
            tree.depth = tree.depth.max(depth);
            if code == -1 {
                let Some((&rows, values)) = leaves.next() else { return damaged("a tree lacks a leaf") };
                tree.push_leaf(rows, values);
                match open.pop() {
                    Some((parent, above)) => {
                        tree.nodes[parent].right = place as u32 + 1;
                        depth = above + 1;
                    }
                    None if place + 1 < file.nodes.len() => {
                        return damaged("nodes follow behind a whole tree");
                    }
                    None => {}
                }
            } else {
                let (Ok(column), Some((&threshold, &missing_left))) = (u32::try_from(code), splits.next())
                else {
                    return damaged("a tree splits at a column that cannot be");
                };
                tree.nodes.push(Node {
                    column,
                    right: 0,
                    threshold,
                    is_missing_left: missing_left != 0,
                    cover: 0,
                });
                open.push((place, depth));
                depth += 1;
                if depth > DEEPEST {
                    return damaged("a tree is too deep");
                }
            }
        }
        tree.sum_covers();
        Ok(tree)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(cover: u64, value: f64) -> Grown {
        Grown::Leaf { cover, values: vec![value] }
    }

    fn split(column: usize, threshold: f64, is_missing_left: bool, left: usize, right: usize) -> Grown {
        Grown::Split { column, threshold, is_missing_left, left, right }
    }

    /// In the order in which it might grow, which is not that of the file.
    fn tree() -> Tree {
        let nodes = [
            split(0, 0.5, true, 3, 1),
            split(1, -1.0, false, 2, 4),
            leaf(5, 2.0),
            leaf(7, 1.0 / 3.0),
            split(0, 2.0, true, 5, 6),
            leaf(1, 4.0),
            leaf(2, 5.0),
        ];
        Tree::of(&nodes, 1)
    }

    #[test]
    fn a_row_ends_in_its_leaf() {
        let tree = tree();
        let found = |a: f64, b: f64| tree.predict(|column| [a, b][column])[0];
        assert_eq!(
            [found(0.5, 0.0), found(0.6, -1.0), found(1.0, 0.0), found(3.0, 0.0)],
            [1.0 / 3.0, 2.0, 4.0, 5.0]
        );
        assert_eq!([found(f64::NAN, 0.0), found(1.0, f64::NAN)], [1.0 / 3.0, 4.0]);
        assert_eq!((tree.depth(), tree.columns(), tree.nodes()[0].cover), (3, 2, 15));
    }

    #[test]
    fn a_tree_is_read_as_it_was_written() {
        let text = serde_json::to_string(&tree()).unwrap();
        let expected = r#"{"nodes":[0,-1,1,-1,0,-1,-1],"thresholds":[0.5,-1.0,2.0],"missing_left":[1,0,1],"#;
        assert!(text.starts_with(expected), "{text}");
        assert_eq!(serde_json::from_str::<Tree>(&text).unwrap(), tree());
    }

    #[test]
    fn what_is_no_tree_is_refused() {
        let text = serde_json::to_string(&tree()).unwrap();
        let wrong = [
            ("[0,-1,1,-1,0,-1,-1]", "[-1,0,1,-1,0,-1,-1]"),
            ("[0,-1,1,-1,0,-1,-1]", "[0,-1,1,-1,0,-1]"),
            ("[0,-1,1,-1,0,-1,-1]", "[]"),
            ("[0,-1,1,-1,0,-1,-1]", "[-2,-1,1,-1,0,-1,-1]"),
            ("[0,-1,1,-1,0,-1,-1]", "[4294967296,-1,1,-1,0,-1,-1]"),
            ("[0.5,-1.0,2.0]", "[0.5,-1.0]"),
            ("[1,0,1]", "[1,0,1,1]"),
            ("[7,5,1,2]", "[7,5,1,0]"),
            ("[7,5,1,2]", "[7,5,1,18446744073709551615]"),
            (",2.0,4.0,5.0]", ",2.0,4.0]"),
            (",2.0,4.0,5.0]", ",2.0,4.0,1e151]"),
            ("\"rows\"", "\"lines\""),
        ];
        for (from, to) in wrong {
            assert!(text.contains(from), "{from} in {text}");
            assert!(serde_json::from_str::<Tree>(&text.replace(from, to)).is_err(), "{from} -> {to}");
        }
        let deep = DEEPEST + 1;
        let file = TreeFile {
            nodes: [vec![0; deep], vec![-1; deep + 1]].concat(),
            thresholds: vec![0.0; deep],
            missing_left: vec![0; deep],
            rows: vec![1; deep + 1],
            values: vec![0.0; deep + 1],
        };
        assert_eq!(Tree::try_from(file), Err(LearningError::Damaged("a tree is too deep")));
    }
}
