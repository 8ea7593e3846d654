//! Gradient boosting of trees on histograms.

use super::background_shapley;
use super::bins::Binned;
use super::draw;
use super::grow::{Grower, Growth};
use super::objective::Link;
use super::rows::each_row;
use super::settings::{BoostingSettings, Objective};
use super::tree::Tree;
use super::tree_shapley::Explainer;
use crate::data::{Outcomes, Predictions, Table};
use crate::error::LearningError;
use crate::shapley::Shapley;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Most classes, and largest number among outcomes.
const MOST_CLASSES: f64 = 1000.0;
const LARGEST: f64 = 1e100;

/// A sum of trees, each fitted to what the trees before it leave (Friedman 2001, Ann Stat 29:1189), by second derivatives on binned columns
/// (Chen and Guestrin 2016, KDD; Ke et al. 2017, NeurIPS).
///
/// Written and read with serde; what is read is checked, so that no file makes a prediction panic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "BoostingFile", into = "BoostingFile")]
pub struct Boosting {
    columns: Vec<String>,
    /// Number of classes; 0 of numbers.
    classes: usize,
    link: Link,
    /// Trees round by round, within a round output by output.
    trees: Vec<Tree>,
}

/// Rows that trees are not fitted to, and what is predicted of them.
struct HeldOut {
    table: Table,
    outcomes: Outcomes,
    scores: Vec<Vec<f64>>,
}

impl Boosting {
    /// Fits all rows, `settings.rounds` rounds.
    ///
    /// # Errors
    /// Settings beyond their range; outcomes of another kind than the objective's, or that do not fit the table; fewer than two rows or, of
    /// classes, than two classes that have rows; numbers beyond 1e100; a constraint of a column that is not there.
    pub fn fit(
        table: &Table,
        outcomes: &Outcomes,
        settings: &BoostingSettings,
        seed: u64,
    ) -> Result<Boosting, LearningError> {
        Ok(Boosting::run(table, outcomes, None, settings, seed)?.0)
    }

    /// Fits the rows that are not held out until the loss of those that are has not fallen for `settings.patience` rounds, and keeps the rounds up to
    /// its least. Also gives the mean loss of the held-out rows before the first round and after each.
    ///
    /// Rows of one patient belong on one side: hold out all rows of a group.
    ///
    /// # Errors
    /// As [`Boosting::fit`]; no row is held out; a held-out row beyond the last.
    pub fn fit_stopping(
        table: &Table,
        outcomes: &Outcomes,
        held_out: &[usize],
        settings: &BoostingSettings,
        seed: u64,
    ) -> Result<(Boosting, Vec<f64>), LearningError> {
        outcomes.check(table)?;
        let mut is_held = vec![false; table.rows()];
        for &row in held_out {
            let last = table.rows().saturating_sub(1) as f64;
            let what = "a held-out row";
            let beyond = LearningError::Setting { what, least: 0.0, most: last, found: row as f64 };
            *is_held.get_mut(row).ok_or(beyond)? = true;
        }
        let (held, fitted): (Vec<usize>, Vec<usize>) = (0..table.rows()).partition(|&row| is_held[row]);
        if held.is_empty() {
            return Err(LearningError::TooFew { what: "held-out rows", needed: 1, found: 0 });
        }
        let held = HeldOut { table: table.rows_at(&held), outcomes: outcomes.rows_at(&held), scores: vec![] };
        Boosting::run(&table.rows_at(&fitted), &outcomes.rows_at(&fitted), Some(held), settings, seed)
    }

