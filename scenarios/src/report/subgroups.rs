//! Differences between levels in subgroups of the patients, in the unit of the quantity.

use super::strip::{axis, escaped, opening};
use crate::analysis::Comparison;
use std::fmt::Write;

const WIDE: f64 = 760.0;
const LEFT: f64 = 330.0;
const RIGHT: f64 = 20.0;
const ROW: f64 = 17.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 40.0;

/// A line of the plot: a heading, or a subgroup with its mean difference and interval.
enum Line {
    Heading(String),
    Group { name: String, value: f64, ends: [f64; 2] },
}

/// A plot of one quantity: for each level its difference from the first in every subgroup; `None` where there are no subgroups.
pub(super) fn draw(comparisons: &[&Comparison]) -> Option<String> {
    let lines = lines(comparisons);
    let ends = lines.iter().filter_map(|line| match line {
        Line::Heading(_) => None,
        Line::Group { ends, .. } => Some(*ends),
    });
    let [least, most] =
        ends.fold([0.0f64, 0.0f64], |[least, most], [low, up]| [least.min(low), most.max(up)]);
    let first = comparisons.first().filter(|_| most > least)?;
    let span = most - least;
    let x = |value: f64| LEFT + (value - least + 0.03 * span) / (1.06 * span) * (WIDE - LEFT - RIGHT);
    let high = TOP + ROW * lines.len() as f64 + BOTTOM;
    let mut svg = opening(WIDE, high, &format!("{} in subgroups", first.output.name()));
    let _ = write!(svg, "<path d=\"M{0:.1} {TOP}V{1:.1}\" class=\"zero\"/>", x(0.0), high - BOTTOM);
    for (place, line) in lines.iter().enumerate() {
        let y = TOP + ROW * (place as f64 + 0.5);
        let text = |svg: &mut String, name: &str, at: f64, class: &str| {
            let name = escaped(name);
            let _ = write!(svg, "<text x=\"{at:.0}\" y=\"{:.1}\" class=\"{class}\">{name}</text>", y + 4.0);
        };
        match line {
            Line::Heading(name) => text(&mut svg, name, 4.0, "heading"),
            Line::Group { name, value, ends: [low, up] } => {
                text(&mut svg, name, LEFT - 8.0, "end");
                let [low, middle, up] = [*low, *value, *up].map(x);
                let _ = write!(
                    svg,
                    "<path d=\"M{low:.1} {y:.1}H{up:.1}\" class=\"mean\"/><circle cx=\"{middle:.1}\" cy=\"{y:.1}\" r=\"3\" class=\"dot\"/>"
                );
            }
        }
    }
    let title = format!("change of {}, {}; 95 % interval", first.output.name(), first.output.unit());
    axis(&mut svg, [least, most], &x, high - BOTTOM + 4.0, &title);
    svg.push_str("</svg>");
    Some(svg)
}

fn lines(comparisons: &[&Comparison]) -> Vec<Line> {
    let mut lines = Vec::new();
    for one in comparisons.iter().filter(|one| !one.subgroups.is_empty()) {
        lines.push(Line::Heading(one.change()));
        for subgroup in &one.subgroups {
            for (name, found) in subgroup.by.names().into_iter().zip(&subgroup.found) {
                let ends = found.interval.as_ref().map_or([found.value; 2], |i| [i.low, i.high]);
                let name = format!("{name} ({})", found.n);
                lines.push(Line::Group { name, value: found.value, ends });
            }
        }
    }
    lines
}
