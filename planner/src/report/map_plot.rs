//! Slices through the map of all positions as drawings: rotation against flexion at some adductions, coloured by what meets,
//! with required motions and activities upon them.

use crate::pictures::{Colour, pair_colour};
use crate::simulate::{ActivityResult, ContactPair, Moment, RangeMap, Simulation};
use coxa_geometry::Angle;
use coxa_geometry::joint::HipAngles;
use coxa_sim::rom::map::MapAxis;
use serde::Serialize;
use std::fmt::Write;

/// Adductions at which the map is cut, abduction negative; the positions of the table lie on two of them.
const SLICES_DEG: [f64; 4] = [-30.0, -15.0, 0.0, 15.0];
/// Activities are drawn on the slice that they are nearest to, if it is that near.
const NEAR_DEG: f64 = 7.5;
/// Pixels of a degree, and the room around the plot for its words.
const PX: f64 = 2.0;
const LEFT: f64 = 46.0;
const TOP: f64 = 26.0;
const RIGHT: f64 = 10.0;
const BOTTOM: f64 = 40.0;
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
pub(super) fn slices(map: &RangeMap, simulation: &Simulation) -> Vec<Slice> {
    let [_, adduction, _] = map.axes();
    let cut = SLICES_DEG.into_iter().filter_map(|degrees| {
        let index = RangeMap::index(&adduction, Angle::from_degrees(degrees))?;
        Some(Slice { title: title(degrees), svg: Drawing::new(map, index, degrees).svg(simulation) })
    });
    cut.collect()
}

/// Names and colours of what the slices show.
pub(super) fn legend(map: &RangeMap) -> Vec<(String, String)> {
    let labels = map.summary().labels;
    let met = ContactPair::ALL
        .into_iter()
        .filter(|pair| labels.iter().any(|label| label.name == pair.name() && label.positions > 0));
    let mut legend: Vec<(String, String)> =
        met.map(|pair| (pair.to_string(), hex(pair_colour(pair)))).collect();
    legend.insert(0, ("free".into(), "#ffffff".into()));
    if map.summary().reachable_share < map.summary().free_share {
        legend.push(("free, but only behind a contact".into(), BEHIND.into()));
    }
    legend
}

