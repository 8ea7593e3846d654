//! Plans of which none is better than another in every group of criteria, as drawings: the two groups that are most opposed on
//! the axes, every other group as the colour of a drawing of its own.

use super::super::numbers::fixed;
use super::super::plot::{LEFT, Plot, TOP};
use super::super::speech::{listed, say};
use super::ramp::ramp;
use super::{choice, names};
use crate::optimise::criteria::Group;
use crate::optimise::{GroupScore, Optimisation, Tried};
use crate::placed::ComponentNames;
use coxa_locale::Language;
use minijinja::HtmlEscape;
use serde::Serialize;
use std::fmt::Write;

/// Size of what is drawn, in its own units.
const WIDE: f64 = 360.0;
const HIGH: f64 = 260.0;
/// An axis shows no less than this many hundredths, so that small differences look small.
const LEAST_SPAN: f64 = 10.0;
/// Colours of a third group.
const STEPS: usize = 4;

/// The drawings.
#[derive(Debug, Serialize)]
pub(super) struct Pareto {
    plans: usize,
    /// Samples that they were compared by.
    samples: usize,
    drawings: Vec<Drawing>,
}

/// One drawing with what its colours mean.
#[derive(Debug, Serialize)]
struct Drawing {
    svg: String,
    legend: Vec<(String, String)>,
}

/// A plan in the drawing.
struct Mark<'a> {
    components: &'a ComponentNames,
    groups: &'a [GroupScore],
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Tried,
    ByRule,
    Recommended,
}

impl Mark<'_> {
    /// Desirability of a group in hundredths.
    fn of(&self, group: Group) -> Option<f64> {
        self.groups.iter().find(|score| score.group == group).map(|score| 100.0 * score.desirability)
    }
}

impl Pareto {
    /// `None` where fewer than two groups are judged, or nothing was tried long enough.
    pub(super) fn new(found: &Optimisation, language: Language) -> Option<Self> {
        if found.pareto.is_empty() {
            return None;
        }
        let tried = found.pareto.iter().map(|Tried { design, groups, .. }| Mark {
            components: &design.components,
            groups,
            kind: Kind::Tried,
        });
        let named = [(&found.first, Kind::ByRule), (&found.recommended, Kind::Recommended)].map(
            |(candidate, kind)| Mark {
                components: &candidate.design.components,
                groups: &candidate.assessment.groups,
                kind,
            },
        );
        let marks: Vec<Mark<'_>> = tried.chain(named).collect();
        let groups: Vec<Group> = found.recommended.assessment.groups.iter().map(|g| g.group).collect();
        let (across, up) = most_opposed(&groups, &marks)?;
        let others: Vec<Group> = groups.into_iter().filter(|g| ![across, up].contains(g)).collect();
        let drawing = |third| Drawing::new(language, &marks, [across, up], third);
        let drawings = if others.is_empty() {
            vec![drawing(None)]
        } else {
            others.into_iter().map(|g| drawing(Some(g))).collect()
        };
        Some(Pareto {
            plans: found.pareto.len(),
            samples: found.pareto.iter().map(|t| t.samples).min().unwrap_or_default(),
            drawings,
        })
    }
}

