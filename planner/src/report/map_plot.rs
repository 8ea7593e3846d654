//! Slices through the map of all positions as drawings: rotation against flexion at some adductions, coloured by what meets,
//! with required motions and activities upon them.

use super::numbers::whole_degrees;
use super::plot::{LEFT, Plot, TOP};
use super::speech::{listed_apart, say};
use super::words::{lower, motion_in};
use crate::pictures::{Colour, pair_colour};
use crate::simulate::{ActivityResult, ContactPair, MotionLimit, RangeMap, Simulation, TimeStep, Verdict};
use coxa_geometry::Angle;
use coxa_geometry::joint::HipAngles;
use coxa_locale::Language;
use coxa_rom::map::MapAxis;
use serde::Serialize;
use std::fmt::Write;

/// Adductions at which the map is cut, abduction negative; the positions of the table lie on two of them.
const SLICES_DEG: [f64; 4] = [-30.0, -15.0, 0.0, 15.0];
/// Activities are drawn on the slice that they are nearest to, if it is that near.
const NEAR_DEG: f64 = 7.5;
/// Pixels of a degree.
const PX: f64 = 2.0;
/// Lines and numbers along the axes.
const TICK_DEG: f64 = 30.0;
/// Free, but only behind a contact.
const BEHIND: &str = "#d9d9d9";

/// One slice.
#[derive(Debug, Serialize)]
pub(super) struct Slice {
    /// What it shows, for those who cannot see it.
    title: String,
    svg: String,
}

/// The slices of a map.
pub(super) fn slices(map: &RangeMap, simulation: &Simulation, language: Language) -> Vec<Slice> {
    let [_, adduction, _] = map.axes();
    let cut = SLICES_DEG.into_iter().filter_map(|degrees| {
        let index = RangeMap::index(&adduction, Angle::from_degrees(degrees))?;
        let svg = Drawing::new(map, index, degrees, language).svg(simulation);
        Some(Slice { title: title(language, degrees), svg })
    });
    cut.collect()
}

/// Names and colours of what the slices show.
pub(super) fn legend(map: &RangeMap, language: Language) -> Vec<(String, String)> {
    let labels = map.summary().labels;
    let met = ContactPair::ALL
        .into_iter()
        .filter(|pair| labels.iter().any(|label| label.name == pair.name() && label.positions > 0));
    let mut legend: Vec<(String, String)> =
        met.map(|pair| (language.word(&pair.to_string()).into_owned(), hex(pair_colour(pair)))).collect();
    legend.insert(0, (language.text("report-free"), "#ffffff".into()));
    if map.summary().reachable_fraction < map.summary().free_fraction {
        legend.push((language.text("report-free-behind"), BEHIND.into()));
    }
    legend
}

fn title(language: Language, adduction_deg: f64) -> String {
    let angle = || ("angle", whole_degrees(language, Angle::from_degrees(adduction_deg.abs())).into());
    match adduction_deg {
        d if d < 0.0 => say(language, "report-abducted", [angle()]),
        d if d > 0.0 => say(language, "report-adducted", [angle()]),
        _ => language.text("report-neither-abducted"),
    }
}

pub(super) fn hex([r, g, b]: Colour) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// What a cell of a slice is.
#[derive(Clone, Copy, PartialEq)]
enum Cell {
    Free,
    Behind,
    Met(ContactPair),
}

struct Drawing {
    flexion: MapAxis,
    rotation: MapAxis,
    adduction_deg: f64,
    language: Language,
    /// By flexion, then rotation.
    cells: Vec<Vec<Cell>>,
}

impl Drawing {
    fn new(map: &RangeMap, index: usize, adduction_deg: f64, language: Language) -> Self {
        let [flexion, _, rotation] = map.axes();
        let cell = |f, r| match map.contact([f, index, r]) {
            Some(pair) => Cell::Met(pair),
            None if map.is_reachable([f, index, r]) => Cell::Free,
            None => Cell::Behind,
        };
        let cells = (0..flexion.count).map(|f| (0..rotation.count).map(|r| cell(f, r)).collect()).collect();
        Drawing { flexion, rotation, adduction_deg, language, cells }
    }

