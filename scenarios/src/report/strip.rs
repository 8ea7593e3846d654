//! The values of a quantity by level: a box of quartiles with the mean's interval, and each patient as a point.

use crate::analysis::{Data, Distribution};
use crate::study::Study;
use coxa_statistics::Summary;
use std::fmt::Write;

const WIDE: f64 = 640.0;
const LEFT: f64 = 190.0;
const RIGHT: f64 = 20.0;
const ROW: f64 = 26.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 38.0;
/// More points than this say no more.
const MOST_POINTS: usize = 200;

/// A plot of one quantity, a row for each level; `None` where nothing has a value or nothing is varied by levels.
pub(super) fn draw(study: &Study, data: &Data, output: usize, of: &Distribution) -> Option<String> {
    let rows: Vec<(String, &Summary, Vec<f64>)> = levels(study, data, output, of);
    let least = rows.iter().map(|(_, s, _)| s.least).fold(f64::INFINITY, f64::min);
    let most = rows.iter().map(|(_, s, _)| s.greatest).fold(f64::NEG_INFINITY, f64::max);
    if rows.is_empty() || least > most {
        return None;
    }
    let span = if most > least { most - least } else { 1.0 };
    let x = |value: f64| LEFT + (value - least + 0.03 * span) / (1.06 * span) * (WIDE - LEFT - RIGHT);
    let high = TOP + ROW * rows.len() as f64 + BOTTOM;
    let mut svg = opening(WIDE, high, &format!("{} by level", of.output.name()));
    for (place, (name, summary, points)) in rows.iter().enumerate() {
        let y = TOP + ROW * (place as f64 + 0.5);
        let _ = write!(
            svg,
            "<text x=\"{:.0}\" y=\"{:.1}\" class=\"end\">{}</text>",
            LEFT - 8.0,
            y + 4.0,
            escaped(name)
        );
        for (point, value) in points.iter().take(MOST_POINTS).enumerate() {
            let jitter = ((point * 7919) % 17) as f64 / 17.0 * 12.0 - 6.0;
            let _ = write!(
                svg,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"1.6\" class=\"point\"/>",
                x(*value),
                y + jitter
            );
        }
        let [low, middle, up] = [summary.lower_quartile, summary.median, summary.upper_quartile].map(x);
        let _ = write!(
            svg,
            "<rect x=\"{low:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"14\" class=\"box\"/><path d=\"M{middle:.1} {:.1}v14\" class=\"line\"/>",
            y - 7.0,
            (up - low).max(0.5),
            y - 7.0
        );
        if let Some(interval) = &summary.mean.interval {
            // Of few patients an interval may reach beyond all of them.
            let seen = |value: f64| x(value).clamp(LEFT, WIDE - RIGHT);
            let [a, b, m] = [interval.low, interval.high, summary.mean.value].map(seen);
            let _ = write!(
                svg,
                "<path d=\"M{a:.1} {y:.1}H{b:.1}\" class=\"mean\"/><circle cx=\"{m:.1}\" cy=\"{y:.1}\" r=\"3\" class=\"dot\"/>"
            );
        }
    }
    axis(
        &mut svg,
        [least, most],
        &x,
        high - BOTTOM + 4.0,
        &format!("{}, {}", of.output.name(), of.output.unit()),
    );
    svg.push_str("</svg>");
    Some(svg)
}

fn levels<'a>(
    study: &Study,
    data: &Data,
    output: usize,
    of: &'a Distribution,
) -> Vec<(String, &'a Summary, Vec<f64>)> {
    let mut rows = Vec::new();
    let mut place = 0;
    for (factor, varied) in study.factors.iter().enumerate() {
        for level in 0..varied.level_count().unwrap_or(0) {
            if let Some((factor_name, name, Some(summary))) = of.by_level.get(place) {
                let mut points = data.patient_means(output, |row| study.shows(row, factor, level));
                points.retain(|value| !value.is_nan());
                rows.push((format!("{factor_name} {name}"), summary, points));
            }
            place += 1;
        }
    }
    if let (true, Some(summary)) = (rows.is_empty(), &of.summary) {
        let mut points = data.patient_means(output, |_| true);
        points.retain(|value| !value.is_nan());
        rows.push(("all".into(), summary, points));
    }
    rows
}

/// Beginning of a drawing with its style.
pub(super) fn opening(wide: f64, high: f64, name: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide:.0} {high:.0}\" width=\"{wide:.0}\" role=\"img\" aria-label=\"{}\"><style>text{{font:12px sans-serif;fill:#222}}.heading{{font-weight:600}}.end{{text-anchor:end}}.mid{{text-anchor:middle}}.point{{fill:#7a9cc6;opacity:.6}}.box{{fill:#dfe7f1;stroke:#4a6a94;fill-opacity:.6}}.line,.axis{{stroke:#4a6a94;fill:none}}.mean{{stroke:#b23a2e;stroke-width:2}}.dot{{fill:#b23a2e}}.zero{{stroke:#999;stroke-dasharray:3 3}}</style>",
        escaped(name)
    )
}

/// An axis with about five ticks and its title below.
pub(super) fn axis(svg: &mut String, [least, most]: [f64; 2], x: &dyn Fn(f64) -> f64, y: f64, title: &str) {
    let step = step((most - least).max(1e-9) / 5.0);
    let _ = write!(svg, "<path d=\"M{:.1} {y:.1}H{:.1}\" class=\"axis\"/>", x(least), x(most));
    let mut tick = (least / step).ceil() * step;
    while tick <= most + 1e-9 * step {
        // Not minus nothing.
        let shown = if tick.abs() < 1e-9 * step { 0.0 } else { tick };
        let decimals = (-step.log10().floor()).max(0.0) as usize;
        let at = x(tick);
        let _ = write!(
            svg,
            "<path d=\"M{at:.1} {y:.1}v4\" class=\"axis\"/><text x=\"{at:.1}\" y=\"{:.1}\" class=\"mid\">{}</text>",
            y + 16.0,
            format!("{shown:.decimals$}").replace('-', "\u{2212}")
        );
        tick += step;
    }
    let middle = f64::midpoint(x(least), x(most));
    let _ =
        write!(svg, "<text x=\"{middle:.1}\" y=\"{:.1}\" class=\"mid\">{}</text>", y + 31.0, escaped(title));
}

/// The next of 1, 2 and 5 times a power of ten.
fn step(wanted: f64) -> f64 {
    let power = 10f64.powf(wanted.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|step| *step >= wanted).unwrap_or(wanted)
}

/// Text as XML has it.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
