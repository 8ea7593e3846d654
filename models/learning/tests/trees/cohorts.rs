//! Made-up cohorts whose probabilities are known, and the area under the ROC curve.

use coxa_learning::{Outcomes, Predictions, Table};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Which law a cohort follows; ten columns, uniform from -1 to 1, of which some act.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Law {
    /// A sum of bends, waves and steps of single columns.
    Nonlinear,
    /// One column changes what another does, and a step holds on one side of a third.
    Modified,
    /// A product of columns that have no effect of their own: no first split gains anything.
    Product,
    /// A sum.
    Linear,
}

impl Law {
    /// Log-odds of class 1.
    fn score(self, x: &[f64]) -> f64 {
        match self {
            Law::Nonlinear => {
                let step = if x[2] > 0.3 { 1.5 } else { -0.5 };
                2.0 * (3.0 * x[0]).sin() + 3.0 * x[1] * x[1] - 1.0 + step
            }
            Law::Modified => {
                let slope = if x[0] > 0.0 { 3.0 } else { -1.0 };
                let step = if x[2] > 0.0 && x[3] > -0.2 { 2.0 } else { -0.7 };
                slope * x[1] + step + x[4]
            }
            Law::Product => {
                let step = if x[2] > 0.0 && x[3] > -0.2 { 2.0 } else { -0.7 };
                4.0 * x[0] * x[1] + step + x[4]
            }
            Law::Linear => 2.0 * x[0] - 1.5 * x[1] + x[2] + 0.5 * x[3],
        }
    }
}

/// Rows of a law.
pub(crate) struct Cohort {
    /// Columns x0 to x9.
    pub(crate) table: Table,
    /// Class of each row.
    pub(crate) classes: Vec<usize>,
    /// Log-odds of class 1 of each row.
    pub(crate) scores: Vec<f64>,
}

impl Cohort {
    /// Draws rows.
    pub(crate) fn draw(law: Law, rows: usize, seed: u64) -> Cohort {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut columns: Vec<Vec<f64>> = vec![vec![]; 10];
        let (mut classes, mut scores) = (Vec::new(), Vec::new());
        for _ in 0..rows {
            let x: Vec<f64> = (0..10).map(|_| random.random_range(-1.0..1.0)).collect();
            let score = law.score(&x);
            classes.push(usize::from(random.random_range(0.0..1.0) < 1.0 / (1.0 + (-score).exp())));
            scores.push(score);
            columns.iter_mut().zip(x).for_each(|(column, value)| column.push(value));
        }
        let named = columns.into_iter().enumerate().map(|(n, column)| (format!("x{n}"), column));
        Cohort { table: Table::new(named.collect()).unwrap(), classes, scores }
    }

    /// As two classes.
    pub(crate) fn outcomes(&self) -> Outcomes {
        Outcomes::Classes { count: 2, of: self.classes.clone() }
    }
}

/// Chance that a row of class 1 has a higher score than one of class 0, ties half.
pub(crate) fn auc(scores: &[f64], classes: &[usize]) -> f64 {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    let (mut below, mut sum) = (0.0, 0.0);
    for tied in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
        let ones = tied.iter().map(|&row| classes[row]).sum::<usize>() as f64;
        let zeros = tied.len() as f64 - ones;
        sum += ones * (below + zeros / 2.0);
        below += zeros;
    }
    let ones = classes.iter().sum::<usize>() as f64;
    sum / (ones * below)
}

/// Probabilities of class 1.
pub(crate) fn of_class_1(predictions: Predictions) -> Vec<f64> {
    let Predictions::Probabilities(rows) = predictions else { panic!("probabilities are expected") };
    rows.iter().map(|row| row[1]).collect()
}