    fn run(
        table: &Table,
        outcomes: &Outcomes,
        mut held: Option<HeldOut>,
        settings: &BoostingSettings,
        seed: u64,
    ) -> Result<(Boosting, Vec<f64>), LearningError> {
        settings.check()?;
        check_outcomes(table, outcomes)?;
        let objective = settings.objective_of(outcomes)?;
        let directions = settings.directions(table, objective)?;
        let binned = Binned::of(table, settings.bins);
        let grower = Grower::new(&binned, settings, &directions);
        let link = Link::start(objective, outcomes);
        let start = |rows| link.base.iter().map(|&base| vec![base; rows]).collect::<Vec<Vec<f64>>>();
        let mut scores = start(table.rows());
        if let Some(held) = &mut held {
            held.scores = start(held.outcomes.rows());
        }
        let classes = if let Outcomes::Classes { count, .. } = outcomes { *count } else { 0 };
        let mut model = Boosting { columns: table.names().to_vec(), classes, link, trees: Vec::new() };
        let loss = |link: &Link, held: &HeldOut| link.loss(&held.outcomes, &held.scores);
        let mut losses: Vec<f64> = held.iter().map(|held| loss(&model.link, held)).collect();
        let mut best = (0, losses.first().copied().unwrap_or(0.0), model.link.clone());
        for round in 0..settings.rounds {
            let growths = grow_round(&grower, &model.link, outcomes, &scores, (settings, seed, round));
            for (growth, scores) in growths.iter().zip(&mut scores) {
                add(growth, table, scores);
            }
            model.link.refine(outcomes, &scores);
            if let Some(held) = &mut held {
                for (growth, scores) in growths.iter().zip(&mut held.scores) {
                    add_outside(&growth.tree, &held.table, scores);
                }
                losses.push(loss(&model.link, held));
            }
            model.trees.extend(growths.into_iter().map(|growth| growth.tree));
            if let Some(&loss) = losses.last() {
                if loss < best.1 {
                    best = (round + 1, loss, model.link.clone());
                } else if round + 1 - best.0 >= settings.patience {
                    break;
                }
            }
        }
        if held.is_some() {
            model.trees.truncate(best.0 * model.link.outputs());
            model.link = best.2;
        }
        Ok((model, losses))
    }

    /// Names of the columns, in the order of the fit.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Loss that was made small.
    pub fn objective(&self) -> Objective {
        self.link.objective
    }

    /// Number of classes; 0 of numbers.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Number of rounds that are kept; each has a tree an output.
    pub fn rounds(&self) -> usize {
        self.trees.len() / self.link.outputs()
    }

    /// Thresholds between ordered classes, log-odds at a raw prediction of 0; none with another objective.
    pub fn thresholds(&self) -> &[f64] {
        &self.link.thresholds
    }

    /// Numbers, or the probability of each class.
    ///
    /// # Errors
    /// [`LearningError::NoColumn`] of a column of the fit that the table lacks.
    pub fn predict(&self, table: &Table) -> Result<Predictions, LearningError> {
        Ok(match self.link.objective {
            Objective::SquaredError => {
                Predictions::Numbers(each_row(table, &self.columns, |_, row| self.scores(row)[0])?)
            }
            Objective::Logistic | Objective::Multinomial | Objective::Ordered => {
                let one = |_, row: &[f64]| self.link.probabilities(&self.scores(row));
                Predictions::Probabilities(each_row(table, &self.columns, one)?)
            }
        })
    }

    /// Raw predictions, row x output: the number; the log-odds of class 1; of each class its score before softmax; of ordered classes the one score
    /// (see [`Objective`]).
    ///
    /// # Errors
    /// [`LearningError::NoColumn`] of a column of the fit that the table lacks.
    pub fn raw(&self, table: &Table) -> Result<Vec<Vec<f64>>, LearningError> {
        each_row(table, &self.columns, |_, row| self.scores(row))
    }

    /// Exact Shapley values of the raw predictions, columns that are not known averaged by the rows of the fit in each branch (Lundberg et al. 2018,
    /// arXiv:1802.03888). A missing value is a value like others.
    ///
    /// # Errors
    /// [`LearningError::NoColumn`] of a column of the fit that the table lacks.
    pub fn shapley(&self, table: &Table) -> Result<Shapley, LearningError> {
        Explainer::new(self.trees_by_output(), 1.0, self.link.base.clone()).explain(table, &self.columns)
    }

    /// Exact Shapley values of the raw predictions against a background sample: columns that are not known take their values from each of its rows in
    /// turn (interventional; Lundberg et al. 2020, Nat Mach Intell 2:56). The base is the mean of the background's raw predictions. Takes time with rows x
    /// background rows; 100 of those are usual.
    ///
    /// # Errors
    /// [`LearningError::NoColumn`] of a column of the fit that a table lacks; a background without rows.
    pub fn shapley_against(&self, table: &Table, background: &Table) -> Result<Shapley, LearningError> {
        let (trees, start) = (self.trees_by_output(), self.link.base.clone());
        background_shapley::explain(&trees, 1.0, start, (table, background), &self.columns)
    }

