//! Rows of one case.

use super::content::{Cases, Column};
use super::problem::Problem;
use std::collections::BTreeMap;

/// Rows of the same patient and study: the same truth twice would count twice, and two truths are one too many.
pub(super) fn problems(cases: &Cases) -> Vec<Problem> {
    let mut first: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut problems = Vec::new();
    for case in 0..cases.len() {
        let key = (cases.patients[case].as_str(), cases.studies[case].as_str());
        let Some(&other) = first.get(&key) else {
            first.insert(key, case);
            continue;
        };
        let before = cases.lines[other];
        let differing = cases.truths.iter().find(|(_, truth)| !is_same(truth, case, other));
        let what = match differing {
            Some((id, _)) => format!(
                "conflicting truths: {id} differs from row {before}, which has the same patient and study"
            ),
            None => format!(
                "the same patient and study as in row {before}; name studies or dates apart, or remove the row"
            ),
        };
        problems.push(Problem::row(cases.lines[case], what));
    }
    problems
}

fn is_same(column: &Column, a: usize, b: usize) -> bool {
    match column {
        Column::Numbers(values) => values[a] == values[b] || values[a].is_nan() && values[b].is_nan(),
        Column::Classes { of, .. } => of[a] == of[b],
        Column::Paths(paths) => paths[a] == paths[b],
    }
}
