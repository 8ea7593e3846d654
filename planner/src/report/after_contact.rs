//! What follows contact, as the page shows it: a table, and the moment that resists over the turn.

use super::numbers::{fixed, whole_degrees};
use super::plot::{LEFT, Plot, TOP};
use super::speech::say;
use super::words::motion_in;
use crate::simulate::{AfterContact, CoursePoint, Holding};
use coxa_locale::Language;
use serde::Serialize;
use std::fmt::Write;

/// Size of a plot.
const PLOT: Plot = Plot { wide: 380.0, high: 200.0 };

/// The part of the page on what follows contact.
#[derive(Debug, Serialize)]
pub(super) struct AfterSection {
    rows: Vec<DislocationRow>,
    plots: Vec<String>,
}

/// One motion, held in one way.
#[derive(Debug, Serialize)]
struct DislocationRow {
    motion: String,
    holding: String,
    neck_contact: String,
    /// What meets before the neck meets the rim.
    before: String,
    dislocation: String,
    moment: String,
    work: String,
    /// Why there is nothing to say.
    not_simulated: String,
}

impl AfterSection {
    /// `None` where nothing was followed.
    pub(super) fn new(runs: &[AfterContact], language: Language) -> Option<Self> {
        let of_motion = runs.chunk_by(|a, b| a.motion.name == b.motion.name);
        let plots = of_motion.filter_map(|runs| plot(runs, language)).collect();
        let rows = runs.iter().map(|run| DislocationRow::new(run, language)).collect();
        (!runs.is_empty()).then_some(AfterSection { rows, plots })
    }
}

impl DislocationRow {
    fn new(run: &AfterContact, language: Language) -> Self {
        let shown = |text: String| if run.not_simulated.is_some() { String::new() } else { text };
        let angle = |angle: Option<_>, none: &str| {
            angle.map_or_else(|| language.text(none), |angle| whole_degrees(language, angle))
        };
        let moment = [
            ("moment", fixed(run.peak_moment_n_m, 1)),
            ("turn", whole_degrees(language, run.peak_turn_deg).into()),
        ];
        DislocationRow {
            motion: motion_in(language, &run.motion.name),
            holding: language.text(holding(run.holding)),
            neck_contact: shown(angle(run.neck_contact_deg, "report-never")),
            before: run
                .meets_before
                .map(|pair| language.word(&pair.to_string()).into_owned())
                .unwrap_or_default(),
            dislocation: shown(angle(run.dislocation_deg, "report-stays-in")),
            moment: shown(say(language, "report-moment-at", moment)),
            work: shown(say(language, "report-joules", [("work", fixed(run.work_j, 1))])),
            not_simulated: run.not_simulated.clone().unwrap_or_default(),
        }
    }
}

fn holding(holding: Holding) -> &'static str {
    match holding {
        Holding::Muscles => "report-held-by-muscles",
        Holding::MusclesAndCapsule => "report-held-by-muscles-and-capsule",
    }
}

/// The moments that resist one motion, held in each way; `None` where none was followed.
fn plot(runs: &[AfterContact], language: Language) -> Option<String> {
    let first = runs.first()?;
    let points = || runs.iter().flat_map(held);
    let most_turn = points().map(|p| p.turn_deg.degrees()).fold(0.0, f64::max);
    if most_turn <= 0.0 {
        return None;
    }
    let moments = || points().map(|p| p.resisting_moment_n_m);
    let step = tick_step(moments().fold(0.0, f64::max) - moments().fold(0.0, f64::min));
    let low = (moments().fold(0.0, f64::min) / step).floor() * step;
    let high = (moments().fold(step, f64::max) / step).ceil() * step;
    let scale = Scale { most_turn: (most_turn / 30.0).ceil() * 30.0, low, high, step };
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_plot(&mut out, &motion_in(language, &first.motion.name), runs, &scale, language);
    Some(out)
}

/// The course while the head is held; what the turn meets after the head has gone out says nothing.
fn held(run: &AfterContact) -> impl Iterator<Item = &CoursePoint> {
    run.course.iter().take_while(|p| run.dislocation_deg.is_none_or(|out| p.turn_deg <= out))
}

/// A round step that divides a range into some five parts.
fn tick_step(range: f64) -> f64 {
    let magnitude = 10f64.powf((range.max(0.1) / 5.0).log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|n| n * magnitude)
        .find(|step| range / step <= 5.0)
        .unwrap_or(magnitude)
}

struct Scale {
    most_turn: f64,
    low: f64,
    high: f64,
    step: f64,
}

impl Scale {
    fn x(&self, degrees: f64) -> f64 {
        LEFT + PLOT.wide * degrees / self.most_turn
    }

    fn y(&self, moment: f64) -> f64 {
        TOP + PLOT.high * (self.high - moment) / (self.high - self.low)
    }
}

