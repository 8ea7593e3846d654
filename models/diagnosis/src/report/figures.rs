//! The plots of a binary output.

use super::plots::{Plot, Series};
use crate::evaluation::BinaryDetail;

const WHOLE: [f64; 2] = [0.0, 1.0];

/// ROC, precision-recall, calibration and decision curve.
pub(super) fn binary(detail: &BinaryDetail, prevalence: f64) -> Vec<String> {
    let plots = [
        roc(detail),
        precision_recall(detail, prevalence),
        calibration(detail),
        decision(detail, prevalence),
    ];
    plots.iter().filter_map(Plot::svg).collect()
}

fn line(name: &str, points: Vec<(f64, f64)>, is_grey: bool) -> Series {
    Series::Line { name: name.into(), points, is_grey }
}

fn roc(detail: &BinaryDetail) -> Plot {
    let points = detail.roc.iter().map(|point| (1.0 - point.specificity, point.sensitivity)).collect();
    Plot {
        title: "ROC curve",
        x: "1 \u{2212} specificity",
        is_named_above: false,
        y: "sensitivity",
        x_range: WHOLE,
        y_range: WHOLE,
        series: vec![line("chance", vec![(0.0, 0.0), (1.0, 1.0)], true), line("module", points, false)],
    }
}

fn precision_recall(detail: &BinaryDetail, prevalence: f64) -> Plot {
    let points = detail.precision_recall.iter().map(|point| (point.recall, point.precision)).collect();
    Plot {
        title: "Precision and recall",
        x: "recall (sensitivity)",
        is_named_above: false,
        y: "precision (positive predictive value)",
        x_range: WHOLE,
        y_range: WHOLE,
        series: vec![
            line("all positive", vec![(0.0, prevalence), (1.0, prevalence)], true),
            line("module", points, false),
        ],
    }
}

fn calibration(detail: &BinaryDetail) -> Plot {
    let bins = detail.reliability.iter();
    let bins = bins.map(|bin| {
        let ends = bin.observed.interval.map(|interval| [interval.low, interval.high]);
        (bin.predicted, bin.observed.value, ends)
    });
    Plot {
        title: "Calibration",
        x: "predicted probability",
        is_named_above: false,
        y: "observed fraction",
        x_range: WHOLE,
        y_range: WHOLE,
        series: vec![
            line("ideal", vec![(0.0, 0.0), (1.0, 1.0)], true),
            line("smoothed", detail.smooth.curve.clone(), false),
            Series::Points { name: "tenths of the cases, 95 % interval".into(), points: bins.collect() },
        ],
    }
}

fn decision(detail: &BinaryDetail, prevalence: f64) -> Plot {
    let of = |value: fn(&coxa_statistics::DecisionPoint) -> f64| {
        detail.decision.iter().map(|point| (point.threshold, value(point))).collect::<Vec<_>>()
    };
    let band = detail.decision.iter().filter_map(|point| {
        let interval = point.model.interval.as_ref()?;
        Some((point.threshold, interval.low, interval.high))
    });
    Plot {
        title: "Decision curve",
        x: "threshold probability",
        is_named_above: true,
        y: "net benefit",
        x_range: WHOLE,
        y_range: [-0.1 * prevalence.max(0.1), 1.1 * prevalence.max(0.1)],
        series: vec![
            Series::Band { points: band.collect() },
            line("treat none", vec![(0.0, 0.0), (1.0, 0.0)], true),
            line("module", of(|point| point.model.value), false),
            line("treat all", of(|point| point.all.value), false),
        ],
    }
}
