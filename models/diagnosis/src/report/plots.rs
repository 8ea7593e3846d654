//! Line plots as SVG.

use plotters::coord::Shift;
use plotters::prelude::*;

/// Width and height of a plot, pixels.
const SIZE: (u32, u32) = (440, 400);
/// Colours of lines, told apart by the colour-blind (Okabe and Ito).
const COLOURS: [RGBColor; 4] =
    [RGBColor(0, 114, 178), RGBColor(213, 94, 0), RGBColor(0, 158, 115), RGBColor(204, 121, 167)];
const GREY: RGBColor = RGBColor(150, 150, 150);
const FONT: &str = "sans-serif";

/// A line, or points with intervals.
pub(super) enum Series {
    /// A named line; `is_grey` for a reference.
    Line { name: String, points: Vec<(f64, f64)>, is_grey: bool },
    /// Points, each with the ends of its interval upwards.
    Points { name: String, points: Vec<(f64, f64, Option<[f64; 2]>)> },
    /// A band between a lower and an upper line.
    Band { points: Vec<(f64, f64, f64)> },
}

/// A plot with its axes.
pub(super) struct Plot {
    pub(super) title: &'static str,
    pub(super) x: &'static str,
    pub(super) y: &'static str,
    pub(super) x_range: [f64; 2],
    pub(super) y_range: [f64; 2],
    pub(super) series: Vec<Series>,
    /// Whether the names of lines stand at the upper right, instead of the lower.
    pub(super) is_named_above: bool,
}

impl Plot {
    /// The plot as SVG; `None` where it cannot be drawn, such as with an empty range.
    pub(super) fn svg(&self) -> Option<String> {
        let mut text = String::new();
        {
            let root = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
            self.draw(&root).ok()?;
            root.present().ok()?;
        }
        Some(text)
    }

    fn draw(&self, root: &DrawingArea<SVGBackend<'_>, Shift>) -> Result<(), Box<dyn std::error::Error>> {
        let ([x0, x1], [y0, y1]) = (self.x_range, self.y_range);
        let mut chart = ChartBuilder::on(root)
            .caption(self.title, (FONT, 15))
            .margin(8)
            .x_label_area_size(38)
            .y_label_area_size(48)
            .build_cartesian_2d(x0..x1, y0..y1)?;
        chart
            .configure_mesh()
            .light_line_style(WHITE)
            .bold_line_style(RGBColor(230, 230, 230))
            .x_desc(self.x)
            .y_desc(self.y)
            .x_labels(6)
            .y_labels(6)
            .label_style((FONT, 12))
            .axis_desc_style((FONT, 13))
            .draw()?;
        let mut colours = COLOURS.iter().copied().cycle();
        for series in &self.series {
            match series {
                Series::Band { points } => {
                    let there = points.iter().map(|(x, low, _)| (*x, low.clamp(y0, y1)));
                    let back = points.iter().rev().map(|(x, _, high)| (*x, high.clamp(y0, y1)));
                    let polygon = Polygon::new(there.chain(back).collect::<Vec<_>>(), COLOURS[0].mix(0.18));
                    chart.draw_series([polygon])?;
                }
                Series::Line { name, points, is_grey } => {
                    let colour = if *is_grey { GREY } else { colours.next().unwrap_or(BLACK) };
                    let inside = points.iter().map(|(x, y)| (*x, y.clamp(y0, y1)));
                    chart.draw_series(LineSeries::new(inside, colour.stroke_width(2)))?.label(name).legend(
                        move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(2)),
                    );
                }
                Series::Points { name, points } => {
                    let colour = colours.next().unwrap_or(BLACK);
                    let whiskers = points
                        .iter()
                        .filter_map(|(x, _, ends)| ends.map(|[low, high]| [(*x, low), (*x, high)]));
                    chart.draw_series(whiskers.map(|ends| PathElement::new(ends, colour.stroke_width(1))))?;
                    chart
                        .draw_series(
                            points.iter().map(|(x, y, _)| Circle::new((*x, *y), 3, colour.filled())),
                        )?
                        .label(name)
                        .legend(move |(x, y)| Circle::new((x + 8, y), 3, colour.filled()));
                }
            }
        }
        chart
            .configure_series_labels()
            .position(match self.is_named_above {
                true => SeriesLabelPosition::UpperRight,
                false => SeriesLabelPosition::LowerRight,
            })
            .background_style(WHITE.mix(0.8))
            .label_font((FONT, 12))
            .draw()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_names_its_axes_and_lines() {
        let line =
            Series::Line { name: "module".into(), points: vec![(0.0, 0.0), (1.0, 2.0)], is_grey: false };
        let points = Series::Points { name: "bins".into(), points: vec![(0.5, 0.5, Some([0.4, 0.6]))] };
        let plot = Plot {
            title: "Calibration",
            x: "predicted",
            y: "observed",
            x_range: [0.0, 1.0],
            y_range: [0.0, 1.0],
            series: vec![line, points],
            is_named_above: false,
        };
        let svg = plot.svg().expect("it can be drawn");
        for word in ["<svg", "Calibration", "predicted", "observed", "module", "bins"] {
            assert!(svg.contains(word), "{word}");
        }
    }
}