fn title(adduction_deg: f64) -> String {
    match adduction_deg {
        d if d < 0.0 => format!("Abducted {:.0}\u{b0}", -d),
        d if d > 0.0 => format!("Adducted {d:.0}\u{b0}"),
        _ => "Neither abducted nor adducted".into(),
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
    /// By flexion, then rotation.
    cells: Vec<Vec<Cell>>,
}

impl Drawing {
    fn new(map: &RangeMap, index: usize, adduction_deg: f64) -> Self {
        let [flexion, _, rotation] = map.axes();
        let cell = |f, r| match map.contact([f, index, r]) {
            Some(pair) => Cell::Met(pair),
            None if map.is_reachable([f, index, r]) => Cell::Free,
            None => Cell::Behind,
        };
        let cells = (0..flexion.count).map(|f| (0..rotation.count).map(|r| cell(f, r)).collect()).collect();
        Drawing { flexion, rotation, adduction_deg, cells }
    }

    /// Place of a position in the drawing; internal rotation is upwards.
    fn place(&self, angles: HipAngles) -> [f64; 2] {
        let cells = |axis: &MapAxis, angle: Angle| (angle.degrees() - axis.first_deg) / axis.step_deg + 0.5;
        let [width, height] = self.size();
        [
            LEFT + width * cells(&self.flexion, angles.flexion) / self.flexion.count as f64,
            TOP + height
                * (1.0 - cells(&self.rotation, angles.internal_rotation) / self.rotation.count as f64),
        ]
    }

    fn size(&self) -> [f64; 2] {
        let length = |axis: &MapAxis| axis.count as f64 * axis.step_deg * PX;
        [length(&self.flexion), length(&self.rotation)]
    }

    fn svg(&self, simulation: &Simulation) -> String {
        let [width, height] = self.size();
        let (right, bottom) = (LEFT + width, TOP + height);
        let title = title(self.adduction_deg);
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut out, simulation, [width, height, right, bottom], &title);
        out
    }

    fn write(
        &self,
        out: &mut String,
        simulation: &Simulation,
        [width, height, right, bottom]: [f64; 4],
        title: &str,
    ) -> std::fmt::Result {
        write!(
            out,
            "<svg viewBox=\"0 0 {:.0} {:.0}\" role=\"img\" aria-label=\"{title}\">",
            right + RIGHT,
            bottom + BOTTOM
        )?;
        write!(out, "<text x=\"{LEFT}\" y=\"17\" class=\"name\">{title}</text>")?;
        // Cells in units of their own, the first rotation at the foot.
        let scale = [width / self.flexion.count as f64, height / self.rotation.count as f64];
        write!(
            out,
            "<g transform=\"translate({LEFT} {bottom}) scale({:.4} {:.4})\" shape-rendering=\"crispEdges\">",
            scale[0], -scale[1]
        )?;
        write!(out, "<path fill=\"#fff\" d=\"M0 0h{}v{}H0z\"/>", self.flexion.count, self.rotation.count)?;
        for (what, colour) in self.colours() {
            write!(out, "<path fill=\"{colour}\" d=\"{}\"/>", self.area(what))?;
        }
        out.push_str("</g>");
        self.write_axes(out, [right, bottom])?;
        write!(
            out,
            "<path class=\"edge\" transform=\"translate({LEFT} {bottom}) scale({:.4} {:.4})\" d=\"{}\"/>",
            scale[0],
            -scale[1],
            self.contour()
        )?;
        self.write_activities(out, &simulation.activities)?;
        self.write_required(out, simulation)?;
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

    fn write_axes(&self, out: &mut String, [right, bottom]: [f64; 2]) -> std::fmt::Result {
        let ticks = |axis: &MapAxis| -> Vec<f64> {
            let last = axis.first_deg + axis.step_deg * (axis.count as f64 - 1.0);
            let first = (axis.first_deg / TICK_DEG).ceil() as i32;
            (first..=(last / TICK_DEG).floor() as i32).map(|n| f64::from(n) * TICK_DEG).collect()
        };
        let shown = |degrees: f64| format!("{degrees:.0}").replace('-', "\u{2212}");
        for degrees in ticks(&self.flexion) {
            let [x, _] = self.place(HipAngles::from_degrees(degrees, 0.0, 0.0));
            write!(out, "<path class=\"grid\" d=\"M{x:.1} {TOP}V{bottom:.1}\"/>")?;
            write!(
                out,
                "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                bottom + 14.0,
                shown(degrees)
            )?;
        }
        for degrees in ticks(&self.rotation) {
            let [_, y] = self.place(HipAngles::from_degrees(0.0, 0.0, degrees));
            write!(out, "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{right:.1}\"/>")?;
            write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                LEFT - 5.0,
                y + 4.0,
                shown(degrees)
            )?;
        }
        let (width, height) = (right - LEFT, bottom - TOP);
        write!(out, "<path class=\"frame\" d=\"M{LEFT} {TOP}h{width:.1}v{height:.1}h-{width:.1}z\"/>")?;
        let middle = LEFT + width / 2.0;
        write!(
            out,
            "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">\u{2190} extension \u{a0} flexion, degrees \u{2192}</text>",
            bottom + 32.0
        )?;
        let middle = TOP + height / 2.0;
        write!(
            out,
            "<text transform=\"translate(13 {middle:.1}) rotate(-90)\" text-anchor=\"middle\">\u{2190} external \u{a0} internal rotation, degrees \u{2192}</text>"
        )
    }

    fn write_activities(&self, out: &mut String, activities: &[ActivityResult]) -> std::fmt::Result {
        let is_here = |moment: &&Moment| {
            let apart = (moment.angles.adduction.degrees() - self.adduction_deg).abs();
            let [f, r] =
                [(&self.flexion, moment.angles.flexion), (&self.rotation, moment.angles.internal_rotation)]
                    .map(|(axis, angle)| RangeMap::index(axis, angle).is_some());
            apart <= NEAR_DEG && f && r
        };
        let mut labels: Vec<[f64; 2]> = Vec::new();
        for (number, activity) in (1..).zip(activities) {
            for piece in activity.moments.chunk_by(|a, b| is_here(&a) == is_here(&b)) {
                let Some(furthest) = piece
                    .iter()
                    .filter(is_here)
                    .max_by(|a, b| a.angles.flexion.radians().total_cmp(&b.angles.flexion.radians()))
                else {
                    continue;
                };
                let points: Vec<[f64; 2]> = piece.iter().map(|m| self.place(m.angles)).collect();
                let path: Vec<String> = points.iter().map(|[x, y]| format!("{x:.1} {y:.1}")).collect();
                write!(out, "<polyline class=\"trace\" points=\"{}\"/>", path.join(" "))?;
                for (moment, [x, y]) in piece.iter().zip(&points) {
                    if moment.contact.is_some() {
                        write!(out, "<circle class=\"met\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.2\"/>")?;
                    }
                }
                let [x, y] = self.place(furthest.angles);
                let at = clear_of(&labels, [x + 3.0, y - 3.0], TOP + 10.0);
                labels.push(at);
                write!(out, "<text class=\"number\" x=\"{:.1}\" y=\"{:.1}\">{number}</text>", at[0], at[1])?;
            }
        }
        Ok(())
    }

    /// Required motions whose end lies on the slice: an open diamond where it is reached, a full one where not.
    fn write_required(&self, out: &mut String, simulation: &Simulation) -> std::fmt::Result {
        for limit in &simulation.limits {
            let Some(required) = limit.required_deg else { continue };
            let end = limit.motion.at(required);
            if (end.adduction.degrees() - self.adduction_deg).abs() > 1.0 {
                continue;
            }
            let [x, y] = self.place(end);
            let class = if limit.is_short() { "short" } else { "required" };
            write!(out, "<path class=\"{class}\" d=\"M{x:.1} {:.1}l6 6l-6 6l-6 -6z\"/>", y - 6.0)?;
        }
        Ok(())
    }
}

/// A place for a number beside others: moved up in steps until it stands free, or, at the top of the plot, where it was.
fn clear_of(taken: &[[f64; 2]], wanted: [f64; 2], top: f64) -> [f64; 2] {
    let mut at = wanted;
    while taken.iter().any(|[x, y]| (x - at[0]).abs() < 14.0 && (y - at[1]).abs() < 10.0) {
        at[1] -= 10.0;
        if at[1] < top {
            return wanted;
        }
    }
    at
}
