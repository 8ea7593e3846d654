//! How likely every orientation of the cup is to succeed, as drawings.

use super::super::numbers::{fixed, with_decimals};
use super::super::plot::{LEFT, Plot, TOP};
use super::super::speech::{in_drawing, say};
use super::ramp::ramp;
use super::{contours, names};
use crate::optimise::{Optimisation, OrientationMap};
use coxa_anatomy::HipAnatomy;
use coxa_geometry::Side;
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::{AnteriorPelvicPlane, Gravity, RightSide};
use coxa_geometry::side::KeptAxes;
use coxa_geometry::{Angle, Transform, Unit};
use coxa_locale::Language;
use serde::Serialize;
use std::fmt::Write;

/// Units of a degree.
const PX: f64 = 6.0;
/// Numbers along the axes.
const TICK_DEG: f64 = 10.0;
/// Steps of the chance that a drawing may have; the smallest one that needs no more than `MOST_STEPS` is taken.
const STEPS: [f64; 5] = [0.005, 0.01, 0.02, 0.05, 0.1];
const MOST_STEPS: f64 = 10.0;
/// Lewinnek et al. 1978: inclination and anteversion against the anterior pelvic plane, degrees.
const LEWINNEK_DEG: [[f64; 2]; 2] = [[30.0, 50.0], [5.0, 25.0]];
/// Points along each side of the zone.
const ALONG: usize = 16;

/// The drawings with what stands beside them.
#[derive(Debug, Serialize)]
pub(super) struct Map {
    samples: usize,
    drawings: Vec<Drawing>,
    /// The best orientation for the recommended components, and its chance; `None` where none succeeds in any sample.
    best: Option<(String, String)>,
    /// How the zone of Lewinnek got into this plane.
    zone: String,
    /// One standard deviation of the error model, inclination and anteversion.
    error: (String, String),
}

/// One drawing with its colours.
#[derive(Debug, Serialize)]
struct Drawing {
    svg: String,
    legend: Vec<(String, String)>,
}

impl Map {
    /// `None` where there is no map, or one that is not a grid.
    pub(super) fn new(
        found: &Optimisation,
        anatomy: &HipAnatomy,
        side: Side,
        language: Language,
    ) -> Option<Self> {
        let map = found.orientation_map.as_ref()?;
        let frame = Frame::new(map)?;
        let (zone, words) = zone(anatomy, side);
        let drawing = |name, values: &Vec<Vec<f64>>| {
            is_grid(values, map).then(|| Drawing::new((language, name), values, &frame, found, &zone))
        };
        let degrees = |value: f64| with_decimals(language, value, Unit::Degree, 1);
        let best = |([ri, ra], share): ([f64; 2], f64)| {
            let [ri, ra] =
                [ri, ra].map(|angle| say(language, "report-degrees", [("number", fixed(angle, 0))]));
            let angles = [("inclination", ri.into()), ("anteversion", ra.into())];
            (say(language, "report-two-angles", angles), names::chance(language, share))
        };
        let model = &found.options.error_model;
        Some(Map {
            samples: map.samples,
            drawings: vec![
                drawing("report-chance-of-all", &map.success)?,
                drawing("report-motion-and-stability", &map.motion)?,
            ],
            best: map.best().map(best),
            zone: language.text(words),
            error: (degrees(model.cup_inclination_deg.sd), degrees(model.cup_anteversion_deg.sd)),
        })
    }
}

fn is_grid(values: &[Vec<f64>], map: &OrientationMap) -> bool {
    values.len() == map.inclinations_deg.len()
        && values.iter().all(|row| row.len() == map.anteversions_deg.len())
}

