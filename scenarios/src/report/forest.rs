//! Differences between levels as effect sizes, so that quantities of all units stand in one plot.

use super::strip::{axis, escaped, opening};
use crate::analysis::Comparison;
use std::fmt::Write;

const WIDE: f64 = 860.0;
const LEFT: f64 = 470.0;
const RIGHT: f64 = 20.0;
const ROW: f64 = 20.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 40.0;
/// Effects beyond this are drawn at the edge.
const MOST: f64 = 3.0;

/// Effect size of every comparison with its interval; `None` without any.
pub(super) fn draw(comparisons: &[Comparison]) -> Option<String> {
    let rows: Vec<(String, f64, [f64; 2])> = comparisons
        .iter()
        .filter_map(|one| {
            let effect = one.found.as_ref()?.effect_size.as_ref()?;
            let interval = effect.interval.as_ref()?;
            let name = format!("{}: {} {} \u{2192} {}", one.output.name(), one.factor, one.from, one.to);
            Some((name, effect.value, [interval.low, interval.high]))
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let x = |value: f64| LEFT + (value.clamp(-MOST, MOST) + MOST) / (2.0 * MOST) * (WIDE - LEFT - RIGHT);
    let high = TOP + ROW * rows.len() as f64 + BOTTOM;
    let mut svg = opening(WIDE, high, "Differences between levels");
    let _ = write!(svg, "<path d=\"M{0:.1} {TOP}V{1:.1}\" class=\"zero\"/>", x(0.0), high - BOTTOM);
    for (place, (name, value, [low, up])) in rows.iter().enumerate() {
        let y = TOP + ROW * (place as f64 + 0.5);
        let _ = write!(
            svg,
            "<text x=\"{:.0}\" y=\"{:.1}\" class=\"end\">{}</text><path d=\"M{:.1} {y:.1}H{:.1}\" class=\"mean\"/><circle cx=\"{:.1}\" cy=\"{y:.1}\" r=\"3\" class=\"dot\"/>",
            LEFT - 8.0,
            y + 4.0,
            escaped(name),
            x(*low),
            x(*up),
            x(*value)
        );
    }
    axis(
        &mut svg,
        [-MOST, MOST],
        &x,
        high - BOTTOM + 4.0,
        "Hedges' g of the difference within patients, 95 % interval",
    );
    svg.push_str("</svg>");
    Some(svg)
}