    fn trees_by_output(&self) -> Vec<(&Tree, usize)> {
        let outputs = self.link.outputs();
        self.trees.iter().enumerate().map(|(at, tree)| (tree, at % outputs)).collect()
    }

    /// Sums of the trees; trees are added in their order, which keeps constraints to the last bit.
    fn scores(&self, row: &[f64]) -> Vec<f64> {
        let mut scores = self.link.base.clone();
        let outputs = scores.len();
        for (at, tree) in self.trees.iter().enumerate() {
            scores[at % outputs] += tree.predict(|column| row[column])[0];
        }
        scores
    }
}

/// One tree for each output.
fn grow_round(
    grower: &Grower<'_>,
    link: &Link,
    outcomes: &Outcomes,
    scores: &[Vec<f64>],
    (settings, seed, round): (&BoostingSettings, u64, usize),
) -> Vec<Growth> {
    let derivatives = link.derivatives(outcomes, scores);
    let mut random = draw::of_tree(seed, round);
    let rows = draw::part_of(outcomes.rows(), settings.rows_drawn);
    let rows = draw::without_replacement(&mut random, outcomes.rows(), rows);
    let grow = |derivatives: &Vec<[f64; 2]>| {
        let columns = draw::part_of(grower.columns(), settings.columns_drawn);
        let columns = draw::without_replacement(&mut random, grower.columns(), columns);
        let columns: Vec<usize> = columns.into_iter().map(|column| column as usize).collect();
        grower.grow(derivatives, rows.clone(), &columns)
    };
    derivatives.iter().map(grow).collect()
}

/// Adds a tree to the scores of the rows of the fit: those that were drawn are in its leaves, others go through it.
fn add(growth: &Growth, table: &Table, scores: &mut [f64]) {
    if growth.rows.len() < scores.len() {
        add_outside(&growth.tree, table, scores);
        return;
    }
    for &(from, to, value) in &growth.leaves {
        for &row in &growth.rows[from..to] {
            scores[row as usize] += value;
        }
    }
}

fn add_outside(tree: &Tree, table: &Table, scores: &mut [f64]) {
    scores.par_iter_mut().with_min_len(4096).enumerate().for_each(|(row, score)| {
        *score += tree.predict(|column| table.at(row, column))[0];
    });
}

/// That outcomes fit the table and can be learnt from.
pub(super) fn check_outcomes(table: &Table, outcomes: &Outcomes) -> Result<(), LearningError> {
    outcomes.check(table)?;
    let rows = outcomes.rows();
    if rows < 2 || u32::try_from(rows).is_err() {
        return Err(LearningError::TooFew { what: "rows", needed: 2, found: rows });
    }
    let beyond = |what, least, most, found| Err(LearningError::Setting { what, least, most, found });
    match outcomes {
        Outcomes::Numbers(values) => match values.iter().find(|value| value.abs() > LARGEST) {
            Some(&value) => beyond("each outcome", -LARGEST, LARGEST, value),
            None => Ok(()),
        },
        Outcomes::Classes { count, of } => {
            if *count as f64 > MOST_CLASSES {
                return beyond("the number of classes", 2.0, MOST_CLASSES, *count as f64);
            }
            let with_rows = (0..*count).filter(|class| of.contains(class)).count();
            if with_rows < 2 {
                return Err(LearningError::TooFew { what: "classes with rows", needed: 2, found: with_rows });
            }
            Ok(())
        }
    }
}

/// Boosting as it is written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BoostingFile {
    columns: Vec<String>,
    classes: usize,
    objective: Objective,
    base: Vec<f64>,
    thresholds: Vec<f64>,
    trees: Vec<Tree>,
}

impl From<Boosting> for BoostingFile {
    fn from(model: Boosting) -> BoostingFile {
        let Boosting { columns, classes, link: Link { objective, base, thresholds }, trees } = model;
        BoostingFile { columns, classes, objective, base, thresholds, trees }
    }
}

impl TryFrom<BoostingFile> for Boosting {
    type Error = LearningError;

