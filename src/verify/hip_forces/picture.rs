//! Courses as a picture: one panel for each motion.

use super::motion_course::MotionCourse;
use super::published::PublishedForce;
use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;

/// Width and height, pixels.
const SIZE: (u32, u32) = (960, 720);
const PANELS: (usize, usize) = (2, 2);
/// What stands above the highest course, for the names of the lines.
const ABOVE: f64 = 1.3;
/// Told apart by the colour-blind (Okabe and Ito).
const OURS: RGBColor = RGBColor(0, 114, 178);
const MEASURED: [RGBColor; 2] = [RGBColor(213, 94, 0), RGBColor(0, 158, 115)];
const FONT: &str = "sans-serif";

type Drawn = Result<(), Box<dyn std::error::Error>>;

/// The picture as SVG.
pub(super) fn svg(motions: &[MotionCourse]) -> Result<String> {
    let mut text = String::new();
    drawn(&mut text, motions).map_err(|error| anyhow!("the courses cannot be drawn: {error}"))?;
    Ok(text)
}

fn drawn(text: &mut String, motions: &[MotionCourse]) -> Drawn {
    let root = SVGBackend::with_string(text, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let top = |motion: &MotionCourse| {
        motion.steps.iter().map(|step| step.force_pct_bw + step.spread_pct_bw).fold(0.0, f64::max)
    };
    // One scale for all, so that motions compare.
    let highest = ABOVE * motions.iter().map(top).fold(1.0, f64::max);
    for (area, motion) in root.split_evenly(PANELS).iter().zip(motions) {
        panel(area, motion, highest)?;
    }
    root.present()?;
    Ok(())
}

fn panel(area: &DrawingArea<SVGBackend<'_>, Shift>, motion: &MotionCourse, highest: f64) -> Drawn {
    let mut chart = ChartBuilder::on(area)
        .caption(format!("{}, {} people", motion.title, motion.people), (FONT, 15))
        .margin(8)
        .x_label_area_size(38)
        .y_label_area_size(48)
        .build_cartesian_2d(0.0..100.0, 0.0..highest)?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .bold_line_style(RGBColor(230, 230, 230))
        .x_desc("% of the motion")
        .y_desc("hip force, % of body weight")
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| format!("{y:.0}"))
        .x_labels(6)
        .y_labels(6)
        .label_style((FONT, 12))
        .axis_desc_style((FONT, 13))
        .draw()?;
    let edge = |sign: f64| {
        motion
            .steps
            .iter()
            .map(move |step| (step.at_percent, (step.force_pct_bw + sign * step.spread_pct_bw).max(0.0)))
    };
    let mut band: Vec<(f64, f64)> = edge(1.0).collect();
    band.extend(edge(-1.0).collect::<Vec<_>>().into_iter().rev());
    chart.draw_series([Polygon::new(band, OURS.mix(0.15))])?;
    let line = motion.steps.iter().map(|step| (step.at_percent, step.force_pct_bw));
    chart
        .draw_series(LineSeries::new(line, OURS.stroke_width(2)))?
        .label("by muscles, mean and SD")
        .legend(|(x, y)| PathElement::new([(x, y), (x + 16, y)], OURS.stroke_width(2)));
    for (force, colour) in motion.published.iter().zip(MEASURED.iter().cycle()) {
        let PublishedForce { force_pct_bw, what, people, .. } = force;
        let ends = [(0.0, *force_pct_bw), (100.0, *force_pct_bw)];
        let style = colour.stroke_width(1);
        chart
            .draw_series(DashedLineSeries::new(ends, 6, 4, style))?
            .label(format!("measured: {what}, {people} people"))
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], style));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE.mix(0.8))
        .label_font((FONT, 12))
        .draw()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::motion_course::CourseStep;
    use super::super::published::STAIRS_UP;
    use super::*;

    #[test]
    fn a_panel_has_the_course_and_what_was_measured() {
        let step = |at_percent: f64| CourseStep { at_percent, force_pct_bw: 100.0, spread_pct_bw: 10.0 };
        let motion = MotionCourse {
            title: "climbing stairs",
            motion: "stairs_up",
            people: 3,
            measured_pct_bw: None,
            steps: [0.0, 50.0, 100.0].map(step).into(),
            features: Vec::new(),
            published: STAIRS_UP,
            caution: "",
        };
        let text = svg(&[motion]).unwrap();
        assert!(text.starts_with("<svg") && text.trim_end().ends_with("</svg>"), "{text}");
        for words in ["climbing stairs, 3 people", "measured: greatest, average patient, 4 people"] {
            assert!(text.contains(words), "{words}");
        }
    }
}
