//! ROC curves as SVG.

use super::areas::AreaOf;
use std::fmt::Write;

/// Side of a panel and its margins, pixels.
const SIDE: f64 = 260.0;
const LEFT: f64 = 46.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 42.0;
const GAP: f64 = 22.0;
/// Colours of readers, told apart by colour-blind eyes (Okabe and Ito), again from the first where there are more.
const COLOURS: [&str; 7] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#4D4D4D"];

/// One panel for each method, a curve for each reader.
pub(super) fn curves(treatments: &[String], readers: &[String], areas: &[AreaOf]) -> String {
    let wide = LEFT + treatments.len() as f64 * (SIDE + GAP);
    let legend = 18.0 * readers.len().div_ceil(4) as f64;
    let high = TOP + SIDE + BOTTOM + legend;
    let mut svg = format!(
        "<svg viewBox=\"0 0 {wide:.0} {high:.0}\" width=\"{wide:.0}\" role=\"img\" aria-label=\"ROC curves\" xmlns=\"http://www.w3.org/2000/svg\">"
    );
    for (panel, treatment) in treatments.iter().enumerate() {
        let x0 = LEFT + panel as f64 * (SIDE + GAP);
        axes(&mut svg, x0, treatment, panel == 0);
        for area in areas.iter().filter(|area| area.treatment == *treatment) {
            let colour = colour(readers, &area.reader);
            let points: Vec<String> = area
                .curve
                .iter()
                .map(|point| {
                    let (x, y) =
                        (x0 + SIDE * (1.0 - point.specificity), TOP + SIDE * (1.0 - point.sensitivity));
                    format!("{x:.1},{y:.1}")
                })
                .collect();
            let _ = write!(
                svg,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\"><title>{}</title></polyline>",
                points.join(" "),
                escaped(&area.reader)
            );
        }
    }
    for (place, reader) in readers.iter().enumerate() {
        let (x, y) =
            (LEFT + (place % 4) as f64 * 140.0, TOP + SIDE + BOTTOM + 10.0 + 18.0 * (place / 4) as f64);
        let _ = write!(
            svg,
            "<path d=\"M{x:.0} {y:.0}h18\" stroke=\"{}\" stroke-width=\"2.5\"/><text x=\"{:.0}\" y=\"{:.0}\">{}</text>",
            colour(readers, reader),
            x + 24.0,
            y + 4.0,
            escaped(reader)
        );
    }
    svg.push_str("</svg>");
    svg
}

fn colour(readers: &[String], reader: &str) -> &'static str {
    let place = readers.iter().position(|other| other == reader).unwrap_or(0);
    COLOURS[place % COLOURS.len()]
}

fn axes(svg: &mut String, x0: f64, title: &str, has_scale: bool) {
    let y1 = TOP + SIDE;
    let _ = write!(
        svg,
        "<rect x=\"{x0}\" y=\"{TOP}\" width=\"{SIDE}\" height=\"{SIDE}\" fill=\"none\" stroke=\"#999\"/>\
         <path d=\"M{x0} {y1}L{} {TOP}\" stroke=\"#bbb\" stroke-dasharray=\"4 4\"/>\
         <text x=\"{}\" y=\"{}\" text-anchor=\"middle\" font-weight=\"600\">{}</text>\
         <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">1 \u{2212} specificity</text>",
        x0 + SIDE,
        x0 + SIDE / 2.0,
        TOP - 8.0,
        escaped(title),
        x0 + SIDE / 2.0,
        y1 + 34.0
    );
    for tick in 0..=4 {
        let part = f64::from(tick) / 4.0;
        let (x, y) = (x0 + SIDE * part, y1 - SIDE * part);
        let _ = write!(svg, "<text x=\"{x:.0}\" y=\"{:.0}\" text-anchor=\"middle\">{part}</text>", y1 + 16.0);
        if has_scale {
            let _ = write!(
                svg,
                "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{part}</text>",
                x0 - 6.0,
                y + 4.0
            );
        }
    }
    if has_scale {
        let middle = TOP + SIDE / 2.0;
        let _ = write!(
            svg,
            "<text transform=\"translate(11 {middle}) rotate(-90)\" text-anchor=\"middle\">Sensitivity</text>"
        );
    }
}

/// Text for HTML and SVG.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