/// The border of Lewinnek's zone as inclinations and anteversions in the supine functional plane, and how it got there.
fn zone(anatomy: &HipAnatomy, side: Side) -> (Vec<[f64; 2]>, &'static str) {
    let pelvis = &anatomy.pelvis;
    let planes = pelvis.known_anterior_plane().zip(pelvis.functional).map(|(anterior, functional)| {
        (side.enter_frame(&anterior, KeptAxes::XY), side.enter_frame(&functional, KeptAxes::XY))
    });
    let [ri, ra] = LEWINNEK_DEG;
    let corners = [[ri[0], ra[0]], [ri[1], ra[0]], [ri[1], ra[1]], [ri[0], ra[1]]];
    let border = (0..4).flat_map(|n| {
        let (from, to) = (corners[n], corners[(n + 1) % 4]);
        (0..ALONG).map(move |k| [0, 1].map(|i| from[i] + (to[i] - from[i]) * k as f64 / ALONG as f64))
    });
    let (zone, words) = match planes {
        Some(planes) if pelvis.anterior_plane.is_none() => {
            (border.map(|at| supine(at, &planes)).collect(), "report-zone-completed")
        }
        Some(planes) => (border.map(|at| supine(at, &planes)).collect(), "report-zone-own"),
        None => (border.collect(), "report-zone-not-seen"),
    };
    (zone, words)
}

/// An orientation against the anterior pelvic plane, as it is against the supine functional one.
fn supine(
    [ri, ra]: [f64; 2],
    (anterior, functional): &(Transform<AnteriorPelvicPlane, RightSide>, Transform<Gravity, RightSide>),
) -> [f64; 2] {
    let axis = Radiographic::<AnteriorPelvicPlane>::from_degrees(ri, ra).axis();
    let found = Radiographic::<Gravity>::from_axis(functional.inverse().apply(anterior.apply(axis)));
    [found.inclination, found.anteversion].map(Angle::degrees)
}

/// Where degrees lie in the drawing.
struct Frame {
    first: [f64; 2],
    step: [f64; 2],
    plot: Plot,
}

impl Frame {
    fn new(map: &OrientationMap) -> Option<Self> {
        let axis = |degrees: &[f64]| {
            let (&first, &second, &last) = (degrees.first()?, degrees.get(1)?, degrees.last()?);
            let is_axis = first < second && (-360.0..=360.0).contains(&first) && last <= 360.0;
            is_axis.then_some((first, second - first, last - first))
        };
        let (ri, ra) = (axis(&map.inclinations_deg)?, axis(&map.anteversions_deg)?);
        Some(Frame {
            first: [ri.0, ra.0],
            step: [ri.1, ra.1],
            plot: Plot { wide: ri.2 * PX, high: ra.2 * PX },
        })
    }

    /// Within the frame; anteversion is upwards.
    fn place(&self, [ri, ra]: [f64; 2]) -> [f64; 2] {
        [(ri - self.first[0]) * PX, self.plot.high - (ra - self.first[1]) * PX]
    }
}

impl Drawing {
    fn new(
        (language, name): (Language, &str),
        values: &[Vec<f64>],
        frame: &Frame,
        found: &Optimisation,
        zone: &[[f64; 2]],
    ) -> Self {
        let most = values.iter().flatten().copied().fold(0.0, f64::max).min(1.0);
        let step = STEPS.into_iter().find(|step| most / step <= MOST_STEPS + 1e-9).unwrap_or(0.1);
        let count = if most > 0.0 { (most / step + 1e-9).floor() as usize } else { 0 };
        let colour = |n: usize| ramp(n as f64 / count.max(1) as f64);
        let mut svg = String::new();
        // Writing to a string cannot fail.
        let _ = write_drawing(&mut svg, (language, name), values, frame, found, zone, (step, count));
        let decimals = if step < 0.01 { 1 } else { 0 };
        let percent = |n: usize| fixed(100.0 * step * n as f64, decimals);
        let band = |n: usize| match n {
            0 => say(language, "report-chance-below", [("high", percent(1))]),
            n if n == count => say(language, "report-chance-from", [("low", percent(n))]),
            n => say(language, "report-chance-between", [("low", percent(n)), ("high", percent(n + 1))]),
        };
        Drawing { svg, legend: (0..=count).map(|n| (band(n), colour(n))).collect() }
    }
}