    /// Place of a position in the drawing; internal rotation is upwards.
    fn place(&self, angles: HipAngles) -> [f64; 2] {
        let cells = |axis: &MapAxis, angle: Angle| (angle.degrees() - axis.first_deg) / axis.step_deg + 0.5;
        let Plot { wide, high } = self.plot();
        [
            LEFT + wide * cells(&self.flexion, angles.flexion) / self.flexion.count as f64,
            TOP + high * (1.0 - cells(&self.rotation, angles.internal_rotation) / self.rotation.count as f64),
        ]
    }

    fn plot(&self) -> Plot {
        let length = |axis: &MapAxis| axis.count as f64 * axis.step_deg * PX;
        Plot { wide: length(&self.flexion), high: length(&self.rotation) }
    }

    fn svg(&self, simulation: &Simulation) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut out, simulation);
        out
    }

    fn write(&self, out: &mut String, simulation: &Simulation) -> std::fmt::Result {
        let plot = self.plot();
        plot.open(out, &title(self.language, self.adduction_deg))?;
        // Cells in units of their own, the first rotation at the foot.
        let cells = format!(
            "transform=\"translate({LEFT} {}) scale({:.4} {:.4})\"",
            plot.bottom(),
            plot.wide / self.flexion.count as f64,
            -plot.high / self.rotation.count as f64
        );
        write!(out, "<g {cells} shape-rendering=\"crispEdges\">")?;
        write!(out, "<path fill=\"#fff\" d=\"M0 0h{}v{}H0z\"/>", self.flexion.count, self.rotation.count)?;
        for (what, colour) in self.colours() {
            write!(out, "<path fill=\"{colour}\" d=\"{}\"/>", self.area(what))?;
        }
        out.push_str("</g>");
        self.write_axes(out, &plot)?;
        write!(out, "<path class=\"edge\" {cells} d=\"{}\"/>", self.contour())?;
        let mut labels = Labels::default();
        self.write_required(out, simulation, &mut labels)?;
        self.write_activities(out, &simulation.activities, &mut labels)?;
        write!(out, "</svg>")
    }

    fn colours(&self) -> impl Iterator<Item = (Cell, String)> {
        let met = ContactPair::ALL.into_iter().map(|pair| (Cell::Met(pair), hex(pair_colour(pair))));
        let there: Vec<(Cell, String)> = met
            .chain([(Cell::Behind, BEHIND.to_owned())])
            .filter(|(what, _)| self.cells.iter().flatten().any(|cell| cell == what))
            .collect();
        there.into_iter()
    }

    /// The cells of one kind as rectangles: runs along rotation, as wide as they stay the same from one flexion to the next.
    fn area(&self, what: Cell) -> String {
        let runs = |column: &[Cell]| -> Vec<(usize, usize)> {
            let mut runs = Vec::new();
            let mut start = None;
            for r in 0..=column.len() {
                match (column.get(r) == Some(&what), start) {
                    (true, None) => start = Some(r),
                    (false, Some(from)) => {
                        runs.push((from, r));
                        start = None;
                    }
                    _ => {}
                }
            }
            runs
        };
        let mut path = String::new();
        let mut open: Vec<(usize, usize, usize)> = Vec::new();
        for f in 0..=self.cells.len() {
            let current = self.cells.get(f).map(|column| runs(column)).unwrap_or_default();
            open.retain(|&(from, low, high)| {
                let goes_on = current.contains(&(low, high));
                if !goes_on {
                    path += &format!("M{from} {low}h{}v{}H{from}z", f - from, high - low);
                }
                goes_on
            });
            for (low, high) in current {
                if !open.iter().any(|&(_, l, h)| (l, h) == (low, high)) {
                    open.push((f, low, high));
                }
            }
        }
        path
    }

    /// The border of what can be reached, between the middles of neighbouring cells with its corners cut.
    fn contour(&self) -> String {
        let is_in = |f: usize, r: usize| self.cells[f][r] == Cell::Free;
        let mut path = String::new();
        for f in 0..self.flexion.count.saturating_sub(1) {
            for r in 0..self.rotation.count.saturating_sub(1) {
                let corners = [is_in(f, r), is_in(f + 1, r), is_in(f + 1, r + 1), is_in(f, r + 1)];
                // Middles of the sides on which the border crosses, in order around the square.
                let (x, y) = (f as f64 + 0.5, r as f64 + 0.5);
                let sides = [[x + 0.5, y], [x + 1.0, y + 0.5], [x + 0.5, y + 1.0], [x, y + 0.5]];
                let crossed: Vec<[f64; 2]> =
                    (0..4).filter(|&i| corners[i] != corners[(i + 1) % 4]).map(|i| sides[i]).collect();
                for ends in crossed.chunks_exact(2) {
                    let [[x0, y0], [x1, y1]] = [ends[0], ends[1]];
                    path += &format!("M{x0} {y0}L{x1} {y1}");
                }
            }
        }
        path
    }

    fn write_axes(&self, out: &mut String, plot: &Plot) -> std::fmt::Result {
        let ticks = |axis: &MapAxis| -> Vec<f64> {
            let last = axis.first_deg + axis.step_deg * (axis.count as f64 - 1.0);
            let first = (axis.first_deg / TICK_DEG).ceil() as i32;
            (first..=(last / TICK_DEG).floor() as i32).map(|n| f64::from(n) * TICK_DEG).collect()
        };
        for degrees in ticks(&self.flexion) {
            let [x, _] = self.place(HipAngles::from_degrees(degrees, 0.0, 0.0));
            plot.tick_x(out, self.language, x, degrees)?;
        }
        for degrees in ticks(&self.rotation) {
            let [_, y] = self.place(HipAngles::from_degrees(0.0, 0.0, degrees));
            plot.tick_y(out, self.language, y, degrees, 0)?;
        }
        let [below, beside] =
            ["report-axis-flexion", "report-axis-rotation"].map(|id| self.language.text(id));
        plot.frame(out, &below, &beside)
    }

    /// The courses of activities near the slice, each numbered once, where it is flexed most.
    fn write_activities(
        &self,
        out: &mut String,
        activities: &[ActivityResult],
        labels: &mut Labels,
    ) -> std::fmt::Result {
        let is_here = |step: &&TimeStep| {
            let apart = (step.angles.adduction.degrees() - self.adduction_deg).abs();
            let [f, r] =
                [(&self.flexion, step.angles.flexion), (&self.rotation, step.angles.internal_rotation)]
                    .map(|(axis, angle)| RangeMap::index(axis, angle).is_some());
            apart <= NEAR_DEG && f && r
        };
        let mut numbered = Vec::new();
        for (number, activity) in (1..).zip(activities) {
            for piece in activity.time_steps.chunk_by(|a, b| is_here(&a) == is_here(&b)) {
                if !piece.first().is_some_and(|step| is_here(&step)) {
                    continue;
                }
                let points: Vec<[f64; 2]> = piece.iter().map(|m| self.place(m.angles)).collect();
                let path: Vec<String> = points.iter().map(|[x, y]| format!("{x:.1} {y:.1}")).collect();
                write!(out, "<polyline class=\"trace\" points=\"{}\"/>", path.join(" "))?;
                for (step, [x, y]) in piece.iter().zip(&points) {
                    if step.contact.is_some() {
                        write!(out, "<circle class=\"met\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.2\"/>")?;
                    }
                }
            }
            let here = activity.time_steps.iter().filter(is_here);
            let furthest = here.reduce(|a, b| if b.angles.flexion > a.angles.flexion { b } else { a });
            numbered.extend(furthest.map(|step| (number, self.place(step.angles))));
        }
        // After all lines, so that no line runs over a number.
        for (number, at) in numbered {
            labels.write(out, "number", at, &number.to_string())?;
        }
        Ok(())
    }

    /// Required motions whose end lies on the slice, by their letters: an open diamond where it is reached, a full one where not,
    /// and a grey one where that is not known.
    fn write_required(
        &self,
        out: &mut String,
        simulation: &Simulation,
        labels: &mut Labels,
    ) -> std::fmt::Result {
        for (letter, limit) in lettered(simulation) {
            let Some(required) = limit.required_deg else { continue };
            let end = limit.motion.at(required);
            if (end.adduction.degrees() - self.adduction_deg).abs() > 1.0 {
                continue;
            }
            let [x, y] = self.place(end);
            let class = match limit.verdict {
                Some(Verdict::Short) => "short",
                Some(Verdict::Undecided | Verdict::NotJudged) => "undecided",
                Some(Verdict::Met) | None => "required",
            };
            write!(out, "<path class=\"{class}\" d=\"M{x:.1} {:.1}l6 6l-6 6l-6 -6z\"/>", y - 6.0)?;
            labels.write(out, "letter", [x + 5.0, y - 3.0], &letter.to_string())?;
        }
        Ok(())
    }
}

