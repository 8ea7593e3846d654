//! The size of the joint force over the cycle of an activity.

use super::super::plot::{LEFT, Plot, TOP};
use super::super::speech::in_drawing;
use coxa_locale::Language;
use std::fmt::{Result, Write};

/// Size of the drawing.
const PLOT: Plot = Plot { wide: 400.0, high: 240.0 };
/// Numbers beside it, and the least that the axis reaches, in per cent of body weight.
const TICK_PCT_BW: f64 = 100.0;
const LEAST_TOP_PCT_BW: f64 = 300.0;
/// Numbers below it, in per cent of the cycle.
const TICK_SHARE: f64 = 20.0;

/// The force over the cycle, in per cent of body weight, at `share`s of it from 0 to 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Course<'a> {
    pub(super) share: &'a [f64],
    /// As the plan leaves the hip.
    pub(super) after: &'a [f64],
    /// Its 5th and 95th percentile over the samples, where there are any.
    pub(super) band: Option<[&'a [f64]; 2]>,
    /// The hip as scanned.
    pub(super) before: Option<&'a [f64]>,
    /// Spans of the cycle in which a seat bears weight too.
    pub(super) unknown: &'a [[f64; 2]],
}

/// Draws a course.
pub(super) fn draw(language: Language, name: &str, course: &Course<'_>) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_drawing(&mut out, language, name, course);
    out
}

fn write_drawing(out: &mut String, language: Language, name: &str, course: &Course<'_>) -> Result {
    let all = [Some(course.after), course.before, course.band.map(|[_, high]| high)];
    let most = all.iter().flatten().flat_map(|values| values.iter().copied()).fold(0.0, f64::max);
    let top = ((most / TICK_PCT_BW).ceil() * TICK_PCT_BW).max(LEAST_TOP_PCT_BW);
    let at = |share: f64, force: f64| {
        let y = PLOT.high * (1.0 - (force / top).clamp(0.0, 1.0));
        format!("{:.1} {:.1}", LEFT + PLOT.wide * share, TOP + y)
    };
    let points = |values: &[f64]| -> Vec<String> {
        course.share.iter().zip(values).map(|(share, force)| at(*share, *force)).collect()
    };
    PLOT.open(out, name)?;
    for n in 0..=(100.0 / TICK_SHARE) as usize {
        let percent = TICK_SHARE * n as f64;
        PLOT.tick_x(out, language, LEFT + PLOT.wide * percent / 100.0, percent)?;
    }
    for n in 0..=(top / TICK_PCT_BW) as usize {
        let force = TICK_PCT_BW * n as f64;
        PLOT.tick_y(out, language, TOP + PLOT.high * (1.0 - force / top), force, 0)?;
    }
    for [from, to] in course.unknown {
        let (x, wide) = (LEFT + PLOT.wide * from, PLOT.wide * (to - from));
        write!(
            out,
            "<rect class=\"unknown\" x=\"{x:.1}\" y=\"{TOP}\" width=\"{wide:.1}\" height=\"{:.1}\"/>",
            PLOT.high
        )?;
        let (middle, y) = (x + wide / 2.0, TOP + 18.0);
        let words = in_drawing(&language.text("report-seated-unknown"));
        write!(out, "<text x=\"{middle:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{words}</text>")?;
    }
    if let Some([low, high]) = course.band {
        let mut border = points(high);
        border.extend(points(low).into_iter().rev());
        if !border.is_empty() {
            write!(out, "<path class=\"band\" d=\"M{}z\"/>", border.join("L"))?;
        }
    }
    for (class, values) in [("before", course.before), ("after", Some(course.after))] {
        let Some(values) = values.filter(|values| !values.is_empty()) else { continue };
        write!(out, "<path class=\"{class}\" d=\"M{}\"/>", points(values).join("L"))?;
    }
    PLOT.frame(out, &language.text("report-axis-cycle"), &language.text("report-axis-force"))?;
    write!(out, "</svg>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_holds_everything_that_is_drawn() {
        let share = [0.0, 0.5, 1.0];
        let course = Course {
            share: &share,
            after: &[100.0, 250.0, 100.0],
            band: Some([&[80.0, 200.0, 80.0], &[120.0, 410.0, 120.0]]),
            before: Some(&[90.0, 260.0, 90.0]),
            unknown: &[[0.5, 0.6]],
        };
        let svg = draw(Language::English, "Level walking", &course);
        assert!(svg.contains(">500<") && !svg.contains(">600<"), "{svg}");
        assert!(svg.contains("class=\"band\"") && svg.contains("class=\"before\"") && svg.contains("seated"));
        // Half way through, at half of the axis.
        assert!(svg.contains(&format!("{:.1} {:.1}", LEFT + 200.0, TOP + 120.0)), "{svg}");
    }

    #[test]
    fn without_samples_or_a_hip_before_there_is_one_line() {
        let course =
            Course { share: &[0.0, 1.0], after: &[10.0, 20.0], band: None, before: None, unknown: &[] };
        let svg = draw(Language::English, "Standing", &course);
        assert!(svg.contains(">300<") && !svg.contains("band") && !svg.contains("class=\"before\""));
    }
}