fn write_plot(
    out: &mut String,
    title: &str,
    runs: &[AfterContact],
    scale: &Scale,
    language: Language,
) -> std::fmt::Result {
    PLOT.open(out, title)?;
    for n in 0..=(scale.most_turn / 30.0) as u32 {
        let degrees = f64::from(n) * 30.0;
        PLOT.tick_x(out, language, scale.x(degrees), degrees)?;
    }
    for n in 0..=((scale.high - scale.low) / scale.step).round() as u32 {
        let moment = scale.low + f64::from(n) * scale.step;
        PLOT.tick_y(out, language, scale.y(moment), moment, usize::from(scale.step < 1.0))?;
    }
    PLOT.frame(out, &language.text("report-axis-turn"), &language.text("report-axis-moment"))?;
    for run in runs {
        let class = match run.holding {
            Holding::Muscles => "muscles",
            Holding::MusclesAndCapsule => "capsule",
        };
        let points: Vec<String> = held(run)
            .map(|p| format!("{:.1} {:.1}", scale.x(p.turn_deg.degrees()), scale.y(p.resisting_moment_n_m)))
            .collect();
        write!(out, "<polyline class=\"{class}\" points=\"{}\"/>", points.join(" "))?;
        for (turn, mark) in [(run.neck_contact_deg, "touch"), (run.dislocation_deg, "out")] {
            let Some(turn) = turn else { continue };
            let x = scale.x(turn.degrees());
            let near = held(run).min_by(|a, b| {
                let off = |p: &&CoursePoint| (p.turn_deg - turn).abs().radians();
                off(a).total_cmp(&off(b))
            });
            let y = scale.y(near.map_or(0.0, |p| p.resisting_moment_n_m));
            write!(out, "<circle class=\"{mark}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\"/>")?;
        }
    }
    out.push_str("</svg>");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::MotionGroup;
    use coxa_geometry::{Angle, Point};
    use coxa_rom::Motion;

    fn run(holding: Holding, moments: &[f64]) -> AfterContact {
        let course = (0..).zip(moments).map(|(i, &resisting_moment_n_m)| CoursePoint {
            turn_deg: Angle::from_degrees(f64::from(i) * 10.0),
            resisting_moment_n_m,
            head_centre_mm: Point::origin(),
        });
        AfterContact {
            motion: Motion::table().swap_remove(6),
            group: MotionGroup::PosteriorDislocation,
            holding,
            not_simulated: None,
            meets_before: None,
            neck_contact_deg: Some(Angle::from_degrees(10.0)),
            dislocation_deg: None,
            peak_moment_n_m: 7.0,
            peak_turn_deg: Angle::from_degrees(20.0),
            work_j: 2.0,
            course: course.collect(),
        }
    }

    #[test]
    fn runs_of_one_motion_share_a_plot_that_holds_them() {
        let runs =
            [run(Holding::Muscles, &[0.0, -1.5, 7.0]), run(Holding::MusclesAndCapsule, &[0.0, 4.0, 12.0])];
        let section = AfterSection::new(&runs, Language::English).unwrap();
        assert_eq!((section.rows.len(), section.plots.len()), (2, 1));
        assert_eq!(section.rows[0].dislocation, "stays in");
        let plot = &section.plots[0];
        // From -5 to 15 in steps of 5: the top of the curve is at 12, three fifths of a step below the upper edge.
        assert!(plot.contains("\u{2212}5<") && plot.contains(">15<"), "{plot}");
        assert!(
            plot.contains(&format!("{:.1} {:.1}\"", LEFT + PLOT.wide * 20.0 / 30.0, TOP + PLOT.high * 0.15)),
            "{plot}"
        );
        assert!(AfterSection::new(&[], Language::English).is_none());
    }

    #[test]
    fn a_curve_ends_where_the_head_goes_out() {
        let mut gone = run(Holding::Muscles, &[0.0, 4.0, 1.0, 90.0]);
        gone.dislocation_deg = Some(Angle::from_degrees(21.0));
        let plot = plot(&[gone], Language::English).unwrap();
        assert!(plot.contains(">4<") && !plot.contains(">90<"), "{plot}");
        let curve = plot.split("points=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(curve.split_whitespace().count(), 6, "{curve}");
    }

    #[test]
    fn what_could_not_be_followed_says_why_and_nothing_else() {
        let mut failed = run(Holding::Muscles, &[]);
        failed.not_simulated = Some("the start is in contact".into());
        let section = AfterSection::new(&[failed], Language::English).unwrap();
        assert!(section.plots.is_empty());
        assert_eq!((section.rows[0].moment.as_str(), section.rows[0].work.as_str()), ("", ""));
        assert_eq!(section.rows[0].not_simulated, "the start is in contact");
    }
}
