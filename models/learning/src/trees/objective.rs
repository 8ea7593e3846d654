//! Losses of boosting: where scores start, derivatives by row, and what scores mean.

use super::ordered::{self, Row, log_one_plus_exp, logistic};
use super::settings::Objective;
use crate::data::Outcomes;
use rayon::prelude::*;

/// Least second derivative of a row, so that rows which are fitted already still count in a leaf.
const LEAST_CURVATURE: f64 = 1e-16;
/// Rows that a class without one counts as having, so that it has a probability.
const ABSENT: f64 = 0.5;
/// Rows that one thread takes at a time.
const CHUNK: usize = 4096;

/// A loss with what it learns beside trees.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Link {
    /// Which loss.
    pub(super) objective: Objective,
    /// Score of each output before any tree.
    pub(super) base: Vec<f64>,
    /// Of ordered classes the thresholds between them; else empty.
    pub(super) thresholds: Vec<f64>,
}

impl Link {
    /// Starts at the best constant.
    pub(super) fn start(objective: Objective, outcomes: &Outcomes) -> Link {
        let parts = parts(outcomes);
        let (base, thresholds) = match objective {
            Objective::SquaredError => {
                let Outcomes::Numbers(values) = outcomes else { return Link::constant(objective) };
                (vec![values.iter().sum::<f64>() / values.len() as f64], vec![])
            }
            Objective::Logistic => (vec![(parts[1] / parts[0]).ln()], vec![]),
            Objective::Multinomial => {
                let mean = parts.iter().map(|part| part.ln()).sum::<f64>() / parts.len() as f64;
                (parts.iter().map(|part| part.ln() - mean).collect(), vec![])
            }
            Objective::Ordered => (vec![0.0], ordered::start(&parts)),
        };
        Link { objective, base, thresholds }
    }

    fn constant(objective: Objective) -> Link {
        Link { objective, base: vec![0.0], thresholds: vec![] }
    }

    /// Number of outputs.
    pub(super) fn outputs(&self) -> usize {
        self.base.len()
    }

    /// First and second derivatives of the loss by the score of each output; scores are output by output, within it row by row.
    pub(super) fn derivatives(&self, outcomes: &Outcomes, scores: &[Vec<f64>]) -> Vec<Vec<[f64; 2]>> {
        let rows = outcomes.rows();
        let of = |one: &(dyn Fn(usize) -> [f64; 2] + Sync)| -> Vec<[f64; 2]> {
            let floored = |row| {
                let [gradient, curvature] = one(row);
                [gradient, curvature.max(LEAST_CURVATURE)]
            };
            (0..rows).into_par_iter().with_min_len(CHUNK).map(floored).collect()
        };
        match outcomes {
            Outcomes::Numbers(values) => vec![of(&|row| [scores[0][row] - values[row], 1.0])],
            Outcomes::Classes { of: classes, .. } => match self.objective {
                Objective::Ordered => {
                    vec![of(&|row| ordered::derivatives(&self.thresholds, scores[0][row], classes[row]))]
                }
                Objective::Multinomial => softmax_derivatives(classes, scores),
                Objective::SquaredError | Objective::Logistic => vec![of(&|row| {
                    let p = logistic(scores[0][row]);
                    [p - classes[row] as f64, p * (1.0 - p)]
                })],
            },
        }
    }

    /// Fits what is learnt beside trees to the scores.
    pub(super) fn refine(&mut self, outcomes: &Outcomes, scores: &[Vec<f64>]) {
        let Outcomes::Classes { count, of } = outcomes else { return };
        if self.objective != Objective::Ordered {
            return;
        }
        let scores = &scores[0];
        let mut rows: Vec<Row> =
            scores.iter().zip(of).map(|(&score, &class)| Row { score, class, weight: 1.0 }).collect();
        let score = scores.iter().sum::<f64>() / scores.len() as f64;
        let absent = (0..*count).filter(|class| !of.contains(class));
        rows.extend(absent.map(|class| Row { score, class, weight: ABSENT }));
        ordered::refine(&mut self.thresholds, &rows);
    }

    /// Mean loss of rows; of numbers half the mean squared error.
    pub(super) fn loss(&self, outcomes: &Outcomes, scores: &[Vec<f64>]) -> f64 {
        let one = |row: usize| match outcomes {
            Outcomes::Numbers(values) => (scores[0][row] - values[row]).powi(2) / 2.0,
            Outcomes::Classes { of, .. } => match self.objective {
                Objective::Ordered => ordered::loss(&self.thresholds, scores[0][row], of[row]),
                Objective::Multinomial => {
                    let most = scores.iter().map(|scores| scores[row]).fold(f64::NEG_INFINITY, f64::max);
                    let sum: f64 = scores.iter().map(|scores| (scores[row] - most).exp()).sum();
                    sum.ln() + most - scores[of[row]][row]
                }
                Objective::SquaredError | Objective::Logistic => {
                    let score = scores[0][row];
                    log_one_plus_exp(if of[row] == 1 { -score } else { score })
                }
            },
        };
        (0..outcomes.rows()).map(one).sum::<f64>() / outcomes.rows().max(1) as f64
    }

