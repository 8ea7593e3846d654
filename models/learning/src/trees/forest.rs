//! Random forests.

use super::background_shapley;
use super::bins::Binned;
use super::boosting::check_outcomes;
use super::draw;
use super::forest_tree::{Limits, Targets, grow};
use super::rows::each_row;
use super::settings::ForestSettings;
use super::tree::Tree;
use super::tree_shapley::Explainer;
use crate::data::{Outcomes, Predictions, Table};
use crate::error::LearningError;
use crate::shapley::Shapley;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A random forest (Breiman 2001, Mach Learn 45:5): trees of rows drawn with replacement, each split chosen from columns drawn for it.
///
/// Probabilities are the mean frequency of each class in the leaves. Written and read with serde; what is read is checked, so that no file makes
/// a prediction panic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "ForestFile", into = "ForestFile")]
pub struct Forest {
    columns: Vec<String>,
    /// Number of classes; 0 of numbers.
    classes: usize,
    trees: Vec<Tree>,
}

/// What trees that were not fitted to a row say of it: raw predictions, one an output; `None` of a row that all trees were fitted to.
pub type OutOfBag = Vec<Option<Vec<f64>>>;

impl Forest {
    /// Fits a forest to rows that are drawn one by one.
    ///
    /// # Errors
    /// Settings beyond their range; outcomes that do not fit the table; fewer than two rows or, of classes, than two classes that have rows; numbers
    /// beyond 1e100.
    pub fn fit(
        table: &Table,
        outcomes: &Outcomes,
        settings: &ForestSettings,
        seed: u64,
    ) -> Result<Forest, LearningError> {
        let each: Vec<usize> = (0..table.rows()).collect();
        Ok(Forest::grow(table, outcomes, &each, settings, seed)?.0)
    }

    /// Fits a forest to rows that are drawn by groups (patients): all rows of a group together or none. Also gives what trees that have not seen a
    /// row's group predict of it.
    ///
    /// # Errors
    /// As [`Forest::fit`]; groups of another number of rows.
    pub fn fit_out_of_bag(
        table: &Table,
        outcomes: &Outcomes,
        groups: &[usize],
        settings: &ForestSettings,
        seed: u64,
    ) -> Result<(Forest, OutOfBag), LearningError> {
        let (forest, drawn) = Forest::grow(table, outcomes, groups, settings, seed)?;
        let outputs = forest.outputs();
        let one = |row: usize, values: &[f64]| {
            let mut sums = vec![0.0; outputs];
            let mut count = 0;
            for (tree, drawn) in forest.trees.iter().zip(&drawn) {
                if drawn[row / 64] >> (row % 64) & 1 == 0 {
                    count += 1;
                    let found = tree.predict(|column| values[column]);
                    sums.iter_mut().zip(found).for_each(|(sum, value)| *sum += value);
                }
            }
            (count > 0).then(|| sums.iter().map(|sum| sum / f64::from(count)).collect())
        };
        let out_of_bag = each_row(table, &forest.columns, one)?;
        Ok((forest, out_of_bag))
    }

    /// The forest, and for each tree a bit a row that says whether it was drawn.
    fn grow(
        table: &Table,
        outcomes: &Outcomes,
        groups: &[usize],
        settings: &ForestSettings,
        seed: u64,
    ) -> Result<(Forest, Vec<Vec<u64>>), LearningError> {
        settings.check()?;
        check_outcomes(table, outcomes)?;
        if groups.len() != table.rows() {
            let (expected, found) = (table.rows(), groups.len());
            return Err(LearningError::Lengths { what: "table and groups", expected, found });
        }
        let mut known = BTreeMap::new();
        let group_of: Vec<usize> = groups
            .iter()
            .map(|group| {
                let next = known.len();
                *known.entry(group).or_insert(next)
            })
            .collect();
        let binned = Binned::of(table, settings.bins);
        let targets = match outcomes {
            Outcomes::Classes { count, of } => Targets::Classes { count: *count, of },
            Outcomes::Numbers(values) => {
                let mean = values.iter().sum::<f64>() / values.len() as f64;
                Targets::Numbers { centred: values.iter().map(|value| value - mean).collect(), mean }
            }
        };
        let limits = Limits {
            columns: settings.columns_of(outcomes, table.columns()),
            rows: settings.rows_in_leaf as u64,
            depth: settings.depth,
        };
        let (trees, drawn) = (0..settings.trees)
            .into_par_iter()
            .map(|tree| {
                let mut random = draw::of_tree(seed, tree);
                let drawn = draw::part_of(known.len(), settings.drawn);
                let times = draw::with_replacement(&mut random, known.len(), drawn);
                let times: Vec<u32> = group_of.iter().map(|&group| times[group]).collect();
                (grow(&binned, &targets, &times, limits, &mut random), bits(&times))
            })
            .unzip();
        let classes = if let Outcomes::Classes { count, .. } = outcomes { *count } else { 0 };
        Ok((Forest { columns: table.names().to_vec(), classes, trees }, drawn))
    }