/// The two groups of which one falls most while the other rises: of least covariance. Without any opposition these are the ones
/// in which plans differ least together.
fn most_opposed(groups: &[Group], marks: &[Mark<'_>]) -> Option<(Group, Group)> {
    let mut best: Option<(f64, Group, Group)> = None;
    for (n, &a) in groups.iter().enumerate() {
        for &b in &groups[n + 1..] {
            let both: Vec<(f64, f64)> = marks.iter().filter_map(|m| Some((m.of(a)?, m.of(b)?))).collect();
            let count = both.len().max(1) as f64;
            let mean = |of: fn(&(f64, f64)) -> f64| both.iter().map(of).sum::<f64>() / count;
            let (x, y) = (mean(|p| p.0), mean(|p| p.1));
            let covariance = both.iter().map(|p| (p.0 - x) * (p.1 - y)).sum::<f64>() / count;
            if best.is_none_or(|(least, ..)| covariance < least) {
                best = Some((covariance, a, b));
            }
        }
    }
    best.map(|(_, a, b)| (a, b))
}

/// From where to where an axis goes, and its ticks.
struct Axis {
    low: f64,
    high: f64,
    ticks: Vec<f64>,
}

impl Axis {
    fn new(values: impl Iterator<Item = f64>) -> Self {
        let (mut low, mut high) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        if !(low.is_finite() && high.is_finite()) {
            (low, high) = (0.0, 100.0);
        }
        let short = ((LEAST_SPAN - (high - low)) / 2.0).max(0.05 * (high - low));
        (low, high) = (low - short, high + short);
        let span = high - low;
        let step = [2.0, 5.0, 10.0, 20.0].into_iter().find(|step| span / step <= 6.0).unwrap_or(50.0);
        // Whole ticks within what can be, with room for marks at its ends.
        let ticks = ((low / step).ceil() as i32..=(high / step).floor() as i32).map(|n| f64::from(n) * step);
        Axis { low, high, ticks: ticks.filter(|t| (0.0..=100.0).contains(t)).collect() }
    }

    fn part(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
}

impl Drawing {
    fn new(language: Language, marks: &[Mark<'_>], axes: [Group; 2], third: Option<Group>) -> Self {
        let mut svg = String::new();
        let bounds = third.and_then(|group| {
            let values = || marks.iter().filter_map(move |m| m.of(group));
            Some((values().reduce(f64::min)?, values().reduce(f64::max)?))
        });
        // Writing to a string cannot fail.
        let _ = write_drawing(&mut svg, language, marks, axes, third, bounds);
        let legend = bounds.map(|(low, high)| {
            let edge = |n: usize| low + (high - low) * n as f64 / STEPS as f64;
            let whole = |v: f64| language.number(v, Some(0));
            let band = |n: usize| {
                let of = [("low", fixed(edge(n), 0)), ("high", fixed(edge(n + 1), 0))];
                say(language, "report-from-to", of)
            };
            if high - low < 1.0 {
                return vec![(whole(low), ramp(1.0))];
            }
            (0..STEPS).map(|n| (band(n), colour(n))).collect()
        });
        Drawing { svg, legend: legend.unwrap_or_default() }
    }
}

fn colour(step: usize) -> String {
    ramp(step as f64 / (STEPS - 1) as f64)
}

fn write_drawing(
    out: &mut String,
    language: Language,
    marks: &[Mark<'_>],
    [across, up]: [Group; 2],
    third: Option<Group>,
    bounds: Option<(f64, f64)>,
) -> std::fmt::Result {
    let plot = Plot { wide: WIDE, high: HIGH };
    let [x, y] = [across, up].map(|group| Axis::new(marks.iter().filter_map(|m| m.of(group))));
    match third {
        Some(third) => {
            let group = names::group(language, third).to_lowercase();
            plot.open(out, &say(language, "report-coloured-by", [("group", group.into())]))?;
        }
        None => plot.open(out, &language.text("report-undominated"))?,
    }
    for &tick in &x.ticks {
        plot.tick_x(out, language, LEFT + WIDE * x.part(tick), tick)?;
    }
    for &tick in &y.ticks {
        plot.tick_y(out, language, TOP + HIGH * (1.0 - y.part(tick)), tick, 0)?;
    }
    let axis =
        |group| say(language, "report-axis-desirability", [("group", names::group(language, group).into())]);
    plot.frame(out, &axis(across), &axis(up))?;
    for mark in marks {
        let (Some(a), Some(b)) = (mark.of(across), mark.of(up)) else { continue };
        let (px, py) = (LEFT + WIDE * x.part(a), TOP + HIGH * (1.0 - y.part(b)));
        let fill = third.and_then(|group| mark.of(group)).zip(bounds).map_or_else(
            || ramp(0.6),
            |(value, (low, high))| {
                let step = STEPS as f64 * (value - low) / (high - low).max(1.0);
                colour((step as usize).min(STEPS - 1))
            },
        );
        write_mark(out, language, mark, [px, py], &fill)?;
    }
    write!(out, "</svg>")
}

fn write_mark(
    out: &mut String,
    language: Language,
    mark: &Mark<'_>,
    [x, y]: [f64; 2],
    fill: &str,
) -> std::fmt::Result {
    let (what, shape) = match mark.kind {
        Kind::Tried => (
            "report-mark-tried",
            format!("<circle class=\"plan\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"{fill}\">"),
        ),
        Kind::ByRule => (
            "report-mark-by-rule",
            format!(
                "<path class=\"plan rule\" fill=\"{fill}\" d=\"M{:.1} {:.1}h14v14h-14z\">",
                x - 7.0,
                y - 7.0
            ),
        ),
        Kind::Recommended => (
            "report-mark-recommended",
            format!(
                "<path class=\"plan best\" fill=\"{fill}\" d=\"M{x:.1} {:.1}l10 10l-10 10l-10 -10z\">",
                y - 10.0
            ),
        ),
    };
    let end = if mark.kind == Kind::Tried { "circle" } else { "path" };
    let scores = mark.groups.iter().map(|score| {
        let group = names::group(language, score.group).to_lowercase();
        let of = [("group", group.into()), ("desirability", fixed(100.0 * score.desirability, 0))];
        say(language, "report-group-desirability", of)
    });
    let of = [
        ("desirabilities", listed(language, scores).into()),
        ("components", choice::in_one_line(mark.components, language).into()),
    ];
    let title = say(language, what, of);
    write!(out, "{shape}<title>{}</title></{end}>", HtmlEscape(&title))
}