    fn try_from(file: BoostingFile) -> Result<Boosting, LearningError> {
        let (outputs, thresholds, are_classes) = match file.objective {
            Objective::SquaredError => (1, 0, file.classes == 0),
            Objective::Logistic => (1, 0, file.classes == 2),
            Objective::Multinomial => (file.classes, 0, file.classes >= 2),
            Objective::Ordered => (1, file.classes.saturating_sub(1), file.classes >= 2),
        };
        let are_base = file.base.iter().all(|base| base.abs() <= LARGEST);
        let are_thresholds = file.thresholds.iter().all(|threshold| threshold.abs() <= LARGEST)
            && file.thresholds.is_sorted_by(|a, b| a < b);
        if !are_classes || file.base.len() != outputs || file.thresholds.len() != thresholds {
            return Err(LearningError::Damaged(
                "its classes, base and thresholds do not go with its objective",
            ));
        }
        if !are_base || !are_thresholds {
            return Err(LearningError::Damaged("a base or a threshold is beyond its range"));
        }
        if !file.trees.len().is_multiple_of(outputs) {
            return Err(LearningError::Damaged("a round lacks the tree of an output"));
        }
        if file.trees.iter().any(|tree| tree.outputs() != 1 || tree.columns() > file.columns.len()) {
            return Err(LearningError::Damaged("a tree asks for a column that there is not"));
        }
        let BoostingFile { columns, classes, objective, base, thresholds, trees } = file;
        Ok(Boosting { columns, classes, link: Link { objective, base, thresholds }, trees })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the comparison with scikit-learn, and its numbers.
    fn table() -> (Table, Vec<f64>) {
        let of = |step: usize, plus: usize, modulo: usize| -> Vec<f64> {
            (0..200).map(|row| ((row * step + plus) % modulo) as f64).collect()
        };
        let mut columns = [of(37, 0, 101), of(53, 11, 89), of(29, 0, 23)];
        (0..200).filter(|row| row % 7 == 3).for_each(|row| columns[2][row] = f64::NAN);
        let numbers = (0..200).map(|row| {
            let step = if columns[1][row] > 40.0 { 3.0 } else { 0.0 };
            let missing = if row % 7 == 3 { 1.5 } else { 0.0 };
            columns[0][row] * 0.1 + step + ((row * 71) % 17) as f64 * 0.2 + missing
        });
        let numbers = numbers.collect();
        let named = columns.into_iter().zip(["a", "b", "c"]).map(|(values, name)| (name.to_owned(), values));
        (Table::new(named.collect()).unwrap(), numbers)
    }

    fn settings() -> BoostingSettings {
        BoostingSettings {
            rounds: 15,
            learning_rate: 0.3,
            leaves: 7,
            depth: 4,
            rows_in_leaf: 5,
            l2: 1.5,
            rows_drawn: 1.0,
            ..BoostingSettings::default()
        }
    }

    fn agrees(outcomes: &Outcomes, expected: [f64; 8]) {
        let (table, _) = table();
        let found = Boosting::fit(&table, outcomes, &settings(), 1).unwrap().raw(&table).unwrap();
        for (row, expected) in [0, 3, 10, 50, 77, 101, 150, 199].into_iter().zip(expected) {
            // It sums derivatives in single precision.
            assert!(
                (found[row][0] - expected).abs() < 1e-5,
                "row {row}: {} instead of {expected}",
                found[row][0]
            );
        }
    }

    // scikit-learn 1.9.1: HistGradientBoostingRegressor (predict) and -Classifier (decision_function) with max_iter 15, learning_rate 0.3,
    // max_leaf_nodes 7, max_depth 4, min_samples_leaf 5, l2_regularization 1.5, without early stopping.

    #[test]
    fn numbers_are_those_of_scikit_learn() {
        let (_, numbers) = table();
        let expected = [
            1.602220886927587,
            7.522781380395094,
            10.20401089760363,
            8.316572365244989,
            6.773014144896622,
            3.647930195968986,
            12.633639216474757,
            14.684350980582137,
        ];
        agrees(&Outcomes::Numbers(numbers), expected);
    }

    #[test]
    fn log_odds_are_those_of_scikit_learn() {
        let (_, numbers) = table();
        let mean = numbers.iter().sum::<f64>() / 200.0;
        // Every eleventh row is of the wrong class.
        let class = |(row, number): (usize, &f64)| usize::from((*number > mean) != (row % 11 == 0));
        let expected = [
            -0.5922027078633898,
            -0.6187598459904528,
            1.56595485349411,
            1.7455261737822796,
            0.46757016290833653,
            -1.060891410397136,
            3.946491298198098,
            3.946491298198098,
        ];
        agrees(
            &Outcomes::Classes { count: 2, of: numbers.iter().enumerate().map(class).collect() },
            expected,
        );
    }
}