fn write_drawing(
    out: &mut String,
    (language, name): (Language, &str),
    values: &[Vec<f64>],
    frame: &Frame,
    found: &Optimisation,
    zone: &[[f64; 2]],
    (step, count): (f64, usize),
) -> std::fmt::Result {
    let Plot { wide, high } = frame.plot;
    frame.plot.open(out, &language.text(name))?;
    // A drawing of its own within the frame cuts off what reaches beyond.
    write!(
        out,
        "<svg x=\"{LEFT}\" y=\"{TOP}\" width=\"{wide:.1}\" height=\"{high:.1}\" viewBox=\"0 0 {wide:.1} {high:.1}\">"
    )?;
    write!(
        out,
        "<g transform=\"translate(0 {high:.1}) scale({:.4} {:.4})\"><path fill=\"{}\" d=\"M0 0h{}v{}H0z\"/>",
        frame.step[0] * PX,
        -frame.step[1] * PX,
        ramp(0.0),
        values.len().saturating_sub(1),
        values.first().map_or(0, |row| row.len().saturating_sub(1))
    )?;
    for n in 1..=count {
        let fill = ramp(n as f64 / count as f64);
        write!(out, "<path fill=\"{fill}\" d=\"{}\"/>", contours::area(values, step * n as f64))?;
    }
    for n in 1..=count {
        write!(out, "<path class=\"level\" d=\"{}\"/>", contours::border(values, step * n as f64))?;
    }
    write!(out, "</g>")?;
    let border: Vec<String> =
        zone.iter().map(|&at| frame.place(at)).map(|[x, y]| format!("{x:.1} {y:.1}")).collect();
    write!(
        out,
        "<path class=\"halo\" d=\"M{0}z\"/><path class=\"zone\" d=\"M{0}z\"><title>{1}</title></path>",
        border.join("L"),
        in_drawing(&language.text("report-legend-zone"))
    )?;
    let orientation = |design: &crate::optimise::Design| {
        [design.placement.inclination_deg, design.placement.anteversion_deg]
    };
    let (rule, best) = (orientation(&found.first.design), orientation(&found.recommended.design));
    let model = &found.options.error_model;
    let errors = [&model.cup_inclination_deg, &model.cup_anteversion_deg];
    let [x, y] = frame.place([best[0] + errors[0].mean, best[1] + errors[1].mean]);
    let [rx, ry] = errors.map(|error| error.sd.abs() * PX);
    if rx > 0.0 && ry > 0.0 {
        let words = in_drawing(&language.text("report-error-of-model"));
        for class in ["halo", "error"] {
            write!(
                out,
                "<ellipse class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" rx=\"{rx:.1}\" ry=\"{ry:.1}\"><title>{words}</title></ellipse>"
            )?;
        }
    }
    let words = |id: &str, [ri, ra]: [f64; 2]| {
        let of = [("inclination", fixed(ri, 1)), ("anteversion", fixed(ra, 1))];
        in_drawing(&say(language, id, of))
    };
    let [x, y] = frame.place(rule);
    write!(
        out,
        "<path class=\"mark rule\" d=\"M{:.1} {:.1}h12v12h-12z\"><title>{}</title></path>",
        x - 6.0,
        y - 6.0,
        words("report-orientation-by-rule", rule)
    )?;
    let [x, y] = frame.place(best);
    write!(
        out,
        "<path class=\"mark best\" d=\"M{x:.1} {:.1}l9 9l-9 9l-9 -9z\"><title>{}</title></path></svg>",
        y - 9.0,
        words("report-orientation-recommended", best)
    )?;
    let ticks = |first: f64, span: f64| {
        let whole = (first / TICK_DEG).ceil() as i32..=((first + span) / TICK_DEG).floor() as i32;
        whole.map(|n| f64::from(n) * TICK_DEG)
    };
    for degrees in ticks(frame.first[0], wide / PX) {
        frame.plot.tick_x(out, language, LEFT + frame.place([degrees, 0.0])[0], degrees)?;
    }
    for degrees in ticks(frame.first[1], high / PX) {
        frame.plot.tick_y(out, language, TOP + frame.place([0.0, degrees])[1], degrees, 0)?;
    }
    let [below, beside] = ["report-axis-inclination", "report-axis-anteversion"].map(|id| language.text(id));
    frame.plot.frame(out, &below, &beside)?;
    write!(out, "</svg>")
}
