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
/// Ends of the scale to choose from. Few patients have intervals of any width, and one of them must not make all others points.
const SCALES: [f64; 8] = [0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0];

/// Effect size of a comparison with its interval.
struct Row {
    name: String,
    value: f64,
    ends: [f64; 2],
}

/// Effect size of every comparison with its interval; `None` without any.
pub(super) fn draw(comparisons: &[Comparison]) -> Option<String> {
    let rows: Vec<Row> = comparisons
        .iter()
        .filter_map(|one| {
            let effect = one.found.as_ref()?.effect_size.as_ref()?;
            let interval = effect.interval.as_ref()?;
            let name = format!("{}: {} {} \u{2192} {}", one.output.name(), one.factor, one.from, one.to);
            Some(Row { name, value: effect.value, ends: [interval.low, interval.high] })
        })
        .collect();
    (!rows.is_empty()).then(|| of_rows(&rows))
}

/// The drawing, on a scale that holds all ends within the largest.
fn of_rows(rows: &[Row]) -> String {
    let farthest = rows.iter().flat_map(|row| row.ends).fold(0.0, |most: f64, end| most.max(end.abs()));
    let largest = SCALES[SCALES.len() - 1];
    let most = SCALES.into_iter().find(|most| *most >= farthest).unwrap_or(largest);
    let x = |value: f64| LEFT + (value.clamp(-most, most) + most) / (2.0 * most) * (WIDE - LEFT - RIGHT);
    let high = TOP + ROW * rows.len() as f64 + BOTTOM;
    let mut svg = opening(WIDE, high, "Differences between levels");
    let _ = write!(svg, "<path d=\"M{0:.1} {TOP}V{1:.1}\" class=\"zero\"/>", x(0.0), high - BOTTOM);
    for (place, row) in rows.iter().enumerate() {
        draw_row(&mut svg, row, TOP + ROW * (place as f64 + 0.5), most, &x);
    }
    let title = match farthest > most {
        true => format!("Hedges' g within patients, 95 % interval; arrows: beyond \u{b1}{most}"),
        false => "Hedges' g of the difference within patients, 95 % interval".to_owned(),
    };
    axis(&mut svg, [-most, most], &x, high - BOTTOM + 4.0, &title);
    svg.push_str("</svg>");
    svg
}

/// The interval as a line, an arrow head for each end that is beyond the scale, and the effect as a dot where it is within.
fn draw_row(svg: &mut String, row: &Row, y: f64, most: f64, x: &dyn Fn(f64) -> f64) {
    let [low, high] = row.ends.map(x);
    let _ = write!(
        svg,
        "<text x=\"{:.0}\" y=\"{:.1}\" class=\"end\">{}</text><path d=\"M{low:.1} {y:.1}H{high:.1}\" class=\"mean\"/>",
        LEFT - 8.0,
        y + 4.0,
        escaped(&row.name)
    );
    for (edge, back) in [(-most, 7.0), (most, -7.0)] {
        if row.ends.iter().any(|end| end.abs() > most && end.signum() == edge.signum()) {
            let _ = write!(svg, "<path d=\"M{:.1} {y:.1}l{back} -4v8z\" class=\"dot\"/>", x(edge));
        }
    }
    if row.value.abs() <= most {
        let _ = write!(svg, "<circle cx=\"{:.1}\" cy=\"{y:.1}\" r=\"3\" class=\"dot\"/>", x(row.value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(rows: &[(f64, [f64; 2])]) -> String {
        let row = |&(value, ends): &(f64, [f64; 2])| Row { name: "flexion".into(), value, ends };
        of_rows(&rows.iter().map(row).collect::<Vec<_>>())
    }

    #[test]
    fn the_scale_follows_the_farthest_end() {
        for (end, tick) in [(0.4, "0.4"), (0.9, "1.0"), (3.5, "4"), (7.0, "5")] {
            let svg = drawn(&[(0.1, [-0.2, 0.3]), (0.2, [0.1, end])]);
            assert!(svg.contains(&format!(">{tick}</text>")), "{end}: {svg}");
            assert!(!svg.contains("beyond") && svg.matches("<circle").count() == 2, "{svg}");
        }
    }

    #[test]
    fn what_lies_beyond_has_an_arrow_at_the_edge() {
        let count = |svg: &str| (svg.matches("v8z").count(), svg.matches("<circle").count());
        // One end, both, and all of a row: an effect beyond the scale is no dot at its edge.
        for (rows, expected) in [
            (vec![(4.0, [1.0, 12.0]), (0.2, [-1.0, 1.0])], (1, 2)),
            (vec![(0.0, [-30.0, 30.0])], (2, 1)),
            (vec![(-20.0, [-40.0, -11.0])], (1, 0)),
        ] {
            let svg = drawn(&rows);
            assert_eq!(count(&svg), expected, "{svg}");
            assert!(svg.contains("; arrows: beyond \u{b1}10"), "{svg}");
        }
    }
}
