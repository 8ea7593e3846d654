//! Numbers of an evaluation as the cells of a table.

use crate::association::{CorrelationTest, Pair};
use crate::evaluation::{Evaluated, MeasureValue, PredictorKind, PredictorResult};
use coxa_statistics::Interval;
use serde::Serialize;

/// One predictor.
#[derive(Debug, Serialize)]
pub(super) struct PredictorRow {
    name: String,
    kind: PredictorKind,
    values: Vec<[String; 2]>,
}

/// A comparison of a measure with a score.
#[derive(Debug, Serialize)]
pub(super) struct PairRow {
    score: String,
    title: String,
    plain: [String; 3],
    adjusted: Option<[String; 3]>,
    is_claimed: bool,
}

/// A number to three decimals, with a true minus.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    if text == "-0.000" { "0.000".into() } else { text.replace('-', "\u{2212}") }
}

pub(super) fn with_interval(value: Option<f64>, interval: Option<&Interval>) -> String {
    match (value, interval) {
        (None, _) => "\u{2013}".into(),
        (Some(value), None) => number(value),
        (Some(value), Some(interval)) => {
            format!("{} ({} to {})", number(value), number(interval.low), number(interval.high))
        }
    }
}

/// Rows of a table of predictors: for each measure the value, and the module's difference from it.
pub(super) fn predictors(evaluated: &Evaluated) -> Vec<PredictorRow> {
    let cell = |value: &MeasureValue| {
        let difference = value.module_less_this.as_ref();
        let difference = difference.map(|ends| format!("{} to {}", number(ends.low), number(ends.high)));
        [with_interval(value.value, value.interval.as_ref()), difference.unwrap_or_default()]
    };
    let row = |predictor: &PredictorResult| PredictorRow {
        name: predictor.name.clone(),
        kind: predictor.kind,
        values: predictor.measures.iter().map(cell).collect(),
    };
    evaluated.predictors.iter().map(row).collect()
}

/// A p value as it is printed.
pub(super) fn p(value: Option<f64>) -> String {
    match value {
        None => "\u{2013}".into(),
        Some(value) if value < 0.001 => "< 0.001".into(),
        Some(value) => format!("{value:.3}"),
    }
}

/// Rows of a table of comparisons.
pub(super) fn pairs(all: &[Pair]) -> Vec<PairRow> {
    let cells = |of: &CorrelationTest| {
        let estimate = of.correlation.as_ref().map(|found| &found.estimate);
        let value =
            with_interval(estimate.map(|one| one.value), estimate.and_then(|one| one.interval.as_ref()));
        [value, p(of.p_false_discovery), p(of.p_family)]
    };
    let row = |pair: &Pair| PairRow {
        score: pair.score_title.clone(),
        title: pair.title.clone(),
        plain: cells(&pair.plain),
        adjusted: pair.adjusted.as_ref().map(cells),
        is_claimed: pair.is_claimed(),
    };
    all.iter().map(row).collect()
}