/// Required motions with the letters that stand for them.
fn lettered(simulation: &Simulation) -> impl Iterator<Item = (char, &MotionLimit)> {
    ('A'..='Z').zip(simulation.limits.iter().filter(|limit| limit.required_deg.is_some()))
}

/// The letters of required motions and what they stand for: `A flexion, B extension`.
pub(super) fn required(simulation: &Simulation, language: Language) -> String {
    let named = lettered(simulation).map(|(letter, limit)| {
        let turn = limit.required_deg.map(|turn| whole_degrees(language, turn)).unwrap_or_default();
        let motion = lower(&motion_in(language, &limit.motion.name));
        let of = [("letter", letter.to_string().into()), ("motion", motion.into()), ("angle", turn.into())];
        say(language, "report-lettered", of)
    });
    listed_apart(language, named)
}

/// Words on a drawing, none over another.
#[derive(Default)]
struct Labels {
    taken: Vec<[f64; 2]>,
}

impl Labels {
    /// Writes beside a place: in the nearest spot that is free, with a line to it where that is further off.
    fn write(&mut self, out: &mut String, class: &str, [x, y]: [f64; 2], text: &str) -> std::fmt::Result {
        let beside = [x + 3.0, y - 3.0];
        let spots = (0..SPOTS).map(|i| {
            // Outwards on a spiral, upwards first.
            let (turn, off) = (f64::from(i) * 2.4, 3.0 * f64::from(i).sqrt() * 2.0);
            [beside[0] + off * turn.sin(), beside[1] - off * turn.cos()]
        });
        let is_free = |at: &[f64; 2]| {
            self.taken.iter().all(|[x, y]| (x - at[0]).abs() >= 15.0 || (y - at[1]).abs() >= 11.0)
        };
        let at = spots.into_iter().find(is_free).unwrap_or(beside);
        self.taken.push(at);
        if (at[0] - beside[0]).hypot(at[1] - beside[1]) > 12.0 {
            write!(
                out,
                "<path class=\"leader\" d=\"M{x:.1} {y:.1}L{:.1} {:.1}\"/>",
                at[0] + 4.0,
                at[1] - 4.0
            )?;
        }
        write!(out, "<text class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\">{text}</text>", at[0], at[1])
    }
}

/// Spots that are tried for a word.
const SPOTS: u32 = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_never_stand_on_one_another_and_point_to_their_place() {
        let mut labels = Labels::default();
        let mut out = String::new();
        for number in 1..=19 {
            labels.write(&mut out, "number", [100.0, 100.0], &number.to_string()).unwrap();
        }
        for (i, a) in labels.taken.iter().enumerate() {
            for b in &labels.taken[..i] {
                assert!((a[0] - b[0]).abs() >= 15.0 || (a[1] - b[1]).abs() >= 11.0, "{a:?} {b:?}");
            }
        }
        assert_eq!(out.matches("<text").count(), 19);
        assert!(out.contains("class=\"leader\" d=\"M100.0 100.0L"));
        assert!(out.starts_with("<text class=\"number\" x=\"103.0\" y=\"97.0\">1<"), "{out}");
    }
}
