//! Figures of an evaluation on the terminal.

use crate::table::Table;
use coxa_diagnosis::evaluation::{Evaluated, MeasureValue};

/// The measures of all predictors, with their intervals.
pub(super) fn print(evaluated: &Evaluated) {
    say!("{}: {} cases of {} patients", evaluated.title, evaluated.cases, evaluated.patients);
    if !evaluated.counts.is_empty() {
        let classes = evaluated.classes.iter().zip(&evaluated.counts);
        let classes: Vec<String> = classes.map(|(class, count)| format!("{class} {count}")).collect();
        say!("  {}", classes.join(", "));
    }
    let mut table = Table::new().indented().left("");
    let measures = evaluated.predictors.first().map(|first| &first.measures[..]).unwrap_or_default();
    for value in measures {
        table = table.left(value.measure.title());
    }
    for predictor in &evaluated.predictors {
        let cells: Vec<String> =
            [predictor.name.clone()].into_iter().chain(predictor.measures.iter().map(cell)).collect();
        table.row(&cells.iter().map(|cell| cell as &dyn std::fmt::Display).collect::<Vec<_>>());
    }
    say!("{table}");
    for part in &evaluated.subgroups {
        say!("  {} ({} cases): {}", part.name, part.cases, cell(&part.value));
    }
}

/// What each named threshold does.
pub(super) fn print_thresholds(evaluated: &Evaluated) {
    for named in evaluated.binary.iter().flat_map(|binary| &binary.thresholds) {
        let p = &named.point;
        say!(
            "  threshold {} at {:.3}: sensitivity {:.3}, specificity {:.3} ({} true positives, {} false negatives, {} false positives, {} true negatives)",
            named.name,
            p.threshold,
            p.sensitivity.value,
            p.specificity.value,
            p.true_positives,
            p.false_negatives,
            p.false_positives,
            p.true_negatives
        );
    }
}

fn cell(value: &MeasureValue) -> String {
    match (value.value, &value.interval) {
        (None, _) => "-".into(),
        (Some(value), None) => format!("{value:.3}"),
        (Some(value), Some(interval)) => format!("{value:.3} ({:.3} to {:.3})", interval.low, interval.high),
    }
}
