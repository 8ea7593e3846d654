//! How likely every orientation of the cup is to succeed, with the present one as a point.

use super::super::style;
use crate::session::Answers;
use bevy_egui::egui::{
    Align2, Color32, FontId, Label, Mesh, Painter, Rect, RichText, Sense, Shape, Stroke, Ui, pos2, vec2,
};
use coxa_planner::Plan;
use coxa_planner::optimise::OrientationMap;
use coxa_planner::report::chance_colour;

/// Room for the numbers beside and below.
const LEFT: f32 = 34.0;
const BELOW: f32 = 30.0;
const TICK_DEG: f64 = 10.0;

/// Draws it. Whether it was opened or closed.
pub(super) fn show(ui: &mut Ui, answers: &Answers, plan: &Plan, is_open: &mut bool) -> bool {
    let was_open = *is_open;
    ui.add_space(7.0);
    ui.horizontal(|ui| {
        let words = RichText::new("Chance of success by cup orientation").strong().color(style::HEADING);
        ui.checkbox(is_open, words).on_hover_text("Computed when the plan has not changed for a short time");
    });
    if *is_open {
        if let Some(problem) = &answers.orientation_problem {
            ui.add(Label::new(RichText::new(problem).color(style::REFUSAL)).wrap());
        }
        match &answers.orientation_map.value {
            Some(map) => style::dimmed(ui, answers.orientation_map.is_stale, |ui| draw(ui, map, plan)),
            None if answers.orientation_problem.is_some() => {}
            None => {
                ui.label(RichText::new("computing ...").color(style::WEAK));
            }
        }
    }
    was_open != *is_open
}

fn draw(ui: &mut Ui, map: &OrientationMap, plan: &Plan) {
    let (Some([low_i, high_i]), Some([low_a, high_a])) =
        (ends(&map.inclinations_deg), ends(&map.anteversions_deg))
    else {
        return;
    };
    let width = (ui.available_width() - 12.0).clamp(120.0, 340.0);
    let per_degree = (width - LEFT) / (high_i - low_i + 1.0) as f32;
    let size = vec2(width, per_degree * (high_a - low_a + 1.0) as f32 + BELOW);
    let (all, response) = ui.allocate_exact_size(size, Sense::hover());
    let plot =
        Rect::from_min_max(pos2(all.left() + LEFT, all.top()), pos2(all.right(), all.bottom() - BELOW));
    let place = |ri: f64, ra: f64| {
        let right = (ri - low_i + 0.5) as f32 * per_degree;
        let up = (ra - low_a + 0.5) as f32 * per_degree;
        pos2(plot.left() + right, plot.bottom() - up)
    };
    let painter = ui.painter_at(all);
    let most = map.success.iter().flatten().copied().fold(0.0, f64::max);
    let mut cells = Mesh::default();
    for (row, &ri) in map.success.iter().zip(&map.inclinations_deg) {
        for (&share, &ra) in row.iter().zip(&map.anteversions_deg) {
            let part = if most > 0.0 { share / most } else { 0.0 };
            let [r, g, b] = chance_colour(part);
            let cell = Rect::from_center_size(place(ri, ra), vec2(per_degree, per_degree));
            cells.add_colored_rect(cell, Color32::from_rgb(r, g, b));
        }
    }
    painter.add(Shape::mesh(cells));
    let ticks = |low: f64, high: f64| {
        let first = (low / TICK_DEG).ceil() as i32;
        (first..).map(|n| f64::from(n) * TICK_DEG).take_while(move |value| *value <= high)
    };
    let word = |painter: &Painter, at, align, text: String| {
        painter.text(at, align, text, FontId::proportional(11.0), style::WEAK);
    };
    for ri in ticks(low_i, high_i) {
        word(
            &painter,
            pos2(place(ri, low_a).x, plot.bottom() + 3.0),
            Align2::CENTER_TOP,
            format!("{ri:.0}\u{b0}"),
        );
    }
    for ra in ticks(low_a, high_a) {
        word(
            &painter,
            pos2(plot.left() - 4.0, place(low_i, ra).y),
            Align2::RIGHT_CENTER,
            format!("{ra:.0}\u{b0}"),
        );
    }
    word(
        &painter,
        pos2(plot.center().x, all.bottom()),
        Align2::CENTER_BOTTOM,
        "inclination (horizontal), anteversion (vertical)".into(),
    );
    let own = place(plan.cup.inclination_deg.degrees(), plan.cup.anteversion_deg.degrees());
    if plot.expand(6.0).contains(own) {
        painter.circle(own, 4.5, Color32::from_rgb(225, 95, 0), Stroke::new(1.5, Color32::BLACK));
    }
    let chance = |share: f64| format!("{:.0} %", 100.0 * share);
    let words = match map.best() {
        Some(([ri, ra], share)) => {
            let here = at(map, plan).map_or_else(|| "outside the map".into(), chance);
            format!(
                "here {here}; best {} at {ri:.0}\u{b0} / {ra:.0}\u{b0}; {} samples",
                chance(share),
                map.samples
            )
        }
        None => format!("no orientation meets all criteria in any of {} samples", map.samples),
    };
    ui.label(RichText::new(words).small().color(style::TEXT));
    response.on_hover_text(
        "Dark: highest chance on this map. Supine radiographic angles, with cup placement error.",
    );
}

fn ends(values: &[f64]) -> Option<[f64; 2]> {
    let (&first, &last) = (values.first()?, values.last()?);
    (first.is_finite() && last.is_finite() && last > first && last - first < 360.0).then_some([first, last])
}

/// Of the whole degrees next to the plan's.
fn at(map: &OrientationMap, plan: &Plan) -> Option<f64> {
    let near = |values: &[f64], wanted: f64| values.iter().position(|value| (value - wanted).abs() <= 0.5);
    let row = near(&map.inclinations_deg, plan.cup.inclination_deg.degrees())?;
    let column = near(&map.anteversions_deg, plan.cup.anteversion_deg.degrees())?;
    map.success.get(row)?.get(column).copied()
}