    /// Names of the columns, in the order of the fit.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Number of classes; 0 of numbers.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Number of trees.
    pub fn trees(&self) -> usize {
        self.trees.len()
    }

    fn outputs(&self) -> usize {
        self.classes.max(1)
    }

    /// Numbers, or the probability of each class.
    ///
    /// # Errors
    /// [`LearningError::NoColumn`] of a column of the fit that the table lacks.
    pub fn predict(&self, table: &Table) -> Result<Predictions, LearningError> {
        let raw = self.raw(table)?;
        Ok(match self.classes {
            0 => Predictions::Numbers(raw.into_iter().flatten().collect()),
            _ => Predictions::Probabilities(raw),
        })
    }

    /// Raw predictions, row x output: the number, or the probability of each class.
    ///
    /// # Errors
    /// [`LearningError::NoColumn`] of a column of the fit that the table lacks.
    pub fn raw(&self, table: &Table) -> Result<Vec<Vec<f64>>, LearningError> {
        each_row(table, &self.columns, |_, row| {
            let mut sums = vec![0.0; self.outputs()];
            for tree in &self.trees {
                let found = tree.predict(|column| row[column]);
                sums.iter_mut().zip(found).for_each(|(sum, value)| *sum += value);
            }
            sums.iter().map(|sum| sum / self.trees.len() as f64).collect()
        })
    }

    /// Exact Shapley values of the raw predictions, columns that are not known averaged by the rows of the fit in each branch (Lundberg et al. 2018,
    /// arXiv:1802.03888). A missing value is a value like others.
    ///
    /// # Errors
    /// [`LearningError::NoColumn`] of a column of the fit that the table lacks.
    pub fn shapley(&self, table: &Table) -> Result<Shapley, LearningError> {
        let trees = self.trees.iter().map(|tree| (tree, 0)).collect();
        let scale = 1.0 / self.trees.len() as f64;
        Explainer::new(trees, scale, vec![0.0; self.outputs()]).explain(table, &self.columns)
    }

    /// Exact Shapley values of the raw predictions against a background sample: columns that are not known take their values from each of its rows in
    /// turn (interventional; Lundberg et al. 2020, Nat Mach Intell 2:56). The base is the mean of the background's raw predictions. Takes time with rows x
    /// background rows; 100 of those are usual.
    ///
    /// # Errors
    /// [`LearningError::NoColumn`] of a column of the fit that a table lacks; a background without rows.
    pub fn shapley_against(&self, table: &Table, background: &Table) -> Result<Shapley, LearningError> {
        let trees: Vec<(&Tree, usize)> = self.trees.iter().map(|tree| (tree, 0)).collect();
        let (scale, start) = (1.0 / self.trees.len() as f64, vec![0.0; self.outputs()]);
        background_shapley::explain(&trees, scale, start, (table, background), &self.columns)
    }
}

/// A bit a row: whether it was drawn.
fn bits(times: &[u32]) -> Vec<u64> {
    let word = |rows: &[u32]| {
        rows.iter().enumerate().fold(0, |word, (bit, &times)| word | u64::from(times > 0) << bit)
    };
    times.chunks(64).map(word).collect()
}

/// A forest as it is written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ForestFile {
    columns: Vec<String>,
    classes: usize,
    trees: Vec<Tree>,
}

impl From<Forest> for ForestFile {
    fn from(Forest { columns, classes, trees }: Forest) -> ForestFile {
        ForestFile { columns, classes, trees }
    }
}

impl TryFrom<ForestFile> for Forest {
    type Error = LearningError;

    fn try_from(file: ForestFile) -> Result<Forest, LearningError> {
        let damaged = |what| Err(LearningError::Damaged(what));
        if file.trees.is_empty() || file.classes == 1 {
            return damaged("a forest has trees, and of classes two or more");
        }
        let outputs = file.classes.max(1);
        if file.trees.iter().any(|tree| tree.outputs() != outputs || tree.columns() > file.columns.len()) {
            return damaged("a tree asks for a column that there is not, or predicts other classes");
        }
        let are_parts = |tree: &Tree| {
            tree.nodes().iter().filter(|node| node.is_leaf()).all(|leaf| {
                let parts = tree.values(leaf);
                parts.iter().all(|part| (0.0..=1.0).contains(part))
                    && (parts.iter().sum::<f64>() - 1.0).abs() < 1e-9
            })
        };
        if file.classes > 0 && !file.trees.iter().all(are_parts) {
            return damaged("the frequencies of classes in a leaf do not sum to 1");
        }
        let ForestFile { columns, classes, trees } = file;
        Ok(Forest { columns, classes, trees })
    }
}