    /// Probabilities of classes from the scores of a row's outputs.
    pub(super) fn probabilities(&self, scores: &[f64]) -> Vec<f64> {
        match self.objective {
            Objective::Ordered => ordered::probabilities(&self.thresholds, scores[0]),
            Objective::Multinomial => softmax(scores),
            Objective::SquaredError | Objective::Logistic => {
                let p = logistic(scores[0]);
                vec![1.0 - p, p]
            }
        }
    }
}

/// Rows of each class; one without any counts as having a part of one.
fn parts(outcomes: &Outcomes) -> Vec<f64> {
    let Outcomes::Classes { count, of } = outcomes else { return vec![] };
    let mut parts = vec![0.0; *count];
    for &class in of {
        parts[class] += 1.0;
    }
    parts.iter().map(|&part| if part == 0.0 { ABSENT } else { part }).collect()
}

fn softmax(scores: &[f64]) -> Vec<f64> {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

/// Derivatives by output. The curvature is K / (K − 1) times its diagonal (Friedman 2001, Ann Stat 29:1189, algorithm 6), since the outputs of K
/// classes move together.
fn softmax_derivatives(classes: &[usize], scores: &[Vec<f64>]) -> Vec<Vec<[f64; 2]>> {
    let outputs = scores.len();
    let factor = outputs as f64 / (outputs as f64 - 1.0).max(1.0);
    let row_by_row: Vec<f64> = (0..classes.len())
        .into_par_iter()
        .with_min_len(CHUNK)
        .flat_map_iter(|row| softmax(&scores.iter().map(|scores| scores[row]).collect::<Vec<f64>>()))
        .collect();
    let of = |output: usize| {
        let one = |(row, &class): (usize, &usize)| {
            let p = row_by_row[row * outputs + output];
            let observed = if class == output { 1.0 } else { 0.0 };
            [p - observed, (factor * p * (1.0 - p)).max(LEAST_CURVATURE)]
        };
        classes.iter().enumerate().map(one).collect()
    };
    (0..outputs).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(count: usize, of: &[usize]) -> Outcomes {
        Outcomes::Classes { count, of: of.to_vec() }
    }

    #[test]
    fn a_start_predicts_the_frequencies() {
        let of = classes(2, &[0, 0, 0, 1]);
        let p = Link::start(Objective::Logistic, &of);
        assert!((p.probabilities(&p.base)[1] - 0.25).abs() < 1e-15);
        let of = classes(3, &[0, 0, 2, 2, 2, 1, 2, 2]);
        for objective in [Objective::Multinomial, Objective::Ordered] {
            let link = Link::start(objective, &of);
            let found = link.probabilities(&link.base);
            for (found, expected) in found.iter().zip([0.25, 0.125, 0.625]) {
                assert!((found - expected).abs() < 1e-15, "{found} {expected}");
            }
        }
        let link = Link::start(Objective::SquaredError, &Outcomes::Numbers(vec![1.0, 2.0, 6.0]));
        assert_eq!(link.base, [3.0]);
    }

    #[test]
    fn a_class_without_rows_keeps_a_small_probability() {
        let of = classes(4, &[0, 0, 2, 2, 2, 0, 2, 2]);
        for objective in [Objective::Multinomial, Objective::Ordered] {
            let mut link = Link::start(objective, &of);
            link.refine(&of, &[vec![0.0; 8]]);
            let found = link.probabilities(&link.base);
            assert!(found[1] > 0.0 && found[1] < 0.1 && found[3] > 0.0 && found[3] < 0.1, "{found:?}");
        }
    }

    #[test]
    fn first_derivatives_are_those_of_the_loss() {
        let outcomes = [Outcomes::Numbers(vec![1.5]), classes(2, &[1]), classes(3, &[2]), classes(3, &[1])];
        let objectives =
            [Objective::SquaredError, Objective::Logistic, Objective::Multinomial, Objective::Ordered];
        for (outcomes, objective) in outcomes.iter().zip(objectives) {
            let mut link = Link::start(objective, outcomes);
            if objective == Objective::Ordered {
                link.thresholds = vec![-0.5, 1.0];
            }
            let scores: Vec<Vec<f64>> = (0..link.outputs()).map(|n| vec![0.3 * n as f64 - 0.2]).collect();
            let found = link.derivatives(outcomes, &scores);
            for output in 0..link.outputs() {
                let at = |h: f64| {
                    let mut moved = scores.clone();
                    moved[output][0] += h;
                    link.loss(outcomes, &moved)
                };
                let slope = (at(1e-5) - at(-1e-5)) / 2e-5;
                assert!((found[output][0][0] - slope).abs() < 1e-8, "{objective:?}");
            }
        }
    }
}
